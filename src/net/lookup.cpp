#include "net/lookup.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <resolv.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include "base/descriptor.hpp"

namespace headwater::net {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr int kAnswerBytes = 16 * 1024;
constexpr int kNameServerSeconds = 3;
constexpr int kNameServerAttempts = 2;

struct AddressesFree {
    void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, AddressesFree>;

Milliseconds since(SteadyClock::time_point start) {
    return std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - start);
}

void add_once(std::vector<std::string>& texts, std::string text) {
    if (!text.empty() && std::ranges::find(texts, text) == texts.end())
        texts.push_back(std::move(text));
}

std::string text_of(const sockaddr* address, socklen_t size) {
    std::array<char, NI_MAXHOST> text{};
    return ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0
               ? std::string(text.data())
               : std::string{};
}

Lookup ask_system(const std::string& host) {
    Lookup lookup{.way = "the system"};
    const auto start = SteadyClock::now();
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_CANONNAME;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    const Addresses addresses(found);
    lookup.time = since(start);
    if (error != 0) {
        lookup.error = error == EAI_SYSTEM ? describe_errno(errno) : ::gai_strerror(error);
        return lookup;
    }
    if (addresses->ai_canonname != nullptr)
        lookup.canonical = addresses->ai_canonname;
    for (const addrinfo* next = addresses.get(); next != nullptr; next = next->ai_next)
        add_once(lookup.addresses, text_of(next->ai_addr, next->ai_addrlen));
    return lookup;
}

bool same_name(const std::string& a, const std::string& b) {
    return ::strcasecmp(a.c_str(), b.c_str()) == 0;
}

Lookup ask_hosts_file(const std::string& host) {
    Lookup lookup{.way = "/etc/hosts"};
    const auto start = SteadyClock::now();
    std::ifstream file("/etc/hosts");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string address;
        words >> address;
        std::string first;
        for (std::string name; words >> name;) {
            first = first.empty() ? name : first;
            if (same_name(name, host)) {
                add_once(lookup.addresses, address);
                lookup.canonical = first;
            }
        }
    }
    lookup.time = since(start);
    if (lookup.addresses.empty())
        lookup.error = "The name does not stand in it";
    return lookup;
}

/// Adds the addresses of one answer of a name server.
void read_answer(const unsigned char* answer, int size, int type, Lookup& lookup) {
    ns_msg message{};
    if (::ns_initparse(answer, size, &message) != 0)
        return;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
        ns_rr record{};
        if (::ns_parserr(&message, ns_s_an, i, &record) != 0)
            return;
        const bool is_v4 = type == ns_t_a && ns_rr_rdlen(record) == 4;
        const bool is_v6 = type == ns_t_aaaa && ns_rr_rdlen(record) == 16;
        if (ns_rr_type(record) != type || (!is_v4 && !is_v6))
            continue;
        std::array<char, INET6_ADDRSTRLEN> text{};
        if (::inet_ntop(is_v4 ? AF_INET : AF_INET6, ns_rr_rdata(record), text.data(),
                        text.size()) != nullptr)
            add_once(lookup.addresses, text.data());
        lookup.canonical = ns_rr_name(record);
    }
}

Lookup ask_name_servers(const std::string& host) {
    Lookup lookup{.way = "DNS"};
    const auto start = SteadyClock::now();
    struct State {
        State() : is_ready(::res_ninit(&resolver) == 0) {}
        ~State() {
            if (is_ready)
                ::res_nclose(&resolver);
        }
        State(const State&) = delete;
        State& operator=(const State&) = delete;
        struct __res_state resolver{};
        bool is_ready;
    } state;
    if (!state.is_ready) {
        lookup.error = "/etc/resolv.conf cannot be read";
        return lookup;
    }
    state.resolver.retrans = kNameServerSeconds;
    state.resolver.retry = kNameServerAttempts;
    std::array<unsigned char, kAnswerBytes> answer{};
    for (const int type : {int{ns_t_a}, int{ns_t_aaaa}}) {
        const int size = ::res_nsearch(&state.resolver, host.c_str(), ns_c_in, type, answer.data(),
                                       static_cast<int>(answer.size()));
        if (size > 0)
            read_answer(answer.data(), std::min(size, kAnswerBytes), type, lookup);
        else if (lookup.error.empty() || state.resolver.res_h_errno == TRY_AGAIN)
            lookup.error = ::hstrerror(state.resolver.res_h_errno);
    }
    lookup.time = since(start);
    if (!lookup.addresses.empty())
        lookup.error.clear();
    else if (lookup.error.empty())
        lookup.error = "No address";
    return lookup;
}

