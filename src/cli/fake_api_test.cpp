#include "cli/fake_api_test.hpp"

#include "cli/command.hpp"
#include "cli/commands.hpp"

namespace headwater::cli {
namespace {

class FakeApi final : public Api {
public:
    explicit FakeApi(Script& script) : script_(script) {}
    [[nodiscard]] Result<boost::json::value> call(const ApiRequest& request) override {
        const std::string line = request.method + " " + request.path;
        script_.asked.push_back(request.body ? line + " " + boost::json::serialize(*request.body)
                                             : line);
        auto& answers = script_.answers[line];
        if (answers.empty()) {
            return boost::json::value(boost::json::object{});
        }
        auto answer = answers.front();
        if (answers.size() > 1) {
            answers.erase(answers.begin());
        }
        return answer;
    }

private:
    Script& script_;
};

}  // namespace

int Commands::run(std::vector<std::string> arguments, bool is_terminal) {
    Environment environment{[this](const std::string& socket) {
                                script.socket = socket;
                                return std::make_unique<FakeApi>(script);
                            },
                            "/default.sock",
                            {out, err, is_terminal, 100},
                            std::chrono::milliseconds{0}};
    int status = 0;
    CLI::App app{"test", "headwater"};
    app.require_subcommand(1);
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
    return parse_and_run(app, std::move(arguments), environment.output, status);
}

}  // namespace headwater::cli
