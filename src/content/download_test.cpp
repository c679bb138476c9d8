// Downloads from a real server on loopback that does what it is told to, wrong things included.

#include "content/download.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "net/server.hpp"

namespace headwater::content {
namespace {

namespace fs = std::filesystem;

class Download : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("headwater-" + Guid::random().text());
        shelf_ = std::make_unique<Shelf>(folder_);
        ASSERT_TRUE(shelf_->prepare());
        for (int i = 0; i < 100'000; ++i) {
            body_ += static_cast<char>('a' + i % 23);
        }
        file_.sha1 = Sha1::of(as_bytes(body_));
        file_.sha256 = Sha256::of(as_bytes(body_));
        file_.size = body_.size();
        file_.name = "update.cab";
        file_.extension = ".cab";
        auto router = std::make_shared<net::Router>();
        router->exact("/file", net::Router::Where::kIo, [this](const net::Request& request) {
            range_ = std::string(request.headers.get("Range").value_or(""));
            return answer_(request);
        });
        const auto port = server_.listen({"127.0.0.1", 0, {}, router});
        ASSERT_TRUE(port) << port.error().text();
        url_ = "http://127.0.0.1:" + std::to_string(*port) + "/file";
        server_.start();
    }

    void TearDown() override {
        server_.stop();
        fs::remove_all(folder_);
    }

    std::string run() {
        const auto result =
            download(client_, *shelf_, file_, {url_, nullptr, nullptr, std::chrono::seconds{10}},
                     [](std::uint64_t) {});
        return result ? "shelved" : result.error().code;
    }

    [[nodiscard]] bool on_shelf() const { return shelf_->holds(file_.sha1, ".cab", body_.size()); }

    static net::Response with(unsigned status, std::string body) {
        net::Response response;
        response.status = status;
        response.body = std::move(body);
        return response;
    }

    /// What an earlier attempt left.
    void leave_part(const std::string& part, const std::string& tag) const {
        std::ofstream(shelf_->partial_path(file_.sha1), std::ios::binary) << part;
        std::ofstream(shelf_->partial_path(file_.sha1).string() + ".etag") << tag;
    }

    fs::path folder_;
    std::unique_ptr<Shelf> shelf_;
    std::string body_;
    store::FileRecord file_;
    std::string url_;
    std::string range_;
    std::function<net::Response(const net::Request&)> answer_ = [this](const net::Request&) {
        return with(200, body_);
    };
    net::Client client_;
    net::Server server_;
};

TEST_F(Download, ShelvesAFileWhoseLengthAndDigestsAgree) {
    EXPECT_EQ(run(), "shelved");
    EXPECT_TRUE(on_shelf());
    EXPECT_TRUE(fs::is_empty(folder_ / ".partial"));
}

TEST_F(Download, GoesOnAtTheByteWhereAnEarlierAttemptEnded) {
    leave_part(body_.substr(0, 40'000), "\"tag\"");
    answer_ = [this](const net::Request&) {
        net::Response response = with(206, body_.substr(40'000));
        response.headers.add("Content-Range", "bytes 40000-99999/100000");
        return response;
    };
    EXPECT_EQ(run(), "shelved");
    EXPECT_EQ(range_, "bytes=40000-");
    EXPECT_TRUE(on_shelf());
}

TEST_F(Download, BeginsAgainWhenTheServerSendsTheWholeFileInstead) {
    leave_part(std::string(40'000, '?'), "\"old\"");
    EXPECT_EQ(run(), "shelved");
    EXPECT_TRUE(on_shelf());
}

TEST_F(Download, ThrowsAwayAFileWithTheWrongDigest) {
    answer_ = [this](const net::Request&) { return with(200, std::string(body_.size(), 'x')); };
    EXPECT_EQ(run(), "content.digest");
    EXPECT_FALSE(on_shelf());
    EXPECT_TRUE(fs::is_empty(folder_ / ".partial"));
}

TEST_F(Download, ThrowsAwayAFileWhoseSha256AloneIsWrong) {
    file_.sha256 = Sha256::of(as_bytes("something else"));
    EXPECT_EQ(run(), "content.digest");
    EXPECT_FALSE(on_shelf());
}

TEST_F(Download, RefusesAFileThatIsShorterOrLonger) {
    answer_ = [this](const net::Request&) { return with(200, body_.substr(1)); };
    EXPECT_EQ(run(), "content.length");
    answer_ = [this](const net::Request&) { return with(200, body_ + "more"); };
    EXPECT_EQ(run(), "content.length");
    EXPECT_FALSE(on_shelf());
}

TEST_F(Download, FollowsNoRedirect) {
    answer_ = [](const net::Request&) {
        net::Response response = with(302, "");
        response.headers.add("Location", "file:///etc/passwd");
        return response;
    };
    EXPECT_EQ(run(), "content.redirect");
    EXPECT_FALSE(on_shelf());
}

TEST_F(Download, TellsAMissingFileFromAnotherFailure) {
    answer_ = [](const net::Request&) { return with(404, "no"); };
    EXPECT_EQ(run(), "content.not_found");
    answer_ = [](const net::Request&) { return with(503, "later"); };
    EXPECT_EQ(run(), "content.status");
}

}  // namespace
}  // namespace headwater::content
