// The real program from outside: its start with a large catalog, its memory, scans over the socket
// by many agents at once, and a large file by ranges beside nginx.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include "agent_world.hpp"
#include "catalog/parsed_document.hpp"
#include "cli/sample_data.hpp"
#include "content/shelf.hpp"
#include "headwater_process.hpp"

namespace headwater::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::uint64_t kFileSize = std::uint64_t{1} << 30U;
constexpr std::uint64_t kRangeSize = std::uint64_t{1} << 20U;

/// Makes a file of zeros with its update; returns its path below /Content.
std::string add_large_file(const std::filesystem::path& data, store::Store& store) {
    FileHasher hasher;
    const Bytes zeros(kRangeSize);
    for (std::uint64_t at = 0; at < kFileSize; at += zeros.size()) {
        hasher.update(zeros);
    }
    const auto digests = hasher.finish();
    const Sha1 digest = digests.sha1;
    const std::string xml =
        R"(<u:Update xmlns:u="http://schemas.microsoft.com/msus/2002/12/Update">)"
        R"(<u:UpdateIdentity UpdateID="6f3b6d7e-5c1a-4c7e-9a53-0d6f5b7a9c11" RevisionNumber="1"/>)"
        R"(<u:Properties UpdateType="Software"/><u:Files><u:File Digest=")" +
        to_base64(digest.bytes) + R"(" DigestAlgorithm="SHA1" FileName="large.bin" Size=")" +
        std::to_string(kFileSize) + R"("/></u:Files></u:Update>)";
    auto digested = must(catalog::digest_document(xml));
    store::NewRevision made;
    made.files.push_back({digest, digests.sha256, kFileSize, "large.bin", ".bin", ""});
    made.revision = catalog::make_revision(digested.document, std::move(digested.core));
    made.document = xml;
    must(store.put_revisions({&made, 1}, SystemClock().now()));
    must(store.set_file_state({&digest, 1}, store::FileState::kPresent, "", SystemClock().now()));
    const std::string name = content::shelf_name(digest, ".bin");
    const std::filesystem::path path = data / "content" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path).put('\0');
    std::filesystem::resize_file(path, kFileSize);
    return name;
}

void load(const HeadwaterServer& server, const std::string& body) {
    constexpr unsigned kConnections = 8;
    constexpr double kSeconds = 5;
    const std::string request = scan_request(body);
    std::vector<std::vector<double>> times(kConnections);
    const double cpu_before = server.process().cpu_seconds();
    const auto start = SteadyClock::now();
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < kConnections; ++i) {
        threads.emplace_back([&, i] {
            Connection connection(server.port());
            std::uint64_t bytes = 0;
            while (seconds_since(start) < kSeconds) {
                const auto sent = SteadyClock::now();
                if (connection.exchange(request, bytes) != 200) {
                    std::fprintf(stderr, "A scan was refused.\n");
                    return;
                }
                times[i].push_back(seconds_since(sent));
            }
        });
    }
    threads.clear();
    const double elapsed = seconds_since(start);
    const double cpu = server.process().cpu_seconds() - cpu_before;
    std::vector<double> all;
    for (const auto& part : times) {
        all.insert(all.end(), part.begin(), part.end());
    }
    std::ranges::sort(all);
    const auto count = static_cast<double>(all.size());
    std::printf(
        "scans with nothing new, %u connections: %.0f requests/s, %.0f us of the server's "
        "CPU each, median %.2f ms, 99th percentile %.2f ms (%zu bytes a request)\n",
        kConnections, count / elapsed, cpu / count * 1e6, all[all.size() / 2] * 1e3,
        all[all.size() * 99 / 100] * 1e3, body.size());
}

double fetch_by_ranges(std::uint16_t port, const std::string& path) {
    Connection connection(port);
    std::uint64_t bytes = 0;
    const auto start = SteadyClock::now();
    for (std::uint64_t at = 0; at < kFileSize; at += kRangeSize) {
        const std::string range = "Range: bytes=" + std::to_string(at) + "-" +
                                  std::to_string(at + kRangeSize - 1) + "\r\n";
        if (connection.exchange(get_request(path, range), bytes) != 206) {
            throw std::runtime_error("A range was refused.");
        }
    }
    if (bytes != kFileSize) {
        throw std::runtime_error("The ranges were not the whole file.");
    }
    return seconds_since(start);
}

