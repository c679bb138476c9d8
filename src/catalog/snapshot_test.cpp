#include "catalog/snapshot.hpp"

#include <gtest/gtest.h>

namespace headwater::catalog {
namespace {

constexpr Guid kBundle = "10000000-0000-0000-0000-000000000001"_guid;
constexpr Guid kMember = "10000000-0000-0000-0000-000000000002"_guid;
constexpr Guid kOther = "10000000-0000-0000-0000-000000000003"_guid;

Revision revision(RevisionId id, const Guid& update, int imported = 0) {
    Revision made;
    made.id = id;
    made.change = id;
    made.imported = Time{} + std::chrono::seconds(imported);
    made.identity = {update, 1};
    return made;
}

TEST(Snapshot, KnowsTheBundlesOfARevisionBeforeAndAfterItCame) {
    Revision bundle = revision(1, kBundle);
    bundle.bundled.push_back({{{kMember, 1}}});
    const auto without = Snapshot::empty()->with({bundle});
    const auto with = without->with({revision(2, kMember)});
    for (const auto& snapshot : {without, with}) {
        ASSERT_EQ(snapshot->bundles_with({kMember, 1}).size(), 1U);
        EXPECT_EQ(snapshot->bundles_with({kMember, 1}).front(), snapshot->find(RevisionId{1}));
        EXPECT_TRUE(snapshot->bundles_with({kMember, 2}).empty());
    }
    EXPECT_EQ(without->missing_members().count({kMember, 1}), 1U);
    EXPECT_TRUE(with->missing_members().empty());
    EXPECT_TRUE(Snapshot::empty()->missing_members().empty());
}

TEST(Snapshot, FindsWhereImportsAfterATimeBegin) {
    const auto snapshot = Snapshot::empty()->with(
        {revision(1, kBundle, 10), revision(2, kMember, 30), revision(3, kOther, 20)});
    const auto first_after = [&](int seconds) {
        return snapshot->first_imported_after(Time{} + std::chrono::seconds(seconds));
    };
    EXPECT_EQ(first_after(0), 0U);
    EXPECT_EQ(first_after(10), 1U);
    // The third came with an earlier time than the second: whoever looks from here on misses none.
    EXPECT_EQ(first_after(20), 1U);
    EXPECT_EQ(first_after(30), 3U);
    EXPECT_EQ(Snapshot::empty()->first_imported_after(Time{}), 0U);
}

TEST(Snapshot, LeavesTheOneBeforeAsItWas) {
    const auto before = Snapshot::empty()->with({revision(1, kOther)});
    Revision newer = revision(2, kOther);
    newer.identity.revision_number = 2;
    newer.prerequisites.push_back({{kOther}, false});
    const auto after = before->with({newer});
    EXPECT_EQ(before->revision(before->newest(kOther)).id, 1U);
    EXPECT_EQ(after->revision(after->newest(kOther)).id, 2U);
    EXPECT_TRUE(before->is_leaf(0));
    EXPECT_FALSE(after->is_leaf(0));
    EXPECT_EQ(before->find(RevisionId{2}), kNone);
    EXPECT_EQ(after->size(), 2U);
}

}  // namespace
}  // namespace headwater::catalog
