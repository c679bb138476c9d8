#include "policy/scope.hpp"

#include <algorithm>
#include <unordered_set>

namespace headwater::policy {
namespace {

using catalog::kNone;
using catalog::Snapshot;

// Deployments that no administrator made have ids of a range of their own, steady for a revision.
constexpr std::uint32_t kImpliedDeployments = 0x4000'0000U;

/// What approvals for several groups mean for one computer in all of them: the stronger action
/// wins.
int strength(store::ApprovalAction action) {
    switch (action) {
        case store::ApprovalAction::kBlock:
            return 4;
        case store::ApprovalAction::kInstall:
            return 3;
        case store::ApprovalAction::kOptionalInstall:
            return 2;
        case store::ApprovalAction::kUninstall:
            return 1;
        case store::ApprovalAction::kNotApproved:
            break;
    }
    return 0;
}

Action action_of(store::ApprovalAction action) {
    switch (action) {
        case store::ApprovalAction::kInstall:
            return Action::kInstall;
        case store::ApprovalAction::kOptionalInstall:
            return Action::kOptionalInstall;
        case store::ApprovalAction::kUninstall:
            return Action::kUninstall;
        case store::ApprovalAction::kBlock:
            return Action::kBlock;
        case store::ApprovalAction::kNotApproved:
            break;
    }
    return Action::kPreDeploymentCheck;
}

bool intersects(std::span<const UpdateIndex> left, std::span<const UpdateIndex> right) {
    auto a = left.begin();
    auto b = right.begin();
    while (a != left.end() && b != right.end()) {
        if (*a == *b) {
            return true;
        }
        ++(*a < *b ? a : b);
    }
    return false;
}

/// For one update: the approval that holds for a computer, and the newest change among all that
/// count.
struct Effective {
    const store::Approval* approval = nullptr;
    ChangeNumber change = 0;
    Time changed{};
};

class Approvals {
public:
    Approvals(const Decisions& decisions, std::span<const Guid> groups) {
        std::unordered_map<Guid, std::optional<Guid>> parents;
        for (const store::TargetGroup& group : decisions.groups) {
            parents.emplace(group.id, group.parent);
        }
        for (const Guid& group : groups) {
            chains_.push_back(chain(parents, group));
        }
        for (const store::Approval& approval : decisions.approvals) {
            by_update_[approval.update_id].push_back(&approval);
        }
    }

    [[nodiscard]] Effective effective(const Guid& update_id) const {
        Effective result;
        const auto at = by_update_.find(update_id);
        if (at == by_update_.end()) {
            return result;
        }
        for (const std::vector<Guid>& chain : chains_) {
            bool decided = false;
            for (const Guid& group : chain) {
                const auto row = std::ranges::find(at->second, group, &store::Approval::group_id);
                if (row == at->second.end()) {
                    continue;
                }
                result.change = std::max(result.change, (*row)->change);
                result.changed = std::max(result.changed, (*row)->changed);
                if (!decided) {
                    decided = true;
                    result.approval = stronger(result.approval, *row);
                }
            }
        }
        return result;
    }

    /// Of each direct membership, the narrowest group first.
    [[nodiscard]] const std::vector<std::vector<Guid>>& chains() const { return chains_; }

private:
    static std::vector<Guid> chain(const std::unordered_map<Guid, std::optional<Guid>>& parents,
                                   Guid group) {
        std::vector<Guid> chain;
        // A parent that leads back to a child ends the walk: the store does not forbid what a hand
        // wrote.
        while (std::ranges::find(chain, group) == chain.end()) {
            chain.push_back(group);
            const auto at = parents.find(group);
            if (at == parents.end() || !at->second) {
                break;
            }
            group = *at->second;
        }
        return chain;
    }

    static const store::Approval* stronger(const store::Approval* left,
                                           const store::Approval* right) {
        if (left == nullptr) {
            return right;
        }
        if (strength(left->action) != strength(right->action)) {
            return strength(left->action) > strength(right->action) ? left : right;
        }
        const auto deadline = [](const store::Approval* of) {
            return of->deadline.value_or(Time::max());
        };
        return deadline(left) <= deadline(right) ? left : right;
    }

