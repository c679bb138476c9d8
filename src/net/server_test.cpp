#include "net/server.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>
#include <latch>
#include <random>
#include <stdexcept>
#include <thread>

#include "base/log.hpp"
#include "net/client.hpp"
#include "net/test_sockets.hpp"

namespace headwater::net {
namespace {

using std::chrono::seconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::RawSocket;
using ::testing::StartsWith;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;

std::string pseudo_random_text(std::size_t size) {
    std::mt19937_64 generator(7);
    std::string text;
    while (text.size() < size)
        text += std::to_string(generator());
    text.resize(size);
    return text;
}

Response echo(const Request& request) {
    Response response = text_response(
        200, request.method + ' ' + request.path + '?' + request.query + '|' + request.body);
    response.headers.add("X-Host", request.host);
    response.headers.add("X-Remote", request.remote_address);
    return response;
}

Listener on_tcp(std::string address, std::uint16_t port, std::shared_ptr<const Router> router) {
    Listener listener;
    listener.address = std::move(address);
    listener.port = port;
    listener.router = std::move(router);
    return listener;
}

Listener at_path(std::filesystem::path path, std::shared_ptr<const Router> router) {
    Listener listener;
    listener.local_path = std::move(path);
    listener.router = std::move(router);
    return listener;
}

ClientRequest get(std::string url) {
    ClientRequest request;
    request.url = std::move(url);
    return request;
}

/// A server on a free port with a few handlers, and a folder of its own.
class ServerTest : public ::testing::Test {
protected:
    ServerTest() {
        std::string pattern = ::testing::TempDir() + "net_server_XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        router_->prefix("/echo", Router::Where::kIo, echo);
        router_->exact("/throws", Router::Where::kIo, [](const Request&) -> Response {
            throw std::runtime_error("the secret of the house");
        });
    }
    ~ServerTest() override {
        server_.reset();
        std::filesystem::remove_all(folder_);
        log::set_level(log::Level::kInfo);
    }

    void start(ServerLimits limits = {}) {
        log::set_level(log::Level::kOff);
        server_ = std::make_unique<Server>(
            ServerOptions{.limits = limits, .io_threads = 2, .worker_threads = 2});
        const auto port = server_->listen(on_tcp("127.0.0.1", 0, router_));
        ASSERT_TRUE(port) << port.error().text();
        port_ = *port;
        server_->start();
    }

    [[nodiscard]] RawSocket connect() const { return RawSocket::connect(port_); }
    /// Sends a text on a connection of its own; all that comes back until the server closes.
    [[nodiscard]] std::string talk(std::string_view text) const {
        RawSocket socket = connect();
        socket.send(text);
        return socket.read_all();
    }
    [[nodiscard]] std::string url(std::string_view path) const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
    }

    std::shared_ptr<const File> make_file(const std::string& content) {
        const std::filesystem::path path = folder_ / "file";
        std::ofstream(path, std::ios::binary) << content;
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        return std::make_shared<File>(descriptor, content.size());
    }
    void serve_file(std::shared_ptr<const File> file, std::uint64_t offset, std::uint64_t length) {
        router_->exact("/file", Router::Where::kWorker, [=](const Request&) {
            Response response;
            response.parts = {{"", file, offset, length}};
            return response;
        });
    }

    std::filesystem::path folder_;
    std::shared_ptr<Router> router_ = std::make_shared<Router>();
    std::unique_ptr<Server> server_;
    std::uint16_t port_ = 0;
};

TEST_F(ServerTest, AnswersWithLengthServerAndDate) {
    start();
    const std::string answer =
        talk("GET /Echo/a%20b?c=%20 HTTP/1.1\r\nHost: wsus.example\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nServer: Headwater\r\nDate: "));
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 20\r\nConnection: close\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nX-Host: wsus.example\r\nX-Remote: 127.0.0.1\r\n"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\nGET /Echo/a b?c=%20|"));
}

