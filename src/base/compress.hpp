#pragma once
// Zstandard, for what is stored. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace headwater {

[[nodiscard]] Bytes compress(std::string_view text);
/// Nothing for data that is damaged or would be larger than the limit (bytes).
[[nodiscard]] std::optional<std::string> decompress(ByteView data,
                                                    std::size_t limit = std::size_t{64} << 20U);

}  // namespace headwater
