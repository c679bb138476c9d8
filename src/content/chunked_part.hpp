#pragma once
// Private to content/: the part of a large file that is here, in chunks that come in any order.
//
// Beside the part lies `<part>.ranges`, which says how far each chunk has come:
//   "headwater-ranges 1 <size> <chunk>\n" <tag> "\n", blanks up to byte 1024,
//   then for each chunk its bytes that are here, 32 bits little-endian.
// It is written after the bytes it speaks of: after a crash it promises too little, and what it
// says of bytes that the part is too short for is not believed. After a loss of power the digests
// decide.
//
// Chunks are taken and written by several threads, each chunk by one at a time.

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"

namespace headwater::content {

class ChunkedPart {
public:
    struct Chunk {
        std::size_t number = 0;
        std::uint64_t from = 0;   ///< the first byte that is missing
        std::uint64_t until = 0;  ///< behind its last one
    };

    /// @param chunk  bytes; the last one may be shorter
    ChunkedPart(std::filesystem::path path, std::uint64_t size, std::uint64_t chunk);
    ~ChunkedPart();
    ChunkedPart(const ChunkedPart&) = delete;
    ChunkedPart& operator=(const ChunkedPart&) = delete;

    /// Opens it, and reads how far an earlier attempt came. Errors: as file_error.
    [[nodiscard]] Result<> open();
    /// The tag that all of it has; empty until it is set.
    [[nodiscard]] std::string tag() const;
    /// False for a tag that is too long to be kept.
    [[nodiscard]] bool set_tag(const std::string& tag);

    /// The next one that nobody has taken; nothing once all are.
    [[nodiscard]] std::optional<Chunk> take();
    /// Appends to what is here of a chunk.
    [[nodiscard]] Result<> write(Chunk& chunk, ByteView data);

    /// Reads what is whole from the front on, if nobody else does, so that little is left to read
    /// once the last chunk is here.
    [[nodiscard]] Result<> digest_what_is_whole();
    /// Both digests; once all chunks are whole.
    [[nodiscard]] Result<FileHasher::Digests> finish();

    void throw_away();
    /// The part stays, and is a whole file.
    void close();
    void forget_progress() const;

private:
    static constexpr std::size_t kHeader = 1024;

    [[nodiscard]] bool read_progress();
    [[nodiscard]] bool is_possible() const;
    [[nodiscard]] Result<> start_anew();
    [[nodiscard]] std::string header() const;
    [[nodiscard]] std::uint64_t length_of(std::size_t number) const;
    [[nodiscard]] Result<> digest_front();

    std::filesystem::path path_;
    std::filesystem::path progress_path_;
    std::uint64_t size_;
    std::uint64_t chunk_;
    int descriptor_ = -1;
    int progress_ = -1;

    mutable std::mutex mutex_;
    std::string tag_;
    std::vector<std::uint32_t> here_;  // bytes of each chunk
    std::size_t next_ = 0;

    std::mutex digesting_;
    FileHasher hasher_;
    std::size_t digested_ = 0;  // chunks
};

}  // namespace headwater::content
