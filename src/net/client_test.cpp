#include "net/client.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>

#include "net/server.hpp"
#include "net/test_sockets.hpp"

namespace headwater::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ClosedPort;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::RawServer;
using testing::RawSocket;

constexpr std::string_view kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello";

/// Reads a head, then says a text and closes.
std::function<void(RawSocket&)> says(std::string text) {
    return [text = std::move(text)](RawSocket& socket) {
        socket.read_until("\r\n\r\n");
        socket.send(text);
    };
}

/// Reads a head, says a text, and waits until the client goes away.
std::function<void(RawSocket&)> stalls_after(std::string text) {
    return [text = std::move(text)](RawSocket& socket) {
        socket.read_until("\r\n\r\n");
        socket.send(text);
        socket.read_all();
    };
}

ClientRequest get(std::string url) {
    ClientRequest request;
    request.url = std::move(url);
    return request;
}

ClientRequest send(std::string method, std::string url, std::string body) {
    ClientRequest request = get(std::move(url));
    request.method = std::move(method);
    request.body = std::move(body);
    return request;
}

ClientRequest following(std::string url, unsigned redirects) {
    ClientRequest request = get(std::move(url));
    request.max_redirects = redirects;
    return request;
}

std::string code_of(const Result<ClientResponse>& answer) {
    return answer ? "status " + std::to_string(answer->status) : answer.error().code;
}

std::string redirect_to(const std::string& location) {
    return "HTTP/1.1 302 Found\r\nConnection: close\r\nX-Old: 1\r\nLocation: " + location +
           "\r\nContent-Length: 4\r\n\r\nmove";
}

TEST(ClientTest, FetchesStatusHeadersAndBody) {
    const RawServer server(says(std::string(kHello)));
    Client client;
    const auto answer = client.fetch(get(server.url("/x")));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 200U);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(answer->headers.get("a"), "b");
    EXPECT_EQ(answer->effective_url, server.url("/x"));
}

TEST(ClientTest, SendsWhatWasAskedAndLittleElse) {
    std::promise<std::string> seen;
    const RawServer server([&](RawSocket& socket) {
        seen.set_value(socket.read_until("body"));
        socket.send(kHello);
    });
    Client client;
    ClientRequest request = send("POST", server.url("/p?q"), "body");
    request.headers.add("SOAPAction", "\"urn:x\"");
    request.headers.add("Empty", "");
    ASSERT_TRUE(client.fetch(request));
    const std::string text = seen.get_future().get();
    EXPECT_THAT(text, HasSubstr("POST /p?q HTTP/1.1\r\n"));
    EXPECT_THAT(text, HasSubstr("User-Agent: Headwater/0.1\r\n"));
    EXPECT_THAT(text, HasSubstr("SOAPAction: \"urn:x\"\r\n"));
    EXPECT_THAT(text, HasSubstr("Empty:\r\n"));
    EXPECT_THAT(text, HasSubstr("Content-Length: 4\r\n"));
    for (const char* absent : {"Expect", "Accept-Encoding", "Content-Type"})
        EXPECT_THAT(text, Not(HasSubstr(absent)));
}

TEST(ClientTest, EveryMethodArrives) {
    auto router = std::make_shared<Router>();
    router->prefix("/", Router::Where::kIo, [](const Request& request) {
        return text_response(200, request.method + '|' + request.body);
    });
    Server server;
    Listener listener;
    listener.address = "127.0.0.1";
    listener.router = router;
    const auto port = server.listen(listener);
    ASSERT_TRUE(port);
    server.start();
    Client client;
    const std::string url = "http://127.0.0.1:" + std::to_string(*port) + "/";
    for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        for (const std::string body : {"", "some"}) {
            const auto answer = client.fetch(send(method, url, body));
            ASSERT_TRUE(answer) << answer.error().text();
            EXPECT_EQ(answer->body, method + '|' + body);
        }
    const auto head = client.fetch(send("HEAD", url, ""));
    ASSERT_TRUE(head) << head.error().text();
    EXPECT_THAT(head->body, IsEmpty());
    EXPECT_EQ(head->headers.get("Content-Length"), "5");
}

TEST(ClientTest, UsesAConnectionAgain) {
    std::atomic<int> connections = 0;
    const RawServer server([&](RawSocket& socket) {
        ++connections;
        while (!socket.read_until("\r\n\r\n").empty())
            socket.send(kHello);
    });
    Client client;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(code_of(client.fetch(get(server.url("/")))), "status 200");
    EXPECT_EQ(connections, 1);
}

