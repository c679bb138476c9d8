#include "store/store.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "store/sqlite_schema.hpp"
#include "store/store_testing.hpp"

namespace headwater::store {
namespace {

constexpr Guid kAllComputers = "a0a08746-4dbe-4a37-9adf-9e7652c0b421"_guid;
constexpr Guid kUnassigned = "b73ca6ed-5727-47f3-84de-015e03f6a88a"_guid;

/// Does something to the file behind the store's back.
void run_sql(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
}

std::string content_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

TEST_F(StoreTest, AnotherProcessCannotOpenItsDatabase) {
    const auto second = open_sqlite(file());
    EXPECT_EQ(code_of(second), "store.locked");
    store_.reset();
    EXPECT_TRUE(open_sqlite(file()).has_value());
}

TEST_F(StoreTest, OnlyItsOwnerMayReadItsFiles) {
    EXPECT_TRUE(store().put_setting("a", "b").has_value());
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
        struct stat status{};
        ASSERT_EQ(::stat((file().string() + suffix).c_str(), &status), 0) << suffix;
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << suffix;
    }
}

TEST_F(StoreTest, OldRunsAreForgottenAndTheNewestStays) {
    std::vector<std::int64_t> ids;
    for (const int day : {1, 2, 3}) {
        SyncRun run;
        run.kind = "manual";
        run.started = Time(std::chrono::days(day));
        ids.push_back(value_of(store().start_run(run)));
    }
    EXPECT_EQ(value_of(store().remove_runs_before(Time(std::chrono::days(2)))), 1U);
    EXPECT_FALSE(value_of(store().run(ids[0])));
    EXPECT_EQ(value_of(store().remove_runs_before(Time(std::chrono::days(100)))), 1U);
    EXPECT_TRUE(value_of(store().run(ids[2])));
}

TEST_F(StoreTest, ACheckTellsSizeAndVersionOfASoundDatabase) {
    const auto state = value_of(store().check());
    EXPECT_TRUE(state.damage.empty());
    EXPECT_GT(state.bytes, 0U);
    EXPECT_EQ(state.version, schema_version());
    EXPECT_EQ(state.newest_version, schema_version());
}

TEST_F(StoreTest, ACheckFindsAnIndexThatDoesNotFitItsTable) {
    store_.reset();
    run_sql(file(),
            "CREATE TABLE extra (a, b); CREATE INDEX by_b ON extra (b);"
            "INSERT INTO extra VALUES (1, 'x'), (2, 'y');"
            "PRAGMA writable_schema = ON;"
            "UPDATE sqlite_schema SET sql = 'CREATE INDEX by_b ON extra (a)' "
            "WHERE name = 'by_b'");
    const auto damaged = value_of(open_sqlite(file()));
    EXPECT_FALSE(value_of(damaged->check()).damage.empty());
}

TEST_F(StoreTest, AnEmptyFileBecomesADatabase) {
    const auto empty = folder_.path() / "empty.db";
    std::ofstream(empty).close();
    const auto opened = open_sqlite(empty);
    ASSERT_TRUE(opened.has_value()) << opened.error().text();
    EXPECT_EQ(value_of((*opened)->last_change()), 0U);
}

TEST_F(StoreTest, AFileThatIsNoDatabaseIsRefusedAndLeftAsItIs) {
    const auto garbage = folder_.path() / "garbage.db";
    const std::string text = noise(9000, 1);
    std::ofstream(garbage) << text;
    const auto opened = open_sqlite(garbage);
    EXPECT_EQ(code_of(opened), "store.corrupt");
    EXPECT_NE(opened.error().sentence.find(garbage.string()), std::string::npos);
    EXPECT_EQ(std::filesystem::file_size(garbage), text.size());
}

TEST_F(StoreTest, ADatabaseOfAnotherProgramIsRefusedAndLeftAsItIs) {
    const auto foreign = folder_.path() / "foreign.db";
    run_sql(foreign, "CREATE TABLE recipe (name TEXT)");
    const std::string bytes = content_of(foreign);
    EXPECT_EQ(code_of(open_sqlite(foreign)), "store.corrupt");
    EXPECT_EQ(content_of(foreign), bytes);
}

TEST_F(StoreTest, ADatabaseOfANewerHeadwaterIsRefusedWithBothVersions) {
    store_.reset();
    run_sql(file(), "PRAGMA user_version=4711");
    const auto opened = open_sqlite(file());
    ASSERT_EQ(code_of(opened), "store.newer");
    EXPECT_NE(opened.error().sentence.find("version 4711"), std::string::npos);
    EXPECT_NE(
        opened.error().sentence.find("versions up to " + std::to_string(schema_version()) + "."),
        std::string::npos);
    EXPECT_FALSE(opened.error().remedy.empty());
}

TEST_F(StoreTest, AFolderThatIsNotThereIsSaid) {
    const auto opened = open_sqlite(folder_.path() / "nowhere" / "headwater.db");
    EXPECT_EQ(code_of(opened), "store.io");
    EXPECT_NE(opened.error().text().find("No such file"), std::string::npos);
}

TEST_F(StoreTest, AFileBeyondItsEndIsCorrupt) {
    std::vector<NewRevision> many;
    for (std::uint32_t i = 1; i <= 200; ++i) {
        many.push_back(revision_of(i));
        many.back().document = noise(3000, i);
    }
    value_of(store().put_revisions(many, at(0)));
    store_.reset();
    std::filesystem::resize_file(file(), std::filesystem::file_size(file()) / 2);
    auto opened = open_sqlite(file());
    std::string code = code_of(opened);
    if (opened) {
        code = code_of((*opened)->for_each_revision(0, [](catalog::Revision&&) {}));
    }
    EXPECT_EQ(code, "store.corrupt");
}

TEST_F(StoreTest, StartsWithTheTwoBuiltInGroups) {
    const auto groups = value_of(store().groups());
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].id, kAllComputers);
    EXPECT_EQ(groups[0].name, "All Computers");
    EXPECT_FALSE(groups[0].parent.has_value());
    EXPECT_TRUE(groups[0].is_builtin);
    EXPECT_EQ(groups[1].id, kUnassigned);
    EXPECT_EQ(groups[1].name, "Unassigned Computers");
    EXPECT_EQ(groups[1].parent, kAllComputers);
    EXPECT_TRUE(groups[1].is_builtin);
}

