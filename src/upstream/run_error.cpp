#include "upstream/run_error.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "base/utf.hpp"
#include "upstream/session.hpp"

namespace headwater::upstream {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxText = 2'000;
constexpr std::size_t kMaxCauses = 20;
constexpr std::string_view kRetryAfter = "Retry-After: ";
constexpr std::chrono::seconds kLongestWait = std::chrono::hours(24);

std::string presentable(std::string_view text) {
    const bool is_cut = text.size() > kMaxText;
    std::string shown(text.substr(0, kMaxText));
    if (is_cut) {
        while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xC0U) == 0x80U) {
            shown.pop_back();
        }
        if (!shown.empty() && static_cast<unsigned char>(shown.back()) >= 0xC0U) {
            shown.pop_back();
        }
    }
    const bool is_utf8 = is_valid_utf8(shown);
    for (char& c : shown) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            c = ' ';
        } else if (byte >= 0x80 && !is_utf8) {
            c = '?';
        }
    }
    return is_cut ? shown + "…" : shown;
}

std::string text(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string{};
}

}  // namespace

RunError run_error(const Error& error, const std::string& stage) {
    RunError full{error.code, presentable(error.sentence), error.remedy, {}, stage, {}};
    for (const std::string& cause : error.causes) {
        if (cause.starts_with(kRequestMark)) {
            full.request = presentable(cause.substr(kRequestMark.size()));
        } else if (full.causes.size() < kMaxCauses && !cause.empty()) {
            full.causes.push_back(presentable(cause));
        }
    }
    return full;
}

std::string to_stored(const RunError& error) {
    json::array causes;
    for (const std::string& cause : error.causes) {
        causes.push_back(json::string(cause));
    }
    return json::serialize(json::object{{"code", error.code},
                                        {"message", error.message},
                                        {"remedy", error.remedy},
                                        {"causes", std::move(causes)},
                                        {"stage", error.stage},
                                        {"request", error.request}});
}

RunError parse_run_error(const std::string& stored) {
    boost::system::error_code broken;
    const json::value value = json::parse(stored, broken);
    if (broken || !value.is_object()) {
        return {.code = {},
                .message = presentable(stored),
                .remedy = {},
                .causes = {},
                .stage = {},
                .request = {}};
    }
    const json::object& object = value.get_object();
    RunError error{text(object, "code"),  text(object, "message"), text(object, "remedy"), {},
                   text(object, "stage"), text(object, "request")};
    if (error.message.empty()) {
        // As it was called before version 4 of the database.
        error.message = text(object, "sentence");
    }
    if (const json::value* causes = object.if_contains("causes");
        causes != nullptr && causes->is_array()) {
        for (const json::value& cause : causes->get_array()) {
            if (cause.is_string()) {
                error.causes.emplace_back(cause.get_string());
            }
        }
    }
    return error;
}

bool is_not_available(const RunError& error) {
    constexpr std::array<std::string_view, 10> kAway = {
        "net.resolve",       "net.connect",       "net.timeout",       "net.reset",
        "net.proxy_resolve", "net.proxy_connect", "net.proxy_gateway", "upstream.busy",
        "upstream.not_soap", "upstream.failed"};
    if (std::ranges::find(kAway, error.code) != kAway.end()) {
        return true;
    }
    return error.code == "upstream.fault" &&
           std::ranges::any_of(error.causes, [](const std::string& cause) {
               return cause == "ErrorCode ServerBusy" || cause == "ErrorCode InternalServerError";
           });
}

std::optional<std::chrono::seconds> retry_after(const RunError& error, Time now) {
    const auto asked = std::ranges::find_if(
        error.causes, [](const std::string& cause) { return cause.starts_with(kRetryAfter); });
    if (asked == error.causes.end()) {
        return std::nullopt;
    }
    const std::string_view value = std::string_view(*asked).substr(kRetryAfter.size());
    std::uint32_t number = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
    std::chrono::seconds wait{number};
    if (failed == std::errc::result_out_of_range) {
        wait = kLongestWait;
    } else if (failed != std::errc{} || end != value.data() + value.size()) {
        const auto date = from_http_date(value);
        if (!date) {
            return std::nullopt;
        }
        wait = std::chrono::ceil<std::chrono::seconds>(*date - now);
    }
    return std::clamp(wait, std::chrono::seconds{0}, kLongestWait);
}

}  // namespace headwater::upstream
