#pragma once
// What people call things, and the GUIDs that are meant: groups, categories and updates by their
// names. Pure functions of one View; any thread.

#include <roaring/roaring.hh>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "admin/input.hpp"
#include "base/error.hpp"
#include "policy/options.hpp"
#include "policy/view.hpp"

namespace headwater::admin {

enum class CategoryKind : std::uint8_t { kProduct, kClassification };

/// The newest revisions of all updates that are listed. Cost: one look at each update.
[[nodiscard]] Roaring listed_updates(const catalog::Snapshot& catalog);
/// True for a company, family or product (kProduct), or for a classification.
[[nodiscard]] bool is_of_kind(const catalog::Revision& revision, CategoryKind kind);
/// A category and all below it: families of a company, products of a family.
[[nodiscard]] std::vector<Guid> with_descendants(const catalog::Snapshot& catalog,
                                                 const Guid& category);
/// The revisions that belong to one of these categories.
[[nodiscard]] Roaring members(const catalog::Snapshot& catalog, std::span<const Guid> categories);

/// By GUID, or by name in any letter case. Errors: "group.unknown".
[[nodiscard]] Result<Guid> find_group(const policy::View& view, std::string_view name);
[[nodiscard]] Result<std::vector<Guid>> find_groups(const policy::View& view,
                                                    std::span<const std::string> names);

/// By title in any letter case, or by GUID: one that is not here yet is taken at its word.
/// Errors: "category.unknown", "category.ambiguous".
[[nodiscard]] Result<Guid> find_category(const policy::View& view, CategoryKind kind,
                                         std::string_view name);
/// {"all": true} or {"ids": [GUIDs or titles]}. Errors: as find_category, "request.field".
[[nodiscard]] Result<policy::Choice> read_choice(const policy::View& view, CategoryKind kind,
                                                 Fields& fields);

/// By GUID, KB number ("KB5031455", "5031455") or exact title in any letter case.
/// @param all_matches  takes all updates that a KB number or title names, instead of refusing
/// several Errors: "update.unknown", "update.ambiguous" (the causes name the candidates).
[[nodiscard]] Result<std::vector<Guid>> find_updates(const policy::View& view,
                                                     std::span<const std::string> names,
                                                     bool all_matches);

}  // namespace headwater::admin
