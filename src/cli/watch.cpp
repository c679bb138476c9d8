#include "cli/watch.hpp"

#include <chrono>
#include <thread>

#include "cli/progress.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;
using SteadyClock = std::chrono::steady_clock;

constexpr const char* kWaitMilliseconds = "10000";
constexpr std::chrono::seconds kBetweenLines{5};
/// A run is over a moment before its result is written.
constexpr int kResultAttempts = 50;

/// Shows one progress after the other.
class Display {
public:
    explicit Display(Session& session) : session_(session) {}
    ~Display() { clear(); }
    Display(const Display&) = delete;
    Display& operator=(const Display&) = delete;

    void show(const json::value& answer, const SyncProgress& progress) {
        Output& output = session_.output;
        if (session_.print_json(answer)) {
            output.out.flush();
        } else if (output.is_terminal) {
            output.out << '\r' << progress_bar(progress, output.width - 1) << "\x1b[K"
                       << std::flush;
            has_bar_ = true;
        } else if (const auto now = SteadyClock::now();
                   progress.stage != stage_ || now >= last_line_ + kBetweenLines) {
            output.out << progress_line(progress) << std::endl;
            stage_ = progress.stage;
            last_line_ = now;
        }
    }

private:
    void clear() {
        if (has_bar_) {
            session_.output.out << "\r\x1b[K" << std::flush;
        }
    }

    Session& session_;
    bool has_bar_ = false;
    std::string stage_;
    SteadyClock::time_point last_line_;
};

/// Returns when the run is over, or when the server is busy with another one.
Result<> follow(Session& session, Display& display, std::int64_t run_id) {
    std::uint64_t seen = 0;
    for (;;) {
        const auto asked = SteadyClock::now();
        const auto answer =
            session.api.call({.path = "synchronization" + query_of({{"after", std::to_string(seen)},
                                                                    {"wait", kWaitMilliseconds}})});
        if (!answer) {
            return std::unexpected(answer.error());
        }
        const SyncProgress progress = read_progress(*answer);
        if (progress.run_id != run_id) {
            return {};
        }
        if (progress.version != seen) {
            display.show(*answer, progress);
        }
        if (!progress.running) {
            return {};
        }
        seen = progress.version;
        std::this_thread::sleep_until(asked + session.pace);
    }
}

Result<json::value> finished_run(Session& session, std::int64_t run_id) {
    Display display(session);
    for (int attempt = 1;; ++attempt) {
        if (auto followed = follow(session, display, run_id); !followed) {
            return std::unexpected(followed.error());
        }
        auto run = session.api.call({.path = "synchronization/runs/" + std::to_string(run_id)});
        if (!run || field(*run, "result") != "running" || attempt >= kResultAttempts) {
            return run;
        }
        std::this_thread::sleep_for(session.pace);
    }
}

}  // namespace

Result<> watch(Session& session, std::int64_t run_id) {
    const auto run = finished_run(session, run_id);
    if (!run) {
        return std::unexpected(run.error());
    }
    if (!session.print_json(*run) && field(*run, "result") == "succeeded") {
        session.output.out << summary_of(*run) << '\n';
    }
    return result_of(*run);
}

Result<> result_of(const json::value& run) {
    const std::string result = field(run, "result");
    if (result == "succeeded") {
        return {};
    }
    const std::string name = "Synchronization " + field(run, "id");
    const json::value& told = at(run, "error");
    Error error{"sync." + result, name + " ended as " + result + "."};
    if (result == "running") {
        error.sentence = name + " is still under way.";
        error.remedy = "See how far it is with `headwater sync status`.";
    } else if (told.is_object() && !field(told, "message").empty()) {
        error = {field(told, "code"), name + " " + result + ". " + field(told, "message"),
                 field(told, "remedy")};
        if (!field(told, "request").empty()) {
            error.causes.push_back("in the request " + field(told, "request"));
        }
        for (const json::value& cause : list(told, "causes")) {
            error.causes.push_back(cause.is_string() ? std::string(cause.get_string())
                                                     : json::serialize(cause));
        }
    } else if (!told.is_null()) {
        error.causes.push_back(field(run, "error"));
    }
    return std::unexpected(std::move(error));
}

std::string summary_of(const json::value& run) {
    return "Synchronization " + field(run, "id") + " " + field(run, "result") + ": " +
           counted(number(run, "new_updates"), "new update") + ", " +
           grouped(number(run, "revised_updates")) + " revised, " +
           grouped(number(run, "expired_updates")) + " expired; " +
           counted(number(run, "requests"), "request") + ", " + bytes_text(number(run, "bytes")) +
           ".";
}

}  // namespace headwater::cli
