#include "net/feed.hpp"

#include <gmock/gmock.h>

#include <future>

#include "net/server.hpp"
#include "net/test_sockets.hpp"

namespace headwater::net {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawSocket;

TEST(Feed, GivesWhatWasPushedAndThenItsEnd) {
    Feed feed;
    EXPECT_EQ(feed.take(), "");
    EXPECT_TRUE(feed.push("a"));
    EXPECT_TRUE(feed.push("b"));
    feed.end();
    EXPECT_FALSE(feed.push("c"));
    EXPECT_EQ(feed.take(), "ab");
    EXPECT_EQ(feed.take(), std::nullopt);
}

TEST(Feed, EndsForAClientThatTakesNothing) {
    Feed feed;
    const std::string piece(Feed::kMaxWaitingBytes / 2, 'x');
    EXPECT_TRUE(feed.push(piece));
    EXPECT_TRUE(feed.push(piece));
    EXPECT_FALSE(feed.push("one more"));
    EXPECT_FALSE(feed.is_open());
    EXPECT_EQ(feed.take(), std::nullopt);
}

/// A server that answers /feed with the next feed, and tells the test which one.
class FeedTest : public ::testing::Test {
protected:
    void SetUp() override {
        auto router = std::make_shared<Router>();
        router->exact("/feed", Router::Where::kIo, [this](const Request&) {
            Response response;
            response.headers.set("Content-Type", "text/event-stream");
            response.feed = std::make_shared<Feed>();
            given_.set_value(response.feed);
            return response;
        });
        Listener listener;
        listener.address = "127.0.0.1";
        listener.router = std::move(router);
        const auto port = server_.listen(std::move(listener));
        ASSERT_TRUE(port) << port.error().text();
        port_ = *port;
        server_.start();
    }

    std::shared_ptr<Feed> ask(RawSocket& socket) {
        given_ = {};
        auto given = given_.get_future();
        socket.send("GET /feed HTTP/1.1\r\nHost: x\r\n\r\n");
        return given.get();
    }

    std::promise<std::shared_ptr<Feed>> given_;
    Server server_{ServerOptions{.limits = {}, .io_threads = 2, .worker_threads = 1}};
    std::uint16_t port_ = 0;
};

TEST_F(FeedTest, ReachesTheClientPieceByPieceAndClosesWithItsEnd) {
    RawSocket socket = RawSocket::connect(port_);
    const auto feed = ask(socket);
    const std::string head = socket.read_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Connection: close"));
    EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
    for (const char* piece : {"one\n", "two\n", "three\n"}) {
        EXPECT_TRUE(feed->push(piece));
        EXPECT_EQ(socket.read_until("\n"), piece);
    }
    EXPECT_TRUE(feed->push("last"));
    feed->end();
    EXPECT_EQ(socket.read_all(), "last");
}

TEST_F(FeedTest, EndsWhenItsClientLeaves) {
    std::shared_ptr<Feed> feed;
    {
        RawSocket socket = RawSocket::connect(port_);
        feed = ask(socket);
        static_cast<void>(socket.read_until("\r\n\r\n"));
    }
    while (feed->is_open()) {
        std::this_thread::yield();
    }
    EXPECT_FALSE(feed->push("nobody listens"));
}

TEST_F(FeedTest, EndsWhenTheServerStops) {
    RawSocket socket = RawSocket::connect(port_);
    const auto feed = ask(socket);
    static_cast<void>(socket.read_until("\r\n\r\n"));
    server_.stop();
    EXPECT_FALSE(feed->is_open());
    EXPECT_EQ(socket.read_all(), "");
}

TEST_F(FeedTest, HoldsManyClientsAtOnce) {
    std::vector<RawSocket> sockets;
    std::vector<std::shared_ptr<Feed>> feeds;
    for (int i = 0; i < 50; ++i) {
        sockets.push_back(RawSocket::connect(port_));
        feeds.push_back(ask(sockets.back()));
    }
    for (const auto& feed : feeds) {
        EXPECT_TRUE(feed->push("news"));
        feed->end();
    }
    for (RawSocket& socket : sockets) {
        EXPECT_THAT(socket.read_all(), EndsWith("\r\n\r\nnews"));
    }
}

}  // namespace
}  // namespace headwater::net
