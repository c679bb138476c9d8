#include "base/guid.hpp"

#include <cstring>

#include "base/bytes.hpp"

namespace headwater {
namespace {

constexpr bool is_dash_position(std::size_t i) {
    return i == 8 || i == 13 || i == 18 || i == 23;
}

}  // namespace

std::optional<Guid> Guid::parse(std::string_view text) {
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') {
        text = text.substr(1, 36);
    }
    if (text.size() != 36) {
        return std::nullopt;
    }
    std::string digits;
    digits.reserve(32);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_dash_position(i)) {
            digits.push_back(text[i]);
        } else if (text[i] != '-') {
            return std::nullopt;
        }
    }
    const auto bytes = from_hex(digits);
    if (!bytes) {
        return std::nullopt;
    }
    Guid guid;
    std::memcpy(guid.bytes.data(), bytes->data(), guid.bytes.size());
    return guid;
}

Guid Guid::random() {
    Guid guid;
    const Bytes bytes = random_bytes(guid.bytes.size());
    std::memcpy(guid.bytes.data(), bytes.data(), guid.bytes.size());
    guid.bytes[6] = static_cast<std::uint8_t>((guid.bytes[6] & 0x0fU) | 0x40U);
    guid.bytes[8] = static_cast<std::uint8_t>((guid.bytes[8] & 0x3fU) | 0x80U);
    return guid;
}

std::string Guid::text() const {
    const std::string digits = to_hex_lower(bytes);
    std::string text;
    text.reserve(36);
    for (const char digit : digits) {
        if (is_dash_position(text.size())) {
            text.push_back('-');
        }
        text.push_back(digit);
    }
    return text;
}

}  // namespace headwater

std::size_t std::hash<headwater::Guid>::operator()(const headwater::Guid& guid) const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, guid.bytes.data(), sizeof halves);
    // Multiplied before they are joined, so that GUIDs which differ in a counter spread out.
    return static_cast<std::size_t>((halves[0] ^ (halves[1] * 0x9e3779b97f4a7c15U)) *
                                    0xbf58476d1ce4e5b9U);
}
