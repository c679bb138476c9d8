// A large file by several ranges at once, from a server that does what it is told to.

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <mutex>

#include "base/testing.hpp"
#include "content/download.hpp"
#include "net/server.hpp"

namespace headwater::content {
namespace {

namespace fs = std::filesystem;

using ::testing::Each;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr std::uint64_t kChunk = 10'000;

class RangedDownload : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(shelf_.prepare());
        for (int i = 0; i < 95'000; ++i) {
            body_ += static_cast<char>('a' + i % 23);
        }
        file_.sha1 = Sha1::of(as_bytes(body_));
        file_.sha256 = Sha256::of(as_bytes(body_));
        file_.size = body_.size();
        file_.name = "large.cab";
        file_.extension = ".cab";
        auto router = std::make_shared<net::Router>();
        router->exact("/file", net::Router::Where::kWorker, [this](const net::Request& request) {
            const std::scoped_lock lock(mutex_);
            const std::string range(request.headers.get("Range").value_or("whole"));
            ranges_.push_back(range);
            conditions_.emplace_back(request.headers.get("If-Range").value_or(""));
            return answer_(range, ranges_.size());
        });
        port_ = test_help::value_of(server_.listen({"127.0.0.1", 0, {}, router}));
        server_.start();
    }
    void TearDown() override { server_.stop(); }

