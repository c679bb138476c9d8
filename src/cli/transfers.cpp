// `headwater transfers`: the queue of the transfer service, and what is ordered of it.

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/requests.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

struct Listing {
    std::string state;
    unsigned limit = 100;
};

struct Ordering {
    std::vector<std::string> files;
    std::vector<std::string> updates;
    bool all = false;
    bool decline = false;
};

/// "no limit", "512.0 KB/s"
std::string rate_text(std::uint64_t rate) {
    return bytes_text(rate) + "/s";
}

std::string state_of(const json::value& file) {
    return flag(file, "active") ? "transferring" : field(file, "state");
}

std::string progress_of(const json::value& file) {
    return flag(file, "active")
               ? bytes_text(number(file, "transferred")) + ", " + rate_text(number(file, "rate"))
               : "";
}

Result<> print_transfers(Session& session, const Result<json::value>& answer) {
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    std::ostream& out = session.output.out;
    const std::string service = field(*answer, "service");
    const std::uint64_t limit = number(*answer, "limit");
    out << "Service      " << service
        << (service == "stopped"  ? "; `headwater transfers start` starts it"
            : service == "paused" ? "; `headwater transfers resume --all` lets it go on"
                                  : "")
        << "\nRate         " << rate_text(number(*answer, "rate"))
        << (limit > 0 ? ", limited to " + rate_text(limit) : "") << "\nWaiting      "
        << grouped(number(*answer, "waiting")) << " files, "
        << bytes_text(number(*answer, "waiting_bytes")) << "\nFailed       "
        << grouped(number(*answer, "failed")) << ", paused " << grouped(number(*answer, "paused"))
        << ", cancelled " << grouped(number(*answer, "cancelled")) << '\n';
    if (flag(*answer, "disk_full")) {
        out << "The disk is full: transfers wait until there is space for the content folder.\n";
    }
    if (list(*answer, "files").empty()) {
        return {};
    }
    out << '\n';
    Table table({{"SHA-1"},
                 {"STATE"},
                 {"SIZE"},
                 {"PROGRESS"},
                 {"REASON"},
                 {"DEADLINE"},
                 {"FILE", Fit::kCut},
                 {"ERROR", Fit::kCut}});
    for (const json::value& file : list(*answer, "files")) {
        table.add({field(file, "sha1"), state_of(file), bytes_text(number(file, "size")),
                   progress_of(file), reason_text(field(file, "reason")),
                   time_text(at(file, "deadline")), field(file, "name"), field(file, "error")});
    }
    table.print(session.output);
    return {};
}

Result<> show(Session& session, const Listing& listing) {
    return print_transfers(
        session, session.api.call(
                     {.path = "transfers" + query_of({{"state", listing.state},
                                                      {"limit", std::to_string(listing.limit)}})}));
}

Result<> order(Session& session, const std::string& verb, const std::string& done,
               const Ordering& ordering) {
    json::object body;
    if (ordering.all) {
        body["all"] = true;
    }
    if (!ordering.files.empty()) {
        body["files"] = json_texts(ordering.files);
    }
    if (!ordering.updates.empty()) {
        body["updates"] = json_texts(ordering.updates);
    }
    if (ordering.decline) {
        body["decline"] = true;
    }
    const auto answer =
        session.api.call({.method = "POST", .path = "transfers/" + verb, .body = std::move(body)});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    session.output.out << counted(number(*answer, "files"), "file") << ' ' << done;
    if (const std::uint64_t declined = number(*answer, "declined"); declined > 0) {
        session.output.out << ", " << counted(declined, "update") << " declined";
    }
    session.output.out << ".\n";
    return {};
}

void add_order(CLI::App& transfers, Environment& environment, int& status, const std::string& verb,
               const std::string& description, const std::string& done) {
    auto ordering = std::make_shared<Ordering>();
    CLI::App& command = add_command(
        transfers, environment, status, verb, description,
        "headwater transfers " + verb + " --update KB5001234\nheadwater transfers " + verb +
            " --all",
        [verb, done, ordering](Session& session) { return order(session, verb, done, *ordering); });
    command.add_option("files", ordering->files, "SHA-1s, or names of files in the queue");
    command.add_option("--update", ordering->updates,
                       "The files of updates, by id, KB number or title");
    command.add_flag("--all", ordering->all, "All files");
    if (verb == "cancel") {
        command.add_flag("--decline", ordering->decline, "Decline the updates, too");
    }
}

void add_service(CLI::App& transfers, Environment& environment, int& status,
                 const std::string& action, const std::string& description) {
    add_command(transfers, environment, status, action, description,
                "headwater transfers " + action, [action](Session& session) {
                    return print_transfers(
                        session, session.api.call({.method = "POST",
                                                   .path = "transfers/service",
                                                   .body = json::object{{"action", action}}}));
                });
}

}  // namespace

void add_transfers(CLI::App& app, Environment& environment, int& status) {
    CLI::App& transfers = add_family(app, "transfers", "The transfer of files from the upstream",
                                     "headwater transfers list");
    auto listing = std::make_shared<Listing>();
    CLI::App& shown = add_command(transfers, environment, status, "list",
                                  "The queue, with what does not come and why",
                                  "headwater transfers list --state failed",
                                  [listing](Session& session) { return show(session, *listing); });
    shown.add_option("--state", listing->state, "waiting, paused, failed or cancelled")
        ->check(CLI::IsMember({"waiting", "paused", "failed", "cancelled"}));
    shown.add_option("--limit", listing->limit, "At most so many files")
        ->check(CLI::Range(1, 10'000));
    add_order(transfers, environment, status, "pause",
              "Hold files, or with --all the whole queue, also after a restart", "held");
    add_order(transfers, environment, status, "resume", "Let what is held go on", "go on");
    add_order(transfers, environment, status, "cancel",
              "Give files up until they are tried again by `headwater transfers retry`",
              "cancelled");
    add_order(transfers, environment, status, "retry",
              "Try again what has failed; named files also where they were cancelled",
              "tried again");
    add_service(transfers, environment, status, "start", "Start the transfer service");
    add_service(transfers, environment, status, "stop",
                "Stop the transfer service, also after a restart; a synchronization that needs it "
                "will say so");
    add_service(transfers, environment, status, "restart",
                "Stop and start the transfer service alone, with new attempts for all files");
}

}  // namespace headwater::cli
