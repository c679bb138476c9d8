#include "store/store_testing.hpp"

namespace headwater::store {
namespace {

class RunUpdatesTest : public StoreTest {
protected:
    std::int64_t run_at(int day) {
        SyncRun run;
        run.kind = "manual";
        run.started = Time(std::chrono::days(day));
        return value_of(store().start_run(run));
    }
    static NewRevision expired(std::uint32_t number, std::uint32_t revision_number) {
        NewRevision made = revision_of(number, revision_number);
        made.revision.publication_state = catalog::PublicationState::kExpired;
        return made;
    }
    RunUpdates all_of(std::int64_t run) {
        return value_of(store().run_updates(run, std::nullopt, 0, 0));
    }
};

TEST_F(RunUpdatesTest, ARunKeepsWhatItBroughtWithItsChange) {
    const std::array before = {revision_of(1), revision_of(2)};
    value_of(store().put_revisions(before, at(0)));
    const std::int64_t run = run_at(1);
    const std::array brought = {revision_of(3), revision_of(1, 2), expired(2, 2), revision_of(1)};
    const auto counts = value_of(store().put_revisions_of_run(run, brought, at(1)));
    EXPECT_EQ(counts, (ChangeCounts{3, 1, 1, 1}));
    reopen();
    const RunUpdates updates = all_of(run);
    EXPECT_EQ(updates.total, 3U);
    EXPECT_EQ(updates.updates, (std::vector<RunUpdate>{{{guid_of(3), 1}, UpdateChange::kNew},
                                                       {{guid_of(1), 2}, UpdateChange::kRevised},
                                                       {{guid_of(2), 2}, UpdateChange::kExpired}}));
}

TEST_F(RunUpdatesTest, TheSecondOfTwoRevisionsThatComeTogetherIsARevision) {
    const std::int64_t run = run_at(1);
    const std::array brought = {revision_of(1), revision_of(1, 2)};
    EXPECT_EQ(value_of(store().put_revisions_of_run(run, brought, at(0))),
              (ChangeCounts{2, 1, 1, 0}));
}

TEST_F(RunUpdatesTest, WhatNoListShowsCountsAsARevisionAlone) {
    const std::int64_t run = run_at(1);
    std::array brought = {revision_of(1), revision_of(2), revision_of(3)};
    brought[1].revision.explicitly_deployable = false;
    brought[2].revision.type = catalog::UpdateType::kCategory;
    EXPECT_EQ(value_of(store().put_revisions_of_run(run, brought, at(0))),
              (ChangeCounts{3, 1, 0, 0}));
    EXPECT_EQ(all_of(run).total, 1U);
    EXPECT_EQ(value_of(store().run(run))->revisions, 3U);
}

TEST_F(RunUpdatesTest, ARunThatWasCutOffHasTheCountsOfItsRows) {
    const std::int64_t run = run_at(1);
    for (std::uint32_t i = 1; i <= 3; ++i) {
        const std::array one = {revision_of(i)};
        value_of(store().put_revisions_of_run(run, one, at(i)));
    }
    reopen();
    EXPECT_EQ(value_of(store().close_interrupted_runs(at(9))), 1U);
    const auto found = value_of(store().run(run));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->result, RunResult::kInterrupted);
    EXPECT_EQ(found->new_updates, 3U);
    EXPECT_EQ(found->revisions, 3U);
    EXPECT_EQ(all_of(run).total, 3U);
}

TEST_F(RunUpdatesTest, PagesFollowEachOtherWithinAChange) {
    const std::int64_t run = run_at(1);
    std::vector<NewRevision> brought;
    for (std::uint32_t i = 1; i <= 10; ++i) {
        brought.push_back(i % 2 == 0 ? expired(i, 1) : revision_of(i));
    }
    value_of(store().put_revisions_of_run(run, brought, at(0)));
    const auto page = value_of(store().run_updates(run, UpdateChange::kExpired, 2, 2));
    EXPECT_EQ(page.total, 5U);
    EXPECT_EQ(page.updates, (std::vector<RunUpdate>{{{guid_of(6), 1}, UpdateChange::kExpired},
                                                    {{guid_of(8), 1}, UpdateChange::kExpired}}));
    EXPECT_EQ(value_of(store().run_updates(run, UpdateChange::kRevised, 0, 5)).total, 0U);
    EXPECT_TRUE(value_of(store().run_updates(run, std::nullopt, 10, 5)).updates.empty());
    EXPECT_EQ(value_of(store().run_updates(run + 1, std::nullopt, 0, 5)).total, 0U);
}

TEST_F(RunUpdatesTest, GoWithTheirRun) {
    const std::int64_t old = run_at(1);
    const std::array one = {revision_of(1)};
    value_of(store().put_revisions_of_run(old, one, at(0)));
    const std::int64_t newest = run_at(2);
    const std::array two = {revision_of(2)};
    value_of(store().put_revisions_of_run(newest, two, at(1)));
    EXPECT_EQ(value_of(store().remove_runs_before(Time(std::chrono::days(100)))), 1U);
    EXPECT_EQ(all_of(old).total, 0U);
    EXPECT_EQ(all_of(newest).total, 1U);
    EXPECT_EQ(value_of(store().revision_ids()).size(), 2U);
}

TEST_F(RunUpdatesTest, OfARunThatIsNotThereNothingIsStored) {
    const std::array one = {revision_of(1)};
    EXPECT_FALSE(store().put_revisions_of_run(4711, one, at(0)));
    EXPECT_TRUE(value_of(store().revision_ids()).empty());
}

TEST_F(RunUpdatesTest, RunsAreListedBackFromOne) {
    std::vector<std::int64_t> ids;
    for (int day = 1; day <= 4; ++day) {
        ids.push_back(run_at(day));
    }
    const auto page = value_of(store().runs_before(ids[2], 1));
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(page.front().id, ids[1]);
    EXPECT_TRUE(value_of(store().runs_before(ids[0], 10)).empty());
}

}  // namespace
}  // namespace headwater::store
