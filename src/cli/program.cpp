#include "cli/program.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/command.hpp"
#include "cli/commands.hpp"

namespace headwater::cli {
namespace {

constexpr std::size_t kDefaultWidth = 80;

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool is_folder(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::is_directory(path, error);
}

std::size_t terminal_width() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                             : kDefaultWidth;
}

}  // namespace

int run(int argc, char** argv) {
    const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
    Environment environment{
        [](const std::string& socket) { return std::make_unique<SocketApi>(socket); },
        default_socket(variable, is_folder),
        {std::cout, std::cerr, is_terminal, is_terminal ? terminal_width() : kDefaultWidth}};
    int status = 0;
    CLI::App app{"Headwater, an update server for Windows computers", "headwater"};
    app.require_subcommand(1);
    app.footer("Example: headwater serve\n`headwater COMMAND --help` tells about one command.");
    add_serve(app, status);
    add_server(app, environment, status);
    add_sync(app, environment, status);
    add_categories(app, environment, status);
    add_updates(app, environment, status);
    add_groups(app, environment, status);
    add_computers(app, environment, status);
    add_content(app, environment, status);
    add_transfers(app, environment, status);
    add_rules(app, environment, status);
    add_events(app, environment, status);
    add_health(app, environment, status);
    add_doctor(app, environment, status);
    add_users(app, environment, status);
    add_agent(app, status);
    add_sample_catalog(app, status);
    add_demo(app, status);
    std::vector<std::string> arguments;
    for (int i = 1; i < argc; ++i) {
        arguments.emplace_back(argv[i]);
    }
    return parse_and_run(app, std::move(arguments), environment.output, status);
}

}  // namespace headwater::cli
