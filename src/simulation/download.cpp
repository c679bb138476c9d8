#include "simulation/download.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <numeric>
#include <utility>
#include <vector>

#include "base/descriptor.hpp"
#include "base/digest.hpp"

namespace headwater::simulation {
namespace {

constexpr std::string_view kUserAgent = "Microsoft-Delivery-Optimization/10.1";
constexpr unsigned kAttempts = 3;

std::unexpected<Error> not_written(const std::filesystem::path& path, int number) {
    return fail("agent.download_write",
                "The file " + path.string() + " of a download could not be written or read.",
                "See that the cache folder may be written and the disk is not full.",
                {describe_errno(number)});
}

/// An errno, or 0.
int write_at(int descriptor, std::string_view data, std::uint64_t offset) {
    while (!data.empty()) {
        const ssize_t written =
            ::pwrite(descriptor, data.data(), data.size(), static_cast<off_t>(offset));
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errno;
        }
        data.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return 0;
}

/// The digests of the whole file, or an errno.
std::expected<FileHasher::Digests, int> digests_of(int descriptor) {
    FileHasher hasher;
    std::vector<std::uint8_t> buffer(std::size_t{1} << 18U);
    std::uint64_t offset = 0;
    while (true) {
        const ssize_t count =
            ::pread(descriptor, buffer.data(), buffer.size(), static_cast<off_t>(offset));
        if (count == 0) {
            return hasher.finish();
        }
        if (count < 0 && errno != EINTR) {
            return std::unexpected(errno);
        }
        if (count > 0) {
            hasher.update(ByteView(buffer).first(static_cast<std::size_t>(count)));
            offset += static_cast<std::uint64_t>(count);
        }
    }
}

Result<> verify(const UpdateFile& file, const FileHasher::Digests& digests) {
    const bool sha1 = digests.sha1 == file.sha1;
    if (sha1 && (!file.sha256 || digests.sha256 == *file.sha256)) {
        return {};
    }
    return fail("agent.digest",
                "The content of the file '" + file.name + "' (" + to_hex_upper(file.sha1.bytes) +
                    ") does not have the " + (sha1 ? "SHA-256" : "SHA-1") +
                    " digest that its update names.",
                "Have the server fetch the file anew.");
}

}  // namespace

Downloader::Downloader(Transport transport, std::filesystem::path folder, std::uint64_t seed)
    : transport_(std::move(transport)), folder_(std::move(folder)), random_(seed) {}

std::filesystem::path Downloader::path_of(const UpdateFile& file) const {
    return folder_ / to_hex_upper(file.sha1.bytes);
}

Result<std::uint64_t> Downloader::fetch(const UpdateFile& file, const std::string& url) {
    const std::filesystem::path path = path_of(file);
    std::error_code error;
    if (std::filesystem::file_size(path, error) == file.size && !error) {
        return 0;
    }
    std::filesystem::create_directories(folder_, error);
    if (error) {
        return not_written(folder_, error.value());
    }
    std::filesystem::path part = path;
    part += ".part";
    const Descriptor descriptor(::open(part.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (descriptor.get() < 0) {
        return not_written(part, errno);
    }
    Result<> done = fetch_ranges(file, url, descriptor.get());
    if (done) {
        const auto digests = digests_of(descriptor.get());
        done = digests ? verify(file, *digests) : not_written(part, digests.error());
    }
    if (!done) {
        std::filesystem::remove(part, error);
        return std::unexpected(std::move(done.error()));
    }
    std::filesystem::rename(part, path, error);
    if (error) {
        return not_written(path, error.value());
    }
    return file.size;
}

Result<> Downloader::fetch_ranges(const UpdateFile& file, const std::string& url, int descriptor) {
    std::vector<std::uint64_t> ranges(
        static_cast<std::size_t>((file.size + kRangeSize - 1) / kRangeSize));
    std::iota(ranges.begin(), ranges.end(), std::uint64_t{0});
    std::ranges::shuffle(ranges, random_);
    for (const std::uint64_t range : ranges) {
        const std::uint64_t first = range * kRangeSize;
        const std::uint64_t last = std::min(first + kRangeSize, file.size) - 1;
        auto body = fetch_range(url, first, last, file.size);
        if (!body) {
            return std::unexpected(std::move(body.error()));
        }
        if (const int number = write_at(descriptor, *body, first); number != 0) {
            return not_written(path_of(file), number);
        }
    }
    return {};
}

Result<std::string> Downloader::fetch_range(const std::string& url, std::uint64_t first,
                                            std::uint64_t last, std::uint64_t size) {
    const std::string range = std::to_string(first) + '-' + std::to_string(last);
    net::ClientRequest request;
    request.url = url;
    request.headers.add("Accept", "*/*");
    request.headers.add("Range", "bytes=" + range);
    request.headers.add("User-Agent", std::string(kUserAgent));
    request.max_body_bytes = last - first + 1;
    for (unsigned attempt = 1;; ++attempt) {
        ++figures_.requests;
        auto response = transport_(request);
        if (!response) {
            if (attempt < kAttempts) {
                continue;
            }
            return std::unexpected(std::move(response.error()));
        }
        figures_.bytes += response->body.size();
        if (response->status != 206) {
            return fail("agent.download_status",
                        "The server answered HTTP " + std::to_string(response->status) +
                            " to a range of " + url + ".",
                        response->status == 404 ? "The server does not hold the file yet: scan "
                                                  "again when it has fetched it."
                                                : "");
        }
        const std::string expected = "bytes " + range + '/' + std::to_string(size);
        if (response->headers.get("Content-Range").value_or("") != expected ||
            response->body.size() != last - first + 1) {
            return fail("agent.download_range",
                        "The server answered bytes " + range + " of " + url +
                            " with another range, length or file size.",
                        "Compare the file's size in the catalog with the one on the server.",
                        {"Content-Range: " +
                         std::string(response->headers.get("Content-Range").value_or("none"))});
        }
        return std::move(response->body);
    }
}

}  // namespace headwater::simulation
