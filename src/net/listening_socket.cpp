#include "net/listening_socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace headwater::net {
namespace {

constexpr mode_t kLocalMode = 0660;

std::string shown(const std::string& address, std::uint16_t port) {
    const bool needs_brackets = address.contains(':');
    const std::string host = address.empty() ? "*" : needs_brackets ? '[' + address + ']' : address;
    return host + ':' + std::to_string(port);
}

std::unexpected<Error> tcp_failure(const std::string& address, std::uint16_t port, int number) {
    const std::string where = shown(address, port);
    const std::string cause = describe_errno(number);
    const std::string digits = std::to_string(port);
    if (number == EADDRINUSE)
        return fail("net.address_in_use",
                    "The server cannot listen on " + where + ": another program has this address.",
                    "Find that program with `ss -ltnp 'sport = :" + digits +
                        "'` and stop it, or choose another port.",
                    {cause});
    std::string remedy = "Choose an address of this machine (`ip address` lists them).";
    if (number == EACCES)
        remedy = "Choose a port of 1024 or more, or grant CAP_NET_BIND_SERVICE to the program.";
    else if (number == EMFILE || number == ENFILE)
        remedy = "Raise the limit on open files (LimitNOFILE).";
    return fail("net.listen_failed", "The server cannot listen on " + where + '.', remedy, {cause});
}

std::unexpected<Error> local_failure(const std::filesystem::path& path, int number) {
    return fail("net.listen_failed",
                "The server cannot listen on the local socket " + path.string() + '.',
                "Check that its folder exists and that the server may write to it.",
                {describe_errno(number)});
}

sockaddr* generic(sockaddr_un& address) {
    return static_cast<sockaddr*>(static_cast<void*>(&address));
}

std::string without_brackets(const std::string& address) {
    if (address.size() > 2 && address.starts_with('[') && address.ends_with(']'))
        return address.substr(1, address.size() - 2);
    return address;
}

using AddressInfo = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

AddressInfo parse_address(const std::string& address, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
        found = nullptr;
    return {found, &::freeaddrinfo};
}

/// 0, or the errno.
int bind_and_listen(int descriptor, const sockaddr* address, socklen_t length) {
    if (::bind(descriptor, address, length) != 0 || ::listen(descriptor, SOMAXCONN) != 0)
        return errno;
    return 0;
}

int prepare_tcp(int descriptor, int family) {
    const int on = 1;
    const int off = 0;
    if (::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        return errno;
    // "::" stands for every address, those of IPv4 included, whatever the system's default.
    if (family == AF_INET6 &&
        ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0)
        return errno;
    return 0;
}

/// Whether somebody answers behind the file; a socket without listener refuses.
bool is_alive(sockaddr_un& address) {
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (probe < 0)
        return true;
    const bool refused =
        ::connect(probe, generic(address), sizeof address) != 0 && errno == ECONNREFUSED;
    ::close(probe);
    return !refused;
}

Result<> clear_path(const std::filesystem::path& path, sockaddr_un& address) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0)
        return errno == ENOENT ? Result<>() : local_failure(path, errno);
    if (!S_ISSOCK(status.st_mode))
        return fail("net.listen_failed",
                    "The server cannot listen on the local socket " + path.string() +
                        ": there is a file which is not a socket.",
                    "Move that file away, or choose another path.");
    if (is_alive(address))
        return fail("net.address_in_use",
                    "The server cannot listen on the local socket " + path.string() +
                        ": another program listens there.",
                    "Stop the other Headwater, or choose another path.");
    if (::unlink(path.c_str()) != 0)
        return local_failure(path, errno);
    return {};
}

}  // namespace

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : family_(other.family_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      port_(other.port_),
      path_(std::exchange(other.path_, {})),
      device_(other.device_),
      inode_(other.inode_) {}

ListeningSocket::~ListeningSocket() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
    struct stat status{};
    // Another server may have taken the path in the meantime; its socket is not ours to remove.
    if (!path_.empty() && ::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
        status.st_ino == inode_)
        ::unlink(path_.c_str());
}

Result<ListeningSocket> ListeningSocket::on_tcp(const std::string& address, std::uint16_t port) {
    const std::string numeric = address.empty() ? "::" : without_brackets(address);
    const AddressInfo info = parse_address(numeric, port);
    if (info == nullptr)
        return fail("net.listen_failed",
                    "The server cannot listen on \"" + address + "\": that is not an IP address.",
                    "Give an address such as 127.0.0.1 or ::, or leave it empty for all.");
    ListeningSocket made(info->ai_family,
                         ::socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP));
    int failure = made.descriptor_ < 0 ? errno : prepare_tcp(made.descriptor_, made.family_);
    if (failure == 0)
        failure = bind_and_listen(made.descriptor_, info->ai_addr, info->ai_addrlen);
    const bool lacks_ipv6 = failure == EAFNOSUPPORT || failure == EADDRNOTAVAIL;
    if (address.empty() && lacks_ipv6)
        return on_tcp("0.0.0.0", port);
    if (failure != 0)
        return tcp_failure(without_brackets(address), port, failure);
    made.read_port();
    return made;
}

Result<ListeningSocket> ListeningSocket::at_path(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string& name = path.native();
    if (name.size() >= sizeof address.sun_path)
        return fail(
            "net.listen_failed", "The path of the local socket " + name + " is too long.",
            "Choose a path of at most " + std::to_string(sizeof address.sun_path - 1) + " bytes.");
    name.copy(address.sun_path, name.size());
    if (auto cleared = clear_path(path, address); !cleared)
        return std::unexpected(cleared.error());
    ListeningSocket made(AF_UNIX, ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (made.descriptor_ < 0)
        return local_failure(path, errno);
    // The file inherits the mode of the unbound socket, so that it is never open to others, and no
    // other thread sees a changed umask. chmod gives back what the umask took from the group.
    if (::fchmod(made.descriptor_, kLocalMode) != 0 ||
        ::bind(made.descriptor_, generic(address), sizeof address) != 0)
        return local_failure(path, errno);
    if (!made.remember_file(path) || ::chmod(path.c_str(), kLocalMode) != 0 ||
        ::listen(made.descriptor_, SOMAXCONN) != 0)
        return local_failure(path, errno);
    return made;
}

bool ListeningSocket::remember_file(const std::filesystem::path& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0)
        return false;
    path_ = path;
    device_ = status.st_dev;
    inode_ = status.st_ino;
    return true;
}

void ListeningSocket::read_port() {
    sockaddr_storage bound{};
    socklen_t length = sizeof bound;
    void* raw = &bound;
    if (::getsockname(descriptor_, static_cast<sockaddr*>(raw), &length) != 0)
        return;
    port_ = ntohs(family_ == AF_INET6 ? static_cast<sockaddr_in6*>(raw)->sin6_port
                                      : static_cast<sockaddr_in*>(raw)->sin_port);
}

}  // namespace headwater::net
