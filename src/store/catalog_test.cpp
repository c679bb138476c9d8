#include <limits>
#include <stdexcept>

#include "store/store_testing.hpp"

namespace headwater::store {
namespace {

std::vector<catalog::Revision> revisions_after(const Store& store, ChangeNumber after) {
    std::vector<catalog::Revision> all;
    const auto done = store.for_each_revision(
        after, [&](catalog::Revision&& revision) { all.push_back(std::move(revision)); });
    EXPECT_TRUE(done.has_value()) << done.error().text();
    return all;
}

TEST_F(StoreTest, RevisionsComeBackWithTheirNumbers) {
    const std::array revisions = {revision_of(1), revision_of(2), revision_of(1, 7)};
    const auto ids = value_of(store().put_revisions(revisions, at(0)));
    ASSERT_EQ(ids.size(), 3U);
    reopen();
    const auto all = revisions_after(store(), 0);
    ASSERT_EQ(all.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(all[i].id, ids[i]);
        EXPECT_EQ(all[i].identity, revisions.at(i).revision.identity);
        EXPECT_EQ(all[i].title, revisions.at(i).revision.title);
        EXPECT_EQ(all[i].change, 1U);
        EXPECT_EQ(all[i].imported, at(0));
        EXPECT_EQ(value_of(store().document(ids[i])), revisions.at(i).document);
    }
    EXPECT_EQ(value_of(store().last_change()), 1U);
    const auto identities = value_of(store().revision_ids());
    ASSERT_EQ(identities.size(), 3U);
    EXPECT_EQ(identities[2].first, ids[2]);
    EXPECT_EQ(identities[2].second, (RevisionIdentity{guid_of(1), 7}));
}

TEST_F(StoreTest, ARevisionThatIsHereIsLeftAlone) {
    const std::array first = {revision_of(1)};
    const auto id = value_of(store().put_revisions(first, at(0)));
    std::array again = {revision_of(1), revision_of(2), revision_of(2)};
    again[0].document = "<Other />";
    const auto ids = value_of(store().put_revisions(again, at(10)));
    EXPECT_EQ(ids[0], id[0]);
    EXPECT_NE(ids[1], id[0]);
    EXPECT_EQ(ids[1], ids[2]);
    EXPECT_EQ(value_of(store().document(id[0])), first[0].document);
    const auto added = revisions_after(store(), 1);
    ASSERT_EQ(added.size(), 1U);
    EXPECT_EQ(added[0].id, ids[1]);
}

TEST_F(StoreTest, NothingNewIsNoChange) {
    const std::array one = {revision_of(1)};
    value_of(store().put_revisions(one, at(0)));
    value_of(store().put_revisions(one, at(5)));
    EXPECT_TRUE(value_of(store().put_revisions({}, at(6))).empty());
    EXPECT_EQ(value_of(store().last_change()), 1U);
}

TEST_F(StoreTest, EveryImportIsLaterThanTheOneBeforeInWholeMilliseconds) {
    const std::array<Time, 4> moments = {at(100) + Microseconds(1), at(100), at(50), at(200)};
    std::uint32_t number = 0;
    for (const Time now : moments) {
        const std::array one = {revision_of(++number)};
        value_of(store().put_revisions(one, now));
        reopen();
    }
    const auto all = revisions_after(store(), 0);
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[0].imported, at(101));
    EXPECT_EQ(all[1].imported, at(102));
    EXPECT_EQ(all[2].imported, at(103));
    EXPECT_EQ(all[3].imported, at(200));
}

TEST_F(StoreTest, WhatIsDerivedIsReplacedAndTheRestStays) {
    const std::array one = {revision_of(1)};
    const auto ids = value_of(store().put_revisions(one, at(0)));
    catalog::Revision derived = one[0].revision;
    derived.title = "Better";
    EXPECT_TRUE(store().replace_derived(ids[0], derived).has_value());
    const auto all = revisions_after(store(), 0);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].title, "Better");
    EXPECT_EQ(all[0].id, ids[0]);
    EXPECT_EQ(all[0].change, 1U);
    EXPECT_EQ(all[0].imported, at(0));
}

