// Downloads from servers that no well-behaved peer would be: bare sockets.

#include <gmock/gmock.h>

#include <fstream>

#include "base/testing.hpp"
#include "content/download.hpp"
#include "net/test_sockets.hpp"

namespace headwater::content {
namespace {

namespace fs = std::filesystem;

using net::testing::RawServer;
using net::testing::RawSocket;

class HostileServer : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(shelf_.prepare());
        for (int i = 0; i < 60; ++i) {
            body_ += static_cast<char>('A' + i);
        }
        file_.sha1 = Sha1::of(as_bytes(body_));
        file_.sha256 = Sha256::of(as_bytes(body_));
        file_.size = body_.size();
        file_.name = "small.cab";
        file_.extension = ".cab";
    }

    std::string run(const std::string& url) {
        const auto result =
            download(client_, shelf_, file_, {url, nullptr, nullptr, std::chrono::seconds{10}},
                     [](std::uint64_t) {});
        return result ? "shelved" : result.error().code;
    }
    /// What one answer to every request leads to.
    std::string run_with(const std::string& answer) {
        const RawServer server([&](RawSocket& socket) {
            socket.read_until("\r\n\r\n");
            socket.send(answer);
        });
        return run(server.url("/f"));
    }
    [[nodiscard]] bool on_shelf() const {
        return fs::exists(shelf_.root() / shelf_name(file_.sha1, ".cab"));
    }
    void expect_right_and_remove() const {
        const fs::path path = shelf_.root() / shelf_name(file_.sha1, ".cab");
        EXPECT_EQ(test_help::read_file(path), body_);
        fs::remove(path);
    }
    [[nodiscard]] std::string whole() const {
        return "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: " + std::to_string(body_.size()) +
               "\r\n\r\n" + body_;
    }
    /// The answer to a request as it was sent: the rest from where its range begins.
    [[nodiscard]] std::string right_answer(const std::string& request) const {
        const std::size_t range = request.find("Range: bytes=");
        if (range == std::string::npos) {
            return whole();
        }
        const std::size_t from = std::stoul(request.substr(range + 13));
        return "HTTP/1.1 206 Partial Content\r\nETag: \"1\"\r\nContent-Range: bytes " +
               std::to_string(from) +
               "-59/60\r\nContent-Length: " + std::to_string(body_.size() - from) + "\r\n\r\n" +
               body_.substr(from);
    }

    test_help::TemporaryFolder folder_;
    Shelf shelf_{folder_.path()};
    std::string body_;
    store::FileRecord file_;
    net::Client client_;
};

TEST_F(HostileServer, ThatCutsAtAnyByteIsGoneOnWithAtThatByte) {
    const std::string all = whole();
    const std::size_t head = all.size() - body_.size();
    for (std::size_t cut = 0; cut < all.size(); ++cut) {
        int connections = 0;
        std::string second;
        const RawServer server([&](RawSocket& socket) {
            const std::string request = socket.read_until("\r\n\r\n");
            if (++connections == 1) {
                socket.send(std::string_view(all).substr(0, cut));
                return;
            }
            second = request;
            socket.send(right_answer(request));
        });
        EXPECT_NE(run(server.url("/f")), "shelved") << cut;
        EXPECT_FALSE(on_shelf()) << cut;
        EXPECT_EQ(run(server.url("/f")), "shelved") << cut;
        expect_right_and_remove();
        if (cut > head) {
            EXPECT_THAT(second,
                        ::testing::HasSubstr("Range: bytes=" + std::to_string(cut - head) + "-"));
        }
    }
}

TEST_F(HostileServer, ThatSendsMoreThanTheLengthIsNotBelieved) {
    EXPECT_EQ(run_with("HTTP/1.1 200 OK\r\n\r\n" + body_ + "x"), "content.length");
    EXPECT_EQ(run_with("HTTP/1.1 200 OK\r\n\r\n" + body_ + std::string(1'000'000, 'x')),
              "content.length");
    EXPECT_EQ(run_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3d\r\n" + body_ +
                       "x\r\n0\r\n\r\n"),
              "content.length");
    EXPECT_FALSE(on_shelf());
    EXPECT_TRUE(fs::is_empty(shelf_.root() / ".partial"));
}

TEST_F(HostileServer, WithAnErrorPageInThePlaceOfTheFileIsNotBelieved) {
    const std::string page = "<html>Please sign in.</html>";
    EXPECT_EQ(run_with("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(page.size()) +
                       "\r\n\r\n" + page),
              "content.length");
    EXPECT_EQ(run_with("HTTP/1.1 200 OK\r\n\r\n" + page), "content.length");
    EXPECT_EQ(run_with("HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n" + std::string(60, 'x')),
              "content.digest");
    EXPECT_FALSE(on_shelf());
    EXPECT_TRUE(fs::is_empty(shelf_.root() / ".partial"));
}

TEST_F(HostileServer, ThatRedirectsIsNotFollowedWherever) {
    for (const char* to : {"http://198.51.100.7/f", "/f", "file:///etc/passwd", "ftp://x/y",
                           "//other.example/f", ""}) {
        EXPECT_EQ(run_with(std::string("HTTP/1.1 302 Found\r\nLocation: ") + to +
                           "\r\nContent-Length: 0\r\n\r\n"),
                  "content.redirect")
            << to;
    }
    EXPECT_FALSE(on_shelf());
}

TEST_F(HostileServer, ThatIgnoresTheRangeOrChangesTheFileIsFetchedFromAnew) {
    const auto leave_half = [&] {
        std::ofstream(shelf_.partial_path(file_.sha1), std::ios::binary) << body_.substr(0, 30);
        std::ofstream(shelf_.partial_path(file_.sha1).string() + ".etag") << "\"1\"";
    };
    leave_half();
    EXPECT_EQ(run_with(whole()), "shelved");
    expect_right_and_remove();
    leave_half();
    EXPECT_EQ(run_with("HTTP/1.1 206 Partial Content\r\nETag: \"2\"\r\nContent-Range: bytes "
                       "30-59/60\r\nContent-Length: 30\r\n\r\n" +
                       body_.substr(30)),
              "content.changed");
    EXPECT_TRUE(fs::is_empty(shelf_.root() / ".partial"));
}

TEST_F(HostileServer, WithNonsenseInItsHeadIsAnErrorAndNoMore) {
    for (const char* head :
         {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
          "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-59/60\r\n\r\n", "\r\n\r\n\r\n",
          "HTTP/9.9 200\r\n\r\n", "HTTP/1.1 999 Strange\r\nContent-Length: 0\r\n\r\n"}) {
        const std::string code = run_with(head);
        EXPECT_NE(code, "shelved") << head;
        EXPECT_FALSE(on_shelf()) << head;
    }
}

}  // namespace
}  // namespace headwater::content
