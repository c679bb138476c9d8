#include "cli/command.hpp"

#include <algorithm>
#include <exception>

namespace headwater::cli {
namespace {

constexpr int kWrongUsage = 2;

struct Common {
    bool json = false;
    std::string socket;
};

Result<> perform(Environment& environment, const Common& common, const Work& work) {
    try {
        const auto api = environment.connect(common.socket);
        Session session{*api, environment.output, common.json, environment.pace};
        return work(session);
    } catch (const std::exception& exception) {
        return fail("cli.internal", "The command failed in a way that it did not expect.",
                    "Tell its makers, with what you typed.", {exception.what()});
    }
}

}  // namespace

bool Session::print_json(const boost::json::value& answer) {
    if (json) {
        output.out << boost::json::serialize(answer) << '\n';
    }
    return json;
}

CLI::App& add_command(CLI::App& parent, Environment& environment, int& status,
                      const std::string& name, const std::string& description,
                      const std::string& example, Work work) {
    CLI::App& command = *parent.add_subcommand(name, description);
    auto common = std::make_shared<Common>();
    common->socket = environment.default_socket;
    command.footer("Example: " + example);
    command.add_flag("--json", common->json, "Print the answer of the server as JSON");
    command.add_option("--socket", common->socket, "The local socket of the server")
        ->capture_default_str()
        ->type_name("PATH");
    command.callback([&environment, &status, common, work = std::move(work)] {
        if (const auto done = perform(environment, *common, work); !done) {
            environment.output.out.flush();
            print_error(environment.output.err, done.error());
            status = 1;
        }
    });
    return command;
}

CLI::App& add_family(CLI::App& parent, const std::string& name, const std::string& description,
                     const std::string& example) {
    CLI::App& family = *parent.add_subcommand(name, description);
    family.require_subcommand(1);
    family.footer("Example: " + example);
    return family;
}

int parse_and_run(CLI::App& app, std::vector<std::string> arguments, Output& output,
                  const int& status) {
    // CLI11 takes them from the end.
    std::ranges::reverse(arguments);
    try {
        app.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
        return app.exit(error, output.out, output.err) == 0 ? 0 : kWrongUsage;
    }
    return status;
}

}  // namespace headwater::cli
