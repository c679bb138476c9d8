#pragma once
// The revisions that an agent keeps: what the server sent of each, and its state on this computer.
// [MS-WUSP] 3.2.1, Revision and Deployment tables. One thread at a time.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/client.hpp"
#include "simulation/applicability.hpp"

namespace headwater::simulation {

using protocol::client::DeploymentAction;
/// Local to one server; [MS-WUSP] calls them revision ids.
using RevisionId = std::int32_t;

struct CachedRevision {
    RevisionId id = 0;
    Guid update_id = {};
    std::int32_t revision_number = 0;
    UpdateType type = UpdateType::kSoftware;
    bool leaf = true;
    std::int32_t deployment_id = 0;
    DeploymentAction action = DeploymentAction::kEvaluate;
    std::string deadline = {};  ///< empty for none
    std::string core = {};
    bool marked_installed = false;  ///< installed, though no rule can tell
    bool has_details = false;       ///< title and files were asked for
    std::string title = {};
    std::vector<UpdateFile> files = {};

    // Told by the core fragment and the facts, thus not kept in the cache file.
    State state = State::kNotApplicable;
    bool readable = true;  ///< false for a core fragment that cannot be parsed: not applicable
    std::size_t unknown_rules = 0;
    std::vector<BundleClause> bundled = {};
    bool is_bundle = false;  ///< its members tell its state
};

class Revisions {
public:
    /// Takes over what a page of SyncUpdates says. A known id is replaced.
    /// @return true if it was not known
    bool add(const protocol::client::UpdateInfo& info, const Facts& facts);
    /// Puts in what a cache file holds; evaluate() has to follow.
    void restore(CachedRevision revision);
    /// Takes over deployment and IsLeaf; an id that is not known is nothing.
    /// @return true if something changed
    bool change(const protocol::client::UpdateInfo& info);
    /// @return true if it was known
    bool remove(RevisionId id);
    void clear();
    /// Takes new ids, leaves and deployments over; what has none is removed. [MS-WUSP] 3.1.5.8
    void renumber(const std::vector<protocol::client::RefreshCacheResult>& results);

    /// Decides the state of each revision anew.
    void evaluate(const Facts& facts);
    /// Decides the state of bundles anew; the others keep theirs.
    void settle_bundles();

    [[nodiscard]] const std::map<RevisionId, CachedRevision>& all() const { return revisions_; }
    [[nodiscard]] bool contains(RevisionId id) const { return revisions_.contains(id); }
    /// Null for an unknown one; valid until it is removed.
    [[nodiscard]] CachedRevision* find(RevisionId id);
    /// The highest revision of an update; null without one.
    [[nodiscard]] CachedRevision* find(const Guid& update);
    [[nodiscard]] const CachedRevision* find(const Guid& update) const;
    /// kNotApplicable for one that is not here.
    [[nodiscard]] State state_of(const Guid& update) const;

    /// The lists of SyncUpdates, each without the ids to leave out, ascending.
    struct Lists {
        std::vector<RevisionId> installed_non_leaves;
        std::vector<RevisionId> others;
        std::vector<RevisionId> drivers;
        bool operator==(const Lists&) const = default;
    };
    [[nodiscard]] Lists lists(const std::set<RevisionId>& left_out) const;

private:
    void index(const CachedRevision& revision);
    State settle(const Guid& update, std::set<RevisionId>& settled, unsigned depth);

    std::map<RevisionId, CachedRevision> revisions_;
    std::unordered_map<Guid, std::vector<RevisionId>> by_update_;
};

}  // namespace headwater::simulation
