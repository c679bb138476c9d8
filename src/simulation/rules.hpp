#pragma once
// Applicability rules out of their XML; used by fragment.cpp alone. Pure; any thread.

#include <pugixml.hpp>

#include "simulation/fragment.hpp"

namespace headwater::simulation {

/// The rule of an element. A rule that is not known, or whose attributes make no sense, becomes
/// kUnknown. Recurses as deep as the document, which the parser bounds.
[[nodiscard]] Rule parse_rule(const pugi::xml_node& element);

/// The only rule inside an element such as IsInstalled; several are joined by And; none is
/// kUnknown.
[[nodiscard]] Rule parse_rules_in(const pugi::xml_node& element);

}  // namespace headwater::simulation
