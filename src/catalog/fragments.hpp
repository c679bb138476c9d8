#pragma once
// The four fragments that agents are sent, derived from a document so that they equal those of a
// Microsoft server byte for byte. [MS-WUSP] 3.1.1.1, and what was observed. Pure; any thread.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace headwater::catalog {

struct Fragments {
    std::string core;
    std::string extended;
    /// (language as written, fragment), in the document's order.
    std::vector<std::pair<std::string, std::string>> localized_properties;
    std::vector<std::pair<std::string, std::string>> eulas;
};

/// Errors as parse_document.
[[nodiscard]] Result<Fragments> derive_fragments(std::string_view xml);

/// Only the core fragment, which is wanted of every revision.
[[nodiscard]] Result<std::string> derive_core(std::string_view xml);

}  // namespace headwater::catalog