    /// Answers that come late are still under way when one of several ranges has failed.
    void answers(std::function<net::Response(const std::string&, std::size_t)> answer) {
        const std::scoped_lock lock(mutex_);
        answer_ = std::move(answer);
    }
    void forget() {
        const std::scoped_lock lock(mutex_);
        ranges_.clear();
    }
    std::string run() {
        std::atomic<std::uint64_t> bytes = 0;
        const auto result = download(client_, shelf_, file_,
                                     {"http://127.0.0.1:" + std::to_string(port_) + "/file",
                                      nullptr, nullptr, std::chrono::seconds{10}},
                                     [&](std::uint64_t count) { bytes += count; },
                                     {.threshold = 50'000, .chunk = kChunk, .connections = 4});
        transferred_ = bytes;
        return result ? "shelved" : result.error().code;
    }
    [[nodiscard]] bool on_shelf() const {
        return shelf_.holds(file_.sha1, ".cab", body_.size()) &&
               test_help::read_file(shelf_.root() / shelf_name(file_.sha1, ".cab")) == body_;
    }
    [[nodiscard]] bool nothing_is_left() const { return fs::is_empty(shelf_.root() / ".partial"); }

    /// As a good server answers.
    net::Response part(const std::string& range, const std::string& tag = "\"1\"") {
        net::Response response;
        response.headers.add("ETag", tag);
        if (range == "whole") {
            response.body = body_;
            return response;
        }
        const std::size_t dash = range.find('-');
        const std::size_t from = std::stoul(range.substr(6, dash - 6));
        const std::string last = range.substr(dash + 1);
        const std::size_t to = last.empty() ? body_.size() - 1 : std::stoul(last);
        response.status = 206;
        response.body = body_.substr(from, to - from + 1);
        response.headers.add("Content-Range", "bytes " + std::to_string(from) + "-" +
                                                  std::to_string(to) + "/" +
                                                  std::to_string(body_.size()));
        return response;
    }
    static net::Response with(unsigned status) {
        net::Response response;
        response.status = status;
        return response;
    }

    test_help::TemporaryFolder folder_;
    Shelf shelf_{folder_.path()};
    std::string body_;
    store::FileRecord file_;
    std::mutex mutex_;
    std::vector<std::string> ranges_;
    std::vector<std::string> conditions_;
    std::function<net::Response(const std::string&, std::size_t nth)> answer_ =
        [this](const std::string& range, std::size_t) { return part(range); };
    std::uint64_t transferred_ = 0;
    std::uint16_t port_ = 0;
    net::Client client_;
    net::Server server_;
};

TEST_F(RangedDownload, ComesInRangesThatAllHaveTheTagOfTheFirst) {
    EXPECT_EQ(run(), "shelved");
    EXPECT_TRUE(on_shelf());
    EXPECT_TRUE(nothing_is_left());
    EXPECT_EQ(ranges_.size(), 10U);
    EXPECT_EQ(ranges_.front(), "bytes=0-9999");
    EXPECT_EQ(conditions_.front(), "");
    conditions_.erase(conditions_.begin());
    EXPECT_THAT(conditions_, Each("\"1\""));
    EXPECT_EQ(transferred_, body_.size());
}

TEST_F(RangedDownload, GoesOnAfterAFailureWithWhatIsMissingAlone) {
    answers([this](const std::string& range, std::size_t nth) {
        return nth > 4 ? with(503) : part(range);
    });
    EXPECT_EQ(run(), "content.status");
    EXPECT_FALSE(on_shelf());
    const std::uint64_t before = transferred_;
    EXPECT_GE(before, kChunk);
    answers([this](const std::string& range, std::size_t) { return part(range); });
    EXPECT_EQ(run(), "shelved");
    EXPECT_EQ(before + transferred_, body_.size()) << "no byte comes twice";
    EXPECT_TRUE(on_shelf());
    EXPECT_TRUE(nothing_is_left());
}

TEST_F(RangedDownload, GoesOnInTheMiddleOfARange) {
    std::ofstream(shelf_.partial_path(file_.sha1), std::ios::binary) << body_.substr(0, 3'000);
    std::string progress = "headwater-ranges 1 95000 10000\n\"1\"\n";
    progress.resize(1024, ' ');
    progress += std::string("\xB8\x0B\0\0", 4) + std::string(9 * 4, '\0');
    std::ofstream(shelf_.partial_path(file_.sha1).string() + ".ranges", std::ios::binary)
        << progress;
    EXPECT_EQ(run(), "shelved");
    EXPECT_THAT(ranges_, ::testing::Contains("bytes=3000-9999"));
    EXPECT_EQ(transferred_, body_.size() - 3'000);
    EXPECT_TRUE(on_shelf());
}

TEST_F(RangedDownload, BeginsAnewWhereItsProgressIsDamaged) {
    for (const std::string& damage :
         {std::string(), std::string("headwater-ranges 1 95000 10000\n\"1\"\n"),
          std::string(1024 + 40, 'x'), std::string(1024 + 40, '\0')}) {
        std::ofstream(shelf_.partial_path(file_.sha1), std::ios::binary) << "rubbish";
        std::ofstream(shelf_.partial_path(file_.sha1).string() + ".ranges", std::ios::binary)
            << damage;
        EXPECT_EQ(run(), "shelved");
        EXPECT_TRUE(on_shelf());
        fs::remove(shelf_.root() / shelf_name(file_.sha1, ".cab"));
    }
}

TEST_F(RangedDownload, AServerWithoutRangesOrWithAWeakTagGivesItInOneStream) {
    answers([this](const std::string&, std::size_t) { return part("whole", "\"1\""); });
    EXPECT_EQ(run(), "shelved");
    EXPECT_TRUE(on_shelf());
    fs::remove(shelf_.root() / shelf_name(file_.sha1, ".cab"));
    forget();
    answers([this](const std::string& range, std::size_t) { return part(range, "W/\"1\""); });
    EXPECT_EQ(run(), "shelved");
    EXPECT_THAT(ranges_, ::testing::ElementsAre("bytes=0-9999", "whole"));
    EXPECT_TRUE(on_shelf());
    EXPECT_TRUE(nothing_is_left());
}

TEST_F(RangedDownload, AFileThatIsChangedBetweenTwoRangesIsThrownAway) {
    answers([this](const std::string& range, std::size_t nth) {
        return part(range, nth > 3 ? "\"2\"" : "\"1\"");
    });
    EXPECT_EQ(run(), "content.changed");
    EXPECT_TRUE(nothing_is_left());
    forget();
    // RFC 9110 section 13.1.5: the whole of the new file, where the tag is another one.
    answers([this](const std::string& range, std::size_t nth) {
        return part(nth > 3 ? "whole" : range);
    });
    EXPECT_EQ(run(), "content.changed");
    EXPECT_FALSE(on_shelf());
    EXPECT_TRUE(nothing_is_left());
}

TEST_F(RangedDownload, RangesThatWereNotAskedForAreThrownAway) {
    answers([this](const std::string& range, std::size_t nth) {
        return part(nth > 2 ? "bytes=5-9" : range);
    });
    EXPECT_EQ(run(), "content.length");
    EXPECT_TRUE(nothing_is_left());
    answers([this](const std::string& range, std::size_t nth) {
        net::Response response = part(range);
        response.body += nth > 2 ? "more" : "";
        return response;
    });
    forget();
    EXPECT_EQ(run(), "content.length");
    answers([this](const std::string& range, std::size_t nth) {
        net::Response response = part(range);
        response.body.resize(nth > 2 ? 7 : response.body.size());
        return response;
    });
    forget();
    EXPECT_EQ(run(), "content.length");
    EXPECT_FALSE(on_shelf());
    EXPECT_TRUE(nothing_is_left());
}

TEST_F(RangedDownload, AWrongByteInOneRangeIsFound) {
    answers([this](const std::string& range, std::size_t nth) {
        net::Response response = part(range);
        response.body[0] = nth == 7 ? '!' : response.body[0];
        return response;
    });
    EXPECT_EQ(run(), "content.digest");
    EXPECT_FALSE(on_shelf());
    EXPECT_TRUE(nothing_is_left());
}

}  // namespace
}  // namespace headwater::content
