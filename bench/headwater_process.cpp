#include "headwater_process.hpp"

#include <stdexcept>
#include <thread>

#include "net/client.hpp"
#include "simulation/agent.hpp"
#include "tools.hpp"

namespace headwater::bench {
namespace {

std::vector<std::string> command_of(const std::string& program, const std::filesystem::path& data,
                                    std::uint16_t port, std::vector<std::string> command) {
    command.insert(command.end(),
                   {program, "serve", "--data", data.string(), "--address", "127.0.0.1", "--port",
                    std::to_string(port), "--admin-port", "0"});
    return command;
}

}  // namespace

double seconds_since(SteadyClock::time_point start) {
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

HeadwaterServer::HeadwaterServer(const std::string& program, const std::filesystem::path& data,
                                 const std::vector<std::string>& wrapper, std::uint16_t port)
    : port_(port == 0 ? free_port() : port),
      started_(SteadyClock::now()),
      process_(command_of(program, data, port_, wrapper), data / "bench.log") {
    const std::string request = get_request("/ClientWebService/client.asmx?wsdl");
    for (;;) {
        try {
            std::uint64_t bytes = 0;
            if (Connection(port_).exchange(request, bytes) == 200) {
                break;
            }
        } catch (const std::runtime_error&) {
            if (!process_.running()) {
                throw std::runtime_error("headwater serve ended; see " +
                                         (data / "bench.log").string());
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    start_seconds_ = seconds_since(started_);
}

std::string nothing_new_request(const HeadwaterServer& server, const std::filesystem::path& cache) {
    net::Client client;
    std::string first;
    const simulation::Transport send = simulation::transport_of(client);
    const auto transport = [&](const net::ClientRequest& request) {
        const std::string_view action = request.headers.get("SOAPAction").value_or("");
        if (first.empty() && action.find("/SyncUpdates") != std::string_view::npos) {
            first = request.body;
        }
        return send(request);
    };
    simulation::AgentOptions options;
    options.download = false;
    const SystemClock clock;
    for (int scan = 0; scan < 2; ++scan) {
        first.clear();
        must(simulation::Agent(transport, "http://127.0.0.1:" + std::to_string(server.port()),
                               simulation::Facts{}, cache, clock, options)
                 .scan());
    }
    return first;
}

std::string scan_request(const std::string& body) {
    return post_request(
        "/ClientWebService/client.asmx",
        "\"http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService/SyncUpdates\"",
        body);
}

}  // namespace headwater::bench
