// The long tasks on the content: each is started, and then watched until it ends.

#include <chrono>
#include <filesystem>
#include <thread>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/task_progress.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kBetweenLines{5};

Result<> result_of_task(const json::value& task) {
    const json::value& told = at(task, "error");
    if (!told.is_object()) {
        return {};
    }
    Error error{field(told, "code"), field(told, "sentence"), field(told, "remedy")};
    for (const json::value& cause : list(told, "causes")) {
        error.causes.push_back(cause.is_string() ? std::string(cause.get_string())
                                                 : json::serialize(cause));
    }
    return std::unexpected(std::move(error));
}

void print_task(Session& session, const json::value& task) {
    std::ostream& out = session.output.out;
    for (const json::value& note : list(task, "notes")) {
        if (note.is_string()) {
            out << printable(note.get_string()) << '\n';
        }
    }
    out << task_summary(task) << '\n';
}

/// Until the task has ended; a bar on a terminal, else a line from time to time, or JSON lines.
Result<json::value> follow(Session& session) {
    Output& output = session.output;
    auto next_line = SteadyClock::now();
    for (;;) {
        const auto asked = SteadyClock::now();
        auto answer = session.api.call({.path = "content/task?wait=1000"});
        if (!answer || field(*answer, "state") != "running") {
            if (output.is_terminal && !session.json) {
                output.out << "\r\x1b[K" << std::flush;
            }
            return answer;
        }
        if (session.print_json(*answer)) {
            output.out.flush();
        } else if (output.is_terminal) {
            output.out << '\r' << task_bar(*answer, output.width - 1) << "\x1b[K" << std::flush;
        } else if (SteadyClock::now() >= next_line) {
            output.out << task_line(*answer) << std::endl;
            next_line = SteadyClock::now() + kBetweenLines;
        }
        std::this_thread::sleep_until(asked + session.pace);
    }
}

/// Fails where the task did, and where something is left that it could not mend.
Result<> show_result(Session& session, const Result<json::value>& task) {
    if (!task) {
        return std::unexpected(task.error());
    }
    if (!session.print_json(*task)) {
        print_task(session, *task);
    }
    if (auto result = result_of_task(*task); !result) {
        return result;
    }
    if (number(*task, "unreadable") > 0) {
        return fail("content.unreadable",
                    counted(number(*task, "unreadable"), "file") + " could not be dealt with.",
                    "See the notes above; `headwater doctor --check content_folder` looks at the "
                    "permissions.");
    }
    return {};
}

Result<> run(Session& session, const ApiRequest& request, bool waits) {
    const auto started = session.api.call(request);
    if (!started || waits) {
        return show_result(session, started ? follow(session) : started);
    }
    if (!session.print_json(*started)) {
        session.output.out << "It has started; `headwater content task` tells how far it is.\n";
    }
    return {};
}

void add_wait(CLI::App& command, const std::shared_ptr<bool>& waits) {
    command.add_flag("--wait,!--no-wait", *waits,
                     "Show the progress until it has ended (the default)");
}

void add_verify(CLI::App& content, Environment& environment, int& status) {
    const auto deep = std::make_shared<bool>(false);
    const auto waits = std::make_shared<bool>(true);
    CLI::App& verify = add_command(
        content, environment, status, "verify", "Check that the files are here and right",
        "headwater content verify --deep", [deep, waits](Session& session) {
            return run(
                session,
                {.method = "POST", .path = "content/verify", .body = json::object{{"deep", *deep}}},
                *waits);
        });
    verify.add_flag("--deep", *deep,
                    "Read every file and compare both digests, not only presence and length");
    add_wait(verify, waits);
}

void add_plain(CLI::App& content, Environment& environment, int& status, const std::string& name,
               const std::string& description) {
    const auto waits = std::make_shared<bool>(true);
    CLI::App& command =
        add_command(content, environment, status, name, description, "headwater content " + name,
                    [name, waits](Session& session) {
                        return run(session, {.method = "POST", .path = "content/" + name}, *waits);
                    });
    add_wait(command, waits);
}

/// A bucket has its name from everywhere.
std::string full_place(const std::string& place) {
    std::error_code error;
    const auto full = std::filesystem::absolute(place, error);
    return error || place.starts_with("s3://") ? place : full.string();
}

void add_move(CLI::App& content, Environment& environment, int& status) {
    const auto folder = std::make_shared<std::string>();
    const auto skips = std::make_shared<bool>(false);
    const auto waits = std::make_shared<bool>(true);
    CLI::App& move = add_command(
        content, environment, status, "move", "Move the files to another folder while serving them",
        "headwater content move /srv/headwater/content", [=](Session& session) {
            return run(
                session,
                {.method = "POST",
                 .path = "content/move",
                 .body = json::object{{"folder", full_place(*folder)}, {"skip_copy", *skips}}},
                *waits);
        });
    move.add_option("folder", *folder,
                    "A folder of its own, on the machine of the server; or s3://BUCKET/PREFIX")
        ->required();
    move.add_flag("--skip-copy", *skips,
                  "The files were copied already; those that are missing there are fetched again");
    add_wait(move, waits);
}

Result<> show_task(Session& session, bool cancels) {
    const auto task =
        session.api.call({.method = cancels ? "DELETE" : "GET", .path = "content/task"});
    if (!task) {
        return std::unexpected(task.error());
    }
    if (session.print_json(*task)) {
        return {};
    }
    const std::string state = field(*task, "state");
    if (state == "none") {
        session.output.out << "No task has run since the server started.\n";
    } else if (state == "running") {
        session.output.out << task_line(*task) << '\n';
    } else {
        print_task(session, *task);
        return result_of_task(*task);
    }
    return {};
}

}  // namespace

void add_content_tasks(CLI::App& content, Environment& environment, int& status) {
    add_verify(content, environment, status);
    add_plain(content, environment, status, "reset",
              "Check every file, and fetch what is missing or wrong, as wsusutil reset does");
    add_plain(content, environment, status, "cleanup", "Remove the files that nothing needs");
    add_move(content, environment, status);
    const auto cancels = std::make_shared<bool>(false);
    CLI::App& task =
        add_command(content, environment, status, "task", "How far the last of these tasks is",
                    "headwater content task",
                    [cancels](Session& session) { return show_task(session, *cancels); });
    task.add_flag("--cancel", *cancels, "End it; what it has done stays");
}

}  // namespace headwater::cli
