#pragma once
// The administrators' REST API under /api/v1: thin over the services of the house. It asks nobody
// who he is, so it stands only on the local socket, whose file mode says who may come.
//
// Bodies and answers are JSON. A failure is a problem of RFC 9457: type
// "urn:headwater:error:<code>", the sentence as title, the remedy as detail, and what stood behind
// it as causes.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "base/secret_box.hpp"
#include "base/time.hpp"
#include "content/transfer.hpp"
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
    const SecretBox& secrets;
    diagnosis::Journal& journal;
    diagnosis::HealthMonitor& health;
    const diagnosis::Doctor& doctor;
    const Clock& clock;
    /// Derives the catalog again from its documents, and publishes; returns the number of
    /// revisions.
    std::function<Result<std::size_t>()> rebuild_catalog;
    /// Writes a copy of the database beside it, and returns its path.
    std::function<Result<std::filesystem::path>()> backup;
    std::string version;  ///< of this program
};

/// Puts the API on a router; its answers come from the server's worker threads.
void add_routes(net::Router& router, Services& services);

}  // namespace headwater::admin
