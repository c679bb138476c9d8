#pragma once
// Server processes and blocking HTTP over loopback, for measuring from outside. One thread each.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::bench {

/// A child process; killed and waited for at the end.
class Process {
public:
    /// Output goes to `log`. Throws if it cannot be started.
    Process(const std::vector<std::string>& command, const std::filesystem::path& log);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Of the process and its children so far, user and system.
    [[nodiscard]] double cpu_seconds() const;
    /// The same without children, and fine enough for milliseconds.
    [[nodiscard]] double own_cpu_seconds() const;
    /// In MiB: "VmRSS" now, "VmHWM" at the most.
    [[nodiscard]] double memory(std::string_view field) const;
    [[nodiscard]] bool running() const;

private:
    pid_t pid_ = -1;
};

/// A port that is free at this moment.
[[nodiscard]] std::uint16_t free_port();

/// One connection, kept alive.
class Connection {
public:
    /// Throws where nobody listens.
    explicit Connection(std::uint16_t port);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Sends a whole request and reads its answer; returns the status. The body is counted and
    /// thrown away. Throws when the connection ends.
    unsigned exchange(std::string_view request, std::uint64_t& body_bytes);

private:
    int socket_ = -1;
    std::vector<char> buffer_;
};

[[nodiscard]] std::string get_request(std::string_view path, std::string_view more_headers = {});
[[nodiscard]] std::string post_request(std::string_view path, std::string_view soap_action,
                                       std::string_view body);

}  // namespace headwater::bench
