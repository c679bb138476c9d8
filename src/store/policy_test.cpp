#include "store/store_testing.hpp"

namespace headwater::store {
namespace {

constexpr Guid kAllComputers = "a0a08746-4dbe-4a37-9adf-9e7652c0b421"_guid;
constexpr Guid kUnassigned = "b73ca6ed-5727-47f3-84de-015e03f6a88a"_guid;

Approval approval_of(std::uint32_t update, const Guid& group,
                     ApprovalAction action = ApprovalAction::kInstall) {
    return {0, guid_of(update), group, action, std::nullopt, "admin", at(1), 0};
}

TEST_F(StoreTest, AGroupIsInsertedAndReplaced) {
    EXPECT_TRUE(store().put_group({guid_of(1), "Servers", kAllComputers, false}).has_value());
    EXPECT_TRUE(store().put_group({guid_of(1), "Machines", kUnassigned, false}).has_value());
    reopen();
    const auto groups = value_of(store().groups());
    ASSERT_EQ(groups.size(), 3U);
    EXPECT_EQ(groups[1].name, "Machines");
    EXPECT_EQ(groups[1].parent, kUnassigned);
    EXPECT_FALSE(groups[1].is_builtin);
    EXPECT_EQ(value_of(store().last_change()), 2U);
}

TEST_F(StoreTest, ANameOfAnotherGroupIsAConflictInAnyCase) {
    EXPECT_TRUE(store().put_group({guid_of(1), "Servers", kAllComputers, false}).has_value());
    const auto same = store().put_group({guid_of(2), "SERVERS", kAllComputers, false});
    EXPECT_EQ(code_of(same), "store.conflict");
    EXPECT_NE(same.error().sentence.find("SERVERS"), std::string::npos);
    EXPECT_EQ(code_of(store().put_group({guid_of(3), "New", guid_of(99), false})),
              "store.conflict");
    EXPECT_EQ(value_of(store().groups()).size(), 3U);
    EXPECT_EQ(value_of(store().last_change()), 1U);
}

TEST_F(StoreTest, ARemovedGroupTakesItsMembershipsAndApprovalsAlong) {
    EXPECT_TRUE(store().put_group({guid_of(1), "Servers", kAllComputers, false}).has_value());
    EXPECT_TRUE(store().put_group({guid_of(2), "Web", guid_of(1), false}).has_value());
    const std::array approvals = {approval_of(5, guid_of(1)), approval_of(5, kAllComputers)};
    value_of(store().put_approvals(approvals));
    Computer computer;
    computer.id = "pc";
    computer.groups = {guid_of(1)};
    computer.last_contact = at(1);
    EXPECT_TRUE(store().touch_computer(computer).has_value());
    EXPECT_TRUE(store().remove_group(guid_of(1)).has_value());
    const auto left = value_of(store().approvals());
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].group_id, kAllComputers);
    const auto found = value_of(store().computer("pc"));
    ASSERT_TRUE(found.has_value());
    EXPECT_TRUE(found->groups.empty());
    const auto groups = value_of(store().groups());
    ASSERT_EQ(groups.size(), 3U);
    EXPECT_EQ(groups[2].name, "Web");
    EXPECT_EQ(groups[2].parent, kAllComputers);
}

TEST_F(StoreTest, BuiltInGroupsStay) {
    EXPECT_EQ(code_of(store().remove_group(kUnassigned)), "store.conflict");
    EXPECT_TRUE(store().put_group({kUnassigned, "New ones", kAllComputers, false}).has_value());
    EXPECT_EQ(code_of(store().remove_group(kUnassigned)), "store.conflict");
    EXPECT_TRUE(store().remove_group(guid_of(99)).has_value());
    EXPECT_EQ(value_of(store().groups()).size(), 2U);
    EXPECT_EQ(value_of(store().last_change()), 1U);
}

TEST_F(StoreTest, ApprovalsShareOneChangeAndKeepTheirDeploymentId) {
    std::array approvals = {approval_of(1, kAllComputers), approval_of(2, kAllComputers)};
    approvals[1].deadline = at(500);
    EXPECT_EQ(value_of(store().put_approvals(approvals)), 1U);
    const auto before = value_of(store().approvals());
    ASSERT_EQ(before.size(), 2U);
    EXPECT_NE(before[0].deployment_id, before[1].deployment_id);
    EXPECT_EQ(before[1].deadline, at(500));
    EXPECT_EQ(before[1].change, 1U);
    const std::array changed = {approval_of(1, kAllComputers, ApprovalAction::kBlock)};
    EXPECT_EQ(value_of(store().put_approvals(changed)), 2U);
    EXPECT_EQ(value_of(store().put_approvals({})), 2U);
    reopen();
    const auto after = value_of(store().approvals());
    ASSERT_EQ(after.size(), 2U);
    EXPECT_EQ(after[0].deployment_id, before[0].deployment_id);
    EXPECT_EQ(after[0].action, ApprovalAction::kBlock);
    EXPECT_EQ(after[0].administrator, "admin");
    EXPECT_EQ(after[0].changed, at(1));
    EXPECT_EQ(after[0].change, 2U);
    EXPECT_EQ(after[1].change, 1U);
}

TEST_F(StoreTest, ApprovalsForAGroupThatIsNotThereAreAllRefused) {
    const std::array approvals = {approval_of(1, kAllComputers), approval_of(1, guid_of(99))};
    const auto refused = store().put_approvals(approvals);
    EXPECT_EQ(code_of(refused), "store.conflict");
    EXPECT_NE(refused.error().sentence.find(guid_of(99).text()), std::string::npos);
    EXPECT_TRUE(value_of(store().approvals()).empty());
    EXPECT_EQ(value_of(store().last_change()), 0U);
}

TEST_F(StoreTest, DecliningRemovesApprovalsAndCanBeTakenBack) {
    const std::array approvals = {approval_of(1, kAllComputers), approval_of(2, kAllComputers)};
    value_of(store().put_approvals(approvals));
    const std::array updates = {guid_of(1), guid_of(3)};
    EXPECT_EQ(value_of(store().set_declined(updates, true, "root", at(9))), 2U);
    const auto left = value_of(store().approvals());
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].update_id, guid_of(2));
    reopen();
    const auto declines = value_of(store().declines());
    ASSERT_EQ(declines.size(), 2U);
    EXPECT_EQ(declines[0].update_id, guid_of(1));
    EXPECT_EQ(declines[0].administrator, "root");
    EXPECT_EQ(declines[0].changed, at(9));
    EXPECT_EQ(declines[0].change, 2U);
    EXPECT_EQ(value_of(store().set_declined(updates, false, "root", at(10))), 3U);
    EXPECT_TRUE(value_of(store().declines()).empty());
}

TEST_F(StoreTest, ADeploymentIdIsNeverGivenTwice) {
    const std::array first = {approval_of(1, kAllComputers)};
    value_of(store().put_approvals(first));
    const auto before = value_of(store().approvals());
    const std::array updates = {guid_of(1)};
    value_of(store().set_declined(updates, true, "root", at(1)));
    value_of(store().set_declined(updates, false, "root", at(2)));
    value_of(store().put_approvals(first));
    const auto after = value_of(store().approvals());
    ASSERT_EQ(after.size(), 1U);
    EXPECT_GT(after[0].deployment_id, before[0].deployment_id);
}

}  // namespace
}  // namespace headwater::store
