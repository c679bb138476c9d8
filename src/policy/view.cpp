#include "policy/view.hpp"

#include <algorithm>

#include "base/utf.hpp"

namespace headwater::policy {
namespace {

std::vector<Guid> sorted(std::span<const Guid> guids) {
    std::vector<Guid> copy(guids.begin(), guids.end());
    std::ranges::sort(copy);
    copy.erase(std::ranges::unique(copy).begin(), copy.end());
    return copy;
}

std::shared_ptr<const Decisions> in_order(Decisions decisions) {
    std::ranges::sort(decisions.declines, {}, &store::Decline::update_id);
    std::ranges::sort(decisions.approvals, {}, &store::Approval::update_id);
    return std::make_shared<const Decisions>(std::move(decisions));
}

}  // namespace

View::View(std::shared_ptr<const catalog::Snapshot> catalog, Decisions decisions,
           ChangeNumber change)
    : View(std::move(catalog), in_order(std::move(decisions)), change) {}

View::View(std::shared_ptr<const catalog::Snapshot> catalog,
           std::shared_ptr<const Decisions> decisions, ChangeNumber change)
    : catalog_(std::move(catalog)), decisions_(std::move(decisions)), change_(change) {}

std::shared_ptr<const Scope> View::scope(std::span<const Guid> groups,
                                         std::span<const Guid> filter) const {
    Key key{sorted(groups), sorted(filter)};
    if (key.first.empty()) {
        key.first.push_back(kUnassignedComputers);
    }
    return scope(key, 1);
}

std::shared_ptr<const Scope> View::scope(const Key& key, std::uint64_t uses) const {
    std::promise<std::shared_ptr<const Scope>> promise;
    Shared shared;
    {
        const std::scoped_lock lock(mutex_);
        if (const auto at = scopes_.find(key); at != scopes_.end()) {
            shared = at->second.scope;
            at->second.uses += uses;
        } else {
            if (scopes_.size() >= kMaxScopes) {
                scopes_.clear();
            }
            scopes_.emplace(key, Kept{promise.get_future().share(), uses});
        }
    }
    if (shared.valid()) {
        return shared.get();
    }
    try {
        auto made = std::make_shared<const Scope>(*catalog_, *decisions_, key.first, key.second);
        promise.set_value(made);
        return made;
    } catch (...) {
        promise.set_exception(std::current_exception());
        throw;
    }
}

void View::build_scopes_of(const View& before, std::chrono::milliseconds at_most) const {
    std::vector<std::pair<std::uint64_t, Key>> wanted;
    {
        const std::scoped_lock lock(before.mutex_);
        for (const auto& [key, kept] : before.scopes_) {
            if (kept.uses > 0) {
                wanted.emplace_back(kept.uses, key);
            }
        }
    }
    std::ranges::sort(wanted, std::ranges::greater{});
    const auto end = std::chrono::steady_clock::now() + at_most;
    for (const auto& [uses, key] : wanted) {
        static_cast<void>(scope(key, uses / 2));
        if (std::chrono::steady_clock::now() >= end) {
            return;
        }
    }
}

std::size_t View::scope_count() const {
    const std::scoped_lock lock(mutex_);
    return scopes_.size();
}

const store::TargetGroup* View::group(const Guid& id) const {
    const auto at = std::ranges::find(decisions_->groups, id, &store::TargetGroup::id);
    return at == decisions_->groups.end() ? nullptr : &*at;
}

const store::TargetGroup* View::group_named(std::string_view name) const {
    const auto at = std::ranges::find_if(
        decisions_->groups,
        [name](const store::TargetGroup& group) { return equal_ignoring_case(group.name, name); });
    return at == decisions_->groups.end() ? nullptr : &*at;
}

bool View::is_declined(const Guid& update_id) const {
    return std::ranges::binary_search(decisions_->declines, update_id, {},
                                      &store::Decline::update_id);
}

std::vector<store::Approval> View::approvals_of(const Guid& update_id) const {
    const auto range =
        std::ranges::equal_range(decisions_->approvals, update_id, {}, &store::Approval::update_id);
    return {range.begin(), range.end()};
}

}  // namespace headwater::policy
