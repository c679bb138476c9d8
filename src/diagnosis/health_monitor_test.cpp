#include "diagnosis/health_monitor.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <cerrno>

#include "diagnosis/journal_testing.hpp"

namespace headwater::diagnosis {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;
constexpr auto kLong = std::chrono::minutes{1};

class HealthMonitorTest : public JournalTest {
protected:
    /// A healthy server: there is space, a computer has come, and a synchronization was good.
    HealthMonitorTest() {
        make_monitor();
        touch("pc");
        synchronize(store::RunResult::kSucceeded);
    }

    void make_monitor() {
        monitor_ = std::make_unique<HealthMonitor>(HealthSources{
            *store_,
            *journal_,
            clock_,
            [] { return std::filesystem::path("/content"); },
            {{event::kReportingService, "The reporting service", [this] { return service_; }}},
            [this](const std::filesystem::path&) { return disk_; },
            [this](const std::filesystem::path&) { return folder_state_; },
            std::chrono::milliseconds{0},
            [this] { return waits_for_space_; }});
    }
    void touch(const std::string& id) {
        store::Computer computer;
        computer.id = id;
        computer.first_contact = computer.last_contact = clock_.now();
        EXPECT_TRUE(store_->touch_computer(computer).has_value());
    }
    void report(const std::string& id, std::int32_t event_id, int count) {
        store::ReportBatch batch{id, clock_.now(), {}};
        for (int i = 0; i < count; ++i) {
            store::ReportedEvent event;
            event.instance_id = Guid::random();
            event.event_id = event_id;
            event.update = store::RevisionIdentity{Guid::random(), 1};
            event.received = clock_.now();
            batch.reports.push_back({event, {}, {}});
        }
        EXPECT_TRUE(store_->put_report(batch).has_value());
    }
    void synchronize(store::RunResult result) {
        store::SyncRun run;
        run.started = clock_.now();
        run.ended = clock_.now();
        run.result = result;
        value_of(store_->start_run(run));
    }
    /// What is told by one more round.
    std::vector<std::string> round() {
        const std::size_t before = told().size();
        monitor_->check();
        auto lines = told();
        lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(before));
        return lines;
    }
    void set(unsigned HealthOptions::* option, unsigned value) {
        auto options = value_of(load_health_options(*store_));
        options.*option = value;
        EXPECT_TRUE(save_health_options(*store_, options).has_value());
    }

    std::optional<DiskSpace> disk_ = DiskSpace{500 * kGiB, 1000 * kGiB};
    bool waits_for_space_ = false;
    FolderState folder_state_;
    Result<> service_;
    std::unique_ptr<HealthMonitor> monitor_;
};

TEST_F(HealthMonitorTest, AHealthyServerIsSilent) {
    EXPECT_THAT(round(), IsEmpty());
    EXPECT_THAT(round(), IsEmpty());
    EXPECT_THAT(journal_->conditions(), IsEmpty());
}

TEST_F(HealthMonitorTest, ADiskThatFillsBecomesAWarningThenAnErrorThenHealthy) {
    disk_ = DiskSpace{8 * kGiB, 100 * kGiB};
    EXPECT_THAT(round(), ElementsAre("10042"));
    EXPECT_THAT(round(), IsEmpty());
    disk_ = DiskSpace{1 * kGiB, 100 * kGiB};
    EXPECT_THAT(round(), ElementsAre("10041", "10042 over"));
    disk_ = std::nullopt;
    EXPECT_THAT(round(), IsEmpty()) << "what cannot be asked changes nothing";
    disk_ = DiskSpace{50 * kGiB, 100 * kGiB};
    EXPECT_THAT(round(), ElementsAre("10041 over"));
}

TEST_F(HealthMonitorTest, ADiskThatTransfersWaitForIsAlmostFullHoweverLargeItIs) {
    waits_for_space_ = true;
    EXPECT_THAT(round(), ElementsAre("10041"));
    EXPECT_THAT(round(), IsEmpty());
    waits_for_space_ = false;
    EXPECT_THAT(round(), ElementsAre("10041 over"));
}

