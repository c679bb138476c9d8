#pragma once
// Which checks of the doctor are worth running after a synchronization failed. Pure; any thread.

#include <span>
#include <string_view>

namespace headwater::diagnosis {

/// The names of the checks, in the order in which they are best read.
/// @param code  of the run's error; none for an empty one and for what was cancelled
[[nodiscard]] std::span<const std::string_view> checks_for(std::string_view code);

}  // namespace headwater::diagnosis
