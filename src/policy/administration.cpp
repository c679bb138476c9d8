#include "policy/administration.hpp"

#include <algorithm>
#include <unordered_set>

namespace headwater::policy {
namespace {

using catalog::Index;
using catalog::kNone;

constexpr std::size_t kMaxName = 256;
constexpr const char* kRuleAdministrator = "automatic approval rule";

bool is_deployable(const catalog::Revision& revision) {
    return revision.explicitly_deployable && (revision.type == catalog::UpdateType::kSoftware ||
                                              revision.type == catalog::UpdateType::kDriver);
}

std::unexpected<Error> unknown_update(const Guid& update) {
    return fail("update.unknown", "There is no update " + update.text() + " here.",
                "List them with `headwater updates list`.");
}

Result<> check_approvable(const View& view, const Guid& update) {
    const Index index = view.catalog().newest(update);
    if (index == kNone) {
        return unknown_update(update);
    }
    const catalog::Revision& revision = view.catalog().revision(index);
    const std::string name = "'" + revision.title + "' (" + update.text() + ")";
    if (!is_deployable(revision)) {
        return fail(
            "update.not_deployable",
            name + " cannot be approved by itself: it is a category, a rule, or part of a bundle.",
            "Approve the update that contains it.");
    }
    if (revision.publication_state == catalog::PublicationState::kExpired) {
        return fail("update.expired", name + " has expired and cannot be approved.",
                    "Approve the update that supersedes it.");
    }
    if (view.is_declined(update)) {
        return fail("update.declined", name + " is declined.",
                    "Take the decline back first: `headwater updates decline --undo " +
                        update.text() + "`.");
    }
    return {};
}

}  // namespace

Administration::Administration(store::Store& store, Publisher& publisher, const Clock& clock)
    : store_(store), publisher_(publisher), clock_(clock) {}

Result<> Administration::check_groups(const View& view, std::span<const Guid> groups) const {
    for (const Guid& group : groups) {
        if (view.group(group) == nullptr) {
            return fail("group.unknown", "There is no computer group " + group.text() + ".",
                        "List them with `headwater groups list`.");
        }
    }
    return {};
}

Result<> Administration::approve(std::span<const Guid> updates, std::span<const Guid> groups,
                                 store::ApprovalAction action, std::optional<Time> deadline,
                                 const std::string& administrator) {
    const auto view = publisher_.view();
    if (auto known = check_groups(*view, groups); !known) {
        return known;
    }
    std::vector<store::Approval> approvals;
    for (const Guid& update : updates) {
        if (auto approvable = check_approvable(*view, update);
            !approvable && action != store::ApprovalAction::kNotApproved) {
            return approvable;
        }
        for (const Guid& group : groups) {
            approvals.push_back(
                {0, update, group, action, deadline, administrator, clock_.now(), 0});
        }
    }
    if (approvals.empty()) {
        return {};
    }
    if (const auto stored = store_.put_approvals(approvals); !stored) {
        return std::unexpected(stored.error());
    }
    return publisher_.refresh();
}

Result<> Administration::decline(std::span<const Guid> updates, bool declined,
                                 const std::string& administrator) {
    const auto view = publisher_.view();
    for (const Guid& update : updates) {
        if (view->catalog().newest(update) == kNone) {
            return unknown_update(update);
        }
    }
    if (const auto stored = store_.set_declined(updates, declined, administrator, clock_.now());
        !stored) {
        return std::unexpected(stored.error());
    }
    return publisher_.refresh();
}

Result<std::size_t> Administration::apply_rules() {
    const auto rules = load_rules(store_);
    if (!rules) {
        return std::unexpected(rules.error());
    }
    if (std::ranges::none_of(*rules, &ApprovalRule::enabled)) {
        return 0;
    }
    const auto view = publisher_.view();
    const catalog::Snapshot& catalog = view->catalog();
    std::unordered_set<Guid> decided;
    for (const store::Approval& approval : view->decisions().approvals) {
        decided.insert(approval.update_id);
    }
    std::vector<store::Approval> approvals;
    std::size_t count = 0;
    for (catalog::UpdateIndex update = 0; update < catalog.update_count(); ++update) {
        const Index index = catalog.newest(update);
        const Guid& id = catalog.update_id(update);
        if (index == kNone || decided.contains(id) || catalog.is_superseded(update) ||
            !check_approvable(*view, id)) {
            continue;
        }
        const std::size_t before = approvals.size();
        for (const ApprovalRule& rule : *rules) {
            if (rule.enabled && belongs_to(catalog.revision(index), rule.classifications) &&
                belongs_to(catalog.revision(index), rule.products)) {
                for (const Guid& group : rule.groups) {
                    // One that was removed since must not keep the rule from the others.
                    if (view->group(group) == nullptr) {
                        continue;
                    }
                    approvals.push_back({0, id, group, store::ApprovalAction::kInstall,
                                         std::nullopt, kRuleAdministrator, clock_.now(), 0});
                }
            }
        }
        count += approvals.size() > before ? 1U : 0U;
    }
    if (approvals.empty()) {
        return 0;
    }
    if (const auto stored = store_.put_approvals(approvals); !stored) {
        return std::unexpected(stored.error());
    }
    if (auto published = publisher_.refresh(); !published) {
        return std::unexpected(published.error());
    }
    return count;
}

Result<store::TargetGroup> Administration::create_group(const std::string& name,
                                                        std::optional<Guid> parent) {
    const auto view = publisher_.view();
    if (name.empty() || name.size() > kMaxName) {
        return fail("group.name", "The name of a computer group has 1 to 256 bytes.");
    }
    if (view->group_named(name) != nullptr) {
        return fail("group.exists", "There is a computer group named '" + name + "' already.");
    }
    const Guid above = parent.value_or(kAllComputers);
    if (auto known = check_groups(*view, std::span(&above, 1)); !known) {
        return std::unexpected(known.error());
    }
    store::TargetGroup group{Guid::random(), name, above, false};
    if (auto stored = store_.put_group(group); !stored) {
        return std::unexpected(stored.error());
    }
    if (auto published = publisher_.refresh(); !published) {
        return std::unexpected(published.error());
    }
    return group;
}

Result<> Administration::remove_group(const Guid& id) {
    const auto view = publisher_.view();
    const store::TargetGroup* group = view->group(id);
    if (group == nullptr) {
        return check_groups(*view, std::span(&id, 1));
    }
    if (group->is_builtin) {
        return fail("group.builtin",
                    "The group '" + group->name + "' belongs to every server and stays.");
    }
    if (auto removed = store_.remove_group(id); !removed) {
        return removed;
    }
    return publisher_.refresh();
}

Result<> Administration::move_computer(const std::string& computer_id,
                                       std::span<const Guid> groups) {
    const auto computer = store_.computer(computer_id);
    if (!computer) {
        return std::unexpected(computer.error());
    }
    if (!*computer) {
        return fail("computer.unknown", "There is no computer " + computer_id + " here.",
                    "List them with `headwater computers list`.");
    }
    if (auto known = check_groups(*publisher_.view(), groups); !known) {
        return known;
    }
    return store_.set_computer_groups(computer_id, groups);
}

bool belongs_to(const catalog::Revision& revision, const Choice& choice) {
    if (choice.all) {
        return true;
    }
    return std::ranges::any_of(
        revision.prerequisites, [&](const catalog::PrerequisiteClause& clause) {
            return std::ranges::any_of(clause.alternatives, [&](const Guid& id) {
                return std::ranges::find(choice.ids, id) != choice.ids.end();
            });
        });
}

}  // namespace headwater::policy
