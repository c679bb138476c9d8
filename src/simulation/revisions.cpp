#include "simulation/revisions.hpp"

#include <algorithm>
#include <utility>

namespace headwater::simulation {
namespace {

/// Deeper bundles than these were never seen; the bound keeps a hostile chain off the stack.
constexpr unsigned kMaxBundleDepth = 32;

void decide(CachedRevision& revision, const CoreFragment& core, const Facts& facts) {
    const Applicability applicability = evaluate(core, facts);
    revision.unknown_rules = applicability.unknown_rules;
    revision.state = revision.marked_installed ? State::kInstalled : applicability.state();
}

void read_core(CachedRevision& revision, const Facts& facts) {
    const auto core = parse_core(revision.core);
    revision.readable = core.has_value();
    if (!core) {
        revision.state = State::kNotApplicable;
        return;
    }
    revision.update_id = core->update_id;
    revision.revision_number = core->revision_number;
    revision.type = core->type;
    revision.bundled = core->bundled;
    revision.is_bundle = !core->has_rules && !core->bundled.empty();
    decide(revision, *core, facts);
}

bool take_deployment(CachedRevision& revision,
                     const soap::Optional<protocol::client::Deployment>& deployment) {
    if (!deployment) {
        return false;
    }
    const auto before = std::tie(revision.deployment_id, revision.action, revision.deadline);
    const auto after =
        std::tie(deployment->id, deployment->action, deployment->deadline.or_default());
    const bool changed = before != after;
    revision.deployment_id = deployment->id;
    revision.action = deployment->action;
    revision.deadline = deployment->deadline.or_default();
    return changed;
}

}  // namespace

void Revisions::index(const CachedRevision& revision) {
    by_update_[revision.update_id].push_back(revision.id);
}

bool Revisions::add(const protocol::client::UpdateInfo& info, const Facts& facts) {
    const bool known = remove(info.id);
    CachedRevision revision{.id = info.id, .leaf = info.is_leaf, .core = info.xml.or_default()};
    take_deployment(revision, info.deployment);
    read_core(revision, facts);
    index(revision);
    revisions_.emplace(info.id, std::move(revision));
    return !known;
}

void Revisions::restore(CachedRevision revision) {
    remove(revision.id);
    index(revision);
    const RevisionId id = revision.id;
    revisions_.emplace(id, std::move(revision));
}

bool Revisions::change(const protocol::client::UpdateInfo& info) {
    CachedRevision* revision = find(info.id);
    if (revision == nullptr) {
        return false;
    }
    const bool moved = std::exchange(revision->leaf, info.is_leaf) != info.is_leaf;
    return take_deployment(*revision, info.deployment) || moved;
}

bool Revisions::remove(RevisionId id) {
    const auto found = revisions_.find(id);
    if (found == revisions_.end()) {
        return false;
    }
    const auto ids = by_update_.find(found->second.update_id);
    if (ids != by_update_.end()) {
        std::erase(ids->second, id);
        if (ids->second.empty()) {
            by_update_.erase(ids);
        }
    }
    revisions_.erase(found);
    return true;
}

void Revisions::clear() {
    revisions_.clear();
    by_update_.clear();
}

void Revisions::renumber(const std::vector<protocol::client::RefreshCacheResult>& results) {
    std::map<std::pair<Guid, std::int32_t>, CachedRevision> known;
    for (auto& [id, revision] : revisions_) {
        const auto identity = std::pair(revision.update_id, revision.revision_number);
        known.insert_or_assign(identity, std::move(revision));
    }
    clear();
    for (const protocol::client::RefreshCacheResult& result : results) {
        const auto& global = result.global_id.or_default();
        auto node = known.extract({global.update_id, global.revision_number});
        if (node.empty()) {
            continue;
        }
        CachedRevision revision = std::move(node.mapped());
        revision.id = result.revision_id;
        revision.leaf = result.is_leaf;
        take_deployment(revision, result.deployment);
        restore(std::move(revision));
    }
    settle_bundles();
}

void Revisions::evaluate(const Facts& facts) {
    for (auto& [id, revision] : revisions_) {
        read_core(revision, facts);
    }
    by_update_.clear();
    for (const auto& [id, revision] : revisions_) {
        index(revision);
    }
    settle_bundles();
}

State Revisions::settle(const Guid& update, std::set<RevisionId>& settled, unsigned depth) {
    CachedRevision* revision = find(update);
    if (revision == nullptr) {
        return State::kNotApplicable;
    }
    if (!revision->is_bundle || revision->marked_installed ||
        !settled.insert(revision->id).second) {
        return revision->state;
    }
    // What a bundle that contains itself finds of itself.
    revision->state = State::kNotApplicable;
    if (depth < kMaxBundleDepth) {
        revision->state = bundle_state(revision->bundled, [&](const Guid& member) {
            return settle(member, settled, depth + 1);
        });
    }
    return revision->state;
}

void Revisions::settle_bundles() {
    std::set<RevisionId> settled;
    for (auto& [id, revision] : revisions_) {
        if (revision.is_bundle) {
            revision.state = settle(revision.update_id, settled, 0);
        }
    }
}

CachedRevision* Revisions::find(RevisionId id) {
    const auto found = revisions_.find(id);
    return found == revisions_.end() ? nullptr : &found->second;
}

const CachedRevision* Revisions::find(const Guid& update) const {
    const auto ids = by_update_.find(update);
    if (ids == by_update_.end()) {
        return nullptr;
    }
    const CachedRevision* highest = nullptr;
    for (const RevisionId id : ids->second) {
        const CachedRevision& revision = revisions_.at(id);
        if (highest == nullptr || revision.revision_number > highest->revision_number) {
            highest = &revision;
        }
    }
    return highest;
}

CachedRevision* Revisions::find(const Guid& update) {
    const CachedRevision* found = std::as_const(*this).find(update);
    return found == nullptr ? nullptr : find(found->id);
}

State Revisions::state_of(const Guid& update) const {
    const CachedRevision* revision = find(update);
    return revision == nullptr ? State::kNotApplicable : revision->state;
}

Revisions::Lists Revisions::lists(const std::set<RevisionId>& left_out) const {
    Lists lists;
    for (const auto& [id, revision] : revisions_) {
        if (left_out.contains(id)) {
            continue;
        }
        if (!revision.leaf && revision.state == State::kInstalled) {
            lists.installed_non_leaves.push_back(id);
        } else if (revision.type == UpdateType::kDriver) {
            lists.drivers.push_back(id);
        } else {
            lists.others.push_back(id);
        }
    }
    return lists;
}

}  // namespace headwater::simulation
