// The queue of transfers, as the store keeps it.

#include <gmock/gmock.h>

#include <array>

#include "store/sqlite_schema.hpp"
#include "store/store_testing.hpp"

namespace headwater::store {
namespace {

using enum FileState;
using ::testing::ElementsAre;
using ::testing::Pair;

class FileQueue : public StoreTest {
protected:
    FileQueue() {
        std::array one = {revision_of(1)};
        for (std::uint32_t i = 1; i <= 5; ++i) {
            one[0].files.push_back(file_of(i));
        }
        value_of(store().put_revisions(one, at(0)));
    }
    [[nodiscard]] FileRecord file(std::uint32_t number) {
        return value_of(store().file(sha1_of(number))).value_or(FileRecord{});
    }
    void move(std::uint32_t number, std::vector<FileState> from, const FileOutcome& outcome,
              std::int64_t time = 1) {
        const Sha1 sha1 = sha1_of(number);
        EXPECT_TRUE(store().move_files({&sha1, 1}, from, outcome, at(time)));
    }
    [[nodiscard]] std::vector<std::string> queue() {
        std::vector<std::string> names;
        for (const FileRecord& each : value_of(store().files_in_state(kWaiting, 0))) {
            names.push_back(each.name);
        }
        return names;
    }
};

TEST_F(FileQueue, IsInTheOrderOfDeadlinesThenOfTheTimesOfApproval) {
    const std::array wishes = {
        FileWish{sha1_of(1), std::nullopt, at(30)}, FileWish{sha1_of(2), std::nullopt, at(20)},
        FileWish{sha1_of(3), at(500), at(40)}, FileWish{sha1_of(4), at(400), at(50)}};
    EXPECT_TRUE(store().want_files(wishes, at(60)));
    reopen();
    EXPECT_THAT(queue(), ElementsAre("file4.cab", "file3.cab", "file2.cab", "file1.cab"));
    EXPECT_EQ(file(4).deadline, at(400));
    EXPECT_EQ(file(4).asked, at(50));
    EXPECT_EQ(file(1).deadline, std::nullopt);
    const std::array sooner = {FileWish{sha1_of(1), at(100), at(30)}};
    EXPECT_TRUE(store().want_files(sooner, at(70)));
    EXPECT_EQ(queue().front(), "file1.cab");
    EXPECT_EQ(file(1).changed, at(60)) << "it waits since then";
}

TEST_F(FileQueue, AWishMovesOnlyWhatWasNotWanted) {
    move(1, {}, {.state = kPresent});
    move(2, {}, {.state = kFailed, .error = "gone"});
    move(3, {}, {.state = kPaused});
    std::vector<FileWish> wishes;
    for (std::uint32_t i = 1; i <= 4; ++i) {
        wishes.push_back({sha1_of(i), std::nullopt, at(1)});
    }
    EXPECT_TRUE(store().want_files(wishes, at(2)));
    EXPECT_EQ(file(1).state, kPresent);
    EXPECT_EQ(file(2).state, kFailed);
    EXPECT_EQ(file(2).error, "gone");
    EXPECT_EQ(file(3).state, kPaused);
    EXPECT_EQ(file(4).state, kWaiting);
    EXPECT_EQ(file(5).state, kNotWanted);
}

TEST_F(FileQueue, AFileMovesOnlyFromAStateThatIsNamed) {
    move(1, {}, {.state = kCancelled});
    move(1, {kWaiting, kFailed}, {.state = kPresent});
    EXPECT_EQ(file(1).state, kCancelled);
    move(1, {kWaiting, kCancelled}, {.state = kPresent});
    EXPECT_EQ(file(1).state, kPresent);
}

TEST_F(FileQueue, AFailureKeepsItsReasonAndItsFirstTimeUntilItHeals) {
    move(1, {}, {.state = kWaiting, .error = "reset", .reason = FileReason::kNetwork}, 10);
    EXPECT_EQ(file(1).failing_since, std::nullopt) << "it may come at the next attempt";
    move(1, {}, {.state = kFailed, .error = "404", .reason = FileReason::kLate}, 20);
    EXPECT_EQ(file(1).failing_since, at(20));
    EXPECT_EQ(file(1).reason, FileReason::kLate);
    move(1, {}, {.state = kWaiting}, 30);
    EXPECT_EQ(file(1).failing_since, at(20)) << "it is only tried again";
    EXPECT_EQ(file(1).reason, FileReason::kLate);
    move(1, {}, {.state = kFailed, .error = "x", .reason = FileReason::kDenied}, 40);
    EXPECT_EQ(file(1).failing_since, at(20));
    EXPECT_EQ(value_of(store().failing_files(0)).size(), 1U);
    EXPECT_EQ(file(1).attempts, 3U);
    move(1, {}, {.state = kFailed, .error = "y", .is_attempt = false}, 50);
    EXPECT_EQ(file(1).attempts, 3U);
    move(1, {}, {.state = kPresent}, 60);
    EXPECT_EQ(file(1).failing_since, std::nullopt);
    EXPECT_EQ(file(1).reason, FileReason::kNone);
    EXPECT_TRUE(value_of(store().failing_files(0)).empty());
}

TEST_F(FileQueue, WhatDownstreamServersAskedForIsKeptWithItsFirstTime) {
    const std::array both = {sha1_of(1), sha1_of(2)};
    EXPECT_TRUE(store().request_files(std::span(both).first(1), at(5)));
    EXPECT_TRUE(store().request_files(both, at(9)));
    reopen();
    EXPECT_THAT(value_of(store().requested_files()),
                ::testing::UnorderedElementsAre(Pair(sha1_of(1), at(5)), Pair(sha1_of(2), at(9))));
}

TEST_F(FileQueue, ADatabaseBeforeItIsUpgradedAndKeepsItsFiles) {
    const auto old = folder_.path() / "old.db";
    test_help::write_file(old, "");
    {
        auto connection = Connection::open(old, Connection::Mode::kWrite);
        ASSERT_TRUE(connection) << connection.error().text();
        ASSERT_TRUE(migrate(*connection, 5));
        ASSERT_TRUE(connection->script(
            "INSERT INTO file VALUES (zeroblob(20), NULL, 7, 'a.cab', '.cab', '', 4, 3, 'E', 12);"
            "INSERT INTO file VALUES (randomblob(20), NULL, 9, 'b.cab', '.cab', '', 1, 0, '', "
            "13)"));
    }
    const auto opened = value_of(SqliteStore::open(old));
    ASSERT_NE(opened, nullptr);
    const auto failing = value_of(opened->failing_files(10));
    ASSERT_EQ(failing.size(), 1U);
    EXPECT_EQ(failing[0].error, "E");
    EXPECT_EQ(failing[0].attempts, 3U);
    EXPECT_EQ(failing[0].reason, FileReason::kNone);
    EXPECT_EQ(failing[0].failing_since, Time(Microseconds(12))) << "when it was last looked at";
    EXPECT_EQ(value_of(opened->files_in_state(kWaiting, 0)).size(), 1U);
}

}  // namespace
}  // namespace headwater::store
