#include "soap/lift.hpp"

#include <cstring>
#include <string_view>

namespace headwater::soap {
namespace {

constexpr std::string_view kOpen = "<int>";
constexpr std::string_view kClose = "</int>";
constexpr std::string_view kCdata = "<![";

/// The end of an optional sign and at least one digit; `from` where there is none.
const char* skip_integer(const char* from, const char* end) {
    const char* at = from != end && *from == '-' ? from + 1 : from;
    const char* const digits = at;
    while (at != end && *at >= '0' && *at <= '9') {
        ++at;
    }
    return at == digits ? from : at;
}

bool starts_with(const char* at, const char* end, std::string_view word) {
    return static_cast<std::size_t>(end - at) >= word.size() &&
           std::memcmp(at, word.data(), word.size()) == 0;
}

/// The end of the integer of a whole `<int>…</int>`, or null.
const char* item_end(const char* at, const char* end) {
    if (!starts_with(at, end, kOpen)) {
        return nullptr;
    }
    const char* const from = at + kOpen.size();
    const char* const to = skip_integer(from, end);
    return to != from && starts_with(to, end, kClose) ? to : nullptr;
}

}  // namespace

void lift_integers(std::string& body) {
    const char* at = body.data();
    const char* const end = at + body.size();
    char* out = body.data();
    const auto copy = [&out, &at](const char* to) {
        const auto length = static_cast<std::size_t>(to - at);
        if (out != at) {
            std::memmove(out, at, length);
        }
        out += length;
        at = to;
    };
    while (at != end) {
        const void* const found = std::memchr(at, '<', static_cast<std::size_t>(end - at));
        copy(found == nullptr ? end : static_cast<const char*>(found));
        if (starts_with(at, end, kCdata)) {
            copy(end);
        } else if (const char* to = item_end(at, end)) {
            copy(to);
            at += kClose.size();
            while ((to = item_end(at, end)) != nullptr) {
                *out++ = kLiftMark;
                at += kOpen.size();
                copy(to);
                at += kClose.size();
            }
            std::memcpy(out, kClose.data(), kClose.size());
            out += kClose.size();
        } else if (at != end) {
            copy(at + 1);
        }
    }
    body.resize(static_cast<std::size_t>(out - body.data()));
}

}  // namespace headwater::soap
