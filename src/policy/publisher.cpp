#include "policy/publisher.hpp"

#include "policy/options.hpp"

namespace headwater::policy {

Publisher::Publisher(store::Store& store)
    : store_(store),
      view_(
          std::make_shared<const View>(catalog::Snapshot::empty(), Decisions{}, ChangeNumber{0})) {}

Result<> Publisher::load() {
    return refresh();
}

Result<> Publisher::reload() {
    const std::scoped_lock publishing(publishing_);
    return publish_after(catalog::Snapshot::empty());
}

Result<> Publisher::refresh() {
    const std::scoped_lock publishing(publishing_);
    return publish_after(view()->shared_catalog());
}

Result<> Publisher::publish_after(const std::shared_ptr<const catalog::Snapshot>& before) {
    // Read first: what is committed after this is seen by the next refresh, and never lost between.
    const auto change = store_.last_change();
    if (!change) {
        return std::unexpected(change.error());
    }
    auto decisions = read_decisions();
    if (!decisions) {
        return std::unexpected(decisions.error());
    }
    std::vector<catalog::Revision> added;
    const auto read = store_.for_each_revision(
        before->change(),
        [&added](catalog::Revision&& revision) { added.push_back(std::move(revision)); });
    if (!read) {
        return std::unexpected(read.error());
    }
    auto catalog = added.empty() ? before : before->with(std::move(added));
    const ChangeNumber published = std::max(*change, catalog->change());
    auto next = std::make_shared<const View>(std::move(catalog), std::move(*decisions), published);
    {
        const std::scoped_lock lock(mutex_);
        view_ = next;
    }
    for (const auto& listener : listeners_) {
        listener(next);
    }
    return {};
}

std::shared_ptr<const View> Publisher::view() const {
    const std::scoped_lock lock(mutex_);
    return view_;
}

void Publisher::on_publish(std::function<void(const std::shared_ptr<const View>&)> listener) {
    listeners_.push_back(std::move(listener));
}

Result<Decisions> Publisher::read_decisions() const {
    auto groups = store_.groups();
    if (!groups) {
        return std::unexpected(groups.error());
    }
    auto approvals = store_.approvals();
    if (!approvals) {
        return std::unexpected(approvals.error());
    }
    auto declines = store_.declines();
    if (!declines) {
        return std::unexpected(declines.error());
    }
    auto taken_back = store_.declines_taken_back();
    if (!taken_back) {
        return std::unexpected(taken_back.error());
    }
    auto content = load_content_options(store_);
    if (!content) {
        return std::unexpected(content.error());
    }
    auto synchronization = load_sync_options(store_);
    if (!synchronization) {
        return std::unexpected(synchronization.error());
    }
    return Decisions{std::move(*groups),   std::move(*approvals),
                     std::move(*declines), std::move(*taken_back),
                     std::move(*content),  std::move(synchronization->languages)};
}

}  // namespace headwater::policy
