#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "content/upkeep_testing.hpp"

namespace headwater::content {
namespace {

using test_help::code_of;
using ::testing::Contains;
using ::testing::HasSubstr;

class MoveTest : public UpkeepTest {
protected:
    [[nodiscard]] fs::path old() const { return folder_.path() / "content"; }
    [[nodiscard]] fs::path fresh() const { return folder_.path() / "new"; }

    void expect_moved() {
        EXPECT_EQ(shelf_.root(), fs::weakly_canonical(fresh()));
        for (std::size_t i = 0; i < 4; ++i) {
            EXPECT_TRUE(shelf_.holds(sha1(i), ".cab", bodies_[i].size())) << i;
        }
        EXPECT_FALSE(fs::exists(old()));
        expect_right();
    }
};

TEST_F(MoveTest, BringsEveryFileAndLeavesTheOldFolder) {
    test_help::write_file(shelf_.partial_path(sha1(4)), "fo");
    const auto before = fs::last_write_time(path(2));
    const TaskStatus status = move_to(fresh());
    EXPECT_EQ(status.state, TaskState::kSucceeded);
    EXPECT_EQ(status.count(Finding::kCopied), 4U);
    EXPECT_EQ(test_help::read_file(shelf_.partial_path(sha1(4))), "fo");
    EXPECT_EQ(fs::last_write_time(path(2)), before);
    expect_moved();
    make();
    expect_moved();
}

TEST_F(MoveTest, ServesAFileThatIsBeingSentToItsEnd) {
    const auto file = shelf_.open(sha1(2), ".cab");
    EXPECT_EQ(move_to(fresh()).state, TaskState::kSucceeded);
    std::string read(bodies_[2].size(), ' ');
    EXPECT_EQ(::pread(file->descriptor(), read.data(), read.size(), 0),
              static_cast<ssize_t>(read.size()));
    EXPECT_TRUE(read == bodies_[2]);
    EXPECT_NE(shelf_.open(sha1(2), ".cab"), file);
}

TEST_F(MoveTest, BringsWhatComesWhileItCopies) {
    around_ = [this](const std::function<Result<>()>& act) {
        EXPECT_TRUE(shelf_.put(sha1(4), ".cab", as_bytes(bodies_[4])));
        set(4, FileState::kPresent);
        return act();
    };
    EXPECT_EQ(move_to(fresh()).count(Finding::kCopied), 5U);
    EXPECT_TRUE(shelf_.holds(sha1(4), ".cab", bodies_[4].size()));
    expect_moved();
}

TEST_F(MoveTest, BringsNoFileWhoseDigestIsWrong) {
    test_help::write_file(path(3), "THREE");
    const TaskStatus status = move_to(fresh());
    EXPECT_EQ(status.state, TaskState::kSucceeded);
    EXPECT_THAT(status.notes, Contains(HasSubstr("wrong digest")));
    EXPECT_EQ(state(3), FileState::kWaiting);
    EXPECT_FALSE(fs::exists(path(3)));
    EXPECT_FALSE(fs::exists(old()));
    expect_right();
}

TEST_F(MoveTest, LeavesStrangersWhereTheyAre) {
    test_help::write_file(old() / "notes.txt", "mine");
    const TaskStatus status = move_to(fresh());
    EXPECT_EQ(status.state, TaskState::kSucceeded);
    EXPECT_TRUE(fs::exists(old() / "notes.txt"));
    EXPECT_FALSE(fs::exists(old() / ".partial"));
}

TEST_F(MoveTest, ThatWasCutOffBeforeTheSwitchGoesOnWhereItWas) {
    around_ = [](const std::function<Result<>()>&) -> Result<> {
        return fail("store.closed", "The test ends it here.");
    };
    EXPECT_EQ(move_to(fresh()).state, TaskState::kFailed);
    test_help::write_file(fresh() / shelf_name(sha1(0), ".cab"), "ZERO");
    test_help::write_file(fresh() / kPartialFolder / to_hex_upper(sha1(1).bytes), "rest");
    make();
    EXPECT_EQ(shelf_.root(), old());
    expect_right();
    around_ = [](const std::function<Result<>()>& act) { return act(); };
    EXPECT_EQ(move_to(fresh()).count(Finding::kCopied), 1U);
    expect_moved();
}

TEST_F(MoveTest, ThatWasCutOffAfterTheSwitchLeavesTheOldFolderAtTheNextStart) {
    // The commit is made, and then nothing more.
    around_ = [](const std::function<Result<>()>& act) -> Result<> {
        EXPECT_TRUE(act());
        return fail("store.closed", "The test ends it here.");
    };
    EXPECT_EQ(move_to(fresh()).state, TaskState::kFailed);
    EXPECT_TRUE(fs::exists(old()));
    make();
    upkeep_->resume();
    EXPECT_EQ(finished().state, TaskState::kSucceeded);
    expect_moved();
}

TEST_F(MoveTest, GoesBackToAFolderThatWasNotLeftYet) {
    around_ = [](const std::function<Result<>()>& act) -> Result<> {
        EXPECT_TRUE(act());
        return fail("store.closed", "The test ends it here.");
    };
    EXPECT_EQ(move_to(fresh()).state, TaskState::kFailed);
    around_ = [](const std::function<Result<>()>& act) { return act(); };
    EXPECT_EQ(move_to(old()).state, TaskState::kSucceeded);
    EXPECT_EQ(shelf_.root(), fs::weakly_canonical(old()));
    EXPECT_FALSE(fs::exists(fresh()));
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_TRUE(fs::exists(path(i)));
    }
    expect_right();
}

TEST_F(MoveTest, WithoutCopyingTakesWhatIsThereAndRemovesNothing) {
    EXPECT_EQ(code_of(upkeep_->move({fresh(), true})), "content.folder");
    ASSERT_TRUE(Shelf(fresh()).prepare());
    ASSERT_TRUE(Shelf(fresh()).put(sha1(0), ".cab", as_bytes(bodies_[0])));
    EXPECT_EQ(move_to(fresh(), true).state, TaskState::kSucceeded);
    EXPECT_TRUE(fs::exists(old() / shelf_name(sha1(0), ".cab")));
    make();
    EXPECT_EQ(verify(true).count(Finding::kMissing), 3U);
}

TEST_F(MoveTest, RefusesFoldersThatCannotHoldTheShelves) {
    test_help::write_file(folder_.path() / "file", "x");
    fs::create_directory_symlink(old(), folder_.path() / "link");
    for (const fs::path& folder :
         {fs::path("relative"), fs::path(""), old(), old() / "below", folder_.path(), old() / "",
          old() / ".." / "content", folder_.path() / "link", folder_.path() / "link" / "below",
          folder_.path() / "file", folder_.path() / "file" / "below",
          folder_.path() / std::string(300, 'x'), folder_.path() / std::string("a\0b", 3),
          fs::path("/proc/headwater")}) {
        EXPECT_EQ(code_of(upkeep_->move({folder, false})), "content.folder") << folder;
    }
    EXPECT_EQ(upkeep_->status().state, TaskState::kNone);
    expect_right();
}

TEST_F(MoveTest, StopsBeforeTheNewFolderIsFull) {
    reserve_ = std::uint64_t{1} << 60U;
    make();
    const TaskStatus status = move_to(fresh());
    EXPECT_EQ(status.error->code, "content.disk_full");
    EXPECT_EQ(shelf_.root(), old());
    expect_right();
}

}  // namespace
}  // namespace headwater::content
