#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

/// Deriving a large catalog again takes minutes, in which the server says nothing.
constexpr std::chrono::seconds kRebuildPatience{6 * 3600};

std::string synchronization_text(const json::value& answer) {
    const SyncProgress progress = read_progress(answer);
    if (progress.run_id == 0) {
        return "none since the server started";
    }
    return "run " + std::to_string(progress.run_id) + " " +
           (progress.running ? "is running, " + progress_line(progress) : progress.result);
}

Result<> show_status(Session& session) {
    const auto answer = session.api.call({.path = "status"});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    const json::value& catalog = at(*answer, "catalog");
    const json::value& transfer = at(*answer, "transfer");
    session.output.out << "Headwater        " << printable(field(*answer, "version"))
                       << "\nCatalog          " << grouped(number(catalog, "revisions"))
                       << " revisions of " << grouped(number(catalog, "updates")) << " updates and "
                       << grouped(number(catalog, "categories")) << " categories, change "
                       << field(catalog, "change") << "\nComputers        "
                       << grouped(number(*answer, "computers")) << "\nFiles            "
                       << grouped(number(transfer, "present")) << " present ("
                       << bytes_text(number(transfer, "present_bytes")) << "), "
                       << grouped(number(transfer, "waiting")) << " waiting, "
                       << grouped(number(transfer, "failed")) << " failed"
                       << (flag(transfer, "disk_full") ? "; the disk is full" : "")
                       << "\nSynchronization  "
                       << synchronization_text(at(*answer, "synchronization")) << '\n';
    return {};
}

Result<> rebuild(Session& session) {
    const auto answer = session.api.call(
        {.method = "POST", .path = "catalog/rebuild", .patience = kRebuildPatience});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!session.print_json(*answer)) {
        session.output.out << "Derived " << grouped(number(*answer, "revisions"))
                           << " revisions again from their documents.\n";
    }
    return {};
}

Result<> back_up(Session& session) {
    const auto answer =
        session.api.call({.method = "POST", .path = "backup", .patience = kRebuildPatience});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!session.print_json(*answer)) {
        session.output.out << printable(field(*answer, "file")) << "  "
                           << bytes_text(number(*answer, "bytes")) << '\n';
    }
    return {};
}

}  // namespace

void add_server(CLI::App& app, Environment& environment, int& status) {
    add_command(app, environment, status, "status", "What the server holds and does",
                "headwater status", show_status);
    add_command(app, environment, status, "backup",
                "Write a copy of the database into `backups` in the data folder, while it serves",
                "headwater backup", back_up);
    CLI::App& catalog =
        add_family(app, "catalog", "The catalog of updates", "headwater catalog rebuild");
    add_command(catalog, environment, status, "rebuild",
                "Derive everything again from the documents of the updates",
                "headwater catalog rebuild", rebuild);
}

}  // namespace headwater::cli
