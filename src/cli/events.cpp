#include <algorithm>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "diagnosis/event_table.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

/// Of one question while following; the server holds each back until something happens.
constexpr const char* kWaitMilliseconds = "10000";
constexpr unsigned kMostAtOnce = 1000;

struct EventOptions {
    std::string severity;
    unsigned number = 0;
    unsigned limit = 50;
    bool follows = false;
    bool is_full = false;
    bool prints_document = false;
};

std::string severity_text(const json::value& event) {
    return flag(event, "over") ? "over" : field(event, "severity");
}

void print_full(std::ostream& out, const json::value& event) {
    out << time_text(at(event, "time")) << "  " << field(event, "number") << ' '
        << printable(field(event, "name")) << "  " << severity_text(event) << "\n  "
        << printable(field(event, "text")) << '\n';
    for (const json::value& line : list(event, "evidence")) {
        out << "    - "
            << printable(line.is_string() ? std::string_view(line.get_string())
                                          : std::string_view{})
            << '\n';
    }
    if (const std::string remedy = field(event, "remedy"); !remedy.empty()) {
        out << "  " << printable(remedy) << '\n';
    }
}

std::vector<json::value> oldest_first(const json::value& answer) {
    const json::array& events = list(answer, "events");
    return {events.rbegin(), events.rend()};
}

void print_events(Session& session, const std::vector<json::value>& events, bool is_full) {
    Table table({{"TIME"}, {"SEVERITY"}, {"NUMBER"}, {"TEXT", Fit::kCut}});
    for (const json::value& event : events) {
        if (is_full) {
            print_full(session.output.out, event);
        } else {
            table.add({time_text(at(event, "time")), severity_text(event), field(event, "number"),
                       field(event, "text")});
        }
    }
    if (!is_full) {
        table.print(session.output);
    }
}

std::string path_of(const EventOptions& options, unsigned limit, const std::string& after,
                    const std::string& wait) {
    return "events" +
           query_of({{"after", after},
                     {"limit", std::to_string(limit)},
                     {"severity", options.severity},
                     {"number", options.number == 0 ? "" : std::to_string(options.number)},
                     {"wait", wait}});
}

/// Until it is interrupted, or the server does not answer any more.
Result<> follow(Session& session, const EventOptions& options, std::string after) {
    for (;;) {
        const auto answer =
            session.api.call({.path = path_of(options, kMostAtOnce, after, kWaitMilliseconds)});
        if (!answer) {
            return std::unexpected(answer.error());
        }
        for (const json::value& event : oldest_first(*answer)) {
            if (session.print_json(event)) {
                continue;
            }
            if (options.is_full) {
                print_full(session.output.out, event);
            } else {
                session.output.out << time_text(at(event, "time")) << "  " << severity_text(event)
                                   << "  " << field(event, "number") << "  "
                                   << printable(field(event, "text")) << '\n';
            }
        }
        session.output.out.flush();
        after = field(*answer, "last_id");
    }
}

Result<> events(Session& session, const EventOptions& options) {
    if (options.prints_document) {
        session.output.out << diagnosis::event_document();
        return {};
    }
    const auto answer = session.api.call({.path = path_of(options, options.limit, "", "")});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!options.follows && session.print_json(*answer)) {
        return {};
    }
    const auto found = oldest_first(*answer);
    if (session.json) {
        for (const json::value& event : found) {
            std::ignore = session.print_json(event);
        }
    } else {
        print_events(session, found, options.is_full);
    }
    session.output.out.flush();
    return options.follows ? follow(session, options, field(*answer, "last_id")) : Result<>{};
}

}  // namespace

void add_events(CLI::App& app, Environment& environment, int& status) {
    auto options = std::make_shared<EventOptions>();
    CLI::App& command = add_command(
        app, environment, status, "events", "What happened: the numbered events, the newest last",
        "headwater events --severity error --full\n"
        "docs/events.md tells what each number means.",
        [options](Session& session) { return events(session, *options); });
    command.add_flag("-f,--follow", options->follows, "Go on with each event that comes");
    command.add_option("--severity", options->severity, "Only events of this severity")
        ->check(CLI::IsMember({"error", "warning", "information"}));
    command.add_option("--number", options->number, "Only events of this number, as 386")
        ->check(CLI::Range(1, 99'999));
    command.add_option("--limit", options->limit, "The newest so many")
        ->capture_default_str()
        ->check(CLI::Range(1U, kMostAtOnce));
    command.add_flag("--full", options->is_full, "With evidence and remedy");
    command.add_flag("--document", options->prints_document, "Print docs/events.md")->group("");
}

}  // namespace headwater::cli
