#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/requests.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

struct Listing {
    std::string query;
    std::string state;
    std::string product;
    std::string classification;
    bool content_failed = false;
    unsigned offset = 0;
    unsigned limit = 100;
};

struct Deciding {
    std::vector<std::string> updates;
    std::vector<std::string> groups;
    std::string action = "install";
    std::string deadline;
    bool all = false;
    bool undo = false;
};

std::string approval_text(const json::value& update) {
    if (flag(update, "declined")) {
        return "declined";
    }
    std::vector<std::string> texts;
    for (const json::value& approval : list(update, "approvals")) {
        const std::string action = field(approval, "action");
        const std::string group = field(approval, "group");
        texts.push_back(action == "install" ? group : group + " (" + action + ")");
    }
    return joined(texts);
}

std::string remarks(const json::value& update) {
    std::vector<std::string> texts;
    if (const json::value& content = at(update, "content"); content.is_object()) {
        texts.push_back("✗ files: " + reason_text(field(content, "reason")));
    }
    for (const char* name : {"superseded", "expired"}) {
        if (flag(update, name)) {
            texts.emplace_back(name);
        }
    }
    return joined(texts);
}

/// What is wrong with the files of an update, and each way out.
void print_content(std::ostream& out, const json::value& update) {
    const json::value& content = at(update, "content");
    if (!content.is_object()) {
        return;
    }
    const std::string id = field(update, "id");
    const std::string reason = field(content, "reason");
    out << "✗ Files         " << reason_text(reason) << ", since "
        << time_text(at(content, "since")) << ", " << counted(number(content, "files"), "file")
        << ": " << printable(field(content, "error"))
        << "\n  try again         headwater transfers retry --update " << id
        << "\n  cancel            headwater transfers cancel --update " << id
        << "\n  cancel, decline   headwater transfers cancel --decline --update " << id << '\n';
    if (reason == "not_on_upstream") {
        out << "  or choose its product and classification on the upstream, synchronize it, and "
               "then "
               "`headwater sync now`\n";
    }
}

Result<> list_updates(Session& session, const Listing& listing) {
    const auto answer = session.api.call(
        {.path = "updates" + query_of({{"query", listing.query},
                                       {"state", listing.state},
                                       {"product", listing.product},
                                       {"classification", listing.classification},
                                       {"content", listing.content_failed ? "failed" : ""},
                                       {"offset", std::to_string(listing.offset)},
                                       {"limit", std::to_string(listing.limit)}})});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    Table table({{"ID"},
                 {"KB"},
                 {"CREATED"},
                 {"SEVERITY"},
                 {"CLASSIFICATION", Fit::kCut},
                 {"APPROVED FOR", Fit::kCut},
                 {""},
                 {"TITLE", Fit::kCut}});
    const json::array& updates = list(*answer, "updates");
    for (const json::value& update : updates) {
        table.add({field(update, "id"), field(update, "kb"), field(update, "created").substr(0, 10),
                   field(update, "severity"), field(update, "classification"),
                   approval_text(update), remarks(update), field(update, "title")});
    }
    table.print(session.output);
    if (session.output.is_terminal) {
        session.output.out << grouped(updates.size()) << " of "
                           << counted(number(*answer, "total"), "update") << ".\n";
    }
    return {};
}

/// One line for each clause: one of its updates is needed.
void print_clauses(std::ostream& out, const json::value& update, const char* name,
                   const char* title) {
    for (const json::value& clause : list(update, name)) {
        std::vector<std::string> names;
        for (const json::value& one : list(clause, "any_of")) {
            const std::string known = field(one, "title");
            names.push_back(known.empty() ? field(one, "id") : known);
        }
        std::string line;
        for (const std::string& one : names) {
            line += (line.empty() ? "" : " or ") + one;
        }
        out << title << printable(line) << '\n';
    }
}

void print_details(Output& output, const json::value& update) {
    std::ostream& out = output.out;
    out << printable(field(update, "title")) << "\nId              " << field(update, "id")
        << "\nRevision        " << field(update, "revision") << "\nKB article      "
        << printable(field(update, "kb")) << "\nSeverity        "
        << printable(field(update, "severity")) << "\nClassification  "
        << printable(field(update, "classification")) << "\nProducts        "
        << printable(joined(list(update, "products"))) << "\nCreated         "
        << time_text(at(update, "created")) << '\n';
    for (const auto& [name, title] :
         {std::pair("superseded", "Superseded"), std::pair("expired", "Expired"),
          std::pair("declined", "Declined")}) {
        if (flag(update, name)) {
            out << title << "\n";
        }
    }
    print_content(out, update);
    for (const json::value& approval : list(update, "approvals")) {
        const std::string deadline = field(approval, "deadline");
        out << "Approval        " << printable(field(approval, "group")) << ": "
            << field(approval, "action") << (deadline.empty() ? "" : ", deadline ") << deadline
            << " (by " << printable(field(approval, "administrator")) << ", "
            << time_text(at(approval, "changed")) << ")\n";
    }
    if (const std::string text = field(update, "description"); !text.empty()) {
        out << "Description     " << printable(text) << '\n';
    }
    if (const json::value& computers = at(update, "computers"); computers.is_object()) {
        for (const auto& status : computers.get_object()) {
            out << "Computers       " << status.key() << ": " << json::serialize(status.value())
                << '\n';
        }
    }
    print_clauses(out, update, "prerequisites", "Prerequisite    ");
    print_clauses(out, update, "bundle", "Bundle          ");
    for (const json::value& file : list(update, "files")) {
        const std::string error = field(file, "error");
        out << "File            " << printable(field(file, "name")) << ", "
            << bytes_text(number(file, "size")) << ", " << field(file, "state")
            << (error.empty() ? "" : ": ") << printable(error) << '\n';
    }
}

