#pragma once
// Follows a synchronization until it ends. One thread.

#include <cstdint>

#include "cli/command.hpp"

namespace headwater::cli {

/// Shows the progress of a run (a bar on a terminal, else lines, or JSON lines) and then its
/// result. Fails with the error of a run that failed, "sync.cancelled", "sync.interrupted".
[[nodiscard]] Result<> watch(Session& session, std::int64_t run_id);

/// The result of a run from GET /synchronization/runs/{id}; an error where it did not succeed.
[[nodiscard]] Result<> result_of(const boost::json::value& run);
/// "Synchronization 12 succeeded: 3 new updates, 1 revised, 0 expired; 42 requests, 1.5 MB."
[[nodiscard]] std::string summary_of(const boost::json::value& run);

}  // namespace headwater::cli