TEST_F(ServerTest, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
    start();
    RawSocket socket = connect();
    socket.send("GET /echo/1 HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(socket.read_until("/1?|"), Not(HasSubstr("Connection: ")));
    socket.send(
        "POST /echo/2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc\r\n"
        "GET /echo/3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(socket.read_until("/2?|abc"), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(socket.read_all(), EndsWith("/3?|"));
}

TEST_F(ServerTest, ClosesAfterARequestOfHttp10UnlessAskedToKeep) {
    start();
    EXPECT_THAT(talk("GET /echo HTTP/1.0\r\n\r\n"), HasSubstr("Connection: close"));
    RawSocket socket = connect();
    socket.send("GET /echo/1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(socket.read_until("/1?|"), HasSubstr("Connection: keep-alive"));
    socket.send("GET /echo/2 HTTP/1.0\r\n\r\n");
    EXPECT_THAT(socket.read_all(), EndsWith("/2?|"));
}

TEST_F(ServerTest, NamesTheListenersAddressWithoutAHostField) {
    start();
    EXPECT_THAT(talk("GET /echo HTTP/1.0\r\n\r\n"),
                HasSubstr("X-Host: 127.0.0.1:" + std::to_string(port_) + "\r\n"));
}

TEST_F(ServerTest, HeadSendsTheHeadersOfGetAndNoBody) {
    serve_file(make_file("0123456789"), 2, 5);
    start();
    for (const std::string target : {"/echo/abc", "/file"}) {
        const std::string answer =
            talk("HEAD " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: "));
        EXPECT_THAT(answer, Not(HasSubstr("Content-Length: 0\r\n")));
        EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
    }
}

TEST_F(ServerTest, SendsThePartOfAFile) {
    const std::string content = pseudo_random_text(3 * kMiB + 17);
    serve_file(make_file(content), 1234, 2 * kMiB + 5);
    start();
    Client client;
    const auto answer = client.fetch(get(url("/file")));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->body.size(), 2 * kMiB + 5);
    EXPECT_TRUE(answer->body == content.substr(1234, 2 * kMiB + 5));
}

TEST_F(ServerTest, SendsAFileOfFiftyMebibytes) {
    const std::string content = pseudo_random_text(50 * kMiB);
    serve_file(make_file(content), 0, content.size());
    start();
    Client client;
    for (int round = 0; round < 2; ++round) {
        const auto answer = client.fetch(get(url("/file")));
        ASSERT_TRUE(answer) << answer.error().text();
        EXPECT_TRUE(answer->body == content);
    }
}

TEST_F(ServerTest, AFileThatBecameShorterEndsTheConnection) {
    auto file = make_file("0123456789");
    std::filesystem::resize_file(folder_ / "file", 4);
    serve_file(file, 0, 10);
    start();
    EXPECT_THAT(talk("GET /file HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("\r\n\r\n0123"));
}

TEST_F(ServerTest, AClientThatTakesNothingIsCutOff) {
    const std::string content = pseudo_random_text(50 * kMiB);
    serve_file(make_file(content), 0, content.size());
    start({.io_timeout = seconds(1)});
    RawSocket lazy = connect();
    lazy.send("GET /file HTTP/1.1\r\nHost: h\r\n\r\n");
    // Two that say nothing are given up one after the other; the lazy one was before them.
    RawSocket other = connect();
    EXPECT_THAT(other.read_all(), IsEmpty());
    RawSocket third = connect();
    EXPECT_THAT(third.read_all(), IsEmpty());
    EXPECT_LT(lazy.read_all().size(), content.size());
}

TEST_F(ServerTest, AClientThatSendsTooSlowlyIsCutOff) {
    start({.io_timeout = seconds(1)});
    EXPECT_THAT(talk("GET /echo HTTP/1.1\r\nHost"), IsEmpty());
    EXPECT_THAT(talk("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"), IsEmpty());
    EXPECT_THAT(talk(""), IsEmpty());
}

TEST_F(ServerTest, AnIdleConnectionEndsAfterTheKeepAliveTime) {
    start({.keep_alive = seconds(1)});
    EXPECT_THAT(talk("GET /echo/1 HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("/1?|"));
}

TEST_F(ServerTest, AnUnknownPathIsNotFoundAndKeepsTheConnection) {
    start();
    const std::string answer = talk(
        "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n"
        "GET /echo/2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 Not Found\r\n"));
    EXPECT_THAT(answer, EndsWith("/2?|"));
}

TEST_F(ServerTest, RefusesWhatIsNotHttpAndCloses) {
    start();
    const std::string nul = std::string("GET /echo HTTP/1.1\r\nA: b") + '\0' + "c\r\n\r\n";
    for (const std::string& text :
         {std::string("\x16\x03\x01\x02\x00 hello\r\n\r\n"), std::string("GET\r\n\r\n"),
          std::string("GET /echo HTTP/9.7\r\n\r\n"),
          std::string("GET /echo HTTP/1.1\r\nbad\r\n\r\n"),
          std::string("GET /echo HTTP/1.1\r\nA : b\r\n\r\n"),
          std::string("GET /a%zz HTTP/1.1\r\n\r\n"), std::string("GET echo HTTP/1.1\r\n\r\n"),
          nul}) {
        const std::string answer = talk(text);
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << text;
        EXPECT_THAT(answer, HasSubstr("Connection: close")) << text;
    }
}

TEST_F(ServerTest, RefusesRequestsThatCouldSmuggleAnother) {
    start();
    const std::string hidden = "0\r\n\r\nGET /echo/hidden HTTP/1.1\r\nHost: h\r\n\r\n";
    for (const std::string fields :
         {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
          "Content-Length: 5\r\nContent-Length: 6\r\n",
          "Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5, 5\r\n",
          "Content-Length: -1\r\n", "Content-Length: 0x5\r\n",
          "Content-Length: 99999999999999999999999\r\n", "Transfer-Encoding: xchunked\r\n",
          "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding : chunked\r\n", "Host: again\r\n"}) {
        const std::string answer =
            talk("POST /echo HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + hidden);
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << fields;
        EXPECT_THAT(answer, Not(HasSubstr("hidden"))) << fields;
    }
}

TEST_F(ServerTest, TakesABodyInChunks) {
    start();
    EXPECT_THAT(talk("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
                     "Connection: close\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: t\r\n\r\n"),
                EndsWith("?|abcdefg"));
}

TEST_F(ServerTest, RefusesAHeaderBeyondTheLimit) {
    start({.max_header_bytes = 1000});
    const std::string answer =
        talk("GET /echo HTTP/1.1\r\nA: " + std::string(200'000, 'x') + "\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
    const std::string many = talk("GET /echo HTTP/1.1\r\n" + [] {
        std::string fields;
        for (int i = 0; i < 300; ++i)
            fields += "A: b\r\n";
        return fields;
    }() + "\r\n");
    EXPECT_THAT(many, StartsWith("HTTP/1.1 431 "));
}

TEST_F(ServerTest, RefusesABodyBeyondTheLimit) {
    start({.max_body_bytes = 1000});
    const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\n";
    EXPECT_THAT(talk(head + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'x')),
                StartsWith("HTTP/1.1 413 "));
    std::string chunks = head + "Transfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 20; ++i)
        chunks += "64\r\n" + std::string(100, 'x') + "\r\n";
    EXPECT_THAT(talk(chunks), StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(
        talk(head + "Connection: close\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x')),
        EndsWith("?|" + std::string(1000, 'x')));
}

TEST_F(ServerTest, SaysContinueBeforeTheBodyIsSent) {
    start({.max_body_bytes = 1000});
    const std::string head =
        "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nConnection: close\r\n";
    RawSocket socket = connect();
    socket.send(head + "Content-Length: 3\r\n\r\n");
    EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    socket.send("abc");
    EXPECT_THAT(socket.read_all(), EndsWith("?|abc"));
    EXPECT_THAT(talk(head + "Content-Length: 1001\r\n\r\n"), StartsWith("HTTP/1.1 413 "));
}

TEST_F(ServerTest, AHandlerThatThrowsIsAnsweredWithoutDetails) {
    start();
    const std::string answer = talk("GET /throws HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("secret")));
}

TEST_F(ServerTest, AnAnswerThatIsNotValidIsNotSent) {
    router_->exact("/split", Router::Where::kIo, [](const Request&) {
        Response response = text_response(200, "x");
        response.headers.add("Location", "/\r\nX-Injected: 1");
        return response;
    });
    start();
    const std::string answer = talk("GET /split HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
    EXPECT_THAT(answer, Not(HasSubstr("X-Injected")));
}

TEST_F(ServerTest, AsksTheQuickHandlerFirstAndTheOtherForWhatIsLeft) {
    std::atomic<int> slow = 0;
    router_->prefix(
        "/both", Router::Where::kWorker,
        [&](const Request&) {
            ++slow;
            return text_response(200, "slow");
        },
        [](const Request& request) -> std::optional<Response> {
            if (request.path == "/both/throws")
                throw std::runtime_error("the secret of the house");
            return request.path == "/both/quick" ? std::optional(text_response(200, "quick"))
                                                 : std::nullopt;
        });
    start();
    const std::string end = " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    EXPECT_THAT(talk("GET /both/quick" + end), EndsWith("\r\n\r\nquick"));
    EXPECT_EQ(slow, 0);
    EXPECT_THAT(talk("GET /both/other" + end), EndsWith("\r\n\r\nslow"));
    EXPECT_EQ(slow, 1);
    EXPECT_THAT(talk("GET /both/throws" + end), StartsWith("HTTP/1.1 500 "));
}

TEST_F(ServerTest, AHandlerThatWaitsDoesNotHoldUpTheOthers) {
    std::latch waits(2);
    std::latch go_on(1);
    router_->exact("/waits", Router::Where::kWorker, [&](const Request&) {
        waits.count_down();
        go_on.wait();
        return text_response(200, "at last");
    });
    start();
    const auto wait_for_it = [this] {
        return talk("GET /waits HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    };
    auto first = std::async(std::launch::async, wait_for_it);
    auto second = std::async(std::launch::async, wait_for_it);
    waits.wait();
    EXPECT_THAT(talk("GET /echo/x HTTP/1.1\r\nConnection: close\r\n\r\n"), EndsWith("/x?|"));
    go_on.count_down();
    EXPECT_THAT(first.get(), EndsWith("at last"));
    EXPECT_THAT(second.get(), EndsWith("at last"));
}

TEST_F(ServerTest, AnswersManyClientsAtOnce) {
    router_->exact("/work", Router::Where::kWorker, echo);
    start();
    Client client;
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 8; ++thread)
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 50; ++i) {
                    const std::string body = std::to_string(thread * 1000 + i);
                    ClientRequest request = get(url(i % 2 == 0 ? "/echo" : "/work"));
                    request.method = "POST";
                    request.body = body;
                    const auto answer = client.fetch(request);
                    right += answer && answer->body.ends_with("?|" + body) ? 1 : 0;
                }
            });
    }
    EXPECT_EQ(right, 400);
}

TEST_F(ServerTest, AConnectionTooManyIsToldSo) {
    start({.max_connections = 1});
    RawSocket first = connect();
    first.send("GET /echo/1 HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(first.read_until("/1?|"), StartsWith("HTTP/1.1 200 "));
    const std::string answer = talk("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
    EXPECT_THAT(answer, HasSubstr("Retry-After: "));
}

TEST_F(ServerTest, StoppingEndsIdleConnectionsAtOnceAndTwiceIsNoHarm) {
    start();
    RawSocket idle = connect();
    idle.send("GET /echo/1 HTTP/1.1\r\nHost: h\r\n\r\n");
    idle.read_until("/1?|");
    const auto before = std::chrono::steady_clock::now();
    server_->stop();
    server_->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(2));
    EXPECT_THAT(idle.read_all(), IsEmpty());
}

TEST_F(ServerTest, StoppingWaitsForTheAnswerUnderWay) {
    std::latch waits(1);
    std::latch go_on(1);
    router_->exact("/waits", Router::Where::kWorker, [&](const Request&) {
        waits.count_down();
        go_on.wait();
        return text_response(200, "whole");
    });
    start();
    RawSocket socket = connect();
    socket.send("GET /waits HTTP/1.1\r\nHost: h\r\n\r\n");
    waits.wait();
    auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
    while (connect().connected()) {
    }
    go_on.count_down();
    const std::string answer = socket.read_all();
    EXPECT_THAT(answer, HasSubstr("Connection: close"));
    EXPECT_THAT(answer, EndsWith("whole"));
}

TEST_F(ServerTest, AnAddressInUseIsNamedWithARemedy) {
    start();
    Server second;
    const auto port = second.listen(on_tcp("127.0.0.1", port_, router_));
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().code, "net.address_in_use");
    EXPECT_THAT(port.error().sentence, HasSubstr("127.0.0.1:" + std::to_string(port_)));
    EXPECT_THAT(port.error().remedy, Not(IsEmpty()));
}

TEST_F(ServerTest, AnAddressThatIsNoneIsRefused) {
    Server server;
    for (const std::string address : {"not-an-address", "203.0.113.7"}) {
        const auto port = server.listen(on_tcp(address, 0, router_));
        ASSERT_FALSE(port);
        EXPECT_EQ(port.error().code, "net.listen_failed");
        EXPECT_THAT(port.error().sentence, HasSubstr(address));
    }
}

TEST_F(ServerTest, ListensOnALocalSocketOfMode0660AndRemovesIt) {
    start();
    const std::filesystem::path path = folder_ / "s.sock";
    ASSERT_TRUE(server_->listen(at_path(path, router_)));
    struct stat status{};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0660U);
    Client client;
    ClientRequest request = get("http://local/echo/x");
    request.local_socket = path.string();
    const auto answer = client.fetch(request);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->body, "GET /echo/x?|");
    EXPECT_EQ(answer->headers.get("X-Remote"), "");
    EXPECT_EQ(answer->headers.get("X-Host"), "local");
    server_->stop();
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ServerTest, TakesThePlaceOfAStaleLocalSocketOnly) {
    start();
    const std::filesystem::path path = folder_ / "s.sock";
    const auto listen_there = [&] { return server_->listen(at_path(path, router_)); };
    std::ofstream(path) << "precious";
    const auto on_file = listen_there();
    ASSERT_FALSE(on_file);
    EXPECT_EQ(on_file.error().code, "net.listen_failed");
    std::filesystem::remove(path);

    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    const int dead = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const void* raw = &address;
    ASSERT_EQ(::bind(dead, static_cast<const sockaddr*>(raw), sizeof address), 0);
    ::close(dead);
    EXPECT_TRUE(listen_there());

    const auto again = listen_there();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "net.address_in_use");
}

}  // namespace
}  // namespace headwater::net
