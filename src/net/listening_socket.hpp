#pragma once
// Private to net/: a socket that listens, on TCP or at a path, and what to say where it cannot.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace headwater::net {

/// Owns the descriptor and, for a local socket, the file at its path.
class ListeningSocket {
public:
    /// An empty address means all of them, IPv6 and IPv4. Errors as of Server::listen.
    [[nodiscard]] static Result<ListeningSocket> on_tcp(const std::string& address,
                                                        std::uint16_t port);
    /// Takes the place of a socket that nobody listens on any more.
    [[nodiscard]] static Result<ListeningSocket> at_path(const std::filesystem::path& path);

    ListeningSocket(ListeningSocket&& other) noexcept;
    ListeningSocket& operator=(ListeningSocket&&) = delete;
    ListeningSocket(const ListeningSocket&) = delete;
    ListeningSocket& operator=(const ListeningSocket&) = delete;
    ~ListeningSocket();

    [[nodiscard]] int family() const { return family_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// The descriptor, now the caller's; the file at the path stays this object's.
    [[nodiscard]] int release() { return std::exchange(descriptor_, -1); }

private:
    ListeningSocket(int family, int descriptor) : family_(family), descriptor_(descriptor) {}
    [[nodiscard]] bool remember_file(const std::filesystem::path& path);
    void read_port();

    int family_;
    int descriptor_;
    std::uint16_t port_ = 0;
    std::filesystem::path path_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

}  // namespace headwater::net
