// What becomes of updates and of the choice when the upstream's catalog changes: as a WSUS does it.

#include "policy/view.hpp"
#include "synchronization_testing.hpp"

namespace headwater::integration {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class ChangedCatalog : public Synchronization {
protected:
    void approve(const Guid& update) {
        store::Approval approval;
        approval.update_id = update;
        approval.group_id = policy::kAllComputers;
        approval.action = store::ApprovalAction::kInstall;
        value_of(store_->put_approvals({&approval, 1}));
        ASSERT_TRUE(publisher_->refresh());
    }
    catalog::Revision deployable() {
        return updates_that(
                   [](const catalog::Revision& revision) { return revision.explicitly_deployable; })
            .front();
    }
    /// What a computer of no group in particular is told to do with a revision; nothing where it is
    /// not offered.
    std::optional<policy::Action> offered(const catalog::RevisionIdentity& identity) {
        const auto view = publisher_->view();
        const auto scope = view->scope({});
        const policy::Deployment* deployment = scope->find(view->catalog().find(identity));
        return deployment == nullptr ? std::nullopt : std::optional(deployment->action);
    }
    /// The products that have updates of their own at the upstream.
    std::vector<Guid> products() {
        const auto view = upstream_.publisher().view();
        std::vector<Guid> found;
        for (const catalog::Index index : view->catalog().categories()) {
            const catalog::Revision& revision = view->catalog().revision(index);
            const auto update = view->catalog().find_update(revision.identity.update_id);
            if (revision.category_type == catalog::CategoryType::kProduct &&
                !(view->catalog().naming(update) - view->catalog().categories() -
                  view->catalog().detectoids())
                     .isEmpty()) {
                found.push_back(revision.identity.update_id);
            }
        }
        return found;
    }
    void choose_products(std::vector<Guid> ids) {
        auto options = value_of(policy::load_sync_options(*store_));
        options.products = {false, std::move(ids)};
        ASSERT_TRUE(policy::save_sync_options(*store_, options));
    }

    template <typename T>
    static T value_of(Result<T> result) {
        return test_help::value_of(std::move(result));
    }
};

TEST_F(ChangedCatalog, AnApprovalHoldsForTheRevisionsThatComeLater) {
    succeeds();
    const catalog::Revision update = deployable();
    approve(update.identity.update_id);
    EXPECT_EQ(offered(update.identity), policy::Action::kInstall);
    const catalog::RevisionIdentity newer{update.identity.update_id, 900};
    give_upstream(update, newer);
    EXPECT_EQ(run().revised_updates, 1U);
    EXPECT_EQ(offered(newer), policy::Action::kInstall);
    EXPECT_NE(offered(update.identity), policy::Action::kInstall);
    EXPECT_THAT(publisher_->view()->approvals_of(update.identity.update_id), SizeIs(1));
}

TEST_F(ChangedCatalog, AnExpiredUpdateIsOfferedToNobodyAndKeepsItsApproval) {
    succeeds();
    const catalog::Revision update = deployable();
    approve(update.identity.update_id);
    const catalog::RevisionIdentity expired{update.identity.update_id, 900};
    give_upstream(update, expired, true);
    EXPECT_EQ(run().expired_updates, 1U);
    EXPECT_NE(offered(expired), policy::Action::kInstall);
    EXPECT_NE(offered(update.identity), policy::Action::kInstall);
    EXPECT_THAT(publisher_->view()->approvals_of(update.identity.update_id), SizeIs(1));
}

TEST_F(ChangedCatalog, AnUpdateThatTheUpstreamDoesNotHaveAnyMoreStaysWithItsApproval) {
    succeeds();
    const std::size_t before = here();
    const catalog::Revision update = deployable();
    approve(update.identity.update_id);
    // It lists everything anew, but for this one, and has no document for it.
    upstream_.be_replaced();
    bool forgotten = false;
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request& request) -> std::optional<net::Response> {
        if (operation == "GetRevisionIdList" && request.body.contains("<Anchor>")) {
            forgotten = true;
            return fault("ServerChanged");
        }
        return std::nullopt;
    });
    upstream_.bend_answers([&](const std::string& operation, int, net::Response& response) {
        if (operation == "GetRevisionIdList" && response.status == 200) {
            auto message = message_of<wire::GetRevisionIdListResponse>(response);
            std::erase_if(message.result.ensure().new_revisions, [&](const auto& id) {
                return id.update_id == update.identity.update_id;
            });
            response.body = text_of("GetRevisionIdListResponse", message);
        }
    });
    const store::SyncRun record = run();
    EXPECT_EQ(record.result, store::RunResult::kSucceeded) << record.error;
    EXPECT_TRUE(forgotten);
    EXPECT_EQ(record.revisions, 0U);
    EXPECT_EQ(here(), before);
    EXPECT_EQ(offered(update.identity), policy::Action::kInstall);
}

TEST_F(ChangedCatalog, AChosenProductThatDisappearedSelectsNothingAndHarmsNothing) {
    const Guid gone = Guid::random();
    choose_products({gone});
    const store::SyncRun nothing = run();
    EXPECT_EQ(nothing.result, store::RunResult::kSucceeded) << nothing.error;
    const std::size_t categories = here();
    choose_products({gone, products().front()});
    const store::SyncRun rest = run();
    EXPECT_EQ(rest.result, store::RunResult::kSucceeded) << rest.error;
    EXPECT_GT(here(), categories);
    EXPECT_TRUE(value_of(policy::load_sync_options(*store_)).products.ids.front() == gone);
}

TEST_F(ChangedCatalog, ANewChoiceBringsOnlyWhatItAdds) {
    const auto all = products();
    ASSERT_GE(all.size(), 2U);
    choose_products({all[0]});
    succeeds();
    const auto before = all_of(*store_);
    std::string filter;
    upstream_.answer_instead([&](const std::string& operation, int, const net::Request& request) {
        if (operation == "GetRevisionIdList" && request.body.contains("<Categories>")) {
            filter = request.body;
        }
        return std::optional<net::Response>();
    });
    upstream_.forget();
    choose_products({all[0], all[1]});
    const store::SyncRun added = run();
    EXPECT_EQ(added.result, store::RunResult::kSucceeded) << added.error;
    EXPECT_GT(added.revisions, 0U);
    EXPECT_EQ(added.revisions, here() - before.size());
    EXPECT_EQ(upstream_.calls("GetRevisionIdList"), 2);
    // What was chosen before is asked for since the anchor; what is new, whole.
    const auto asked = [](const Guid& id, const char* delta) {
        return testing::HasSubstr("<Id>" + id.text() + "</Id><Delta>" + delta + "</Delta>");
    };
    EXPECT_THAT(filter, testing::AllOf(asked(all[0], "true"), asked(all[1], "false")));
    // Less is chosen: nothing is fetched, and nothing goes.
    choose_products({all[1]});
    EXPECT_EQ(run().revisions, 0U);
    EXPECT_EQ(here(), before.size() + added.revisions);
}

}  // namespace
}  // namespace headwater::integration
