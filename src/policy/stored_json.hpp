#pragma once
// Private to policy/: options as the store keeps them, JSON under a name. A field that is missing
// or of another type is its default: what an older or newer program wrote must not stop this one.
// Pure but for the store; any thread.

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/store.hpp"

namespace headwater::policy {

/// The stored value; nothing where there is none. Errors: those of the store, "store.corrupt".
[[nodiscard]] Result<std::optional<boost::json::value>> load_json(const store::Store& store,
                                                                  const char* name);

[[nodiscard]] std::string text(const boost::json::object& object, const char* name);
[[nodiscard]] std::vector<std::string> texts(const boost::json::object& object, const char* name);
[[nodiscard]] bool flag(const boost::json::object& object, const char* name, bool otherwise);
/// Clamped to these bounds.
[[nodiscard]] std::uint64_t number(const boost::json::object& object, const char* name,
                                   std::uint64_t otherwise, std::uint64_t least,
                                   std::uint64_t most);

}  // namespace headwater::policy
