#pragma once
// What all commands that ask a server have in common: --json, --socket, an example in the help, and
// how their errors are told. One thread.

#include <CLI/CLI.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "cli/api.hpp"
#include "cli/output.hpp"

namespace headwater::cli {

/// What surrounds the commands; a test brings its own. Outlives the app.
struct Environment {
    std::function<std::unique_ptr<Api>(const std::string& socket)> connect;
    std::string default_socket;
    Output output;
    /// Between two questions about a synchronization: faster than this nobody reads.
    std::chrono::milliseconds pace{200};
};

/// What a command works with while it runs.
struct Session {
    Api& api;
    Output& output;
    bool json = false;
    std::chrono::milliseconds pace{0};

    /// With --json prints the answer itself, and returns true.
    [[nodiscard]] bool print_json(const boost::json::value& answer);
};

using Work = std::function<Result<>(Session&)>;

/// Registers a command; its own options are added to what is returned.
CLI::App& add_command(CLI::App& parent, Environment& environment, int& status,
                      const std::string& name, const std::string& description,
                      const std::string& example, Work work);

/// A command that only holds others, as `updates`.
CLI::App& add_family(CLI::App& parent, const std::string& name, const std::string& description,
                     const std::string& example);

/// Parses the arguments (without the program's name) and runs what they ask for. Wrong usage is
/// told on the error stream and makes 2; else the commands' own status.
[[nodiscard]] int parse_and_run(CLI::App& app, std::vector<std::string> arguments, Output& output,
                                const int& status);

}  // namespace headwater::cli
