// How the built-in simple types stand on the wire, as XML Schema and .NET have them.

#include <array>
#include <charconv>
#include <concepts>

#include "base/utf.hpp"
#include "base/xml.hpp"
#include "soap/type.hpp"

namespace headwater::soap::detail {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

template <std::integral Int>
bool parse_digits(std::string_view text, void* value) {
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, *static_cast<Int*>(value));
    return error == std::errc{} && end == last;
}

/// Nearly all come bare, and there are thousands of them: blanks and a plus are looked for
/// afterwards.
template <std::integral Int>
bool parse_integer(const Type& /*self*/, std::string_view text, void* value) {
    if (parse_digits<Int>(text, value)) {
        return true;
    }
    text = trim(text);
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) {
            return false;
        }
    }
    return parse_digits<Int>(text, value);
}

template <std::integral Int>
void format_integer(const Type& /*self*/, const void* value, Place /*place*/, std::string& out) {
    std::array<char, 24> digits{};
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(),
                                      *static_cast<const Int*>(value));
    out.append(digits.data(), result.ptr);
}

template <std::integral Int>
constexpr Type integer(std::string_view name) {
    return {.name = name, .parse = &parse_integer<Int>, .format = &format_integer<Int>};
}

bool parse_bool(const Type& /*self*/, std::string_view text, void* value) {
    text = trim(text);
    const bool yes = text == "true" || text == "1";
    *static_cast<bool*>(value) = yes;
    return yes || text == "false" || text == "0";
}

void format_bool(const Type& /*self*/, const void* value, Place /*place*/, std::string& out) {
    out += *static_cast<const bool*>(value) ? "true" : "false";
}

/// A character reference can name what XML forbids; kept, it would make our own answers malformed.
std::string cleaned(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        std::size_t length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        const std::string_view one = text.substr(at, length);
        if (one.size() == length && xml::is_xml_text(one)) {
            out += one;
        } else {
            out += kReplacement;
            // Skips what continues the broken sequence, so that it becomes one mark.
            for (length = 1; at + length < text.size() &&
                             (static_cast<unsigned char>(text[at + length]) & 0xc0U) == 0x80U;) {
                ++length;
            }
        }
        at += length;
    }
    return out;
}

bool parse_string(const Type& /*self*/, std::string_view text, void* value) {
    auto& out = *static_cast<std::string*>(value);
    if (xml::is_xml_text(text)) {
        out = text;
    } else {
        out = cleaned(text);
    }
    return true;
}

void append_escaped(std::string& out, std::string_view text, Place place) {
    if (place == Place::kAttribute) {
        xml::append_attribute(out, text);
    } else if (text.find_first_of("&<>\r") == std::string_view::npos) {
        out += text;
    } else {
        xml::append_exact_text(out, text);
    }
}

void format_string(const Type& /*self*/, const void* value, Place place, std::string& out) {
    append_escaped(out, *static_cast<const std::string*>(value), place);
}

bool parse_bytes(const Type& /*self*/, std::string_view text, void* value) {
    auto bytes = from_base64(text);
    if (!bytes) {
        return false;
    }
    *static_cast<Bytes*>(value) = std::move(*bytes);
    return true;
}

void format_bytes(const Type& /*self*/, const void* value, Place /*place*/, std::string& out) {
    out += to_base64(*static_cast<const Bytes*>(value));
}

bool parse_guid(const Type& /*self*/, std::string_view text, void* value) {
    const auto guid = Guid::parse(trim(text));
    if (guid) {
        *static_cast<Guid*>(value) = *guid;
    }
    return guid.has_value();
}

void format_guid(const Type& /*self*/, const void* value, Place /*place*/, std::string& out) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const Guid& guid = *static_cast<const Guid*>(value);
    for (std::size_t i = 0; i < guid.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            out += '-';
        }
        out += kDigits[guid.bytes[i] >> 4U];
        out += kDigits[guid.bytes[i] & 0x0fU];
    }
}

bool parse_time(const Type& /*self*/, std::string_view text, void* value) {
    const auto time = from_xml_time(trim(text));
    if (time) {
        *static_cast<Time*>(value) = *time;
    }
    return time.has_value();
}

void format_time(const Type& /*self*/, const void* value, Place /*place*/, std::string& out) {
    out += to_xml_time(*static_cast<const Time*>(value));
}

}  // namespace

constexpr Type kBool{.name = "boolean", .parse = &parse_bool, .format = &format_bool};
constexpr Type kInt8 = integer<std::int8_t>("byte");
constexpr Type kUint8 = integer<std::uint8_t>("unsignedByte");
constexpr Type kInt16 = integer<std::int16_t>("short");
constexpr Type kInt32 = integer<std::int32_t>("int");
constexpr Type kInt64 = integer<std::int64_t>("long");
constexpr Type kUint32 = integer<std::uint32_t>("unsignedInt");
constexpr Type kString{
    .name = "string", .parse = &parse_string, .format = &format_string, .is_reference = true};
constexpr Type kBytes{
    .name = "base64Binary", .parse = &parse_bytes, .format = &format_bytes, .is_reference = true};
constexpr Type kGuid{.name = "guid", .parse = &parse_guid, .format = &format_guid};
constexpr Type kTime{.name = "dateTime", .parse = &parse_time, .format = &format_time};

}  // namespace headwater::soap::detail
