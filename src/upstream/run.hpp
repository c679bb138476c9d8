#pragma once
// One synchronization, as numbered stages:
//
//   1 connect     handshake, GetConfigData
//   2 categories  list them, fetch and store what is not here, publish
//   3 updates     list what the choice of products and classifications selects
//   4 documents   fetch and store what is not here, then the members of bundles that are still
//   missing 5 publish     publish, and only now store the anchors
//
// Documents are stored batch by batch as they come, so that a run that ends at any instant repeats
// at most the batches that were under way. Used by one thread; fetches on several of its own.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "policy/options.hpp"
#include "policy/publisher.hpp"
#include "store/store.hpp"
#include "upstream/progress.hpp"
#include "upstream/session.hpp"

namespace headwater::upstream {

class Run {
public:
    Run(store::Store& store, policy::Publisher& publisher, Session& session, ProgressBoard& board,
        const Clock& clock, std::shared_ptr<const net::CancelToken> cancel,
        policy::SyncOptions options);

    /// Runs all stages and adds counts, requests, bytes and stages to the record. Errors: those of
    /// Session and of the store; "sync.cancelled"; "sync.documents" when documents could not be
    /// used (the first ones are named): everything else is stored, the anchors are not.
    /// An upstream that says ServerChanged has forgotten us: the anchors are forgotten, and the
    /// stages run once more. [MS-WSUSSS] 2.2.9.3
    [[nodiscard]] Result<> execute(store::SyncRun& record);

private:
    using Identities = std::vector<catalog::RevisionIdentity>;

    [[nodiscard]] Result<> all_stages();
    [[nodiscard]] Result<> connect();
    [[nodiscard]] Result<> categories();
    [[nodiscard]] Result<> updates();
    [[nodiscard]] Result<> members_of_bundles();
    [[nodiscard]] Result<> finish();
    [[nodiscard]] Result<> forget_anchors();

    void begin_stage(const std::string& name);
    void end_stage();
    [[nodiscard]] Identities missing(const std::vector<protocol::UpdateIdentity>& listed) const;
    [[nodiscard]] Result<> fetch(const Identities& wanted);
    [[nodiscard]] Result<> fetch_batch(std::span<const catalog::RevisionIdentity> batch);
    /// Returns what the upstream left out of its answer.
    [[nodiscard]] Result<Identities> store_batch(
        std::span<const catalog::RevisionIdentity> batch,
        const protocol::server_sync::ServerUpdateData& data);
    void note_bad(const catalog::RevisionIdentity& identity, const Error& error);
    void forget_bad_ones_that_came();

    store::Store& store_;
    policy::Publisher& publisher_;
    Session& session_;
    ProgressBoard& board_;
    const Clock& clock_;
    std::shared_ptr<const net::CancelToken> cancel_;
    policy::SyncOptions options_;

    std::int64_t run_id_ = 0;
    std::optional<WaitMeter::Work> works_;  ///< of the thread that executes the run
    std::size_t batch_size_ = 100;
    std::string category_anchor_;
    std::string update_anchor_;
    std::string chosen_;  // the choice that update_anchor_ belongs to, as stored beside it

    std::mutex mutex_;
    store::ChangeCounts counts_;
    std::set<catalog::RevisionIdentity> bad_;
    std::vector<std::pair<catalog::RevisionIdentity, Error>> bad_errors_;  // of the first ones

    struct Stage {
        std::string name;
        Time started;
        // Of the session at its start, until it is over.
        std::uint64_t requests = 0;
        std::uint64_t bytes = 0;
        double waited = 0;
        double seconds = 0;
        bool is_over = false;
    };
    std::vector<Stage> stages_;
};

}  // namespace headwater::upstream