TEST_F(StoreTest, KeepsAndReplacesSettings) {
    EXPECT_EQ(value_of(store().setting("proxy")), std::nullopt);
    EXPECT_TRUE(store().put_setting("proxy", "first").has_value());
    const std::vector<std::pair<std::string, std::string>> settings = {{"proxy", "second"},
                                                                       {"empty", ""}};
    EXPECT_TRUE(store().put_settings(settings).has_value());
    reopen();
    EXPECT_EQ(value_of(store().setting("proxy")), "second");
    EXPECT_EQ(value_of(store().setting("empty")), "");
}

SyncRun sample_run() {
    SyncRun run;
    run.kind = "manual";
    run.upstream = "https://upstream.test";
    run.started = at(1);
    run.new_updates = 1;
    run.revised_updates = 2;
    run.expired_updates = 3;
    run.revisions = 4;
    run.requests = 5;
    run.bytes = 6;
    run.stages = "[]";
    return run;
}

TEST_F(StoreTest, ARunComesBackAsItWasStartedAndUpdated) {
    SyncRun run = sample_run();
    run.id = value_of(store().start_run(run));
    run.ended = at(9);
    run.result = RunResult::kFailed;
    run.error = "{\"code\":\"upstream.refused\"}";
    EXPECT_TRUE(store().update_run(run).has_value());
    reopen();
    const auto found = value_of(store().run(run.id));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->kind, "manual");
    EXPECT_EQ(found->upstream, "https://upstream.test");
    EXPECT_EQ(found->started, at(1));
    EXPECT_EQ(found->ended, at(9));
    EXPECT_EQ(found->result, RunResult::kFailed);
    EXPECT_EQ(found->new_updates, 1U);
    EXPECT_EQ(found->revised_updates, 2U);
    EXPECT_EQ(found->expired_updates, 3U);
    EXPECT_EQ(found->revisions, 4U);
    EXPECT_EQ(found->requests, 5U);
    EXPECT_EQ(found->bytes, 6U);
    EXPECT_EQ(found->stages, "[]");
    EXPECT_EQ(found->error, run.error);
}

