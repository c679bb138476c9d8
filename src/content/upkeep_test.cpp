#include "content/upkeep.hpp"

#include <gmock/gmock.h>

#include <latch>

#include "content/upkeep_testing.hpp"

namespace headwater::content {
namespace {

using test_help::code_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(UpkeepTest, VerifyFindsNothingWhereEverythingIsRight) {
    EXPECT_EQ(upkeep_->status().state, TaskState::kNone);
    const TaskStatus status = verify(true);
    EXPECT_EQ(status.state, TaskState::kSucceeded);
    EXPECT_EQ(status.counts, (std::array<std::uint64_t, kFindings>{}));
    EXPECT_EQ(status.id, 1);
    EXPECT_TRUE(status.ended);
}

TEST_F(UpkeepTest, VerifyQueuesWhatIsMissingOrOfAnotherLength) {
    fs::remove(path(0));
    test_help::write_file(path(1), "one!!");
    const TaskStatus status = verify(false);
    EXPECT_EQ(status.count(Finding::kMissing), 1U);
    EXPECT_EQ(status.count(Finding::kWrong), 1U);
    EXPECT_THAT(status.notes, Contains(HasSubstr("wrong length")));
    EXPECT_EQ(state(0), FileState::kWaiting);
    EXPECT_EQ(state(1), FileState::kWaiting);
    EXPECT_FALSE(fs::exists(path(1)));
    expect_right();
}

TEST_F(UpkeepTest, OnlyADeepVerifyFindsAWrongByte) {
    std::string body = bodies_[2];
    body.back() = 'y';
    test_help::write_file(path(2), body);
    EXPECT_THAT(verify(false).notes, IsEmpty());
    const TaskStatus status = verify(true);
    EXPECT_THAT(status.notes, ElementsAre(HasSubstr("wrong SHA-1 digest")));
    EXPECT_EQ(state(2), FileState::kWaiting);
    EXPECT_FALSE(fs::exists(path(2)));
    expect_right();
}

TEST_F(UpkeepTest, VerifyMarksWhatIsHereAndNotMarkedSo) {
    ASSERT_TRUE(shelf_.put(sha1(4), ".cab", as_bytes(bodies_[4])));
    ASSERT_TRUE(shelf_.put(sha1(5), ".cab", as_bytes(bodies_[5])));
    test_help::write_file(path(5), "FIVE");
    const TaskStatus status = verify(true);
    EXPECT_EQ(status.count(Finding::kFound), 1U);
    EXPECT_EQ(status.count(Finding::kWrong), 1U);
    EXPECT_EQ(state(4), FileState::kPresent);
    EXPECT_EQ(state(5), FileState::kNotWanted);
    EXPECT_FALSE(fs::exists(path(5)));
}

TEST_F(UpkeepTest, VerifyReportsStrangersAndLeavesThem) {
    test_help::write_file(shelf_.root() / "notes.txt", "mine");
    test_help::write_file(path(0).parent_path() / "x", "mine");
    fs::create_symlink("/etc/passwd", path(0).parent_path() / "link");
    const Sha1 unknown = sha1_of("unknown");
    ASSERT_TRUE(shelf_.put(unknown, ".exe", as_bytes(std::string_view("unknown"))));
    const TaskStatus status = verify(true);
    EXPECT_EQ(status.count(Finding::kStrange), 4U);
    EXPECT_TRUE(fs::exists(shelf_.root() / "notes.txt"));
    EXPECT_TRUE(fs::exists(shelf_.path_of(unknown, ".exe")));
}

TEST_F(UpkeepTest, VerifyThrowsAwayALinkAndFollowsItNowhere) {
    const fs::path elsewhere = folder_.path() / "elsewhere";
    test_help::write_file(elsewhere, bodies_[0]);
    fs::remove(path(0));
    fs::create_symlink(elsewhere, path(0));
    EXPECT_EQ(verify(true).count(Finding::kWrong), 1U);
    EXPECT_TRUE(fs::exists(elsewhere));
    EXPECT_EQ(state(0), FileState::kWaiting);
}

TEST_F(UpkeepTest, VerifyMendsAServerWhoseContentFolderWasDeleted) {
    fs::remove_all(shelf_.root());
    EXPECT_EQ(verify(true).count(Finding::kMissing), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(state(i), FileState::kWaiting);
    }
    expect_right();
}

TEST_F(UpkeepTest, ResetVerifiesAndThenWantsAgain) {
    fs::remove(path(0));
    FileState when_wanted = FileState::kPresent;
    want_again_ = [&]() -> Result<> {
        when_wanted = state(0);
        return fail("store.closed", "The test ends it here.");
    };
    ASSERT_TRUE(upkeep_->reset());
    const TaskStatus status = finished();
    EXPECT_EQ(status.state, TaskState::kFailed);
    EXPECT_EQ(status.error->code, "store.closed");
    EXPECT_EQ(when_wanted, FileState::kWaiting);
}

TEST_F(UpkeepTest, CleanUpFreesWhatNothingNeedsAndNothingElse) {
    ASSERT_TRUE(shelf_.put(sha1(4), ".cab", as_bytes(bodies_[4])));
    ASSERT_TRUE(shelf_.put(sha1(5), ".cab", as_bytes(bodies_[5])));
    const Sha1 unknown = sha1_of("unknown");
    ASSERT_TRUE(shelf_.put(unknown, ".exe", as_bytes(std::string_view("unknown"))));
    test_help::write_file(shelf_.root() / "notes.txt", "mine");
    test_help::write_file(shelf_.partial_path(sha1(4)), "fo");
    test_help::write_file(shelf_.partial_path(sha1(5)), "fi");
    ASSERT_TRUE(upkeep_->clean_up());
    const TaskStatus status = finished();
    EXPECT_EQ(status.state, TaskState::kSucceeded);
    EXPECT_EQ(status.count(Finding::kFreed), 5U);
    EXPECT_EQ(status.freed_bytes, bodies_[2].size() + 5 + 4 + 7 + 2);
    for (const std::size_t kept : {0U, 1U, 4U}) {
        EXPECT_TRUE(fs::exists(path(kept))) << kept;
    }
    for (const std::size_t freed : {2U, 3U, 5U}) {
        EXPECT_FALSE(fs::exists(path(freed))) << freed;
        EXPECT_EQ(state(freed), FileState::kNotWanted) << freed;
    }
    EXPECT_FALSE(fs::exists(shelf_.path_of(unknown, ".exe")));
    EXPECT_TRUE(fs::exists(shelf_.root() / "notes.txt"));
    EXPECT_TRUE(fs::exists(shelf_.partial_path(sha1(4))));
    EXPECT_FALSE(fs::exists(shelf_.partial_path(sha1(5))));
}

TEST_F(UpkeepTest, CleanUpQueuesAgainWhatWasApprovedWhileItRan) {
    // Who computes what is wanted finds the file on its shelf a moment before it goes.
    want_again_ = [this]() -> Result<> {
        set(3, FileState::kPresent);
        return {};
    };
    ASSERT_TRUE(upkeep_->clean_up());
    EXPECT_EQ(finished().state, TaskState::kSucceeded);
    EXPECT_EQ(state(3), FileState::kWaiting);
}

TEST_F(UpkeepTest, OneTaskRunsAtATimeAndCanBeCancelled) {
    std::latch inside(1);
    std::latch go_on(1);
    want_again_ = [&]() -> Result<> {
        inside.count_down();
        go_on.wait();
        return {};
    };
    EXPECT_EQ(code_of(upkeep_->cancel()), "content.no_task");
    ASSERT_TRUE(upkeep_->reset());
    inside.wait();
    EXPECT_EQ(code_of(upkeep_->verify(false)), "content.busy");
    EXPECT_EQ(upkeep_->wait(std::chrono::milliseconds{1}).state, TaskState::kRunning);
    go_on.count_down();
    EXPECT_EQ(finished().state, TaskState::kSucceeded);

    around_ = [&](const std::function<Result<>()>& act) {
        EXPECT_TRUE(upkeep_->cancel());
        return act();
    };
    const fs::path before = shelf_.root();
    EXPECT_EQ(move_to(folder_.path() / "new").state, TaskState::kCancelled);
    EXPECT_EQ(shelf_.root(), before);
    expect_right();
}

}  // namespace
}  // namespace headwater::content
