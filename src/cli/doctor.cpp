#include <algorithm>

#include "cli/command.hpp"
#include "cli/commands.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

// As monitoring systems read an exit status.
constexpr int kSound = 0;
constexpr int kWarnings = 1;
constexpr int kErrors = 2;

struct DoctorOptions {
    std::vector<std::string> checks;
    bool fix = false;
    bool lists = false;
};

std::string coloured(const std::string& state, bool is_terminal) {
    if (!is_terminal) {
        return state;
    }
    const char* colour = state == "ok"        ? "32"
                         : state == "warning" ? "33"
                         : state == "error"   ? "31"
                                              : "90";
    return std::string("\x1b[") + colour + "m" + state + "\x1b[0m";
}

void print_check(Output& output, const json::value& check) {
    output.out << coloured(field(check, "state"), output.is_terminal) << "  "
               << printable(field(check, "title")) << ": " << printable(field(check, "finding"))
               << '\n';
    for (const json::value& line : list(check, "evidence")) {
        if (line.is_string()) {
            output.out << "    - " << printable(line.get_string()) << '\n';
        }
    }
    if (const std::string remedy = field(check, "remedy"); !remedy.empty()) {
        output.out << "    => " << printable(remedy) << '\n';
    }
    output.out.flush();
}

int status_of(const json::array& checks) {
    const auto has = [&](std::string_view state) {
        return std::ranges::any_of(
            checks, [&](const json::value& check) { return field(check, "state") == state; });
    };
    return has("error") ? kErrors : has("warning") ? kWarnings : kSound;
}

Result<int> doctor(Session& session, const DoctorOptions& options) {
    const auto known = session.api.call({.path = "doctor"});
    if (!known) {
        return std::unexpected(known.error());
    }
    if (options.lists) {
        if (!session.print_json(*known)) {
            Table table({{"CHECK"}, {"WHAT IT LOOKS AT", Fit::kCut}});
            for (const json::value& check : list(*known, "checks")) {
                table.add({field(check, "name"), field(check, "title")});
            }
            table.print(session.output);
        }
        return kSound;
    }
    std::vector<std::string> names = options.checks;
    for (const json::value& check : list(*known, "checks")) {
        if (options.checks.empty()) {
            names.push_back(field(check, "name"));
        }
    }
    json::array checks;
    for (const std::string& name : names) {
        auto check = session.api.call({.method = "POST",
                                       .path = "doctor/checks/" + percent_encode(name),
                                       .body = json::object{{"fix", options.fix}}});
        if (!check) {
            return std::unexpected(check.error());
        }
        if (!session.json) {
            print_check(session.output, *check);
        }
        checks.push_back(std::move(*check));
    }
    const int status = status_of(checks);
    std::ignore = session.print_json(json::object{{"checks", std::move(checks)}});
    return status;
}

}  // namespace

void add_doctor(CLI::App& app, Environment& environment, int& status) {
    auto options = std::make_shared<DoctorOptions>();
    CLI::App& command = add_command(
        app, environment, status, "doctor",
        "Find why a synchronization fails, and what to do; the exit status is 0 for nothing, 1 for "
        "warnings, 2 for errors",
        "headwater doctor\n"
        "headwater doctor --check proxy --check upstream_name\n"
        "headwater doctor --check content_folder --fix",
        [options, &status](Session& session) -> Result<> {
            const auto ended = doctor(session, *options);
            if (!ended) {
                // A server that cannot be asked is an error like those that it tells.
                print_error(session.output.err, ended.error());
            }
            status = ended.value_or(kErrors);
            return {};
        });
    command.add_option("--check", options->checks, "Only this check; may stand several times")
        ->type_name("NAME");
    command.add_flag("--fix", options->fix, "Mend what can be mended without harm");
    command.add_flag("--list", options->lists, "Name the checks");
}

}  // namespace headwater::cli
