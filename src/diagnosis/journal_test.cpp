#include "diagnosis/journal.hpp"

#include <gmock/gmock.h>

#include <future>
#include <thread>

#include "diagnosis/events.hpp"
#include "diagnosis/journal_testing.hpp"
#include "store/sqlite_store.hpp"

namespace headwater::diagnosis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kLong = std::chrono::minutes{1};

TEST_F(JournalTest, AnEventHasTheSeverityAndTheRemedyOfItsNumber) {
    journal_->record(event::kFileFailed, {"A file failed.", {"because"}});
    const auto failed = newest();
    EXPECT_EQ(failed.severity, store::EventSeverity::kError);
    EXPECT_EQ(failed.time, clock_.now());
    EXPECT_EQ(failed.text, "A file failed.");
    EXPECT_THAT(failed.evidence, ElementsAre("because"));
    EXPECT_EQ(failed.remedy, find_event(event::kFileFailed)->remedy);
    journal_->record(event::kFileFailed, {"A file failed.", {}, "Do this."});
    EXPECT_EQ(newest().remedy, "Do this.");
}

TEST_F(JournalTest, AConditionIsToldOnceWhenItBeginsAndOnceWhenItIsOver) {
    journal_->begin(event::kDiskLow, {"9 % are free."});
    const Time began = clock_.now();
    clock_.advance(std::chrono::hours{1});
    journal_->begin(event::kDiskLow, {"8 % are free."});
    const auto open = journal_->conditions();
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0].time, began);
    EXPECT_EQ(open[0].text, "8 % are free.") << "what is known now";
    EXPECT_TRUE(journal_->is_open(event::kDiskLow));
    journal_->end(event::kDiskLow, "There is space again.");
    journal_->end(event::kDiskLow, "There is space again.");
    EXPECT_THAT(journal_->conditions(), IsEmpty());
    EXPECT_THAT(told(), ElementsAre("10042", "10042 over"));
    EXPECT_EQ(newest().severity, store::EventSeverity::kInformation);
    journal_->begin(event::kDiskLow, {"9 % are free."});
    EXPECT_THAT(told(), ElementsAre("10042", "10042 over", "10042"));
}

TEST_F(JournalTest, AConditionThatLastsOverARestartIsNotToldAgain) {
    const Time began = clock_.now();
    journal_->begin(event::kDiskLow, {"9 % are free."});
    restart();
    ASSERT_TRUE(journal_->is_open(event::kDiskLow));
    EXPECT_EQ(journal_->conditions().front().time, began);
    EXPECT_EQ(journal_->conditions().front().text, "9 % are free.");
    clock_.advance(std::chrono::hours{1});
    journal_->begin(event::kDiskLow, {"8 % are free."});
    EXPECT_THAT(told(), ElementsAre("10042"));
    journal_->end(event::kDiskLow, "There is space again.");
    restart();
    EXPECT_FALSE(journal_->is_open(event::kDiskLow));
    EXPECT_THAT(told(), ElementsAre("10042", "10042 over"));
}

TEST_F(JournalTest, WhoeverWaitsIsWokenByTheNextEvent) {
    EXPECT_EQ(journal_->wait_for(0, std::chrono::milliseconds{0}), 0);
    auto waiting = std::async(std::launch::async, [&] { return journal_->wait_for(0, kLong); });
    journal_->record(event::kOptionChanged, {"Changed."});
    const std::int64_t first = waiting.get();
    EXPECT_GT(first, 0);
    EXPECT_EQ(journal_->wait_for(0, kLong), first);
    restart();
    EXPECT_EQ(journal_->last_id(), first);
}

