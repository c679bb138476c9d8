#include "downstream/revision_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace headwater::downstream {
namespace {

constexpr Guid kProduct = "10000000-0000-0000-0000-000000000001"_guid;
constexpr Guid kClass = "10000000-0000-0000-0000-000000000002"_guid;
constexpr Guid kBundle = "10000000-0000-0000-0000-000000000003"_guid;
constexpr Guid kLeaf = "10000000-0000-0000-0000-000000000004"_guid;
constexpr Guid kOther = "10000000-0000-0000-0000-000000000005"_guid;

Time at(int second) {
    return Time{std::chrono::sys_days{std::chrono::year{2026} / 10 / 4}} +
           std::chrono::seconds{second};
}

catalog::Revision revision(std::uint32_t id, const Guid& update, catalog::UpdateType type,
                           std::vector<Guid> prerequisites = {}) {
    catalog::Revision made;
    made.id = id;
    made.change = id;
    made.imported = at(static_cast<int>(id));
    made.identity = {update, 1};
    made.type = type;
    for (const Guid& one : prerequisites) {
        made.prerequisites.push_back({{one}, true});
    }
    return made;
}

/// A product and a classification (1, 2), a leaf (3), the bundle that holds it (4), another update
/// (5).
std::shared_ptr<const catalog::Snapshot> snapshot() {
    using Type = catalog::UpdateType;
    catalog::Revision bundle = revision(4, kBundle, Type::kSoftware, {kProduct, kClass});
    bundle.bundled.push_back({{{kLeaf, 1}}});
    return catalog::Snapshot::empty()->with({revision(1, kProduct, Type::kCategory),
                                             revision(2, kClass, Type::kCategory),
                                             revision(3, kLeaf, Type::kSoftware), bundle,
                                             revision(5, kOther, Type::kSoftware, {kProduct})});
}

std::vector<catalog::RevisionId> listed(const RevisionFilter& filter) {
    const auto catalog = snapshot();
    std::vector<catalog::RevisionId> ids;
    for (const catalog::Index index : list_revisions(*catalog, filter)) {
        ids.push_back(catalog->revision(index).id);
    }
    return ids;
}

using Ids = std::vector<catalog::RevisionId>;

TEST(RevisionList, HoldsCategoriesAloneWhenTheConfigurationIsAskedFor) {
    EXPECT_EQ(listed({.categories_only = true}), (Ids{1, 2}));
    EXPECT_EQ(listed({.categories_only = true, .after = at(1)}), (Ids{2}));
}

TEST(RevisionList, HoldsEveryUpdateWithoutAFilter) {
    EXPECT_EQ(listed({}), (Ids{3, 4, 5}));
    EXPECT_EQ(listed({.after = at(4)}), (Ids{5}));
    EXPECT_EQ(listed({.after = at(100)}), Ids{});
}

TEST(RevisionList, HoldsWhatHasBothAProductAndAClassificationAndWhatThatBundles) {
    EXPECT_EQ(listed({.categories = {{{kProduct, false}}}, .classifications = {{{kClass, false}}}}),
              (Ids{3, 4}));
}

TEST(RevisionList, IsEmptyWhenOneOfTheTwoListsIsMissingOrEmpty) {
    EXPECT_EQ(listed({.categories = {{{kProduct, false}}}}), Ids{});
    EXPECT_EQ(listed({.classifications = {{{kClass, false}}}}), Ids{});
    EXPECT_EQ(listed({.categories = {{{kProduct, false}}}, .classifications = {{}}}), Ids{});
}

TEST(RevisionList, RepeatsAnIdInFullWithoutDeltaAndNotWithIt) {
    EXPECT_EQ(listed({.after = at(100),
                      .categories = {{{kProduct, true}}},
                      .classifications = {{{kClass, true}}}}),
              Ids{});
    EXPECT_EQ(listed({.after = at(100),
                      .categories = {{{kProduct, false}}},
                      .classifications = {{{kClass, true}}}}),
              (Ids{3, 4}));
}

TEST(RevisionList, LeavesOutWhatIsForOtherLanguagesAlone) {
    using Type = catalog::UpdateType;
    catalog::Revision german = revision(3, kLeaf, Type::kSoftware, {kProduct, kClass});
    german.languages = {"de"};
    catalog::Revision both = revision(4, kBundle, Type::kSoftware, {kProduct, kClass});
    both.languages = {"en", "de"};
    const auto catalog = catalog::Snapshot::empty()->with(
        {revision(1, kProduct, Type::kCategory), revision(2, kClass, Type::kCategory), german, both,
         revision(5, kOther, Type::kSoftware, {kProduct, kClass})});
    const auto listed_in = [&](std::optional<std::vector<FilterLanguage>> languages,
                               std::optional<Time> after = std::nullopt) {
        Ids ids;
        for (const catalog::Index index :
             list_revisions(*catalog, {.after = after,
                                       .categories = {{{kProduct, after.has_value()}}},
                                       .classifications = {{{kClass, after.has_value()}}},
                                       .languages = std::move(languages)})) {
            ids.push_back(catalog->revision(index).id);
        }
        return ids;
    };
    EXPECT_EQ(listed_in(std::nullopt), (Ids{3, 4, 5}));
    EXPECT_EQ(listed_in({{{"de", false}}}), (Ids{3, 4, 5}));
    EXPECT_EQ(listed_in({{{"en", false}}}), (Ids{4, 5}));
    EXPECT_EQ(listed_in({{{"fr", false}}}), (Ids{5}));
    // A language that is new in the choice brings what it missed.
    EXPECT_EQ(listed_in({{{"en", true}}}, at(100)), Ids{});
    EXPECT_EQ(listed_in({{{"en", true}, {"de", false}}}, at(100)), (Ids{3, 4}));
}

/// What the contract says, found by looking at everything.
Ids listed_slowly(const catalog::Snapshot& catalog, const RevisionFilter& filter) {
    const auto has_one = [&](catalog::Index index, const std::vector<FilterId>& ids, bool whole) {
        return std::ranges::any_of(ids, [&](const FilterId& id) {
            const catalog::UpdateIndex update = catalog.find_update(id.id);
            return update != catalog::kNone && (!whole || !id.delta) &&
                   catalog.naming(update).contains(index);
        });
    };
    std::set<catalog::Index> chosen;
    std::set<catalog::Index> whole;
    for (catalog::Index index = 0; index < catalog.size(); ++index) {
        if (catalog.revision(index).type == catalog::UpdateType::kSoftware &&
            has_one(index, *filter.categories, false) &&
            has_one(index, *filter.classifications, false)) {
            chosen.insert(index);
            if (has_one(index, *filter.categories, true) ||
                has_one(index, *filter.classifications, true)) {
                whole.insert(index);
            }
        }
    }
    for (auto* set : {&chosen, &whole}) {
        for (std::size_t before = 0; before != set->size();) {
            before = set->size();
            for (const catalog::Index index : std::set(*set)) {
                for (const catalog::BundleClause& clause : catalog.revision(index).bundled) {
                    if (const auto member = catalog.find(clause.alternatives.front());
                        member != catalog::kNone) {
                        set->insert(member);
                    }
                }
            }
        }
    }
    Ids ids;
    for (const catalog::Index index : chosen) {
        if (catalog.revision(index).imported > *filter.after || whole.contains(index)) {
            ids.push_back(catalog.revision(index).id);
        }
    }
    return ids;
}

TEST(RevisionList, IsAfterAnAnchorWhatLookingAtEverythingWouldFind) {
    std::mt19937 random(3);
    const auto below = [&](std::uint32_t limit) {
        return static_cast<std::uint32_t>(random() % limit);
    };
    const auto numbered = [](std::uint32_t number) {
        Guid guid = kOther;
        guid.bytes[0] = static_cast<std::uint8_t>(number);
        return guid;
    };
    std::size_t listed = 0;
    for (int round = 0; round < 200; ++round) {
        std::vector<catalog::Revision> revisions = {
            revision(1, kProduct, catalog::UpdateType::kCategory),
            revision(2, kClass, catalog::UpdateType::kCategory)};
        for (std::uint32_t id = 3; id < 30; ++id) {
            std::vector<Guid> of;
            if (below(3) == 0) {
                of.push_back(kProduct);
            }
            if (below(3) == 0) {
                of.push_back(kClass);
            }
            revisions.push_back(revision(id, numbered(id), catalog::UpdateType::kSoftware, of));
            // Also of what comes later, or never.
            while (below(3) == 0) {
                revisions.back().bundled.push_back({{{numbered(3 + below(30)), 1}}});
            }
        }
        auto catalog = catalog::Snapshot::empty();
        for (catalog::Revision& one : revisions) {
            catalog = catalog->with({one});
        }
        const RevisionFilter filter{.after = at(static_cast<int>(below(31))),
                                    .categories = {{{kProduct, below(4) != 0}}},
                                    .classifications = {{{kClass, below(4) != 0}}}};
        Ids ids;
        for (const catalog::Index index : list_revisions(*catalog, filter)) {
            ids.push_back(catalog->revision(index).id);
        }
        ASSERT_EQ(ids, listed_slowly(*catalog, filter)) << "in round " << round;
        listed += ids.size();
    }
    EXPECT_GT(listed, 200U);
}

TEST(Anchors, AreReadBackAndGarbageIsNot) {
    EXPECT_EQ(make_anchor(9438, at(1)), "9438,2026-10-04 00:00:01.000");
    EXPECT_EQ(parse_anchor("9438,2026-10-04 00:00:01.000"), at(1));
    EXPECT_EQ(parse_anchor("2026-10-04 00:00:01.000"), at(1));
    for (const char* anchor :
         {"garbage", "", ",", "x,2026-10-04 00:00:01.000", "1,2026-13-04 00:00:01.000"}) {
        EXPECT_FALSE(parse_anchor(anchor)) << anchor;
    }
}

}  // namespace
}  // namespace headwater::downstream
