#include "content/serving.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "base/utf.hpp"
#include "content/ranges.hpp"

namespace headwater::content {
namespace {

constexpr std::size_t kDigits = 40;  // of a SHA-1
constexpr std::string_view kPrefix = "/content/";

/// What is sent.
struct Sent {
    Sha1 sha1;
    std::shared_ptr<const net::File> file;
    std::uint64_t size = 0;
    Time modified;
};

Sent sent_file(const Sha1& sha1, std::shared_ptr<const net::File> file) {
    struct stat status{};
    ::fstat(file->descriptor(), &status);
    const std::uint64_t size = file->size();
    return {sha1, std::move(file), size, Time{std::chrono::seconds{status.st_mtim.tv_sec}}};
}

/// What stands for a file of which only the head is sent.
std::shared_ptr<const net::File> nothing_of(std::uint64_t size) {
    return std::make_shared<const net::File>(::open("/dev/null", O_RDONLY | O_CLOEXEC), size);
}

/// Content never changes under its digest, so the digest is the tag.
std::string etag_of(const Sha1& sha1) {
    return "\"" + to_hex_lower(sha1.bytes) + "\"";
}

/// Whether a list of tags names this one; a weak one (W/"…") counts where the caller says so.
bool names_tag(std::string_view header, std::string_view etag, bool weak_counts) {
    for (std::size_t from = 0; from <= header.size();) {
        const std::size_t comma = std::min(header.find(',', from), header.size());
        std::string_view item = without_blanks(header.substr(from, comma - from));
        if (weak_counts && item.starts_with("W/")) {
            item.remove_prefix(2);
        }
        if (item == "*" || item == etag) {
            return true;
        }
        from = comma + 1;
    }
    return false;
}

/// Whether the client wants the file only as it was before. BITS sends If-Unmodified-Since.
bool precondition_fails(const net::Headers& headers, std::string_view etag, Time modified) {
    if (const auto tags = headers.get("If-Match")) {
        return !names_tag(*tags, etag, false);
    }
    const auto since = headers.get("If-Unmodified-Since");
    const auto time = since ? from_http_date(*since) : std::nullopt;
    return time && modified > *time;
}

bool not_modified(const net::Headers& headers, std::string_view etag, Time modified) {
    if (const auto tags = headers.get("If-None-Match")) {
        return names_tag(*tags, etag, true);
    }
    const auto since = headers.get("If-Modified-Since");
    const auto time = since ? from_http_date(*since) : std::nullopt;
    return time && modified <= *time;
}

bool range_applies(const net::Headers& headers, std::string_view etag, Time modified) {
    const auto condition = headers.get("If-Range");
    if (!condition) {
        return true;
    }
    const auto time = from_http_date(*condition);
    return time ? *time == modified : *condition == etag;
}

/// A dot and what files are called after it, or nothing.
bool is_extension(std::string_view text) {
    return text.empty() || (text.front() == '.' && text.size() > 1 && text.size() <= 17 &&
                            std::ranges::all_of(text.substr(1), [](char c) {
                                return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                       (c >= 'A' && c <= 'Z');
                            }));
}

}  // namespace

std::optional<Sha1> parse_content_path(std::string_view path) {
    if (path.size() < kPrefix.size() ||
        !equal_ignoring_case(path.substr(0, kPrefix.size()), kPrefix)) {
        return std::nullopt;
    }
    path.remove_prefix(kPrefix.size());
    if (path.size() < 3 + kDigits || path[2] != '/') {
        return std::nullopt;
    }
    const std::string_view digits = path.substr(3, kDigits);
    const auto bytes = from_hex(digits);
    if (!bytes || !equal_ignoring_case(path.substr(0, 2), digits.substr(kDigits - 2))) {
        return std::nullopt;
    }
    return is_extension(path.substr(3 + kDigits)) ? Sha1::from(*bytes) : std::nullopt;
}

namespace {

bool is_read(const net::Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

/// Of a path that parse_content_path takes.
bool has_extension(std::string_view path, std::string_view extension) {
    return equal_ignoring_case(path.substr(kPrefix.size() + 3 + kDigits), extension);
}

constexpr std::string_view kType = "application/octet-stream";

net::Response refuse_ranges(std::uint64_t size) {
    net::Response refused =
        net::text_response(416, "The file has no such range, or HEAD was asked for one.\n");
    refused.headers.add("Content-Range", "bytes */" + std::to_string(size));
    return refused;
}

/// What was asked for first stands first; between two parts their type and place. RFC 9110 section
/// 14.6. The boundary is random, so that no file can hold it on purpose.
void add_parts(net::Response& response, const std::shared_ptr<const net::File>& file,
               const std::vector<ByteRange>& ranges) {
    const std::string boundary = to_hex_lower(random_bytes(16));
    response.headers.set("Content-Type", "multipart/byteranges; boundary=" + boundary);
    for (const ByteRange& range : ranges) {
        const std::string_view line_end = response.parts.empty() ? "" : "\r\n";
        std::string head = std::string(line_end) + "--" + boundary + "\r\nContent-Type: ";
        head += kType;
        head += "\r\nContent-Range: " + content_range(range, file->size()) + "\r\n\r\n";
        response.parts.push_back({std::move(head), file, range.offset, range.length});
    }
    response.parts.push_back({.text = "\r\n--" + boundary + "--\r\n"});
}

net::Response send_ranges(net::Response response, const std::shared_ptr<const net::File>& file,
                          const std::vector<ByteRange>& ranges) {
    response.status = 206;
    if (ranges.size() > 1) {
        add_parts(response, file, ranges);
        return response;
    }
    const ByteRange& only = ranges.front();
    response.headers.add("Content-Range", content_range(only, file->size()));
    response.parts.push_back({"", file, only.offset, only.length});
    return response;
}

/// The file, or the parts of it that are asked for.
net::Response send_file(const net::Request& request, const Sent& sent) {
    const std::string etag = etag_of(sent.sha1);
    const Time modified = sent.modified;
    if (precondition_fails(request.headers, etag, modified)) {
        return net::text_response(412, "The file is another than the one that is asked for.\n");
    }
    net::Response response;
    response.headers.add("Content-Type", std::string(kType));
    response.headers.add("Last-Modified", to_http_date(modified));
    response.headers.add("Accept-Ranges", "bytes");
    response.headers.add("ETag", etag);
    if (not_modified(request.headers, etag, modified)) {
        response.status = 304;
        return response;
    }
    const auto range = request.headers.get("Range");
    if (range && range_applies(request.headers, etag, modified)) {
        const RangeAnswer asked = parse_ranges(*range, sent.size);
        // RFC 9110 would have HEAD ignore the range; the server whose place this one takes does
        // not.
        if (asked.kind == RangeKind::kUnsatisfiable || request.method == "HEAD") {
            return refuse_ranges(sent.size);
        }
        if (asked.kind == RangeKind::kParts) {
            return send_ranges(std::move(response), sent.file, asked.ranges);
        }
    }
    response.parts.push_back({"", sent.file, 0, sent.size});
    return response;
}

net::Response come_again(const std::string& why, std::chrono::seconds wait) {
    net::Response later = net::text_response(503, why);
    later.headers.add("Retry-After", std::to_string(wait.count()));
    return later;
}

}  // namespace

Serving::Serving(const Shelf& shelf, Lookup lookup, Missing missing, AdmissionLimits limits)
    : shelf_(shelf), lookup_(std::move(lookup)), missing_(std::move(missing)), admission_(limits) {}

net::Response Serving::admitted(const net::Request& request, net::Response response) const {
    if (response.parts.empty() || request.method == "HEAD") {
        return response;
    }
    response.lease = admission_.admit(request.remote_address);
    if (response.lease) {
        return response;
    }
    return come_again("Too many files are being sent. Try again later.\n", kRetryAfter);
}

std::optional<Serving::Known> Serving::remembered(const Sha1& sha1) const {
    const std::scoped_lock lock(mutex_);
    const auto at = known_.find(sha1);
    return at == known_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<Serving::Known> Serving::look_up(const Sha1& sha1) const {
    if (auto known = remembered(sha1)) {
        return known;
    }
    auto known = lookup_(sha1);
    if (known) {
        const std::scoped_lock lock(mutex_);
        if (known_.size() >= kRemembered) {
            known_.clear();
        }
        known_.insert_or_assign(sha1, *known);
    }
    return known;
}

std::optional<net::Response> Serving::answer_at_once(const net::Request& request) const {
    const auto sha1 = is_read(request) ? parse_content_path(request.path) : std::nullopt;
    const auto known = sha1 ? remembered(*sha1) : std::nullopt;
    if (!known || !has_extension(request.path, known->extension)) {
        return std::nullopt;
    }
    const auto file = shelf_.already_open(*sha1);
    if (!file || file->size() != known->size) {
        return std::nullopt;
    }
    return admitted(request, send_file(request, sent_file(*sha1, file)));
}

net::Response Serving::answer(const net::Request& request) const {
    if (!is_read(request)) {
        net::Response response = net::text_response(405, "Only GET and HEAD are answered here.\n");
        response.headers.set("Allow", "GET, HEAD");
        return response;
    }
    const auto sha1 = parse_content_path(request.path);
    const auto known = sha1 ? look_up(*sha1) : std::nullopt;
    if (!known || !has_extension(request.path, known->extension)) {
        return net::text_response(404, "This server knows no such file.\n");
    }
    const auto file = shelf_.open(*sha1, known->extension);
    if (!file || file->size() != known->size) {
        return shelf_.in_bucket() ? from_bucket(request, *sha1, *known) : not_here(*sha1);
    }
    return admitted(request, send_file(request, sent_file(*sha1, file)));
}

net::Response Serving::not_here(const Sha1& sha1) const {
    if (missing_) {
        missing_(sha1);
    }
    return net::text_response(404, "The file is not here yet; it may still be downloading.\n");
}

net::Response Serving::from_bucket(const net::Request& request, const Sha1& sha1,
                                   const Known& known) const {
    if (!shelf_.is_connected()) {
        return come_again("The bucket of the files cannot be reached.\n", kRetryAfter);
    }
    const auto held = shelf_.look(sha1, known.extension);
    if (!held || !*held || (*held)->size != known.size) {
        return not_here(sha1);
    }
    const bool is_head = request.method == "HEAD";
    const auto wait = shelf_.bring(sha1, known.extension, !is_head);
    if (is_head) {
        return send_file(request, {sha1, nothing_of(known.size), known.size, (*held)->modified});
    }
    const auto file = wait ? nullptr : shelf_.open(sha1, known.extension);
    if (!file || file->size() != known.size) {
        return come_again("The file is being brought from the bucket.\n",
                          wait.value_or(kRetryAfter));
    }
    return admitted(request, send_file(request, sent_file(sha1, file)));
}

}  // namespace headwater::content
