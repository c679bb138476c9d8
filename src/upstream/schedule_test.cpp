#include "upstream/schedule.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <set>

#include "upstream/run_error.hpp"

namespace headwater::upstream {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Guid kServer = "00000000-0000-4000-8000-000000000001"_guid;

/// The process is in this time zone until the end of the test.
class ScheduleTest : public testing::Test {
protected:
    ScheduleTest() {
        const char* before = std::getenv("TZ");
        before_ = before == nullptr ? "" : before;
        zone("UTC");
    }
    ~ScheduleTest() override { zone(before_); }
    static void zone(const std::string& name) {
        name.empty() ? ::unsetenv("TZ") : ::setenv("TZ", name.c_str(), 1);
        ::tzset();
    }
    static Time at(const char* text) { return from_xml_time(text).value_or(Time{}); }
    static std::string next(const policy::ScheduleOptions& schedule, const char* after) {
        return to_xml_time(next_due(schedule, at(after)));
    }
    static store::SyncRun run(const char* kind, store::RunResult result, const char* code = "",
                              const char* cause = "") {
        store::SyncRun run;
        run.kind = kind;
        run.result = result;
        run.error = to_stored({code, "It is away.", "", {cause}, "connect", ""});
        return run;
    }

private:
    std::string before_;
};

/// Central Europe's rules, written out so that no zone file is needed.
constexpr const char* kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";
constexpr policy::ScheduleOptions kNightly{true, 150, 1, 0};

TEST_F(ScheduleTest, OnceADayIsAtItsTime) {
    EXPECT_EQ(next(kNightly, "2026-11-24T01:00:00Z"), "2026-11-24T02:30:00Z");
    EXPECT_EQ(next(kNightly, "2026-11-24T02:30:00Z"), "2026-11-25T02:30:00Z");
    EXPECT_EQ(next(kNightly, "2026-12-31T12:00:00Z"), "2027-01-01T02:30:00Z");
}

TEST_F(ScheduleTest, SeveralADayAreEvenlyApartAcrossMidnight) {
    const policy::ScheduleOptions four{true, 20 * 60, 4, 0};
    EXPECT_EQ(next(four, "2026-11-24T20:00:00Z"), "2026-11-25T02:00:00Z");
    EXPECT_EQ(next(four, "2026-11-25T02:00:00Z"), "2026-11-25T08:00:00Z");
    EXPECT_EQ(next(four, "2026-11-25T08:00:00Z"), "2026-11-25T14:00:00Z");
    EXPECT_EQ(next(four, "2026-11-25T14:00:00Z"), "2026-11-25T20:00:00Z");
    for (unsigned count = 1; count <= 24; ++count) {
        const policy::ScheduleOptions schedule{true, 61, count, 0};
        std::set<Time> seen;
        Time from = at("2026-11-24T00:00:00Z");
        const Time end = from + hours(24);
        while ((from = next_due(schedule, from)) < end) {
            seen.insert(from);
        }
        EXPECT_EQ(seen.size(), count);
    }
}

TEST_F(ScheduleTest, IsInTheServersTimeZone) {
    zone(kBerlin);
    EXPECT_EQ(next(kNightly, "2026-11-24T00:00:00Z"), "2026-11-24T01:30:00Z");
    EXPECT_EQ(next(kNightly, "2026-07-01T00:00:00Z"), "2026-07-01T00:30:00Z");
}

TEST_F(ScheduleTest, ATimeThatTheClockLeavesOutIsTakenAsMuchLater) {
    zone(kBerlin);
    // On 2026-03-29 the clock goes from 02:00 to 03:00: 02:30 is 03:30.
    EXPECT_EQ(next(kNightly, "2026-03-28T12:00:00Z"), "2026-03-29T01:30:00Z");
    EXPECT_EQ(next(kNightly, "2026-03-29T01:30:00Z"), "2026-03-30T00:30:00Z");
}

TEST_F(ScheduleTest, ATimeThatComesTwiceIsTakenOnce) {
    zone(kBerlin);
    // On 2026-10-25 the clock goes from 03:00 back to 02:00.
    const Time first = next_due(kNightly, at("2026-10-24T12:00:00Z"));
    EXPECT_GE(first, at("2026-10-25T00:30:00Z"));
    EXPECT_LE(first, at("2026-10-25T01:30:00Z"));
    EXPECT_EQ(to_xml_time(next_due(kNightly, first)), "2026-10-26T01:30:00Z");
}

TEST_F(ScheduleTest, TheOffsetIsBoundedSteadyAndSpread) {
    const policy::ScheduleOptions schedule{true, 0, 1, 30};
    std::set<seconds> seen;
    for (int day = 0; day < 100; ++day) {
        const Time due = at("2026-01-01T00:00:00Z") + hours(24 * day);
        const seconds offset = offset_of(schedule, due, kServer);
        EXPECT_EQ(offset, offset_of(schedule, due, kServer));
        EXPECT_GE(offset, seconds(0));
        EXPECT_LE(offset, minutes(30));
        seen.insert(offset);
    }
    EXPECT_GT(seen.size(), 80U);
    EXPECT_EQ(offset_of({true, 0, 1, 0}, at("2026-01-01T00:00:00Z"), kServer), seconds(0));
}

class PlanTest : public ScheduleTest {
protected:
    PlanTest() { plan_.use(kNightly, kServer, start_); }

