#include "admin/console.hpp"

#include <gmock/gmock.h>

namespace headwater::admin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::array kFiles = {
    ConsoleFile{"/index.html", "<meta content=\"__NONCE__\"><style nonce=\"__NONCE__\">", "?"},
    ConsoleFile{"/assets/index-1a2b.js", "plain", "packed"},
    ConsoleFile{"/favicon.svg", "<svg/>", ""}};

net::Response ask(const std::string& path, const std::string& field = "",
                  const std::string& value = "") {
    net::Request request;
    request.method = "GET";
    request.path = path;
    if (!field.empty()) {
        request.headers.add(field, value);
    }
    return console_answer(kFiles, request);
}

TEST(Console, ItsPageHasANonceOfItsOwnEachTimeThatThePolicyNames) {
    const auto first = ask("/");
    const auto second = ask("/");
    EXPECT_EQ(first.status, 200U);
    EXPECT_THAT(first.body, Not(HasSubstr("__NONCE__")));
    EXPECT_NE(first.body, second.body);
    const std::string nonce = first.body.substr(first.body.find('"') + 1, 32);
    const std::string policy(first.headers.get("Content-Security-Policy").value_or(""));
    EXPECT_THAT(policy, StartsWith("default-src 'none'; script-src 'self'; "));
    EXPECT_THAT(policy, HasSubstr("'nonce-" + nonce + "'"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
    EXPECT_EQ(first.headers.get("Cache-Control"), "no-store");
}

TEST(Console, ItsAssetsAreKeptByBrowsersAndComeCompressedToWhoTakesIt) {
    const auto plain = ask("/assets/index-1a2b.js");
    EXPECT_EQ(plain.body, "plain");
    EXPECT_EQ(plain.headers.get("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(plain.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
    const auto packed = ask("/assets/index-1a2b.js", "Accept-Encoding", "gzip, br");
    EXPECT_EQ(packed.body, "packed");
    EXPECT_EQ(packed.headers.get("Content-Encoding"), "gzip");
    const auto never_packed = ask("/favicon.svg", "Accept-Encoding", "gzip");
    EXPECT_EQ(never_packed.body, "<svg/>");
    EXPECT_EQ(never_packed.headers.get("Content-Encoding"), std::nullopt);
    const auto known =
        ask("/favicon.svg", "If-None-Match", std::string(*never_packed.headers.get("ETag")));
    EXPECT_EQ(known.status, 304U);
}

TEST(Console, HasNothingElse) {
    EXPECT_EQ(ask("/assets/../index.html").status, 404U);
    EXPECT_EQ(ask("/etc/passwd").status, 404U);
    net::Request post;
    post.method = "POST";
    post.path = "/";
    EXPECT_EQ(console_answer(kFiles, post).status, 405U);
    post.method = "GET";
    EXPECT_THAT(console_answer({}, post).body, HasSubstr("/api/v1"));
}

}  // namespace
}  // namespace headwater::admin
