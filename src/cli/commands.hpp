#pragma once
// The subcommands. Each function registers its own on the app; a command runs when the app parses
// its name, and leaves what the program returns in `status`: 0 done, 1 failed. One thread.

#include <CLI/CLI.hpp>

namespace headwater::cli {

struct Environment;  // cli/command.hpp

// What works by itself.
void add_serve(CLI::App& app, int& status);
void add_agent(CLI::App& app, int& status);
void add_sample_catalog(CLI::App& app, int& status);
void add_demo(CLI::App& app, int& status);

// What asks a running server.
void add_sync(CLI::App& app, Environment& environment, int& status);
/// The commands of `sync` that change options.
void add_sync_options(CLI::App& sync, Environment& environment, int& status);
void add_categories(CLI::App& app, Environment& environment, int& status);
void add_updates(CLI::App& app, Environment& environment, int& status);
void add_groups(CLI::App& app, Environment& environment, int& status);
void add_computers(CLI::App& app, Environment& environment, int& status);
void add_content(CLI::App& app, Environment& environment, int& status);
/// The commands of `content` that take long.
void add_content_tasks(CLI::App& content, Environment& environment, int& status);
/// The command of `content` that changes options.
void add_content_options(CLI::App& content, Environment& environment, int& status);
void add_transfers(CLI::App& app, Environment& environment, int& status);
void add_rules(CLI::App& app, Environment& environment, int& status);
void add_server(CLI::App& app, Environment& environment, int& status);
void add_events(CLI::App& app, Environment& environment, int& status);
void add_health(CLI::App& app, Environment& environment, int& status);
void add_doctor(CLI::App& app, Environment& environment, int& status);
void add_users(CLI::App& app, Environment& environment, int& status);

}  // namespace headwater::cli
