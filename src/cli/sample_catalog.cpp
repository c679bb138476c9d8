// `headwater sample-catalog`: a generated catalog in a data folder, for demonstrations and
// benchmarks.

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/sample_data.hpp"

namespace headwater::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  headwater sample-catalog --updates 1000 --seed 7 --data ./upstream
  headwater serve --data ./upstream --port 8540
      A server with 1,000 generated updates, from which others can synchronize.)";

struct Arguments {
    catalog::SampleOptions options;
    std::string data = "sample";
    bool no_files = false;
};

}  // namespace

void add_sample_catalog(CLI::App& app, int& status) {
    CLI::App* const command = app.add_subcommand(
        "sample-catalog",
        "Writes a generated catalog into a data folder; the same for the same seed");
    const auto arguments = std::make_shared<Arguments>();
    command->add_option("--updates", arguments->options.updates, "Revisions in all, 100 to 200,000")
        ->check(CLI::Range(100U, 200'000U))
        ->capture_default_str();
    command
        ->add_option("--seed", arguments->options.seed,
                     "What makes one catalog differ from another")
        ->capture_default_str();
    command->add_option("--data", arguments->data, "The data folder, made if it is not there")
        ->capture_default_str();
    command->add_flag("--no-files", arguments->no_files, "Leave the content folder empty");
    command->footer(kFooter);
    command->callback([arguments, &status] {
        const auto written =
            write_sample(arguments->options, arguments->data, !arguments->no_files);
        if (!written) {
            std::cerr << "headwater sample-catalog: " << written.error().text() << '\n';
            status = 1;
            return;
        }
        std::cout << written->revisions << " revisions and " << written->files << " files ("
                  << written->file_bytes << " bytes) are in " << arguments->data << ".\n";
    });
}

}  // namespace headwater::cli
