#include "content/serving.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>

#include "base/time.hpp"
#include "base/utf.hpp"

namespace headwater::content {
namespace {

constexpr std::string_view kPrefix = "/content/";

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

Time modified_at(const net::File& file) {
    struct stat status{};
    ::fstat(file.descriptor(), &status);
    return Time{std::chrono::seconds{status.st_mtim.tv_sec}};
}

/// Content never changes under its digest, so the digest is the tag.
std::string etag_of(const Sha1& sha1) {
    return "\"" + to_hex_lower(sha1.bytes) + "\"";
}

bool names_tag(std::string_view header, std::string_view etag) {
    for (std::size_t from = 0; from <= header.size();) {
        const std::size_t comma = std::min(header.find(',', from), header.size());
        std::string_view item = trim(header.substr(from, comma - from));
        if (item.starts_with("W/")) {
            item.remove_prefix(2);
        }
        if (item == "*" || item == etag) {
            return true;
        }
        from = comma + 1;
    }
    return false;
}

bool not_modified(const net::Headers& headers, std::string_view etag, Time modified) {
    if (const auto tags = headers.get("If-None-Match")) {
        return names_tag(*tags, etag);
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

}  // namespace

RangeAnswer parse_range(std::string_view header, std::uint64_t size) {
    header = trim(header);
    if (!to_lower_ascii(header.substr(0, 6)).starts_with("bytes=")) {
        return {};
    }
    const std::string_view spec = trim(header.substr(6));
    const std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) {
        return {};
    }
    const std::string_view first = trim(spec.substr(0, dash));
    const std::string_view last = trim(spec.substr(dash + 1));
    if (first.empty()) {
        const auto suffix = number(last);
        if (!suffix) {
            return {};
        }
        if (*suffix == 0 || size == 0) {
            return {RangeKind::kUnsatisfiable, {}};
        }
        const std::uint64_t length = std::min(*suffix, size);
        return {RangeKind::kPart, {size - length, length}};
    }
    const auto from = number(first);
    const auto to = last.empty() ? std::optional(size == 0 ? 0 : size - 1) : number(last);
    if (!from || !to || (!last.empty() && *to < *from)) {
        return {};
    }
    if (*from >= size) {
        return {RangeKind::kUnsatisfiable, {}};
    }
    return {RangeKind::kPart, {*from, std::min(*to, size - 1) - *from + 1}};
}

std::optional<Sha1> parse_content_path(std::string_view path) {
    if (path.size() < kPrefix.size() ||
        !equal_ignoring_case(path.substr(0, kPrefix.size()), kPrefix)) {
        return std::nullopt;
    }
    path.remove_prefix(kPrefix.size());
    constexpr std::size_t kDigits = 40;
    if (path.size() < 3 + kDigits + 2 || path[2] != '/' || path[3 + kDigits] != '.') {
        return std::nullopt;
    }
    const std::string_view digits = path.substr(3, kDigits);
    const auto bytes = from_hex(digits);
    if (!bytes || !equal_ignoring_case(path.substr(0, 2), digits.substr(kDigits - 2))) {
        return std::nullopt;
    }
    const std::string_view extension = path.substr(3 + kDigits + 1);
    const bool plain =
        extension.size() <= 16 && std::ranges::all_of(extension, [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        });
    return plain ? Sha1::from(*bytes) : std::nullopt;
}

namespace {

bool is_read(const net::Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

bool has_extension(std::string_view path, std::string_view extension) {
    return path.size() >= extension.size() &&
           equal_ignoring_case(path.substr(path.size() - extension.size()), extension);
}

/// The file, or the part of it that is asked for.
net::Response send_file(const net::Request& request, const Sha1& sha1,
                        std::shared_ptr<const net::File> file) {
    const std::string etag = etag_of(sha1);
    const Time modified = modified_at(*file);
    net::Response response;
    response.headers.add("Content-Type", "application/octet-stream");
    response.headers.add("Last-Modified", to_http_date(modified));
    response.headers.add("Accept-Ranges", "bytes");
    response.headers.add("ETag", etag);
    if (not_modified(request.headers, etag, modified)) {
        response.status = 304;
        return response;
    }
    const std::uint64_t size = file->size();
    response.file_length = size;
    const auto range = request.headers.get("Range");
    if (range && request.method == "GET" && range_applies(request.headers, etag, modified)) {
        const RangeAnswer asked = parse_range(*range, size);
        if (asked.kind == RangeKind::kUnsatisfiable) {
            net::Response refused =
                net::text_response(416, "The range begins behind the end of the file.\n");
            refused.headers.add("Content-Range", "bytes */" + std::to_string(size));
            return refused;
        }
        if (asked.kind == RangeKind::kPart) {
            response.status = 206;
            response.file_offset = asked.range.offset;
            response.file_length = asked.range.length;
            response.headers.add("Content-Range",
                                 "bytes " + std::to_string(asked.range.offset) + "-" +
                                     std::to_string(asked.range.offset + asked.range.length - 1) +
                                     "/" + std::to_string(size));
        }
    }
    response.file = std::move(file);
    return response;
}

}  // namespace

Serving::Serving(const Shelf& shelf, Lookup lookup, Missing missing)
    : shelf_(shelf), lookup_(std::move(lookup)), missing_(std::move(missing)) {}

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
    auto file = shelf_.already_open(*sha1);
    if (!file || file->size() != known->size) {
        return std::nullopt;
    }
    return send_file(request, *sha1, std::move(file));
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
    auto file = shelf_.open(*sha1, known->extension);
    if (!file || file->size() != known->size) {
        if (missing_) {
            missing_(*sha1);
        }
        return net::text_response(404, "The file is not here yet; it may still be downloading.\n");
    }
    return send_file(request, *sha1, std::move(file));
}

}  // namespace headwater::content
