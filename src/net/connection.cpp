#include "net/connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>

#include "base/log.hpp"
#include "base/thread_priority.hpp"
#include "base/utf.hpp"

namespace headwater::net {
namespace {

constexpr std::size_t kReadAhead = 64 * 1024;
constexpr std::size_t kFirstRead = 2048;
/// At once, then the other connections of the thread have their turn: as much as a socket holds.
constexpr std::size_t kFilePart = std::size_t{4} << 20U;
constexpr std::chrono::seconds kLinger{2};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

struct Peer {
    std::string host;
    std::uint16_t port = 0;
};

Peer describe(const StreamProtocol::endpoint& endpoint) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    sockaddr_storage raw{};
    std::memcpy(&raw, endpoint.data(), std::min(endpoint.size(), sizeof raw));
    if (raw.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &raw, sizeof v4);
        ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
        return {text.data(), ntohs(v4.sin_port)};
    }
    if (raw.ss_family != AF_INET6)
        return {};
    sockaddr_in6 v6{};
    std::memcpy(&v6, &raw, sizeof v6);
    // A dual-stack listener shows IPv4 clients as ::ffff:a.b.c.d; people know them as a.b.c.d.
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
        ::inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
    else
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    return {text.data(), ntohs(v6.sin6_port)};
}

std::string host_and_port(const Peer& peer) {
    if (peer.host.empty())
        return "localhost";
    const std::string host = peer.host.contains(':') ? '[' + peer.host + ']' : peer.host;
    return host + ':' + std::to_string(peer.port);
}

template <typename Message>
Headers copy_fields(const Message& message) {
    Headers headers;
    for (const auto& field : message)
        headers.add(std::string(field.name_string()), std::string(field.value()));
    return headers;
}

Response refusal(unsigned status) {
    std::string_view sentence = "The request is malformed.\n";
    if (status == 413)
        sentence = "The body of the request is larger than this server takes.\n";
    else if (status == 431)
        sentence = "The header of the request is larger than this server takes.\n";
    else if (status == 503)
        sentence = "The server has too many connections. Try again later.\n";
    Response response = text_response(status, std::string(sentence));
    if (status == 503)
        response.headers.add("Retry-After", "10");
    return response;
}

void log_failure(const Request& request, std::string_view what) {
    constexpr std::size_t kShown = 200;
    log::error("The handler of " + request.method + ' ' + request.target.substr(0, kShown) +
               " failed: " + std::string(what));
}

/// The handler's answer, or 500 for one that throws or cannot be sent. Nothing where a quick
/// handler has none.
template <typename Answers>
std::optional<Response> call(const Answers& handler, const Request& request) {
    try {
        std::optional<Response> response = handler(request);
        if (!response || is_sendable(*response))
            return response;
        log_failure(request,
                    "its answer has a status, a field or a part of a file that is not valid");
    } catch (const std::exception& exception) {
        log_failure(request, exception.what());
    } catch (...) {
        log_failure(request, "an exception of unknown type");
    }
    return text_response(500, "The server failed to answer this request. Its log says why.\n");
}

/// The pool begins its threads itself: each is prepared by the first work that it gets.
void prepare_worker() {
    static thread_local bool is_prepared = false;
    if (!is_prepared) {
        is_prepared = true;
        become_prompt_thread();
    }
}

/// Does the work on a thread of the pool, then resumes the coroutine on its own executor.
template <typename Work>
asio::awaitable<void> run_on(asio::thread_pool& pool, Work work) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [&pool](auto handler, Work task) {
            auto own = asio::get_associated_executor(handler);
            asio::post(pool, [task = std::move(task), handler = std::move(handler), own]() mutable {
                prepare_worker();
                task();
                asio::post(own, std::move(handler));
            });
        },
        asio::use_awaitable, std::move(work));
}

void skip_blank_lines(beast::flat_buffer& buffer) {
    const auto begins_blank = [&] {
        const auto data = buffer.data();
        return data.size() >= 2 && std::memcmp(data.data(), "\r\n", 2) == 0;
    };
    while (begins_blank())
        buffer.consume(2);
}

}  // namespace

Connection::Connection(Socket socket, Household& household, std::shared_ptr<const Router> router)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      household_(household),
      router_(std::move(router)),
      buffer_(household.limits.max_header_bytes + kReadAhead) {
    error_code error;
    remote_address_ = describe(socket_.remote_endpoint(error)).host;
    local_name_ = host_and_port(describe(socket_.local_endpoint(error)));
    socket_.native_non_blocking(true, error);
}

asio::awaitable<void> Connection::run() {
    try {
        co_await converse();
    } catch (const std::exception& exception) {
        log::warning("A connection of " + remote_address_ + " failed: " + exception.what());
    }
    close();
}

asio::awaitable<void> Connection::refuse() {
    co_await send_refusal(503);
    close();
}

void Connection::drain() {
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        if (self->is_idle_)
            self->close();
        if (self->feed_)
            self->feed_->end();
    });
}

void Connection::abort() {
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->close(); });
}

