#include "simulation/download.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "simulation/fake_server_test.hpp"

namespace headwater::simulation {
namespace {

constexpr const char* kUrl = "http://server:8530/Content/AB/AB.exe";

class Download : public testing::Test {
protected:
    /// Answers ranges of the content, after so many failures of the network.
    Transport transport() {
        return [this](const net::ClientRequest& request) -> Result<net::ClientResponse> {
            if (failures_ > 0) {
                --failures_;
                return fail("net.reset", "The connection ended early.");
            }
            const std::string asked(request.headers.get("Range").value_or(""));
            asked_.push_back(asked);
            const std::size_t first = std::stoul(asked.substr(asked.find('=') + 1));
            const std::size_t last = std::stoul(asked.substr(asked.find('-') + 1));
            net::ClientResponse response;
            response.status = status_;
            response.body = content_.substr(first, last - first + 1);
            response.headers.add("Content-Range",
                                 "bytes " + asked.substr(6) + '/' + std::to_string(told_size_));
            return response;
        };
    }

    void serve(std::string content) {
        content_ = std::move(content);
        told_size_ = content_.size();
        file_ = {.sha1 = Sha1::of(as_bytes(content_)),
                 .sha256 = Sha256::of(as_bytes(content_)),
                 .name = "a.exe",
                 .size = content_.size()};
    }

    std::string code() {
        const auto done = Downloader(transport(), folder_.path(), 1).fetch(file_, kUrl);
        EXPECT_EQ(std::filesystem::is_empty(folder_.path()), !done.has_value());
        return done ? "" : done.error().code;
    }

    testing_help::TemporaryFolder folder_;
    std::string content_;
    std::size_t told_size_ = 0;
    UpdateFile file_;
    unsigned status_ = 206;
    unsigned failures_ = 0;
    std::vector<std::string> asked_;
};

TEST_F(Download, PutsRangesTogetherInAnyOrder) {
    std::string content;
    for (std::size_t i = 0; content.size() < 5 * kRangeSize; ++i) {
        content += std::to_string(i);
    }
    serve(std::move(content));
    Downloader downloader(transport(), folder_.path(), 7);
    const auto fetched = downloader.fetch(file_, kUrl);
    ASSERT_TRUE(fetched) << fetched.error().text();
    EXPECT_EQ(*fetched, content_.size());
    EXPECT_EQ(downloader.figures().bytes, content_.size());
    std::ifstream file(downloader.path_of(file_), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    EXPECT_EQ(text.str(), content_);
    EXPECT_FALSE(std::ranges::is_sorted(asked_));

    asked_.clear();
    EXPECT_EQ(downloader.fetch(file_, kUrl).value_or(1), 0U);
    EXPECT_TRUE(asked_.empty());
}

TEST_F(Download, TheSameSeedAsksInTheSameOrder) {
    serve(std::string(10 * kRangeSize, 'x'));
    EXPECT_EQ(code(), "");
    const auto first = std::exchange(asked_, {});
    std::filesystem::remove_all(folder_.path());
    EXPECT_EQ(code(), "");
    EXPECT_EQ(asked_, first);
}

TEST_F(Download, AnEmptyFileNeedsNoRequest) {
    serve("");
    EXPECT_EQ(code(), "");
    EXPECT_TRUE(asked_.empty());
}

TEST_F(Download, AsksAgainAfterTheConnectionBroke) {
    serve("content");
    failures_ = 2;
    EXPECT_EQ(code(), "");
    serve("other content");
    std::filesystem::remove_all(folder_.path());
    std::filesystem::create_directory(folder_.path());
    failures_ = 3;
    EXPECT_EQ(code(), "net.reset");
}

TEST_F(Download, RefusesWrongDigests) {
    serve("content");
    file_.sha1.bytes[0] ^= 1U;
    EXPECT_EQ(code(), "agent.digest");
    serve("content");
    file_.sha256->bytes[0] ^= 1U;
    EXPECT_EQ(code(), "agent.digest");
}

TEST_F(Download, RefusesAnotherStatusRangeLengthOrSize) {
    serve("content");
    status_ = 200;
    EXPECT_EQ(code(), "agent.download_status");
    status_ = 206;
    told_size_ = 8;
    EXPECT_EQ(code(), "agent.download_range");
    told_size_ = 7;
    content_ = "cont";
    EXPECT_EQ(code(), "agent.download_range");
}

}  // namespace
}  // namespace headwater::simulation