TEST_F(JournalTest, WhatOthersSentCannotBreakALineOrFillTheMemory) {
    std::vector<std::string> evidence(100, "x");
    evidence.front() = "a\r\nb\x1b[31m";
    journal_->record(event::kFileFailed, {std::string(100'000, 'y'), evidence, "caf\xe9"});
    const auto event = newest();
    EXPECT_EQ(event.text.size(), 4096U);
    EXPECT_EQ(event.evidence.size(), 32U);
    EXPECT_EQ(event.evidence.front(), "a  b [31m");
    EXPECT_EQ(event.remedy, "caf?");
    journal_->record(event::kFileFailed, {std::string(4095, 'y') + "…"});
    EXPECT_EQ(newest().text, std::string(4095, 'y')) << "no half of a character";
}

TEST_F(JournalTest, ManyThreadsTellAndNothingIsLost) {
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                journal_->record(event::kOptionChanged, {"Changed."});
                journal_->begin(event::kDiskLow, {"Low."});
                journal_->end(event::kDiskLow, "Over.");
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    int notes = 0;
    bool is_open = false;
    for (const std::string& line : told()) {
        notes += line == "389" ? 1 : 0;
        if (line != "389") {
            EXPECT_EQ(line, is_open ? "10042 over" : "10042");
            is_open = !is_open;
        }
    }
    EXPECT_EQ(notes, 800);
    EXPECT_FALSE(is_open);
}

store::SyncRun run_of(store::RunResult result, const std::string& kind = "manual") {
    store::SyncRun run;
    run.id = 7;
    run.kind = kind;
    run.upstream = "http://up:8530";
    run.result = result;
    return run;
}

TEST_F(JournalTest, ASynchronizationIsToldByItsKind) {
    tell_started(*journal_, run_of(store::RunResult::kRunning));
    EXPECT_THAT(newest().text, HasSubstr("by hand"));
    tell_started(*journal_, run_of(store::RunResult::kRunning, "scheduled"));
    tell_started(*journal_, run_of(store::RunResult::kRunning, "retry"));
    tell_finished(*journal_, run_of(store::RunResult::kCancelled));
    EXPECT_THAT(told(), ElementsAre("382", "381", "381", "387"));
}

TEST_F(JournalTest, AFailedSynchronizationIsAConditionUntilAGoodOne) {
    store::SyncRun failed = run_of(store::RunResult::kFailed);
    failed.error =
        R"({"code":"net.proxy","message":"The proxy refused.","remedy":"Set the password.",)"
        R"("causes":["HTTP 407","curl 56"],"stage":"connect","request":"GetCookie to http://up"})";
    tell_finished(*journal_, failed);
    const auto condition = newest();
    EXPECT_EQ(condition.number, event::kLastSynchronizationFailed);
    EXPECT_EQ(condition.text, "Synchronization 7 with http://up:8530 failed. The proxy refused.");
    EXPECT_THAT(condition.evidence,
                ElementsAre("code: net.proxy", "stage: connect", "request: GetCookie to http://up",
                            "HTTP 407", "curl 56"));
    EXPECT_EQ(condition.remedy, "Set the password.");
    failed.error = "no JSON";
    tell_finished(*journal_, failed);
    tell_finished(*journal_, run_of(store::RunResult::kCancelled));
    tell_finished(*journal_, run_of(store::RunResult::kSucceeded));
    tell_finished(*journal_, run_of(store::RunResult::kSucceeded));
    EXPECT_THAT(told(), ElementsAre("386", "10021", "386", "387", "384", "10021 over", "384"));
}

TEST_F(JournalTest, AFileIsToldWhenItHasFailedForGood) {
    store::FileRecord file;
    file.name = "update.cab";
    file.error = "HTTP 404";
    file.attempts = 4;
    for (const auto state : {store::FileState::kWaiting, store::FileState::kPresent,
                             store::FileState::kNotWanted, store::FileState::kFailed}) {
        file.state = state;
        tell_file(*journal_, file);
    }
    EXPECT_THAT(told(), ElementsAre("364"));
    EXPECT_THAT(newest().text, HasSubstr("update.cab"));
    EXPECT_EQ(newest().evidence.front(), "HTTP 404");
}

TEST_F(JournalTest, AChangedOptionIsToldWithWhatDiffers) {
    const boost::json::object before = {{"upstream", ""}, {"parallel", 4}, {"old", 1}};
    const boost::json::object after = {{"upstream", "http://up"}, {"parallel", 4}, {"new", true}};
    tell_option_changed(*journal_, "The options", "local", before, after);
    EXPECT_EQ(newest().text, "The options were changed by 'local'.");
    EXPECT_THAT(newest().evidence, ElementsAre("new: nothing → true", "old: 1 → nothing",
                                               R"(upstream: "" → "http://up")"));
    tell_option_changed(*journal_, "The options", "local", after, after);
    EXPECT_THAT(told(), ElementsAre("389"));
}

TEST(JournalOnAFullDisk, KeepsWhatItToldUntilThereIsSpace) {
    log::set_level(log::Level::kOff);
    const test_help::TemporaryFolder folder;
    const auto store = value_of(store::SqliteStore::open(folder.path() / "headwater.db"));
    const SystemClock clock;
    Journal journal(*store, clock, {.syslog = false});
    ASSERT_TRUE(store->limit_pages(1).has_value());
    const std::vector<std::string> large(32, std::string(4096, 'x'));
    for (int i = 0; i < 3; ++i) {
        journal.record(event::kFileFailed, {"File " + std::to_string(i), large});
        journal.flush();
    }
    EXPECT_EQ(journal.last_id(), 0);
    ASSERT_TRUE(store->limit_pages(0).has_value());
    journal.record(event::kFileFailed, {"File 3"});
    journal.flush();
    const auto events = value_of(store->server_events({}));
    ASSERT_EQ(events.size(), 4U);
    EXPECT_EQ(events.front().text, "File 3");
    EXPECT_EQ(events.back().text, "File 0");
    EXPECT_EQ(journal.last_id(), events.front().id);
    log::set_level(log::Level::kInfo);
}

}  // namespace
}  // namespace headwater::diagnosis