asio::awaitable<void> Connection::converse() {
    bool goes_on = true;
    while (goes_on)
        goes_on = co_await exchange();
}

/// One request and its answer. False when the connection has to end.
asio::awaitable<bool> Connection::exchange() {
    const bool has_begun = co_await await_request();
    if (!has_begun)
        co_return false;
    Parser parser;
    const Arrival arrival = co_await receive(parser);
    if (arrival.gone)
        co_return false;
    if (arrival.refusal != 0) {
        co_await send_refusal(arrival.refusal);
        co_return false;
    }
    const bool client_keeps = parser.keep_alive();
    const bool is_http_1_0 = parser.get().version() == 10;
    Request request;
    request.method = parser.get().method_string();
    request.target = parser.get().target();
    request.headers = copy_fields(parser.get().base());
    request.host = request.headers.get("Host").value_or(local_name_);
    request.remote_address = remote_address_;
    request.body = std::move(parser.get().body());
    if (!apply_target(request)) {
        co_await send_refusal(400);
        co_return false;
    }
    clear_deadline();
    Response response = co_await handle(request);
    const bool keeps = client_keeps && !asks_to_close(response) && !household_.draining;
    const Persistence persistence = !keeps        ? Persistence::kClose
                                    : is_http_1_0 ? Persistence::kKeepSaidAloud
                                                  : Persistence::kKeep;
    const bool sent = co_await send_response(response, persistence, request.method == "HEAD");
    response.lease.reset();
    if (sent && !keeps)
        co_await linger();
    co_return (sent && keeps);
}

/// Waits until the first byte of a request is in the buffer. False when none comes.
asio::awaitable<bool> Connection::await_request() {
    const ServerLimits& limits = household_.limits;
    set_deadline(is_first_ ? limits.io_timeout : limits.keep_alive);
    is_first_ = false;
    skip_blank_lines(buffer_);
    while (buffer_.size() == 0) {
        if (household_.draining)
            co_return false;
        is_idle_ = true;
        error_code error;
        const std::size_t count =
            co_await socket_.async_read_some(buffer_.prepare(kFirstRead), into(error));
        is_idle_ = false;
        if (error)
            co_return false;
        buffer_.commit(count);
        skip_blank_lines(buffer_);
    }
    set_deadline(limits.io_timeout);
    co_return !household_.draining;
}

Connection::Arrival Connection::arrival_of(error_code error) {
    if (!error)
        return {};
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return {.refusal = 431};
    if (error == http::error::body_limit)
        return {.refusal = 413};
    const bool is_about_http = error.category() == http::make_error_code({}).category();
    if (!is_about_http || error == http::error::end_of_stream ||
        error == http::error::partial_message)
        return {.gone = true};
    return {.refusal = 400};
}

asio::awaitable<Connection::Arrival> Connection::receive(Parser& parser) {
    const ServerLimits& limits = household_.limits;
    parser.header_limit(static_cast<std::uint32_t>(limits.max_header_bytes));
    parser.body_limit(limits.max_body_bytes);
    error_code error;
    co_await http::async_read_header(socket_, buffer_, parser, into(error));
    if (error)
        co_return arrival_of(error);
    const auto& message = parser.get();
    const bool is_http_1_0 = message.version() == 10;
    if (!has_sound_framing(copy_fields(message.base()), is_http_1_0))
        co_return Arrival{.refusal = 400};
    const bool waits =
        !is_http_1_0 && equal_ignoring_case(message[http::field::expect], "100-continue");
    if (waits && !parser.is_done()) {
        const bool sent = co_await send(kContinue, {}, 0);
        if (!sent)
            co_return Arrival{.gone = true};
        set_deadline(limits.io_timeout);
    }
    if (!parser.is_done())
        co_await http::async_read(socket_, buffer_, parser, into(error));
    co_return arrival_of(error);
}

asio::awaitable<Response> Connection::handle(const Request& request) {
    const Router::Route* route = router_->find(request.path);
    if (route == nullptr)
        co_return text_response(404, "There is nothing at this address.\n");
    if (route->quick) {
        std::optional<Response> at_once = call(route->quick, request);
        if (at_once)
            co_return std::move(*at_once);
    }
    std::optional<Response> response;
    if (route->where == Router::Where::kIo)
        response = call(route->handler, request);
    else
        co_await run_on(household_.workers, [&] { response = call(route->handler, request); });
    co_return std::move(*response);
}

asio::awaitable<bool> Connection::send_response(const Response& response, Persistence persistence,
                                                bool head_only) {
    const std::string head = format_head(response, persistence);
    if (response.feed != nullptr && !head_only)
        co_return co_await send_feed(head, response.feed);
    if (head_only || !has_body(response.status) || body_length(response) == 0)
        co_return co_await send(head, {}, 0);
    // What stands before a part waits in the kernel for its first bytes, so that they share a
    // packet.
    bool sent = co_await send(head, response.body, response.parts.empty() ? 0 : MSG_MORE);
    for (std::size_t i = 0; sent && i < response.parts.size(); ++i)
        sent = co_await send_part(response.parts[i], i + 1 == response.parts.size());
    co_return sent;
}

