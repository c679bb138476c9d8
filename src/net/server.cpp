#include "net/server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "base/log.hpp"
#include "base/thread_priority.hpp"
#include "net/connection.hpp"
#include "net/listening_socket.hpp"

namespace headwater::net {
namespace {

constexpr std::chrono::seconds kGrace{5};
constexpr std::chrono::milliseconds kPause{100};
/// Connections beyond the limit that are told so at the same time; more are closed without a word.
constexpr std::size_t kMaxRefusals = 64;

/// sendfile(2) has no MSG_NOSIGNAL, so the threads that call it must not receive SIGPIPE.
void block_sigpipe() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

unsigned count_io_threads(unsigned wanted) {
    return wanted != 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

void tune(Socket& socket, int family) {
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
    const int on = 1;
    if (family != AF_UNIX)
        ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

class Server::Impl {
public:
    explicit Impl(const ServerOptions& options);
    Result<std::uint16_t> listen(Listener listener);
    void start();
    void stop();

private:
    /// A thread with a queue of events of its own, as many as there are processors: they share
    /// nothing, and none wakes another for what it could do itself.
    struct Lane {
        asio::io_context io{1};
        asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    };
    /// A listener that accepts. Its acceptor and timer belong to the first lane.
    struct Gate {
        Gate(asio::io_context& io, ListeningSocket socket, std::shared_ptr<const Router> answers)
            : source(std::move(socket)),
              acceptor(asio::any_io_executor(io.get_executor())),
              pause(acceptor.get_executor()),
              router(std::move(answers)) {}
        ListeningSocket source;
        Acceptor acceptor;
        asio::steady_timer pause;
        std::shared_ptr<const Router> router;
    };
    using GatePtr = std::shared_ptr<Gate>;
    using ConnectionPtr = std::shared_ptr<Connection>;

    void open(const GatePtr& gate);
    void close(const GatePtr& gate);
    asio::awaitable<void> accept_loop(GatePtr gate);
    /// A failure of one connection must not end the loop that accepts the others.
    void try_to_admit(Socket socket, const Gate& gate);
    void admit(Socket socket, const Gate& gate);
    void retire(const ConnectionPtr& connection);
    void end_connections();

    /// Connections are dealt out in turn, and stay on their lane.
    asio::any_io_executor next_lane() {
        const std::size_t turn = turns_.fetch_add(1, std::memory_order_relaxed);
        return lanes_[turn % lanes_.size()]->io.get_executor();
    }

    std::vector<std::unique_ptr<Lane>> lanes_;
    std::atomic<std::size_t> turns_ = 0;
    Household household_;
    std::vector<std::jthread> threads_;

    std::mutex stop_mutex_;
    std::mutex mutex_;  ///< guards what follows
    std::condition_variable changed_;
    bool started_ = false;
    bool stopped_ = false;
    std::size_t open_gates_ = 0;
    std::vector<GatePtr> gates_;
    std::unordered_set<ConnectionPtr> connections_;
};

Server::Impl::Impl(const ServerOptions& options)
    : household_{options.limits, asio::thread_pool(std::max(1U, options.worker_threads)), false} {
    for (unsigned i = 0; i < count_io_threads(options.io_threads); ++i)
        lanes_.push_back(std::make_unique<Lane>());
}

Result<std::uint16_t> Server::Impl::listen(Listener listener) {
    auto socket = listener.local_path.empty()
                      ? ListeningSocket::on_tcp(listener.address, listener.port)
                      : ListeningSocket::at_path(listener.local_path);
    if (!socket)
        return std::unexpected(socket.error());
    const std::uint16_t port = socket->port();
    const int family = socket->family();
    const int protocol = family == AF_UNIX ? 0 : static_cast<int>(IPPROTO_TCP);
    auto gate =
        std::make_shared<Gate>(lanes_.front()->io, std::move(*socket), std::move(listener.router));
    error_code error;
    gate->acceptor.assign(StreamProtocol(family, protocol), gate->source.release(), error);
    const std::lock_guard lock(mutex_);
    if (error || stopped_)
        return fail("net.listen_failed", "The server cannot listen: it has stopped.", {},
                    {error.message()});
    gates_.push_back(gate);
    if (started_)
        open(gate);
    return port;
}

void Server::Impl::start() {
    const std::lock_guard lock(mutex_);
    if (started_ || stopped_)
        return;
    started_ = true;
    for (const GatePtr& gate : gates_)
        open(gate);
    for (const auto& lane : lanes_)
        threads_.emplace_back([&io = lane->io] {
            block_sigpipe();
            become_prompt_thread();
            io.run();
        });
}

void Server::Impl::stop() {
    const std::lock_guard one_at_a_time(stop_mutex_);
    {
        const std::lock_guard lock(mutex_);
        if (stopped_)
            return;
        stopped_ = true;
        household_.draining = true;
        for (const GatePtr& gate : gates_)
            close(gate);
    }
    if (started_)
        end_connections();
    household_.workers.join();
    for (const auto& lane : lanes_)
        lane->work.reset();
    threads_.clear();
    gates_.clear();
}

void Server::Impl::end_connections() {
    std::unique_lock lock(mutex_);
    const auto all_ended = [&] { return connections_.empty() && open_gates_ == 0; };
    for (const ConnectionPtr& connection : connections_)
        connection->drain();
    if (changed_.wait_for(lock, kGrace, all_ended))
        return;
    for (const ConnectionPtr& connection : connections_)
        connection->abort();
    changed_.wait(lock, all_ended);
}

void Server::Impl::open(const GatePtr& gate) {
    ++open_gates_;
    asio::co_spawn(gate->acceptor.get_executor(), accept_loop(gate),
                   [this](const std::exception_ptr&) {
                       const std::lock_guard lock(mutex_);
                       --open_gates_;
                       changed_.notify_all();
                   });
}

void Server::Impl::close(const GatePtr& gate) {
    asio::post(gate->acceptor.get_executor(), [gate] {
        error_code error;
        gate->acceptor.close(error);
        gate->pause.cancel();
    });
}

asio::awaitable<void> Server::Impl::accept_loop(GatePtr gate) {
    while (!household_.draining) {
        error_code error;
        Socket socket = co_await gate->acceptor.async_accept(next_lane(), into(error));
        if (!error) {
            try_to_admit(std::move(socket), *gate);
            continue;
        }
        if (household_.draining || error == asio::error::operation_aborted)
            break;
        if (error == asio::error::connection_aborted)
            continue;
        log::warning("The server could not accept a connection: " + error.message());
        // Most likely no descriptor is free; at once it would fail again.
        gate->pause.expires_after(kPause);
        co_await gate->pause.async_wait(into(error));
    }
}

void Server::Impl::try_to_admit(Socket socket, const Gate& gate) {
    try {
        admit(std::move(socket), gate);
    } catch (const std::exception& exception) {
        log::error(std::string("A connection was lost at its beginning: ") + exception.what());
    }
}

void Server::Impl::admit(Socket socket, const Gate& gate) {
    tune(socket, gate.source.family());
    const std::size_t limit = household_.limits.max_connections;
    const std::lock_guard lock(mutex_);
    const std::size_t count = connections_.size();
    if (count >= limit + kMaxRefusals)
        return;
    auto connection = std::make_shared<Connection>(std::move(socket), household_, gate.router);
    connections_.insert(connection);
    asio::co_spawn(connection->executor(), count < limit ? connection->run() : connection->refuse(),
                   [this, connection](const std::exception_ptr&) { retire(connection); });
}

void Server::Impl::retire(const ConnectionPtr& connection) {
    const std::lock_guard lock(mutex_);
    connections_.erase(connection);
    changed_.notify_all();
}

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(options)) {}

Server::~Server() {
    impl_->stop();
}

Result<std::uint16_t> Server::listen(Listener listener) {
    return impl_->listen(std::move(listener));
}

void Server::start() {
    impl_->start();
}

void Server::stop() {
    impl_->stop();
}

}  // namespace headwater::net
