// A synchronization whose way to the upstream is broken: on each place of the way, with the
// sentence that the history tells of it.

#include <fcntl.h>

#include <latch>

#include "net/test_sockets.hpp"
#include "synchronization_testing.hpp"

namespace headwater::integration {
namespace {

using net::testing::RawServer;
using net::testing::RawSocket;
using ::testing::Contains;
using ::testing::HasSubstr;

class BrokenWay : public Synchronization {
protected:
    /// A run from this port, which fails at its first request; the error that the history has.
    upstream::RunError error_from(std::uint16_t port, const std::string& code) {
        const std::string url = "http://127.0.0.1:" + std::to_string(port);
        choose(url);
        const store::SyncRun record = run();
        expect_failure(record, code, "connect");
        const upstream::RunError error = error_of(record);
        EXPECT_EQ(error.request,
                  "GetAuthConfig to " + url + "/ServerSyncWebService/ServerSyncWebService.asmx");
        EXPECT_NE(error.remedy, "");
        return error;
    }
    static std::string place(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }
};

TEST_F(BrokenWay, NobodyListens) {
    const net::testing::ClosedPort closed;
    const upstream::RunError error = error_from(closed.port(), "net.connect");
    EXPECT_EQ(error.message, "No connection to " + place(closed.port()) + " could be made.");
    EXPECT_THAT(error.causes, Contains("Connection refused (111)"));
}

TEST_F(BrokenWay, TheNameDoesNotResolve) {
    choose("http://no-such-host.invalid:8530");
    const store::SyncRun record = run();
    expect_failure(record, "net.resolve", "connect");
    EXPECT_EQ(
        error_of(record).message,
        "The name no-such-host.invalid (of no-such-host.invalid:8530) could not be resolved.");
    EXPECT_THAT(error_of(record).causes,
                Contains(HasSubstr("Could not resolve host: no-such-host.invalid")));
}

TEST_F(BrokenWay, NobodyAcceptsTheConnection) {
    // Where the queue is full the kernel drops what else comes, as a firewall does.
    const net::testing::ClosedPort full;
    ASSERT_EQ(::listen(full.descriptor(), 0), 0);
    std::vector<RawSocket> queue;
    for (int i = 0; i < 2; ++i) {
        queue.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        queue.back().begin_connect(full.port());
    }
    make_synchronizer({.stall_timeout = std::chrono::seconds{30},
                       .connect_timeout = std::chrono::milliseconds{500}});
    EXPECT_EQ(error_from(full.port(), "net.timeout").message,
              "No connection to " + place(full.port()) + " came about in the time allowed.");
}

TEST_F(BrokenWay, TheServerResetsTheConnection) {
    const RawServer server([](RawSocket& socket) {
        socket.read_until("\r\n\r\n");
        socket.reset();
    });
    const upstream::RunError error = error_from(server.port(), "net.reset");
    EXPECT_EQ(error.message, "The connection to " + place(server.port()) + " ended early.");
    EXPECT_FALSE(error.causes.empty());
}

TEST_F(BrokenWay, TheServerStallsInTheMiddleOfABody) {
    make_synchronizer({.stall_timeout = std::chrono::seconds{1}});
    const RawServer server([](RawSocket& socket) {
        socket.read_until("\r\n\r\n");
        socket.send(
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5000\r\n\r\n"
            "<soap:Envelope");
        socket.read_all();
    });
    EXPECT_EQ(error_from(server.port(), "net.timeout").message,
              place(server.port()) + " sent or took fewer than 1 byte/s for 1 s.");
}

TEST_F(BrokenWay, TheServerSpeaksNoHttp) {
    const RawServer server([](RawSocket& socket) { socket.send("SSH-2.0-OpenSSH_9.2\r\n"); });
    EXPECT_EQ(error_from(server.port(), "net.protocol").message,
              "The exchange with " + place(server.port()) + " did not follow HTTP/1.1.");
}

TEST_F(BrokenWay, TheConnectionEndsInTheMiddleOfABodyAndTheNextRunGoesOn) {
    upstream_.answer_instead([&](const std::string& operation, int nth,
                                 const net::Request&) -> std::optional<net::Response> {
        if (operation != "GetUpdateData" || nth != 2) {
            return std::nullopt;
        }
        net::Response response;
        response.headers.add("Content-Type", "text/xml");
        const test_help::TemporaryFolder folder;
        test_help::write_file(folder.path() / "part", "<soap:Envelope");
        const int descriptor = ::open((folder.path() / "part").c_str(), O_RDONLY | O_CLOEXEC);
        response.parts = {{"", std::make_shared<net::File>(descriptor, 5000), 0, 5000}};
        return response;
    });
    const store::SyncRun record = run();
    expect_failure(record, "net.reset", "documents");
    EXPECT_THAT(error_of(record).message, HasSubstr(" ended early."));
    EXPECT_EQ(error_of(record).request, request_to("GetUpdateData"));
    upstream_.answer_instead(nullptr);
    succeeds();
    expect_everything_here();
}

TEST_F(BrokenWay, SaysThatAnUpstreamHangsAndGoesOnNextTime) {
    make_synchronizer({.stall_timeout = std::chrono::seconds{1}});
    std::latch released(1);
    upstream_.answer_instead([&](const std::string& operation, int nth, const net::Request&) {
        if (operation == "GetUpdateData" && nth == 2) {
            released.wait();
        }
        return std::optional<net::Response>();
    });
    const store::SyncRun record = run();
    released.count_down();
    expect_failure(record, "net.timeout", "documents");
    EXPECT_EQ(error_of(record).request, request_to("GetUpdateData"));
    EXPECT_THAT(error_of(record).message, HasSubstr("fewer than 1 byte/s for 1 s"));
    const std::size_t kept = here();
    upstream_.answer_instead(nullptr);
    upstream_.forget();
    const store::SyncRun second = run();
    EXPECT_EQ(second.result, store::RunResult::kSucceeded) << second.error;
    EXPECT_EQ(second.revisions + kept, upstream_.revisions());
    expect_everything_here();
}

}  // namespace
}  // namespace headwater::integration
