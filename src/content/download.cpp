#include "content/download.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <limits>
#include <optional>

#include "content/ranged_download.hpp"
#include "content/transfer_errors.hpp"

namespace headwater::content {
namespace {

/// The part of a file that is here, its digests as far as it goes, and the tag under which the
/// server gave it.
class Part {
public:
    Part(std::filesystem::path path, std::uint64_t full_size)
        : path_(std::move(path)), tag_path_(path_.string() + ".etag"), full_size_(full_size) {}
    ~Part() { close(); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    /// Opens it, and reads what an earlier attempt left.
    Result<> open() {
        descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (descriptor_ < 0) {
            return std::unexpected(file_error("open", path_, errno));
        }
        std::ifstream tag_file(tag_path_);
        std::getline(tag_file, tag_);
        if (tag_.empty()) {
            return restart();
        }
        return hash_what_is_here();
    }

    Result<> restart() {
        hasher_ = FileHasher();
        size_ = 0;
        if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0) {
            return std::unexpected(file_error("empty", path_, errno));
        }
        return {};
    }

    void set_tag(std::string_view tag) {
        tag_ = tag;
        if (tag_.empty()) {
            ::unlink(tag_path_.c_str());
            return;
        }
        std::ofstream(tag_path_, std::ios::trunc) << tag_;
    }

    Result<> append(ByteView data) {
        hasher_.update(data);
        size_ += data.size();
        while (!data.empty()) {
            const ssize_t written = ::write(descriptor_, data.data(), data.size());
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written < 0) {
                return std::unexpected(file_error("write", path_, errno));
            }
            data = data.subspan(static_cast<std::size_t>(written));
        }
        return {};
    }

    void throw_away() {
        close();
        ::unlink(path_.c_str());
        ::unlink(tag_path_.c_str());
    }

    void forget_tag() { ::unlink(tag_path_.c_str()); }
    void close() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
            descriptor_ = -1;
        }
    }

    [[nodiscard]] FileHasher::Digests finish() { return hasher_.finish(); }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const std::string& tag() const { return tag_; }

private:
    Result<> hash_what_is_here() {
        std::array<std::uint8_t, 256 * 1024> buffer{};
        for (;;) {
            const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got < 0) {
                return std::unexpected(file_error("read", path_, errno));
            }
            if (got == 0) {
                return {};
            }
            size_ += static_cast<std::uint64_t>(got);
            if (size_ > full_size_) {
                return restart();
            }
            hasher_.update(ByteView(buffer).first(static_cast<std::size_t>(got)));
        }
    }

    std::filesystem::path path_;
    std::filesystem::path tag_path_;
    std::uint64_t full_size_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
    std::string tag_;
    FileHasher hasher_;
};

/// One attempt: decides by the head of the answer where the body goes, and counts it.
class Attempt {
public:
    Attempt(const store::FileRecord& file, const DownloadSource& source, const Shelf& shelf,
            const Progress& progress)
        : file_(file),
          source_(source),
          shelf_(shelf),
          progress_(progress),
          part_(shelf.partial_path(file.sha1), file.size) {}

    Result<> run(net::Client& client) {
        if (auto opened = part_.open(); !opened) {
            return opened;
        }
        if (part_.size() < file_.size || file_.size == 0) {
            if (auto transferred = transfer(client); !transferred) {
                return transferred;
            }
        }
        return verify();
    }

private:
    Result<> transfer(net::Client& client) {
        net::ClientRequest request;
        request.url = source_.url;
        request.proxy = source_.proxy;
        request.cancel = source_.cancel;
        request.stall_timeout = source_.stall_timeout;
        request.rate_limit = source_.rate_limit;
        // take() counts: the page of an error may be longer than the file.
        request.max_body_bytes = std::numeric_limits<std::uint64_t>::max();
        if (part_.size() > 0) {
            request.headers.add("Range", "bytes=" + std::to_string(part_.size()) + "-");
            request.headers.add("If-Range", part_.tag());
        }
        const auto answer = client.stream(
            request,
            [this](unsigned status, const net::Headers& headers) { return begin(status, headers); },
            [this](ByteView data) { return take(data); });
        if (failure_) {
            return finish_failed(std::move(*failure_));
        }
        if (!answer) {
            return std::unexpected(answer.error());
        }
        if (part_.size() != file_.size) {
            return finish_failed(wrong(std::to_string(part_.size()) + " bytes instead of " +
                                       std::to_string(file_.size)));
        }
        return {};
    }

    bool begin(unsigned status, const net::Headers& headers) {
        if (status == 206 && part_.size() > 0) {
            const auto range = parse_content_range(headers.get("Content-Range").value_or(""));
            if (!range || range->first != part_.size() || range->size != file_.size) {
                failure_ = wrong("a range that does not continue what is here");
                return false;
            }
            if (const auto tag = headers.get("ETag"); tag && *tag != part_.tag()) {
                failure_ = changed_between(file_, source_.url);
                return false;
            }
            return true;
        }
        if (status == 416 && part_.size() > 0) {
            failure_ = changed_between(file_, source_.url);
            return false;
        }
        if (status != 200) {
            failure_ = wrong_status(file_, source_.url, status, headers);
            return false;
        }
        if (const auto length = headers.get("Content-Length");
            length && *length != std::to_string(file_.size)) {
            failure_ = wrong(std::string(*length) + " bytes announced instead of " +
                             std::to_string(file_.size));
            return false;
        }
        if (auto restarted = part_.restart(); !restarted) {
            failure_ = restarted.error();
            return false;
        }
        part_.set_tag(strong_tag(headers));
        return true;
    }

    bool take(ByteView data) {
        if (part_.size() + data.size() > file_.size) {
            failure_ = longer();
            return false;
        }
        if (auto appended = part_.append(data); !appended) {
            failure_ = appended.error();
            return false;
        }
        progress_(data.size());
        return true;
    }

    Result<> verify() {
        const FileHasher::Digests digests = part_.finish();
        if (digests.sha1 != file_.sha1 || (file_.sha256 && digests.sha256 != *file_.sha256)) {
            part_.throw_away();
            return std::unexpected(wrong_digest(file_, source_.url, digests.sha1));
        }
        part_.close();
        auto shelved = shelf_.shelve(file_.sha1, file_.extension);
        if (shelved) {
            part_.forget_tag();
        }
        return shelved;
    }

    Result<> finish_failed(Error error) {
        if (spoils_the_part(error)) {
            part_.throw_away();
        }
        return std::unexpected(std::move(error));
    }

    [[nodiscard]] Error wrong(const std::string& what) const {
        return wrong_length(file_, source_.url, what);
    }
    [[nodiscard]] Error longer() const {
        return wrong("more than its " + std::to_string(file_.size) + " bytes");
    }

    const store::FileRecord& file_;
    const DownloadSource& source_;
    const Shelf& shelf_;
    const Progress& progress_;
    Part part_;
    std::optional<Error> failure_;
};

}  // namespace

Result<> download(net::Client& client, const Shelf& shelf, const store::FileRecord& file,
                  const DownloadSource& source, const Progress& progress,
                  const RangesOptions& ranges) {
    const std::filesystem::path part = shelf.partial_path(file.sha1);
    std::error_code error;
    const bool goes_on = std::filesystem::exists(part.string() + ".etag", error);
    if (file.size >= ranges.threshold && ranges.connections > 1 && !goes_on) {
        auto done = download_ranged(client, shelf, file, source, progress, ranges);
        if (done || done.error().code != "content.no_ranges") {
            return done;
        }
    }
    return Attempt(file, source, shelf, progress).run(client);
}

}  // namespace headwater::content
