// Two real programs, one synchronizing from the other: what a first run, a run with nothing new and
// a run with a few changes cost, and what agents that scan meanwhile notice of it.

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <cstdio>
#include <regex>
#include <stdexcept>
#include <thread>

#include "agent_world.hpp"
#include "base/thread_priority.hpp"
#include "catalog/parsed_document.hpp"
#include "cli/sample_data.hpp"
#include "headwater_process.hpp"
#include "net/client.hpp"
#include "net/test_sockets.hpp"

namespace headwater::bench {
namespace {

namespace json = boost::json;

constexpr std::size_t kChanged = 100;

/// The administrators' side of a server.
class Administration {
public:
    explicit Administration(const std::filesystem::path& data) : socket_(data / "headwater.sock") {}

    void synchronize_from(const std::string& url) {
        ask("PUT", "options/synchronization",
            json::serialize(json::object{{"upstream", url},
                                         {"products", {{"all", true}}},
                                         {"classifications", {{"all", true}}}}));
    }
    std::int64_t start() { return ask("POST", "synchronization").at("run_id").as_int64(); }
    void cancel() { ask("DELETE", "synchronization"); }
    [[nodiscard]] bool is_running(int wait_milliseconds = 0) {
        const json::value now = ask("GET", "synchronization?after=" + std::to_string(seen_) +
                                               "&wait=" + std::to_string(wait_milliseconds));
        seen_ = now.at("version").to_number<std::uint64_t>();
        return now.at("running").as_bool();
    }
    json::value run() {
        const std::int64_t id = start();
        while (is_running(10'000)) {
        }
        return of_run(id);
    }
    json::value of_run(std::int64_t id) {
        return ask("GET", "synchronization/runs/" + std::to_string(id));
    }

private:
    json::value ask(const std::string& method, const std::string& path,
                    const std::string& body = {}) {
        net::ClientRequest request;
        request.method = method;
        request.url = "http://localhost/api/v1/" + path;
        request.local_socket = socket_.string();
        request.body = body;
        const auto answer = must(client_.fetch(request));
        if (answer.status >= 300) {
            throw std::runtime_error(path + ": " + answer.body);
        }
        return answer.body.empty() ? json::value() : json::parse(answer.body);
    }

    std::filesystem::path socket_;
    net::Client client_;
    std::uint64_t seen_ = 0;
};

double sum_of(const json::value& run, const char* what) {
    double sum = 0;
    for (const json::value& stage : run.at("stages").as_array()) {
        sum += stage.at(what).to_number<double>();
    }
    return sum;
}

/// Prints a run, and returns its seconds.
double tell(const char* name, const json::value& run) {
    if (run.at("result").as_string() != "succeeded") {
        throw std::runtime_error(json::serialize(run));
    }
    const double seconds = sum_of(run, "seconds");
    std::printf(
        "%s: %.2f s, of which the upstream alone was waited for %.2f s (%.0f %%); %llu revisions, "
        "%llu requests (3 of them the handshake), %.1f MB\n",
        name, seconds, sum_of(run, "upstream_wait_seconds"),
        100 * sum_of(run, "upstream_wait_seconds") / seconds,
        run.at("revisions").to_number<unsigned long long>(),
        run.at("requests").to_number<unsigned long long>(),
        run.at("bytes").to_number<double>() / 1e6);
    return seconds;
}

/// Gives the newest revision of some updates a newer one.
void revise(const std::filesystem::path& data, std::size_t count) {
    const auto store = must(store::open_sqlite(data / "headwater.db"));
    policy::Publisher publisher(*store);
    must(publisher.load());
    const auto view = publisher.view();
    std::vector<store::NewRevision> made;
    for (auto index = static_cast<catalog::Index>(view->catalog().size());
         index-- > 0 && made.size() < count;) {
        const catalog::Revision& revision = view->catalog().revision(index);
        if (!revision.explicitly_deployable ||
            view->catalog().newest(revision.identity.update_id) != index) {
            continue;
        }
        const std::string xml = std::regex_replace(
            *must(store->document(revision.id)), std::regex(R"(RevisionNumber="[^"]*")"),
            R"(RevisionNumber="90000")", std::regex_constants::format_first_only);
        auto digested = must(catalog::digest_document(xml));
        store::NewRevision one;
        one.revision = catalog::make_revision(digested.document, std::move(digested.core));
        one.document = xml;
        made.push_back(std::move(one));
    }
    must(store->put_revisions(made, SystemClock().now()));
}

/// The times of scans that agents begin at a steady rate, whether the ones before are answered or
/// not.
class Scans {
public:
    Scans(std::uint16_t port, const std::string& body) {
        const std::string request = scan_request(body);
        times_.resize(kConnections);
        for (unsigned i = 0; i < kConnections; ++i) {
            threads_.emplace_back([this, i, port, request] {
                become_prompt_thread();
                Connection connection(port);
                std::uint64_t bytes = 0;
                auto due = SteadyClock::now() + i * kEach / kConnections;
                while (!over_) {
                    std::this_thread::sleep_until(due);
                    if (connection.exchange(request, bytes) != 200) {
                        throw std::runtime_error("A scan was refused.");
                    }
                    times_[i].push_back(seconds_since(due));
                    due += kEach;
                }
            });
        }
    }
    /// Ends them, prints, and returns the 99th percentile in seconds.
    double finish(const char* name) {
        over_ = true;
        threads_.clear();
        std::vector<double> all;
        for (const auto& part : times_) {
            all.insert(all.end(), part.begin(), part.end());
        }
        std::ranges::sort(all);
        const double p99 = all[all.size() * 99 / 100];
        std::printf("scans %s: %zu, median %.2f ms, 99th percentile %.2f ms, longest %.1f ms\n",
                    name, all.size(), all[all.size() / 2] * 1e3, p99 * 1e3, all.back() * 1e3);
        return p99;
    }

private:
    static constexpr unsigned kConnections = 4;
    static constexpr std::chrono::microseconds kEach{20'000};  // 200 a second together

    std::atomic<bool> over_ = false;
    std::vector<std::vector<double>> times_;
    std::vector<std::jthread> threads_;
};

/// Every answer is megabytes of nothing, or half an answer and then silence.
void bad_upstream(net::testing::RawSocket& socket, bool lies) {
    socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 50000000\r\n\r\n");
    if (lies) {
        const std::string part(std::size_t{1} << 20U, '<');
        for (int i = 0; i < 50 && socket.send(part); ++i) {
        }
        return;
    }
    socket.send("<soap:Envelope");
    socket.read_all();
}

/// An idle server at once before what it is compared with: what else the machine does falls on
/// both.
double idle_p99(const HeadwaterServer& server, const std::string& request) {
    Scans scans(server.port(), request);
    std::this_thread::sleep_for(std::chrono::seconds(10));
    return scans.finish("of an idle server");
}

void scan_beside_a_bad_upstream(const HeadwaterServer& server, Administration& administration,
                                const std::string& request, bool lies) {
    const net::testing::RawServer upstream([lies](net::testing::RawSocket& socket) {
        // As for the good one: it is another machine's.
        become_background_thread();
        bad_upstream(socket, lies);
    });
    administration.synchronize_from("http://127.0.0.1:" + std::to_string(upstream.port()));
    const double idle = idle_p99(server, request);
    Scans scans(server.port(), request);
    const auto start = SteadyClock::now();
    while (seconds_since(start) < 10) {
        administration.start();
        while (administration.is_running(500) && seconds_since(start) < 10) {
        }
    }
    const double p99 = scans.finish(lies ? "beside an upstream that lies" : "beside a stalled one");
    std::printf("  99th percentile against the idle server's: %.2f\n", p99 / idle);
    if (administration.is_running()) {
        administration.cancel();
        while (administration.is_running(1'000)) {
        }
    }
}

void compare_scans(const std::string& program, const std::filesystem::path& folder,
                   const HeadwaterServer& upstream, std::uint32_t revisions) {
    // A server that has a catalog of its own, and gets another one beside it.
    const std::filesystem::path data = folder / "scanned";
    std::filesystem::create_directories(data);
    must(cli::write_sample({.updates = revisions, .seed = 2}, data, false));
    {
        const auto store = must(store::open_sqlite(data / "headwater.db"));
        policy::Publisher publisher(*store);
        must(publisher.load());
        approve_newest(*store, publisher, 300, Rest::kDeclined);
    }
    const HeadwaterServer server(program, data);
    Administration administration(data);
    const std::string request = nothing_new_request(server, data / "agent");
    scan_beside_a_bad_upstream(server, administration, request, false);
    scan_beside_a_bad_upstream(server, administration, request, true);
    administration.synchronize_from(upstream.url());
    const double idle = idle_p99(server, request);
    Scans during(server.port(), request);
    const json::value run = administration.run();
    const double p99 = during.finish("during a full synchronization");
    std::printf("  99th percentile against the idle server's: %.2f\n", p99 / idle);
    tell("meanwhile", run);
}

void run(const std::string& program, std::uint32_t revisions) {
    const TemporaryFolder folder;
    const std::filesystem::path up = folder.path() / "upstream";
    const std::filesystem::path down = folder.path() / "downstream";
    std::filesystem::create_directories(up);
    std::filesystem::create_directories(down);
    must(cli::write_sample({.updates = revisions}, up, false));
    // The upstream is another machine's: what it takes must not be taken from the one measured.
    const std::vector<std::string> apart = {"chrt", "--idle", "0"};
    auto upstream = std::make_unique<HeadwaterServer>(program, up, apart);
    {
        const HeadwaterServer downstream(program, down);
        Administration administration(down);
        administration.synchronize_from(upstream->url());
        const auto cpu = [&] {
            return downstream.process().own_cpu_seconds() + upstream->process().own_cpu_seconds();
        };
        double cpu_before = cpu();
        const json::value first = administration.run();
        const double full = tell("first run", first);
        const double full_cpu = cpu() - cpu_before;
        std::printf(
            "  %.0f revisions a second; memory of the downstream server at the most %.0f "
            "MiB; CPU %.1f s here, %.1f s there\n",
            revisions / full, downstream.process().memory("VmHWM:"),
            downstream.process().cpu_seconds(), upstream->process().cpu_seconds());
        const double nothing = tell("nothing new", administration.run());
        const std::uint16_t port = upstream->port();
        upstream.reset();
        revise(up, kChanged);
        upstream = std::make_unique<HeadwaterServer>(program, up, apart, port);
        // What a server does after its start is no part of what the run costs.
        std::this_thread::sleep_for(std::chrono::seconds(5));
        cpu_before = cpu();
        const json::value changed = administration.run();
        const double changes_cpu = cpu() - cpu_before;
        const double changes = tell("100 changed revisions", changed);
        std::printf(
            "  against the first run: 1/%.0f of the CPU of both, 1/%.0f of the time, 1/%.0f "
            "without "
            "what a run with nothing new takes, 1/%.0f of the requests\n",
            full_cpu / changes_cpu, full / changes, full / std::max(changes - nothing, 1e-3),
            first.at("requests").to_number<double>() / changed.at("requests").to_number<double>());
    }
    // Beside agents it is not to take their server's processor either.
    upstream.reset();
    const std::string last = std::to_string(std::max(1U, std::thread::hardware_concurrency()) - 1);
    const HeadwaterServer elsewhere(program, up, {"taskset", "-c", last, "nice", "-n", "19"});
    compare_scans(program, folder.path(), elsewhere, revisions);
}

}  // namespace
}  // namespace headwater::bench

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "sync_bench <headwater program> <revisions>\n");
        return 2;
    }
    try {
        headwater::bench::run(argv[1], static_cast<std::uint32_t>(std::stoul(argv[2])));
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "sync_bench: %s\n", exception.what());
        return 1;
    }
    return 0;
}
