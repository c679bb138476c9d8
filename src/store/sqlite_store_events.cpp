#include "store/sqlite_store.hpp"
#include "store/sqlite_texts.hpp"

namespace headwater::store {
namespace {

// What agents report of installations.
constexpr std::int32_t kInstallationFailed = 182;
constexpr std::int32_t kInstallationSucceeded = 183;
constexpr std::int32_t kInstallationNeedsRestart = 184;

ServerEvent read_event(Row& row) {
    ServerEvent event;
    event.id = row.number<std::int64_t>(0);
    event.number = row.number<std::uint32_t>(1);
    event.time = row.time(2);
    event.severity = row.choice(3, EventSeverity::kError);
    event.over = row.flag(4);
    event.text = row.text(5);
    event.evidence = unpack_texts(row, 6);
    event.remedy = row.text(7);
    return event;
}

Result<> insert_event(Connection& connection, const ServerEvent& event) {
    return connection.execute(
        "INSERT INTO server_event (number, time, severity, over, text, evidence, remedy) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        event.number, event.time, event.severity, event.over, event.text,
        pack_texts(event.evidence), event.remedy);
}

Result<> change_condition(Connection& connection, const EventToStore& stored, std::int64_t id) {
    const ServerEvent& event = stored.event;
    switch (stored.change) {
        case ConditionChange::kBegins:
            return connection.execute(
                "INSERT OR REPLACE INTO open_condition (number, event_id, time, severity, text, "
                "evidence, remedy) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                event.number, id, event.time, event.severity, event.text,
                pack_texts(event.evidence), event.remedy);
        case ConditionChange::kEnds:
            return connection.execute("DELETE FROM open_condition WHERE number = ?1", event.number);
        case ConditionChange::kNone:
            break;
    }
    return {};
}

Result<std::uint64_t> count(Connection& connection, std::string_view sql, const auto&... args) {
    std::uint64_t counted = 0;
    auto done =
        connection.query(sql, [&](Row& row) { counted = row.number<std::uint64_t>(0); }, args...);
    if (!done) {
        return std::unexpected(std::move(done).error());
    }
    return counted;
}

Result<std::uint64_t> count_reports(Connection& connection, std::int32_t event_id, Time since) {
    return count(connection,
                 "SELECT count(*) FROM reported_event WHERE event_id = ?1 AND received >= ?2",
                 event_id, since);
}

}  // namespace

Result<std::int64_t> SqliteStore::put_server_events(std::span<const EventToStore> events) {
    return writer_.write([&](Connection& connection) -> Result<std::int64_t> {
        std::int64_t last = 0;
        for (const EventToStore& stored : events) {
            if (auto inserted = insert_event(connection, stored.event); !inserted) {
                return std::unexpected(std::move(inserted).error());
            }
            last = connection.last_id();
            if (auto changed = change_condition(connection, stored, last); !changed) {
                return std::unexpected(std::move(changed).error());
            }
        }
        return last;
    });
}

Result<std::vector<ServerEvent>> SqliteStore::server_events(const EventFilter& filter) const {
    // Only the conditions that restrict: each combination has its own plan on its own index.
    std::string sql =
        "SELECT id, number, time, severity, over, text, evidence, remedy FROM server_event "
        "WHERE id > ?1 AND (?2 = 0 OR id < ?2) ";
    sql += filter.number ? "AND number = ?3 " : "AND ?3 IS NULL ";
    sql += filter.severity ? "AND severity = ?4 " : "AND ?4 IS NULL ";
    sql += "ORDER BY id DESC LIMIT ?5";
    return read([&](Connection& connection) {
        return collect(connection, sql, read_event, filter.after, filter.before, filter.number,
                       filter.severity, sql_limit(filter.limit));
    });
}

Result<std::int64_t> SqliteStore::last_server_event() const {
    std::int64_t last = 0;
    auto done = read([&](Connection& connection) {
        // Not the greatest id in the table: pruning may have taken that row.
        return connection.query("SELECT seq FROM sqlite_sequence WHERE name = 'server_event'",
                                [&](Row& row) { last = row.number<std::int64_t>(0); });
    });
    if (!done) {
        return std::unexpected(std::move(done).error());
    }
    return last;
}

Result<std::vector<ServerEvent>> SqliteStore::open_conditions() const {
    return read([](Connection& connection) {
        return collect(connection,
                       "SELECT event_id, number, time, severity, 0, text, evidence, remedy "
                       "FROM open_condition ORDER BY number",
                       read_event);
    });
}

Result<std::size_t> SqliteStore::prune_server_events(Time older_than) {
    return writer_.write([&](Connection& connection) -> Result<std::size_t> {
        auto done = connection.execute("DELETE FROM server_event WHERE time < ?1", older_than);
        if (!done) {
            return std::unexpected(std::move(done).error());
        }
        return static_cast<std::size_t>(connection.changes());
    });
}

Result<HealthFacts> SqliteStore::health_facts(Time silent_before, Time installed_since) const {
    return read([&](Connection& connection) -> Result<HealthFacts> {
        auto success = find_one(
            connection, "SELECT max(ended) FROM sync_run WHERE result = ?1",
            [](Row& row) { return row.optional_time(0); }, RunResult::kSucceeded);
        auto computers = count(connection, "SELECT count(*) FROM computer");
        auto silent =
            count(connection,
                  "SELECT count(*) FROM computer WHERE coalesce(last_report, first_contact) < ?1",
                  silent_before);
        auto failed = count_reports(connection, kInstallationFailed, installed_since);
        auto succeeded = count_reports(connection, kInstallationSucceeded, installed_since);
        auto restarting = count_reports(connection, kInstallationNeedsRestart, installed_since);
        if (!success) {
            return std::unexpected(std::move(success).error());
        }
        for (auto* counted : {&computers, &silent, &failed, &succeeded, &restarting}) {
            if (!*counted) {
                return std::unexpected(std::move(*counted).error());
            }
        }
        return HealthFacts{success->value_or(std::nullopt), *computers, *silent,
                           *failed + *succeeded + *restarting, *failed};
    });
}

}  // namespace headwater::store
