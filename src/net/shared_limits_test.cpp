// What several requests of the client share: a limit of their rate, and a token that ends them.

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "base/testing.hpp"
#include "net/client.hpp"
#include "net/server.hpp"

namespace headwater::net {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class SharedLimits : public ::testing::Test {
protected:
    void SetUp() override {
        auto router = std::make_shared<Router>();
        router->prefix("/", Router::Where::kIo,
                       [this](const Request&) { return text_response(200, content_); });
        port_ = test_help::value_of(server_.listen({"127.0.0.1", 0, {}, router}));
        server_.start();
    }
    void TearDown() override { server_.stop(); }

    [[nodiscard]] ClientRequest request() const {
        ClientRequest made;
        made.url = "http://127.0.0.1:" + std::to_string(port_) + "/file";
        made.stall_timeout = seconds{1};
        return made;
    }
    std::uint64_t stream(const ClientRequest& request) {
        std::uint64_t bytes = 0;
        const BodySink count = [&](ByteView part) {
            bytes += part.size();
            taken_ += part.size();
            return true;
        };
        const auto done = client_.stream(request, nullptr, count);
        EXPECT_TRUE(done) << done.error().text();
        return bytes;
    }

    const std::string content_ = std::string(2'000'000, 'a');
    std::atomic<std::uint64_t> taken_ = 0;
    std::uint16_t port_ = 0;
    Server server_{{}};
    Client client_;
};

/// The largest part that curl hands over.
constexpr std::uint64_t kPart = 128 * 1024;

TEST_F(SharedLimits, WhoHasToWaitTakesNothingAndIsNotTakenForStalled) {
    // Time stands still until the client has looked for longer than the stall that ends a request.
    std::atomic<int> looks = 0;
    std::atomic<std::uint64_t> taken_until_then = 0;
    ClientRequest limited = request();
    limited.rate_limit = std::make_shared<RateLimit>([&] {
        constexpr int kManyLooks = 24;
        if (++looks == kManyLooks)
            taken_until_then = taken_.load();
        return RateLimit::SteadyTime{looks < kManyLooks ? hours{1} : hours{looks}};
    });
    limited.rate_limit->set(1000);
    auto other = std::async(std::launch::async, [&] { return stream(limited); });
    const std::uint64_t own = stream(limited);
    limited.rate_limit->set(0);
    EXPECT_EQ(own, content_.size());
    EXPECT_EQ(other.get(), content_.size());
    EXPECT_GT(looks, 24) << "nobody waited";
    EXPECT_LE(taken_until_then, kPart) << "one part, for both of them together";
}

TEST_F(SharedLimits, WhoWaitsGoesOnWhenTheLimitIsLiftedAndEndsWhenCancelled) {
    ClientRequest limited = request();
    limited.rate_limit =
        std::make_shared<RateLimit>([] { return RateLimit::SteadyTime{hours{1}}; });
    limited.rate_limit->set(1);
    std::promise<void> begun;
    bool is_first = true;
    std::uint64_t bytes = 0;
    const BodySink sink = [&](ByteView part) {
        bytes += part.size();
        if (is_first)
            begun.set_value();
        is_first = false;
        return true;
    };
    auto lifted = std::async(std::launch::async,
                             [&] { return client_.stream(limited, nullptr, sink).has_value(); });
    begun.get_future().wait();
    limited.rate_limit->set(0);
    EXPECT_TRUE(lifted.get());
    EXPECT_EQ(bytes, content_.size());

    limited.rate_limit->set(1);
    ASSERT_TRUE(limited.rate_limit->take(1000)) << "from now on everybody waits";
    const auto cancel = std::make_shared<CancelToken>();
    limited.cancel = cancel;
    auto waiting = std::async(std::launch::async, [&] { return client_.fetch(limited); });
    cancel->cancel();
    EXPECT_EQ(test_help::code_of(waiting.get()), "net.cancelled");
}

TEST_F(SharedLimits, ASinkThatRefusesAfterAWaitEndsTheRequest) {
    ClientRequest limited = request();
    std::atomic<int> looks = 0;
    limited.rate_limit =
        std::make_shared<RateLimit>([&] { return RateLimit::SteadyTime{seconds{++looks}}; });
    limited.rate_limit->set(1);
    std::uint64_t parts = 0;
    const BodySink sink = [&](ByteView) {
        limited.rate_limit->set(looks < 100 ? 50'000 : 0);
        return ++parts < 2;
    };
    EXPECT_EQ(test_help::code_of(client_.stream(limited, nullptr, sink)), "net.sink");
}

TEST_F(SharedLimits, ATokenIsCancelledByItsParentAndNotTheOtherWay) {
    const auto parent = std::make_shared<CancelToken>();
    const auto child = std::make_shared<CancelToken>(parent);
    const CancelToken sibling(parent);
    child->cancel();
    EXPECT_FALSE(parent->cancelled() || sibling.cancelled());
    parent->cancel();
    EXPECT_TRUE(sibling.cancelled());
    ClientRequest cancelled = request();
    cancelled.cancel = std::make_shared<CancelToken>(parent);
    EXPECT_EQ(test_help::code_of(client_.fetch(cancelled)), "net.cancelled");
}

}  // namespace
}  // namespace headwater::net
