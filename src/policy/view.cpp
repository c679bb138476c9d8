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

}  // namespace

View::View(std::shared_ptr<const catalog::Snapshot> catalog, Decisions decisions,
           ChangeNumber change)
    : catalog_(std::move(catalog)), change_(change) {
    std::ranges::sort(decisions.declines, {}, &store::Decline::update_id);
    std::ranges::sort(decisions.approvals, {}, &store::Approval::update_id);
    decisions_ = std::make_shared<const Decisions>(std::move(decisions));
}

std::shared_ptr<const Scope> View::scope(std::span<const Guid> groups,
                                         std::span<const Guid> filter) const {
    Key key{sorted(groups), sorted(filter)};
    if (key.first.empty()) {
        key.first.push_back(kUnassignedComputers);
    }
    std::promise<std::shared_ptr<const Scope>> promise;
    Shared shared;
    {
        const std::scoped_lock lock(mutex_);
        if (const auto at = scopes_.find(key); at != scopes_.end()) {
            shared = at->second;
        } else {
            if (scopes_.size() >= kMaxScopes) {
                scopes_.clear();
            }
            scopes_.emplace(key, promise.get_future().share());
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