TEST_F(StoreTest, RunsAreListedTheNewestFirst) {
    const auto first = value_of(store().start_run(sample_run()));
    const auto second = value_of(store().start_run(sample_run()));
    const auto both = value_of(store().runs(0));
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].id, second);
    EXPECT_EQ(both[1].id, first);
    EXPECT_EQ(value_of(store().runs(1)).size(), 1U);
}

TEST_F(StoreTest, AnUnknownRunIsNothingToReadAndAnErrorToUpdate) {
    EXPECT_EQ(value_of(store().run(77)), std::nullopt);
    SyncRun run = sample_run();
    run.id = 77;
    EXPECT_EQ(code_of(store().update_run(run)), "store.unknown");
}

TEST_F(StoreTest, RunsThatACrashLeftOpenAreClosed) {
    const auto open_one = value_of(store().start_run(sample_run()));
    SyncRun done = sample_run();
    done.result = RunResult::kSucceeded;
    done.ended = at(2);
    const auto closed_one = value_of(store().start_run(done));
    EXPECT_EQ(value_of(store().close_interrupted_runs(at(5))), 1U);
    EXPECT_EQ(value_of(store().close_interrupted_runs(at(6))), 0U);
    const auto interrupted = value_of(store().run(open_one));
    ASSERT_TRUE(interrupted.has_value());
    EXPECT_EQ(interrupted->result, RunResult::kInterrupted);
    EXPECT_EQ(interrupted->ended, at(5));
    const auto succeeded = value_of(store().run(closed_one));
    ASSERT_TRUE(succeeded.has_value());
    EXPECT_EQ(succeeded->ended, at(2));
}

TEST_F(StoreTest, KeepsDownstreamServersByTheirAccount) {
    EXPECT_TRUE(store().touch_downstream({guid_of(1), "old.test", at(1)}).has_value());
    EXPECT_TRUE(store().touch_downstream({guid_of(2), "a.test", at(2)}).has_value());
    EXPECT_TRUE(store().touch_downstream({guid_of(1), "z.test", at(3)}).has_value());
    const auto servers = value_of(store().downstream_servers());
    ASSERT_EQ(servers.size(), 2U);
    EXPECT_EQ(servers[0].account_name, "a.test");
    EXPECT_EQ(servers[1].account_guid, guid_of(1));
    EXPECT_EQ(servers[1].account_name, "z.test");
    EXPECT_EQ(servers[1].last_contact, at(3));
}

TEST_F(StoreTest, KeepsSealingKeys) {
    EXPECT_TRUE(store().put_sealing_key({4'000'000'000U, Bytes(32, 7), at(1)}).has_value());
    EXPECT_TRUE(store().put_sealing_key({1, Bytes(32, 8), at(2)}).has_value());
    reopen();
    const auto keys = value_of(store().sealing_keys());
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_EQ(keys[0].id, 1U);
    EXPECT_EQ(keys[1].id, 4'000'000'000U);
    EXPECT_EQ(keys[1].key, Bytes(32, 7));
    EXPECT_EQ(keys[1].created, at(1));
}

TEST_F(StoreTest, ABackupIsADatabaseThatOpens) {
    const std::array revisions = {revision_of(1)};
    const auto ids = value_of(store().put_revisions(revisions, at(0)));
    const auto copy = folder_.path() / "backup.db";
    ASSERT_TRUE(store().backup(copy).has_value());
    // A second one takes the place of the first, and holds what came since.
    EXPECT_TRUE(store().put_setting("name", "value").has_value());
    const auto done = store().backup(copy);
    ASSERT_TRUE(done.has_value()) << done.error().text();
    EXPECT_FALSE(std::filesystem::exists(copy.string() + ".partial"));
    struct stat status{};
    ASSERT_EQ(::stat(copy.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const auto opened = open_sqlite(copy);
    ASSERT_TRUE(opened.has_value()) << opened.error().text();
    EXPECT_EQ(value_of((*opened)->document(ids[0])), revisions[0].document);
    EXPECT_EQ(value_of((*opened)->setting("name")), "value");
}

TEST_F(StoreTest, ABackupIntoAFolderThatIsNotThereOrOntoItselfIsRefused) {
    EXPECT_EQ(code_of(store().backup(folder_.path() / "nowhere" / "copy.db")), "store.io");
    EXPECT_EQ(code_of(store().backup(file())), "store.io");
    EXPECT_TRUE(store().put_setting("still", "here").has_value());
}

}  // namespace
}  // namespace headwater::store
