#include "cli/watch.hpp"

#include <gmock/gmock.h>

#include "cli/fake_api_test.hpp"

namespace headwater::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kFirst = "GET synchronization?after=0&wait=10000";
constexpr const char* kSecond = "GET synchronization?after=5&wait=10000";

class Watch : public testing::Test {
protected:
    Watch() {
        script_.answer("POST synchronization", R"({"run_id":7})");
        script_.answer(kFirst, R"({"version":5,"run_id":7,"running":true,"stage":"documents",)"
                               R"("done":10,"total":100,"stage_started":"2026-10-04T00:00:00Z",)"
                               R"("now":"2026-10-04T00:00:01Z"})");
        script_.answer(kSecond, R"({"version":6,"run_id":7,"running":false,"stage":"finished"})");
    }
    void end_with(std::string_view run) { script_.answer("GET synchronization/runs/7", run); }

    Commands commands_;
    Script& script_ = commands_.script;
};

TEST_F(Watch, TellsStagesAndThenTheResult) {
    end_with(R"({"id":7,"result":"succeeded","new_updates":3,"revised_updates":1,"requests":42,)"
             R"("bytes":1500000})");
    EXPECT_EQ(commands_.run({"sync", "now"}), 0);
    EXPECT_EQ(
        commands_.out.str(),
        "documents: 10 of 100, 10/s, 0:09 left\nfinished: 0\n"
        "Synchronization 7 succeeded: 3 new updates, 1 revised, 0 expired; 42 requests, 1.5 MB.\n");
    EXPECT_THAT(script_.asked, ElementsAre(R"(POST synchronization {"kind":"manual"})", kFirst,
                                           kSecond, "GET synchronization/runs/7"));
}

TEST_F(Watch, DrawsABarOnATerminalAndClearsIt) {
    end_with(R"({"id":7,"result":"succeeded"})");
    EXPECT_EQ(commands_.run({"sync", "now"}, true), 0);
    EXPECT_THAT(commands_.out.str(),
                HasSubstr("\rdocuments   [###---------------------------]  10 of "
                          "100  10/s  0:09 left\x1b[K"));
    EXPECT_THAT(commands_.out.str(), HasSubstr("\r\x1b[KSynchronization 7 succeeded"));
}

TEST_F(Watch, PrintsJsonLinesAndTheRun) {
    end_with(R"({"id":7,"result":"succeeded"})");
    EXPECT_EQ(commands_.run({"sync", "now", "--json"}), 0);
    std::istringstream lines(commands_.out.str());
    std::vector<std::string> versions;
    for (std::string line; std::getline(lines, line);) {
        versions.push_back(field(boost::json::parse(line), "version"));
    }
    EXPECT_THAT(versions, ElementsAre("5", "6", ""));
}

TEST_F(Watch, AFailedRunEndsWithItsErrorInFull) {
    end_with(
        R"({"id":7,"result":"failed","error":{"code":"net.connect","message":"Nobody answers.",)"
        R"("remedy":"Start it.","causes":["refused"]}})");
    EXPECT_EQ(commands_.run({"sync", "now"}), 1);
    EXPECT_EQ(
        commands_.err.str(),
        "headwater: Synchronization 7 failed. Nobody answers.\n  because: refused\nStart it.\n");
}

TEST_F(Watch, ACancelledRunIsNoSuccess) {
    end_with(R"({"id":7,"result":"cancelled","error":null})");
    EXPECT_EQ(commands_.run({"sync", "now"}), 1);
    EXPECT_THAT(commands_.err.str(), HasSubstr("Synchronization 7 ended as cancelled."));
}

TEST_F(Watch, ARunWhoseErrorIsNoObjectStillTellsIt) {
    const auto result =
        result_of(boost::json::parse(R"({"id":7,"result":"failed","error":"a text"})"));
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().causes, ElementsAre("a text"));
}

TEST_F(Watch, WithoutWaitingItOnlyStarts) {
    EXPECT_EQ(commands_.run({"sync", "now", "--no-wait"}), 0);
    EXPECT_THAT(script_.asked, ElementsAre(R"(POST synchronization {"kind":"manual"})"));
    EXPECT_THAT(commands_.out.str(), HasSubstr("Synchronization 7 has started"));
}

}  // namespace
}  // namespace headwater::cli