Result<> show_update(Session& session, const std::string& name) {
    const auto update = session.api.call({.path = "updates/" + percent_encode(name)});
    if (!update) {
        return std::unexpected(update.error());
    }
    if (!session.print_json(*update)) {
        print_details(session.output, *update);
    }
    return {};
}

Result<> approve(Session& session, const Deciding& deciding) {
    json::object body = {{"updates", json_texts(deciding.updates)},
                         {"groups", json_texts(deciding.groups)},
                         {"action", deciding.action}};
    if (deciding.all) {
        body["all_matches"] = true;
    }
    if (!deciding.deadline.empty()) {
        body["deadline"] = deciding.deadline;
    }
    const auto answer =
        session.api.call({.method = "POST", .path = "updates/approvals", .body = std::move(body)});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!session.print_json(*answer)) {
        session.output.out << "Set to " << field(*answer, "action") << ": "
                           << counted(list(*answer, "updates").size(), "update") << ", for "
                           << printable(joined(fields_of(list(*answer, "groups"), "name")))
                           << ".\n";
    }
    return {};
}

Result<> decline(Session& session, const Deciding& deciding) {
    json::object body = {{"updates", json_texts(deciding.updates)}, {"declined", !deciding.undo}};
    if (deciding.all) {
        body["all_matches"] = true;
    }
    const auto answer =
        session.api.call({.method = "POST", .path = "updates/declines", .body = std::move(body)});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!session.print_json(*answer)) {
        session.output.out << (deciding.undo ? "Not declined any more: " : "Declined: ")
                           << counted(list(*answer, "updates").size(), "update") << ".\n";
    }
    return {};
}

void add_list(CLI::App& updates, Environment& environment, int& status) {
    auto listing = std::make_shared<Listing>();
    CLI::App& command = add_command(
        updates, environment, status, "list", "The updates that can be approved, the latest first",
        "headwater updates list 'Cumulative Update' --state unapproved --classification 'Security "
        "Updates'",
        [listing](Session& session) { return list_updates(session, *listing); });
    command.add_option("query", listing->query, "Part of a title, a KB number, or an id");
    command.add_option("--state", listing->state, "Without it, all but the declined ones")
        ->check(CLI::IsMember({"approved", "unapproved", "declined", "any"}));
    command.add_option("--product", listing->product,
                       "A product, family or company, by name or id");
    command.add_option("--classification", listing->classification,
                       "A classification, by name or id");
    command.add_flag("--content-failed", listing->content_failed,
                     "Only those whose files could not be had");
    command.add_option("--offset", listing->offset, "Skip so many")->capture_default_str();
    command.add_option("--limit", listing->limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000));
}

void add_decision_options(CLI::App& command, Deciding& deciding) {
    command.add_option("updates", deciding.updates, "Ids, KB numbers, or exact titles")->required();
    command.add_flag("--all", deciding.all, "Take all updates that a KB number or title names");
}

void add_approve(CLI::App& updates, Environment& environment, int& status) {
    auto deciding = std::make_shared<Deciding>();
    CLI::App& command = add_command(
        updates, environment, status, "approve", "Approve updates for groups of computers",
        "headwater updates approve KB5031455 --group 'All Computers' --deadline "
        "2026-11-01T03:00:00Z",
        [deciding](Session& session) { return approve(session, *deciding); });
    add_decision_options(command, *deciding);
    command.add_option("--group", deciding->groups, "A group, by name or id; once for each")
        ->required()
        ->allow_extra_args(false);
    command.add_option("--action", deciding->action, "What the computers do")
        ->capture_default_str()
        ->check(CLI::IsMember({"install", "uninstall", "notapproved", "optional"}));
    command
        .add_option("--deadline", deciding->deadline, "Installed by then, as 2026-11-01T03:00:00Z")
        ->type_name("TIME");
}

}  // namespace

void add_updates(CLI::App& app, Environment& environment, int& status) {
    CLI::App& updates = add_family(app, "updates", "Look at updates, approve and decline them",
                                   "headwater updates list --state unapproved");
    add_list(updates, environment, status);
    auto name = std::make_shared<std::string>();
    CLI::App& one = add_command(updates, environment, status, "show", "All about one update",
                                "headwater updates show KB5031455",
                                [name](Session& session) { return show_update(session, *name); });
    one.add_option("update", *name, "Its id, KB number, or exact title")->required();
    add_approve(updates, environment, status);
    auto deciding = std::make_shared<Deciding>();
    CLI::App& declining = add_command(
        updates, environment, status, "decline", "Take updates out of sight, with their approvals",
        "headwater updates decline KB5031455",
        [deciding](Session& session) { return decline(session, *deciding); });
    add_decision_options(declining, *deciding);
    declining.add_flag("--undo", deciding->undo, "Take the decline back");
}

}  // namespace headwater::cli
