// Content as an administrator decides and watches it over the local socket.

#include <gmock/gmock.h>

#include "server/server_testing.hpp"

namespace headwater::server {
namespace {

using test_help::value_of;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kUpdate = "00000000-0000-4000-8000-000000000001";

class Content : public WithServer {
protected:
    void SetUp() override {
        // There is no upstream that could give its file.
        put_approved_update(kUpdate, body_);
        start();
    }

    std::string get(const std::string& path) { return ask("GET", path).body; }
    /// Until no file is waiting: it came, or failed.
    void wait() { std::ignore = get("transfers?wait=20000"); }

    std::string body_ = "some file";
    Sha1 sha1_ = Sha1::of(as_bytes(body_));
};

TEST_F(Content, OptionsAreChangedTheRestStays) {
    EXPECT_THAT(get("options/content"),
                AllOf(HasSubstr(R"("store":"here")"), HasSubstr(R"("download":"approved")"),
                      HasSubstr(R"("express":false)")));
    const auto changed = ask("PUT", "options/content",
                             R"({"express":true,"kib_per_second":100,"windows":[{"from":"08:00",)"
                             R"("until":"18:00","kib_per_second":5}]})");
    EXPECT_EQ(changed.status, 200U);
    start();
    EXPECT_THAT(get("options/content"),
                AllOf(HasSubstr(R"("store":"here")"), HasSubstr(R"("express":true)"),
                      HasSubstr(R"({"from":"08:00","until":"18:00","kib_per_second":5})")));
    EXPECT_THAT(get("events"), HasSubstr("The options of content"));
    for (const char* body :
         {R"({"store":"nowhere"})", R"({"download":"never"})", R"({"express":"yes"})",
          R"({"windows":[{"from":"8","until":"18:00","kib_per_second":5}]})",
          R"({"windows":[{"from":"08:00","until":"08:00","kib_per_second":5}]})",
          R"({"kib_per_second":-1})", R"({"other":1})", "["}) {
        EXPECT_EQ(ask("PUT", "options/content", body).status, 400U) << body;
    }
}

TEST_F(Content, WhatIsLeftAtMicrosoftUpdateIsNotFetched) {
    wait();
    EXPECT_THAT(get("transfers"), HasSubstr(R"("failed":1)"));
    ask("PUT", "options/content", R"({"store":"microsoft"})");
    EXPECT_THAT(get("transfers"), HasSubstr(R"("failed":0)"));
    EXPECT_THAT(get("transfers"), HasSubstr(R"("files":[])"));
    ask("PUT", "options/content", R"({"store":"here"})");
    wait();
    EXPECT_THAT(get("transfers"), HasSubstr(R"("failed":1)"));
}

TEST_F(Content, AnUpdateWhoseFilesFailedIsMarkedUntilItIsCancelledOrDeclined) {
    wait();
    const std::string marked = R"("content":{"state":"failed","reason":"no_source","since":"2)";
    EXPECT_THAT(get("updates"), HasSubstr(marked));
    EXPECT_THAT(get("updates?content=failed"), HasSubstr(kUpdate));
    EXPECT_THAT(get(std::string("updates/") + kUpdate), HasSubstr(marked));
    const std::string order = R"({"updates":[")" + std::string(kUpdate) + R"("]})";
    EXPECT_THAT(ask("POST", "transfers/cancel", order).body, HasSubstr(R"("files":1)"));
    EXPECT_THAT(get("updates"), HasSubstr(R"("content":null)"));
    EXPECT_THAT(get("updates?content=failed"), HasSubstr(R"("total":0)"));
    EXPECT_THAT(get("transfers?state=cancelled"), HasSubstr("update.cab"));
    EXPECT_THAT(ask("POST", "transfers/retry", order).body, HasSubstr(R"("files":1)"));
    wait();
    EXPECT_THAT(get("updates"), HasSubstr(marked));
    const auto declined = ask("POST", "transfers/cancel",
                              R"({"decline":true,"updates":[")" + std::string(kUpdate) + R"("]})");
    EXPECT_THAT(declined.body, HasSubstr(R"("declined":1)"));
    EXPECT_THAT(get("updates?state=declined"), HasSubstr(kUpdate));
    EXPECT_THAT(get("transfers"), HasSubstr(R"("files":[])"));
}

TEST_F(Content, OrdersThatNameNothingOrTooMuchAreRefused) {
    for (const char* body :
         {"{}", R"({"all":true,"files":["update.cab"]})", R"({"decline":true,"all":true})",
          R"({"files":"x"})", R"({"all":1})"}) {
        EXPECT_EQ(ask("POST", "transfers/cancel", body).status, 400U) << body;
    }
    EXPECT_EQ(ask("POST", "transfers/pause",
                  R"({"decline":true,"updates":[")" + std::string(kUpdate) + R"("]})")
                  .status,
              400U);
    EXPECT_EQ(ask("POST", "transfers/retry", R"({"files":["no such file"]})").status, 404U);
    EXPECT_EQ(ask("POST", "transfers/service", R"({"action":"jump"})").status, 400U);
    EXPECT_EQ(ask("GET", "transfers?state=present").status, 400U);
}

TEST_F(Content, TheServiceStaysPausedOrStoppedAfterARestart) {
    EXPECT_THAT(ask("POST", "transfers/service", R"({"action":"stop"})").body,
                HasSubstr(R"("service":"stopped")"));
    start();
    EXPECT_THAT(get("transfers"), HasSubstr(R"("service":"stopped")"));
    EXPECT_THAT(ask("POST", "transfers/service", R"({"action":"restart"})").body,
                HasSubstr(R"("service":"running")"));
    EXPECT_THAT(ask("POST", "transfers/pause", R"({"all":true})").body,
                HasSubstr(R"("service":"paused")"));
    start();
    EXPECT_THAT(get("transfers"), HasSubstr(R"("service":"paused")"));
    EXPECT_THAT(ask("POST", "transfers/resume", R"({"all":true})").body,
                HasSubstr(R"("service":"running")"));
}

TEST_F(Content, AFileIsFoundByItsNameOrItsDigest) {
    wait();
    EXPECT_THAT(ask("POST", "transfers/cancel", R"({"files":["UPDATE.cab"]})").body,
                HasSubstr(R"("files":1)"));
    EXPECT_THAT(
        ask("POST", "transfers/retry", R"({"files":[")" + to_hex_lower(sha1_.bytes) + R"("]})")
            .body,
        HasSubstr(R"("files":1)"));
}

TEST_F(Content, WhatADownstreamServerAskedForIsNotFreedByACleanUp) {
    wait();
    const std::string digits = to_hex_upper(sha1_.bytes);
    const auto path = config_.data / "content" / digits.substr(38) / (digits + ".cab");
    std::filesystem::create_directories(path.parent_path());
    test_help::write_file(path, body_);
    ask("POST", "updates/declines", R"({"updates":[")" + std::string(kUpdate) + R"("]})");
    server_.reset();
    {
        const auto store = value_of(store::open_sqlite(config_.data / "headwater.db"));
        ASSERT_TRUE(store->request_files({&sha1_, 1}, clock_.now()));
    }
    start();
    const auto clean_up = [&] {
        EXPECT_EQ(ask("POST", "content/cleanup", "{}").status, 202U);
        EXPECT_THAT(get("content/task?wait=20000"), HasSubstr(R"("state":"succeeded")"));
    };
    clean_up();
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_THAT(get("content"), HasSubstr(R"("present":1)"));
    // Where nothing is kept here, nothing is kept for them either.
    ask("PUT", "options/content", R"({"store":"microsoft"})");
    clean_up();
    EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace headwater::server
