// `headwater serve`: the server, until it is told to stop.

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/signals.hpp"
#include "server/server.hpp"

namespace headwater::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  headwater serve
      On port 8530 of all addresses, with its data in ./data.
  headwater serve --config /etc/headwater/headwater.toml
  headwater serve --data /var/lib/headwater --address 127.0.0.1 --port 8540)";

struct Arguments {
    std::string config;
    std::string data;
    std::string address;
    std::uint16_t port = 0;
    std::uint16_t admin_port = 0;
    CLI::Option* has_admin_port = nullptr;
    CLI::Option* has_address = nullptr;
    CLI::Option* has_port = nullptr;
};

Result<server::Config> config_of(const Arguments& arguments) {
    server::Config config;
    if (!arguments.config.empty()) {
        auto loaded = server::load_config(arguments.config);
        if (!loaded) {
            return loaded;
        }
        config = std::move(*loaded);
    }
    if (!arguments.data.empty()) {
        config.data = arguments.data;
    }
    if (arguments.has_address->count() > 0) {
        config.address = arguments.address;
    }
    if (arguments.has_port->count() > 0) {
        config.port = arguments.port;
    }
    if (arguments.has_admin_port->count() > 0) {
        config.admin_port = arguments.admin_port;
    }
    return config;
}

Result<> serve(const Arguments& arguments) {
    const auto config = config_of(arguments);
    if (!config) {
        return std::unexpected(config.error());
    }
    const Signals signals;
    const SystemClock clock;
    const auto server = server::Server::start(*config, clock);
    if (!server) {
        return std::unexpected(server.error());
    }
    std::cout << "Agents and downstream servers: http://"
              << (config->address.empty() ? "*" : config->address) << ":" << (*server)->port()
              << "\nConsole: " << (*server)->console_url()
              << "\nAdministration: " << config->socket_path().string()
              << "\nCatalog: " << (*server)->catalog_size() << " revisions. Ctrl+C stops."
              << std::endl;
    if (const auto code = (*server)->setup_code()) {
        log::info("There is no administrator yet. Open " + (*server)->console_url() +
                  " and give this one-time code: " + *code);
    }
    signals.wait();
    return {};
}

}  // namespace

void add_serve(CLI::App& app, int& status) {
    CLI::App* const command = app.add_subcommand("serve", "Runs the server");
    const auto arguments = std::make_shared<Arguments>();
    command->add_option("--config", arguments->config,
                        "headwater.toml; what stands below goes over it");
    command
        ->add_option("--data", arguments->data,
                     "Folder of the database, the content and the socket")
        ->envname("HEADWATER_DATA");
    arguments->has_address =
        command->add_option("--address", arguments->address, "Address to listen on; default: all");
    arguments->has_port =
        command->add_option("--port", arguments->port, "Port; default: 8530, 0: any free one");
    arguments->has_admin_port = command->add_option(
        "--admin-port", arguments->admin_port,
        "Port of the console and of the administrators' API; default: 8532, 0: any free one");
    command->footer(kFooter);
    command->callback([arguments, &status] {
        if (const auto done = serve(*arguments); !done) {
            std::cerr << "headwater serve: " << done.error().text() << '\n';
            status = 1;
        }
    });
}

}  // namespace headwater::cli
