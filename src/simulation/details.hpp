#pragma once
// GetExtendedUpdateInfo: titles, files and their locations of what concerns the computer, in
// batches as large as the server allows. [MS-WUSP] 3.1.5.9, 3.1.5.10. One thread at a time.

#include <cstddef>
#include <set>

#include "base/error.hpp"
#include "simulation/session.hpp"

namespace headwater::simulation {

struct DetailsResult {
    std::size_t requested = 0;          ///< revisions
    std::size_t out_of_scope = 0;       ///< of them, which the cache then loses
    std::size_t unreadable = 0;         ///< fragments that could not be parsed
    std::size_t missing_locations = 0;  ///< files without a location even after GetFileLocations
};

/// Asks for each revision that is installed or installable (but detectoids) and was not asked for
/// before, except those in `left_out`; then GetFileLocations if a file has none.
[[nodiscard]] Result<DetailsResult> fetch_details(Session& session, AgentState& state,
                                                  const Facts& facts,
                                                  const std::set<RevisionId>& left_out);

}  // namespace headwater::simulation
