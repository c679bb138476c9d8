#include "content/wanted.hpp"

#include <gmock/gmock.h>

namespace headwater::content {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

Guid guid(std::uint8_t number) {
    Guid made;
    made.bytes.back() = number;
    return made;
}

Sha1 digest(std::uint8_t number) {
    Sha1 made;
    made.bytes.back() = number;
    return made;
}

Time at(int seconds) {
    return Time{std::chrono::seconds{1'000'000 + seconds}};
}

/// An update with one file of the same number.
catalog::Revision update(std::uint8_t number) {
    catalog::Revision made;
    made.id = number;
    made.change = 1;
    made.imported = at(number);
    made.identity = {guid(number), 1};
    made.explicitly_deployable = true;
    made.files.push_back({digest(number), 10, ".cab", false});
    return made;
}

store::Approval approval(std::uint8_t update, int changed = 0) {
    store::Approval made;
    made.update_id = guid(update);
    made.group_id = policy::kAllComputers;
    made.action = store::ApprovalAction::kInstall;
    made.changed = at(changed);
    return made;
}

class Wanted : public testing::Test {
protected:
    [[nodiscard]] std::vector<store::FileWish> wishes() const {
        return wanted_files(
            policy::View(catalog::Snapshot::empty()->with(revisions_), decisions_, 1));
    }
    [[nodiscard]] std::vector<int> numbers() const {
        std::vector<int> found;
        for (const store::FileWish& wish : wishes()) {
            found.push_back(wish.sha1.bytes.back());
        }
        return found;
    }

    std::vector<catalog::Revision> revisions_ = {update(1), update(2), update(3)};
    policy::Decisions decisions_;
};

TEST_F(Wanted, AreTheFilesOfWhatIsApprovedThroughItsBundles) {
    revisions_[0].bundled = {{{{guid(2), 1}}}};
    revisions_[1].bundled = {{{{guid(3), 1}, {guid(9), 1}}}};
    revisions_.push_back(update(4));
    decisions_.approvals = {approval(1)};
    EXPECT_THAT(numbers(), ElementsAre(1, 2, 3));
}

TEST_F(Wanted, AreNoneOfWhatIsNotApprovedDeclinedOrExpired) {
    decisions_.approvals = {approval(1), approval(2), approval(3)};
    decisions_.approvals[0].action = store::ApprovalAction::kNotApproved;
    decisions_.declines.push_back({guid(2), "tester", at(0), 1});
    revisions_[2].publication_state = catalog::PublicationState::kExpired;
    EXPECT_THAT(numbers(), ElementsAre());
}

TEST_F(Wanted, AreAllFilesWhereTheyAreFetchedAsSoonAsSynchronized) {
    decisions_.content.only_approved = false;
    decisions_.declines.push_back({guid(2), "tester", at(0), 1});
    revisions_[2].explicitly_deployable = false;
    revisions_[0].bundled = {{{{guid(3), 1}}}};
    revisions_.push_back(update(4));
    EXPECT_THAT(numbers(), ElementsAre(1, 3, 4));
}

TEST_F(Wanted, AreNoneWhereFilesAreLeftAtMicrosoftUpdate) {
    decisions_.approvals = {approval(1)};
    decisions_.content.store_here = false;
    EXPECT_THAT(numbers(), ElementsAre());
}

TEST_F(Wanted, AreExpressFilesOnlyWhereTheyAreChosen) {
    revisions_[0].files.push_back({digest(9), 10, ".psf", true});
    decisions_.approvals = {approval(1)};
    EXPECT_THAT(numbers(), ElementsAre(1));
    decisions_.content.express = true;
    EXPECT_THAT(numbers(), ElementsAre(1, 9));
}

TEST_F(Wanted, AreFilesOfTheChosenLanguagesAndOfThoseWithoutAny) {
    revisions_[0].languages = {"en", "DE"};
    revisions_[1].languages = {"fr"};
    decisions_.approvals = {approval(1), approval(2), approval(3)};
    decisions_.languages = {"de"};
    EXPECT_THAT(numbers(), ElementsAre(1, 3));
    decisions_.languages.clear();
    EXPECT_THAT(numbers(), ElementsAre(1, 2, 3));
}

TEST_F(Wanted, HaveTheEarliestDeadlineAndTimeOfAllThatWantThem) {
    revisions_[1].files = revisions_[0].files;
    decisions_.approvals = {approval(1, 50), approval(2, 20), approval(2, 70)};
    decisions_.approvals[0].deadline = at(900);
    decisions_.approvals[2].deadline = at(800);
    EXPECT_THAT(wishes(), ElementsAre(store::FileWish{digest(1), at(800), at(20)}));
}

}  // namespace
}  // namespace headwater::content
