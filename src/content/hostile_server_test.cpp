// Downloads from servers that no well-behaved peer would be: bare sockets.

#include <gmock/gmock.h>

#include <fstream>
#include <optional>

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

    std::string run(const std::string& url, const RangesOptions& ranges = {}) {
        const auto result = download(
            client_, shelf_, file_, {url, nullptr, nullptr, std::chrono::seconds{10}},
            [](std::uint64_t) {}, ranges);
        return result ? "shelved" : result.error().code;
    }
    std::string run_ranged(const std::string& url) {
        return run(url, {.threshold = 1, .chunk = 10, .connections = 2});
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
    /// The answer to a request as it was sent: its range, or from where that begins.
    [[nodiscard]] std::string right_answer(const std::string& request) const {
        const std::size_t range = request.find("Range: bytes=");
        if (range == std::string::npos) {
            return whole();
        }
        const std::string asked =
            request.substr(range + 13, request.find('\r', range) - range - 13);
        const std::size_t from = std::stoul(asked);
        const std::string last = asked.substr(asked.find('-') + 1);
        const std::size_t until = last.empty() ? body_.size() : std::stoul(last) + 1;
        return "HTTP/1.1 206 Partial Content\r\nETag: \"1\"\r\nContent-Range: bytes " +
               std::to_string(from) + "-" + std::to_string(until - 1) +
               "/60\r\nContent-Length: " + std::to_string(until - from) + "\r\n\r\n" +
               body_.substr(from, until - from);
    }
    /// Plays the good server to a ranged download of whatever state is here.
    void expect_ranges_heal(const std::string& what) {
        const RawServer server(
            [&](RawSocket& socket) { socket.send(right_answer(socket.read_until("\r\n\r\n"))); });
        EXPECT_EQ(run_ranged(server.url("/f")), "shelved") << what;
        expect_right_and_remove();
        EXPECT_TRUE(fs::is_empty(shelf_.root() / ".partial")) << what;
    }
    /// The progress of a ranged download, `here` bytes of each of the six chunks.
    [[nodiscard]] static std::string progress(char here) {
        std::string text = "headwater-ranges 1 60 10\n\"1\"\n";
        text.resize(1024, ' ');
        for (int chunk = 0; chunk < 6; ++chunk) {
            text += std::string{here, '\0', '\0', '\0'};
        }
        return text;
    }
    void leave(const std::optional<std::string>& part, const std::string& ranges) const {
        const fs::path path = shelf_.partial_path(file_.sha1);
        if (part) {
            std::ofstream(path, std::ios::binary) << *part;
        }
        std::ofstream(path.string() + ".ranges", std::ios::binary) << ranges;
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

TEST_F(HostileServer, ThatCutsARangeAtAnyByteLosesNothing) {
    for (const auto& [which, range] : {std::pair(1, "0-9"), std::pair(3, "10-19")}) {
        const std::size_t length =
            right_answer(std::string("Range: bytes=") + range + "\r\n").size();
        for (std::size_t cut = 0; cut < length; ++cut) {
            int connections = 0;
            {
                const RawServer server([&](RawSocket& socket) {
                    const std::string answer = right_answer(socket.read_until("\r\n\r\n"));
                    socket.send(std::string_view(answer).substr(
                        0, ++connections == which ? cut : answer.size()));
                });
                EXPECT_NE(run_ranged(server.url("/f")), "shelved") << which << " at " << cut;
            }
            EXPECT_FALSE(on_shelf()) << which << " at " << cut;
            expect_ranges_heal(std::to_string(which) + " at " + std::to_string(cut));
        }
    }
}

TEST_F(HostileServer, AKillBetweenAnyTwoWritesOfRangesIsHealed) {
    const std::string all = progress(10);
    for (std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{1023}}) {
        leave(body_, all.substr(0, length));
        expect_ranges_heal("progress of " + std::to_string(length));
    }
    for (std::size_t length = 1024; length <= all.size(); ++length) {
        leave(body_, all.substr(0, length));
        expect_ranges_heal("progress of " + std::to_string(length));
    }
    leave(body_, progress(4));
    expect_ranges_heal("less promised than is here");
}

TEST_F(HostileServer, ProgressThatPromisesMoreThanIsHereIsNotBelieved) {
    // The part goes before its progress, thrown away or shelved.
    leave(std::nullopt, progress(10));
    expect_ranges_heal("no part");
    for (std::size_t length = 0; length < body_.size(); ++length) {
        leave(body_.substr(0, length), progress(10));
        expect_ranges_heal("part of " + std::to_string(length));
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
