#include "admin/names.hpp"

#include <gmock/gmock.h>

#include "admin/sample_view_test.hpp"

namespace headwater::admin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class Names : public testing::Test {
protected:
    [[nodiscard]] Result<std::vector<Guid>> updates(std::vector<std::string> names,
                                                    bool all = false) const {
        return find_updates(*view_, names, all);
    }
    std::shared_ptr<const policy::View> view_ = sample::view();
};

TEST_F(Names, FindsAnUpdateByItsIdItsKbNumberAndItsTitle) {
    for (const std::string& name :
         {sample::kOlder.text(), std::string("KB5031455"), std::string("kb5031455"),
          std::string("5031455"), std::string("2026-09 CUMULATIVE update")}) {
        const auto found = updates({name});
        ASSERT_TRUE(found) << name << ": " << found.error().text();
        EXPECT_THAT(*found, ElementsAre(sample::kOlder)) << name;
    }
}

TEST_F(Names, RefusesAKbNumberOfSeveralUpdatesAndNamesThem) {
    const auto found = updates({"KB5032190"});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, "update.ambiguous");
    EXPECT_THAT(found.error().causes, UnorderedElementsAre(HasSubstr(sample::kNewer.text()),
                                                           HasSubstr(sample::kExpired.text())));
}

TEST_F(Names, TakesAllUpdatesOfAKbNumberWhenAsked) {
    const auto found = updates({"KB5032190", sample::kNewer.text()}, true);
    ASSERT_TRUE(found);
    EXPECT_THAT(*found, UnorderedElementsAre(sample::kNewer, sample::kExpired));
}

TEST_F(Names, DoesNotFindMembersOfBundlesByTitle) {
    const auto found = updates({"Payload"});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, "update.unknown");
}

TEST_F(Names, TakesAGuidAtItsWordWhateverItNames) {
    const Guid other = "99999999-0000-4000-8000-000000000000"_guid;
    EXPECT_THAT(updates({other.text()}).value(), ElementsAre(other));
}

TEST_F(Names, FindsGroupsByNameInAnyCaseAndById) {
    EXPECT_EQ(find_group(*view_, "test ring").value(), sample::kOwnGroup);
    EXPECT_EQ(find_group(*view_, sample::kOwnGroup.text()).value(), sample::kOwnGroup);
    EXPECT_EQ(find_group(*view_, "nobody").error().code, "group.unknown");
    EXPECT_EQ(find_group(*view_, sample::kNewer.text()).error().code, "group.unknown");
}

TEST_F(Names, FindsACategoryOnlyAmongThoseOfItsKind) {
    EXPECT_EQ(find_category(*view_, CategoryKind::kProduct, "panes server").value(),
              sample::kServer);
    EXPECT_EQ(find_category(*view_, CategoryKind::kClassification, "Tools").value(),
              sample::kTools);
    EXPECT_EQ(find_category(*view_, CategoryKind::kProduct, "Tools").error().code,
              "category.unknown");
}

TEST_F(Names, AFamilyHoldsTheUpdatesOfItsProducts) {
    const auto family = with_descendants(view_->catalog(), sample::kCompany);
    EXPECT_THAT(family, UnorderedElementsAre(sample::kCompany, sample::kFamily, sample::kWindows,
                                             sample::kServer));
    const Roaring listed = listed_updates(view_->catalog());
    EXPECT_EQ(listed.cardinality(), 4U);
    EXPECT_EQ(listed.and_cardinality(members(view_->catalog(), family)), 4U);
}

TEST_F(Names, ReadsAChoiceOfNamesAndIds) {
    auto fields =
        Fields::parse(R"({"ids": ["Panes Server", "00000000-0000-4000-8000-000000000004"]})");
    ASSERT_TRUE(fields);
    const auto choice = read_choice(*view_, CategoryKind::kProduct, *fields);
    ASSERT_TRUE(choice);
    EXPECT_FALSE(choice->all);
    EXPECT_THAT(choice->ids, ElementsAre(sample::kServer));
}

TEST_F(Names, AChoiceOfAllNeedsNoIdsAndAnEmptyOneIsRefused) {
    auto all = Fields::parse(R"({"all": true})");
    EXPECT_TRUE(read_choice(*view_, CategoryKind::kProduct, *all).value().all);
    auto empty = Fields::parse("{}");
    EXPECT_EQ(read_choice(*view_, CategoryKind::kProduct, *empty).error().code, "request.field");
}

}  // namespace
}  // namespace headwater::admin
