#include <unordered_set>

#include "store/sqlite_computers.hpp"
#include "store/sqlite_store.hpp"
#include "store/sqlite_texts.hpp"

namespace headwater::store {
namespace {

ReportedEvent read_event(Row& row) {
    ReportedEvent event;
    event.computer_id = row.text(0);
    event.instance_id = row.plain<Guid>(1);
    event.event_id = row.number<std::int32_t>(2);
    event.source_id = row.number<std::int32_t>(3);
    if (!row.is_null(4)) {
        event.update = RevisionIdentity{row.plain<Guid>(4), row.number<std::uint32_t>(5)};
    }
    event.result = row.number<std::int32_t>(6);
    event.time_at_target = row.time(7);
    event.received = row.time(8);
    event.replacement_strings = unpack_texts(row, 9);
    event.misc_data = unpack_texts(row, 10);
    event.app_name = row.text(11);
    return event;
}

ComputerUpdateStatus read_status(Row& row) {
    return {row.text(0), row.plain<Guid>(1), row.choice(2, UpdateStatus::kPendingReboot),
            row.number<std::int32_t>(3), row.time(4)};
}

/// True for one that was not here before.
Result<bool> insert_event(Connection& connection, std::int64_t computer,
                          const ReportedEvent& event) {
    std::optional<Guid> update_id;
    std::optional<std::uint32_t> revision_number;
    if (event.update) {
        update_id = event.update->update_id;
        revision_number = event.update->revision_number;
    }
    auto done = connection.execute(
        "INSERT INTO reported_event (computer, instance_id, event_id, source_id, update_id, "
        "revision_number, result, time_at_target, received, replacement_strings, misc_data, "
        "app_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
        "ON CONFLICT (instance_id) DO NOTHING",
        computer, event.instance_id, event.event_id, event.source_id, update_id, revision_number,
        event.result, event.time_at_target, event.received, pack_texts(event.replacement_strings),
        pack_texts(event.misc_data), event.app_name);
    if (!done) {
        return std::unexpected(std::move(done).error());
    }
    return connection.changes() != 0;
}

/// Events that name no update come with every scan: the newest of each kind says it all. Of client
/// statuses some are remembered, not shown, so that one which is sent again is known.
Result<> forget_older(Connection& connection, std::int64_t computer, std::int32_t event_id) {
    constexpr std::int64_t kShown = 1;
    constexpr std::int64_t kRemembered = 8;
    // The planner would rather walk this kind of event of all computers.
    return connection.execute(
        "DELETE FROM reported_event INDEXED BY reported_event_computer "
        "WHERE computer = ?1 AND event_id = ?2 AND update_id IS NULL AND number NOT IN "
        "(SELECT number FROM reported_event INDEXED BY reported_event_computer "
        "WHERE computer = ?1 AND event_id = ?2 AND update_id IS NULL "
        "ORDER BY number DESC LIMIT ?3)",
        computer, event_id, event_id == kClientStatusEvent ? kRemembered : kShown);
}

/// "What the newest one no longer names counts as not applicable."
Result<> remove_unnamed(Connection& connection, std::int64_t computer, const Report& report) {
    std::unordered_set<Guid> named(report.unchanged.begin(), report.unchanged.end());
    for (const ComputerUpdateStatus& status : report.statuses) {
        named.insert(status.update_id);
    }
    const auto known = collect(
        connection, "SELECT update_id FROM update_status WHERE computer = ?1",
        [](Row& row) { return row.plain<Guid>(0); }, computer);
    if (!known) {
        return std::unexpected(known.error());
    }
    for (const Guid& update : *known) {
        if (named.contains(update)) {
            continue;
        }
        auto removed = connection.execute(
            "DELETE FROM update_status WHERE computer = ?1 AND update_id = ?2", computer, update);
        if (!removed) {
            return removed;
        }
    }
    return {};
}

Result<> put_status(Connection& connection, std::int64_t computer,
                    const ComputerUpdateStatus& status) {
    return connection.execute(
        "INSERT INTO update_status (computer, update_id, status, result, changed) "
        "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (computer, update_id) DO UPDATE SET "
        "changed = iif(status = excluded.status, changed, excluded.changed), "
        "status = excluded.status, result = excluded.result",
        computer, status.update_id, status.status, status.result, status.changed);
}

Result<> apply_report(Connection& connection, std::int64_t computer, const Report& report) {
    Result<> done;
    if (!report.event.update) {
        done = forget_older(connection, computer, report.event.event_id);
    }
    if (done && report.event.event_id == kClientStatusEvent) {
        done = remove_unnamed(connection, computer, report);
    }
    for (const ComputerUpdateStatus& status : report.statuses) {
        done = done ? put_status(connection, computer, status) : done;
    }
    return done;
}

Result<> apply_batch(Connection& connection, const ReportBatch& batch) {
    const auto computer = ensure_computer(connection, batch.computer_id, batch.received);
    if (!computer) {
        return std::unexpected(computer.error());
    }
    bool is_new = batch.reports.empty();
    for (const Report& report : batch.reports) {
        const auto inserted = insert_event(connection, computer->number, report.event);
        if (!inserted) {
            return std::unexpected(inserted.error());
        }
        // One that was sent before: what came after it must not be undone.
        if (!*inserted) {
            continue;
        }
        is_new = true;
        if (auto applied = apply_report(connection, computer->number, report); !applied) {
            return applied;
        }
    }
    return is_new ? connection.execute("UPDATE computer SET last_report = ?1 WHERE number = ?2",
                                       batch.received, computer->number)
                  : Result<>{};
}

}  // namespace

Result<> SqliteStore::put_report(const ReportBatch& batch) {
    return writer_.write([&](Connection& connection) { return apply_batch(connection, batch); });
}

Result<std::vector<ReportedEvent>> SqliteStore::events(const std::string& computer_id,
                                                       std::size_t limit) const {
    return read([&](Connection& connection) {
        return collect(
            connection,
            "SELECT c.id, e.instance_id, e.event_id, e.source_id, e.update_id, e.revision_number, "
            "e.result, e.time_at_target, e.received, e.replacement_strings, e.misc_data, "
            "e.app_name "
            "FROM computer c JOIN reported_event e ON e.computer = c.number "
            "WHERE c.id = ?1 AND e.event_id <> ?3 ORDER BY e.number DESC LIMIT ?2",
            read_event, computer_id, sql_limit(limit), kClientStatusEvent);
    });
}

Result<std::vector<ComputerUpdateStatus>> SqliteStore::statuses_of_computer(
    const std::string& computer_id) const {
    return read([&](Connection& connection) {
        return collect(connection,
                       "SELECT c.id, s.update_id, s.status, s.result, s.changed "
                       "FROM computer c JOIN update_status s ON s.computer = c.number "
                       "WHERE c.id = ?1 ORDER BY s.update_id",
                       read_status, computer_id);
    });
}

Result<std::vector<ComputerUpdateStatus>> SqliteStore::statuses_of_update(
    const Guid& update_id) const {
    return read([&](Connection& connection) {
        return collect(connection,
                       "SELECT c.id, s.update_id, s.status, s.result, s.changed "
                       "FROM update_status s JOIN computer c ON c.number = s.computer "
                       "WHERE s.update_id = ?1 ORDER BY c.id",
                       read_status, update_id);
    });
}

}  // namespace headwater::store
