#pragma once
// What is needed to start: headwater.toml, and what the command line says over it. Values.

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/error.hpp"

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

    [[nodiscard]] std::filesystem::path socket_path() const {
        return socket.empty() ? data / "headwater.sock" : socket;
    }
};

/// Reads a file such as
///     data = "/var/lib/headwater"
///     [listen]
///     address = "127.0.0.1"
///     port = 8530
/// Errors: "config.unreadable", "config.invalid" (a wrong type, a name that is not known).
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& file);

}  // namespace headwater::server
