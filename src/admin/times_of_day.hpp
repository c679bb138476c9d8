#pragma once
// Times of the day as people write them, "03:00", and as minutes. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace headwater::admin {

/// "03:00" in minutes of the day; nothing for another text.
[[nodiscard]] std::optional<unsigned> minute_of_day(std::string_view text);
/// "03:00" of 180.
[[nodiscard]] std::string time_of_day(unsigned minute);

}  // namespace headwater::admin
