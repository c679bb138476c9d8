#pragma once
// The administrators' REST API under /api/v1 and the console beside it: thin over the services of
// the house. On the local socket it asks nobody who he is, because the socket's file mode says who
// may come; over the network it asks for a session.
//
// Bodies and answers are JSON. A failure is a problem of RFC 9457: type
// "urn:headwater:error:<code>", the sentence as title, the remedy as detail, and what stood behind
// it as causes.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "admin/accounts.hpp"
#include "base/error.hpp"
#include "base/secret_box.hpp"
#include "base/time.hpp"
#include "content/transfer.hpp"
#include "content/upkeep.hpp"
#include "diagnosis/doctor.hpp"
#include "diagnosis/health_monitor.hpp"
#include "diagnosis/journal.hpp"
#include "net/server.hpp"
#include "policy/administration.hpp"
#include "policy/publisher.hpp"
#include "store/store.hpp"
#include "upstream/scheduler.hpp"
#include "upstream/synchronizer.hpp"

namespace headwater::admin {

/// What the API drives. Owned by the composition; outlives the server that answers.
struct Services {
    store::Store& store;
    policy::Publisher& publisher;
    policy::Administration& administration;
    upstream::Synchronizer& synchronizer;
    upstream::Scheduler& scheduler;
    content::Transfer& transfer;
    content::Upkeep& upkeep;
    const SecretBox& secrets;
    diagnosis::Journal& journal;
    diagnosis::HealthMonitor& health;
    const diagnosis::Doctor& doctor;
    const Clock& clock;
    Accounts& accounts;
    /// Derives the catalog again from its documents, and publishes; returns the number of
    /// revisions.
    std::function<Result<std::size_t>()> rebuild_catalog;
    /// Writes a copy of the database beside it, and returns its path.
    std::function<Result<std::filesystem::path>()> backup;
    std::string version;  ///< of this program
};

/// Owned by the composition; ends before what it drives, and after the servers that answer.
class Api {
public:
    explicit Api(Services& services);
    ~Api();
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    /// The API as the local socket has it.
    void add_local_routes(net::Router& router);
    /// The API behind a sign-in, and the console.
    void add_network_routes(net::Router& router);
    /// Ends the streams that browsers follow.
    void stop();
    /// "GET updates/{}" of each operation.
    [[nodiscard]] std::vector<std::string> operations() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace headwater::admin