    std::vector<std::vector<Guid>> chains_;
    std::unordered_map<Guid, std::vector<const store::Approval*>> by_update_;
};

std::uint64_t mark_of(const std::vector<std::vector<Guid>>& chains, std::span<const Guid> filter) {
    std::uint64_t mark = chains.size();
    const auto add = [&mark](std::span<const Guid> guids) {
        mark = (mark ^ guids.size()) * 0x9e3779b97f4a7c15U;
        for (const Guid& guid : guids) {
            mark = (mark ^ std::hash<Guid>{}(guid)) * 0x9e3779b97f4a7c15U;
        }
    };
    for (const std::vector<Guid>& chain : chains) {
        add(chain);
    }
    add(filter);
    return mark;
}

}  // namespace

std::string_view name_of(Action action) {
    switch (action) {
        case Action::kInstall:
            return "Install";
        case Action::kOptionalInstall:
            return "OptionalInstall";
        case Action::kUninstall:
            return "Uninstall";
        case Action::kPreDeploymentCheck:
            return "PreDeploymentCheck";
        case Action::kBlock:
            return "Block";
        case Action::kBundle:
            return "Bundle";
        case Action::kEvaluate:
            break;
    }
    return "Evaluate";
}

/// Fills a Scope in three steps: what is deployed, what that needs, how a scan finds it.
class ScopeBuilder {
public:
    ScopeBuilder(Scope& scope, const Snapshot& catalog) : scope_(scope), catalog_(catalog) {
        scope_.catalog_ = &catalog;
        scope_.slots_.assign(catalog.size(), kNone);
    }

    void deploy(const Decisions& decisions, std::span<const Guid> groups,
                std::span<const Guid> filter) {
        const Approvals approvals(decisions, groups);
        scope_.mark_ = mark_of(approvals.chains(), filter);
        std::unordered_set<Guid> declined;
        for (const store::Decline& decline : decisions.declines) {
            declined.insert(decline.update_id);
        }
        Roaring wanted;
        for (const Guid& category : filter) {
            const UpdateIndex update = catalog_.find_update(category);
            if (update != kNone) {
                wanted |= catalog_.naming(update);
                enter(catalog_.newest(update), Action::kEvaluate);
            }
        }
        for (UpdateIndex update = 0; update < catalog_.update_count(); ++update) {
            const Index index = catalog_.newest(update);
            if (index != kNone && is_deployable(catalog_.revision(index)) &&
                (filter.empty() || wanted.contains(index)) &&
                !declined.contains(catalog_.update_id(update))) {
                Effective effective = approvals.effective(catalog_.update_id(update));
                if (const auto at = decisions.declines_taken_back.find(catalog_.update_id(update));
                    at != decisions.declines_taken_back.end()) {
                    effective.change = std::max(effective.change, at->second);
                }
                deploy(index, effective);
            }
        }
    }

    /// Everything that what is here names, with all alternatives; it grows while it is walked.
    void close() {
        for (std::size_t i = 0; i < scope_.deployments_.size(); ++i) {
            const Index index = scope_.deployments_[i].index;
            for (const catalog::BundleClause& clause : catalog_.revision(index).bundled) {
                for (const catalog::RevisionIdentity& member : clause.alternatives) {
                    enter(catalog_.find(member), Action::kBundle);
                }
            }
            for (const auto& clause : catalog_.signature(catalog_.at(index).signature).clauses) {
                for (const UpdateIndex update : clause) {
                    enter(catalog_.newest(update), Action::kEvaluate);
                }
            }
        }
        keep_one_revision_of_each_update();
    }

    void arrange() {
        std::ranges::sort(scope_.deployments_, {}, &Deployment::index);
        std::ranges::fill(scope_.slots_, kNone);
        std::unordered_map<SignatureIndex, std::uint32_t> positions;
        for (std::uint32_t slot = 0; slot < scope_.deployments_.size(); ++slot) {
            const Deployment& deployment = scope_.deployments_[slot];
            scope_.slots_[deployment.index] = slot;
            const SignatureIndex signature = catalog_.at(deployment.index).signature;
            const auto [at, is_new] = positions.try_emplace(
                signature, static_cast<std::uint32_t>(scope_.signatures_.size()));
            if (is_new) {
                scope_.signatures_.push_back({signature, {}, {}});
            }
            SignatureMembers& members = scope_.signatures_[at->second];
            (catalog_.is_leaf(deployment.index) ? members.leaves : members.non_leaves)
                .push_back(deployment.index);
        }
        index_signatures();
    }

private:
    // Drivers are offered by the driver pass, which has rules of its own.
    static bool is_deployable(const catalog::Revision& revision) {
        return revision.type == catalog::UpdateType::kSoftware && revision.explicitly_deployable &&
               revision.publication_state == catalog::PublicationState::kPublished;
    }

    void deploy(Index index, const Effective& effective) {
        const std::size_t slot = enter(index, Action::kPreDeploymentCheck);
        Deployment& deployment = scope_.deployments_[slot];
        if (effective.approval != nullptr) {
            deployment.action = action_of(effective.approval->action);
            deployment.deadline = effective.approval->deadline;
            deployment.id = effective.approval->deployment_id;
        } else {
            deployment.action = Action::kPreDeploymentCheck;
        }
        deployment.change = std::max(deployment.change, effective.change);
        deployment.last_change = std::max(deployment.last_change, effective.changed);
    }

