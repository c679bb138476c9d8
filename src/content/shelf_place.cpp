// Where the shelves are, and what a folder and a bucket do in their own ways.

#include <sys/stat.h>

#include <cerrno>

#include "content/bucket_shelf.hpp"
#include "content/shelf.hpp"

namespace headwater::content {

namespace fs = std::filesystem;

Shelf::Place Shelf::make_place(const fs::path& text, const BucketAccess* access) {
    const auto place = parse_bucket_place(text.native());
    if (access == nullptr || !place) {
        return {.text = text, .root = text, .bucket = {}};
    }
    return {.text = place->text(),
            .root = access->folder,
            .bucket = std::make_shared<BucketShelf>(
                Bucket(access->client, access->account, *place, access->sizes), access->folder,
                access->most_bytes)};
}

Result<> Shelf::check_place(const fs::path& place, bool has_access) {
    if (!is_bucket_place(place.native())) {
        return {};
    }
    if (auto parsed = parse_bucket_place(place.native()); !parsed) {
        return std::unexpected(parsed.error());
    }
    if (!has_access) {
        return fail("content.no_bucket_access",
                    "Nothing says how to reach the bucket " + place.string() + ".",
                    "Set `endpoint`, `region`, `access_key` and `secret_file` under [s3] in "
                    "headwater.toml, and restart.");
    }
    return {};
}

Result<std::shared_ptr<Shelf>> Shelf::elsewhere(const fs::path& place) const {
    if (auto checked = check_place(place, access_ != nullptr); !checked) {
        return std::unexpected(checked.error());
    }
    return std::make_shared<Shelf>(place, access_);
}

std::shared_ptr<BucketShelf> Shelf::bucket() const {
    const std::scoped_lock lock(mutex_);
    return place_.bucket;
}

bool Shelf::in_bucket() const {
    return bucket() != nullptr;
}

Result<> Shelf::connect() const {
    const auto in = bucket();
    return in ? in->connect() : Result<>{};
}

bool Shelf::is_connected() const {
    const auto in = bucket();
    return !in || in->is_connected();
}

void Shelf::stop() const {
    if (const auto in = bucket()) {
        in->stop();
    }
}

Result<> Shelf::probe() const {
    const auto in = bucket();
    return in ? in->bucket().probe() : Result<>{};
}

std::optional<std::chrono::seconds> Shelf::bring(const Sha1& sha1, std::string_view extension,
                                                 bool waits) const {
    const auto in = bucket();
    return in ? in->bring(sha1, extension, waits) : std::nullopt;
}

Result<std::optional<Shelf::Look>> Shelf::look(const Sha1& sha1, std::string_view extension) const {
    if (const auto in = bucket()) {
        const auto held = in->held(sha1, extension);
        return held ? std::optional(Look{true, held->size, held->modified}) : std::nullopt;
    }
    const fs::path path = path_of(sha1, extension);
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) {
        return errno == ENOENT || errno == ENOTDIR
                   ? Result<std::optional<Look>>()
                   : std::unexpected(file_error("look at", path, errno));
    }
    return Look{S_ISREG(status.st_mode), static_cast<std::uint64_t>(status.st_size),
                Time{std::chrono::seconds{status.st_mtim.tv_sec}}};
}

Result<std::vector<ShelfEntry>> Shelf::list() const {
    const auto in = bucket();
    return in ? in->list() : list_shelves(root());
}

Result<FileHasher::Digests> Shelf::read(const Sha1& sha1, std::string_view extension,
                                        const GoOn& go_on) const {
    const auto in = bucket();
    return in ? in->read(sha1, extension, {}, go_on)
              : read_digests(path_of(sha1, extension), go_on);
}

Result<FileHasher::Digests> Shelf::copy(const Sha1& sha1, std::string_view extension,
                                        const fs::path& to, const GoOn& go_on) const {
    const auto in = bucket();
    return in ? in->read(sha1, extension, to, go_on)
              : copy_digested(path_of(sha1, extension), to, go_on);
}

bool Shelf::check_copy(const Sha1& sha1, std::string_view extension, const GoOn& go_on) const {
    const auto in = bucket();
    return !in || in->check_copy(sha1, extension, go_on);
}

fs::path Shelf::root() const {
    const std::scoped_lock lock(mutex_);
    return place_.root;
}

fs::path Shelf::place() const {
    const std::scoped_lock lock(mutex_);
    return place_.text;
}

void Shelf::switch_to(const fs::path& folder) {
    switch_to(Place{.text = folder, .root = folder, .bucket = {}});
}

void Shelf::switch_to(const Shelf& other) {
    Place place;
    {
        const std::scoped_lock lock(other.mutex_);
        place = other.place_;
    }
    switch_to(std::move(place));
}

/// The former bucket's threads end outside of the lock.
void Shelf::switch_to(Place place) {
    const std::scoped_lock lock(mutex_);
    std::swap(place_, place);
    by_digest_.clear();
    recent_.clear();
}

}  // namespace headwater::content
