#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <future>

#include "net/server.hpp"
#include "net/test_sockets.hpp"

namespace headwater::net {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using testing::RawSocket;
using ::testing::StartsWith;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;

/// A text in which no two stretches are alike.
std::string numbered_text(std::size_t size) {
    std::string text;
    text.reserve(size + 16);
    for (std::size_t i = 0; text.size() < size; ++i)
        text += std::to_string(i) + ' ';
    text.resize(size);
    return text;
}

/// A server whose answers have parts of one file.
class SendingTest : public ::testing::Test {
protected:
    SendingTest() {
        std::string path = ::testing::TempDir() + "net_sending_XXXXXX";
        const int descriptor = ::mkstemp(path.data());
        std::ofstream(path, std::ios::binary) << content_;
        file_ = std::make_shared<File>(descriptor, content_.size());
        ::unlink(path.c_str());
    }
    ~SendingTest() override { server_.reset(); }

    void answer(Handler handler) {
        auto router = std::make_shared<Router>();
        router->exact("/", Router::Where::kIo, std::move(handler));
        server_ = std::make_unique<Server>(
            ServerOptions{.limits = {}, .io_threads = 2, .worker_threads = 1});
        Listener listener;
        listener.address = "127.0.0.1";
        listener.router = router;
        const auto port = server_->listen(std::move(listener));
        ASSERT_TRUE(port) << port.error().text();
        port_ = *port;
        server_->start();
    }

    const std::string content_ = numbered_text(24 * kMiB);
    std::shared_ptr<const File> file_;
    std::unique_ptr<Server> server_;
    std::uint16_t port_ = 0;
};

TEST_F(SendingTest, SendsTheBodyAndThenEachPartInItsOrder) {
    answer([this](const Request&) {
        Response response = text_response(206, "first,");
        response.parts = {{"second,", file_, 2 * kMiB, kMiB},
                          {"third,", file_, 0, 0},
                          {"", file_, 5, kMiB + 3},
                          {.text = ",last"}};
        return response;
    });
    const std::string body = "first,second," + content_.substr(2 * kMiB, kMiB) + "third," +
                             content_.substr(5, kMiB + 3) + ",last";
    RawSocket client = RawSocket::connect(port_);
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    client.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    const std::string answer = client.read_all();
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"));
    const std::size_t begin = answer.find("\r\n\r\n") + 4;
    EXPECT_TRUE(answer.substr(begin, body.size()) == body);
    EXPECT_THAT(answer.substr(begin + body.size()), StartsWith("HTTP/1.1 206 Partial Content"));
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(SendingTest, LetsTheLeaseGoOnceTheAnswerWasTakenOrItsReaderHasLeft) {
    std::promise<void> after_taking;
    std::promise<void> after_leaving;
    answer([&](const Request& request) {
        const bool whole = request.query == "whole";
        Response response;
        response.parts = {{"", file_, 0, whole ? file_->size() : 4}};
        response.lease = std::shared_ptr<const void>(
            &response,
            [end = whole ? &after_leaving : &after_taking](const void*) { end->set_value(); });
        return response;
    });
    RawSocket stays = RawSocket::connect(port_);
    stays.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(after_taking.get_future().wait_for(seconds(20)), std::future_status::ready);

    RawSocket leaves = RawSocket::connect(port_);
    leaves.send("GET /?whole HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(leaves.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
    auto left = after_leaving.get_future();
    EXPECT_EQ(left.wait_for(seconds(0)), std::future_status::timeout);
    leaves.reset();
    EXPECT_EQ(left.wait_for(seconds(20)), std::future_status::ready);
}

}  // namespace
}  // namespace headwater::net
