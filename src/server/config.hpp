#pragma once
// What is needed to start: headwater.toml, and what the command line says over it. Values.

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "net/server.hpp"
#include "soap/service.hpp"

namespace headwater::server {

struct Config {
    /// Holds headwater.db, content/ and headwater.sock.
    std::filesystem::path data = "data";
    /// Where agents and downstream servers connect; empty for all addresses.
    std::string address;
    /// 0 for any free port.
    std::uint16_t port = 8530;
    /// Empty: "headwater.sock" in the data folder.
    std::filesystem::path socket;
    /// Certificates (PEM) that are trusted besides the machine's own; empty for none.
    std::filesystem::path trusted_certificates;
    /// Events go to syslog(3) too.
    bool syslog = true;
    /// What clients can make the server spend.
    net::ServerLimits connections;
    soap::RequestLimits messages;

    [[nodiscard]] std::filesystem::path socket_path() const {
        return socket.empty() ? data / "headwater.sock" : socket;
    }
};

/// Reads a file as docs/configuration.md describes it.
/// Errors: "config.unreadable" (the file, or its syntax with the line), "config.invalid" (a name
/// that is not known, a value of a wrong type or out of its range), naming the setting.
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& file);

}  // namespace headwater::server