void compare_with_nginx(const HeadwaterServer& server, const std::filesystem::path& data,
                        const std::string& file) {
    const std::uint16_t port = free_port();
    const std::filesystem::path folder = data / "nginx";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "nginx.conf")
        << "daemon off; pid " << (folder / "pid").string()
        << "; master_process off; error_log stderr;\n"
        << "events {}\nhttp { access_log off; sendfile on; keepalive_requests 1000000;\n"
        << "client_body_temp_path " << (folder / "body").string() << "; proxy_temp_path "
        << (folder / "proxy").string() << "; fastcgi_temp_path " << (folder / "fastcgi").string()
        << "; uwsgi_temp_path " << (folder / "uwsgi").string() << "; scgi_temp_path "
        << (folder / "scgi").string() << ";\nserver { listen 127.0.0.1:" << port
        << "; location /Content/ { alias " << (data / "content").string() << "/; } } }\n";
    std::filesystem::permissions(
        data, std::filesystem::perms::others_exec | std::filesystem::perms::others_read,
        std::filesystem::perm_options::add);
    const Process nginx({"nginx", "-e", "stderr", "-c", (folder / "nginx.conf").string()},
                        folder / "log");
    for (int tries = 0; tries < 1000; ++tries) {
        try {
            const Connection probe(port);
            break;
        } catch (const std::runtime_error&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    const std::string path = "/Content/" + file;
    // By turns, either first: what else the machine does then falls on both.
    constexpr int kRounds = 16;
    std::vector<double> ours;
    std::vector<double> theirs;
    std::vector<double> ratios;
    const double our_cpu = server.process().cpu_seconds();
    const double their_cpu = nginx.cpu_seconds();
    for (int round = 0; round < kRounds; ++round) {
        const bool first = round % 2 == 0;
        const double before = first ? fetch_by_ranges(server.port(), path) : 0;
        theirs.push_back(fetch_by_ranges(port, path));
        ours.push_back(first ? before : fetch_by_ranges(server.port(), path));
        ratios.push_back(theirs.back() / ours.back());
    }
    const auto median = [](std::vector<double> values) {
        std::ranges::sort(values);
        return (values[values.size() / 2 - 1] + values[values.size() / 2]) / 2;
    };
    std::printf(
        "1 GiB by ranges of 1 MiB, medians of %d: headwater %.0f MiB/s and %.0f ms of CPU, nginx "
        "%.0f MiB/s and %.0f ms of CPU; ratio of the speeds %.2f\n",
        kRounds, 1024 / median(ours), (server.process().cpu_seconds() - our_cpu) / kRounds * 1e3,
        1024 / median(theirs), (nginx.cpu_seconds() - their_cpu) / kRounds * 1e3, median(ratios));
}

void run(const std::string& program, std::uint32_t revisions) {
    const TemporaryFolder folder;
    const std::filesystem::path& data = folder.path();
    must(cli::write_sample({.updates = revisions}, data, false));
    std::string file;
    {
        const auto store = must(store::open_sqlite(data / "headwater.db"));
        policy::Publisher publisher(*store);
        must(publisher.load());
        approve_newest(*store, publisher, 300, Rest::kDeclined);
        file = add_large_file(data, *store);
    }
    const HeadwaterServer server(program, data);
    std::printf("%u revisions: first request answered %.2f s after the start, %.0f MiB of memory\n",
                revisions, server.start_seconds(), server.process().memory("VmRSS:"));
    const std::string request = nothing_new_request(server, data / "agent");
    load(server, request);
    std::printf("memory after the load: %.0f MiB, at the most %.0f MiB\n",
                server.process().memory("VmRSS:"), server.process().memory("VmHWM:"));
    compare_with_nginx(server, data, file);
}

}  // namespace
}  // namespace headwater::bench

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "server_bench <headwater program> <revisions>\n");
        return 2;
    }
    try {
        headwater::bench::run(argv[1], static_cast<std::uint32_t>(std::stoul(argv[2])));
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "server_bench: %s\n", exception.what());
        return 1;
    }
    return 0;
}
