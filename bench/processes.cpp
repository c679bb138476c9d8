#include "processes.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>

extern char** environ;

namespace headwater::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

std::string read_file(const std::string& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::uint64_t content_length(std::string_view head) {
    for (const std::string_view name : {"Content-Length: ", "content-length: "}) {
        const std::size_t at = head.find(name);
        if (at != std::string_view::npos) {
            std::uint64_t value = 0;
            std::from_chars(head.data() + at + name.size(), head.data() + head.size(), value);
            return value;
        }
    }
    throw std::runtime_error("An answer without Content-Length.");
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::filesystem::path& log) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                       0644);
    ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    const int failed =
        ::posix_spawnp(&pid_, arguments.front(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        throw std::runtime_error(command.front() + " cannot be started: " + std::strerror(failed));
    }
}

Process::~Process() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

double Process::own_cpu_seconds() const {
    clockid_t clock{};
    timespec time{};
    if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
        throw std::runtime_error("The CPU time of a process cannot be read.");
    }
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double Process::cpu_seconds() const {
    const std::string stat = read_file("/proc/" + std::to_string(pid_) + "/stat");
    // The fields behind the name, which may hold anything, are counted from its closing bracket:
    // utime, stime, cutime and cstime are the 12th to the 15th.
    std::istringstream fields(stat.substr(stat.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) {
        fields >> skipped;
    }
    double ticks = 0;
    for (int i = 0; i < 4; ++i) {
        double value = 0;
        fields >> value;
        ticks += value;
    }
    return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double Process::memory(std::string_view field) const {
    std::istringstream lines(read_file("/proc/" + std::to_string(pid_) + "/status"));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(field)) {
            return std::stod(line.substr(field.size() + 1)) / 1024;
        }
    }
    return 0;
}

bool Process::running() const {
    return ::waitpid(pid_, nullptr, WNOHANG) == 0;
}

std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket, generic, length) != 0 || ::getsockname(socket, generic, &length) != 0) {
        throw std::runtime_error("No port is free.");
    }
    ::close(socket);
    return ntohs(address.sin_port);
}

Connection::Connection(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)), buffer_(std::size_t{1} << 20U) {
    const sockaddr_in address = loopback(port);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        ::close(socket_);
        throw std::runtime_error("Nobody listens on port " + std::to_string(port) + ".");
    }
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

Connection::~Connection() {
    ::close(socket_);
}

unsigned Connection::exchange(std::string_view request, std::uint64_t& body_bytes) {
    while (!request.empty()) {
        const ssize_t sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            throw std::runtime_error("The server closed the connection.");
        }
        request.remove_prefix(static_cast<std::size_t>(sent));
    }
    std::size_t have = 0;
    const auto receive = [this](std::size_t at) {
        const ssize_t got = ::recv(socket_, buffer_.data() + at, buffer_.size() - at, 0);
        if (got <= 0) {
            throw std::runtime_error("The server closed the connection.");
        }
        return static_cast<std::size_t>(got);
    };
    std::size_t end = std::string_view::npos;
    while (end == std::string_view::npos) {
        have += receive(have);
        end = std::string_view(buffer_.data(), have).find("\r\n\r\n");
    }
    const std::string_view head(buffer_.data(), end);
    unsigned status = 0;
    std::from_chars(head.data() + 9, head.data() + 12, status);
    const std::uint64_t length = content_length(head);
    for (std::uint64_t got = have - end - 4; got < length;) {
        got += receive(0);
    }
    body_bytes += length;
    return status;
}

std::string get_request(std::string_view path, std::string_view more_headers) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
           std::string(more_headers) + "\r\n";
}

std::string post_request(std::string_view path, std::string_view soap_action,
                         std::string_view body) {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml; charset=utf-8\r\nSOAPAction: " +
           std::string(soap_action) + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
}

}  // namespace headwater::bench
