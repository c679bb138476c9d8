#include <limits>

#include "store/sqlite_store.hpp"

namespace headwater::store {
namespace {

SyncRun read_run(Row& row) {
    SyncRun run;
    run.id = row.number<std::int64_t>(0);
    run.kind = row.text(1);
    run.upstream = row.text(2);
    run.started = row.time(3);
    run.ended = row.optional_time(4);
    run.result = row.choice(5, RunResult::kInterrupted);
    run.new_updates = row.number<std::uint64_t>(6);
    run.revised_updates = row.number<std::uint64_t>(7);
    run.expired_updates = row.number<std::uint64_t>(8);
    run.revisions = row.number<std::uint64_t>(9);
    run.requests = row.number<std::uint64_t>(10);
    run.bytes = row.number<std::uint64_t>(11);
    run.stages = row.text(12);
    run.error = row.text(13);
    return run;
}

}  // namespace

Result<std::int64_t> SqliteStore::start_run(const SyncRun& run) {
    return writer_.write([&](Connection& connection) -> Result<std::int64_t> {
        auto done = connection.execute(
            "INSERT INTO sync_run (kind, upstream, started, ended, result, new_updates, "
            "revised_updates, expired_updates, revisions, requests, bytes, stages, error) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            run.kind, run.upstream, run.started, run.ended, run.result, run.new_updates,
            run.revised_updates, run.expired_updates, run.revisions, run.requests, run.bytes,
            run.stages, run.error);
        if (!done) {
            return std::unexpected(std::move(done).error());
        }
        return connection.last_id();
    });
}

Result<> SqliteStore::update_run(const SyncRun& run) {
    return writer_.write([&](Connection& connection) -> Result<> {
        auto done = connection.execute(
            "UPDATE sync_run SET kind = ?1, upstream = ?2, started = ?3, ended = ?4, result = ?5, "
            "new_updates = ?6, revised_updates = ?7, expired_updates = ?8, revisions = ?9, "
            "requests = ?10, bytes = ?11, stages = ?12, error = ?13 WHERE id = ?14",
            run.kind, run.upstream, run.started, run.ended, run.result, run.new_updates,
            run.revised_updates, run.expired_updates, run.revisions, run.requests, run.bytes,
            run.stages, run.error, run.id);
        if (done && connection.changes() == 0) {
            return fail("store.unknown",
                        "There is no synchronization run " + std::to_string(run.id) + " here.");
        }
        return done;
    });
}

Result<std::vector<SyncRun>> SqliteStore::runs(std::size_t limit) const {
    return runs_before(std::numeric_limits<std::int64_t>::max(), limit);
}

Result<std::vector<SyncRun>> SqliteStore::runs_before(std::int64_t id, std::size_t limit) const {
    return read([&](Connection& connection) {
        return collect(
            connection,
            "SELECT id, kind, upstream, started, ended, result, new_updates, "
            "revised_updates, expired_updates, revisions, requests, bytes, stages, error "
            "FROM sync_run WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            read_run, id, sql_limit(limit));
    });
}

Result<std::optional<SyncRun>> SqliteStore::run(std::int64_t id) const {
    return read([&](Connection& connection) {
        return find_one(
            connection,
            "SELECT id, kind, upstream, started, ended, result, new_updates, "
            "revised_updates, expired_updates, revisions, requests, bytes, stages, error "
            "FROM sync_run WHERE id = ?1",
            read_run, id);
    });
}

Result<RunUpdates> SqliteStore::run_updates(std::int64_t run, std::optional<UpdateChange> change,
                                            std::size_t offset, std::size_t limit) const {
    const UpdateChange first = change.value_or(UpdateChange::kNew);
    const UpdateChange last = change.value_or(UpdateChange::kExpired);
    return read([&](Connection& connection) -> Result<RunUpdates> {
        const auto total = find_one(
            connection,
            "SELECT count(*) FROM run_update WHERE run = ?1 AND change BETWEEN ?2 AND ?3",
            [](Row& row) { return row.number<std::uint64_t>(0); }, run, first, last);
        if (!total) {
            return std::unexpected(total.error());
        }
        // The page is cut before the join, so that what is skipped costs an index entry each.
        auto updates = collect(
            connection,
            "SELECT update_id, revision_number, page.change FROM (SELECT change, revision_id "
            "FROM run_update WHERE run = ?1 AND change BETWEEN ?2 AND ?3 "
            "ORDER BY change, revision_id LIMIT ?4 OFFSET ?5) AS page "
            "JOIN revision ON id = page.revision_id ORDER BY page.change, page.revision_id",
            [](Row& row) {
                return RunUpdate{{row.plain<Guid>(0), row.number<std::uint32_t>(1)},
                                 row.choice(2, UpdateChange::kExpired)};
            },
            run, first, last, sql_limit(limit), offset);
        if (!updates) {
            return std::unexpected(std::move(updates).error());
        }
        return RunUpdates{total->value_or(0), std::move(*updates)};
    });
}

Result<std::size_t> SqliteStore::remove_runs_before(Time time) {
    return writer_.write([&](Connection& connection) -> Result<std::size_t> {
        auto done = connection.execute(
            "DELETE FROM sync_run WHERE started < ?1 AND id < (SELECT max(id) FROM sync_run)",
            time);
        if (!done) {
            return std::unexpected(std::move(done).error());
        }
        return static_cast<std::size_t>(connection.changes());
    });
}

Result<std::size_t> SqliteStore::close_interrupted_runs(Time now) {
    return writer_.write([&](Connection& connection) -> Result<std::size_t> {
        auto done =
            connection.execute("UPDATE sync_run SET result = ?1, ended = ?2 WHERE result = ?3",
                               RunResult::kInterrupted, now, RunResult::kRunning);
        if (!done) {
            return std::unexpected(std::move(done).error());
        }
        return static_cast<std::size_t>(connection.changes());
    });
}

Result<> SqliteStore::touch_downstream(const DownstreamServer& server) {
    return writer_.write([&](Connection& connection) {
        return connection.execute(
            "INSERT INTO downstream_server (account_guid, account_name, last_contact) "
            "VALUES (?1, ?2, ?3) ON CONFLICT (account_guid) DO UPDATE SET "
            "account_name = excluded.account_name, last_contact = excluded.last_contact",
            server.account_guid, server.account_name, server.last_contact);
    });
}

Result<std::vector<DownstreamServer>> SqliteStore::downstream_servers() const {
    return read([](Connection& connection) {
        return collect(connection,
                       "SELECT account_guid, account_name, last_contact FROM downstream_server "
                       "ORDER BY account_name, account_guid",
                       [](Row& row) {
                           return DownstreamServer{row.plain<Guid>(0), row.text(1), row.time(2)};
                       });
    });
}

Result<std::vector<SealingKey>> SqliteStore::sealing_keys() const {
    return read([](Connection& connection) {
        return collect(connection, "SELECT id, key, created FROM sealing_key ORDER BY id",
                       [](Row& row) {
                           const ByteView key = row.blob(1);
                           return SealingKey{row.number<std::uint32_t>(0),
                                             Bytes(key.begin(), key.end()), row.time(2)};
                       });
    });
}

Result<> SqliteStore::put_sealing_key(const SealingKey& key) {
    return writer_.write([&](Connection& connection) {
        return connection.execute(
            "INSERT INTO sealing_key (id, key, created) VALUES (?1, ?2, ?3) "
            "ON CONFLICT (id) DO UPDATE SET key = excluded.key, created = excluded.created",
            key.id, key.key, key.created);
    });
}

}  // namespace headwater::store
