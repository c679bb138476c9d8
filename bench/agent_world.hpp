#pragma once
// A server's inside with a generated catalog and an agent that has scanned it: what the benchmarks
// of scans ask. One thread.

#include <cstdint>
#include <memory>
#include <string>

#include "agents/services.hpp"
#include "policy/publisher.hpp"
#include "store/store.hpp"
#include "tools.hpp"

namespace headwater::bench {

/// The requests of one agent that are worth measuring, as they went over the wire.
struct Requests {
    std::string first_scan;    ///< SyncUpdates of an agent that holds nothing
    std::string nothing_new;   ///< SyncUpdates of an agent that holds everything
    std::string details;       ///< GetExtendedUpdateInfo
    std::size_t held_ids = 0;  ///< in the request with nothing new
};

/// What becomes of the updates that are not approved.
enum class Rest { kDeclined, kDetected };

/// Approves the newest updates of the catalog that may be approved, for all computers. With the
/// rest declined, as administrators of large fleets do, a computer holds about as much whatever the
/// catalog holds; otherwise it evaluates all of it that is for its products.
void approve_newest(store::Store& store, policy::Publisher& publisher, std::size_t updates,
                    Rest rest);

class AgentWorld {
public:
    /// @param approved  updates that are approved for all computers
    AgentWorld(std::uint32_t revisions, std::size_t approved, Rest rest);
    AgentWorld(const AgentWorld&) = delete;
    AgentWorld& operator=(const AgentWorld&) = delete;

    [[nodiscard]] const Requests& requests() const { return requests_; }
    [[nodiscard]] const policy::Publisher& publisher() const { return *publisher_; }
    /// Handles one request as the server's worker thread does. Throws for an answer that is none.
    std::size_t call(std::string_view operation, const std::string& body) const;

private:
    void scan();

    TemporaryFolder folder_;
    SystemClock clock_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<policy::Publisher> publisher_;
    std::unique_ptr<protocol::Sealer> sealer_;
    std::unique_ptr<agents::Services> services_;
    Requests requests_;
};

}  // namespace headwater::bench
