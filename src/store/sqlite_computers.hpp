#pragma once
// What the tables of computers and of reports share. Private to this room.

#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "store/sqlite_database.hpp"

namespace headwater::store {

struct KnownComputer {
    std::int64_t number = 0;  ///< by which other tables name it
    bool is_new = false;
};

/// Finds a computer, or makes its row with this as its first contact; inside a change.
[[nodiscard]] Result<KnownComputer> ensure_computer(Connection& connection, const std::string& id,
                                                    Time contact);

}  // namespace headwater::store
