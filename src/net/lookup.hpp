#pragma once
// What a machine on the network can be asked before anything is sent to it: its addresses by each
// way that this machine knows, and whether it answers. For diagnosis; any thread, which waits.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace headwater::net {

/// What one way of looking a name up answered.
struct Lookup {
    std::string way;                          ///< "the system", "/etc/hosts", "DNS"
    std::vector<std::string> addresses = {};  ///< each once
    std::string canonical = {};               ///< the full name, where the way tells it
    std::string error = {};                   ///< why there is no address; empty otherwise
    std::chrono::milliseconds time{0};
};

/// Asks the system (as every program is answered), the file /etc/hosts alone, and the name servers
/// alone. The resolver's own time-outs bound it.
[[nodiscard]] std::vector<Lookup> look_up(const std::string& host);

/// How long a connection to an address takes; it is closed at once. Errors: "net.connect",
/// "net.timeout".
[[nodiscard]] Result<std::chrono::milliseconds> connect_to(const std::string& address,
                                                           std::uint16_t port,
                                                           std::chrono::milliseconds at_most);

/// How long an echo takes. Errors: "net.ping_denied" where this machine lets no user's program send
/// one, "net.ping" for all else.
[[nodiscard]] Result<std::chrono::milliseconds> ping(const std::string& address,
                                                     std::chrono::milliseconds at_most);

/// "proxy.corp" and 3128 of "http://proxy.corp:3128/path"; the port by the scheme where there is
/// none. An empty host for what is no URL.
struct Address {
    std::string host;
    std::uint16_t port = 0;
    bool tls = false;
};
[[nodiscard]] Address address_of(const std::string& url);

}  // namespace headwater::net
