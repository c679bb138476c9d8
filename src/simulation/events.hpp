#pragma once
// What an agent reports: its events, collected while it works and sent in batches.
// [MS-WUSP] 2.2.2.3, 3.1.5.11. One thread at a time.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "protocol/client_reporting.hpp"
#include "simulation/revisions.hpp"
#include "simulation/session.hpp"

namespace headwater::simulation {

/// The server's table of events, as far as the simulation sends them.
enum class EventId : std::int16_t {
    kDetected = 147,
    kStatus = 156,
    kDownloadFailed = 161,
    kDownloadSucceeded = 162,
    kDownloadStarted = 167,
    kInstallationStarted = 181,
    kInstallationFailed = 182,
    kInstallationSucceeded = 183
};

/// HRESULTs of failures; 0 is success.
inline constexpr std::uint32_t kWrongDigest = 0x80246002;
inline constexpr std::uint32_t kNotFound = 0x80244019;
inline constexpr std::uint32_t kNotDownloaded = 0x80246007;
inline constexpr std::uint32_t kInstallFailed = 0x80070643;

class Events {
public:
    /// All that is given by reference outlives the Events.
    Events(const AgentState& state, const Facts& facts, const Clock& clock);

    /// How many updates were found to be applicable and not installed.
    void detected(std::size_t updates);
    /// Which updates are applicable (U) and which installed (V): leaf software that is deployed by
    /// itself, never members of bundles.
    void status();
    /// An event of one update.
    /// @param misc  "Key=Value" texts
    void of_update(EventId id, const CachedRevision& revision, std::uint32_t hresult = 0,
                   std::vector<std::string> misc = {});

    /// Sends what was collected and forgets it. Errors besides the session's: "agent.not_reported".
    /// @return the number of events sent
    [[nodiscard]] Result<std::size_t> send(Session& session);

    [[nodiscard]] const std::vector<protocol::client_reporting::ReportingEvent>& pending() const {
        return pending_;
    }

private:
    protocol::client_reporting::ReportingEvent& add(EventId id);

    const AgentState& state_;
    const Facts& facts_;
    const Clock& clock_;
    std::vector<protocol::client_reporting::ReportingEvent> pending_;
};

/// True for an update that an administrator deployed for itself: not for members of bundles and not
/// for what is only evaluated.
[[nodiscard]] bool is_deployed(const CachedRevision& revision);

}  // namespace headwater::simulation