asio::awaitable<bool> Connection::send_part(const Part& part, bool is_last) {
    const bool sent = co_await send(part.text, {}, is_last && part.length == 0 ? 0 : MSG_MORE);
    if (!sent || part.length == 0)
        co_return sent;
    co_return co_await send_file(part);
}

asio::awaitable<bool> Connection::send(std::string_view first, std::string_view second, int flags) {
    while (!first.empty() || !second.empty()) {
        const std::array<asio::const_buffer, 2> parts = {
            asio::const_buffer(first.data(), first.size()),
            asio::const_buffer(second.data(), second.size())};
        set_deadline(household_.limits.io_timeout);
        error_code error;
        const std::size_t count = co_await socket_.async_send(parts, flags, into(error));
        if (error)
            co_return false;
        const std::size_t of_first = std::min(count, first.size());
        first.remove_prefix(of_first);
        second.remove_prefix(count - of_first);
    }
    co_return true;
}

asio::awaitable<bool> Connection::send_file(const Part& part) {
    auto offset = static_cast<off_t>(part.offset);
    std::uint64_t left = part.length;
    set_deadline(household_.limits.io_timeout);
    while (left > 0) {
        if (!socket_.is_open())
            co_return false;
        const ssize_t count =
            ::sendfile(socket_.native_handle(), part.file->descriptor(), &offset,
                       static_cast<std::size_t>(std::min<std::uint64_t>(left, kFilePart)));
        const int failure = count < 0 ? errno : 0;
        if (failure == EINTR)
            continue;
        if (failure != 0 && failure != EAGAIN)
            co_return false;
        if (count == 0) {
            log::warning("A file became shorter while it was sent; the connection was closed.");
            co_return false;
        }
        if (count > 0) {
            left -= static_cast<std::uint64_t>(count);
            set_deadline(household_.limits.io_timeout);
        }
        // Waiting even after progress lets the other connections of this thread have their turn.
        error_code error;
        if (left > 0)
            co_await socket_.async_wait(Socket::wait_write, into(error));
        if (error)
            co_return false;
    }
    co_return true;
}

/// Sleeps until the feed says something or ends, or the client does: the only thing that one who
/// reads an endless answer can say is that he leaves.
asio::awaitable<bool> Connection::send_feed(std::string_view head, std::shared_ptr<Feed> feed) {
    const auto news = std::make_shared<asio::steady_timer>(
        socket_.get_executor(), asio::steady_timer::clock_type::time_point::max());
    const auto is_gone = std::make_shared<bool>(false);
    feed->attach([news] { asio::post(news->get_executor(), [news] { news->cancel(); }); });
    socket_.async_wait(Socket::wait_read, [self = shared_from_this(), news, is_gone](error_code) {
        *is_gone = true;
        news->cancel();
    });
    feed_ = feed;
    if (household_.draining)
        feed->end();
    bool goes_on = co_await send(head, {}, 0);
    while (goes_on && !*is_gone) {
        const std::optional<std::string> text = feed->take();
        if (!text)
            break;
        if (text->empty()) {
            clear_deadline();
            error_code woken;
            co_await news->async_wait(into(woken));
            continue;
        }
        goes_on = co_await send(*text, {}, 0);
    }
    feed_.reset();
    feed->detach();
    co_return goes_on && !*is_gone;
}

asio::awaitable<void> Connection::send_refusal(unsigned status) {
    const Response response = refusal(status);
    const bool sent = co_await send_response(response, Persistence::kClose, false);
    if (sent)
        co_await linger();
}

/// Closing while input is unread resets the connection, and a reset can overtake the answer: the
/// end is said first, and what still comes is thrown away for a short while.
asio::awaitable<void> Connection::linger() {
    error_code error;
    socket_.shutdown(Socket::shutdown_send, error);
    set_deadline(kLinger);
    buffer_.consume(buffer_.size());
    while (!error)
        co_await socket_.async_read_some(buffer_.prepare(kFirstRead), into(error));
}

void Connection::set_deadline(std::chrono::steady_clock::duration from_now) {
    deadline_ = asio::steady_timer::clock_type::now() + from_now;
    // A timer that fires too early looks at the deadline and waits again: cheaper than setting it
    // anew for every part of an answer.
    if (!is_watched_ || deadline_ < timer_.expiry())
        watch();
}

void Connection::clear_deadline() {
    deadline_ = asio::steady_timer::time_point::max();
}

void Connection::watch() {
    is_watched_ = true;
    timer_.expires_at(deadline_);
    timer_.async_wait([self = shared_from_this()](error_code error) { self->on_timer(error); });
}

void Connection::on_timer(error_code error) {
    if (error || !socket_.is_open())
        return;
    if (deadline_ <= asio::steady_timer::clock_type::now())
        return close();
    is_watched_ = false;
    if (deadline_ != asio::steady_timer::time_point::max())
        watch();
}

void Connection::close() {
    error_code error;
    timer_.cancel();
    socket_.close(error);
}

}  // namespace headwater::net
