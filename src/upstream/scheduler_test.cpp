#include "upstream/scheduler.hpp"

#include <gmock/gmock.h>

#include <future>

#include "base/testing.hpp"

namespace headwater::upstream {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Guid kServer = "00000000-0000-4000-8000-000000000001"_guid;

class SchedulerTest : public testing::Test {
protected:
    SchedulerTest() {
        auto opened = store::open_sqlite(folder_.path() / "headwater.db");
        EXPECT_TRUE(opened);
        store_ = std::move(*opened);
        policy::SyncOptions options;
        options.upstream = "http://upstream:8530";
        // Every hour: the same in each time zone that the test may run in.
        options.schedule = {true, 0, 24, 0};
        EXPECT_TRUE(policy::save_sync_options(*store_, options));
        make();
    }
    void make() {
        scheduler_.emplace(*store_, clock_, kServer, [this](const std::string& kind) -> Result<> {
            started_.push_back(kind);
            if (!refusal_.empty()) {
                return fail(refusal_, "It cannot start.");
            }
            scheduler_->begun(run(kind));
            return {};
        });
        scheduler_->look();
    }
    static store::SyncRun run(const std::string& kind) {
        store::SyncRun run;
        run.kind = kind;
        return run;
    }
    void ends(store::RunResult result, const char* code = "net.connect") {
        store::SyncRun ended = run(started_.back());
        ended.result = result;
        ended.error = std::string(R"({"code":")") + code + R"(","message":"It is away."})";
        scheduler_->ended(ended);
    }
    void after(Microseconds time) {
        clock_.advance(time);
        scheduler_->look();
    }

    test_help::TemporaryFolder folder_;
    ManualClock clock_{from_xml_time("2026-11-24T00:30:00Z").value_or(Time{})};
    std::unique_ptr<store::Store> store_;
    std::vector<std::string> started_;
    std::string refusal_;
    std::optional<Scheduler> scheduler_;
};

TEST_F(SchedulerTest, StartsWhatIsDueAndOneAtATime) {
    after(minutes(29));
    EXPECT_THAT(started_, IsEmpty());
    after(minutes(1));
    EXPECT_THAT(started_, ElementsAre("scheduled"));
    after(hours(5));
    EXPECT_THAT(started_, ElementsAre("scheduled"));
    ends(store::RunResult::kSucceeded);
    scheduler_->look();
    EXPECT_THAT(started_, ElementsAre("scheduled", "scheduled"));
}

TEST_F(SchedulerTest, WaitsForTheNextTryAndSaysSo) {
    after(minutes(30));
    ends(store::RunResult::kFailed);
    const auto outlook = scheduler_->outlook();
    ASSERT_TRUE(outlook.retry);
    EXPECT_EQ(outlook.retry->at, clock_.now() + Plan::kRetryAfter);
    EXPECT_EQ(outlook.next_run, outlook.retry->at);
    after(minutes(14));
    EXPECT_EQ(started_.size(), 1U);
    after(minutes(1));
    EXPECT_THAT(started_, ElementsAre("scheduled", "retry"));
}

TEST_F(SchedulerTest, ARestartKeepsTheWait) {
    after(minutes(30));
    ends(store::RunResult::kFailed);
    const auto before = scheduler_->outlook().retry;
    make();
    EXPECT_EQ(scheduler_->outlook().retry, before);
    after(minutes(15));
    EXPECT_THAT(started_, ElementsAre("scheduled", "retry"));
}

TEST_F(SchedulerTest, AManualRunClearsTheWait) {
    after(minutes(30));
    ends(store::RunResult::kFailed);
    scheduler_->begun(run("manual"));
    EXPECT_FALSE(scheduler_->outlook().retry);
}

TEST_F(SchedulerTest, ARunThatCannotStartIsNotTriedForEver) {
    refusal_ = "sync.no_upstream";
    after(minutes(30));
    scheduler_->look();
    EXPECT_THAT(started_, ElementsAre("scheduled"));
    EXPECT_EQ(scheduler_->outlook().next_run, clock_.now() + hours(1));
}

TEST_F(SchedulerTest, ARunThatMeetsTheEndOfAnotherStartsAfterIt) {
    refusal_ = "sync.running";
    after(minutes(30));
    refusal_.clear();
    scheduler_->look();
    scheduler_->look();
    EXPECT_THAT(started_, ElementsAre("scheduled", "scheduled"));
}

TEST_F(SchedulerTest, AScheduleThatIsSwitchedOffStartsNothing) {
    policy::SyncOptions options;
    ASSERT_TRUE(policy::save_sync_options(*store_, options));
    scheduler_->options_changed();
    EXPECT_FALSE(scheduler_->outlook().next_run);
    after(hours(48));
    EXPECT_THAT(started_, IsEmpty());
}

TEST_F(SchedulerTest, ItsThreadStartsARunThatWasCutOff) {
    std::promise<std::string> begun;
    Scheduler scheduler(*store_, clock_, kServer, [&](const std::string& kind) -> Result<> {
        begun.set_value(kind);
        return {};
    });
    clock_.advance(hours(3));
    scheduler.start(true);
    auto kind = begun.get_future();
    ASSERT_EQ(kind.wait_for(std::chrono::seconds(20)), std::future_status::ready);
    EXPECT_EQ(kind.get(), "scheduled");
    scheduler.stop();
}

}  // namespace
}  // namespace headwater::upstream
