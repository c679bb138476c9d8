// The scan against a model of the specification's rules written the naive way, over sets of ids.

#include "agents/scan.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "policy/view.hpp"

namespace headwater::agents {
namespace {

using catalog::Revision;
using catalog::RevisionIdentity;
using policy::Action;
using store::ApprovalAction;

Guid guid_of(unsigned number, std::uint8_t kind = 1) {
    Guid guid;
    guid.bytes[0] = kind;
    guid.bytes[14] = static_cast<std::uint8_t>(number >> 8U);
    guid.bytes[15] = static_cast<std::uint8_t>(number);
    return guid;
}

/// The rules of [MS-WUSP] 3.1.5.7, step by step as they stand there, with a loop for each sentence.
class Model {
public:
    Model(std::vector<Revision> catalog, policy::Decisions decisions, std::vector<Guid> groups)
        : catalog_(std::move(catalog)), decisions_(std::move(decisions)) {
        for (const Guid& group : groups) {
            chains_.push_back({});
            for (std::optional<Guid> at = group; at; at = parent(*at)) {
                chains_.back().push_back(*at);
            }
        }
        deploy();
        close();
    }

    [[nodiscard]] bool is_leaf(const Revision& revision) const {
        for (const Revision& other : catalog_) {
            for (const auto& clause : other.prerequisites) {
                for (const Guid& id : clause.alternatives) {
                    if (id == revision.identity.update_id) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    [[nodiscard]] const std::map<std::uint32_t, Action>& scope() const { return scope_; }

    [[nodiscard]] std::set<std::uint32_t> needed(const std::set<std::int32_t>& installed) const {
        std::set<std::uint32_t> needed;
        for (const auto& [id, action] : scope_) {
            if (satisfied(*by_id(id), installed)) {
                needed.insert(id);
            }
        }
        return needed;
    }

    [[nodiscard]] const Revision* by_id(std::uint32_t id) const {
        for (const Revision& revision : catalog_) {
            if (revision.id == id) {
                return &revision;
            }
        }
        return nullptr;
    }

private:
    std::optional<Guid> parent(const Guid& group) const {
        for (const store::TargetGroup& at : decisions_.groups) {
            if (at.id == group) {
                return at.parent;
            }
        }
        return std::nullopt;
    }

    const Revision* newest(const Guid& update) const {
        const Revision* found = nullptr;
        for (const Revision& revision : catalog_) {
            if (revision.identity.update_id == update &&
                (found == nullptr ||
                 found->identity.revision_number < revision.identity.revision_number)) {
                found = &revision;
            }
        }
        return found;
    }

    const Revision* exactly(const RevisionIdentity& identity) const {
        for (const Revision& revision : catalog_) {
            if (revision.identity == identity) {
                return &revision;
            }
        }
        return nullptr;
    }

    static int rank(ApprovalAction action) {
        const std::map<ApprovalAction, int> ranks = {{ApprovalAction::kNotApproved, 0},
                                                     {ApprovalAction::kUninstall, 1},
                                                     {ApprovalAction::kOptionalInstall, 2},
                                                     {ApprovalAction::kInstall, 3},
                                                     {ApprovalAction::kBlock, 4}};
        return ranks.at(action);
    }

    Action decided(const Guid& update) const {
        std::optional<ApprovalAction> best;
        for (const auto& chain : chains_) {
            std::optional<ApprovalAction> here;
            for (const Guid& group : chain) {
                for (const store::Approval& approval : decisions_.approvals) {
                    if (!here && approval.group_id == group && approval.update_id == update) {
                        here = approval.action;
                    }
                }
            }
            if (here && (!best || rank(*best) < rank(*here))) {
                best = here;
            }
        }
        const std::map<ApprovalAction, Action> actions = {
            {ApprovalAction::kNotApproved, Action::kPreDeploymentCheck},
            {ApprovalAction::kUninstall, Action::kUninstall},
            {ApprovalAction::kOptionalInstall, Action::kOptionalInstall},
            {ApprovalAction::kInstall, Action::kInstall},
            {ApprovalAction::kBlock, Action::kBlock}};
        return best ? actions.at(*best) : Action::kPreDeploymentCheck;
    }

    void deploy() {
        for (const Revision& revision : catalog_) {
            bool declined = false;
            for (const store::Decline& decline : decisions_.declines) {
                declined = declined || decline.update_id == revision.identity.update_id;
            }
            if (newest(revision.identity.update_id) == &revision && !declined &&
                revision.explicitly_deployable && revision.type == catalog::UpdateType::kSoftware &&
                revision.publication_state == catalog::PublicationState::kPublished) {
                scope_[revision.id] = decided(revision.identity.update_id);
            }
        }
    }

    void close() {
        std::map<std::uint32_t, Action> before;
        while (before != scope_) {
            before = scope_;
            for (const auto& [id, action] : before) {
                for (const auto& clause : by_id(id)->bundled) {
                    for (const RevisionIdentity& member : clause.alternatives) {
                        const Revision* revision = exactly(member);
                        if (revision != nullptr) {
                            Action& known =
                                scope_.try_emplace(revision->id, Action::kBundle).first->second;
                            known = known == Action::kEvaluate ? Action::kBundle : known;
                        }
                    }
                }
                for (const auto& clause : by_id(id)->prerequisites) {
                    for (const Guid& update : clause.alternatives) {
                        if (const Revision* revision = newest(update)) {
                            scope_.try_emplace(revision->id, Action::kEvaluate);
                        }
                    }
                }
            }
        }
        // No more than one revision of an update.
        for (const auto& [id, action] : before) {
            for (const auto& [other, other_action] : before) {
                const RevisionIdentity& left = by_id(id)->identity;
                const RevisionIdentity& right = by_id(other)->identity;
                if (left.update_id == right.update_id &&
                    left.revision_number < right.revision_number) {
                    scope_.erase(id);
                }
            }
        }
    }

    bool satisfied(const Revision& revision, const std::set<std::int32_t>& installed) const {
        for (const auto& clause : revision.prerequisites) {
            bool any = false;
            for (const std::int32_t id : installed) {
                const Revision* has = by_id(static_cast<std::uint32_t>(id));
                for (const Guid& update : clause.alternatives) {
                    any = any || (has != nullptr && has->identity.update_id == update);
                }
            }
            if (!any) {
                return false;
            }
        }
        return true;
    }

    std::vector<Revision> catalog_;
    policy::Decisions decisions_;
    std::vector<std::vector<Guid>> chains_;
    std::map<std::uint32_t, Action> scope_;
};

/// Small random catalogs with everything that the rules speak of.
class World {
public:
    explicit World(std::uint64_t seed) : random_(seed) {
        make_groups();
        const unsigned updates = 8 + pick(30);
        for (unsigned i = 0; i < updates; ++i) {
            make_update(i);
        }
        make_decisions(updates);
    }

    unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
    bool chance(unsigned percent) { return pick(100) < percent; }

    std::vector<Revision> catalog;
    policy::Decisions decisions;

private:
    void make_groups() {
        decisions.groups.push_back({policy::kAllComputers, "All Computers", std::nullopt, true});
        for (unsigned i = 0; i < 4; ++i) {
            const std::optional<Guid> parent =
                i == 0 || chance(50) ? policy::kAllComputers : guid_of(pick(i), 2);
            decisions.groups.push_back({guid_of(i, 2), "G" + std::to_string(i), parent, false});
        }
    }

    void make_update(unsigned number) {
        const unsigned revisions = chance(20) ? 2 : 1;
        for (unsigned r = 0; r < revisions; ++r) {
            Revision revision;
            revision.id = static_cast<std::uint32_t>(catalog.size()) + 1;
            revision.change = revision.id;
            revision.identity = {guid_of(number), 100 + r};
            if (number < 4 || chance(25)) {
                revision.type =
                    chance(50) ? catalog::UpdateType::kCategory : catalog::UpdateType::kDetectoid;
            } else {
                revision.explicitly_deployable = chance(60);
            }
            revision.publication_state = chance(10) ? catalog::PublicationState::kExpired
                                                    : catalog::PublicationState::kPublished;
            add_relations(revision, number);
            catalog.push_back(revision);
        }
    }

    void add_relations(Revision& revision, unsigned number) {
        for (unsigned clause = pick(4); number > 0 && clause > 0; --clause) {
            catalog::PrerequisiteClause made;
            for (unsigned n = 1 + pick(3); n > 0; --n) {
                // Some prerequisites name updates that are not here, or come later.
                made.alternatives.push_back(guid_of(chance(90) ? pick(number) : pick(60)));
            }
            revision.prerequisites.push_back(made);
        }
        if (revision.type == catalog::UpdateType::kSoftware && !catalog.empty() && chance(40)) {
            catalog::BundleClause clause;
            for (unsigned n = 1 + pick(3); n > 0; --n) {
                clause.alternatives.push_back(
                    catalog[pick(static_cast<unsigned>(catalog.size()))].identity);
            }
            revision.bundled.push_back(clause);
        }
    }

    void make_decisions(unsigned updates) {
        constexpr std::array kActions = {ApprovalAction::kInstall, ApprovalAction::kUninstall,
                                         ApprovalAction::kNotApproved,
                                         ApprovalAction::kOptionalInstall, ApprovalAction::kBlock};
        for (unsigned i = 0; i < updates; ++i) {
            for (const store::TargetGroup& group : decisions.groups) {
                if (chance(15)) {
                    store::Approval approval;
                    approval.deployment_id = i + 1;
                    approval.update_id = guid_of(i);
                    approval.group_id = group.id;
                    approval.action = kActions.at(pick(kActions.size()));
                    decisions.approvals.push_back(approval);
                }
            }
            if (chance(8)) {
                decisions.declines.push_back({guid_of(i), "admin", {}, 1});
            }
        }
    }

    std::mt19937_64 random_;
};

std::shared_ptr<const policy::View> publish(const World& world) {
    return std::make_shared<const policy::View>(catalog::Snapshot::empty()->with(world.catalog),
                                                world.decisions, 1);
}

std::vector<Guid> some_groups(World& world) {
    std::vector<Guid> groups;
    for (const store::TargetGroup& group : world.decisions.groups) {
        if (world.chance(30)) {
            groups.push_back(group.id);
        }
    }
    if (groups.empty()) {
        groups.push_back(policy::kAllComputers);
    }
    return groups;
}

/// A computer that asks until nothing is new, as 3.1.5.7 tells a client to.
class Computer {
public:
    Computer(World& world, const Model& model) : world_(world), model_(model) {}

    void take(const catalog::Snapshot& snapshot, const ScanAnswer& answer) {
        for (const std::int32_t id : answer.out_of_scope) {
            std::erase(installed, id);
            std::erase(others, id);
        }
        for (const catalog::Index index : answer.new_updates) {
            const auto id = static_cast<std::int32_t>(snapshot.revision(index).id);
            const bool non_leaf = !model_.is_leaf(*model_.by_id(static_cast<std::uint32_t>(id)));
            (non_leaf && world_.chance(80) ? installed : others).push_back(id);
        }
    }

    std::vector<std::int32_t> installed;
    std::vector<std::int32_t> others;

private:
    World& world_;
    const Model& model_;
};

void expect_same(const ScanAnswer& answer, const Model& model, const catalog::Snapshot& snapshot,
                 const Computer& computer) {
    const std::set<std::int32_t> installed(computer.installed.begin(), computer.installed.end());
    std::set<std::int32_t> held = installed;
    held.insert(computer.others.begin(), computer.others.end());
    const std::set<std::uint32_t> needed = model.needed(installed);

    std::vector<std::uint32_t> expected;
    for (const bool leaves : {false, true}) {
        for (const std::uint32_t id : needed) {
            if (model.is_leaf(*model.by_id(id)) == leaves &&
                !held.contains(static_cast<std::int32_t>(id))) {
                expected.push_back(id);
            }
        }
    }
    EXPECT_EQ(answer.truncated, expected.size() > Scan::kPageSize);
    expected.resize(std::min(expected.size(), Scan::kPageSize));
    std::vector<std::uint32_t> got;
    for (const catalog::Index index : answer.new_updates) {
        got.push_back(snapshot.revision(index).id);
        EXPECT_EQ(snapshot.is_leaf(index), model.is_leaf(*model.by_id(got.back())));
    }
    EXPECT_EQ(got, expected);

    std::vector<std::int32_t> out;
    for (const std::int32_t id : held) {
        if (id <= 0 || !needed.contains(static_cast<std::uint32_t>(id))) {
            out.push_back(id);
        }
    }
    EXPECT_EQ(answer.out_of_scope, out);
}

TEST(Scan, AgreesWithTheModelThroughWholeScansOfRandomCatalogsAndComputers) {
    for (std::uint64_t seed = 1; seed <= 3000 && !HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        World world(seed);
        const auto view = publish(world);
        const std::vector<Guid> groups = some_groups(world);
        const Model model(world.catalog, world.decisions, groups);
        const auto scope = view->scope(groups);
        std::map<std::uint32_t, Action> actions;
        for (const policy::Deployment& deployment : scope->deployments()) {
            actions[view->catalog().revision(deployment.index).id] = deployment.action;
        }
        ASSERT_EQ(actions, model.scope());

        Computer computer(world, model);
        if (world.chance(50)) {
            computer.others = {9999, -3, static_cast<std::int32_t>(1 + world.pick(20))};
            computer.installed = {static_cast<std::int32_t>(1 + world.pick(20))};
        }
        for (int round = 0; round < 100; ++round) {
            const ScanAnswer answer = Scan(view->catalog(), *scope)
                                          .next({computer.installed, computer.others}, 1'000'000);
            expect_same(answer, model, view->catalog(), computer);
            if (answer.new_updates.empty() && answer.out_of_scope.empty()) {
                break;
            }
            computer.take(view->catalog(), answer);
        }
    }
}

TEST(Scan, TellsOnceWhatChangedSinceTheCookie) {
    World world(5);
    const auto view = publish(world);
    const auto scope = view->scope(std::vector{policy::kAllComputers});
    const Model model(world.catalog, world.decisions, {policy::kAllComputers});
    Computer scanning(world, model);
    const Scan scan(view->catalog(), *scope);
    for (ScanAnswer answer = scan.next({}, 0); !answer.new_updates.empty();
         answer = scan.next({scanning.installed, scanning.others}, 0)) {
        scanning.take(view->catalog(), answer);
    }
    const std::size_t held = scanning.installed.size() + scanning.others.size();
    ASSERT_GT(held, 0U);
    EXPECT_EQ(scan.next({scanning.installed, scanning.others}, 0).changed.size(), held);
    EXPECT_TRUE(scan.next({scanning.installed, scanning.others}, 1'000'000).changed.empty());
}

TEST(Scan, PutsRepeatedAndUnknownIdsOutOfScopeOnce) {
    World world(7);
    const auto view = publish(world);
    const auto scope = view->scope(std::vector{policy::kAllComputers});
    const std::vector<std::int32_t> installed = {77777, 77777, 0, -1};
    const std::vector<std::int32_t> others = {77777, 88888};
    const ScanAnswer answer = Scan(view->catalog(), *scope).next({installed, others}, 0);
    EXPECT_EQ(answer.out_of_scope, (std::vector<std::int32_t>{-1, 0, 77777, 88888}));
}

}  // namespace
}  // namespace headwater::agents
