#include "cli/progress.hpp"

#include <gtest/gtest.h>

namespace headwater::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

SyncProgress documents(std::uint64_t done, std::uint64_t total, milliseconds in_stage) {
    SyncProgress progress;
    progress.stage = "documents";
    progress.done = done;
    progress.total = total;
    progress.in_stage = in_stage;
    return progress;
}

TEST(Progress, IsReadWithTheServersClock) {
    const auto progress = read_progress(boost::json::parse(
        R"({"version":3,"run_id":7,"running":true,"stage":"documents","done":1,"total":2,)"
        R"("requests":4,"bytes":5,"stage_started":"2026-10-04T00:00:00Z",)"
        R"("now":"2026-10-04T00:00:02.5Z","result":"","error":""})"));
    EXPECT_EQ(progress.run_id, 7);
    EXPECT_TRUE(progress.running);
    EXPECT_EQ(progress.in_stage, milliseconds(2500));
}

TEST(Progress, SurvivesAnAnswerWithoutAnything) {
    const auto progress = read_progress(boost::json::parse("[]"));
    EXPECT_EQ(progress.run_id, 0);
    EXPECT_EQ(progress.in_stage, milliseconds(0));
    EXPECT_EQ(progress_line(progress), "starting: 0");
}

TEST(Progress, HasARateAndATimeLeftOnceThereIsSomethingToMeasure) {
    EXPECT_EQ(rate_of(documents(10, 100, milliseconds(100))), std::nullopt);
    EXPECT_EQ(rate_of(documents(0, 100, seconds(5))), std::nullopt);
    EXPECT_EQ(rate_of(documents(100, 400, seconds(2))), 50.0);
    EXPECT_EQ(time_left(documents(100, 400, seconds(2))), seconds(6));
    EXPECT_EQ(time_left(documents(100, 0, seconds(2))), std::nullopt);
    EXPECT_EQ(time_left(documents(100, 50, seconds(2))), std::nullopt);
    EXPECT_EQ(time_left(documents(1, ~std::uint64_t{0}, seconds(2))), std::nullopt);
}

TEST(Progress, WritesDurationsAsClocksDo) {
    EXPECT_EQ(duration_text(seconds(5)), "0:05");
    EXPECT_EQ(duration_text(seconds(125)), "2:05");
    EXPECT_EQ(duration_text(seconds(3725)), "1:02:05");
}

TEST(Progress, DrawsABarWhereItsTotalIsKnown) {
    EXPECT_EQ(progress_bar(documents(1234, 5678, seconds(10)), 100),
              "documents   [######------------------------]  1,234 of 5,678  123/s  0:37 left");
    EXPECT_EQ(progress_bar(documents(3, 0, milliseconds(0)), 100), "documents   3");
    EXPECT_EQ(progress_bar(documents(7, 5, milliseconds(0)), 100),
              "documents   [##############################]  7 of 5");
}

TEST(Progress, FitsIntoTheTerminal) {
    for (std::size_t width = 0; width < 100; ++width) {
        EXPECT_LE(width_of(progress_bar(documents(1234, 5678, seconds(10)), width)), width);
    }
}

TEST(Progress, IsALineForLogs) {
    EXPECT_EQ(progress_line(documents(5, 100, seconds(2))),
              "documents: 5 of 100, 2.5/s, 0:38 left");
}

}  // namespace
}  // namespace headwater::cli
