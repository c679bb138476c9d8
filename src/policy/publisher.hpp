#pragma once
// Publishes the View: loads it at the start, and after each committed change builds the next one
// from the one before. Owned by the composition. view() never blocks on a publication; the rest is
// serialized.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "policy/view.hpp"
#include "store/store.hpp"

namespace headwater::policy {

class Publisher {
public:
    explicit Publisher(store::Store& store);

    /// Reads everything; before the first request.
    [[nodiscard]] Result<> load();
    /// Reads everything again, after what is derived of revisions was derived anew.
    [[nodiscard]] Result<> reload();
    /// Reads the revisions of changes after the published one, and the decisions.
    [[nodiscard]] Result<> refresh();
    /// The same for whoever stored revisions alone: publishes nothing where nothing changed, and
    /// reads the decisions only if one was made since they were read.
    [[nodiscard]] Result<> refresh_revisions();

    [[nodiscard]] std::shared_ptr<const View> view() const;

    /// Called after each publication, on the thread that published. Set before load().
    void on_publish(std::function<void(const std::shared_ptr<const View>&)> listener);

private:
    enum class Read : std::uint8_t { kAll, kWhatChanged };

    [[nodiscard]] Result<Decisions> read_decisions() const;
    /// The decisions up to a change at least.
    [[nodiscard]] Result<std::shared_ptr<const View>> next_view(
        std::shared_ptr<const catalog::Snapshot> catalog, ChangeNumber change, Read read);
    [[nodiscard]] Result<> publish_after(const std::shared_ptr<const catalog::Snapshot>& before,
                                         Read read);

    store::Store& store_;
    std::mutex publishing_;
    std::optional<ChangeNumber> decided_;  ///< the last decision that the view has for sure
    mutable std::mutex mutex_;
    std::shared_ptr<const View> view_;
    std::vector<std::function<void(const std::shared_ptr<const View>&)>> listeners_;
};

}  // namespace headwater::policy
