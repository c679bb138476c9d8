#pragma once
// Which updates a list shows, and a row of it. Pure functions of one View; any thread.

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "admin/input.hpp"
#include "policy/view.hpp"

namespace headwater::admin {

enum class UpdateState : std::uint8_t {
    kNotDeclined,  ///< "Any Except Declined"
    kApproved,
    kUnapproved,
    kDeclined,
    kAny,
};

struct UpdateFilter {
    std::string
        query;  ///< part of a title in any letter case, a KB number, or a GUID; empty for all
    UpdateState state = UpdateState::kNotDeclined;
    std::optional<Guid> product;  ///< or a family or company above
    std::optional<Guid> classification;
};

/// Errors: "request.query", "category.unknown", "category.ambiguous".
[[nodiscard]] Result<UpdateFilter> read_update_filter(const policy::View& view, const Query& query);

/// The newest revisions of the listed updates that pass, the latest created first.
[[nodiscard]] std::vector<catalog::Index> filter_updates(const policy::View& view,
                                                         const UpdateFilter& filter);

[[nodiscard]] boost::json::object update_row(const policy::View& view, catalog::Index index);

/// True for an approval that offers something to computers.
[[nodiscard]] bool is_in_effect(const store::Approval& approval);

}  // namespace headwater::admin
