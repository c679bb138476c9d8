#pragma once
// Passwords of the console's users: Argon2id by libsodium. Any thread; at most two are computed at
// a time, since each takes 64 MiB.

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace headwater::admin {

inline constexpr std::size_t kMinPasswordBytes = 12;
inline constexpr std::size_t kMaxPasswordBytes = 256;

/// Errors: "user.password" for one that is too short or too long.
[[nodiscard]] Result<> check_password(std::string_view password);
/// Takes about a tenth of a second. Errors: "user.password", "user.hash" (no memory).
[[nodiscard]] Result<std::string> hash_password(std::string_view password);
/// @param hash  empty for a user that is not there: takes as long as one that is
[[nodiscard]] bool is_password(std::string_view password, const std::string& hash);

}  // namespace headwater::admin
