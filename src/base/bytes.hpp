#pragma once
// Raw bytes and their textual forms: hexadecimal and base64. Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The bytes of a text, without a copy; valid as long as the text is.
[[nodiscard]] ByteView as_bytes(std::string_view text);
/// The bytes as a text, without a copy and without a look at the encoding.
[[nodiscard]] std::string_view as_text(ByteView bytes);

[[nodiscard]] std::string to_hex_lower(ByteView bytes);
[[nodiscard]] std::string to_hex_upper(ByteView bytes);
/// Either letter case; nothing for an odd length or another character.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// RFC 4648 section 4, padded.
[[nodiscard]] std::string to_base64(ByteView bytes);
/// Ignores white space, as xs:base64Binary allows it; nothing where the rest is not base64.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

/// Bytes from the system's cryptographic generator.
[[nodiscard]] Bytes random_bytes(std::size_t count);

}  // namespace headwater