TEST_F(StoreTest, WhatIsDerivedOfAnotherRevisionIsRefused) {
    const std::array one = {revision_of(1)};
    const auto ids = value_of(store().put_revisions(one, at(0)));
    EXPECT_EQ(code_of(store().replace_derived(ids[0] + 1, one[0].revision)), "store.unknown");
    EXPECT_EQ(code_of(store().replace_derived(ids[0], revision_of(2).revision)), "store.unknown");
}

TEST_F(StoreTest, ADamagedRecordIsNamedWithWhatToDo) {
    const std::array two = {revision_of(1), revision_of(2)};
    const auto ids = value_of(store().put_revisions(two, at(0)));
    const auto spoiled = store().writer().write([&](Connection& connection) {
        return connection.execute("UPDATE revision SET record = substr(record, 2) WHERE id = ?1",
                                  ids[1]);
    });
    ASSERT_TRUE(spoiled.has_value());
    std::size_t taken = 0;
    const auto done = store().for_each_revision(0, [&](catalog::Revision&&) { ++taken; });
    ASSERT_EQ(code_of(done), "store.corrupt");
    EXPECT_EQ(taken, 1U);
    EXPECT_NE(done.error().sentence.find("revision " + std::to_string(ids[1])), std::string::npos);
    EXPECT_NE(done.error().remedy.find("headwater catalog rebuild"), std::string::npos);
    EXPECT_EQ(value_of(store().revision_ids()).size(), 2U);
}

TEST_F(StoreTest, ADamagedDocumentIsNamed) {
    const std::array one = {revision_of(1)};
    const auto ids = value_of(store().put_revisions(one, at(0)));
    const auto spoiled = store().writer().write([&](Connection& connection) {
        return connection.execute("UPDATE document SET xml = x'00010203'");
    });
    ASSERT_TRUE(spoiled.has_value());
    EXPECT_EQ(code_of(store().document(ids[0])), "store.corrupt");
    EXPECT_EQ(value_of(store().document(ids[0] + 1)), std::nullopt);
}

TEST_F(StoreTest, WhileRevisionsAreReadOthersAreWrittenAndRead) {
    const std::array two = {revision_of(1), revision_of(2)};
    value_of(store().put_revisions(two, at(0)));
    std::size_t taken = 0;
    const auto done = store().for_each_revision(0, [&](catalog::Revision&& revision) {
        ++taken;
        const std::array more = {revision_of(100 + revision.id)};
        value_of(store().put_revisions(more, at(1)));
        EXPECT_EQ(value_of(store().revision_ids()).size(), 2 + taken);
    });
    EXPECT_TRUE(done.has_value());
    EXPECT_EQ(taken, 2U);
}

TEST_F(StoreTest, TheSameIsReadAgainAfterAReaderThrew) {
    const std::array two = {revision_of(1), revision_of(2)};
    value_of(store().put_revisions(two, at(0)));
    EXPECT_THROW(static_cast<void>(store().for_each_revision(
                     0, [](catalog::Revision&&) { throw std::runtime_error("stop"); })),
                 std::runtime_error);
    EXPECT_EQ(revisions_after(store(), 0).size(), 2U);
}

TEST_F(StoreTest, FilesComeBackAsTheyWereGiven) {
    std::array one = {revision_of(1)};
    NewFile given = file_of(5);
    given.sha256 = Sha256::of(as_bytes("5"));
    one[0].files = {given, file_of(6)};
    value_of(store().put_revisions(one, at(3)));
    reopen();
    const auto file = value_of(store().file(given.sha1));
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->sha1, given.sha1);
    EXPECT_EQ(file->sha256, given.sha256);
    EXPECT_EQ(file->size, 5U);
    EXPECT_EQ(file->name, "file5.cab");
    EXPECT_EQ(file->extension, ".cab");
    EXPECT_EQ(file->mu_url, "http://download.test/5");
    EXPECT_EQ(file->state, FileState::kNotWanted);
    EXPECT_EQ(file->attempts, 0U);
    EXPECT_TRUE(file->error.empty());
    EXPECT_EQ(file->changed, at(3));
    EXPECT_EQ(value_of(store().file(sha1_of(7))), std::nullopt);
}

