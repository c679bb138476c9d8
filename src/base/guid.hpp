#pragma once
// A globally unique identifier: at the border a text, inside 16 bytes in the order of that text.

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace headwater {

/// A value; any thread. The zero Guid is a Guid like any other.
struct Guid {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const Guid&) const = default;

    /// 8-4-4-4-12 hexadecimal digits in either case, with or without braces; else nothing.
    [[nodiscard]] static std::optional<Guid> parse(std::string_view text);
    /// A random one (version 4).
    [[nodiscard]] static Guid random();
    /// Lower case, without braces.
    [[nodiscard]] std::string text() const;
};

/// For identifiers that stand in the source; a wrong one does not compile.
consteval Guid operator""_guid(const char* text, std::size_t size) {
    Guid guid;
    std::size_t digit = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const char c = text[i];
        if (c == '-') {
            continue;
        }
        const int value = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : throw "not a hexadecimal digit";
        guid.bytes.at(digit / 2) = static_cast<std::uint8_t>(guid.bytes.at(digit / 2) * 16 + value);
        ++digit;
    }
    if (digit != 32) {
        throw "not a GUID";
    }
    return guid;
}

}  // namespace headwater

template <>
struct std::hash<headwater::Guid> {
    std::size_t operator()(const headwater::Guid& guid) const noexcept;
};
