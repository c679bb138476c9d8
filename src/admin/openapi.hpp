#pragma once
// The OpenAPI description of the API, built into the program. Any thread.

#include <string_view>

namespace headwater::admin {

/// OpenAPI 3.1, as JSON: src/admin/openapi.json. A test compares its operations with those that
/// there are, another its schemas with real answers.
[[nodiscard]] std::string_view openapi_document();

}  // namespace headwater::admin
