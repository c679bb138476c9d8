// `headwater demo`: the main job from one end to the other, on this machine alone.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/api.hpp"
#include "cli/commands.hpp"
#include "cli/sample_data.hpp"
#include "cli/signals.hpp"
#include "server/server.hpp"
#include "simulation/agent.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

constexpr const char* kFooter = R"(Examples:
  headwater demo
      Shows every step and leaves both servers running.
  headwater demo --once --updates 500
      Ends after the last step; exit status 0 only if every step succeeded.)";

struct Arguments {
    std::uint32_t updates = 1000;
    std::uint64_t seed = 1;
    std::string data = "demo";
    bool once = false;
};

void say(const std::string& step, const std::string& figures) {
    std::printf("%-12s %s\n", step.c_str(), figures.c_str());
    std::fflush(stdout);
}

server::Config local_server(const std::filesystem::path& data) {
    server::Config config;
    config.data = data;
    config.address = "127.0.0.1";
    config.port = 0;
    config.syslog = false;
    return config;
}

std::string url_of(const server::Server& server) {
    return "http://127.0.0.1:" + std::to_string(server.port());
}

class Demo {
public:
    explicit Demo(const Arguments& arguments) : arguments_(arguments) {}

    Result<> run() {
        for (Result<> (Demo::*step)() :
             {&Demo::make_catalog, &Demo::start_servers, &Demo::synchronize, &Demo::approve,
              &Demo::transfer, &Demo::scan, &Demo::check_report}) {
            if (auto done = (this->*step)(); !done) {
                return done;
            }
        }
        return {};
    }

    void print_addresses() const {
        const std::filesystem::path data(arguments_.data);
        std::cout << "\nBoth servers run until Ctrl+C:\n  upstream    " << url_of(*upstream_)
                  << "\n  downstream  " << url_of(*server_)
                  << "\nLook around, from another terminal:\n"
                  << "  headwater --help\n  headwater sync history --socket "
                  << local_server(data / "server").socket_path().string() << std::endl;
    }

private:
    Result<> make_catalog() {
        const std::filesystem::path data = std::filesystem::path(arguments_.data) / "upstream";
        const auto written =
            write_sample({.updates = arguments_.updates, .seed = arguments_.seed}, data, true);
        if (!written) {
            return std::unexpected(written.error());
        }
        say("catalog", std::to_string(written->revisions) + " generated revisions, " +
                           std::to_string(written->files) + " new files");
        return {};
    }

    Result<> start_servers() {
        const std::filesystem::path data(arguments_.data);
        auto upstream = server::Server::start(local_server(data / "upstream"), clock_);
        if (!upstream) {
            return std::unexpected(upstream.error());
        }
        upstream_ = std::move(*upstream);
        auto server = server::Server::start(local_server(data / "server"), clock_);
        if (!server) {
            return std::unexpected(server.error());
        }
        server_ = std::move(*server);
        api_ = std::make_unique<SocketApi>(local_server(data / "server").socket_path().string());
        say("servers", "upstream " + url_of(*upstream_) + ", downstream " + url_of(*server_));
        return {};
    }

    Result<json::value> call(std::string method, std::string path,
                             std::optional<json::value> body = std::nullopt) {
        return api_->call(
            {std::move(method), std::move(path), std::move(body), std::chrono::seconds{120}});
    }

    Result<> synchronize() {
        const json::object everything{{"all", true}};
        auto set = call("PUT", "options/synchronization",
                        json::object{{"upstream", url_of(*upstream_)},
                                     {"products", everything},
                                     {"classifications", everything}});
        if (!set) {
            return std::unexpected(set.error());
        }
        auto started = call("POST", "synchronization", json::object{{"kind", "manual"}});
        if (!started) {
            return std::unexpected(started.error());
        }
        std::int64_t version = 0;
        for (;;) {
            auto progress =
                call("GET", "synchronization?wait=2000&after=" + std::to_string(version));
            if (!progress) {
                return std::unexpected(progress.error());
            }
            const json::object& now = progress->as_object();
            version = now.at("version").to_number<std::int64_t>();
            draw(now);
            if (!now.at("running").as_bool()) {
                return finish_synchronization(now);
            }
        }
    }

    static void draw(const json::object& progress) {
        const auto done = progress.at("done").to_number<double>();
        const auto total = progress.at("total").to_number<double>();
        constexpr int kWidth = 40;
        const int filled = total > 0 ? static_cast<int>(done / total * kWidth) : 0;
        std::printf("\rsync         [%s%s] %-10s %6.0f of %-6.0f",
                    std::string(static_cast<std::size_t>(filled), '#').c_str(),
                    std::string(static_cast<std::size_t>(kWidth - filled), ' ').c_str(),
                    std::string(progress.at("stage").as_string()).c_str(), done, total);
        std::fflush(stdout);
    }