    /// Lets a run begin and fail as it is due.
    void fails(const char* code = "net.connect", const char* cause = "") {
        const auto kind = plan_.due(now_);
        ASSERT_TRUE(kind);
        plan_.begun(*kind, now_);
        now_ += minutes(2);
        plan_.ended(run(kind->c_str(), store::RunResult::kFailed, code, cause), now_);
    }

    Time start_ = at("2026-11-24T01:00:00Z");
    Time now_ = at("2026-11-24T02:30:00Z");
    Plan plan_;
};

TEST_F(PlanTest, NothingIsDueBeforeItsTime) {
    EXPECT_FALSE(plan_.due(at("2026-11-24T02:29:59Z")));
    EXPECT_EQ(plan_.due(now_), "scheduled");
    EXPECT_EQ(plan_.next(), now_);
}

TEST_F(PlanTest, AManualScheduleStartsNothing) {
    plan_.use({false, 150, 1, 0}, kServer, start_);
    EXPECT_FALSE(plan_.due(now_ + hours(48)));
    EXPECT_FALSE(plan_.next());
}

TEST_F(PlanTest, TriesTwiceMoreFifteenMinutesApartAndThenTheNextDay) {
    fails();
    ASSERT_TRUE(plan_.retry());
    EXPECT_EQ(*plan_.retry(), (Retry{at("2026-11-24T02:47:00Z"), 1, "It is away."}));
    EXPECT_EQ(plan_.next(), at("2026-11-24T02:47:00Z"));
    EXPECT_FALSE(plan_.due(at("2026-11-24T02:46:59Z")));
    now_ = at("2026-11-24T02:47:00Z");
    EXPECT_EQ(plan_.due(now_), "retry");
    fails();
    EXPECT_EQ(*plan_.retry(), (Retry{at("2026-11-24T03:04:00Z"), 2, "It is away."}));
    now_ = at("2026-11-24T03:04:00Z");
    fails();
    EXPECT_FALSE(plan_.retry());
    EXPECT_EQ(plan_.next(), at("2026-11-25T02:30:00Z"));
    now_ = at("2026-11-25T02:30:00Z");
    fails();
    EXPECT_EQ(plan_.retry()->attempt, 1U);
}

TEST_F(PlanTest, DoesNotTryBeforeTheTimeThatTheUpstreamAskedFor) {
    fails("upstream.busy", "Retry-After: 3600");
    EXPECT_EQ(plan_.retry()->at, at("2026-11-24T03:32:00Z"));
    Plan again = Plan::from_json(plan_.to_json());
    again.use(kNightly, kServer, now_);
    EXPECT_EQ(again, plan_);
    // A shorter wait than ours changes nothing.
    now_ = plan_.retry()->at;
    fails("upstream.busy", "Retry-After: 5");
    EXPECT_EQ(plan_.retry()->at, now_ + minutes(15));
}

TEST_F(PlanTest, AScheduledTimeWaitsTooForWhatTheUpstreamAskedFor) {
    plan_.use({true, 150, 24, 0}, kServer, start_);
    now_ = at("2026-11-24T01:30:00Z");
    fails("upstream.busy", "Retry-After: Tue, 24 Nov 2026 09:00:00 GMT");
    EXPECT_FALSE(plan_.due(at("2026-11-24T08:59:59Z")));
    EXPECT_EQ(plan_.next(), at("2026-11-24T09:00:00Z"));
    // Whoever starts one by hand asks again, and the times are those of the schedule.
    plan_.begun("manual", now_);
    EXPECT_EQ(plan_.next(), at("2026-11-24T02:30:00Z"));
}

TEST_F(PlanTest, BelievesNoUpstreamThatAsksForMoreThanADay) {
    fails("upstream.busy", "Retry-After: 99999999999999999999");
    EXPECT_EQ(plan_.retry()->at, now_ + hours(24));
}

TEST_F(PlanTest, WaitsForNothingAfterAFailureThatStays) {
    fails("net.proxy_login");
    EXPECT_FALSE(plan_.retry());
    EXPECT_EQ(plan_.next(), at("2026-11-25T02:30:00Z"));
}

TEST_F(PlanTest, ASuccessfulRetryEndsTheWait) {
    fails();
    now_ = plan_.retry()->at;
    plan_.begun("retry", now_);
    plan_.ended(run("retry", store::RunResult::kSucceeded), now_ + minutes(1));
    EXPECT_FALSE(plan_.retry());
    EXPECT_EQ(plan_.next(), at("2026-11-25T02:30:00Z"));
}

TEST_F(PlanTest, AManualRunClearsTheWaitAndStartsNoneOfItsOwn) {
    fails();
    plan_.begun("manual", now_);
    EXPECT_FALSE(plan_.retry());
    plan_.ended(run("manual", store::RunResult::kFailed, "net.connect"), now_);
    EXPECT_FALSE(plan_.retry());
    EXPECT_EQ(plan_.next(), at("2026-11-25T02:30:00Z"));
}

TEST_F(PlanTest, ACancelledRunIsNotTriedAgain) {
    plan_.begun("scheduled", now_);
    plan_.ended(run("scheduled", store::RunResult::kCancelled), now_);
    EXPECT_FALSE(plan_.retry());
}

TEST_F(PlanTest, ARestartKeepsTheWait) {
    fails();
    Plan again = Plan::from_json(plan_.to_json());
    again.use(kNightly, kServer, now_);
    EXPECT_EQ(again, plan_);
    EXPECT_EQ(again.retry()->attempt, 1U);
    again.begun("retry", now_ + minutes(15));
    Plan during = Plan::from_json(again.to_json());
    during.use(kNightly, kServer, now_ + minutes(16));
    during.was_interrupted(now_ + minutes(16));
    EXPECT_EQ(during.retry()->attempt, 2U);
    EXPECT_EQ(during.retry()->at, now_ + minutes(17));
}

TEST_F(PlanTest, MissedTimesAreMadeUpOnce) {
    Plan again = Plan::from_json(plan_.to_json());
    const Time later = at("2026-11-28T12:00:00Z");
    again.use(kNightly, kServer, later);
    EXPECT_EQ(again.due(later), "scheduled");
    again.begun("scheduled", later);
    again.ended(run("scheduled", store::RunResult::kSucceeded), later + minutes(1));
    EXPECT_FALSE(again.due(later + minutes(1)));
    EXPECT_EQ(again.next(), at("2026-11-29T02:30:00Z"));
}

TEST_F(PlanTest, ANewScheduleMakesNothingUp) {
    plan_.use({true, 0, 24, 0}, kServer, at("2026-11-24T12:30:00Z"));
    EXPECT_FALSE(plan_.due(at("2026-11-24T12:30:00Z")));
    EXPECT_EQ(plan_.next(), at("2026-11-24T13:00:00Z"));
}

TEST_F(PlanTest, AClockThatWasAheadDoesNotStopIt) {
    plan_.begun("scheduled", at("2030-01-01T00:00:00Z"));
    plan_.use(kNightly, kServer, at("2026-11-24T12:00:00Z"));
    EXPECT_EQ(plan_.next(), at("2026-11-25T02:30:00Z"));
}

TEST_F(PlanTest, SpoiledStateIsAPlanThatKnowsNothing) {
    for (const char* text : {"", "[]", "{\"retry_at\":7}", R"({"per_day":9999,"handled":"x"})"}) {
        Plan plan = Plan::from_json(text);
        plan.use(kNightly, kServer, start_);
        EXPECT_EQ(plan.next(), now_) << text;
    }
}

}  // namespace
}  // namespace headwater::upstream
