#pragma once
// The shelves: where the files of updates lie, `<root>/<XX>/<SHA-1><extension>`, XX being the last
// two hex digits of the SHA-1. Only whole, verified files are ever there; parts lie in
// `<root>/.partial`. Owned by the composition; any thread. Names are built from digests and checked
// extensions alone.

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "net/http.hpp"

namespace headwater::content {

/// "AB/2F88…54AB.exe": the path of a file below /Content and below the root, always in upper case
/// but for the extension.
[[nodiscard]] std::string shelf_name(const Sha1& sha1, std::string_view extension);

inline constexpr std::string_view kPartialFolder = ".partial";

class Shelf {
public:
    explicit Shelf(std::filesystem::path root);

    /// Makes the folders. Errors: "content.folder" with what the system says and how to mend it.
    [[nodiscard]] Result<> prepare() const;

    /// The open file, kept open for the ranges that follow; null where it is not on the shelf.
    [[nodiscard]] std::shared_ptr<const net::File> open(const Sha1& sha1,
                                                        std::string_view extension) const;
    /// The file if an earlier open() still holds it and it still lies on its shelf unchanged; null
    /// otherwise. Waits for no disk.
    [[nodiscard]] std::shared_ptr<const net::File> already_open(const Sha1& sha1) const;
    [[nodiscard]] bool holds(const Sha1& sha1, std::string_view extension,
                             std::uint64_t size) const;

    [[nodiscard]] std::filesystem::path path_of(const Sha1& sha1, std::string_view extension) const;
    /// Where the transfer of a file keeps its part.
    [[nodiscard]] std::filesystem::path partial_path(const Sha1& sha1) const;
    /// Moves a complete, verified part to its shelf, durably. Errors: "content.disk_full",
    /// "content.io".
    [[nodiscard]] Result<> shelve(const Sha1& sha1, std::string_view extension) const;
    /// Writes a whole file at once, verified against its digest. Errors as shelve, and
    /// "content.digest".
    [[nodiscard]] Result<> put(const Sha1& sha1, std::string_view extension, ByteView data) const;

    [[nodiscard]] std::filesystem::path root() const;
    /// From now on the shelves are there. Files that are being sent are sent to their end.
    void switch_to(std::filesystem::path root);
    /// False where there was none. Errors: as shelve.
    [[nodiscard]] Result<bool> remove(const Sha1& sha1, std::string_view extension) const;
    /// Bytes that the file system has left for us; nothing if it cannot be asked.
    [[nodiscard]] std::optional<std::uint64_t> free_space() const;

private:
    static constexpr std::size_t kOpenFiles = 256;
    using Recent = std::list<std::pair<Sha1, std::shared_ptr<const net::File>>>;

    std::filesystem::path root_;
    mutable std::mutex mutex_;
    mutable Recent recent_;  // the latest first
    mutable std::unordered_map<Sha1, Recent::iterator> by_digest_;
};

/// An Error for a failed system call on a path: "content.disk_full" for ENOSPC and EDQUOT, else
/// "content.io".
[[nodiscard]] Error file_error(const std::string& what, const std::filesystem::path& path,
                               int number);

}  // namespace headwater::content
