#include "content/download.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>

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

struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t size = 0;
};

/// "bytes 5-9/10".
std::optional<ContentRange> parse_content_range(std::string_view text) {
    if (!text.starts_with("bytes ")) {
        return std::nullopt;
    }
    text.remove_prefix(6);
    const std::size_t dash = text.find('-');
    const std::size_t slash = text.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) {
        return std::nullopt;
    }
    ContentRange range;
    const auto read = [](std::string_view digits, std::uint64_t& value) {
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return error == std::errc{} && end == digits.data() + digits.size() && !digits.empty();
    };
    if (!read(text.substr(0, dash), range.first) || !read(text.substr(slash + 1), range.size)) {
        return std::nullopt;
    }
    return range;
}

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
        request.max_body_bytes = file_.size + 1;
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
            if (answer.error().code == "net.too_large") {
                return finish_failed(
                    wrong_length("more than its " + std::to_string(file_.size) + " bytes"));
            }
            return std::unexpected(answer.error());
        }
        if (part_.size() != file_.size) {
            return finish_failed(wrong_length(std::to_string(part_.size()) + " bytes instead of " +
                                              std::to_string(file_.size)));
        }
        return {};
    }

    bool begin(unsigned status, const net::Headers& headers) {
        if (status == 206 && part_.size() > 0) {
            const auto range = parse_content_range(headers.get("Content-Range").value_or(""));
            if (!range || range->first != part_.size() || range->size != file_.size) {
                failure_ = wrong_length("a range that does not continue what is here");
                return false;
            }
            return true;
        }
        if (status != 200) {
            failure_ = wrong_status(status, headers);
            return false;
        }
        if (const auto length = headers.get("Content-Length");
            length && *length != std::to_string(file_.size)) {
            failure_ = wrong_length(std::string(*length) + " bytes announced instead of " +
                                    std::to_string(file_.size));
            return false;
        }
        if (auto restarted = part_.restart(); !restarted) {
            failure_ = restarted.error();
            return false;
        }
        const auto tag = headers.get("ETag");
        // A weak tag is no promise about bytes (RFC 9110 section 8.8.1).
        part_.set_tag(tag && !tag->starts_with("W/") ? *tag : std::string_view{});
        return true;
    }

    bool take(ByteView data) {
        if (part_.size() + data.size() > file_.size) {
            failure_ = wrong_length("more than its " + std::to_string(file_.size) + " bytes");
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
            return fail(
                "content.digest",
                "The file " + file_.name + " from " + source_.url + " has the wrong " +
                    (digests.sha1 != file_.sha1 ? "SHA-1" : "SHA-256") + " digest.",
                "What came was thrown away and is fetched again; if it stays so, a proxy or the "
                "upstream changes files.",
                {"expected SHA-1 " + to_hex_lower(file_.sha1.bytes),
                 "got SHA-1 " + to_hex_lower(digests.sha1.bytes)});
        }
        part_.close();
        auto shelved = shelf_.shelve(file_.sha1, file_.extension);
        if (shelved) {
            part_.forget_tag();
        }
        return shelved;
    }

    Result<> finish_failed(Error error) {
        if (error.code == "content.length") {
            part_.throw_away();
        }
        return std::unexpected(std::move(error));
    }

    [[nodiscard]] Error wrong_length(const std::string& what) const {
        return {"content.length",
                "The file " + file_.name + " from " + source_.url + " came with " + what + ".",
                "What came was thrown away and is fetched again.",
                {}};
    }

    [[nodiscard]] Error wrong_status(unsigned status, const net::Headers& headers) const {
        const std::string phrase =
            std::to_string(status) + " " + std::string(net::reason_phrase(status));
        if (status == 404 || status == 410) {
            return {"content.not_found",
                    "The upstream does not have the file " + file_.name + " (" + source_.url + ").",
                    "It may still be downloading it; the file is tried again after the next "
                    "synchronization.",
                    {"HTTP " + phrase}};
        }
        if (status >= 300 && status < 400) {
            return {"content.redirect",
                    "The upstream redirects the file " + file_.name +
                        " to another address, which is not "
                        "followed.",
                    "Check what stands between this server and " + source_.url + ".",
                    {"HTTP " + phrase,
                     "Location: " + std::string(headers.get("Location").value_or(""))}};
        }
        return {"content.status",
                "The upstream answered " + phrase + " for the file " + file_.name + ".",
                "See the upstream's log; the file is tried again.",
                {source_.url}};
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
                  const DownloadSource& source, const Progress& progress) {
    return Attempt(file, source, shelf, progress).run(client);
}

}  // namespace headwater::content
