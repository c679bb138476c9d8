#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/requests.hpp"
#include "cli/watch.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

Result<> now(Session& session, bool wait) {
    const auto started = session.api.call(
        {.method = "POST", .path = "synchronization", .body = json::object{{"kind", "manual"}}});
    if (!started) {
        return std::unexpected(started.error());
    }
    const auto run_id = static_cast<std::int64_t>(number(*started, "run_id"));
    if (wait) {
        return watch(session, run_id);
    }
    if (!session.print_json(*started)) {
        session.output.out << "Synchronization " << run_id
                           << " has started; `headwater sync status` tells how far it is.\n";
    }
    return {};
}

Result<> show_progress(Session& session) {
    const auto answer = session.api.call({.path = "synchronization"});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    const SyncProgress progress = read_progress(*answer);
    std::ostream& out = session.output.out;
    if (progress.run_id == 0) {
        out << "No synchronization has run since the server started.\n";
    } else if (progress.running) {
        out << "Synchronization " << progress.run_id << " is running. " << progress_line(progress)
            << "; " << counted(progress.requests, "request") << ", " << bytes_text(progress.bytes)
            << ".\n";
    } else {
        out << "Synchronization " << progress.run_id << ' ' << progress.result << ".\n";
        if (!progress.error.empty()) {
            out << progress.error << "\nAll of it: headwater sync show " << progress.run_id << '\n';
        }
    }
    if (const json::value& retry = at(*answer, "retry"); retry.is_object()) {
        out << "It is tried again at " << time_text(at(retry, "at")) << " UTC (try "
            << field(retry, "attempt") << " of " << field(retry, "of")
            << "): " << printable(field(retry, "reason")) << '\n';
    } else if (const json::value& next = at(*answer, "next_run"); next.is_string()) {
        out << "The next one starts at " << time_text(next) << " UTC.\n";
    }
    return {};
}

Result<> history(Session& session, unsigned limit) {
    const auto answer = session.api.call(
        {.path = "synchronization/runs" + query_of({{"limit", std::to_string(limit)}})});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    Table table({{"ID"},
                 {"KIND"},
                 {"STARTED"},
                 {"ENDED"},
                 {"RESULT"},
                 {"NEW"},
                 {"REVISED"},
                 {"EXPIRED"},
                 {"ERROR", Fit::kCut}});
    for (const json::value& run : list(*answer, "runs")) {
        const json::value& error = at(run, "error");
        table.add({field(run, "id"), field(run, "kind"), time_text(at(run, "started")),
                   time_text(at(run, "ended")), field(run, "result"), field(run, "new_updates"),
                   field(run, "revised_updates"), field(run, "expired_updates"),
                   field(error, "message")});
    }
    table.print(session.output);
    return {};
}

/// What is asked of a run's updates.
struct UpdatesQuery {
    std::string change;  ///< "new", "revised", "expired", "all"; empty for the run itself
    unsigned offset = 0;
    unsigned limit = 100;
};

Result<> show_updates(Session& session, const std::string& id, const UpdatesQuery& query) {
    const auto answer =
        session.api.call({.path = "synchronization/runs/" + percent_encode(id) + "/updates" +
                                  query_of({{"change", query.change == "all" ? "" : query.change},
                                            {"offset", std::to_string(query.offset)},
                                            {"limit", std::to_string(query.limit)}})});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    Table table({{"UPDATE"}, {"REVISION"}, {"CHANGE"}, {"TITLE", Fit::kCut}});
    for (const json::value& update : list(*answer, "updates")) {
        table.add({field(update, "update_id"), field(update, "revision_number"),
                   field(update, "change"), printable(field(update, "title"))});
    }
    table.print(session.output);
    const std::uint64_t total = number(*answer, "total");
    const std::uint64_t shown = query.offset + list(*answer, "updates").size();
    if (shown < total) {
        session.output.err << "These are " << grouped(query.offset + 1) << " to " << grouped(shown)
                           << " of " << grouped(total) << "; go on with --offset " << shown
                           << ".\n";
    }
    return {};
}

