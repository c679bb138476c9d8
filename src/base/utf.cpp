#include "base/utf.hpp"

#include <algorithm>
#include <cstdint>

namespace headwater {
namespace {

constexpr std::uint32_t kInvalid = 0xffffffffU;

/// The code point at a position, which moves behind it; kInvalid where there is none.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto first = static_cast<unsigned char>(text[at++]);
    if (first < 0x80) {
        return first;
    }
    const unsigned length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    if (length == 0 || first > 0xf4 || text.size() - at < length - 1) {
        return kInvalid;
    }
    std::uint32_t code = first & (0xffU >> (length + 1));
    for (unsigned i = 1; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(text[at++]);
        if ((byte & 0xc0U) != 0x80) {
            return kInvalid;
        }
        code = code << 6U | (byte & 0x3fU);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return overlong || surrogate || code > 0x10ffff ? kInvalid : code;
}

void append_utf8(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0U | code >> 6U);
        out += static_cast<char>(0x80U | (code & 0x3fU));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0U | code >> 12U);
        out += static_cast<char>(0x80U | (code >> 6U & 0x3fU));
        out += static_cast<char>(0x80U | (code & 0x3fU));
    } else {
        out += static_cast<char>(0xf0U | code >> 18U);
        out += static_cast<char>(0x80U | (code >> 12U & 0x3fU));
        out += static_cast<char>(0x80U | (code >> 6U & 0x3fU));
        out += static_cast<char>(0x80U | (code & 0x3fU));
    }
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
        } else if (next_code_point(text, at) == kInvalid) {
            return false;
        }
    }
    return true;
}

Bytes to_utf16le(std::string_view utf8) {
    Bytes bytes;
    bytes.reserve(utf8.size() * 2);
    const auto unit = [&bytes](std::uint32_t value) {
        bytes.push_back(static_cast<std::uint8_t>(value));
        bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
    };
    for (std::size_t at = 0; at < utf8.size();) {
        const std::uint32_t code = next_code_point(utf8, at);
        if (code < 0x10000) {
            unit(code);
        } else {
            unit(0xd800U + ((code - 0x10000U) >> 10U));
            unit(0xdc00U + ((code - 0x10000U) & 0x3ffU));
        }
    }
    return bytes;
}

std::size_t utf16le_size(std::string_view utf8) {
    std::size_t units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        units += (byte & 0xc0U) == 0x80 ? 0U : byte >= 0xf0 ? 2U : 1U;
    }
    return units * 2;
}

std::optional<std::string> from_utf16le(ByteView bytes) {
    if (bytes.size() % 2 != 0) {
        return std::nullopt;
    }
    std::string text;
    text.reserve(bytes.size() / 2);
    const auto unit_at = [&bytes](std::size_t i) {
        return static_cast<std::uint32_t>(bytes[i]) | static_cast<std::uint32_t>(bytes[i + 1])
                                                          << 8U;
    };
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        std::uint32_t code = unit_at(i);
        if (code >= 0xdc00 && code <= 0xdfff) {
            return std::nullopt;
        }
        if (code >= 0xd800 && code <= 0xdbff) {
            i += 2;
            if (i >= bytes.size()) {
                return std::nullopt;
            }
            const std::uint32_t low = unit_at(i);
            if (low < 0xdc00 || low > 0xdfff) {
                return std::nullopt;
            }
            code = 0x10000U + ((code - 0xd800U) << 10U) + (low - 0xdc00U);
        }
        if (i != 0 || code != 0xfeff) {
            append_utf8(text, code);
        }
    }
    return text;
}

std::string to_lower_ascii(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace headwater
