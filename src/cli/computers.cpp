#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/requests.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

struct Paging {
    unsigned offset = 0;
    unsigned limit = 100;
};

struct Move {
    std::string computer;
    std::vector<std::string> groups;
};

Result<> list_computers(Session& session, const Paging& paging) {
    const auto answer = session.api.call(
        {.path = "computers" + query_of({{"offset", std::to_string(paging.offset)},
                                         {"limit", std::to_string(paging.limit)}})});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    const json::array& computers = list(*answer, "computers");
    Table table({{"NAME", Fit::kCut},
                 {"ID"},
                 {"ADDRESS"},
                 {"OS"},
                 {"GROUPS", Fit::kCut},
                 {"LAST CONTACT"},
                 {"LAST REPORT"}});
    for (const json::value& computer : computers) {
        table.add(
            {field(computer, "name"), field(computer, "id"), field(computer, "ip_address"),
             field(computer, "os_version"), joined(fields_of(list(computer, "groups"), "name")),
             time_text(at(computer, "last_contact")), time_text(at(computer, "last_report"))});
    }
    table.print(session.output);
    if (session.output.is_terminal) {
        session.output.out << grouped(computers.size()) << " of "
                           << counted(number(*answer, "total"), "computer") << ".\n";
    }
    return {};
}

void print_facts(std::ostream& out, const json::value& computer) {
    const json::value& details = at(computer, "details");
    const std::string requested = field(computer, "requested_group");
    out << printable(field(computer, "name")) << "\nId            "
        << printable(field(computer, "id")) << "\nAddress       "
        << printable(field(computer, "ip_address")) << "\nSystem        "
        << printable(field(details, "os_description") + " " + field(details, "os_version") + " " +
                     field(details, "architecture"))
        << "\nModel         "
        << printable(field(details, "manufacturer") + " " + field(details, "model"))
        << "\nAgent         " << printable(field(details, "client_version")) << "\nGroups        "
        << printable(joined(fields_of(list(computer, "groups"), "name")))
        << (requested.empty() ? "" : ", asks for ") << printable(requested) << "\nLast contact  "
        << time_text(at(computer, "last_contact")) << "\nLast scan     "
        << time_text(at(computer, "last_scan")) << "\nLast report   "
        << time_text(at(computer, "last_report")) << '\n';
}

Result<> show(Session& session, const std::string& name) {
    const auto computer = session.api.call({.path = "computers/" + percent_encode(name)});
    if (!computer) {
        return std::unexpected(computer.error());
    }
    if (session.print_json(*computer)) {
        return {};
    }
    print_facts(session.output.out, *computer);
    Table statuses({{"STATUS"}, {"SINCE"}, {"UPDATE"}, {"TITLE", Fit::kCut}});
    for (const json::value& status : list(*computer, "statuses")) {
        statuses.add({field(status, "status"), time_text(at(status, "changed")),
                      field(status, "update"), field(status, "title")});
    }
    session.output.out << '\n';
    statuses.print(session.output);
    Table events({{"EVENT"}, {"TIME"}, {"RESULT"}, {"UPDATE"}, {"TEXTS", Fit::kCut}});
    for (const json::value& event : list(*computer, "events")) {
        events.add({field(event, "event_id"), time_text(at(event, "time")), field(event, "result"),
                    field(event, "update"), joined(list(event, "texts"))});
    }
    session.output.out << '\n';
    events.print(session.output);
    return {};
}

Result<> move(Session& session, const Move& wanted) {
    const auto computer =
        session.api.call({.method = "PUT",
                          .path = "computers/" + percent_encode(wanted.computer) + "/groups",
                          .body = json::object{{"groups", json_texts(wanted.groups)}}});
    if (!computer) {
        return std::unexpected(computer.error());
    }
    if (!session.print_json(*computer)) {
        session.output.out << printable(field(*computer, "name")) << " is in "
                           << printable(joined(fields_of(list(*computer, "groups"), "name")))
                           << ".\n";
    }
    return {};
}

}  // namespace

void add_computers(CLI::App& app, Environment& environment, int& status) {
    CLI::App& computers = add_family(app, "computers", "The computers that get their updates here",
                                     "headwater computers list");
    auto paging = std::make_shared<Paging>();
    CLI::App& listing =
        add_command(computers, environment, status, "list", "The computers, by name",
                    "headwater computers list --limit 500",
                    [paging](Session& session) { return list_computers(session, *paging); });
    listing.add_option("--offset", paging->offset, "Skip so many")->capture_default_str();
    listing.add_option("--limit", paging->limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000));
    auto name = std::make_shared<std::string>();
    CLI::App& one = add_command(computers, environment, status, "show",
                                "One computer: its facts, its updates and its last events",
                                "headwater computers show pc-17.corp.example",
                                [name](Session& session) { return show(session, *name); });
    one.add_option("computer", *name, "Its id or name")->required();
    auto wanted = std::make_shared<Move>();
    CLI::App& moving = add_command(
        computers, environment, status, "move", "Put a computer into groups, out of all others",
        "headwater computers move pc-17.corp.example Servers 'Test ring'",
        [wanted](Session& session) { return move(session, *wanted); });
    moving.add_option("computer", wanted->computer, "Its id or name")->required();
    moving
        .add_option("groups", wanted->groups,
                    "Names or ids; 'Unassigned Computers' for none of them")
        ->required();
}

}  // namespace headwater::cli
