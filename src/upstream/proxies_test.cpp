#include "upstream/proxies.hpp"

#include <gtest/gtest.h>

#include "base/testing.hpp"

namespace headwater::upstream {
namespace {

using test_help::code_of;

TEST(BypassTest, TakesNamesStarsAndLocalNames) {
    EXPECT_TRUE(bypasses("wsus", "WSUS"));
    EXPECT_TRUE(bypasses("*.corp.example", "a.b.Corp.Example"));
    EXPECT_TRUE(bypasses("10.*", "10.1.2.3"));
    EXPECT_TRUE(bypasses("*", ""));
    EXPECT_TRUE(bypasses("a*b*c", "aXbYbZc"));
    EXPECT_TRUE(bypasses("<LOCAL>", "wsus"));
    EXPECT_FALSE(bypasses("<local>", "wsus.corp"));
    EXPECT_FALSE(bypasses("<local>", "::1"));
    EXPECT_FALSE(bypasses("*.corp.example", "corp.example"));
    EXPECT_FALSE(bypasses("wsus", "wsus2"));
    EXPECT_FALSE(bypasses("a*b*c", "aXbYbZ"));
    EXPECT_FALSE(bypasses("", "x"));
}

TEST(BypassTest, IsDoneSoonForManyStars) {
    EXPECT_FALSE(bypasses(std::string(250, '*') + "x", std::string(250, 'a')));
    std::string pattern;
    for (int i = 0; i < 100; ++i) {
        pattern += "a*";
    }
    EXPECT_FALSE(bypasses(pattern + "b", std::string(250, 'a')));
}

class ProxiesTest : public testing::Test {
protected:
    ProxiesTest() {
        options_.enabled = true;
        options_.server = {"proxy", 3128};
        options_.user = "sync";
        options_.domain = "CORP";
        options_.sealed_password = box_.seal("secret");
        options_.allow_basic = true;
        options_.tls = policy::Endpoint{"tls-proxy", 8443};
        options_.bypass = {"*.corp.example", "::1"};
    }
    SecretBox box_{SecretBox::Key{7}};
    policy::ProxyOptions options_;
};

TEST_F(ProxiesTest, LeadToEachSchemeTheirOwnWay) {
    const auto plain = proxy_for(options_, "http://wsus.example:8530/x", box_);
    const auto tls = proxy_for(options_, "HTTPS://wsus.example", box_);
    ASSERT_TRUE(plain && *plain && tls && *tls);
    EXPECT_EQ(**plain, (net::Proxy{"proxy", 3128, "CORP\\sync", "secret", true}));
    EXPECT_EQ((*tls)->host, "tls-proxy");
    EXPECT_EQ((*tls)->port, 8443);
    options_.tls.reset();
    options_.domain.clear();
    const auto one = proxy_for(options_, "https://wsus.example", box_);
    ASSERT_TRUE(one && *one);
    EXPECT_EQ((*one)->host, "proxy");
    EXPECT_EQ((*one)->user, "sync");
}

TEST_F(ProxiesTest, AreLeftOutForWhatBypassesThem) {
    for (const char* url : {"http://wsus.corp.example:8530/Content/x", "http://[::1]:8530/",
                            "https://a.CORP.example"}) {
        const auto proxy = proxy_for(options_, url, box_);
        ASSERT_TRUE(proxy) << url;
        EXPECT_EQ(*proxy, nullptr) << url;
    }
    options_.enabled = false;
    const auto proxy = proxy_for(options_, "http://wsus.example", box_);
    ASSERT_TRUE(proxy);
    EXPECT_EQ(*proxy, nullptr);
}

TEST_F(ProxiesTest, WithAPasswordOfAnotherKeyAreRefused) {
    EXPECT_EQ(code_of(proxy_for(options_, "http://x", SecretBox(SecretBox::Key{8}))),
              "secret.sealed");
}

}  // namespace
}  // namespace headwater::upstream
