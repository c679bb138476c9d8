// A synchronization from a sound upstream: over real sockets, into the real store, read back from
// the history as an administrator would.

#include <boost/json.hpp>
#include <latch>
#include <regex>

#include "catalog/parsed_document.hpp"
#include "synchronization_testing.hpp"

namespace headwater::integration {
namespace {

namespace json = boost::json;

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(Synchronization, BringsEverythingOnceAndThenOnlyAsksForLists) {
    const store::SyncRun first = run();
    EXPECT_EQ(first.result, store::RunResult::kSucceeded) << first.error;
    expect_everything_here();
    EXPECT_EQ(first.revisions, upstream_.revisions());
    const auto view = upstream_.publisher().view();
    std::uint64_t listed = 0;
    for (catalog::Index index = 0; index < view->catalog().size(); ++index) {
        listed += catalog::is_listed(view->catalog().revision(index)) ? 1U : 0U;
    }
    EXPECT_LT(listed, first.revisions);
    EXPECT_EQ(first.new_updates + first.revised_updates + first.expired_updates, listed);
    EXPECT_EQ(first.error, "");
    upstream_.forget();
    const store::SyncRun second = run();
    EXPECT_EQ(second.result, store::RunResult::kSucceeded) << second.error;
    EXPECT_EQ(second.revisions, 0U);
    EXPECT_EQ(upstream_.calls("GetUpdateData"), 0);
    EXPECT_EQ(upstream_.calls("GetRevisionIdList"), 2);
    // Handshake (3), configuration, two lists.
    EXPECT_EQ(second.requests, 6U);
}

TEST_F(Synchronization, StoresEveryDocumentByteForByte) {
    succeeds();
    std::map<catalog::RevisionIdentity, std::string> theirs;
    for (const auto& [id, identity] : test_help::value_of(upstream_.store().revision_ids())) {
        theirs[identity] = *test_help::value_of(upstream_.store().document(id));
    }
    for (const auto& [id, identity] : test_help::value_of(store_->revision_ids())) {
        EXPECT_EQ(*test_help::value_of(store_->document(id)), theirs[identity]);
    }
}

TEST_F(Synchronization, NextTimeBringsOnlyWhatIsNewRevisedAndExpired) {
    const store::SyncRun first = run();
    const auto plain = updates_that(
        [](const catalog::Revision& revision) { return catalog::is_listed(revision); });
    const catalog::RevisionIdentity revised{plain[0].identity.update_id, 900};
    const catalog::RevisionIdentity expired{plain[1].identity.update_id, 901};
    const catalog::RevisionIdentity added{Guid::random(), 1};
    give_upstream(plain[0], revised);
    give_upstream(plain[1], expired, true);
    give_upstream(plain[0], added);
    upstream_.forget();
    const store::SyncRun record = run();
    EXPECT_EQ(record.result, store::RunResult::kSucceeded) << record.error;
    EXPECT_EQ(record.new_updates, 1U);
    EXPECT_EQ(record.revised_updates, 1U);
    EXPECT_EQ(record.expired_updates, 1U);
    EXPECT_EQ(upstream_.calls("GetUpdateData"), 1);
    expect_everything_here();
    // And the history has them.
    using enum store::UpdateChange;
    EXPECT_THAT(test_help::value_of(store_->run_updates(record.id, std::nullopt, 0, 10)).updates,
                ElementsAre(store::RunUpdate{added, kNew}, store::RunUpdate{revised, kRevised},
                            store::RunUpdate{expired, kExpired}));
    EXPECT_EQ(test_help::value_of(store_->run_updates(first.id, std::nullopt, 0, 1)).total,
              first.new_updates + first.revised_updates + first.expired_updates);
}

TEST_F(Synchronization, TellsWhatEachStageCost) {
    const store::SyncRun record = run();
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;
    const json::value stages = json::parse(record.stages);
    for (const json::value& stage : stages.as_array()) {
        requests += stage.at("requests").to_number<std::uint64_t>();
        bytes += stage.at("bytes").to_number<std::uint64_t>();
        const double waited = stage.at("upstream_wait_seconds").as_double();
        EXPECT_GE(waited, 0);
        EXPECT_LE(waited, stage.at("seconds").as_double() + 0.01);
    }
    EXPECT_EQ(requests, record.requests);
    EXPECT_EQ(bytes, record.bytes);
}

TEST_F(Synchronization, AChosenFamilyBringsTheProductsThatItGetsLater) {
    const auto view = upstream_.publisher().view();
    const catalog::Snapshot& catalog = view->catalog();
    const auto names = [](const catalog::Revision& revision, const Guid& id) {
        return std::ranges::any_of(revision.prerequisites, [&](const auto& clause) {
            return std::ranges::find(clause.alternatives, id) != clause.alternatives.end();
        });
    };
    // An update, its product, and the family of that.
    const catalog::Revision* family = nullptr;
    const catalog::Revision* product = nullptr;
    const catalog::Revision* update = nullptr;
    for (const catalog::Index index : catalog.categories()) {
        const catalog::Revision& above = catalog.revision(index);
        if (above.category_type != catalog::CategoryType::kProductFamily) {
            continue;
        }
        for (catalog::Index i = 0; i < catalog.size(); ++i) {
            const catalog::Revision& revision = catalog.revision(i);
            const bool is_product = revision.category_type == catalog::CategoryType::kProduct;
            if (is_product && names(revision, above.identity.update_id)) {
                family = &above;
                product = &revision;
            } else if (product != nullptr && revision.explicitly_deployable &&
                       revision.bundled.empty() && names(revision, product->identity.update_id)) {
                update = &revision;
            }
        }
        if (update != nullptr) {
            break;
        }
    }
    ASSERT_NE(update, nullptr);
    auto options = test_help::value_of(policy::load_sync_options(*store_));
    options.products = {false, {family->identity.update_id}};
    ASSERT_TRUE(policy::save_sync_options(*store_, options));
    succeeds();
    EXPECT_TRUE(all_of(*store_).contains(update->identity));

    const Guid new_product = Guid::random();
    const auto made_of = [&](const catalog::Revision& revision, const Guid& id) {
        std::string xml = *test_help::value_of(upstream_.store().document(revision.id));
        xml = std::regex_replace(xml, std::regex(R"(UpdateID="[^"]*")"),
                                 "UpdateID=\"" + id.text() + "\"",
                                 std::regex_constants::format_first_only);
        xml = std::regex_replace(xml,
                                 std::regex(product->identity.update_id.text(), std::regex::icase),
                                 new_product.text());
        auto digested = test_help::value_of(catalog::digest_document(xml));
        store::NewRevision made;
        made.revision = catalog::make_revision(digested.document, std::move(digested.core));
        made.document = xml;
        return made;
    };
    const std::vector<store::NewRevision> added = {made_of(*product, new_product),
                                                   made_of(*update, Guid::random())};
    ASSERT_TRUE(upstream_.store().put_revisions(added, upstream_.clock.now()));
    ASSERT_TRUE(upstream_.publisher().refresh());
    succeeds();
    EXPECT_TRUE(all_of(*store_).contains(added[0].revision.identity));
    EXPECT_TRUE(all_of(*store_).contains(added[1].revision.identity));
}

TEST_F(Synchronization, BringsTheChosenLanguagesAndWhatIsForAll) {
    const auto choose_languages = [&](std::vector<std::string> languages) {
        auto options = test_help::value_of(policy::load_sync_options(*store_));
        options.languages = std::move(languages);
        ASSERT_TRUE(policy::save_sync_options(*store_, options));
    };
    // Three updates that are for German alone.
    const auto view = upstream_.publisher().view();
    std::vector<store::NewRevision> german;
    for (catalog::Index index = 0; index < view->catalog().size() && german.size() < 3; ++index) {
        const catalog::Revision& revision = view->catalog().revision(index);
        if (revision.category_type == catalog::CategoryType::kNone && revision.files.empty() &&
            revision.explicitly_deployable) {
            std::string xml = *test_help::value_of(upstream_.store().document(revision.id));
            xml = std::regex_replace(xml, std::regex(R"(UpdateID="[^"]*")"),
                                     "UpdateID=\"" + Guid::random().text() + "\"",
                                     std::regex_constants::format_first_only);
            auto digested = test_help::value_of(catalog::digest_document(xml));
            digested.document.languages = {"de"};
            store::NewRevision made;
            made.revision = catalog::make_revision(digested.document, std::move(digested.core));
            made.document = xml;
            german.push_back(std::move(made));
        }
    }
    ASSERT_EQ(german.size(), 3U);
    ASSERT_TRUE(upstream_.store().put_revisions(german, upstream_.clock.now()));
    ASSERT_TRUE(upstream_.publisher().refresh());
    choose_languages({"en"});
    succeeds();
    EXPECT_EQ(here() + 3, upstream_.revisions());
    choose_languages({"en", "de"});
    const store::SyncRun added = run();
    EXPECT_EQ(added.result, store::RunResult::kSucceeded) << added.error;
    EXPECT_EQ(added.revisions, 3U);
    expect_everything_here();
    succeeds();
    choose_languages({"fr"});
    succeeds();
    choose_languages({});
    EXPECT_EQ(run().revisions, 0U);
}

TEST_F(Synchronization, CancelledKeepsWhatIsHereAndTheNextRunFetchesTheRest) {
    upstream_.bend_answers([&](const std::string& operation, int nth, net::Response&) {
        if (operation == "GetUpdateData" && nth == 2) {
            EXPECT_TRUE(synchronizer_->cancel());
        }
    });
    const store::SyncRun record = run();
    EXPECT_EQ(record.result, store::RunResult::kCancelled);
    const std::size_t kept = here();
    EXPECT_LT(kept, upstream_.revisions());
    upstream_.bend_answers(nullptr);
    upstream_.forget();
    const store::SyncRun second = run();
    EXPECT_EQ(second.result, store::RunResult::kSucceeded) << second.error;
    EXPECT_EQ(second.revisions + kept, upstream_.revisions());
    expect_everything_here();
}

TEST_F(Synchronization, OnlyOneRunsAtATime) {
    std::latch released(1);
    std::latch reached(1);
    upstream_.answer_instead([&](const std::string& operation, int nth, const net::Request&) {
        if (operation == "GetConfigData" && nth == 1) {
            reached.count_down();
            released.wait();
        }
        return std::optional<net::Response>();
    });
    start();
    reached.wait();
    const auto second = synchronizer_->start("manual");
    EXPECT_EQ(test_help::code_of(second), "sync.running");
    released.count_down();
    EXPECT_EQ(wait().result, store::RunResult::kSucceeded);
    EXPECT_EQ(test_help::value_of(store_->runs(10)).size(), 1U);
    EXPECT_EQ(test_help::code_of(synchronizer_->cancel()), "sync.not_running");
}

TEST_F(Synchronization, WithoutAnUpstreamSaysHowToSetOne) {
    policy::SyncOptions none;
    ASSERT_TRUE(policy::save_sync_options(*store_, none));
    const auto started = synchronizer_->start("manual");
    EXPECT_EQ(test_help::code_of(started), "sync.no_upstream");
    EXPECT_THAT(started.error().remedy, HasSubstr("headwater sync options --upstream"));
}

}  // namespace
}  // namespace headwater::integration
