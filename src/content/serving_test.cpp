#include "content/serving.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/testing.hpp"

namespace headwater::content {
namespace {

TEST(ContentPaths, AreADigestInItsOwnFolderAndNothingElse) {
    EXPECT_TRUE(parse_content_path("/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB.exe"));
    EXPECT_TRUE(parse_content_path("/content/ab/2f88df42da48aa980fb748d13baa2de49cd154ab.exe"));
    EXPECT_TRUE(parse_content_path("/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB"));
    for (const char* path :
         {"/Content/", "/Content/AB/", "/Content/AC/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB.exe",
          "/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154A",
          "/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB.",
          "/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB.e/../x",
          "/Content/AB/../../../../../../etc/passwd/aaaaaaaaaaaaaaaaaaa.exe",
          "/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB.exe\\x"}) {
        EXPECT_FALSE(parse_content_path(path)) << path;
    }
}

/// A shelf with one file, and how often the catalog was asked for it.
class ServingTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(shelf_.prepare());
        ASSERT_TRUE(shelf_.put(sha1_, ".cab", as_bytes(body_)));
    }

    [[nodiscard]] net::Request get(std::string_view range = "") const {
        net::Request request;
        request.method = "GET";
        request.path = "/Content/" + shelf_name(sha1_, ".cab");
        if (!range.empty()) {
            request.headers.add("Range", std::string(range));
        }
        return request;
    }
    [[nodiscard]] std::filesystem::path path() const {
        return shelf_.root() / shelf_name(sha1_, ".cab");
    }
    /// What the connection would send.
    [[nodiscard]] std::string whole_body(const net::Response& response) const {
        std::string text = response.body;
        for (const net::Part& part : response.parts) {
            text += part.text + body_.substr(part.offset, part.length);
        }
        return text;
    }
    static std::string field(const net::Response& response, std::string_view name) {
        return std::string(response.headers.get(name).value_or("(none)"));
    }

    test_help::TemporaryFolder folder_;
    std::string body_ = "0123456789";
    Sha1 sha1_ = Sha1::of(as_bytes(body_));
    Shelf shelf_{folder_.path()};
    int lookups_ = 0;
    Serving serving_{shelf_, [this](const Sha1& sha1) -> std::optional<Serving::Known> {
                         ++lookups_;
                         return sha1 == sha1_ ? std::optional(Serving::Known{".cab", body_.size()})
                                              : std::nullopt;
                     }};
};

TEST_F(ServingTest, KnowsAFileByItsOwnExtensionAlone) {
    const std::string name = "/Content/" + shelf_name(sha1_, "");
    ASSERT_TRUE(shelf_.put(sha1_, "", as_bytes(body_)));
    const Serving without(shelf_, [this](const Sha1&) -> std::optional<Serving::Known> {
        return Serving::Known{"", body_.size()};
    });
    net::Request request = get();
    EXPECT_EQ(serving_.answer(request).status, 200U);
    EXPECT_EQ(without.answer(request).status, 404U);
    request.path = name;
    EXPECT_EQ(serving_.answer(request).status, 404U);
    EXPECT_EQ(without.answer(request).status, 200U);
    EXPECT_TRUE(without.answer_at_once(request));
}

TEST_F(ServingTest, AnswersARangeWithItsPlaceAndItsTag) {
    const net::Response answer = serving_.answer(get("bytes=2-4"));
    EXPECT_EQ(answer.status, 206U);
    ASSERT_EQ(answer.parts.size(), 1U);
    EXPECT_EQ(answer.parts[0].offset, 2U);
    EXPECT_EQ(answer.parts[0].length, 3U);
    EXPECT_EQ(field(answer, "Content-Range"), "bytes 2-4/10");
    EXPECT_EQ(field(answer, "ETag"), '"' + to_hex_lower(sha1_.bytes) + '"');
    EXPECT_EQ(field(serving_.answer(get("bytes=10-")), "Content-Range"), "bytes */10");
    EXPECT_EQ(serving_.answer(get("bytes=10-")).status, 416U);
}

TEST_F(ServingTest, AnswersARangeOnlyOfTheFileThatTheClientBegan) {
    net::Request request = get("bytes=2-4");
    request.headers.set("If-Range", "\"another\"");
    EXPECT_EQ(serving_.answer(request).status, 200U);
    request.headers.set("If-Range", '"' + to_hex_lower(sha1_.bytes) + '"');
    EXPECT_EQ(serving_.answer(request).status, 206U);
    request.headers.set("If-Range", field(serving_.answer(get()), "Last-Modified"));
    EXPECT_EQ(serving_.answer(request).status, 206U);
}

