#pragma once
// Private to net/: one connection of the server, from its first request to its end, as a coroutine
// on one thread. Everything but drain(), abort() and the constructor runs there.

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "net/asio.hpp"
#include "net/server.hpp"
#include "net/wire.hpp"

namespace headwater::net {

/// What all connections of a server share; outlives them.
struct Household {
    ServerLimits limits;
    asio::thread_pool workers;
    /// Once true, no connection begins another request.
    std::atomic<bool> draining = false;
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    /// The executor of the socket is the connection's: of an io_context that one thread runs.
    Connection(Socket socket, Household& household, std::shared_ptr<const Router> router);

    /// Answers requests until either side ends. The caller keeps the connection alive meanwhile.
    asio::awaitable<void> run();
    /// Says 503 and ends, for a connection too many.
    asio::awaitable<void> refuse();

    /// Ends it now if it waits for a request, else after the answer under way. Any thread.
    void drain();
    /// Ends it now. Any thread.
    void abort();

    [[nodiscard]] asio::any_io_executor executor() { return socket_.get_executor(); }

private:
    using Parser = http::request_parser<http::string_body>;

    /// How the arrival of a request ended.
    struct Arrival {
        bool gone = false;     ///< nobody is left to answer
        unsigned refusal = 0;  ///< the status to answer with before closing; 0 for a good request
    };
    static Arrival arrival_of(error_code error);

    asio::awaitable<void> converse();
    asio::awaitable<bool> exchange();
    asio::awaitable<bool> await_request();
    asio::awaitable<Arrival> receive(Parser& parser);
    asio::awaitable<Response> handle(const Request& request);
    asio::awaitable<bool> send_response(const Response& response, Persistence persistence,
                                        bool head_only);
    asio::awaitable<bool> send(std::string_view first, std::string_view second, int flags);
    asio::awaitable<bool> send_part(const Part& part, bool is_last);
    asio::awaitable<bool> send_file(const Part& part);
    asio::awaitable<bool> send_feed(std::string_view head, std::shared_ptr<Feed> feed);
    asio::awaitable<void> send_refusal(unsigned status);
    asio::awaitable<void> linger();

    void set_deadline(std::chrono::steady_clock::duration from_now);
    void clear_deadline();
    void watch();
    void on_timer(error_code error);
    void close();

    Socket socket_;
    asio::steady_timer timer_;
    Household& household_;
    std::shared_ptr<const Router> router_;
    std::string remote_address_;
    std::string local_name_;
    beast::flat_buffer buffer_;
    std::shared_ptr<Feed> feed_;  ///< that is being sent; null for none
    asio::steady_timer::time_point deadline_ = asio::steady_timer::time_point::max();
    bool is_first_ = true;
    bool is_idle_ = false;
    bool is_watched_ = false;
};

}  // namespace headwater::net
