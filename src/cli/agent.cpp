// `headwater agent`: one simulated computer against an update server, with its figures.

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <memory>

#include "base/time.hpp"
#include "cli/commands.hpp"
#include "net/client.hpp"
#include "simulation/agent.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;
using simulation::ScanReport;
using simulation::StepReport;

constexpr const char* kFooter = R"(Examples:
  headwater agent --server http://localhost:8530 --cache pc1
      A Windows 11 computer scans, downloads, installs, reports, and remembers it in pc1.
  headwater agent --server http://localhost:8530 --facts pc.json --cache ~/pc1 --repeat 2
      A computer of your own, which remembers; the second scan asks only for news.
  headwater agent --server http://localhost:8530 --category dd78b8a1-0b20-45c1-add6-4da72e9364cf
      A scan for the updates of one product.
  headwater agent --server http://localhost:8530 --no-download --json
      Only what would be offered, for programs.

Without --cache the computer forgets everything when the command ends, and nothing is downloaded.)";

struct Arguments {
    std::string server;
    std::string facts;
    std::string cache;
    std::vector<std::string> categories;
    bool no_download = false;
    bool no_install = false;
    bool as_json = false;
    unsigned repeat = 1;
};

void print_error(const Error& error) {
    std::cerr << "headwater agent: " << error.code << ": " << error.text() << '\n';
}

void print_step(const StepReport& step) {
    std::printf("%-10s %8.3f s  %s\n", step.name.c_str(), step.seconds, step.figures.c_str());
    std::fflush(stdout);
}

void print_summary(const ScanReport& report) {
    std::cout << "total      " << report.requests << " requests, " << report.sent_bytes
              << " bytes sent, " << report.received_bytes << " received, "
              << report.downloaded_bytes << " downloaded\n"
              << "updates    " << report.cached << " cached, " << report.applicable
              << " applicable, " << report.offered << " offered, " << report.installed
              << " installed";
    for (const auto& [action, number] : report.by_action) {
        std::cout << "; " << action << ' ' << number;
    }
    std::cout << '\n';
    for (const auto& [code, number] : report.faults) {
        std::cout << "fault      " << code << ", " << number << " times, remedied\n";
    }
    for (const Guid& category : report.unknown_categories) {
        std::cout << "category   " << category.text() << " is unknown to the server\n";
    }
    if (report.unknown_rules + report.unreadable > 0) {
        std::cout << "rules      " << report.unknown_rules << " of unknown kinds, "
                  << report.unreadable << " unreadable fragments\n";
    }
}

template <typename Map>
json::object to_object(const Map& map) {
    json::object out;
    for (const auto& [name, number] : map) {
        out[name] = number;
    }
    return out;
}

json::object to_json(const ScanReport& report) {
    json::object out;
    out["rounds"] = report.rounds;
    out["requests"] = report.requests;
    out["sent_bytes"] = report.sent_bytes;
    out["received_bytes"] = report.received_bytes;
    out["new_updates"] = report.new_updates;
    out["changed"] = report.changed;
    out["out_of_scope"] = report.out_of_scope;
    out["by_action"] = to_object(report.by_action);
    out["cached"] = report.cached;
    out["installed"] = report.installed;
    out["applicable"] = report.applicable;
    out["offered"] = report.offered;
    out["details"] = report.details;
    out["downloaded_files"] = report.downloaded_files;
    out["downloaded_bytes"] = report.downloaded_bytes;
    out["failed_downloads"] = report.failed_downloads;
    out["installations"] = report.installations;
    out["failed_installations"] = report.failed_installations;
    out["marked_only"] = report.marked_only;
    out["events"] = report.events;
    out["unknown_rules"] = report.unknown_rules;
    out["unreadable"] = report.unreadable;
    out["faults"] = to_object(report.faults);
    json::array unknown;
    for (const Guid& category : report.unknown_categories) {
        unknown.emplace_back(category.text());
    }
    out["unknown_categories"] = std::move(unknown);
    json::array steps;
    for (const StepReport& step : report.steps) {
        steps.push_back(json::object{
            {"name", step.name}, {"seconds", step.seconds}, {"figures", step.figures}});
    }
    out["steps"] = std::move(steps);
    return out;
}

Result<simulation::AgentOptions> options_of(const Arguments& arguments) {
    simulation::AgentOptions options;
    options.download = !arguments.no_download;
    options.install = !arguments.no_install;
    for (const std::string& text : arguments.categories) {
        const auto category = Guid::parse(text);
        if (!category) {
            return fail("agent.arguments", "The category '" + text + "' is not a GUID.",
                        "Give the identifier of a product, as the console shows it.");
        }
        options.categories.push_back(*category);
    }
    if (!arguments.as_json) {
        options.on_step = print_step;
    }
    return options;
}

Result<> run(const Arguments& arguments) {
    auto facts =
        arguments.facts.empty() ? simulation::Facts{} : simulation::Facts::load(arguments.facts);
    if (!facts) {
        return std::unexpected(std::move(facts.error()));
    }
    auto options = options_of(arguments);
    if (!options) {
        return std::unexpected(std::move(options.error()));
    }
    const SystemClock clock;
    net::Client client;
    simulation::Agent agent(client, arguments.server, std::move(*facts), arguments.cache, clock,
                            std::move(*options));
    for (unsigned i = 0; i < arguments.repeat; ++i) {
        const auto report = agent.scan();
        if (!report) {
            return std::unexpected(report.error());
        }
        if (arguments.as_json) {
            std::cout << json::serialize(to_json(*report)) << std::endl;
        } else {
            print_summary(*report);
        }
    }
    return {};
}

}  // namespace

void add_agent(CLI::App& app, int& status) {
    CLI::App* const command = app.add_subcommand(
        "agent", "Simulates a computer: scans an update server, downloads, installs, reports");
    const auto arguments = std::make_shared<Arguments>();
    command->add_option("--server", arguments->server, "The server, as http://host:8530")
        ->required();
    command->add_option("--facts", arguments->facts,
                        "What is true of the computer, as JSON; default: a Windows 11 with x64");
    command->add_option("--cache", arguments->cache,
                        "Folder for what the computer remembers and downloads");
    command->add_option("--category", arguments->categories,
                        "Scan only for updates of this category; may be repeated");
    command->add_flag("--no-download", arguments->no_download, "Download and install nothing");
    command->add_flag("--no-install", arguments->no_install, "Download, but install nothing");
    command->add_flag("--json", arguments->as_json, "Print the figures as JSON, a line a scan");
    command->add_option("--repeat", arguments->repeat, "Scan so often, one after the other")
        ->check(CLI::Range(1U, 1'000'000U))
        ->capture_default_str();
    command->footer(kFooter);
    command->callback([arguments, &status] {
        if (const auto done = run(*arguments); !done) {
            print_error(done.error());
            status = 1;
        }
    });
}

}  // namespace headwater::cli