TEST_F(ServingTest, AnswersARangeOfAWeakTagWithTheWholeFile) {
    net::Request request = get("bytes=2-4");
    request.headers.set("If-Range", "W/\"" + to_hex_lower(sha1_.bytes) + '"');
    EXPECT_EQ(serving_.answer(request).status, 200U);
    request.headers.set("If-Range", "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(serving_.answer(request).status, 200U);
}

TEST_F(ServingTest, AnswersSeveralRangesInPartsThatEachSayTheirPlace) {
    const net::Response answer = serving_.answer(get("bytes=-1, 0-1"));
    EXPECT_EQ(answer.status, 206U);
    const std::string type = field(answer, "Content-Type");
    const std::string begin = "multipart/byteranges; boundary=";
    ASSERT_TRUE(type.starts_with(begin)) << type;
    const std::string boundary = type.substr(begin.size());
    EXPECT_EQ(boundary.size(), 32U);
    EXPECT_EQ(field(answer, "Content-Range"), "(none)");
    EXPECT_EQ(whole_body(answer),
              "--" + boundary + "\r\nContent-Type: application/octet-stream\r\n" +
                  "Content-Range: bytes 9-9/10\r\n\r\n9\r\n--" + boundary +
                  "\r\nContent-Type: application/octet-stream\r\n" +
                  "Content-Range: bytes 0-1/10\r\n\r\n01\r\n--" + boundary + "--\r\n");
    EXPECT_NE(field(serving_.answer(get("bytes=-1, 0-1")), "Content-Type"), type);
    EXPECT_EQ(field(serving_.answer(get("bytes=0-1,2-3")), "Content-Range"), "bytes 0-3/10");
}

TEST_F(ServingTest, RefusesHeadWithARangeAsTheServerDoesWhosePlaceItTakes) {
    net::Request request = get("bytes=0-1");
    request.method = "HEAD";
    EXPECT_EQ(serving_.answer(request).status, 416U);
    EXPECT_EQ(field(serving_.answer(request), "Content-Range"), "bytes */10");
    request.headers = {};
    EXPECT_EQ(serving_.answer(request).status, 200U);
    EXPECT_EQ(whole_body(serving_.answer(request)), body_);
}

TEST_F(ServingTest, RefusesWhoWantsTheFileOnlyAsItWasBefore) {
    net::Request request = get("bytes=0-1");
    request.headers.set("If-Unmodified-Since", field(serving_.answer(get()), "Last-Modified"));
    EXPECT_EQ(serving_.answer(request).status, 206U);
    request.headers.set("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(serving_.answer(request).status, 412U);
    request.headers.set("If-Match", '"' + to_hex_lower(sha1_.bytes) + '"');
    EXPECT_EQ(serving_.answer(request).status, 206U);
    request.headers.set("If-Match", "W/\"" + to_hex_lower(sha1_.bytes) + '"');
    EXPECT_EQ(serving_.answer(request).status, 412U);
    request.headers.set("If-Match", "*");
    EXPECT_EQ(serving_.answer(request).status, 206U);
}

TEST_F(ServingTest, SendsToEachClientAndInAllNoMoreThanTheLimits) {
    const Serving limited(shelf_, [](const Sha1&) { return Serving::Known{".cab", 10}; }, {},
                          {.per_client = 2, .in_all = 3});
    const auto from = [&](const std::string& client) {
        net::Request request = get();
        request.remote_address = client;
        return limited.answer(request);
    };
    std::vector<net::Response> under_way;
    for (const char* client : {"a", "a", "b"}) {
        under_way.push_back(from(client));
        EXPECT_EQ(under_way.back().status, 200U);
    }
    EXPECT_EQ(from("a").status, 503U);
    EXPECT_EQ(field(from("c"), "Retry-After"), "10");
    EXPECT_TRUE(from("c").parts.empty());
    net::Request request = get();
    request.method = "HEAD";
    EXPECT_EQ(limited.answer(request).status, 200U);
    under_way.pop_back();
    EXPECT_EQ(from("a").status, 503U);
    EXPECT_EQ(from("c").status, 200U);
    under_way.clear();
    EXPECT_EQ(limited.answer_at_once(get())->status, 200U);
}

TEST_F(ServingTest, SaysNotModifiedToWhoHasTheFile) {
    net::Request request = get();
    request.headers.set("If-None-Match", "\"a\", \"" + to_hex_lower(sha1_.bytes) + '"');
    EXPECT_EQ(serving_.answer(request).status, 304U);
    request.headers.set("If-None-Match", "\"a\"");
    EXPECT_EQ(serving_.answer(request).status, 200U);
    request = get();
    request.headers.set("If-Modified-Since", field(serving_.answer(get()), "Last-Modified"));
    EXPECT_EQ(serving_.answer(request).status, 304U);
    request.headers.set("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(serving_.answer(request).status, 200U);
}

TEST_F(ServingTest, AnswersAtOnceWhatItServedBeforeAndNothingElse) {
    EXPECT_FALSE(serving_.answer_at_once(get("bytes=0-1")));
    EXPECT_EQ(lookups_, 0);
    EXPECT_EQ(serving_.answer(get("bytes=0-1")).status, 206U);
    const auto again = serving_.answer_at_once(get("bytes=2-9"));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->status, 206U);
    EXPECT_EQ(field(*again, "Content-Range"), "bytes 2-9/10");
    EXPECT_EQ(serving_.answer(get()).status, 200U);
    EXPECT_EQ(lookups_, 1);
    net::Request other = get();
    other.path.replace(other.path.size() - 4, 4, ".exe");
    EXPECT_FALSE(serving_.answer_at_once(other));
    EXPECT_EQ(serving_.answer(other).status, 404U);
    other = get();
    other.method = "POST";
    EXPECT_FALSE(serving_.answer_at_once(other));
    EXPECT_EQ(serving_.answer(other).status, 405U);
}

TEST_F(ServingTest, NoticesAFileThatWasRemovedCutOrPutBackByHand) {
    EXPECT_EQ(serving_.answer(get()).status, 200U);
    std::filesystem::remove(path());
    EXPECT_FALSE(serving_.answer_at_once(get()));
    EXPECT_EQ(serving_.answer(get()).status, 404U);
    test_help::write_file(path(), body_.substr(3));
    EXPECT_EQ(serving_.answer(get()).status, 404U);
    EXPECT_FALSE(serving_.answer_at_once(get()));
    test_help::write_file(path(), body_);
    EXPECT_EQ(serving_.answer(get()).status, 200U);
    EXPECT_TRUE(serving_.answer_at_once(get()));
}

TEST_F(ServingTest, FollowsNoLinkAndOpensNothingButAFile) {
    std::filesystem::remove(path());
    std::filesystem::create_symlink("/etc/passwd", path());
    EXPECT_EQ(serving_.answer(get()).status, 404U);
    std::filesystem::remove(path());
    std::filesystem::create_directory(path());
    EXPECT_EQ(serving_.answer(get()).status, 404U);
    std::filesystem::remove(path());
    // Opening a pipe that nobody writes to would hold a worker for ever.
    ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
    EXPECT_EQ(serving_.answer(get()).status, 404U);
}

TEST_F(ServingTest, KeepsABoundedNumberOfFilesOpen) {
    std::vector<Sha1> digests;
    for (int i = 0; i < 400; ++i) {
        const std::string text = "file " + std::to_string(i);
        digests.push_back(Sha1::of(as_bytes(text)));
        ASSERT_TRUE(shelf_.put(digests.back(), ".txt", as_bytes(text)));
        ASSERT_NE(shelf_.open(digests.back(), ".txt"), nullptr);
    }
    EXPECT_EQ(shelf_.already_open(digests.front()), nullptr);
    EXPECT_NE(shelf_.already_open(digests.back()), nullptr);
    EXPECT_NE(shelf_.open(digests.front(), ".txt"), nullptr);
}

TEST_F(ServingTest, PutsNothingOnAShelfWhoseDigestIsAnother) {
    const Sha1 other = Sha1::of(as_bytes(std::string_view("other")));
    EXPECT_EQ(test_help::code_of(shelf_.put(other, ".cab", as_bytes(body_))), "content.digest");
    EXPECT_FALSE(shelf_.holds(other, ".cab", body_.size()));
}

}  // namespace
}  // namespace headwater::content
