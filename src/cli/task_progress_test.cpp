#include "cli/task_progress.hpp"

#include <gtest/gtest.h>

#include "cli/fake_api_test.hpp"

namespace headwater::cli {
namespace {

const char* const kRunning =
    R"({"id":1,"kind":"verify","state":"running","stage":"check","done":12,"total":34,)"
    R"("done_bytes":1000000000,"total_bytes":4000000000,"stage_started":"2026-10-04T00:00:00Z",)"
    R"("now":"2026-10-04T00:00:02Z","notes":[],"error":null})";
const char* const kSucceeded =
    R"({"id":1,"kind":"verify","state":"succeeded","stage":"list","done":34,"total":34,)"
    R"("missing":1,"wrong":2,"freed_bytes":0,"unreadable":0,"error":null,)"
    R"("notes":["a.cab is missing, and is fetched again."]})";

TEST(TaskProgress, TellsFilesAndBytesAndTheTimeLeft) {
    EXPECT_EQ(task_line(boost::json::parse(kRunning)),
              "verify, check: 12 of 34 files, 1.0 GB of 4.0 GB, 500.0 MB/s, 0:06 left");
    EXPECT_EQ(task_bar(boost::json::parse(kRunning), 100),
              "check  [#######-----------------------]  12 of 34 files, 1.0 GB of 4.0 GB, "
              "500.0 MB/s, 0:06 left");
    EXPECT_EQ(width_of(task_bar(boost::json::parse(kRunning), 40)), 40U);
}

TEST(TaskProgress, SumsUpWhatThereWasAndNoMore) {
    EXPECT_EQ(task_summary(boost::json::parse(kSucceeded)),
              "verify succeeded. 1 file missing. 2 files wrong.");
}

TEST(ContentTasks, AreWatchedToTheirEnd) {
    Commands commands;
    commands.script.answer(R"(POST content/verify)", kRunning);
    commands.script.answer("GET content/task?wait=1000", kRunning);
    commands.script.answer("GET content/task?wait=1000", kSucceeded);
    EXPECT_EQ(commands.run({"content", "verify", "--deep"}), 0) << commands.err.str();
    EXPECT_EQ(commands.script.asked.front(), R"(POST content/verify {"deep":true})");
    EXPECT_EQ(commands.script.asked.size(), 3U);
    EXPECT_NE(commands.out.str().find("a.cab is missing"), std::string::npos);
    EXPECT_NE(commands.out.str().find("verify succeeded."), std::string::npos);
}

TEST(ContentTasks, FailWithTheErrorOfTheTask) {
    Commands commands;
    commands.script.answer("POST content/move", kRunning);
    commands.script.answer(
        "GET content/task?wait=1000",
        R"({"kind":"move","state":"failed","error":{"code":"content.disk_full",)"
        R"("sentence":"There is no space left.","remedy":"Free some.","causes":["why"]}})");
    EXPECT_EQ(commands.run({"content", "move", "/new", "--skip-copy"}), 1);
    EXPECT_EQ(commands.script.asked.front(),
              R"(POST content/move {"folder":"/new","skip_copy":true})");
    EXPECT_NE(commands.err.str().find("There is no space left."), std::string::npos);
}

TEST(ContentTasks, FailWhereSomethingIsLeftThatCouldNotBeMended) {
    Commands commands;
    commands.script.answer("POST content/cleanup", kRunning);
    commands.script.answer("GET content/task?wait=1000",
                           R"({"kind":"cleanup","state":"succeeded","unreadable":2})");
    EXPECT_EQ(commands.run({"content", "cleanup"}), 1);
    EXPECT_NE(commands.err.str().find("2 files"), std::string::npos);
}

}  // namespace
}  // namespace headwater::cli
