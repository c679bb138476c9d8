#pragma once
// The one HTTP/1.1 server: listeners on TCP and on local sockets, limits, keep-alive, sendfile.
// Owned by the composition; all public functions may be called from any thread.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "net/http.hpp"

namespace headwater::net {

/// Chooses a handler by path. Paths match in any letter case (ASCII). Filled before the server
/// starts, read-only afterwards.
class Router {
public:
    enum class Where {
        kIo,      ///< answered on the connection's thread: microseconds
        kWorker,  ///< may wait for a disk, a database or a lock
    };
    /// Answers on the connection's thread what it can from memory; nothing leaves the request to
    /// the handler.
    using Quick = std::function<std::optional<Response>(const Request&)>;
    struct Route {
        std::string pattern;  ///< lower case
        bool is_prefix = false;
        Where where = Where::kIo;
        Handler handler;
        Quick quick;  ///< may be empty
    };

    /// This path and no other.
    void exact(std::string_view path, Where where, Handler handler);
    /// This path and everything below it; the longest prefix wins, an exact path wins over any.
    void prefix(std::string_view path, Where where, Handler handler, Quick quick = {});
    /// Null where nothing fits (the server answers 404).
    [[nodiscard]] const Route* find(std::string_view path) const;

private:
    std::vector<Route> routes_;
};

/// Everything a client can make the server spend. Defaults are safe for a fleet.
struct ServerLimits {
    std::size_t max_header_bytes = 64 * 1024;
    std::size_t max_body_bytes = std::size_t{32} << 20U;
    std::size_t max_connections = 20'000;
    /// For a request to arrive whole once it has begun, and for each part of an answer to be taken.
    std::chrono::seconds io_timeout{30};
    /// Between two requests. Agents keep theirs for 30 s.
    std::chrono::seconds keep_alive{65};
};

struct Listener {
    /// "127.0.0.1", "::", or empty for all addresses; ignored for a local socket.
    std::string address;
    /// 0 for any free one.
    std::uint16_t port = 0;
    /// Not empty: a local socket at this path instead, mode 0660.
    std::filesystem::path local_path;
    std::shared_ptr<const Router> router;
};

struct ServerOptions {
    ServerLimits limits;
    /// 0: one for each core.
    unsigned io_threads = 0;
    unsigned worker_threads = 8;
};

class Server {
public:
    explicit Server(ServerOptions options = {});
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Opens a listener; before or after start(). Returns the port (0 for a local socket).
    /// Errors: "net.address_in_use", "net.listen_failed".
    [[nodiscard]] Result<std::uint16_t> listen(Listener listener);
    void start();
    /// Stops accepting, ends connections after the answer under way (at most 5 s), joins all
    /// threads.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace headwater::net