TEST_F(StoreTest, AFileKnownAlreadyLearnsItsAddressAndKeepsItsState) {
    std::array one = {revision_of(1)};
    one[0].files = {file_of(5)};
    one[0].files[0].mu_url.clear();
    value_of(store().put_revisions(one, at(0)));
    const std::array digests = {sha1_of(5)};
    EXPECT_TRUE(store().set_file_state(digests, FileState::kPresent, "", at(1)).has_value());
    std::array two = {revision_of(2)};
    two[0].files = {file_of(5)};
    value_of(store().put_revisions(two, at(2)));
    two[0] = revision_of(3);
    two[0].files = {file_of(5)};
    two[0].files[0].mu_url.clear();
    value_of(store().put_revisions(two, at(3)));
    const auto file = value_of(store().file(sha1_of(5)));
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->mu_url, "http://download.test/5");
    EXPECT_EQ(file->state, FileState::kPresent);
}

TEST_F(StoreTest, AFileStateKeepsItsErrorAndCountsItsAttempts) {
    std::array one = {revision_of(1)};
    one[0].files = {file_of(5)};
    value_of(store().put_revisions(one, at(0)));
    const std::array digests = {sha1_of(5), sha1_of(404)};
    const auto set = [&](FileState state, const std::string& error) {
        EXPECT_TRUE(store().set_file_state(digests, state, error, at(1)).has_value());
        return value_of(store().file(sha1_of(5))).value_or(FileRecord{});
    };
    EXPECT_EQ(set(FileState::kWaiting, "").attempts, 0U);
    const FileRecord first = set(FileState::kWaiting, "timed out");
    EXPECT_EQ(first.attempts, 1U);
    EXPECT_EQ(first.error, "timed out");
    EXPECT_EQ(set(FileState::kFailed, "gone").error, "gone");
    const FileRecord again = set(FileState::kWaiting, "");
    EXPECT_EQ(again.attempts, 2U);
    EXPECT_TRUE(again.error.empty());
    const FileRecord present = set(FileState::kPresent, "ignored");
    EXPECT_EQ(present.attempts, 3U);
    EXPECT_TRUE(present.error.empty());
    EXPECT_EQ(set(FileState::kNotWanted, "ignored").attempts, 3U);
}

TEST_F(StoreTest, FilesAreFoundByStateAndCounted) {
    std::array one = {revision_of(1)};
    for (std::uint32_t i = 1; i <= 10; ++i) {
        one[0].files.push_back(file_of(i));
    }
    one[0].files[9].size = std::numeric_limits<std::uint64_t>::max();
    value_of(store().put_revisions(one, at(0)));
    const std::array waiting = {sha1_of(3), sha1_of(1), sha1_of(2)};
    EXPECT_TRUE(store().set_file_state(waiting, FileState::kWaiting, "", at(1)).has_value());
    EXPECT_EQ(value_of(store().files_in_state(FileState::kWaiting, 0)).size(), 3U);
    EXPECT_EQ(value_of(store().files_in_state(FileState::kWaiting, 2)).size(), 2U);
    EXPECT_TRUE(value_of(store().files_in_state(FileState::kFailed, 0)).empty());
    auto totals = value_of(store().file_totals());
    EXPECT_EQ(totals.size(), 2U);
    EXPECT_EQ(totals[FileState::kWaiting].count, 3U);
    EXPECT_EQ(totals[FileState::kWaiting].bytes, 6U);
    EXPECT_EQ(totals[FileState::kNotWanted].count, 7U);
    const std::array asked = {sha1_of(10), sha1_of(404), sha1_of(1)};
    const auto files = value_of(store().files(asked));
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].size, std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(files[1].sha1, sha1_of(1));
}

}  // namespace
}  // namespace headwater::store