    std::size_t enter(Index index, Action action) {
        if (index == kNone) {
            return kNone;
        }
        std::uint32_t& slot = scope_.slots_[index];
        if (slot == kNone) {
            slot = static_cast<std::uint32_t>(scope_.deployments_.size());
            const catalog::Revision& revision = catalog_.revision(index);
            scope_.deployments_.push_back({index, action, kImpliedDeployments + revision.id,
                                           catalog_.leaf_change(index), revision.imported,
                                           std::nullopt});
        } else if (Deployment& known = scope_.deployments_[slot];
                   known.action == Action::kEvaluate && action == Action::kBundle) {
            known.action = action;
        }
        return slot;
    }

    // "The server MUST send no more than one revision for a given Update." [MS-WUSP] 3.1.5.7
    void keep_one_revision_of_each_update() {
        std::unordered_map<UpdateIndex, Index> highest;
        const auto number = [this](Index index) {
            return catalog_.revision(index).identity.revision_number;
        };
        for (const Deployment& deployment : scope_.deployments_) {
            const auto [at, is_new] =
                highest.try_emplace(catalog_.at(deployment.index).update, deployment.index);
            if (!is_new && number(at->second) < number(deployment.index)) {
                at->second = deployment.index;
            }
        }
        std::erase_if(scope_.deployments_, [&](const Deployment& deployment) {
            return highest.at(catalog_.at(deployment.index).update) != deployment.index;
        });
    }

    // A signature is looked at only when one of the alternatives of its rarest clause is installed:
    // the clause that the fewest signatures share, such as the product, rather than "any x64
    // Windows".
    void index_signatures() {
        std::unordered_map<UpdateIndex, std::uint32_t> popularity;
        for (const SignatureMembers& members : scope_.signatures_) {
            for (const auto& clause : catalog_.signature(members.signature).clauses) {
                for (const UpdateIndex update : clause) {
                    ++popularity[update];
                }
            }
        }
        for (std::uint32_t i = 0; i < scope_.signatures_.size(); ++i) {
            const auto& clauses = catalog_.signature(scope_.signatures_[i].signature).clauses;
            if (clauses.empty()) {
                scope_.unconditional_.push_back(i);
                continue;
            }
            const auto cost = [&popularity](const std::vector<UpdateIndex>& clause) {
                std::uint64_t sum = 0;
                for (const UpdateIndex update : clause) {
                    sum += popularity[update];
                }
                return sum;
            };
            for (const UpdateIndex update : *std::ranges::min_element(clauses, {}, cost)) {
                scope_.reachable_from_[update].push_back(i);
            }
        }
    }

    Scope& scope_;
    const Snapshot& catalog_;
};

Scope::Scope(const Snapshot& catalog, const Decisions& decisions, std::span<const Guid> groups,
             std::span<const Guid> filter)
    : catalog_(&catalog) {
    ScopeBuilder builder(*this, catalog);
    builder.deploy(decisions, groups, filter);
    builder.close();
    builder.arrange();
}

const Deployment* Scope::find(Index index) const {
    if (index >= slots_.size() || slots_[index] == kNone) {
        return nullptr;
    }
    return &deployments_[slots_[index]];
}

Needed Scope::needed(std::span<const UpdateIndex> installed) const {
    Needed needed;
    const auto take = [this, &needed](std::uint32_t position) {
        const SignatureMembers& members = signatures_[position];
        needed.non_leaves.insert(needed.non_leaves.end(), members.non_leaves.begin(),
                                 members.non_leaves.end());
        needed.leaves.insert(needed.leaves.end(), members.leaves.begin(), members.leaves.end());
    };
    for (const std::uint32_t position : unconditional_) {
        take(position);
    }
    std::vector<std::uint32_t> reachable;
    for (const UpdateIndex update : installed) {
        if (const auto at = reachable_from_.find(update); at != reachable_from_.end()) {
            reachable.insert(reachable.end(), at->second.begin(), at->second.end());
        }
    }
    std::ranges::sort(reachable);
    reachable.erase(std::ranges::unique(reachable).begin(), reachable.end());
    for (const std::uint32_t position : reachable) {
        const auto& clauses = catalog_->signature(signatures_[position].signature).clauses;
        if (std::ranges::all_of(clauses, [&](const auto& clause) {
                return clause.size() == 1 ? std::ranges::binary_search(installed, clause.front())
                                          : intersects(clause, installed);
            })) {
            take(position);
        }
    }
    std::ranges::sort(needed.non_leaves);
    std::ranges::sort(needed.leaves);
    for (const auto* list : {&needed.non_leaves, &needed.leaves}) {
        for (const Index index : *list) {
            needed.newest_change = std::max(needed.newest_change, find(index)->change);
        }
    }
    return needed;
}

std::shared_ptr<const Needed> Scope::needed_shared(std::span<const UpdateIndex> installed) const {
    if (auto known = memo_.find(installed)) {
        return known;
    }
    auto made = std::make_shared<const Needed>(needed(installed));
    memo_.put(installed, made);
    return made;
}

}  // namespace headwater::policy
