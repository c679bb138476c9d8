// The options of synchronization, as an administrator changes them over the local socket.

#include <gmock/gmock.h>

#include "server/server_testing.hpp"

namespace headwater::server {
namespace {

using test_help::value_of;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPath = "options/synchronization";

class SynchronizationOptions : public WithServer {
protected:
    void SetUp() override { start(); }
};

TEST_F(SynchronizationOptions, NeverShowAPasswordAndKeepItUntilItIsChanged) {
    const auto set = ask("PUT", kPath,
                         R"({"proxy":{"enabled":true,"server":"proxy.corp","port":3128,)"
                         R"("user":"sync","password":"s3cret"}})");
    EXPECT_EQ(set.status, 200U);
    EXPECT_THAT(set.body, AllOf(HasSubstr(R"("has_password":true)"), Not(HasSubstr("s3cret"))));
    start();
    EXPECT_THAT(ask("PUT", kPath, R"({"proxy":{"user":"other"}})").body,
                AllOf(HasSubstr(R"("has_password":true)"), HasSubstr(R"("user":"other")"),
                      HasSubstr(R"("server":"proxy.corp")")));
    EXPECT_THAT(ask("PUT", kPath, R"({"proxy":{"password":""}})").body,
                HasSubstr(R"("has_password":false)"));
    EXPECT_THAT(ask("GET", "events?number=389").body, Not(HasSubstr("s3cret")));
}

TEST_F(SynchronizationOptions, WhatWasReadCanBeWrittenBack) {
    const std::string read = ask("GET", kPath).body;
    const auto written = ask("PUT", kPath, read);
    EXPECT_EQ(written.status, 200U) << written.body;
    EXPECT_EQ(written.body, read);
}

TEST_F(SynchronizationOptions, RefuseWhatCannotBeAndChangeNothing) {
    const std::string before = ask("GET", kPath).body;
    for (const char* body :
         {R"({"proxy":{"enabled":true,"server":""}})", R"({"proxy":{"port":70000}})",
          R"({"schedule":{"mode":"hourly"}})", R"({"schedule":{"first_time":"24:00"}})",
          R"({"schedule":{"mode":"daily","per_day":0}})", R"({"source":"elsewhere"})",
          R"({"content_from":"nowhere"})", R"({"history_days":0})", R"({"upstream":"ftp://x"})",
          R"({"proxy":{"secret":1}})"}) {
        const auto refused = ask("PUT", kPath, body);
        EXPECT_EQ(refused.status / 100, 4U) << body << refused.body;
    }
    EXPECT_EQ(ask("PUT", kPath, R"({"replica":true})").status, 501U);
    EXPECT_EQ(ask("GET", kPath).body, before);
}

TEST_F(SynchronizationOptions, AScheduleHasANextRun) {
    EXPECT_THAT(ask("GET", "synchronization").body, HasSubstr(R"("next_run":null)"));
    const auto set = ask("PUT", kPath,
                         R"({"upstream":"http://127.0.0.1:1","schedule":{"mode":"daily",)"
                         R"("first_time":"03:00","per_day":24,"random_minutes":0}})");
    EXPECT_EQ(set.status, 200U) << set.body;
    EXPECT_THAT(ask("GET", "synchronization").body, HasSubstr(R"("next_run":"20)"));
}

}  // namespace
}  // namespace headwater::server
