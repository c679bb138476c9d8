#pragma once
// What requests read: the catalog and the administrators' decisions as published together. A View
// never changes; a request holds one from its first to its last byte. Any thread.

#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "catalog/snapshot.hpp"
#include "policy/scope.hpp"
#include "store/store.hpp"

namespace headwater::policy {

/// The two groups that every server has. [MS-WSUSSS] 3.1.1
inline constexpr Guid kAllComputers = "a0a08746-4dbe-4a37-9adf-9e7652c0b421"_guid;
inline constexpr Guid kUnassignedComputers = "b73ca6ed-5727-47f3-84de-015e03f6a88a"_guid;

class View {
public:
    View(std::shared_ptr<const catalog::Snapshot> catalog, Decisions decisions,
         ChangeNumber change);
    /// With the decisions of another view.
    View(std::shared_ptr<const catalog::Snapshot> catalog,
         std::shared_ptr<const Decisions> decisions, ChangeNumber change);

    [[nodiscard]] const catalog::Snapshot& catalog() const { return *catalog_; }
    [[nodiscard]] const std::shared_ptr<const catalog::Snapshot>& shared_catalog() const {
        return catalog_;
    }
    [[nodiscard]] const Decisions& decisions() const { return *decisions_; }
    [[nodiscard]] const std::shared_ptr<const Decisions>& shared_decisions() const {
        return decisions_;
    }
    /// The change number that cookies carry.
    [[nodiscard]] ChangeNumber change() const { return change_; }

    /// The scope of computers with these direct memberships (none: Unassigned Computers), limited
    /// to these categories. Built on the first call, then shared; concurrent first calls wait for
    /// one.
    [[nodiscard]] std::shared_ptr<const Scope> scope(std::span<const Guid> groups,
                                                     std::span<const Guid> filter = {}) const;

    /// Builds the scopes that another view is asked for, the most wanted first, so that nobody
    /// waits for them here: at least one, and no more once this time is over.
    void build_scopes_of(const View& before, std::chrono::milliseconds at_most) const;
    [[nodiscard]] std::size_t scope_count() const;

    [[nodiscard]] const store::TargetGroup* group(const Guid& id) const;
    /// By name, in any letter case.
    [[nodiscard]] const store::TargetGroup* group_named(std::string_view name) const;
    [[nodiscard]] bool is_declined(const Guid& update_id) const;
    /// The approvals of one update.
    [[nodiscard]] std::vector<store::Approval> approvals_of(const Guid& update_id) const;

private:
    using Key = std::pair<std::vector<Guid>, std::vector<Guid>>;
    using Shared = std::shared_future<std::shared_ptr<const Scope>>;
    static constexpr std::size_t kMaxScopes = 256;
    struct Kept {
        Shared scope;
        /// How often it was asked for, with half of what was counted for the view before.
        std::uint64_t uses = 0;
    };

    [[nodiscard]] std::shared_ptr<const Scope> scope(const Key& key, std::uint64_t uses) const;

    std::shared_ptr<const catalog::Snapshot> catalog_;
    std::shared_ptr<const Decisions> decisions_;
    ChangeNumber change_;
    mutable std::mutex mutex_;
    mutable std::map<Key, Kept> scopes_;
};

}  // namespace headwater::policy
