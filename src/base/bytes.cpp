#include "base/bytes.hpp"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace headwater {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr auto kBase64Values = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < kBase64.size(); ++i) {
        table[static_cast<unsigned char>(kBase64[i])] = static_cast<std::int8_t>(i);
    }
    return table;
}();

std::string to_hex(ByteView bytes, std::string_view digits) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 15U]);
    }
    return text;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string to_hex_lower(ByteView bytes) {
    return to_hex(bytes, "0123456789abcdef");
}

std::string to_hex_upper(ByteView bytes) {
    return to_hex(bytes, "0123456789ABCDEF");
}

std::optional<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return std::nullopt;
    }
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_value(text[i]);
        const int low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

std::string to_base64(ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = bytes.size() - i;
        const std::uint32_t group =
            static_cast<std::uint32_t>(bytes[i]) << 16U |
            (left > 1 ? static_cast<std::uint32_t>(bytes[i + 1]) << 8U : 0U) |
            (left > 2 ? static_cast<std::uint32_t>(bytes[i + 2]) : 0U);
        text.push_back(kBase64[group >> 18U]);
        text.push_back(kBase64[group >> 12U & 63U]);
        text.push_back(left > 1 ? kBase64[group >> 6U & 63U] : '=');
        text.push_back(left > 2 ? kBase64[group & 63U] : '=');
    }
    return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    int held = 0;
    int padding = 0;
    for (const char c : text) {
        if (is_space(c)) {
            continue;
        }
        if (c == '=') {
            ++padding;
            continue;
        }
        const int value = kBase64Values[static_cast<unsigned char>(c)];
        if (value < 0 || padding > 0) {
            return std::nullopt;
        }
        group = group << 6U | static_cast<std::uint32_t>(value);
        if (++held == 4) {
            bytes.push_back(static_cast<std::uint8_t>(group >> 16U));
            bytes.push_back(static_cast<std::uint8_t>(group >> 8U));
            bytes.push_back(static_cast<std::uint8_t>(group));
            group = 0;
            held = 0;
        }
    }
    if (held == 0) {
        return padding == 0 ? std::optional(bytes) : std::nullopt;
    }
    if (held == 1 || held + padding != 4) {
        return std::nullopt;
    }
    group <<= static_cast<unsigned>(6 * (4 - held));
    bytes.push_back(static_cast<std::uint8_t>(group >> 16U));
    if (held == 3) {
        bytes.push_back(static_cast<std::uint8_t>(group >> 8U));
    }
    return bytes;
}

Bytes random_bytes(std::size_t count) {
    Bytes bytes(count);
    if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) {
        throw std::runtime_error("The system's random generator failed.");
    }
    return bytes;
}

}  // namespace headwater
