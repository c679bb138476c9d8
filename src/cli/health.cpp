#include <algorithm>
#include <map>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "diagnosis/health_options.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

// As monitoring systems read an exit status.
constexpr int kHealthy = 0;
constexpr int kWarnings = 1;
constexpr int kErrors = 2;

int status_of(const json::array& conditions) {
    if (std::ranges::any_of(conditions, [](const json::value& condition) {
            return field(condition, "severity") == "error";
        })) {
        return kErrors;
    }
    return conditions.empty() ? kHealthy : kWarnings;
}

void print_conditions(std::ostream& out, const json::array& conditions) {
    if (conditions.empty()) {
        out << "Healthy.\n";
    }
    for (const json::value& condition : conditions) {
        out << field(condition, "severity") << ' ' << field(condition, "number") << ", since "
            << time_text(at(condition, "since")) << ": " << printable(field(condition, "text"))
            << '\n';
        for (const json::value& line : list(condition, "evidence")) {
            if (line.is_string()) {
                out << "  - " << printable(line.get_string()) << '\n';
            }
        }
        if (const std::string remedy = field(condition, "remedy"); !remedy.empty()) {
            out << "  " << printable(remedy) << '\n';
        }
    }
}

/// A server that cannot be asked is an error like those that it tells.
int health(Session& session, bool now) {
    const auto answer = session.api.call({.method = now ? "POST" : "GET", .path = "health"});
    if (!answer) {
        print_error(session.output.err, answer.error());
        return kErrors;
    }
    const json::array& conditions = list(*answer, "conditions");
    if (!session.print_json(*answer)) {
        print_conditions(session.output.out, conditions);
    }
    return status_of(conditions);
}

/// What was given, by the names of the API.
using Thresholds = std::map<std::string, unsigned>;

std::string option_name(std::string_view field) {
    std::string name = "--" + std::string(field);
    std::ranges::replace(name, '_', '-');
    return name;
}

Result<> options(Session& session, const Thresholds& thresholds, const CLI::App& command) {
    json::object body;
    for (const auto& [name, value] : thresholds) {
        if (command.count(option_name(name)) > 0) {
            body[name] = value;
        }
    }
    ApiRequest request{.path = "options/health"};
    if (!body.empty()) {
        request.method = "PUT";
        request.body = std::move(body);
    }
    const auto answer = session.api.call(request);
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!session.print_json(*answer)) {
        Table table({{"OPTION"}, {"VALUE"}, {"MEANING", Fit::kCut}});
        for (const diagnosis::HealthField& known : diagnosis::health_fields()) {
            table.add(
                {option_name(known.name), field(*answer, known.name), std::string(known.meaning)});
        }
        table.print(session.output);
    }
    return {};
}

void add_options(CLI::App& health, Environment& environment, int& status) {
    auto thresholds = std::make_shared<Thresholds>();
    auto self = std::make_shared<CLI::App*>(nullptr);
    CLI::App& command = add_command(
        health, environment, status, "options",
        "Show or change what the health monitor finds too much; 0 switches a condition off",
        "headwater health options --disk-warning-gib 50 --synchronization-days 2",
        [thresholds, self](Session& session) { return options(session, *thresholds, **self); });
    *self = &command;
    for (const diagnosis::HealthField& known : diagnosis::health_fields()) {
        command
            .add_option(option_name(known.name), (*thresholds)[std::string(known.name)],
                        std::string(known.meaning))
            ->check(CLI::Range(known.least, known.most));
    }
}

}  // namespace

void add_health(CLI::App& app, Environment& environment, int& status) {
    auto now = std::make_shared<bool>(false);
    auto self = std::make_shared<CLI::App*>(nullptr);
    CLI::App& command = add_command(
        app, environment, status, "health",
        "What is wrong now; the exit status is 0 for nothing, 1 for warnings, 2 for errors",
        "headwater health || echo 'Headwater needs somebody'",
        [now, self, &status](Session& session) -> Result<> {
            if ((*self)->get_subcommands().empty()) {
                status = health(session, *now);
            }
            return {};
        });
    *self = &command;
    command.add_flag("--now", *now, "Check first, instead of telling what the last check found");
    add_options(command, environment, status);
}

}  // namespace headwater::cli
