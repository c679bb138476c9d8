#pragma once
// What an administrator does with updates, groups and computers: checked, stored, published. Owned
// by the composition; any thread.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/options.hpp"
#include "policy/publisher.hpp"

namespace headwater::policy {

class Administration {
public:
    Administration(store::Store& store, Publisher& publisher, const Clock& clock);

    /// Approves (or un-approves) updates for groups, and publishes. Errors: "update.unknown",
    /// "update.not_deployable" (a category, a detectoid, a member of bundles), "update.expired",
    /// "update.declined", "group.unknown".
    [[nodiscard]] Result<> approve(std::span<const Guid> updates, std::span<const Guid> groups,
                                   store::ApprovalAction action, std::optional<Time> deadline,
                                   const std::string& administrator);
    /// Declines updates, or takes declines back, and publishes. Errors: "update.unknown".
    [[nodiscard]] Result<> decline(std::span<const Guid> updates, bool declined,
                                   const std::string& administrator);

    /// Applies the enabled rules to all updates that are not approved, declined, expired or
    /// superseded. Returns the number of updates that were approved.
    [[nodiscard]] Result<std::size_t> apply_rules();

    /// Errors: "group.exists", "group.unknown" (the parent), "group.name" (empty or over 256
    /// bytes).
    [[nodiscard]] Result<store::TargetGroup> create_group(const std::string& name,
                                                          std::optional<Guid> parent);
    /// Errors: "group.unknown", "group.builtin".
    [[nodiscard]] Result<> remove_group(const Guid& id);
    /// Errors: "computer.unknown", "group.unknown".
    [[nodiscard]] Result<> move_computer(const std::string& computer_id,
                                         std::span<const Guid> groups);

private:
    [[nodiscard]] Result<> check_groups(const View& view, std::span<const Guid> groups) const;

    store::Store& store_;
    Publisher& publisher_;
    const Clock& clock_;
};

/// True if an update belongs to one of the chosen categories: its prerequisites name it, in a
/// category clause or a plain one.
[[nodiscard]] bool belongs_to(const catalog::Revision& revision, const Choice& choice);

}  // namespace headwater::policy
