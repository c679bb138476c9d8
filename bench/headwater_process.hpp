#pragma once
// `headwater serve` as a process of its own, and what benchmarks ask of it. One thread each.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "processes.hpp"

namespace headwater::bench {

using SteadyClock = std::chrono::steady_clock;

[[nodiscard]] double seconds_since(SteadyClock::time_point start);

class HeadwaterServer {
public:
    /// Waits until it answers. Throws if it ends instead.
    /// @param wrapper  words before the program, as {"nice", "-n", "19"}
    /// @param port     0 for one that is free
    HeadwaterServer(const std::string& program, const std::filesystem::path& data,
                    const std::vector<std::string>& wrapper = {}, std::uint16_t port = 0);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] const Process& process() const { return process_; }
    [[nodiscard]] double start_seconds() const { return start_seconds_; }

private:
    std::uint16_t port_;
    SteadyClock::time_point started_;
    Process process_;
    double start_seconds_ = 0;
};

/// Lets one simulated agent scan twice; returns the request of its second scan.
[[nodiscard]] std::string nothing_new_request(const HeadwaterServer& server,
                                              const std::filesystem::path& cache);

/// A scan as it goes over a connection.
[[nodiscard]] std::string scan_request(const std::string& body);

}  // namespace headwater::bench
