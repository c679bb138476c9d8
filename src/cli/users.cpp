// `headwater users`: who signs in to the console. On the server itself, without a sign-in: this is
// also the way back in for whoever forgot his password.

#include <unistd.h>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/secret_input.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

struct Wanted {
    std::string name;
    std::string role = "reporter";
    bool password_stdin = false;
};

Result<> list_users(Session& session) {
    const auto answer = session.api.call({.path = "users"});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    Table table({{"NAME", Fit::kCut}, {"ROLE"}, {"CREATED"}, {"LAST SIGN-IN"}});
    for (const json::value& user : list(*answer, "users")) {
        table.add({field(user, "name"), field(user, "role"), time_text(at(user, "created")),
                   time_text(at(user, "last_sign_in"))});
    }
    table.print(session.output);
    return {};
}

Result<std::string> password_for(const Wanted& wanted) {
    return wanted.password_stdin ? read_password()
                                 : ask_password("New password for " + wanted.name);
}

Result<> tell(Session& session, const ApiRequest& request, const std::string& done) {
    const auto user = session.api.call(request);
    if (!user) {
        return std::unexpected(user.error());
    }
    if (!session.print_json(*user)) {
        session.output.out << done << '\n';
    }
    return {};
}

Result<> add_user(Session& session, const Wanted& wanted) {
    const auto password = password_for(wanted);
    if (!password) {
        return std::unexpected(password.error());
    }
    return tell(
        session,
        {.method = "POST",
         .path = "users",
         .body =
             json::object{{"name", wanted.name}, {"role", wanted.role}, {"password", *password}}},
        "Added the " + wanted.role + " '" + printable(wanted.name) + "'.");
}

Result<> change(Session& session, const Wanted& wanted, json::object body,
                const std::string& done) {
    return tell(
        session,
        {.method = "PUT", .path = "users/" + percent_encode(wanted.name), .body = std::move(body)},
        done);
}

Result<> set_password(Session& session, const Wanted& wanted) {
    const auto password = password_for(wanted);
    if (!password) {
        return std::unexpected(password.error());
    }
    return change(session, wanted, {{"password", *password}},
                  "Set the password of '" + printable(wanted.name) +
                      "'; whoever was signed in by that name is not any more.");
}

Result<> set_role(Session& session, const Wanted& wanted) {
    return change(session, wanted, {{"role", wanted.role}},
                  "'" + printable(wanted.name) + "' is a " + wanted.role + " now.");
}

Result<> remove_user(Session& session, const Wanted& wanted) {
    return tell(session, {.method = "DELETE", .path = "users/" + percent_encode(wanted.name)},
                "Removed the user '" + printable(wanted.name) + "'.");
}

/// A command about one user.
CLI::App& add_one(CLI::App& users, Environment& environment, int& status, const std::string& name,
                  const std::string& description, const std::string& example,
                  const std::shared_ptr<Wanted>& wanted,
                  Result<> (*work)(Session&, const Wanted&)) {
    CLI::App& command =
        add_command(users, environment, status, name, description, example,
                    [wanted, work](Session& session) { return work(session, *wanted); });
    command.add_option("name", wanted->name, "Whose")->required();
    return command;
}

void add_stdin(CLI::App& command, Wanted& wanted) {
    command.add_flag("--password-stdin", wanted.password_stdin,
                     "Read the password from standard input instead of asking on the terminal");
}

void add_role(CLI::App& command, Wanted& wanted, bool is_required) {
    auto* role = command.add_option("--role", wanted.role, "administrator, or reporter")
                     ->check(CLI::IsMember({"administrator", "reporter"}));
    if (is_required) {
        role->required();
    } else {
        role->capture_default_str();
    }
}

}  // namespace

void add_users(CLI::App& app, Environment& environment, int& status) {
    CLI::App& users =
        add_family(app, "users", "Who signs in to the console", "headwater users list");
    add_command(users, environment, status, "list", "All users", "headwater users list",
                list_users);
    const auto wanted = std::make_shared<Wanted>();
    CLI::App& adding = add_one(users, environment, status, "add", "Add a user",
                               "headwater users add anna --role administrator", wanted, add_user);
    add_role(adding, *wanted, false);
    add_stdin(adding, *wanted);
    CLI::App& password =
        add_one(users, environment, status, "password", "Set a password, a forgotten one too",
                "headwater users password anna", wanted, set_password);
    add_stdin(password, *wanted);
    CLI::App& role = add_one(users, environment, status, "role", "Change what a user may do",
                             "headwater users role anna --role reporter", wanted, set_role);
    add_role(role, *wanted, true);
    add_one(users, environment, status, "remove", "Remove a user", "headwater users remove anna",
            wanted, remove_user);
}

}  // namespace headwater::cli