TEST_F(HealthMonitorTest, TheContentFolderIsWatched) {
    folder_state_.error = ENOENT;
    disk_ = DiskSpace{0, 100 * kGiB};
    EXPECT_THAT(round(), ElementsAre("12072")) << "and not the disk below its mount point";
    folder_state_ = {.is_writable = false, .is_exposed = true};
    disk_ = DiskSpace{50 * kGiB, 100 * kGiB};
    EXPECT_THAT(round(), ElementsAre("12072 over", "10011", "10012"));
    folder_state_ = {};
    EXPECT_THAT(round(), ElementsAre("10011 over", "10012 over"));
}

TEST_F(HealthMonitorTest, ASynchronizationIsOverdueUntilAGoodOne) {
    report("pc", 147, 1);
    clock_.advance(days{7});
    EXPECT_THAT(round(), IsEmpty());
    clock_.advance(days{1});
    EXPECT_THAT(round(), ElementsAre("10022"));
    synchronize(store::RunResult::kFailed);
    EXPECT_THAT(round(), IsEmpty());
    synchronize(store::RunResult::kSucceeded);
    EXPECT_THAT(round(), ElementsAre("10022 over"));
}

TEST_F(HealthMonitorTest, FailedFilesAreToldUntilTheyAreHere) {
    store::NewRevision revision;
    revision.revision.identity = {Guid::random(), 1};
    revision.revision.core = "<UpdateIdentity/>";
    revision.document = "<Update/>";
    const Sha1 sha1 = Sha1::of(as_bytes("file"));
    revision.files = {{sha1, std::nullopt, 1, "file.cab", ".cab", "http://up/file.cab"}};
    value_of(store_->put_revisions({&revision, 1}, clock_.now()));
    const auto set_state = [&](store::FileState state) {
        EXPECT_TRUE(store_->set_file_state({&sha1, 1}, state, "refused", clock_.now()).has_value());
    };
    set_state(store::FileState::kFailed);
    EXPECT_THAT(round(), ElementsAre("10032"));
    set(&HealthOptions::failed_files_error, 1);
    EXPECT_THAT(round(), ElementsAre("10031", "10032 over"));
    set_state(store::FileState::kPresent);
    EXPECT_THAT(round(), ElementsAre("10031 over"));
}

TEST_F(HealthMonitorTest, SilentComputersAreToldUntilTheyReport) {
    set(&HealthOptions::synchronization_days, 0);
    for (int i = 0; i < 9; ++i) {
        touch("other" + std::to_string(i));
    }
    clock_.advance(days{31});
    for (int i = 0; i < 8; ++i) {
        report("other" + std::to_string(i), 147, 1);
    }
    EXPECT_THAT(round(), ElementsAre("13032")) << "2 of 10";
    set(&HealthOptions::silent_error_percent, 15);
    EXPECT_THAT(round(), ElementsAre("13031", "13032 over"));
    report("pc", 147, 1);
    report("other8", 147, 1);
    EXPECT_THAT(round(), ElementsAre("13031 over"));
}

TEST_F(HealthMonitorTest, FailingInstallationsAreToldUntilTheyArePast) {
    report("pc", 183, 80);
    report("pc", 182, 20);
    EXPECT_THAT(round(), ElementsAre("13002"));
    report("pc", 182, 40);
    EXPECT_THAT(round(), ElementsAre("13001", "13002 over"));
    clock_.advance(days{7} + hours{1});
    synchronize(store::RunResult::kSucceeded);
    EXPECT_THAT(round(), ElementsAre("13001 over"));
}

TEST_F(HealthMonitorTest, AServiceThatDoesNotAnswerIsToldUntilItDoes) {
    service_ = fail("net.timeout", "Nobody answered.");
    EXPECT_THAT(round(), ElementsAre("12002"));
    EXPECT_THAT(round(), IsEmpty());
    service_ = {};
    EXPECT_THAT(round(), ElementsAre("12002 over"));
}

