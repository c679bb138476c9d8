#pragma once
// Errors as HTTP answers: RFC 9457. Pure functions; any thread.

#include <string_view>

#include "base/error.hpp"
#include "net/http.hpp"

namespace headwater::admin {

/// The HTTP status for the code of an error: 404 for what is not there, 409 for a conflict with
/// what is, 400 for bad input, 507 for a full disk, 502 where another server failed, else 500.
[[nodiscard]] unsigned status_of(std::string_view code);

[[nodiscard]] net::Response problem(const Error& error);

}  // namespace headwater::admin
