#pragma once
// UTF-8 inside, UTF-16LE where a cabinet holds a document. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace headwater {

/// Without overlong forms, surrogates and code points over U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// Without a byte-order mark. The text has to be valid UTF-8.
[[nodiscard]] Bytes to_utf16le(std::string_view utf8);
/// The bytes that to_utf16le would return, without making them.
[[nodiscard]] std::size_t utf16le_size(std::string_view utf8);
/// A byte-order mark is dropped; nothing for an odd length or an unpaired surrogate.
[[nodiscard]] std::optional<std::string> from_utf16le(ByteView bytes);
/// ASCII letters in lower case, the rest as it is.
[[nodiscard]] std::string to_lower_ascii(std::string_view text);
/// Equal but for the case of ASCII letters.
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right);

}  // namespace headwater
