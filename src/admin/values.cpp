#include "admin/values.hpp"

#include <array>
#include <utility>

#include "admin/times_of_day.hpp"
#include "base/utf.hpp"
#include "diagnosis/checks_for.hpp"
#include "upstream/run_error.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

std::string hex(const Sha1& sha1) {
    return to_hex_lower(sha1.bytes);
}

/// As the store keeps them; none of a run that was cut off.
json::array stages_json(const std::string& text) {
    json::error_code error;
    const json::value value = json::parse(text, error);
    return !error && value.is_array() ? value.get_array() : json::array{};
}

json::array texts(std::span<const std::string> values) {
    json::array list;
    for (const std::string& value : values) {
        list.push_back(json_text(value));
    }
    return list;
}

}  // namespace

json::value json_text(std::string_view text) {
    json::string copy(text.data(), text.size());
    if (!is_valid_utf8(text)) {
        for (char& c : copy) {
            c = static_cast<unsigned char>(c) < 0x80 ? c : '?';
        }
    }
    return copy;
}

json::value to_json(const Guid& guid) {
    return json::string(guid.text());
}

json::value to_json(Time time) {
    return json::string(to_xml_time(time));
}

json::value to_json(std::optional<Time> time) {
    return time ? to_json(*time) : json::value(nullptr);
}

std::string_view name_of(store::ApprovalAction action) {
    constexpr std::array<std::string_view, 5> kNames = {"install", "uninstall", "notapproved",
                                                        "optional", "block"};
    return kNames.at(static_cast<std::size_t>(action));
}

std::optional<store::ApprovalAction> action_named(std::string_view name) {
    using enum store::ApprovalAction;
    for (const auto action : {kInstall, kUninstall, kNotApproved, kOptionalInstall}) {
        if (name_of(action) == name) {
            return action;
        }
    }
    return std::nullopt;
}

std::string_view name_of(store::FileState state) {
    switch (state) {
        case store::FileState::kNotWanted:
            return "not_wanted";
        case store::FileState::kWaiting:
            return "waiting";
        case store::FileState::kPresent:
            return "present";
        case store::FileState::kFailed:
            return "failed";
        case store::FileState::kPaused:
            return "paused";
        case store::FileState::kCancelled:
            return "cancelled";
    }
    return "unknown";
}

std::string_view name_of(store::FileReason reason) {
    constexpr std::array<std::string_view, 10> kNames = {
        "none",     "late",    "not_on_upstream", "denied",    "wrong_content",
        "no_space", "network", "upstream",        "no_source", "folder"};
    return kNames.at(static_cast<std::size_t>(reason));
}

std::string_view name_of(content::TransferMode mode) {
    constexpr std::array<std::string_view, 3> kNames = {"running", "paused", "stopped"};
    return kNames.at(static_cast<std::size_t>(mode));
}

std::string_view name_of(store::UpdateStatus status) {
    constexpr std::array<std::string_view, 7> kNames = {"unknown",       "not_applicable", "needed",
                                                        "downloaded",    "installed",      "failed",
                                                        "pending_reboot"};
    return kNames.at(static_cast<std::size_t>(status));
}

std::string_view name_of(store::RunResult result) {
    constexpr std::array<std::string_view, 5> kNames = {"running", "succeeded", "failed",
                                                        "cancelled", "interrupted"};
    return kNames.at(static_cast<std::size_t>(result));
}

std::string_view name_of(store::UpdateChange change) {
    constexpr std::array<std::string_view, 3> kNames = {"new", "revised", "expired"};
    return kNames.at(static_cast<std::size_t>(change));
}

std::optional<store::UpdateChange> change_named(std::string_view name) {
    using enum store::UpdateChange;
    for (const auto change : {kNew, kRevised, kExpired}) {
        if (name_of(change) == name) {
            return change;
        }
    }
    return std::nullopt;
}

std::string_view name_of(catalog::CategoryType type) {
    constexpr std::array<std::string_view, 5> kNames = {"none", "company", "product_family",
                                                        "product", "classification"};
    return kNames.at(static_cast<std::size_t>(type));
}

std::string_view name_of(catalog::UpdateType type) {
    constexpr std::array<std::string_view, 4> kNames = {"software", "driver", "category",
                                                        "detectoid"};
    return kNames.at(static_cast<std::size_t>(type));
}

json::object to_json(const policy::Choice& choice) {
    json::array ids;
    for (const Guid& id : choice.ids) {
        ids.push_back(to_json(id));
    }
    return {{"all", choice.all}, {"ids", std::move(ids)}};
}

namespace {

json::object to_json(const policy::Endpoint& endpoint) {
    return {{"server", json_text(endpoint.host)}, {"port", endpoint.port}};
}

/// The password is never told: whether there is one is.
json::object to_json(const policy::ProxyOptions& proxy) {
    json::object object = to_json(proxy.server);
    object["enabled"] = proxy.enabled;
    object["user"] = json_text(proxy.user);
    object["domain"] = json_text(proxy.domain);
    object["has_password"] = !proxy.sealed_password.empty();
    object["allow_basic"] = proxy.allow_basic;
    object["tls"] = proxy.tls ? json::value(to_json(*proxy.tls)) : json::value(nullptr);
    object["bypass"] = texts(proxy.bypass);
    return object;
}

json::object to_json(const policy::ScheduleOptions& schedule) {
    return {{"mode", schedule.automatic ? "daily" : "manual"},
            {"first_time", json_text(time_of_day(schedule.first_minute))},
            {"per_day", schedule.per_day},
            {"random_minutes", schedule.random_minutes}};
}

}  // namespace

