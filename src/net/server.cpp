#include "net/server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>

#include <condition_variable>
#include <csignal>
#include <exception>
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
    /// A listener that accepts. Its acceptor and timer belong to a strand of their own.
    struct Gate {
        Gate(asio::io_context& io, ListeningSocket socket, std::shared_ptr<const Router> answers)
            : source(std::move(socket)),
              acceptor(asio::any_io_executor(asio::make_strand(io))),
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

    asio::io_context io_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    Household household_;
    const unsigned io_threads_;
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
    : io_(static_cast<int>(count_io_threads(options.io_threads))),
      work_(io_.get_executor()),
      household_{options.limits, asio::thread_pool(std::max(1U, options.worker_threads)), false},
      io_threads_(count_io_threads(options.io_threads)) {}

Result<std::uint16_t> Server::Impl::listen(Listener listener) {
    auto socket = listener.local_path.empty()
                      ? ListeningSocket::on_tcp(listener.address, listener.port)
                      : ListeningSocket::at_path(listener.local_path);
    if (!socket)
        return std::unexpected(socket.error());
    const std::uint16_t port = socket->port();
    const int family = socket->family();
    const int protocol = family == AF_UNIX ? 0 : static_cast<int>(IPPROTO_TCP);
    auto gate = std::make_shared<Gate>(io_, std::move(*socket), std::move(listener.router));
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
    for (unsigned i = 0; i < io_threads_; ++i)
        threads_.emplace_back([this] {
            block_sigpipe();
            become_prompt_thread();
            io_.run();
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
    work_.reset();
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
        const asio::any_io_executor strand = asio::make_strand(io_);
        error_code error;
        Socket socket = co_await gate->acceptor.async_accept(strand, into(error));
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
