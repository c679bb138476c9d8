#pragma once
// A simulated Windows Update Agent: it speaks the whole of [MS-WUSP] to a server over HTTP, decides
// what applies to a computer that is described by Facts, downloads, "installs" and reports. For the
// demonstration, tests and the load generator. One thread at a time; agents are independent.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "net/client.hpp"
#include "simulation/caller.hpp"
#include "simulation/facts.hpp"
#include "simulation/session.hpp"

namespace headwater::simulation {

/// One step of a scan, for people.
struct StepReport {
    std::string name;     ///< "handshake", "software", "drivers", "details", "download" …
    std::string figures;  ///< "12 rounds, 340 new updates"
    double seconds = 0;
};

/// The figures of one scan.
struct ScanReport {
    unsigned rounds = 0;               ///< calls of SyncUpdates, drivers included
    std::uint64_t requests = 0;        ///< SOAP and content
    std::uint64_t sent_bytes = 0;      ///< bodies
    std::uint64_t received_bytes = 0;  ///< bodies as they came, content not included
    std::size_t new_updates = 0;
    std::size_t changed = 0;
    std::size_t out_of_scope = 0;
    std::map<std::string, std::size_t> by_action = {};  ///< cached updates, as "Install"
    std::size_t cached = 0;
    std::size_t installed = 0;   ///< deployed updates that are installed, after installation
    std::size_t applicable = 0;  ///< deployed updates that were installable
    std::size_t offered = 0;     ///< of them, with Action Install or OptionalInstall
    std::size_t details = 0;     ///< revisions asked for with GetExtendedUpdateInfo
    std::size_t downloaded_files = 0;
    std::uint64_t downloaded_bytes = 0;
    std::size_t failed_downloads = 0;  ///< updates
    std::size_t installations = 0;
    std::size_t failed_installations = 0;
    std::size_t marked_only = 0;  ///< parts that were installed without a rule that could tell
    std::size_t events = 0;
    std::size_t unknown_rules = 0;
    std::size_t unreadable = 0;  ///< fragments that could not be parsed
    std::vector<Guid> unknown_categories = {};
    std::map<std::string, unsigned> faults = {};  ///< that came and were remedied, by code
    std::vector<StepReport> steps = {};
};

struct AgentOptions {
    /// For a category scan: the categories; empty for a whole one.
    std::vector<Guid> categories = {};
    bool download = true;  ///< false: nothing is installed either
    bool install = true;
    bool report = true;
    std::uint64_t seed = 1;  ///< of the order in which ranges are asked for
    Patience patience = {};
    /// Called after each step.
    std::function<void(const StepReport&)> on_step = {};
};

class Agent {
public:
    /// @param server  "http://host:8530"
    /// @param cache   the agent's memory from run to run; empty: nothing is kept and nothing is
    ///                downloaded
    /// @param clock   outlives the agent
    Agent(Transport transport, std::string server, Facts facts, std::filesystem::path cache,
          const Clock& clock, AgentOptions options = {});
    /// As above; the client outlives the agent.
    Agent(net::Client& client, std::string server, Facts facts, std::filesystem::path cache,
          const Clock& clock, AgentOptions options = {});
    ~Agent();
    Agent(Agent&&) noexcept;
    Agent& operator=(Agent&&) noexcept;

    /// Scans once, from handshake to report. The cache is written in any case; a failed download or
    /// installation is a figure, not an error.
    /// Errors: "agent.fault" (a fault that nothing remedied), "agent.incomplete_answer",
    /// "agent.no_progress", "agent.endless", "agent.category_scan", those of the cache, of
    /// soap::CallFailure and of the transport.
    [[nodiscard]] Result<ScanReport> scan();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace headwater::simulation
