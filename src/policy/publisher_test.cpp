#include "policy/publisher.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "policy/policy_testing.hpp"

namespace headwater::policy {
namespace {

using PublisherTest = PolicyTest;

/// What requests can see of a view, as text.
std::string seen(const View& view, const std::vector<Guid>& groups) {
    std::string text = "change " + std::to_string(view.change());
    const auto scope = view.scope(groups);
    for (catalog::Index index = 0; index < view.catalog().size(); ++index) {
        const catalog::Revision& revision = view.catalog().revision(index);
        const Deployment* deployment = scope->find(index);
        text += "\n" + std::to_string(revision.id) + " " + revision.identity.update_id.text() +
                " " + std::to_string(revision.identity.revision_number);
        if (deployment != nullptr) {
            text += " " + std::string(name_of(deployment->action)) + " " +
                    std::to_string(deployment->id) + " " + std::to_string(deployment->change);
        }
    }
    return text;
}

TEST_F(PublisherTest, PublishesAfterEachChangeWhatAFreshStartWouldLoad) {
    std::mt19937 random(5);
    const auto below = [&](unsigned limit) { return static_cast<std::uint8_t>(random() % limit); };
    std::vector<Guid> groups;
    for (int step = 0; step < 120; ++step) {
        const Guid id = guid_of(below(20));
        switch (below(6)) {
            case 0:
            case 1: {
                catalog::Revision made = update(id, below(5));
                if (below(3) == 0) {
                    made.bundled.push_back({{{guid_of(below(20)), below(5)}}});
                }
                if (below(3) == 0) {
                    made.prerequisites.push_back({{guid_of(below(20))}, false});
                }
                add(made, below(2) == 0);
                break;
            }
            case 2:
                approve(id,
                        groups.empty() ? kAllComputers
                                       : groups[below(static_cast<unsigned>(groups.size()))],
                        static_cast<store::ApprovalAction>(below(4)));
                break;
            case 3:
                decline(id, below(2) == 0);
                break;
            case 4:
                if (groups.size() < 4) {
                    groups.push_back(
                        group("Group " + std::to_string(step),
                              groups.empty() ? std::nullopt : std::optional(groups.back())));
                }
                break;
            default:
                if (!groups.empty()) {
                    if (administration_->remove_group(groups.back())) {
                        groups.pop_back();
                    }
                }
        }
        Publisher fresh(*store_);
        ASSERT_TRUE(fresh.load());
        const std::vector<Guid> of_a_computer =
            groups.empty() ? std::vector<Guid>{} : std::vector{groups.back()};
        ASSERT_EQ(seen(*publisher_->view(), of_a_computer), seen(*fresh.view(), of_a_computer))
            << "after step " << step;
    }
}

TEST_F(PublisherTest, PublishesNothingForARunThatStoredNothing) {
    add(update(guid_of(1)));
    const auto before = publisher_->view();
    ASSERT_TRUE(publisher_->refresh_revisions());
    EXPECT_EQ(publisher_->view(), before);
}

TEST_F(PublisherTest, PublishesNewRevisionsWithTheDecisionsThatItHas) {
    add(update(guid_of(1)));
    EXPECT_EQ(decline(guid_of(1)), "");
    const auto before = publisher_->view();
    store::NewRevision made;
    made.revision = update(guid_of(2));
    made.document = "<Update/>";
    ASSERT_TRUE(store_->put_revisions({&made, 1}, clock_.now()));
    ASSERT_TRUE(publisher_->refresh_revisions());
    EXPECT_EQ(publisher_->view()->catalog().size(), 2U);
    EXPECT_EQ(publisher_->view()->shared_decisions(), before->shared_decisions());
    EXPECT_TRUE(publisher_->view()->is_declined(guid_of(1)));
}

TEST_F(PublisherTest, PublishesWithNewRevisionsADecisionThatNobodyPublished) {
    add(update(guid_of(1)));
    const Guid one = guid_of(1);
    ASSERT_TRUE(store_->set_declined({&one, 1}, true, "tester", clock_.now()));
    ASSERT_FALSE(publisher_->view()->is_declined(one));
    ASSERT_TRUE(publisher_->refresh_revisions());
    EXPECT_TRUE(publisher_->view()->is_declined(one));
}

TEST_F(PublisherTest, BuildsTheScopesThatAreInUseBeforeItPublishes) {
    add(update(guid_of(1)));
    const Guid of_one = group("One");
    static_cast<void>(publisher_->view()->scope({}));
    static_cast<void>(publisher_->view()->scope({&of_one, 1}));
    add(update(guid_of(2)));
    EXPECT_EQ(publisher_->view()->scope_count(), 2U);
    // Nobody asked for them again: they are not carried on for ever.
    add(update(guid_of(3)));
    EXPECT_EQ(publisher_->view()->scope_count(), 0U);
}

TEST_F(PublisherTest, TellsItsListenersInOrderWithTheViewThatIsThen) {
    std::vector<std::string> told;
    Publisher publisher(*store_);
    publisher.on_publish([&](const auto& view) {
        told.push_back("first");
        EXPECT_EQ(view, publisher.view());
    });
    publisher.on_publish([&](const auto&) { told.push_back("second"); });
    ASSERT_TRUE(publisher.load());
    EXPECT_EQ(told, (std::vector<std::string>{"first", "second"}));
}

TEST_F(PublisherTest, ServesReadersWhileItPublishes) {
    add(update(guid_of(1)));
    std::atomic<bool> done = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            ChangeNumber before = 0;
            while (!done) {
                const auto view = publisher_->view();
                EXPECT_GE(view->change(), before);
                before = view->change();
                EXPECT_EQ(view->scope({})->find(view->catalog().newest(guid_of(1))) != nullptr,
                          !view->is_declined(guid_of(1)));
            }
        });
    }
    for (int i = 0; i < 40; ++i) {
        EXPECT_EQ(decline(guid_of(1), i % 2 == 0), "");
    }
    done = true;
    for (std::thread& reader : readers) {
        reader.join();
    }
}

}  // namespace
}  // namespace headwater::policy
