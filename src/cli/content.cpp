#include "cli/command.hpp"
#include "cli/commands.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

Result<> print_content(Session& session, const Result<json::value>& answer) {
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    std::ostream& out = session.output.out;
    out << "Present      " << grouped(number(*answer, "present")) << " files, "
        << bytes_text(number(*answer, "present_bytes")) << "\nWaiting      "
        << grouped(number(*answer, "waiting")) << " files, "
        << bytes_text(number(*answer, "waiting_bytes")) << "\nFailed       "
        << grouped(number(*answer, "failed")) << " files\nTransferred  "
        << bytes_text(number(*answer, "transferred_bytes")) << " since the server started\n";
    if (flag(*answer, "disk_full")) {
        out << "The disk is full: transfers wait until there is space in the data folder.\n";
    }
    Table table({{"STATE"}, {"SIZE"}, {"ATTEMPTS"}, {"FILE", Fit::kCut}, {"ERROR", Fit::kCut}});
    const std::size_t shown =
        list(*answer, "failed_files").size() + list(*answer, "transferring_files").size();
    for (const char* name : {"transferring_files", "failed_files"}) {
        for (const json::value& file : list(*answer, name)) {
            table.add({field(file, "state"), bytes_text(number(file, "size")),
                       field(file, "attempts"), field(file, "name"), field(file, "error")});
        }
    }
    if (shown > 0) {
        out << '\n';
        table.print(session.output);
    }
    return {};
}

Result<> show_content(Session& session, bool waits) {
    auto answer = session.api.call({.path = waits ? "content?wait=10000" : "content"});
    while (waits && answer && number(*answer, "waiting") > 0) {
        if (const std::string service = field(*answer, "service");
            service == "stopped" || service == "paused") {
            return fail("transfers." + service,
                        "Files are waiting, but the transfer service is " + service + ".",
                        service == "stopped"
                            ? "Start it with `headwater transfers start`."
                            : "Let it go on with `headwater transfers resume --all`.");
        }
        if (!session.json) {
            session.output.err << grouped(number(*answer, "waiting")) << " files, "
                               << bytes_text(number(*answer, "waiting_bytes")) << ", are waiting\n";
        }
        answer = session.api.call({.path = "content?wait=10000"});
    }
    if (auto printed = print_content(session, answer); !printed) {
        return printed;
    }
    if (waits && number(*answer, "failed") > 0) {
        return fail("content.failed",
                    grouped(number(*answer, "failed")) + " files could not be transferred.",
                    "Their errors stand in the list; `headwater content retry` tries them again.");
    }
    return {};
}

}  // namespace

void add_content(CLI::App& app, Environment& environment, int& status) {
    CLI::App& content =
        add_family(app, "content", "The files of updates", "headwater content status");
    const auto waits = std::make_shared<bool>(false);
    CLI::App& show = add_command(
        content, environment, status, "status", "How many files are here, and which have failed",
        "headwater content status --wait",
        [waits](Session& session) { return show_content(session, *waits); });
    show.add_flag("--wait", *waits,
                  "First wait until no file is waiting; exit status 1 if some have failed");
    add_content_options(content, environment, status);
    add_command(content, environment, status, "retry",
                "Transfer the files that have failed once more", "headwater content retry",
                [](Session& session) {
                    return print_content(
                        session, session.api.call({.method = "POST", .path = "content/retry"}));
                });
    add_content_tasks(content, environment, status);
}

}  // namespace headwater::cli