/// The one numeric address, as a socket takes it.
Addresses numeric(const std::string& address, const std::string& port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    return Addresses(::getaddrinfo(address.c_str(), port.c_str(), &hints, &found) == 0 ? found
                                                                                       : nullptr);
}

/// Waits until the socket can be read or written; false when the time is over.
bool wait_for(int descriptor, short events, Milliseconds at_most) {
    pollfd one{descriptor, events, 0};
    const auto end = SteadyClock::now() + at_most;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<Milliseconds>(end - SteadyClock::now()).count();
        const int ready = ::poll(&one, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
        if (ready >= 0 || errno != EINTR)
            return ready > 0;
    }
}

std::uint16_t checksum(const std::array<unsigned char, 16>& packet) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < packet.size(); i += 2)
        sum += static_cast<std::uint32_t>(packet[i] << 8U | packet[i + 1]);
    while (sum >> 16U != 0)
        sum = (sum & 0xFFFFU) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum);
}

}  // namespace

std::vector<Lookup> look_up(const std::string& host) {
    return {ask_system(host), ask_hosts_file(host), ask_name_servers(host)};
}

Result<Milliseconds> connect_to(const std::string& address, std::uint16_t port,
                                Milliseconds at_most) {
    const std::string where = address + " port " + std::to_string(port);
    const auto refused = [&](int error) {
        return fail("net.connect", "No connection to " + where + ": " + describe_errno(error) + ".",
                    "Look whether the service runs there, and for a firewall on the way.");
    };
    const Addresses target = numeric(address, std::to_string(port));
    if (!target)
        return fail("net.connect", "'" + address + "' is no address.");
    const Descriptor socket(
        ::socket(target->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto start = SteadyClock::now();
    if (socket.get() < 0)
        return refused(errno);
    if (::connect(socket.get(), target->ai_addr, target->ai_addrlen) == 0)
        return since(start);
    if (errno != EINPROGRESS)
        return refused(errno);
    if (!wait_for(socket.get(), POLLOUT, at_most))
        return fail("net.timeout",
                    where + " did not answer within " +
                        std::to_string(std::chrono::ceil<std::chrono::seconds>(at_most).count()) +
                        " s.",
                    "Look whether the machine is up; a firewall that drops what it refuses looks "
                    "like this too.");
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
        return refused(error);
    return since(start);
}

Result<Milliseconds> ping(const std::string& address, Milliseconds at_most) {
    const Addresses target = numeric(address, "0");
    if (!target)
        return fail("net.ping", "'" + address + "' is no address.");
    const bool is_v6 = target->ai_family == AF_INET6;
    const Descriptor socket(::socket(target->ai_family, SOCK_DGRAM | SOCK_CLOEXEC,
                                     is_v6 ? int{IPPROTO_ICMPV6} : int{IPPROTO_ICMP}));
    if (socket.get() < 0)
        return fail(
            "net.ping_denied",
            "This machine lets the service's user send no ping: " + describe_errno(errno) + ".",
            "It is not needed; sysctl net.ipv4.ping_group_range would allow it.");
    constexpr unsigned char kEcho4 = ICMP_ECHO;
    constexpr unsigned char kEcho6 = 128;
    constexpr unsigned char kReply4 = ICMP_ECHOREPLY;
    constexpr unsigned char kReply6 = 129;
    std::array<unsigned char, 16> packet{is_v6 ? kEcho6 : kEcho4};
    packet[7] = 1;
    const std::uint16_t sum = checksum(packet);
    packet[2] = static_cast<unsigned char>(sum >> 8U);
    packet[3] = static_cast<unsigned char>(sum & 0xFFU);
    const auto start = SteadyClock::now();
    if (::sendto(socket.get(), packet.data(), packet.size(), 0, target->ai_addr,
                 target->ai_addrlen) < 0)
        return fail("net.ping", "No ping to " + address + ": " + describe_errno(errno) + ".");
    while (since(start) < at_most && wait_for(socket.get(), POLLIN, at_most - since(start))) {
        std::array<unsigned char, 256> answer{};
        const auto size = ::recv(socket.get(), answer.data(), answer.size(), 0);
        if (size < 0)
            return fail("net.ping", address + " cannot be reached: " + describe_errno(errno) + ".");
        if (size > 0 && answer[0] == (is_v6 ? kReply6 : kReply4))
            return since(start);
    }
    return fail("net.ping", address + " did not answer a ping.",
                "Many machines and firewalls never do: a connection says more.");
}

Address address_of(const std::string& url) {
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->host().empty())
        return {};
    const bool tls = parsed->scheme_id() == boost::urls::scheme::https;
    const std::uint16_t known = tls ? 443 : 80;
    return {std::string(parsed->host_address()),
            parsed->port_number() != 0 ? parsed->port_number() : known, tls};
}

}  // namespace headwater::net