TEST(ClientTest, AStatusOfAnyKindIsAnAnswer) {
    const RawServer server(says("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno"));
    Client client;
    EXPECT_EQ(code_of(client.fetch(get(server.url("/")))), "status 503");
}

TEST(ClientTest, ARefusedConnectionNamesHostAndPort) {
    const ClosedPort closed;
    Client client;
    const auto answer =
        client.fetch(get("http://127.0.0.1:" + std::to_string(closed.port()) + "/"));
    ASSERT_EQ(code_of(answer), "net.connect");
    EXPECT_THAT(answer.error().sentence, HasSubstr("127.0.0.1:" + std::to_string(closed.port())));
    EXPECT_THAT(answer.error().text(), HasSubstr("Connection refused"));
    EXPECT_THAT(answer.error().remedy, Not(IsEmpty()));
}

TEST(ClientTest, ANameThatDoesNotResolveIsNamed) {
    Client client;
    const auto answer = client.fetch(get("http://name.invalid/x"));
    ASSERT_EQ(code_of(answer), "net.resolve");
    EXPECT_THAT(answer.error().sentence, HasSubstr("name.invalid"));
    EXPECT_THAT(answer.error().causes, Not(IsEmpty()));
}

TEST(ClientTest, AnAddressThatIsNoUrlOrNotHttpIsRefused) {
    Client client;
    for (const std::string url :
         {"", "example", "file:///etc/passwd", "ftp://h/x", "http://a b/", "http://h/\r\nX: y"})
        EXPECT_EQ(code_of(client.fetch(get(url))), "net.protocol") << url;
}

TEST(ClientTest, AFieldWithALineBreakIsRefused) {
    Client client;
    ClientRequest request = get("http://127.0.0.1:1/");
    request.headers.add("A", "b\r\nC: d");
    EXPECT_EQ(code_of(client.fetch(request)), "net.protocol");
}

TEST(ClientTest, ABodyThatEndsEarlyIsAReset) {
    const RawServer server(says("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nonly this"));
    Client client;
    EXPECT_EQ(code_of(client.fetch(get(server.url("/")))), "net.reset");
}

TEST(ClientTest, AConnectionCutWithoutAnAnswerIsAReset) {
    const RawServer server([](RawSocket& socket) {
        socket.read_until("\r\n\r\n");
        socket.reset();
    });
    Client client;
    EXPECT_EQ(code_of(client.fetch(get(server.url("/")))), "net.reset");
}

TEST(ClientTest, WhatIsNotHttpIsAProtocolError) {
    const RawServer server(says("220 mail.example ESMTP\r\n"));
    Client client;
    const auto answer = client.fetch(get(server.url("/")));
    ASSERT_EQ(code_of(answer), "net.protocol");
    EXPECT_EQ(answer.error().sentence,
              "The exchange with 127.0.0.1:" + std::to_string(server.port()) +
                  " did not follow HTTP/1.1.");
}

TEST(ClientTest, AnEndlessHeaderIsCutOff) {
    const RawServer server([](RawSocket& socket) {
        socket.send("HTTP/1.1 200 OK\r\n");
        while (socket.send("A: " + std::string(1000, 'x') + "\r\n")) {
        }
    });
    Client client;
    EXPECT_EQ(code_of(client.fetch(get(server.url("/")))), "net.protocol");
}

TEST(ClientTest, AServerThatStallsTimesOutBeforeAndWithinTheBody) {
    Client client;
    for (const std::string begun : {"", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nonly this"}) {
        const RawServer server(stalls_after(begun));
        ClientRequest request = get(server.url("/"));
        request.stall_timeout = seconds(1);
        const auto answer = client.fetch(request);
        ASSERT_EQ(code_of(answer), "net.timeout");
        EXPECT_THAT(answer.error().sentence, HasSubstr(std::to_string(server.port())));
    }
}

TEST(ClientTest, TheTotalTimeIsBounded) {
    const RawServer server(stalls_after("HTTP/1.1 200 OK\r\n"));
    Client client;
    ClientRequest request = get(server.url("/"));
    request.total_timeout = milliseconds(300);
    EXPECT_EQ(code_of(client.fetch(request)), "net.timeout");
}

TEST(ClientTest, ABodyBeyondTheLimitIsRefusedWithOrWithoutALength) {
    Client client;
    for (const std::string fields : {"Content-Length: 5\r\n", ""}) {
        const RawServer server(says("HTTP/1.1 200 OK\r\n" + fields + "\r\nhello"));
        ClientRequest request = get(server.url("/"));
        request.max_body_bytes = 4;
        EXPECT_EQ(code_of(client.fetch(request)), "net.too_large");
        request.max_body_bytes = 5;
        EXPECT_EQ(code_of(client.fetch(request)), "status 200");
    }
}

TEST(ClientTest, ARedirectIsAnAnswerUnlessItMayBeFollowed) {
    const RawServer target(says(std::string(kHello)));
    const RawServer server(says(redirect_to(target.url("/new"))));
    Client client;
    EXPECT_EQ(code_of(client.fetch(get(server.url("/")))), "status 302");
    std::vector<unsigned> heads;
    std::string body;
    const auto answer = client.stream(
        following(server.url("/"), 1),
        [&](unsigned status, const Headers& headers) {
            heads.push_back(status);
            EXPECT_EQ(headers.get("X-Old"), std::nullopt);
            return headers.get("A") == "b";
        },
        [&](ByteView part) {
            body += as_text(part);
            return true;
        });
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->effective_url, target.url("/new"));
    EXPECT_THAT(heads, ::testing::ElementsAre(200U));
    EXPECT_EQ(body, "hello");
}

