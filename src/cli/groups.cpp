#include <unordered_map>

#include "cli/command.hpp"
#include "cli/commands.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

struct NewGroup {
    std::string name;
    std::string parent;
};

Result<> list_groups(Session& session) {
    const auto answer = session.api.call({.path = "groups"});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    const json::array& groups = list(*answer, "groups");
    std::unordered_map<std::string, std::string> names;
    for (const json::value& group : groups) {
        names[field(group, "id")] = field(group, "name");
    }
    Table table({{"ID"}, {"NAME", Fit::kCut}, {"PARENT", Fit::kCut}, {""}});
    for (const json::value& group : groups) {
        table.add({field(group, "id"), field(group, "name"), names[field(group, "parent")],
                   flag(group, "builtin") ? "built in" : ""});
    }
    table.print(session.output);
    return {};
}

Result<> create(Session& session, const NewGroup& wanted) {
    json::object body = {{"name", wanted.name}};
    if (!wanted.parent.empty()) {
        body["parent"] = wanted.parent;
    }
    const auto group =
        session.api.call({.method = "POST", .path = "groups", .body = std::move(body)});
    if (!group) {
        return std::unexpected(group.error());
    }
    if (!session.print_json(*group)) {
        session.output.out << "Created the group '" << printable(field(*group, "name")) << "' ("
                           << field(*group, "id") << ").\n";
    }
    return {};
}

Result<> remove(Session& session, const std::string& name) {
    const auto group =
        session.api.call({.method = "DELETE", .path = "groups/" + percent_encode(name)});
    if (!group) {
        return std::unexpected(group.error());
    }
    if (!session.print_json(*group)) {
        session.output.out << "Removed the group '" << printable(field(*group, "name"))
                           << "' with its approvals.\n";
    }
    return {};
}

}  // namespace

void add_groups(CLI::App& app, Environment& environment, int& status) {
    CLI::App& groups = add_family(app, "groups", "Groups of computers", "headwater groups list");
    add_command(groups, environment, status, "list", "All groups", "headwater groups list",
                list_groups);
    auto wanted = std::make_shared<NewGroup>();
    CLI::App& creating =
        add_command(groups, environment, status, "create", "Create a group",
                    "headwater groups create Servers --parent 'All Computers'",
                    [wanted](Session& session) { return create(session, *wanted); });
    creating.add_option("name", wanted->name, "Its name")->required();
    creating.add_option("--parent", wanted->parent,
                        "The group above it; without it, All Computers");
    auto name = std::make_shared<std::string>();
    CLI::App& removing = add_command(groups, environment, status, "remove",
                                     "Remove a group, with its approvals and memberships",
                                     "headwater groups remove Servers",
                                     [name](Session& session) { return remove(session, *name); });
    removing.add_option("group", *name, "Its name or id")->required();
}

}  // namespace headwater::cli
