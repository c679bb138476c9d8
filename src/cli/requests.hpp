#pragma once
// From what people type to what the API takes. Pure functions; any thread.

#include <boost/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::cli {

/// "a, b" as {"a", "b"}, without empty parts. Names of products hold commas ("Windows 10, version
/// 1903 and later"): where parts together are a known name, in any letter case, they stay together.
[[nodiscard]] std::vector<std::string> split_names(std::string_view text,
                                                   std::span<const std::string> known = {});

/// {"all": true} of "all", {"all": false, "ids": []} of "none", else the names as ids.
[[nodiscard]] boost::json::object choice_of(std::string_view text,
                                            std::span<const std::string> known);

[[nodiscard]] boost::json::array json_texts(std::span<const std::string> texts);
/// The texts under a name of each item of a list: {"All Computers"} of [{"name": "All Computers"}].
[[nodiscard]] std::vector<std::string> fields_of(const boost::json::array& items,
                                                 std::string_view name);
/// "a, b"
[[nodiscard]] std::string joined(std::span<const std::string> texts);
/// The values of a list of texts, joined.
[[nodiscard]] std::string joined(const boost::json::array& texts);

}  // namespace headwater::cli
