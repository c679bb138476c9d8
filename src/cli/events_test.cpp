#include <gmock/gmock.h>

#include "base/testing.hpp"
#include "cli/fake_api_test.hpp"

namespace headwater::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kEvents =
    R"({"events":[{"id":8,"number":10042,"name":"disk_low","time":"2026-11-24T04:00:00Z",)"
    R"("severity":"information","text":"There is space.","evidence":[],"remedy":"","over":true},)"
    R"({"id":7,"number":386,"name":"synchronization_failed","time":"2026-11-24T03:00:00Z",)"
    R"("severity":"error","text":"It failed.","evidence":["HTTP 407"],"remedy":"Do this.",)"
    R"("over":false}],"last_id":8})";

class EventCommands : public testing::Test {
protected:
    Commands commands_;
    Script& script_ = commands_.script;
};

TEST_F(EventCommands, EventsAreColumnsTheNewestLast) {
    script_.answer("GET events?limit=50", kEvents);
    EXPECT_EQ(commands_.run({"events"}), 0);
    EXPECT_EQ(commands_.out.str(),
              "2026-11-24 03:00\terror\t386\tIt failed.\n"
              "2026-11-24 04:00\tover\t10042\tThere is space.\n");
}

TEST_F(EventCommands, EventsInFullHaveTheirEvidenceAndRemedy) {
    script_.answer("GET events?limit=2&severity=error&number=386", kEvents);
    EXPECT_EQ(commands_.run(
                  {"events", "--full", "--limit", "2", "--severity", "error", "--number", "386"}),
              0);
    EXPECT_THAT(commands_.out.str(),
                HasSubstr("2026-11-24 03:00  386 synchronization_failed  error\n  It failed.\n"
                          "    - HTTP 407\n  Do this.\n"));
}

TEST_F(EventCommands, FollowsFromTheLastEventUntilTheServerIsGone) {
    script_.answer("GET events?limit=50", R"({"events":[],"last_id":6})");
    script_.answer("GET events?after=6&limit=1000&wait=10000", kEvents);
    script_.refuse("GET events?after=8&limit=1000&wait=10000", {"x.y", "It is gone."});
    EXPECT_EQ(commands_.run({"events", "--follow"}), 1);
    EXPECT_EQ(commands_.out.str(),
              "2026-11-24 03:00  error  386  It failed.\n"
              "2026-11-24 04:00  over  10042  There is space.\n");
    EXPECT_THAT(script_.asked,
                ElementsAre("GET events?limit=50", "GET events?after=6&limit=1000&wait=10000",
                            "GET events?after=8&limit=1000&wait=10000"));
}

TEST_F(EventCommands, WhatIsFollowedAsJsonIsALineForEachEvent) {
    script_.answer("GET events?limit=50", kEvents);
    script_.refuse("GET events?after=8&limit=1000&wait=10000", {"x.y", "It is gone."});
    EXPECT_EQ(commands_.run({"events", "--follow", "--json"}), 1);
    EXPECT_THAT(commands_.out.str(), testing::StartsWith("{\"id\":7,"));
    EXPECT_THAT(commands_.out.str(), HasSubstr("}\n{\"id\":8,"));
}

TEST_F(EventCommands, PrintsTheirDocumentWithoutAServer) {
    EXPECT_EQ(commands_.run({"events", "--document"}), 0);
    EXPECT_EQ(commands_.out.str(), test_help::read_file("docs/events.md"));
    EXPECT_TRUE(script_.asked.empty());
}

TEST_F(EventCommands, TheStatusOfHealthIsForMonitoring) {
    script_.answer("GET health", R"({"conditions":[]})");
    EXPECT_EQ(commands_.run({"health"}), 0);
    EXPECT_EQ(commands_.out.str(), "Healthy.\n");
    script_.answer("POST health", R"({"conditions":[{"number":10042,"severity":"warning","since":)"
                                  R"("2026-11-24T03:00:00Z","text":"Low.","evidence":["7 GiB"],)"
                                  R"("remedy":"Make room."}]})");
    EXPECT_EQ(commands_.run({"health", "--now"}), 1);
    EXPECT_THAT(commands_.out.str(),
                HasSubstr("warning 10042, since 2026-11-24 03:00: Low.\n  - 7 GiB\n"
                          "  Make room.\n"));
    Commands other;
    other.script.answer("GET health",
                        R"({"conditions":[{"severity":"warning"},{"severity":"error"}]})");
    EXPECT_EQ(other.run({"health", "--json"}), 2);
    Commands alone;
    alone.script.refuse("GET health", {"cli.no_server", "Nobody listens."});
    EXPECT_EQ(alone.run({"health"}), 2);
    EXPECT_THAT(alone.err.str(), HasSubstr("Nobody listens."));
}

TEST_F(EventCommands, OnlyGivenThresholdsAreChanged) {
    script_.answer("GET options/health", R"({"silent_days":30})");
    EXPECT_EQ(commands_.run({"health", "options"}), 0);
    EXPECT_THAT(commands_.out.str(), HasSubstr("--silent-days\t30\tDays after"));
    EXPECT_EQ(commands_.run({"health", "options", "--silent-days", "14"}), 0);
    EXPECT_EQ(commands_.run({"health", "options", "--silent-days", "0"}), 2);
    EXPECT_THAT(script_.asked,
                ElementsAre("GET options/health", R"(PUT options/health {"silent_days":14})"));
}

}  // namespace
}  // namespace headwater::cli
