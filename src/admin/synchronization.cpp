#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "admin/nouns.hpp"
#include "admin/values.hpp"
#include "admin/waiting.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kDefaultRuns = 20;
constexpr std::uint64_t kMaxRuns = 1'000;
constexpr std::uint64_t kMaxId = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t kDefaultUpdates = 100;
constexpr std::uint64_t kMaxUpdates = 10'000;
constexpr std::uint64_t kMaxOffset = 0xffffffffU;

Result<Reply> start(Services& services, const Call& call) {
    constexpr std::array<std::string_view, 3> kKinds = {"manual", "scheduled", "retry"};
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const std::string kind = fields->optional_text("kind").value_or("manual");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    if (std::ranges::find(kKinds, kind) == kKinds.end()) {
        return fail("request.field", "There is no kind of synchronization '" + kind + "'.",
                    "There are manual, scheduled and retry.");
    }
    const auto run = services.synchronizer.start(kind);
    if (!run) {
        return std::unexpected(run.error());
    }
    return Reply{json::object{{"run_id", *run}}, 202};
}

Result<Reply> cancel(Services& services) {
    if (auto cancelled = services.synchronizer.cancel(); !cancelled) {
        return std::unexpected(cancelled.error());
    }
    return Reply{synchronization_state(services, services.synchronizer.progress()), 202};
}

Result<Reply> progress(const Services& services, const Call& call, const Waiting::Count& waiting) {
    if (auto known = call.query.allow({"after", "wait"}); !known) {
        return std::unexpected(known.error());
    }
    const auto after = call.query.number("after", 0, ~std::uint64_t{0});
    const auto wait = call.query.number("wait", 0, kMaxWaitMilliseconds);
    if (!after || !wait) {
        return std::unexpected(after ? wait.error() : after.error());
    }
    const Waiting one(waiting);
    const auto newest = *wait > 0 && one.allowed() ? services.synchronizer.wait_for_progress(
                                                         *after, std::chrono::milliseconds(*wait))
                                                   : services.synchronizer.progress();
    return Reply{synchronization_state(services, newest)};
}

Result<Reply> history(const Services& services, const Call& call) {
    if (auto known = call.query.allow({"limit", "before"}); !known) {
        return std::unexpected(known.error());
    }
    const auto limit = call.query.number("limit", kDefaultRuns, kMaxRuns);
    const auto before = call.query.number("before", kMaxId, kMaxId);
    if (!limit || !before) {
        return std::unexpected(limit ? before.error() : limit.error());
    }
    const auto runs = services.store.runs_before(static_cast<std::int64_t>(*before), *limit);
    if (!runs) {
        return std::unexpected(runs.error());
    }
    json::array list;
    for (const store::SyncRun& run : *runs) {
        list.push_back(to_json(run));
    }
    return Reply{json::object{{"runs", std::move(list)}}};
}

/// The run that the path names. Errors: "run.unknown".
Result<store::SyncRun> named_run(const Services& services, const Call& call) {
    const std::string& text = call.ids.front();
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    Result<std::optional<store::SyncRun>> run = std::nullopt;
    if (error == std::errc{} && end == text.data() + text.size()) {
        run = services.store.run(id);
    }
    if (!run) {
        return std::unexpected(run.error());
    }
    if (!*run) {
        return fail("run.unknown", "There is no synchronization " + text + ".",
                    "List them with `headwater sync history`.");
    }
    return **run;
}

Result<Reply> show_run(const Services& services, const Call& call) {
    const auto run = named_run(services, call);
    if (!run) {
        return std::unexpected(run.error());
    }
    return Reply{to_json(*run)};
}

json::object row_of(const store::RunUpdate& update, const catalog::Snapshot& catalog) {
    const catalog::Index index = catalog.find(update.identity);
    return {{"update_id", to_json(update.identity.update_id)},
            {"revision_number", update.identity.revision_number},
            {"title", index == catalog::kNone ? json::value(nullptr)
                                              : json_text(catalog.revision(index).title)},
            {"change", name_of(update.change)}};
}

Result<Reply> updates_of_run(const Services& services, const Call& call) {
    if (auto known = call.query.allow({"change", "offset", "limit"}); !known) {
        return std::unexpected(known.error());
    }
    const auto offset = call.query.number("offset", 0, kMaxOffset);
    const auto limit = call.query.number("limit", kDefaultUpdates, kMaxUpdates);
    if (!offset || !limit) {
        return std::unexpected(offset ? limit.error() : offset.error());
    }
    const auto text = call.query.text("change");
    const auto change = text ? change_named(*text) : std::nullopt;
    if (text && !change) {
        return fail("request.query", "There is no change '" + std::string(*text) + "'.",
                    "There are new, revised and expired.");
    }
    const auto run = named_run(services, call);
    if (!run) {
        return std::unexpected(run.error());
    }
    const auto page = services.store.run_updates(run->id, change, *offset, std::max(*limit, 1UL));
    if (!page) {
        return std::unexpected(page.error());
    }
    const auto view = services.publisher.view();
    json::array rows;
    for (const store::RunUpdate& update : page->updates) {
        rows.push_back(row_of(update, view->catalog()));
    }
    return Reply{
        json::object{{"total", page->total}, {"offset", *offset}, {"updates", std::move(rows)}}};
}

}  // namespace

json::object synchronization_state(const Services& services, const upstream::Progress& progress) {
    json::object object = to_json(progress, services.clock.now());
    for (auto& [name, value] : to_json(services.scheduler.outlook())) {
        object[name] = std::move(value);
    }
    return object;
}

void add_synchronization(Dispatch& dispatch, Services& services, const Waiting::Count& waiting) {
    dispatch.add("POST", "synchronization",
                 [&services](const Call& call) { return start(services, call); });
    dispatch.add("DELETE", "synchronization",
                 [&services](const Call&) { return cancel(services); });
    dispatch.add("GET", "synchronization", [&services, waiting](const Call& call) {
        return progress(services, call, waiting);
    });
    dispatch.add("GET", "synchronization/runs",
                 [&services](const Call& call) { return history(services, call); });
    dispatch.add("GET", "synchronization/runs/{}",
                 [&services](const Call& call) { return show_run(services, call); });
    dispatch.add("GET", "synchronization/runs/{}/updates",
                 [&services](const Call& call) { return updates_of_run(services, call); });
}

}  // namespace headwater::admin
