#include "content/reading.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "content/descriptor.hpp"
#include "content/shelf.hpp"

namespace headwater::content {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20U;

using Take = std::function<Result<>(ByteView)>;

Result<FileHasher::Digests> read_through(const std::filesystem::path& path, const GoOn& go_on,
                                         const Take& take) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.get() < 0) {
        return std::unexpected(file_error("read", path, errno));
    }
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    Bytes block(kBlock);
    FileHasher hasher;
    for (;;) {
        const ssize_t count = ::read(file.get(), block.data(), block.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return std::unexpected(file_error("read", path, errno));
        }
        if (count == 0) {
            return hasher.finish();
        }
        const ByteView data(block.data(), static_cast<std::size_t>(count));
        hasher.update(data);
        if (auto taken = take(data); !taken) {
            return std::unexpected(taken.error());
        }
        if (!go_on(data.size())) {
            return fail("content.cancelled", "The reading of " + path.string() + " was ended.");
        }
    }
}

}  // namespace

Result<FileHasher::Digests> read_digests(const std::filesystem::path& file, const GoOn& go_on) {
    return read_through(file, go_on, [](ByteView) -> Result<> { return {}; });
}

Result<FileHasher::Digests> copy_digested(const std::filesystem::path& from,
                                          const std::filesystem::path& to, const GoOn& go_on) {
    const Descriptor copy(
        ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (copy.get() < 0) {
        return std::unexpected(file_error("make", to, errno));
    }
    auto digests =
        read_through(from, go_on, [&](ByteView data) { return write_all(copy.get(), data, to); });
    if (digests && ::fsync(copy.get()) != 0) {
        return std::unexpected(file_error("write to disk", to, errno));
    }
    return digests;
}

}  // namespace headwater::content
