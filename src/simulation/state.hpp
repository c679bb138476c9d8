#pragma once
// What an agent remembers from one run to the next, and the file that it stands in: state.json in
// the agent's cache folder. [MS-WUSP] 3.2.1. A value; one thread at a time.

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "protocol/common.hpp"
#include "simulation/facts.hpp"
#include "simulation/revisions.hpp"

namespace headwater::simulation {

/// What GetConfig told.
struct ServerConfig {
    Time last_change = {};
    bool registration_required = false;
    std::string authorization_url = {};  ///< as sent: relative to the server's root
    std::string protocol_version = {};
    std::uint32_t max_extended_updates = 50;
    bool operator==(const ServerConfig&) const = default;

    /// Protocol 3.2 or later: category scans exist.
    [[nodiscard]] bool has_category_scans() const;
};

struct AgentState {
    std::optional<Guid> client_id = {};
    std::optional<ServerConfig> config = {};
    std::optional<protocol::Cookie> cookie = {};
    /// A digest of what RegisterComputer last told; empty before.
    std::string registration = {};
    /// The revision ids may be another server's: RefreshCache has to come first.
    bool refresh_needed = false;
    Revisions revisions = {};
    /// What installations changed in the computer's facts.
    Registry learned_registry = {};
    Files learned_files = {};
};

/// An empty state where there is no file yet.
/// Errors: "cache.unreadable", "cache.malformed".
[[nodiscard]] Result<AgentState> load_state(const std::filesystem::path& folder);

/// Makes the folder where it is missing; the file is there whole or as before. Error:
/// "cache.write".
[[nodiscard]] Result<> save_state(const AgentState& state, const std::filesystem::path& folder);

/// Puts what installations changed into the facts.
void learn(const AgentState& state, Facts& facts);
/// Keeps what is different in `after`.
void remember(const Facts& before, const Facts& after, AgentState& state);

}  // namespace headwater::simulation
