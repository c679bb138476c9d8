#pragma once
// For the tests of net/: bare sockets on 127.0.0.1, to say what no well-behaved peer would say.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace headwater::net::testing {

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

inline const sockaddr* generic(const sockaddr_in& address) {
    return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

/// One end of a connection. A peer that says nothing for 30 s counts as one that closed.
class RawSocket {
public:
    explicit RawSocket(int descriptor) : descriptor_(descriptor) {
        const timeval patience{.tv_sec = 30, .tv_usec = 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }
    RawSocket(RawSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    RawSocket& operator=(RawSocket&&) = delete;
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;
    ~RawSocket() {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }

    static RawSocket connect(std::uint16_t port) {
        RawSocket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const sockaddr_in address = loopback(port);
        socket.connected_ = ::connect(socket.descriptor_, generic(address), sizeof address) == 0;
        return socket;
    }

    /// Of a socket that does not block: it may never be accepted.
    void begin_connect(std::uint16_t port) const {
        const sockaddr_in address = loopback(port);
        ::connect(descriptor_, generic(address), sizeof address);
    }

    [[nodiscard]] bool connected() const { return connected_; }

    /// False where the peer does not take it any more.
    bool send(std::string_view text) {
        while (!text.empty()) {
            const ssize_t count = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
            if (count <= 0)
                return false;
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    /// What comes until `end` was seen, or the connection ended.
    std::string read_until(std::string_view end) {
        std::string text;
        while (!text.ends_with(end)) {
            char byte = 0;
            if (::recv(descriptor_, &byte, 1, 0) <= 0)
                break;
            text.push_back(byte);
        }
        return text;
    }

    /// All that comes until the connection ends.
    std::string read_all() {
        std::string text;
        std::array<char, 65536> part{};
        ssize_t count = 0;
        while ((count = ::recv(descriptor_, part.data(), part.size(), 0)) > 0)
            text.append(part.data(), static_cast<std::size_t>(count));
        return text;
    }

    /// Closes with a reset instead of a polite end.
    void reset() {
        const linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        ::close(std::exchange(descriptor_, -1));
    }

private:
    int descriptor_;
    bool connected_ = true;
};

/// A port of 127.0.0.1 that is taken but where nobody listens.
class ClosedPort {
public:
    ClosedPort() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        void* raw = &address;
        ::bind(descriptor_, generic(address), sizeof address);
        ::getsockname(descriptor_, static_cast<sockaddr*>(raw), &length);
        port_ = ntohs(address.sin_port);
    }
    ClosedPort(const ClosedPort&) = delete;
    ClosedPort& operator=(const ClosedPort&) = delete;
    ~ClosedPort() { ::close(descriptor_); }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_;
    std::uint16_t port_ = 0;
};

/// A server that plays a script with each connection, one after the other, until it is destroyed.
class RawServer {
public:
    explicit RawServer(std::function<void(RawSocket&)> script) {
        ::listen(listener_.descriptor(), 16);
        thread_ = std::jthread([this, script = std::move(script)] {
            int descriptor = -1;
            while ((descriptor = ::accept(listener_.descriptor(), nullptr, nullptr)) >= 0) {
                RawSocket socket(descriptor);
                script(socket);
            }
        });
    }
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;
    ~RawServer() { ::shutdown(listener_.descriptor(), SHUT_RDWR); }

    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
    [[nodiscard]] std::string url(std::string_view path) const {
        return "http://127.0.0.1:" + std::to_string(port()) + std::string(path);
    }

private:
    ClosedPort listener_;
    std::jthread thread_;
};

}  // namespace headwater::net::testing
