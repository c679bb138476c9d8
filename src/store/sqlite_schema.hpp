#pragma once
// The tables, as a list of steps that bring any older database to the present one.

#include <filesystem>

#include "base/error.hpp"
#include "store/sqlite_database.hpp"

namespace headwater::store {

/// The version that this program writes (PRAGMA user_version).
[[nodiscard]] int schema_version();

/// Looks, and changes nothing. Errors: "store.newer"; "store.corrupt" for a database of another
/// program.
[[nodiscard]] Result<> check_schema(Connection& connection, const std::filesystem::path& file);

/// Brings a checked database to a version, each step in a transaction of its own.
/// @param to  at most schema_version(); an older one for tests of upgrades
[[nodiscard]] Result<> migrate(Connection& connection, int to = schema_version());

}  // namespace headwater::store
