#include "net/wire.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "base/utf.hpp"

namespace headwater::net {
namespace {

std::optional<unsigned> hex_digit(char digit) {
    if (digit >= '0' && digit <= '9')
        return static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return static_cast<unsigned>(digit - 'a') + 10U;
    if (digit >= 'A' && digit <= 'F')
        return static_cast<unsigned>(digit - 'A') + 10U;
    return std::nullopt;
}

std::size_t count_fields(const Headers& headers, std::string_view name) {
    return static_cast<std::size_t>(std::ranges::count_if(headers.fields(), [&](const auto& field) {
        return equal_ignoring_case(field.first, name);
    }));
}

bool is_servers_own(std::string_view name) {
    static constexpr std::array<std::string_view, 5> kNames = {
        "Content-Length", "Transfer-Encoding", "Connection", "Date", "Server"};
    return std::ranges::any_of(
        kNames, [&](std::string_view own) { return equal_ignoring_case(own, name); });
}

/// "http://host:port/path?query" becomes "/path?query"; the host is kept, as RFC 9112 section 3.2.2
/// wants it to win over the Host field.
std::string_view strip_authority(std::string_view target, std::string& host) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme))
            continue;
        target.remove_prefix(scheme.size());
        const std::size_t end = std::min(target.find_first_of("/?"), target.size());
        host = target.substr(0, end);
        target.remove_prefix(end);
        return target.empty() ? "/" : target;
    }
    return target;
}

bool is_within_its_file(const Part& part) {
    const std::uint64_t size = part.file != nullptr ? part.file->size() : 0;
    return part.offset <= size && part.length <= size - part.offset;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        if (text.size() - i < 3)
            return std::nullopt;
        const auto high = hex_digit(text[i + 1]);
        const auto low = hex_digit(text[i + 2]);
        if (!high || !low)
            return std::nullopt;
        decoded.push_back(static_cast<char>(*high * 16U + *low));
        i += 2;
    }
    return decoded;
}

bool apply_target(Request& request) {
    const std::string_view target = strip_authority(request.target, request.host);
    const std::size_t question = std::min(target.find('?'), target.size());
    const std::string_view path = target.substr(0, question);
    if (!path.starts_with('/') && path != "*" && !path.empty())
        return false;
    auto decoded = percent_decode(path.empty() ? "/" : path);
    if (!decoded)
        return false;
    request.path = std::move(*decoded);
    request.query = question < target.size() ? target.substr(question + 1) : std::string_view();
    return true;
}

bool has_sound_framing(const Headers& headers, bool is_http_1_0) {
    const std::size_t lengths = count_fields(headers, "Content-Length");
    const std::size_t codings = count_fields(headers, "Transfer-Encoding");
    if (lengths > 1 || codings > 1 || lengths + codings > 1 || count_fields(headers, "Host") > 1)
        return false;
    if (lengths == 1) {
        const std::string_view value = *headers.get("Content-Length");
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        return !value.empty() && std::ranges::all_of(value, is_digit);
    }
    if (codings == 1)
        return !is_http_1_0 && equal_ignoring_case(*headers.get("Transfer-Encoding"), "chunked");
    return true;
}

bool is_token(std::string_view text) {
    static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    const auto allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kMarks.contains(c);
    };
    return !text.empty() && std::ranges::all_of(text, allowed);
}

bool is_field_value(std::string_view text) {
    return std::ranges::all_of(as_bytes(text), [](std::uint8_t byte) {
        return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    });
}

bool is_sendable(const Response& response) {
    if (response.status < 200 || response.status > 599)
        return false;
    const bool fields_fit = std::ranges::all_of(response.headers.fields(), [](const auto& field) {
        return is_token(field.first) && is_field_value(field.second);
    });
    return fields_fit && std::ranges::all_of(response.parts, is_within_its_file);
}

std::uint64_t body_length(const Response& response) {
    std::uint64_t length = response.body.size();
    for (const Part& part : response.parts)
        length += part.text.size() + part.length;
    return length;
}

bool has_body(unsigned status) {
    return status != 204 && status != 304;
}

bool asks_to_close(const Response& response) {
    const auto connection = response.headers.get("Connection");
    return response.close || response.feed != nullptr ||
           (connection && equal_ignoring_case(*connection, "close"));
}

std::string format_head(const Response& response, Persistence persistence) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    head += reason_phrase(response.status);
    head += "\r\nServer: Headwater\r\nDate: ";
    head += to_http_date(SystemClock().now());
    // RFC 9110 section 8.6: a 204 never says a length, and a 304 would say that of another answer.
    if (has_body(response.status) && response.feed == nullptr)
        head += "\r\nContent-Length: " + std::to_string(body_length(response));
    if (persistence == Persistence::kClose)
        head += "\r\nConnection: close";
    if (persistence == Persistence::kKeepSaidAloud)
        head += "\r\nConnection: keep-alive";
    for (const auto& [name, value] : response.headers.fields()) {
        if (is_servers_own(name))
            continue;
        head += "\r\n";
        head += name;
        head += ": ";
        head += value;
    }
    head += "\r\n\r\n";
    return head;
}

}  // namespace headwater::net