    Result<> finish_synchronization(const json::object& progress) {
        std::printf("\r%80s\r", "");
        if (progress.at("result").as_string() != "succeeded") {
            return fail("demo.sync", "The synchronization failed: " +
                                         std::string(progress.at("error").as_string()));
        }
        say("sync", std::to_string(server_->catalog_size()) + " revisions, " +
                        std::to_string(progress.at("requests").to_number<std::uint64_t>()) +
                        " requests, " +
                        std::to_string(progress.at("bytes").to_number<std::uint64_t>()) + " bytes");
        return server_->catalog_size() == upstream_->catalog_size()
                   ? Result<>{}
                   : fail("demo.sync",
                          "The downstream server does not hold what the upstream holds.");
    }

    Result<> approve() {
        const json::object rule{{"name", "Everything for all computers"},
                                {"enabled", true},
                                {"classifications", json::object{{"all", true}}},
                                {"products", json::object{{"all", true}}},
                                {"groups", json::array{"All Computers"}}};
        auto set = call("PUT", "rules", json::object{{"rules", json::array{rule}}});
        if (!set) {
            return std::unexpected(set.error());
        }
        auto applied = call("POST", "rules/apply");
        if (!applied) {
            return std::unexpected(applied.error());
        }
        say("approve", std::to_string(applied->at("approved_updates").to_number<std::uint64_t>()) +
                           " updates approved by the rule 'Everything for all computers'");
        return {};
    }

    Result<> transfer() {
        constexpr int kMinutes = 10;
        for (int i = 0; i < kMinutes * 6; ++i) {
            auto status = call("GET", "content?wait=10000");
            if (!status) {
                return std::unexpected(status.error());
            }
            const json::object& now = status->as_object();
            if (now.at("waiting").to_number<std::uint64_t>() == 0) {
                say("transfer",
                    std::to_string(now.at("present").to_number<std::uint64_t>()) +
                        " files verified and shelved, " +
                        std::to_string(now.at("present_bytes").to_number<std::uint64_t>()) +
                        " bytes");
                return now.at("failed").to_number<std::uint64_t>() == 0
                           ? Result<>{}
                           : fail("demo.transfer", "Some files could not be transferred.",
                                  "See `headwater content status`.");
            }
        }
        return fail("demo.transfer", "The transfer of the files did not end within ten minutes.");
    }

    Result<> scan() {
        const std::filesystem::path cache = std::filesystem::path(arguments_.data) / "agent";
        simulation::AgentOptions options;
        options.on_step = [](const simulation::StepReport& step) {
            say("agent", step.name + ": " + step.figures);
        };
        simulation::Agent agent(client_, url_of(*server_), simulation::Facts{}, cache, clock_,
                                options);
        const auto report = agent.scan();
        if (!report) {
            return std::unexpected(report.error());
        }
        if (report->cached == 0 || report->failed_downloads > 0) {
            return fail("demo.agent",
                        "The simulated agent was offered nothing, or could not download it.");
        }
        return {};
    }

    Result<> check_report() {
        auto computers = call("GET", "computers");
        if (!computers) {
            return std::unexpected(computers.error());
        }
        const json::array& list = computers->at("computers").as_array();
        if (list.empty()) {
            return fail("demo.report", "The server does not know the computer that reported.");
        }
        say("report",
            "the server lists " + std::to_string(list.size()) + " computer with its report");
        return {};
    }

    const Arguments& arguments_;
    SystemClock clock_;
    net::Client client_;
    std::unique_ptr<server::Server> upstream_;
    std::unique_ptr<server::Server> server_;
    std::unique_ptr<SocketApi> api_;
};

}  // namespace

void add_demo(CLI::App& app, int& status) {
    CLI::App* const command = app.add_subcommand(
        "demo", "Shows the main job: a sample upstream, a server, a simulated agent");
    const auto arguments = std::make_shared<Arguments>();
    command->add_option("--updates", arguments->updates, "Revisions of the sample catalog")
        ->check(CLI::Range(100U, 200'000U))
        ->capture_default_str();
    command->add_option("--seed", arguments->seed, "Seed of the sample catalog")
        ->capture_default_str();
    command->add_option("--data", arguments->data, "Folder for all of it")->capture_default_str();
    command->add_flag("--once", arguments->once, "End after the last step");
    command->footer(kFooter);
    command->callback([arguments, &status] {
        const Signals signals;
        Demo demo(*arguments);
        if (const auto done = demo.run(); !done) {
            std::cerr << "\nheadwater demo: " << done.error().text() << '\n';
            status = 1;
            return;
        }
        if (!arguments->once) {
            demo.print_addresses();
            signals.wait();
        }
    });
}

}  // namespace headwater::cli
