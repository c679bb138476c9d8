#pragma once
// A small catalog for tests: a company, a family with two products, two classifications, five
// updates.

#include <memory>

#include "policy/view.hpp"

namespace headwater::admin::sample {

inline constexpr Guid kCompany = "00000000-0000-4000-8000-000000000001"_guid;
inline constexpr Guid kFamily = "00000000-0000-4000-8000-000000000002"_guid;
inline constexpr Guid kWindows = "00000000-0000-4000-8000-000000000003"_guid;
inline constexpr Guid kServer = "00000000-0000-4000-8000-000000000004"_guid;
inline constexpr Guid kSecurity = "00000000-0000-4000-8000-000000000005"_guid;
inline constexpr Guid kTools = "00000000-0000-4000-8000-000000000006"_guid;
/// KB 5031455 for Windows; superseded by kNewer.
inline constexpr Guid kOlder = "00000000-0000-4000-8000-000000000011"_guid;
/// KB 5032190 for Windows; approved for All Computers.
inline constexpr Guid kNewer = "00000000-0000-4000-8000-000000000012"_guid;
/// KB 5032190 for Server, expired.
inline constexpr Guid kExpired = "00000000-0000-4000-8000-000000000013"_guid;
/// A tool without KB number, declined.
inline constexpr Guid kTool = "00000000-0000-4000-8000-000000000014"_guid;
/// A member of bundles; not to be approved by itself.
inline constexpr Guid kMember = "00000000-0000-4000-8000-000000000015"_guid;
inline constexpr Guid kOwnGroup = "00000000-0000-4000-8000-000000000021"_guid;

inline catalog::Revision revision(catalog::RevisionId id, const Guid& update, std::string title) {
    catalog::Revision made;
    made.id = id;
    made.change = 1;
    made.identity = {update, 100};
    made.title = std::move(title);
    made.created = Time{std::chrono::hours(24 * static_cast<int>(id))};
    return made;
}

inline catalog::Revision category(catalog::RevisionId id, const Guid& update, std::string title,
                                  catalog::CategoryType type, std::optional<Guid> parent = {}) {
    catalog::Revision made = revision(id, update, std::move(title));
    made.type = catalog::UpdateType::kCategory;
    made.category_type = type;
    if (parent) {
        made.prerequisites = {{{*parent}, true}};
    }
    return made;
}

inline catalog::Revision update(catalog::RevisionId id, const Guid& update, std::string title,
                                std::string kb, const Guid& product, const Guid& classification) {
    catalog::Revision made = revision(id, update, std::move(title));
    made.explicitly_deployable = true;
    made.kb_article = std::move(kb);
    made.prerequisites = {{{product}, true}, {{classification}, true}};
    return made;
}

inline std::shared_ptr<const policy::View> view() {
    using Type = catalog::CategoryType;
    std::vector<catalog::Revision> revisions = {
        category(1, kCompany, "Contoso", Type::kCompany),
        category(2, kFamily, "Panes", Type::kProductFamily, kCompany),
        category(3, kWindows, "Panes 11, version 24H2 and later", Type::kProduct, kFamily),
        category(4, kServer, "Panes Server", Type::kProduct, kFamily),
        category(5, kSecurity, "Security Updates", Type::kUpdateClassification),
        category(6, kTools, "Tools", Type::kUpdateClassification),
        update(7, kOlder, "2026-09 Cumulative Update", "5031455", kWindows, kSecurity),
        update(8, kNewer, "2026-10 Cumulative Update", "5032190", kWindows, kSecurity),
        update(9, kExpired, "2026-10 Cumulative Update for Server", "5032190", kServer, kSecurity),
        update(10, kTool, "Removal Tool", "", kServer, kTools),
        update(11, kMember, "Payload", "5032190", kWindows, kSecurity),
    };
    revisions[7].superseded = {kOlder};
    revisions[8].publication_state = catalog::PublicationState::kExpired;
    revisions[10].explicitly_deployable = false;
    policy::Decisions decisions;
    decisions.groups = {
        {policy::kAllComputers, "All Computers", std::nullopt, true},
        {policy::kUnassignedComputers, "Unassigned Computers", policy::kAllComputers, true},
        {kOwnGroup, "Test Ring", policy::kAllComputers, false}};
    decisions.approvals = {
        {1, kNewer, policy::kAllComputers, store::ApprovalAction::kInstall, {}, "ada", Time{}, 2},
        {2,
         kOlder,
         policy::kAllComputers,
         store::ApprovalAction::kNotApproved,
         {},
         "ada",
         Time{},
         2}};
    decisions.declines = {{kTool, "ada", Time{}, 2}};
    return std::make_shared<const policy::View>(
        catalog::Snapshot::empty()->with(std::move(revisions)), std::move(decisions), 2);
}

}  // namespace headwater::admin::sample
