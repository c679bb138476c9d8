#pragma once
// Several texts in one column. Private to this room; pure functions, any thread.

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "store/sqlite_database.hpp"

namespace headwater::store {

/// Each text as its length (32 bits, little-endian) and its bytes.
[[nodiscard]] Bytes pack_texts(const std::vector<std::string>& texts);
/// A column that does not hold such texts marks its row as damaged.
[[nodiscard]] std::vector<std::string> unpack_texts(Row& row, int column);

}  // namespace headwater::store
