#pragma once
// For the tests of this room: a real store and a journal on it, under a clock that is moved by
// hand.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/testing.hpp"
#include "diagnosis/journal.hpp"

namespace headwater::diagnosis {

using test_help::value_of;

class JournalTest : public testing::Test {
protected:
    JournalTest() {
        log::set_level(log::Level::kOff);
        start();
    }
    ~JournalTest() override { log::set_level(log::Level::kInfo); }

    void start() {
        store_ = value_of(store::open_sqlite(folder_.path() / "headwater.db"));
        journal_ = std::make_unique<Journal>(*store_, clock_, JournalOptions{.syslog = false});
        EXPECT_TRUE(journal_->load().has_value());
    }
    void restart() {
        journal_.reset();
        store_.reset();
        start();
    }

    /// "386", "10021", and "10021 over" of what was told, the oldest first.
    std::vector<std::string> told() {
        journal_->flush();
        std::vector<std::string> lines;
        for (const store::ServerEvent& event : value_of(store_->server_events({.limit = 0}))) {
            lines.insert(lines.begin(), std::to_string(event.number) + (event.over ? " over" : ""));
        }
        return lines;
    }
    store::ServerEvent newest() {
        journal_->flush();
        auto events = value_of(store_->server_events({.limit = 1}));
        EXPECT_EQ(events.size(), 1U);
        return events.empty() ? store::ServerEvent{} : events.front();
    }

    test_help::TemporaryFolder folder_;
    ManualClock clock_{Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}}};
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Journal> journal_;
};

}  // namespace headwater::diagnosis
