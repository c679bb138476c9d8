#pragma once
// Values of the house as JSON, under the names by which the API and its callers know them.
// Pure functions; any thread.

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "content/transfer.hpp"
#include "policy/options.hpp"
#include "policy/view.hpp"
#include "store/store.hpp"
#include "upstream/progress.hpp"
#include "upstream/scheduler.hpp"

namespace headwater::admin {

/// A text that may come from an agent or an upstream: what is not UTF-8 in it becomes '?'.
[[nodiscard]] boost::json::value json_text(std::string_view text);
[[nodiscard]] boost::json::value to_json(const Guid& guid);
[[nodiscard]] boost::json::value to_json(Time time);
[[nodiscard]] boost::json::value to_json(std::optional<Time> time);

[[nodiscard]] std::string_view name_of(store::ApprovalAction action);
/// "install", "uninstall", "notapproved", "optional"; nothing for another text.
[[nodiscard]] std::optional<store::ApprovalAction> action_named(std::string_view name);
[[nodiscard]] std::string_view name_of(store::FileState state);
/// "late", "not_on_upstream" ...
[[nodiscard]] std::string_view name_of(store::FileReason reason);
[[nodiscard]] std::string_view name_of(content::TransferMode mode);
[[nodiscard]] std::string_view name_of(store::UpdateStatus status);
[[nodiscard]] std::string_view name_of(store::RunResult result);
[[nodiscard]] std::string_view name_of(store::UpdateChange change);
/// "new", "revised", "expired"; nothing for another text.
[[nodiscard]] std::optional<store::UpdateChange> change_named(std::string_view name);
[[nodiscard]] std::string_view name_of(catalog::CategoryType type);
[[nodiscard]] std::string_view name_of(catalog::UpdateType type);

[[nodiscard]] boost::json::object to_json(const policy::Choice& choice);
[[nodiscard]] boost::json::object to_json(const policy::SyncOptions& options);
[[nodiscard]] boost::json::object to_json(const policy::ContentOptions& options);
/// When the next run starts by itself, and the further try that is waited for.
[[nodiscard]] boost::json::object to_json(const upstream::Scheduler::Outlook& outlook);
[[nodiscard]] boost::json::object to_json(const upstream::Progress& progress, Time now);
/// With its full error (null without one) and the doctor's checks that are worth running for it.
[[nodiscard]] boost::json::object to_json(const store::SyncRun& run);
[[nodiscard]] boost::json::object to_json(const content::TransferStatus& status);
[[nodiscard]] boost::json::object to_json(const store::FileRecord& file);
[[nodiscard]] boost::json::object to_json(const store::TargetGroup& group);
/// With the name of the group, where it is still there.
[[nodiscard]] boost::json::object to_json(const store::Approval& approval,
                                          const policy::View& view);
/// [{"id":…,"name":…}]
[[nodiscard]] boost::json::array groups_json(std::span<const Guid> groups,
                                             const policy::View& view);

}  // namespace headwater::admin