TEST(ClientTest, ARedirectTooManyIsAnError) {
    const RawServer server(says(redirect_to("/again")));
    Client client;
    const auto answer = client.fetch(following(server.url("/"), 3));
    ASSERT_EQ(code_of(answer), "net.redirect");
    EXPECT_THAT(answer.error().sentence, HasSubstr(std::to_string(server.port())));
}

TEST(ClientTest, ARedirectToAFileIsRefused) {
    const RawServer server(says(redirect_to("file:///etc/passwd")));
    Client client;
    const auto answer = client.fetch(following(server.url("/"), 3));
    ASSERT_EQ(code_of(answer), "net.redirect");
    EXPECT_THAT(answer.error().sentence, HasSubstr(std::to_string(server.port())));
}

TEST(ClientTest, ACancelledRequestEndsSoon) {
    auto token = std::make_shared<CancelToken>();
    const RawServer server([&](RawSocket& socket) {
        socket.read_until("\r\n\r\n");
        token->cancel();
        socket.read_all();
    });
    Client client;
    ClientRequest request = get(server.url("/"));
    request.cancel = token;
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(code_of(client.fetch(request)), "net.cancelled");
    EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(5));
    EXPECT_EQ(code_of(client.fetch(request)), "net.cancelled");
}

TEST(ClientTest, ASinkThatRefusesOrThrowsEndsTheTransfer) {
    const RawServer server(says(std::string(kHello)));
    Client client;
    const ClientRequest request = get(server.url("/"));
    const BodySink takes = [](ByteView) { return true; };
    EXPECT_EQ(code_of(client.stream(request, nullptr, [](ByteView) { return false; })), "net.sink");
    EXPECT_EQ(code_of(client.stream(
                  request, [](unsigned, const Headers&) { return false; }, takes)),
              "net.sink");
    const auto thrown = client.stream(
        request, nullptr, [](ByteView) -> bool { throw std::runtime_error("disk full"); });
    ASSERT_EQ(code_of(thrown), "net.sink");
    EXPECT_THAT(thrown.error().text(), HasSubstr("disk full"));
}

TEST(ClientTest, TheHeadIsSeenOnceAlsoWithoutABody) {
    const RawServer server(
        says("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 204 No Content\r\nA: b\r\n\r\n"));
    Client client;
    int heads = 0;
    const auto answer = client.stream(
        get(server.url("/")),
        [&](unsigned status, const Headers& headers) {
            ++heads;
            return status == 204 && headers.get("A") == "b" && !headers.get("X-Early");
        },
        [](ByteView) { return true; });
    EXPECT_EQ(code_of(answer), "status 204");
    EXPECT_EQ(heads, 1);
}

TEST(ClientTest, TheEnvironmentNamesNoProxy) {
    const ClosedPort closed;
    const std::string proxy = "http://127.0.0.1:" + std::to_string(closed.port());
    ::setenv("http_proxy", proxy.c_str(), 1);
    const RawServer server(says(std::string(kHello)));
    Client client;
    EXPECT_EQ(code_of(client.fetch(get(server.url("/")))), "status 200");
    ::unsetenv("http_proxy");
}

TEST(ClientTest, AMissingLocalSocketIsNamed) {
    Client client;
    ClientRequest request = get("http://local/");
    request.local_socket = "/nonexistent/headwater.sock";
    const auto answer = client.fetch(request);
    ASSERT_EQ(code_of(answer), "net.connect");
    EXPECT_THAT(answer.error().sentence, HasSubstr("/nonexistent/headwater.sock"));
}

}  // namespace
}  // namespace headwater::net
