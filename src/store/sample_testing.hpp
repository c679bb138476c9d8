#pragma once
// For the tests of the rooms above: a generated catalog, put into a store.

#include <gtest/gtest.h>

#include <vector>

#include "catalog/parsed_document.hpp"
#include "catalog/sample.hpp"
#include "store/store.hpp"

namespace headwater::store {

inline void put_sample(Store& store, const catalog::SampleOptions& options, Time now) {
    std::vector<NewRevision> revisions;
    catalog::Sample(options).for_each_revision([&](catalog::SampleRevision&& made) {
        auto digested = catalog::digest_document(made.xml);
        ASSERT_TRUE(digested) << digested.error().text();
        NewRevision revision;
        for (const catalog::DocumentFile& file : digested->document.files) {
            revision.files.push_back({file.sha1, file.sha256, file.size, file.name,
                                      catalog::content_extension(file.name), ""});
        }
        revision.revision = catalog::make_revision(digested->document, std::move(digested->core));
        revision.document = std::move(made.xml);
        revisions.push_back(std::move(revision));
    });
    ASSERT_TRUE(store.put_revisions(revisions, now));
}

}  // namespace headwater::store
