#include "agents/fragment_cache.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "catalog/parsed_document.hpp"
#include "catalog/sample.hpp"

namespace headwater::agents {
namespace {

class FragmentCacheTest : public testing::Test {
protected:
    FragmentCacheTest() {
        folder_ = std::filesystem::temp_directory_path() / ("headwater-" + Guid::random().text());
        std::filesystem::create_directories(folder_);
        store_ = *store::open_sqlite(folder_ / "headwater.db");
        std::vector<store::NewRevision> revisions;
        catalog::Sample({.updates = 120}).for_each_revision([&](catalog::SampleRevision&& made) {
            auto digested = catalog::digest_document(made.xml);
            store::NewRevision revision;
            revision.revision =
                catalog::make_revision(digested->document, std::move(digested->core));
            revision.document = std::move(made.xml);
            revisions.push_back(std::move(revision));
        });
        ids_ = *store_->put_revisions(revisions, SystemClock().now());
    }
    ~FragmentCacheTest() override {
        store_.reset();
        std::filesystem::remove_all(folder_);
    }

    catalog::Fragments derived(store::RevisionId id) const {
        return *catalog::derive_fragments(**store_->document(id));
    }

    std::filesystem::path folder_;
    std::unique_ptr<store::Store> store_;
    std::vector<store::RevisionId> ids_;
};

TEST_F(FragmentCacheTest, AnswersWhatTheDocumentSaysAndTheSameObjectAgain) {
    FragmentCache cache;
    for (const store::RevisionId id : ids_) {
        const auto first = cache.get(id, *store_);
        ASSERT_TRUE(first);
        EXPECT_EQ((*first)->extended, derived(id).extended);
        EXPECT_EQ((*first)->localized_properties, derived(id).localized_properties);
        EXPECT_EQ(*cache.get(id, *store_), *first);
    }
}

TEST_F(FragmentCacheTest, NeverHoldsMoreThanItsBoundAndKeepsWhatWasAskedLast) {
    FragmentCache all;
    for (const store::RevisionId id : ids_) {
        ASSERT_TRUE(all.get(id, *store_));
    }
    const std::size_t bound = all.bytes() / 4;
    FragmentCache cache(bound);
    const auto kept = *cache.get(ids_.front(), *store_);
    for (const store::RevisionId id : ids_) {
        ASSERT_TRUE(cache.get(id, *store_));
        ASSERT_LE(cache.bytes(), bound);
        ASSERT_TRUE(*cache.get(ids_.front(), *store_) == kept);
    }
}

TEST_F(FragmentCacheTest, ARevisionLargerThanTheBoundIsAnsweredAllTheSame) {
    FragmentCache cache(1);
    ASSERT_TRUE(cache.get(ids_.front(), *store_));
    EXPECT_EQ(cache.bytes(), 0U);
}

TEST_F(FragmentCacheTest, AnUnknownRevisionIsAnError) {
    FragmentCache cache;
    const auto got = cache.get(1'000'000, *store_);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, "catalog.no_document");
}

TEST_F(FragmentCacheTest, ManyThreadsMayAskAtOnce) {
    FragmentCache cache(20'000);
    std::vector<std::jthread> threads;
    for (unsigned thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            for (std::size_t i = 0; i < ids_.size(); ++i) {
                const store::RevisionId id = ids_[(i * 7 + thread) % ids_.size()];
                EXPECT_TRUE(cache.get(id, *store_));
            }
        });
    }
}

}  // namespace
}  // namespace headwater::agents
