#pragma once
// The shelves: where the files of updates lie, `<root>/<XX>/<SHA-1><extension>`, XX being the last
// two hex digits of the SHA-1. Only whole, verified files are ever there; parts lie in
// `<root>/.partial`. Their place is a folder, the root; or a bucket, and the root then holds the
// parts and those files that were asked for last. Owned by the composition; any thread. Names are
// built from digests and checked extensions alone.

#include <chrono>
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
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "content/bucket.hpp"
#include "content/reading.hpp"
#include "net/http.hpp"

namespace headwater::content {

/// "AB/2F88…54AB.exe": the path of a file below /Content and below the root, always in upper case
/// but for the extension.
[[nodiscard]] std::string shelf_name(const Sha1& sha1, std::string_view extension);

inline constexpr std::string_view kPartialFolder = ".partial";

class BucketShelf;
struct ShelfEntry;

/// How this server uses buckets.
struct BucketAccess {
    net::Client& client;  ///< outlives the shelves
    BucketAccount account;
    std::filesystem::path folder;  ///< the root of shelves in a bucket
    std::uint64_t most_bytes = 0;  ///< of whole files there; the largest may go beyond
    Bucket::Sizes sizes = {};
};

class Shelf {
public:
    /// @param place  a folder; or "s3://…", after check_place()
    explicit Shelf(const std::filesystem::path& place,
                   std::shared_ptr<const BucketAccess> access = {});
    /// Shelves at another place, with the same access. Errors: as check_place.
    [[nodiscard]] Result<std::shared_ptr<Shelf>> elsewhere(
        const std::filesystem::path& place) const;
    /// Errors: "content.folder" where it names no place, "content.no_bucket_access".
    [[nodiscard]] static Result<> check_place(const std::filesystem::path& place, bool has_access);

    /// Makes the folders. Errors: "content.folder" with what the system says and how to mend it.
    [[nodiscard]] Result<> prepare() const;
    /// Learns what is in the bucket, if it is not known yet. Errors: those of a bucket.
    [[nodiscard]] Result<> connect() const;
    /// False until connect() has succeeded: nothing is held so far, and nothing is missing.
    [[nodiscard]] bool is_connected() const;
    [[nodiscard]] bool in_bucket() const;
    /// The program ends: what is under way to and from a bucket is ended.
    void stop() const;
    /// Whether the bucket can be used: a small object is put, read and removed. Errors: as connect.
    [[nodiscard]] Result<> probe() const;

    /// The open file, kept open for the ranges that follow; null where it is not in the root.
    [[nodiscard]] std::shared_ptr<const net::File> open(const Sha1& sha1,
                                                        std::string_view extension) const;
    /// The file if an earlier open() still holds it and it still lies on its shelf unchanged; null
    /// otherwise. Waits for no disk.
    [[nodiscard]] std::shared_ptr<const net::File> already_open(const Sha1& sha1) const;
    [[nodiscard]] bool holds(const Sha1& sha1, std::string_view extension,
                             std::uint64_t size) const;
    /// Has a file brought from the bucket; open() gives it when this returns nothing, and else in
    /// about so many seconds.
    /// @param waits  a moment, if the file is small
    [[nodiscard]] std::optional<std::chrono::seconds> bring(const Sha1& sha1,
                                                            std::string_view extension,
                                                            bool waits) const;

    struct Look {
        bool is_file = true;
        std::uint64_t size = 0;
        Time modified;
    };
    /// What is at a file's place; nothing for nothing. Of a bucket, what was there when it was
    /// listed. Errors: as shelve.
    [[nodiscard]] Result<std::optional<Look>> look(const Sha1& sha1,
                                                   std::string_view extension) const;
    /// Everything that is here. Errors: "content.io", those of a bucket.
    [[nodiscard]] Result<std::vector<ShelfEntry>> list() const;
    /// Errors: those of reading a file, and of a bucket.
    [[nodiscard]] Result<FileHasher::Digests> read(const Sha1& sha1, std::string_view extension,
                                                   const GoOn& go_on) const;
    [[nodiscard]] Result<FileHasher::Digests> copy(const Sha1& sha1, std::string_view extension,
                                                   const std::filesystem::path& to,
                                                   const GoOn& go_on) const;
    /// Of a file in a bucket: false where a copy was in the root and was not right; it is gone now.
    [[nodiscard]] bool check_copy(const Sha1& sha1, std::string_view extension,
                                  const GoOn& go_on) const;

    /// In the root.
    [[nodiscard]] std::filesystem::path path_of(const Sha1& sha1, std::string_view extension) const;
    /// Where the transfer of a file keeps its part.
    [[nodiscard]] std::filesystem::path partial_path(const Sha1& sha1) const;
    /// Moves a complete, verified part to its shelf, durably. Errors: "content.disk_full",
    /// "content.io", those of a bucket.
    [[nodiscard]] Result<> shelve(const Sha1& sha1, std::string_view extension) const;
    /// Writes a whole file at once, verified against its digest. Errors as shelve, and
    /// "content.digest".
    [[nodiscard]] Result<> put(const Sha1& sha1, std::string_view extension, ByteView data) const;

    [[nodiscard]] std::filesystem::path root() const;
    [[nodiscard]] std::filesystem::path place() const;
    /// From now on the shelves are there. Files that are being sent are sent to their end.
    void switch_to(const std::filesystem::path& folder);
    void switch_to(const Shelf& other);
    /// False where there was none. Errors: as shelve.
    [[nodiscard]] Result<bool> remove(const Sha1& sha1, std::string_view extension) const;
    /// Bytes that the file system has left for us; nothing if it cannot be asked.
    [[nodiscard]] std::optional<std::uint64_t> free_space() const;

private:
    static constexpr std::size_t kOpenFiles = 256;
    using Recent = std::list<std::pair<Sha1, std::shared_ptr<const net::File>>>;

    struct Place {
        std::filesystem::path text;
        std::filesystem::path root;
        std::shared_ptr<BucketShelf> bucket;  ///< null for a folder
    };
    [[nodiscard]] static Place make_place(const std::filesystem::path& text,
                                          const BucketAccess* access);
    [[nodiscard]] std::shared_ptr<BucketShelf> bucket() const;
    void switch_to(Place place);

    const std::shared_ptr<const BucketAccess> access_;
    mutable std::mutex mutex_;
    Place place_;
    mutable Recent recent_;  // the latest first
    mutable std::unordered_map<Sha1, Recent::iterator> by_digest_;
};

/// An Error for a failed system call on a path: "content.disk_full" for ENOSPC and EDQUOT, else
/// "content.io".
[[nodiscard]] Error file_error(const std::string& what, const std::filesystem::path& path,
                               int number);

}  // namespace headwater::content
