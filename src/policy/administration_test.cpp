#include "policy/administration.hpp"

#include <gtest/gtest.h>

#include "policy/policy_testing.hpp"

namespace headwater::policy {
namespace {

using store::ApprovalAction;
using test_help::code_of;
using test_help::value_of;
using Approvals = PolicyTest;
using Groups = PolicyTest;

constexpr Guid kClass = "10000000-0000-0000-0000-000000000001"_guid;
constexpr Guid kProduct = "10000000-0000-0000-0000-000000000002"_guid;

TEST_F(Approvals, OfAnUpdateOfferItToTheGroup) {
    add(update(guid_of(1)));
    EXPECT_EQ(approve(guid_of(1)), "");
    EXPECT_EQ(offered(guid_of(1)), Action::kInstall);
    const auto approvals = publisher_->view()->approvals_of(guid_of(1));
    ASSERT_EQ(approvals.size(), 1U);
    EXPECT_EQ(approvals[0].administrator, "tester");
    EXPECT_EQ(approve(guid_of(1), kAllComputers, ApprovalAction::kOptionalInstall), "");
    EXPECT_EQ(publisher_->view()->approvals_of(guid_of(1)).size(), 1U);
    EXPECT_EQ(offered(guid_of(1)), Action::kOptionalInstall);
}

TEST_F(Approvals, OfWhatCannotBeApprovedAreRefused) {
    EXPECT_EQ(approve(guid_of(9)), "update.unknown");
    catalog::Revision category = update(guid_of(1));
    category.type = catalog::UpdateType::kCategory;
    add(category);
    EXPECT_EQ(approve(guid_of(1)), "update.not_deployable");
    catalog::Revision member = update(guid_of(2));
    member.explicitly_deployable = false;
    add(member);
    EXPECT_EQ(approve(guid_of(2)), "update.not_deployable");
    catalog::Revision expired = update(guid_of(3));
    expired.publication_state = catalog::PublicationState::kExpired;
    add(expired);
    EXPECT_EQ(approve(guid_of(3)), "update.expired");
    add(update(guid_of(4)));
    EXPECT_EQ(approve(guid_of(4), guid_of(200)), "group.unknown");
    EXPECT_EQ(decline(guid_of(4)), "");
    EXPECT_EQ(approve(guid_of(4)), "update.declined");
    EXPECT_TRUE(publisher_->view()->decisions().approvals.empty());
}

TEST_F(Approvals, OfManyAreAllMadeOrNone) {
    add(update(guid_of(1)));
    const std::vector<Guid> both = {guid_of(1), guid_of(9)};
    const std::vector<Guid> all = {kAllComputers};
    EXPECT_EQ(code_of(administration_->approve(both, all, ApprovalAction::kInstall, std::nullopt,
                                               "tester")),
              "update.unknown");
    EXPECT_TRUE(publisher_->view()->decisions().approvals.empty());
}

TEST_F(Approvals, GoWhenTheUpdateIsDeclinedAndDoNotComeBackWithIt) {
    add(update(guid_of(1)));
    EXPECT_EQ(approve(guid_of(1)), "");
    EXPECT_EQ(decline(guid_of(1)), "");
    EXPECT_EQ(offered(guid_of(1)), std::nullopt);
    EXPECT_EQ(decline(guid_of(1), false), "");
    EXPECT_TRUE(publisher_->view()->approvals_of(guid_of(1)).empty());
    EXPECT_EQ(offered(guid_of(1)), Action::kPreDeploymentCheck);
    EXPECT_EQ(decline(guid_of(9)), "update.unknown");
}

TEST_F(Approvals, OfAParentGroupHoldForItsChildrenUnlessTheseSayOtherwise) {
    const Guid servers = group("Servers");
    const Guid test = group("Test servers", servers);
    add(update(guid_of(1)));
    EXPECT_EQ(approve(guid_of(1), servers), "");
    EXPECT_EQ(offered(guid_of(1), {test}), Action::kInstall);
    EXPECT_EQ(offered(guid_of(1), {servers}), Action::kInstall);
    EXPECT_EQ(offered(guid_of(1)), Action::kPreDeploymentCheck);
    EXPECT_EQ(approve(guid_of(1), test, ApprovalAction::kNotApproved), "");
    EXPECT_EQ(offered(guid_of(1), {test}), Action::kPreDeploymentCheck);
    EXPECT_EQ(offered(guid_of(1), {servers}), Action::kInstall);
    EXPECT_EQ(approve(guid_of(1), test, ApprovalAction::kUninstall), "");
    EXPECT_EQ(offered(guid_of(1), {test}), Action::kUninstall);
}

TEST_F(Approvals, AreAboutTheUpdateAndMoveOnToItsNewestRevision) {
    add(update(guid_of(1), 1));
    EXPECT_EQ(approve(guid_of(1)), "");
    add(update(guid_of(1), 2));
    const auto view = publisher_->view();
    EXPECT_EQ(view->catalog().revision(view->catalog().newest(guid_of(1))).identity.revision_number,
              2U);
    EXPECT_EQ(offered(guid_of(1)), Action::kInstall);
    // One that arrives late is not the newest.
    add(update(guid_of(1), 0));
    EXPECT_EQ(publisher_->view()->catalog().newest(guid_of(1)), view->catalog().newest(guid_of(1)));
}

TEST_F(Groups, HaveOneNameInAnyLetterCase) {
    const Guid servers = group("Servers");
    EXPECT_EQ(code_of(administration_->create_group("SERVERS", std::nullopt)), "group.exists");
    EXPECT_EQ(code_of(administration_->create_group("", std::nullopt)), "group.name");
    EXPECT_EQ(code_of(administration_->create_group(std::string(257, 'a'), std::nullopt)),
              "group.name");
    EXPECT_EQ(code_of(administration_->create_group("Test", guid_of(9))), "group.unknown");
    EXPECT_EQ(publisher_->view()->group(servers)->parent, kAllComputers);
}

TEST_F(Groups, GoWithTheirApprovalsAndTheBuiltInOnesStay) {
    const Guid servers = group("Servers");
    add(update(guid_of(1)));
    EXPECT_EQ(approve(guid_of(1), servers), "");
    EXPECT_EQ(code_of(administration_->remove_group(servers)), "");
    EXPECT_TRUE(publisher_->view()->decisions().approvals.empty());
    EXPECT_EQ(code_of(administration_->remove_group(servers)), "group.unknown");
    EXPECT_EQ(code_of(administration_->remove_group(kAllComputers)), "group.builtin");
    EXPECT_EQ(code_of(administration_->remove_group(kUnassignedComputers)), "group.builtin");
}

TEST_F(Groups, BelowOneThatGoesStayOneLevelHigher) {
    const Guid servers = group("Servers");
    const Guid test = group("Test", servers);
    EXPECT_EQ(code_of(administration_->remove_group(servers)), "");
    const auto view = publisher_->view();
    ASSERT_NE(view->group(test), nullptr);
    EXPECT_EQ(view->group(test)->parent, kAllComputers);
}

TEST_F(Groups, TakeComputersThatAreKnown) {
    const Guid servers = group("Servers");
    store::Computer computer;
    computer.id = "pc-1";
    computer.dns_name = "pc-1.corp.example";
    ASSERT_TRUE(store_->touch_computer(computer));
    const std::vector<Guid> one = {servers};
    const std::vector<Guid> unknown = {guid_of(9)};
    EXPECT_EQ(code_of(administration_->move_computer("pc-1", one)), "");
    EXPECT_EQ(value_of(store_->computer("pc-1"))->groups, one);
    EXPECT_EQ(code_of(administration_->move_computer("pc-2", one)), "computer.unknown");
    EXPECT_EQ(code_of(administration_->move_computer("pc-1", unknown)), "group.unknown");
}

class RulesTest : public PolicyTest {
protected:
    catalog::Revision of_class(std::uint8_t number) {
        catalog::Revision made = update(guid_of(number));
        made.prerequisites.push_back({{kClass}, true});
        made.prerequisites.push_back({{kProduct}, true});
        return made;
    }
    ApprovalRule rule(std::vector<Guid> groups = {kAllComputers}) {
        return {"Security", true, {false, {kClass}}, {false, {kProduct}}, std::move(groups)};
    }
    std::size_t apply(const ApprovalRule& one) {
        EXPECT_TRUE(save_rules(*store_, {one}));
        return value_of(administration_->apply_rules());
    }
};

TEST_F(RulesTest, ApproveWhatTheyAreAboutOnce) {
    add(of_class(1));
    add(update(guid_of(2)));
    EXPECT_EQ(apply(rule()), 1U);
    EXPECT_EQ(offered(guid_of(1)), Action::kInstall);
    EXPECT_EQ(offered(guid_of(2)), Action::kPreDeploymentCheck);
    EXPECT_EQ(apply(rule()), 0U);
    add(of_class(3));
    EXPECT_EQ(apply(rule()), 1U);
}

TEST_F(RulesTest, LeaveAloneWhatAnAdministratorDecided) {
    for (std::uint8_t i = 1; i <= 3; ++i) {
        add(of_class(i));
    }
    EXPECT_EQ(decline(guid_of(1)), "");
    EXPECT_EQ(approve(guid_of(2), kAllComputers, ApprovalAction::kNotApproved), "");
    EXPECT_EQ(apply(rule()), 1U);
    EXPECT_EQ(offered(guid_of(1)), std::nullopt);
    EXPECT_EQ(offered(guid_of(2)), Action::kPreDeploymentCheck);
    EXPECT_EQ(offered(guid_of(3)), Action::kInstall);
}

TEST_F(RulesTest, LeaveAloneWhatIsSupersededOrExpired) {
    add(of_class(1));
    catalog::Revision newer = of_class(2);
    newer.superseded = {guid_of(1)};
    add(newer);
    catalog::Revision expired = of_class(3);
    expired.publication_state = catalog::PublicationState::kExpired;
    add(expired);
    EXPECT_EQ(apply(rule()), 1U);
    EXPECT_EQ(offered(guid_of(2)), Action::kInstall);
    EXPECT_TRUE(publisher_->view()->approvals_of(guid_of(1)).empty());
    EXPECT_TRUE(publisher_->view()->approvals_of(guid_of(3)).empty());
}

TEST_F(RulesTest, DoNothingWhenDisabled) {
    add(of_class(1));
    ApprovalRule off = rule();
    off.enabled = false;
    EXPECT_EQ(apply(off), 0U);
}

TEST_F(RulesTest, WorkOnWithoutAGroupThatWasRemoved) {
    const Guid servers = group("Servers");
    add(of_class(1));
    ASSERT_TRUE(save_rules(*store_, {rule({servers, kAllComputers})}));
    ASSERT_TRUE(administration_->remove_group(servers));
    EXPECT_EQ(value_of(administration_->apply_rules()), 1U);
    EXPECT_EQ(offered(guid_of(1)), Action::kInstall);
}

}  // namespace
}  // namespace headwater::policy
