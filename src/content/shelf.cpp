#include "content/shelf.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "content/bucket_shelf.hpp"
#include "content/descriptor.hpp"

namespace headwater::content {
namespace {

/// False once the file was removed, replaced by another or cut behind our back.
bool is_on_disk(const net::File& file) {
    struct stat status{};
    return ::fstat(file.descriptor(), &status) == 0 && status.st_nlink > 0 &&
           static_cast<std::uint64_t>(status.st_size) == file.size();
}

}  // namespace

Result<> sync_path(const std::filesystem::path& path, int flags) {
    const Descriptor opened(::open(path.c_str(), flags | O_CLOEXEC));
    if (opened.get() < 0 || ::fsync(opened.get()) != 0) {
        return std::unexpected(file_error("write to disk", path, errno));
    }
    return {};
}

Result<> write_all(int descriptor, ByteView data, const std::filesystem::path& path) {
    while (!data.empty()) {
        const ssize_t written = ::write(descriptor, data.data(), data.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return std::unexpected(file_error("write", path, errno));
        }
        data = data.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Error file_error(const std::string& what, const std::filesystem::path& path, int number) {
    const bool full = number == ENOSPC || number == EDQUOT;
    Error error;
    error.code = full ? "content.disk_full" : "content.io";
    error.sentence = full ? "There is no space left for " + path.string() + "."
                          : "Could not " + what + " " + path.string() + ".";
    error.remedy =
        full
            ? "Free space on the file system of the content folder; the transfer goes on by itself."
            : "Check that the folder exists and that the service's user may write there.";
    error.causes = {describe_errno(number)};
    return error;
}

std::string shelf_name(const Sha1& sha1, std::string_view extension) {
    const std::string digits = to_hex_upper(sha1.bytes);
    return digits.substr(digits.size() - 2) + "/" + digits + std::string(extension);
}

Shelf::Shelf(const std::filesystem::path& place, std::shared_ptr<const BucketAccess> access)
    : access_(std::move(access)), place_(make_place(place, access_.get())) {}

Result<> Shelf::prepare() const {
    std::error_code error;
    std::filesystem::create_directories(root() / kPartialFolder, error);
    if (error) {
        return fail("content.folder",
                    "The content folder " + root().string() + " cannot be made or used.",
                    "Make it, and give it to the service's user.", {error.message()});
    }
    return {};
}

std::shared_ptr<const net::File> Shelf::already_open(const Sha1& sha1) const {
    const std::scoped_lock lock(mutex_);
    const auto at = by_digest_.find(sha1);
    if (at == by_digest_.end()) {
        return nullptr;
    }
    if (!is_on_disk(*at->second->second)) {
        recent_.erase(at->second);
        by_digest_.erase(at);
        return nullptr;
    }
    recent_.splice(recent_.begin(), recent_, at->second);
    if (place_.bucket) {
        place_.bucket->used(sha1);
    }
    return at->second->second;
}

std::shared_ptr<const net::File> Shelf::open(const Sha1& sha1, std::string_view extension) const {
    if (auto file = already_open(sha1)) {
        return file;
    }
    const int descriptor =
        ::open(path_of(sha1, extension).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat status{};
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        const Descriptor closing(descriptor);
        return nullptr;
    }
    auto file =
        std::make_shared<const net::File>(descriptor, static_cast<std::uint64_t>(status.st_size));
    const std::scoped_lock lock(mutex_);
    if (place_.bucket) {
        place_.bucket->used(sha1);
    }
    if (!by_digest_.contains(sha1)) {
        recent_.emplace_front(sha1, file);
        by_digest_[sha1] = recent_.begin();
        if (recent_.size() > kOpenFiles) {
            by_digest_.erase(recent_.back().first);
            recent_.pop_back();
        }
    }
    return file;
}

bool Shelf::holds(const Sha1& sha1, std::string_view extension, std::uint64_t size) const {
    if (const auto in = bucket()) {
        const auto held = in->held(sha1, extension);
        return held && held->size == size;
    }
    struct stat status{};
    return ::stat(path_of(sha1, extension).c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           static_cast<std::uint64_t>(status.st_size) == size;
}

std::filesystem::path Shelf::partial_path(const Sha1& sha1) const {
    return root() / kPartialFolder / to_hex_upper(sha1.bytes);
}

Result<> Shelf::shelve(const Sha1& sha1, std::string_view extension) const {
    const std::filesystem::path from = partial_path(sha1);
    const std::filesystem::path to = path_of(sha1, extension);
    std::error_code error;
    std::filesystem::create_directories(to.parent_path(), error);
    if (error) {
        return std::unexpected(file_error("make the folder of", to, error.value()));
    }
    if (auto synced = sync_path(from, O_RDONLY); !synced) {
        return synced;
    }
    ::chmod(from.c_str(), 0644);
    const auto in = bucket();
    if (in) {
        if (const auto put = in->put(sha1, extension, from); !put) {
            return std::unexpected(put.error());
        }
    }
    const std::uintmax_t size = std::filesystem::file_size(from, error);
    if (::rename(from.c_str(), to.c_str()) != 0) {
        return std::unexpected(file_error("shelve", to, errno));
    }
    if (in) {
        in->came(sha1, extension, error ? 0 : size);
    }
    return sync_path(to.parent_path(), O_RDONLY | O_DIRECTORY);
}

Result<> Shelf::put(const Sha1& sha1, std::string_view extension, ByteView data) const {
    if (Sha1::of(data) != sha1) {
        return fail("content.digest", "The data given for " + shelf_name(sha1, extension) +
                                          " has another SHA-1 digest.");
    }
    const std::filesystem::path path = partial_path(sha1);
    {
        const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        if (file.get() < 0) {
            return std::unexpected(file_error("make", path, errno));
        }
        if (auto written = write_all(file.get(), data, path); !written) {
            return written;
        }
    }
    return shelve(sha1, extension);
}

Result<bool> Shelf::remove(const Sha1& sha1, std::string_view extension) const {
    if (const auto in = bucket()) {
        return in->remove(sha1, extension);
    }
    const std::filesystem::path path = path_of(sha1, extension);
    if (::unlink(path.c_str()) != 0) {
        return errno == ENOENT ? Result<bool>(false)
                               : std::unexpected(file_error("remove", path, errno));
    }
    return true;
}

std::optional<std::uint64_t> Shelf::free_space() const {
    std::error_code error;
    const auto space = std::filesystem::space(root(), error);
    return error ? std::nullopt : std::optional<std::uint64_t>(space.available);
}

std::filesystem::path Shelf::path_of(const Sha1& sha1, std::string_view extension) const {
    return root() / shelf_name(sha1, extension);
}

}  // namespace headwater::content
