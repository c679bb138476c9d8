#include <gmock/gmock.h>

#include "cli/fake_api_test.hpp"

namespace headwater::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kOptions =
    R"({"proxy":{"enabled":true,"server":"proxy.corp","port":3128,"user":"sync","domain":"CORP",)"
    R"("has_password":true,"allow_basic":true,"tls":{"server":"other","port":3129},)"
    R"("bypass":["10.*"]},"schedule":{"mode":"daily","first_time":"03:00","per_day":4,)"
    R"("random_minutes":30}})";

class SyncOptionCommands : public testing::Test {
protected:
    Commands commands_;
    Script& script_ = commands_.script;
};

TEST_F(SyncOptionCommands, SetTheProxyFieldByField) {
    script_.answer("PUT options/synchronization", kOptions);
    EXPECT_EQ(
        commands_.run({"sync", "proxy", "--server", "[::1]:3128", "--user", "sync", "--domain",
                       "CORP", "--bypass", "10.*,*.corp", "--allow-basic", "--tls-server", "none"}),
        0);
    EXPECT_THAT(script_.asked,
                ElementsAre(R"(PUT options/synchronization {"proxy":{"server":"::1","port":3128,)"
                            R"("enabled":true,"tls":null,"user":"sync","domain":"CORP",)"
                            R"("bypass":["10.*","*.corp"],"allow_basic":true}})"));
}

TEST_F(SyncOptionCommands, ShowTheProxyWithoutItsPassword) {
    script_.answer("GET options/synchronization", kOptions);
    EXPECT_EQ(commands_.run({"sync", "proxy"}), 0);
    EXPECT_EQ(commands_.out.str(),
              "proxy.corp:3128, user CORP\\sync, basic authentication allowed (password in "
              "cleartext); for https other:3129; not for 10.*\n");
}

TEST_F(SyncOptionCommands, RefuseAProxyWithoutAPort) {
    for (const char* server : {"proxy.corp", "proxy.corp:", "proxy.corp:x", "proxy.corp:123456"}) {
        EXPECT_EQ(commands_.run({"sync", "proxy", "--server", server}), 1) << server;
    }
    EXPECT_THAT(commands_.err.str(), HasSubstr("has no port"));
    EXPECT_TRUE(script_.asked.empty());
}

TEST_F(SyncOptionCommands, SetAndShowTheSchedule) {
    script_.answer("PUT options/synchronization", kOptions);
    EXPECT_EQ(commands_.run({"sync", "schedule", "--daily", "03:00", "--times", "4"}), 0);
    EXPECT_THAT(script_.asked,
                ElementsAre(R"(PUT options/synchronization {"schedule":{"mode":"daily",)"
                            R"("first_time":"03:00","per_day":4}})"));
    EXPECT_EQ(commands_.out.str(),
              "4 times a day, first at 03:00 (time zone of the server), put off by up to 30 "
              "minutes\n");
}

TEST_F(SyncOptionCommands, RefuseAScheduleThatCannotBe) {
    EXPECT_EQ(commands_.run({"sync", "schedule", "--times", "25"}), 2);
    EXPECT_EQ(commands_.run({"sync", "schedule", "--daily", "03:00", "--manual"}), 2);
    EXPECT_EQ(commands_.run({"sync", "schedule", "--random-minutes", "31"}), 2);
    EXPECT_TRUE(script_.asked.empty());
}

}  // namespace
}  // namespace headwater::cli
