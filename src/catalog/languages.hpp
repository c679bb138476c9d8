#pragma once
// The languages that update servers know, as GetConfigData lists them. Constants; any thread.

#include <cstdint>
#include <span>
#include <string_view>

namespace headwater::catalog {

struct Language {
    std::int32_t id;              ///< the Windows language identifier; 0 for "all"
    std::string_view short_name;  ///< as in documents, "pt-br"
    std::string_view long_name;
};

[[nodiscard]] std::span<const Language> languages();
/// Null for one that update servers do not know.
[[nodiscard]] const Language* find_language(std::string_view short_name);
[[nodiscard]] const Language* find_language(std::int32_t id);

}  // namespace headwater::catalog
