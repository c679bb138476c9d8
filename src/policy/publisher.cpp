#include "policy/publisher.hpp"

#include "policy/options.hpp"

namespace headwater::policy {
namespace {

/// A scope takes a tenth of a second for 100,000 revisions; the first agent that needs another one
/// waits for that.
constexpr std::chrono::milliseconds kMostForScopes{1'000};

}  // namespace

Publisher::Publisher(store::Store& store)
    : store_(store),
      view_(
          std::make_shared<const View>(catalog::Snapshot::empty(), Decisions{}, ChangeNumber{0})) {}

Result<> Publisher::load() {
    return refresh();
}

Result<> Publisher::reload() {
    const std::scoped_lock publishing(publishing_);
    return publish_after(catalog::Snapshot::empty(), Read::kAll);
}

Result<> Publisher::refresh() {
    const std::scoped_lock publishing(publishing_);
    return publish_after(view()->shared_catalog(), Read::kAll);
}

Result<> Publisher::refresh_revisions() {
    const std::scoped_lock publishing(publishing_);
    return publish_after(view()->shared_catalog(), Read::kWhatChanged);
}

Result<> Publisher::publish_after(const std::shared_ptr<const catalog::Snapshot>& before,
                                  Read read) {
    // Read first: a view has everything up to its change, because agents are told no earlier change
    // again. What is committed after this is seen by the next refresh.
    const auto change = store_.last_change();
    if (!change) {
        return std::unexpected(change.error());
    }
    const auto shown = view();
    if (read == Read::kWhatChanged && *change == shown->change()) {
        return {};
    }
    std::vector<catalog::Revision> added;
    const auto done = store_.for_each_revision(before->change(), [&](catalog::Revision&& revision) {
        if (revision.change <= *change) {
            added.push_back(std::move(revision));
        }
    });
    if (!done) {
        return std::unexpected(done.error());
    }
    const auto next =
        next_view(added.empty() ? before : before->with(std::move(added)), *change, read);
    if (!next) {
        return std::unexpected(next.error());
    }
    (*next)->build_scopes_of(*shown, kMostForScopes);
    {
        const std::scoped_lock lock(mutex_);
        view_ = *next;
    }
    for (const auto& listener : listeners_) {
        listener(*next);
    }
    return {};
}

Result<std::shared_ptr<const View>> Publisher::next_view(
    std::shared_ptr<const catalog::Snapshot> catalog, ChangeNumber change, Read read) {
    // Before the decisions: those that are made meanwhile are read again, and none is left out.
    const auto decided = store_.last_decision();
    if (!decided) {
        return std::unexpected(decided.error());
    }
    if (read == Read::kWhatChanged && decided_ == *decided) {
        return std::make_shared<const View>(std::move(catalog), view()->shared_decisions(), change);
    }
    auto decisions = read_decisions();
    if (!decisions) {
        return std::unexpected(decisions.error());
    }
    decided_ = *decided;
    return std::make_shared<const View>(std::move(catalog), std::move(*decisions), change);
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
