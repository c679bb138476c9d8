#pragma once
// The whole server: every room made, connected, started and stopped in order. Made by `headwater
// serve`, the demonstration and the tests; used by one thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "server/config.hpp"

namespace headwater::server {

inline constexpr const char* kVersion = "0.1.0";

class Server {
public:
    /// Opens the database, loads the catalog, opens the listeners, starts. Errors: those of the
    /// store, of the content folder and of the listeners.
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(const Config& config,
                                                               const Clock& clock);
    /// Stops accepting, ends what is under way, and joins; what was stored stays.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// Where the console is, as this machine reaches it.
    [[nodiscard]] std::string console_url() const;
    /// For the first administrator; nothing where there is one.
    [[nodiscard]] std::optional<std::string> setup_code() const;
    [[nodiscard]] std::size_t catalog_size() const;
    /// What the administrators' API can do: "GET updates/{}" of each operation.
    [[nodiscard]] std::vector<std::string> operations() const;

private:
    class Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace headwater::server
