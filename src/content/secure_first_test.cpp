// Files of Microsoft by https: the rules, and what the transfer service does with them.

#include "content/secure_first.hpp"

#include <atomic>

#include "content/transfer_testing.hpp"
#include "net/test_sockets.hpp"

namespace headwater::content {
namespace {

using net::testing::RawServer;
using net::testing::RawSocket;

TEST(SecureAddress, IsThatOfMicrosoftsDownloadDomainsAndOfNoOther) {
    EXPECT_EQ(secure_address("http://download.windowsupdate.com/c/a.cab?x"),
              "https://download.windowsupdate.com/c/a.cab?x");
    EXPECT_EQ(secure_address("HTTP://WINDOWSUPDATE.com/A"), "https://WINDOWSUPDATE.com/A");
    EXPECT_TRUE(secure_address("http://au.download.windowsupdate.com/a"));
    EXPECT_TRUE(secure_address("http://x.dl.delivery.mp.microsoft.com/filestreamingservice/a"));
    EXPECT_TRUE(secure_address("http://fe2.update.microsoft.com"));
    for (const char* url :
         {"https://download.windowsupdate.com/a", "http://wsus.corp/a", "http://127.0.0.1/a", "",
          "http://download.windowsupdate.com.evil.example/a", "http://evilwindowsupdate.com/a",
          "http://evil.example/?.windowsupdate.com", "http://a@download.windowsupdate.com/a",
          "http://download.windowsupdate.com:8080/a", "ftp://download.windowsupdate.com/a",
          "windowsupdate.com"}) {
        EXPECT_FALSE(secure_address(url)) << url;
    }
}

TEST(InsecureHostsTest, AreForgottenAfterAnHour) {
    InsecureHosts hosts;
    const InsecureHosts::SteadyTime now{};
    hosts.remember("https://a.windowsupdate.com/x", now);
    EXPECT_TRUE(hosts.knows("https://A.windowsupdate.com/y", now + std::chrono::minutes{59}));
    EXPECT_FALSE(hosts.knows("https://b.windowsupdate.com/x", now));
    EXPECT_FALSE(hosts.knows("https://a.windowsupdate.com/y", now + std::chrono::minutes{60}));
}

/// The plain server is the good one of the fixture; the secure one hangs up.
class SecureFirst : public TransferTest {
protected:
    void start_both() {
        secure_ = "https://127.0.0.1:" + std::to_string(hangs_up_.port());
        start();
    }
    std::atomic<int> connections_ = 0;
    RawServer hangs_up_{[this](RawSocket&) { ++connections_; }};
    RawServer refuses_{[](RawSocket& socket) {
        socket.read_until("\r\n\r\n");
        socket.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    }};
};

TEST_F(SecureFirst, WhereThereIsNoHttpsAFileWithAStrongDigestComesByHttp) {
    const Original& first = add("one");
    const Original& second = add("two");
    start_both();
    approve(first);
    wait_until(first, FileState::kPresent);
    EXPECT_EQ(connections_, 1);
    approve(second);
    wait_until(second, FileState::kPresent);
    EXPECT_EQ(connections_, 1) << "what was tried a moment ago is not tried again";
    expect_shelves_right();
}

TEST_F(SecureFirst, AFileWithoutAStrongDigestComesByHttpsOrNotAtAll) {
    has_sha256_ = false;
    const Original& original = add("by SHA-1 alone");
    start_both();
    approve(original);
    wait_until(original, FileState::kFailed);
    EXPECT_EQ(record(original).reason, store::FileReason::kNetwork);
    EXPECT_THAT(record(original).error, HasSubstr("SHA-256"));
    EXPECT_EQ(asked(original), 0);
    EXPECT_EQ(connections_, 3);
}

TEST_F(SecureFirst, WhatAServerSaysByHttpsHolds) {
    const Original& original = add("one");
    secure_ = "http://127.0.0.1:" + std::to_string(refuses_.port());
    start();
    approve(original);
    wait_until(original, FileState::kFailed);
    EXPECT_EQ(record(original).reason, store::FileReason::kDenied);
    EXPECT_EQ(asked(original), 0);
}

}  // namespace
}  // namespace headwater::content
