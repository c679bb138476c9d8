#include "admin/nouns.hpp"
#include "admin/values.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

std::string_view name_of(content::TaskKind kind) {
    constexpr std::array<std::string_view, 4> kNames = {"verify", "reset", "cleanup", "move"};
    return kNames.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(content::TaskState state) {
    constexpr std::array<std::string_view, 5> kNames = {"none", "running", "succeeded", "failed",
                                                        "cancelled"};
    return kNames.at(static_cast<std::size_t>(state));
}

json::value error_json(const std::optional<Error>& error) {
    if (!error) {
        return nullptr;
    }
    json::array causes;
    for (const std::string& cause : error->causes) {
        causes.push_back(json_text(cause));
    }
    return json::object{{"code", json_text(error->code)},
                        {"sentence", json_text(error->sentence)},
                        {"remedy", json_text(error->remedy)},
                        {"causes", std::move(causes)}};
}

json::object to_json(const content::TaskStatus& task, Time now) {
    json::array notes;
    for (const std::string& note : task.notes) {
        notes.push_back(json_text(note));
    }
    const bool is_none = task.state == content::TaskState::kNone;
    json::object object{
        {"id", task.id},
        {"kind", is_none ? json::value(nullptr) : json::value(name_of(task.kind))},
        {"state", name_of(task.state)},
        {"stage", json_text(task.stage)},
        {"now", admin::to_json(now)},
        {"started", is_none ? json::value(nullptr) : admin::to_json(task.started)},
        {"stage_started", is_none ? json::value(nullptr) : admin::to_json(task.stage_started)},
        {"ended", task.ended ? admin::to_json(*task.ended) : json::value(nullptr)},
        {"done", task.done},
        {"total", task.total},
        {"done_bytes", task.done_bytes},
        {"total_bytes", task.total_bytes},
        {"freed_bytes", task.freed_bytes},
        {"notes", std::move(notes)},
        {"error", error_json(task.error)}};
    constexpr std::array<std::string_view, content::kFindings> kFindings = {
        "missing", "wrong", "found", "unreadable", "strange", "freed", "copied"};
    for (std::size_t i = 0; i < kFindings.size(); ++i) {
        object[kFindings.at(i)] = task.counts.at(i);
    }
    return object;
}

Reply show(const Services& services, const content::TaskStatus& task, unsigned status) {
    return Reply{to_json(task, services.clock.now()), status};
}

Result<Reply> started(const Services& services, const Result<>& result) {
    if (!result) {
        return std::unexpected(result.error());
    }
    return show(services, services.upkeep.status(), 202);
}

Result<Reply> verify(Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const bool deep = fields->flag("deep", false);
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    return started(services, services.upkeep.verify(deep));
}

Result<Reply> move(Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    content::MoveRequest request;
    request.folder = fields->text("folder");
    request.skip_copy = fields->flag("skip_copy", false);
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    return started(services, services.upkeep.move(std::move(request)));
}

Result<Reply> status(const Services& services, const Call& call, const Waiting::Count& waiting) {
    if (auto known = call.query.allow({"wait"}); !known) {
        return std::unexpected(known.error());
    }
    const auto wait = call.query.number("wait", 0, kMaxWaitMilliseconds);
    if (!wait) {
        return std::unexpected(wait.error());
    }
    const Waiting one(waiting);
    const bool waits = *wait > 0 && one.allowed();
    return show(
        services,
        waits ? services.upkeep.wait(std::chrono::milliseconds(*wait)) : services.upkeep.status(),
        200);
}

}  // namespace

void add_content_tasks(Dispatch& dispatch, Services& services, const Waiting::Count& waiting) {
    dispatch.add("POST", "content/verify",
                 [&services](const Call& call) { return verify(services, call); });
    dispatch.add("POST", "content/reset",
                 [&services](const Call&) { return started(services, services.upkeep.reset()); });
    dispatch.add("POST", "content/cleanup", [&services](const Call&) {
        return started(services, services.upkeep.clean_up());
    });
    dispatch.add("POST", "content/move",
                 [&services](const Call& call) { return move(services, call); });
    dispatch.add("GET", "content/task", [&services, waiting](const Call& call) {
        return status(services, call, waiting);
    });
    dispatch.add("DELETE", "content/task",
                 [&services](const Call&) { return started(services, services.upkeep.cancel()); });
}

}  // namespace headwater::admin
