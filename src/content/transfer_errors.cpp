#include "content/transfer_errors.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace headwater::content {
namespace {

/// Of a header field that is quoted.
constexpr std::size_t kShown = 500;

bool read_number(std::string_view digits, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size() && !digits.empty();
}

}  // namespace

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
    if (!read_number(text.substr(0, dash), range.first) ||
        !read_number(text.substr(slash + 1), range.size)) {
        return std::nullopt;
    }
    return range;
}

std::string strong_tag(const net::Headers& headers) {
    const auto tag = headers.get("ETag");
    return tag && !tag->starts_with("W/") ? std::string(*tag) : std::string{};
}

Error wrong_length(const store::FileRecord& file, const std::string& url, const std::string& what) {
    return {"content.length",
            "The file " + file.name + " from " + url + " came with " + what + ".",
            "What came was thrown away and is fetched again.",
            {}};
}

Error changed_between(const store::FileRecord& file, const std::string& url) {
    return {"content.changed",
            "The file " + file.name + " from " + url + " was changed while it was fetched.",
            "What came was thrown away and is fetched again; if it stays so, one name leads to "
            "several servers that hold different files.",
            {}};
}

Error wrong_digest(const store::FileRecord& file, const std::string& url, const Sha1& got) {
    return {"content.digest",
            "The file " + file.name + " from " + url + " has the wrong " +
                (got != file.sha1 ? "SHA-1" : "SHA-256") + " digest.",
            "What came was thrown away and is fetched again; if it stays so, a proxy or the "
            "upstream changes files.",
            {"expected SHA-1 " + to_hex_lower(file.sha1.bytes),
             "got SHA-1 " + to_hex_lower(got.bytes)}};
}

Error wrong_status(const store::FileRecord& file, const std::string& url, unsigned status,
                   const net::Headers& headers) {
    const std::string phrase =
        std::to_string(status) + " " + std::string(net::reason_phrase(status));
    if (status == 404 || status == 410) {
        return {"content.not_found",
                "The upstream does not have the file " + file.name + " (" + url + ").",
                "It may still be downloading it; the file is tried again after the next "
                "synchronization.",
                {"HTTP " + phrase}};
    }
    if (status == 401 || status == 403) {
        return {"content.denied",
                "The upstream refuses the file " + file.name + " to this server (" + phrase + ").",
                "Let the upstream's web server allow anonymous requests below /Content from this "
                "machine, or look for a proxy that answers in its place.",
                {url}};
    }
    if (status >= 300 && status < 400) {
        return {
            "content.redirect",
            "The upstream redirects the file " + file.name +
                " to another address, which is not followed.",
            "Check what stands between this server and " + url + ".",
            {"HTTP " + phrase,
             "Location: " + std::string(headers.get("Location").value_or("").substr(0, kShown))}};
    }
    return {"content.status",
            "The upstream answered " + phrase + " for the file " + file.name + ".",
            "See the upstream's log; the file is tried again.",
            {url}};
}

bool spoils_the_part(const Error& error) {
    return error.code == "content.length" || error.code == "content.changed" ||
           error.code == "content.digest";
}

store::FileReason reason_of(const Error& error) {
    using enum store::FileReason;
    constexpr std::array<std::pair<std::string_view, store::FileReason>, 13> kReasons = {
        {{"content.not_found", kLate},
         {"content.denied", kDenied},
         {"net.proxy_denied", kDenied},
         {"net.proxy_login", kDenied},
         {"net.proxy_login_missing", kDenied},
         {"net.proxy_basic", kDenied},
         {"content.length", kWrongContent},
         {"content.changed", kWrongContent},
         {"content.digest", kWrongContent},
         {"content.disk_full", kNoSpace},
         {"content.no_source", kNoSource},
         {"content.io", kFolder},
         {"content.folder", kFolder}}};
    const auto known = std::ranges::find(kReasons, std::string_view(error.code),
                                         [](const auto& pair) { return pair.first; });
    if (known != kReasons.end()) {
        return known->second;
    }
    if (error.code.starts_with("bucket.")) {
        return kFolder;
    }
    return error.code.starts_with("net.") ? kNetwork : kUpstream;
}

bool is_worth_a_retry(const Error& error) {
    return error.code != "content.not_found" && error.code != "content.no_source";
}

}  // namespace headwater::content