json::object to_json(const policy::SyncOptions& options) {
    return {{"source", options.source == policy::Source::kMicrosoft ? "microsoft" : "server"},
            {"upstream", json_text(options.upstream)},
            {"replica", false},
            {"content_from",
             options.content_from == policy::ContentSource::kMicrosoft ? "microsoft" : "upstream"},
            {"proxy", to_json(options.proxy)},
            {"schedule", to_json(options.schedule)},
            {"history_days", options.history_days},
            {"products", to_json(options.products)},
            {"classifications", to_json(options.classifications)},
            {"languages", texts(options.languages)},
            {"parallel_requests", options.parallel_requests}};
}

json::object to_json(const upstream::Scheduler::Outlook& outlook) {
    json::value retry = nullptr;
    if (outlook.retry) {
        retry = json::object{{"at", to_json(outlook.retry->at)},
                             {"attempt", outlook.retry->attempt},
                             {"of", upstream::Plan::kRetries},
                             {"reason", json_text(outlook.retry->reason)}};
    }
    return {{"next_run", to_json(outlook.next_run)}, {"retry", std::move(retry)}};
}

json::object to_json(const upstream::Progress& progress, Time now) {
    const bool never = progress.run_id == 0;
    return {{"version", progress.version},
            {"run_id", progress.run_id},
            {"running", progress.running},
            {"stage", json_text(progress.stage)},
            {"done", progress.done},
            {"total", progress.total},
            {"requests", progress.requests},
            {"bytes", progress.bytes},
            {"started", never ? json::value(nullptr) : to_json(progress.started)},
            {"stage_started", never ? json::value(nullptr) : to_json(progress.stage_started)},
            {"now", to_json(now)},
            {"result", json_text(progress.result)},
            {"error", json_text(progress.error)}};
}

namespace {

json::object to_json(const upstream::RunError& error) {
    return {{"code", json_text(error.code)},     {"message", json_text(error.message)},
            {"remedy", json_text(error.remedy)}, {"causes", texts(error.causes)},
            {"stage", json_text(error.stage)},   {"request", json_text(error.request)}};
}

}  // namespace

json::object to_json(const store::SyncRun& run) {
    const upstream::RunError error = upstream::parse_run_error(run.error);
    json::array checks;
    for (const std::string_view name : diagnosis::checks_for(error.code)) {
        checks.push_back(json_text(name));
    }
    return {{"id", run.id},
            {"kind", json_text(run.kind)},
            {"upstream", json_text(run.upstream)},
            {"started", to_json(run.started)},
            {"ended", to_json(run.ended)},
            {"result", name_of(run.result)},
            {"new_updates", run.new_updates},
            {"revised_updates", run.revised_updates},
            {"expired_updates", run.expired_updates},
            {"revisions", run.revisions},
            {"requests", run.requests},
            {"bytes", run.bytes},
            {"stages", stages_json(run.stages)},
            {"error", run.error.empty() ? json::value(nullptr) : json::value(to_json(error))},
            {"checks", std::move(checks)}};
}

json::object to_json(const policy::ContentOptions& options) {
    json::array windows;
    for (const policy::RateWindow& window : options.windows) {
        windows.push_back(json::object{{"from", time_of_day(window.from_minute)},
                                       {"until", time_of_day(window.until_minute)},
                                       {"kib_per_second", window.kib_per_second}});
    }
    return {{"store", options.store_here ? "here" : "microsoft"},
            {"download", options.only_approved ? "approved" : "synchronized"},
            {"express", options.express},
            {"kib_per_second", options.kib_per_second},
            {"windows", std::move(windows)}};
}

json::object to_json(const content::TransferStatus& status) {
    return {{"service", name_of(status.mode)},
            {"waiting", status.waiting},
            {"waiting_bytes", status.waiting_bytes},
            {"present", status.present},
            {"present_bytes", status.present_bytes},
            {"failed", status.failed},
            {"paused", status.paused},
            {"cancelled", status.cancelled},
            {"transferred_bytes", status.transferred_bytes},
            {"rate", status.rate},
            {"limit", status.limit},
            {"disk_full", status.disk_full}};
}

json::object to_json(const store::FileRecord& file) {
    return {{"sha1", json::string(hex(file.sha1))},
            {"name", json_text(file.name)},
            {"size", file.size},
            {"state", name_of(file.state)},
            {"attempts", file.attempts},
            {"error", json_text(file.error)},
            {"reason", file.reason == store::FileReason::kNone ? json::value(nullptr)
                                                               : json_text(name_of(file.reason))},
            {"failing_since", to_json(file.failing_since)},
            {"deadline", to_json(file.deadline)},
            {"url", json_text(file.mu_url)},
            {"changed", to_json(file.changed)}};
}

json::object to_json(const store::TargetGroup& group) {
    return {{"id", to_json(group.id)},
            {"name", json_text(group.name)},
            {"parent", group.parent ? to_json(*group.parent) : json::value(nullptr)},
            {"builtin", group.is_builtin}};
}

json::object to_json(const store::Approval& approval, const policy::View& view) {
    const store::TargetGroup* group = view.group(approval.group_id);
    return {{"group_id", to_json(approval.group_id)},
            {"group", group == nullptr ? json::value(nullptr) : json_text(group->name)},
            {"action", name_of(approval.action)},
            {"deadline", to_json(approval.deadline)},
            {"administrator", json_text(approval.administrator)},
            {"changed", to_json(approval.changed)}};
}

json::array groups_json(std::span<const Guid> groups, const policy::View& view) {
    json::array list;
    for (const Guid& id : groups) {
        const store::TargetGroup* group = view.group(id);
        list.push_back(json::object{
            {"id", to_json(id)},
            {"name", group == nullptr ? json::value(nullptr) : json_text(group->name)}});
    }
    return list;
}

}  // namespace headwater::admin
