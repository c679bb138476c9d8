#include "net/http.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>

#include "net/server.hpp"
#include "net/wire.hpp"

namespace headwater::net {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Optional;
using ::testing::StartsWith;

Headers make_headers(const std::vector<Headers::Field>& fields) {
    Headers headers;
    for (const auto& [name, value] : fields)
        headers.add(name, value);
    return headers;
}

Handler answer(std::string text) {
    return [text = std::move(text)](const Request&) { return text_response(200, text); };
}

std::string answered_by(const Router& router, std::string_view path) {
    const Router::Route* route = router.find(path);
    return route == nullptr ? "nobody" : route->handler({}).body;
}

TEST(HeadersTest, NamesCompareWithoutRegardToCase) {
    const Headers headers = make_headers({{"Content-Type", "a"}, {"content-type", "b"}});
    EXPECT_THAT(headers.get("CONTENT-TYPE"), Optional(std::string_view("a")));
    EXPECT_EQ(headers.get("Content"), std::nullopt);
}

TEST(HeadersTest, SettingReplacesAllFieldsOfTheName) {
    Headers headers = make_headers({{"ETag", "1"}, {"Via", "x"}, {"etag", "2"}});
    headers.set("Etag", "3");
    EXPECT_EQ(headers.fields().size(), 2U);
    EXPECT_THAT(headers.get("etag"), Optional(std::string_view("3")));
}

TEST(FileTest, ClosesItsDescriptor) {
    const int descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    {
        const File file(descriptor, 0);
    }
    EXPECT_EQ(::fcntl(descriptor, F_GETFD), -1);
}

TEST(RouterTest, AnExactPathWinsOverAnyPrefix) {
    Router router;
    router.prefix("/a", Router::Where::kIo, answer("prefix"));
    router.exact("/A/b", Router::Where::kIo, answer("exact"));
    EXPECT_EQ(answered_by(router, "/a/B"), "exact");
    EXPECT_EQ(answered_by(router, "/a/b/c"), "prefix");
}

TEST(RouterTest, TheLongestPrefixWinsInAnyLetterCase) {
    Router router;
    router.prefix("/", Router::Where::kIo, answer("root"));
    router.prefix("/Content", Router::Where::kIo, answer("content"));
    router.prefix("/content/deep", Router::Where::kIo, answer("deep"));
    EXPECT_EQ(answered_by(router, "/CONTENT/DEEP/x"), "deep");
    EXPECT_EQ(answered_by(router, "/content"), "content");
    EXPECT_EQ(answered_by(router, "/other"), "root");
}

TEST(RouterTest, APrefixEndsWhereAPartOfThePathEnds) {
    Router router;
    router.prefix("/content", Router::Where::kIo, answer("content"));
    EXPECT_EQ(answered_by(router, "/contents"), "nobody");
}

TEST(WireTest, DecodesEscapesOnce) {
    EXPECT_THAT(percent_decode("/a%2Fb%2541%00x"), Optional(std::string("/a/b%41\0x", 9)));
}

TEST(WireTest, RefusesMalformedEscapes) {
    for (const std::string_view text : {"%", "%4", "a%zz", "%4g", "%%41"})
        EXPECT_EQ(percent_decode(text), std::nullopt) << text;
}

TEST(WireTest, TakesTheHostFromATargetInAbsoluteForm) {
    Request request;
    request.target = "HTTP://a.example:80/p%20q?x=%20";
    request.host = "other";
    ASSERT_TRUE(apply_target(request));
    EXPECT_EQ(request.path, "/p q");
    EXPECT_EQ(request.query, "x=%20");
    EXPECT_EQ(request.host, "a.example:80");
}

TEST(WireTest, RefusesATargetThatIsNoPath) {
    for (const std::string_view target : {"a/b", "host:443", "ftp://h/x"}) {
        Request request;
        request.target = target;
        EXPECT_FALSE(apply_target(request)) << target;
    }
}

TEST(WireTest, RefusesFramingOnWhichReadersCouldDisagree) {
    const std::vector<std::vector<Headers::Field>> kAmbiguous = {
        {{"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}},
        {{"Content-Length", "3"}, {"content-length", "3"}},
        {{"Content-Length", "3, 3"}},
        {{"Content-Length", "+3"}},
        {{"Transfer-Encoding", "gzip, chunked"}},
        {{"Transfer-Encoding", "xchunked"}},
        {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}},
        {{"Host", "a"}, {"Host", "b"}}};
    for (const auto& fields : kAmbiguous)
        EXPECT_FALSE(has_sound_framing(make_headers(fields), false)) << fields.front().second;
    EXPECT_FALSE(has_sound_framing(make_headers({{"Transfer-Encoding", "chunked"}}), true));
    EXPECT_TRUE(has_sound_framing(make_headers({{"Transfer-Encoding", "Chunked"}}), false));
    EXPECT_TRUE(has_sound_framing(make_headers({{"Content-Length", "12"}}), false));
}

TEST(WireTest, AnAnswerWithALineBreakInAFieldCannotBeSent) {
    Response response = text_response(200, "x");
    EXPECT_TRUE(is_sendable(response));
    response.headers.add("Location", "/a\r\nSet-Cookie: b");
    EXPECT_FALSE(is_sendable(response));
}

TEST(WireTest, AnAnswerBeyondItsFileCannotBeSent) {
    Response response;
    response.parts.push_back({"before", std::make_shared<File>(-1, 10), 4, 6});
    EXPECT_TRUE(is_sendable(response));
    EXPECT_EQ(body_length(response), 12U);
    response.parts.push_back({.text = "behind"});
    EXPECT_TRUE(is_sendable(response));
    EXPECT_EQ(body_length(response), 18U);
    response.parts.front().length = 7;
    EXPECT_FALSE(is_sendable(response));
    response.parts = {{.text = "no file", .length = 1}};
    EXPECT_FALSE(is_sendable(response));
}

TEST(WireTest, TheHeadHoldsTheFramingOfTheServerOnly) {
    Response response = text_response(206, "12345");
    response.headers.add("Content-Length", "99");
    response.headers.add("ETag", "\"e\"");
    const std::string head = format_head(response, Persistence::kClose);
    EXPECT_THAT(head, StartsWith("HTTP/1.1 206 Partial Content\r\nServer: Headwater\r\nDate: "));
    EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 5\r\nConnection: close\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nETag: \"e\"\r\n"));
    EXPECT_THAT(head, Not(HasSubstr("99")));
    EXPECT_THAT(head, EndsWith("\r\n\r\n"));
}

TEST(ReasonPhraseTest, SaysTheUsualWords) {
    EXPECT_EQ(reason_phrase(404), "Not Found");
    EXPECT_EQ(reason_phrase(799), "Unknown");
}

}  // namespace
}  // namespace headwater::net