Result<> show_run(Session& session, const std::string& id) {
    const auto run = session.api.call({.path = "synchronization/runs/" + percent_encode(id)});
    if (!run) {
        return std::unexpected(run.error());
    }
    if (session.print_json(*run)) {
        return {};
    }
    std::ostream& out = session.output.out;
    out << summary_of(*run) << "\nKind      " << printable(field(*run, "kind")) << "\nUpstream  "
        << printable(field(*run, "upstream")) << "\nStarted   " << time_text(at(*run, "started"))
        << "\nEnded     " << time_text(at(*run, "ended")) << '\n';
    for (const json::value& stage : list(*run, "stages")) {
        out << "Stage     " << printable(field(stage, "stage")) << ": "
            << seconds_text(at(stage, "seconds")) << " s, "
            << counted(number(stage, "requests"), "request") << ", "
            << bytes_text(number(stage, "bytes"));
        if (const auto waited = seconds_text(at(stage, "upstream_wait_seconds")); !waited.empty()) {
            out << ", waited " << waited << " s for the upstream alone";
        }
        out << '\n';
    }
    if (number(*run, "revisions") > 0) {
        out << "Updates   headwater sync show " << printable(id) << " --updates all\n";
    }
    if (const auto result = result_of(*run); !result && !at(*run, "error").is_null()) {
        out << "Error     " << printable(result.error().sentence) << '\n';
        for (const std::string& cause : result.error().causes) {
            out << "          because: " << printable(cause) << '\n';
        }
        if (!result.error().remedy.empty()) {
            out << "          " << printable(result.error().remedy) << '\n';
        }
        out << "Code      " << printable(result.error().code) << '\n';
        for (const json::value& check : list(*run, "checks")) {
            if (check.is_string()) {
                out << "Check     headwater doctor --check "
                    << printable(std::string_view(check.get_string())) << '\n';
            }
        }
    }
    return {};
}

Result<> cancel(Session& session) {
    const auto answer = session.api.call({.method = "DELETE", .path = "synchronization"});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!session.print_json(*answer)) {
        session.output.out << "Synchronization " << field(*answer, "run_id")
                           << " ends at its next answer; what it has stored stays.\n";
    }
    return {};
}

void add_now(CLI::App& sync, Environment& environment, int& status) {
    auto wait = std::make_shared<bool>(true);
    CLI::App& command = add_command(
        sync, environment, status, "now", "Synchronize with the upstream server",
        "headwater sync now\n"
        "It goes on in the server if you interrupt the command; `headwater sync cancel` "
        "ends it.",
        [wait](Session& session) { return now(session, *wait); });
    command.add_flag("--wait,!--no-wait", *wait,
                     "Show the progress until it has ended (the default)");
}

}  // namespace

void add_sync(CLI::App& app, Environment& environment, int& status) {
    CLI::App& sync =
        add_family(app, "sync", "Synchronization with the upstream server", "headwater sync now");
    add_now(sync, environment, status);
    add_command(sync, environment, status, "status", "How far the synchronization is",
                "headwater sync status", show_progress);
    auto limit = std::make_shared<unsigned>(20);
    CLI::App& past = add_command(sync, environment, status, "history",
                                 "The synchronizations so far", "headwater sync history --limit 50",
                                 [limit](Session& session) { return history(session, *limit); });
    past.add_option("--limit", *limit, "The newest so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    auto id = std::make_shared<std::string>();
    auto query = std::make_shared<UpdatesQuery>();
    CLI::App& one = add_command(sync, environment, status, "show",
                                "One synchronization, with its error in full, or with its updates",
                                "headwater sync show 12\nheadwater sync show 12 --updates revised",
                                [id, query](Session& session) {
                                    return query->change.empty()
                                               ? show_run(session, *id)
                                               : show_updates(session, *id, *query);
                                });
    one.add_option("id", *id, "Its number, from `headwater sync history`")->required();
    CLI::Option* updates =
        one.add_option("--updates", query->change, "Which of its updates to list")
            ->check(CLI::IsMember({"new", "revised", "expired", "all"}));
    one.add_option("--offset", query->offset, "Leave out the first so many")->needs(updates);
    one.add_option("--limit", query->limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 10'000))
        ->needs(updates);
    add_command(sync, environment, status, "cancel", "End the synchronization that is running",
                "headwater sync cancel", cancel);
    add_sync_options(sync, environment, status);
}

}  // namespace headwater::cli