TEST_F(HealthMonitorTest, AConditionOutlivesTheServerAndItsMonitor) {
    disk_ = DiskSpace{8 * kGiB, 100 * kGiB};
    EXPECT_THAT(round(), ElementsAre("10042"));
    monitor_.reset();
    restart();
    make_monitor();
    EXPECT_THAT(round(), IsEmpty());
    disk_ = DiskSpace{50 * kGiB, 100 * kGiB};
    EXPECT_THAT(round(), ElementsAre("10042 over"));
}

TEST_F(HealthMonitorTest, OldEventsAreRemoved) {
    set(&HealthOptions::synchronization_days, 0);
    journal_->record(event::kOptionChanged, {"Changed."});
    report("pc", 147, 1);
    clock_.advance(days{180});
    report("pc", 147, 1);
    monitor_->check();
    EXPECT_THAT(told(), ElementsAre("389"));
    clock_.advance(hours{1});
    monitor_->check();
    EXPECT_THAT(told(), IsEmpty());
}

/// A server of its own, as the other has had a computer.
TEST_F(JournalTest, AServerThatNobodyEverAskedIsToldAfterADayAcrossRestarts) {
    std::optional<HealthMonitor> monitor;
    const auto look = [&] {
        monitor.emplace(
            HealthSources{*store_, *journal_, clock_, [this] { return folder_.path(); }});
        monitor->check();
        return journal_->is_open(event::kNoComputer);
    };
    EXPECT_FALSE(look());
    clock_.advance(hours{20});
    monitor.reset();
    restart();
    EXPECT_FALSE(look());
    clock_.advance(hours{5});
    EXPECT_TRUE(look());
    ASSERT_TRUE(
        store_->touch_downstream({Guid::random(), "downstream.test", clock_.now()}).has_value());
    EXPECT_FALSE(look()) << "a server of servers needs no computer";
}

TEST_F(HealthMonitorTest, ItsThreadLooksAtOnceWhenItIsWoken) {
    std::atomic<bool> is_low = false;
    HealthMonitor monitor(HealthSources{*store_,
                                        *journal_,
                                        clock_,
                                        [] { return std::filesystem::path("/content"); },
                                        {},
                                        [&](const std::filesystem::path&) {
                                            return std::optional(
                                                DiskSpace{(is_low ? 1 : 50) * kGiB, 100 * kGiB});
                                        },
                                        [](const std::filesystem::path&) { return FolderState{}; },
                                        std::chrono::hours{1}});
    monitor.start();
    is_low = true;
    monitor.wake();
    EXPECT_GT(journal_->wait_for(0, kLong), 0);
    EXPECT_TRUE(journal_->is_open(event::kDiskAlmostFull));
    monitor.stop();
}

TEST_F(JournalTest, ThresholdsAreKeptAndBounded) {
    EXPECT_EQ(value_of(load_health_options(*store_)), HealthOptions{});
    HealthOptions options;
    for (const HealthField& field : health_fields()) {
        EXPECT_GE(options.*field.value, field.least) << field.name;
        EXPECT_LE(options.*field.value, field.most) << field.name;
        options.*field.value = field.most;
    }
    ASSERT_TRUE(save_health_options(*store_, options).has_value());
    restart();
    EXPECT_EQ(value_of(load_health_options(*store_)), options);
    options.disk_error_percent = 101;
    const auto refused = save_health_options(*store_, options);
    EXPECT_EQ(test_help::code_of(refused), "options.invalid");
    EXPECT_EQ(refused.error().sentence, "The option 'disk_error_percent' has to be from 0 to 100.");
    options.disk_error_percent = 1;
    options.interval_minutes = 0;
    EXPECT_EQ(test_help::code_of(save_health_options(*store_, options)), "options.invalid");
    ASSERT_TRUE(store_->put_setting("options.health", R"({"silent_days":0,"event_days":"x"})"));
    EXPECT_EQ(value_of(load_health_options(*store_)), HealthOptions{}) << "nonsense is left out";
    ASSERT_TRUE(store_->put_setting("options.health", "["));
    EXPECT_EQ(test_help::code_of(load_health_options(*store_)), "store.corrupt");
}

}  // namespace
}  // namespace headwater::diagnosis
