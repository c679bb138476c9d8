#pragma once
// SyncUpdates, called until the agent has all that the server has for it. [MS-WUSP] 3.1.5.7.
// One thread at a time.

#include <cstddef>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "simulation/session.hpp"

namespace headwater::simulation {

struct RoundsResult {
    unsigned rounds = 0;
    std::size_t new_updates = 0;
    std::size_t changed = 0;
    std::size_t out_of_scope = 0;
    /// Cached revisions that are deployed but outside of the categories of this scan.
    std::set<RevisionId> outside = {};
    bool drivers_not_needed = false;
};

class Rounds {
public:
    /// More rounds than these are not made: a server that always has something new is broken.
    static constexpr unsigned kMaxRounds = 4'000;

    /// All that is given by reference outlives the Rounds.
    /// @param categories  as StartCategoryScan prefers them; empty for a whole scan
    Rounds(Session& session, AgentState& state, const Facts& facts, std::vector<Guid> categories);

    /// Errors besides those of the session: "agent.no_progress", "agent.endless".
    [[nodiscard]] Result<RoundsResult> synchronize_software();
    /// One call, or more while the server says that it cut its answer.
    [[nodiscard]] Result<RoundsResult> synchronize_drivers();

private:
    enum class Pass { kSoftware, kDrivers };
    [[nodiscard]] Result<RoundsResult> synchronize(Pass pass);
    [[nodiscard]] protocol::client::SyncUpdates request(const protocol::Cookie& cookie,
                                                        Pass pass) const;
    void add_system(protocol::client::SyncUpdateParameters& parameters) const;
    /// @return true if another round is due
    [[nodiscard]] Result<bool> apply(const protocol::client::SyncInfo& answer, Pass pass,
                                     RoundsResult& result);

    Session& session_;
    AgentState& state_;
    const Facts& facts_;
    std::vector<Guid> categories_;
    std::set<RevisionId> outside_;
};

/// What an agent tells of the computer in SyncUpdates and GetExtendedUpdateInfo, "Key=Value;…".
[[nodiscard]] std::string device_attributes(const Facts& facts);

}  // namespace headwater::simulation
