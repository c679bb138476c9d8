#include <limits>

#include "store/sqlite_store.hpp"

namespace headwater::store {
namespace {

/// As stored, where there is no deadline: after all that have one.
constexpr std::int64_t kNoDeadline = std::numeric_limits<std::int64_t>::max();

constexpr std::string_view kColumns =
    "SELECT sha1, sha256, size, name, extension, mu_url, state, attempts, error, changed, reason, "
    "failing_since, deadline, asked FROM file ";

FileRecord read_file(Row& row) {
    FileRecord file;
    file.sha1 = row.plain<Sha1>(0);
    file.sha256 = row.optional<Sha256>(1);
    file.size = row.number<std::uint64_t>(2);
    file.name = row.text(3);
    file.extension = row.text(4);
    file.mu_url = row.text(5);
    file.state = row.choice(6, FileState::kCancelled);
    file.attempts = row.number<std::uint32_t>(7);
    file.error = row.text(8);
    file.changed = row.time(9);
    file.reason = row.choice(10, FileReason::kFolder);
    file.failing_since = row.optional_time(11);
    if (row.number<std::int64_t>(12) != kNoDeadline) {
        file.deadline = row.time(12);
    }
    file.asked = row.time(13);
    return file;
}

Result<std::optional<FileRecord>> find_file(Connection& connection, const Sha1& sha1) {
    static const std::string kSql = std::string(kColumns) + "WHERE sha1 = ?1";
    return find_one(connection, kSql, read_file, sha1);
}

/// A sum as SQLite's total() gives it: a size that an upstream invented must not end the query.
std::uint64_t whole_bytes(double total) {
    constexpr double kMost = 9e18;
    return total <= 0 ? 0 : static_cast<std::uint64_t>(total < kMost ? total : kMost);
}

}  // namespace

Result<std::optional<FileRecord>> SqliteStore::file(const Sha1& sha1) const {
    return read([&](Connection& connection) { return find_file(connection, sha1); });
}

Result<std::vector<FileRecord>> SqliteStore::files(std::span<const Sha1> digests) const {
    using Files = Result<std::vector<FileRecord>>;
    return read([&](Connection& connection) -> Files {
        std::vector<FileRecord> found;
        found.reserve(digests.size());
        for (const Sha1& sha1 : digests) {
            auto file = find_file(connection, sha1);
            if (!file) {
                return std::unexpected(std::move(file).error());
            }
            if (*file) {
                found.push_back(std::move(**file));
            }
        }
        return found;
    });
}

Result<std::vector<FileRecord>> SqliteStore::files_in_state(FileState state,
                                                            std::size_t limit) const {
    static const std::string kSql =
        std::string(kColumns) + "WHERE state = ?1 ORDER BY deadline, asked, size, sha1 LIMIT ?2";
    return read([&](Connection& connection) {
        return collect(connection, kSql, read_file, state, sql_limit(limit));
    });
}

Result<std::vector<FileRecord>> SqliteStore::failing_files(std::size_t limit) const {
    static const std::string kSql =
        std::string(kColumns) +
        "WHERE failing_since IS NOT NULL ORDER BY failing_since, sha1 LIMIT ?1";
    return read([&](Connection& connection) {
        return collect(connection, kSql, read_file, sql_limit(limit));
    });
}

Result<std::unordered_map<FileState, FileTotals>> SqliteStore::file_totals() const {
    std::unordered_map<FileState, FileTotals> totals;
    const auto done = read([&](Connection& connection) {
        return connection.query("SELECT state, count(*), total(size) FROM file GROUP BY state",
                                [&](Row& row) {
                                    totals[row.choice(0, FileState::kCancelled)] = {
                                        row.number<std::uint64_t>(1), whole_bytes(row.real(2))};
                                });
    });
    if (!done) {
        return std::unexpected(done.error());
    }
    return totals;
}

Result<> SqliteStore::move_files(std::span<const Sha1> digests, std::span<const FileState> from,
                                 const FileOutcome& outcome, Time now) {
    using enum FileState;
    const FileState state = outcome.state;
    const bool keeps_error = state == kFailed || state == kWaiting;
    const std::string_view kept = keeps_error ? std::string_view(outcome.error) : "";
    const bool is_attempt = outcome.is_attempt && (!kept.empty() || state == kPresent);
    const bool is_settled = state == kPresent || state == kNotWanted || state == kCancelled;
    std::int64_t allowed = from.empty() ? -1 : 0;
    for (const FileState one : from) {
        allowed |= std::int64_t{1} << static_cast<unsigned>(one);
    }
    return writer_.write([&](Connection& connection) -> Result<> {
        for (const Sha1& sha1 : digests) {
            auto done = connection.execute(
                "UPDATE file SET attempts = attempts + ?1, state = ?2, error = ?3, changed = ?4, "
                "reason = iif(?5, 0, iif(?6 = 0, reason, ?6)), "
                "failing_since = iif(?5, NULL, iif(?2 = 4, coalesce(failing_since, ?4), "
                "failing_since)) "
                "WHERE sha1 = ?7 AND (?8 >> state) & 1",
                is_attempt, state, kept, now, is_settled, outcome.reason, sha1, allowed);
            if (!done) {
                return done;
            }
        }
        return {};
    });
}

Result<> SqliteStore::want_files(std::span<const FileWish> wishes, Time now) {
    return writer_.write([&](Connection& connection) -> Result<> {
        for (const FileWish& wish : wishes) {
            const std::int64_t deadline =
                wish.deadline ? wish.deadline->time_since_epoch().count() : kNoDeadline;
            auto done = connection.execute(
                "UPDATE file SET deadline = ?1, asked = ?2, changed = iif(state = 0, ?3, changed), "
                "error = iif(state = 0, '', error), state = iif(state = 0, 1, state) "
                "WHERE sha1 = ?4",
                deadline, wish.asked, now, wish.sha1);
            if (!done) {
                return done;
            }
        }
        return {};
    });
}

Result<> SqliteStore::request_files(std::span<const Sha1> digests, Time now) {
    return writer_.write([&](Connection& connection) -> Result<> {
        for (const Sha1& sha1 : digests) {
            auto done = connection.execute(
                "INSERT INTO requested_file VALUES (?1, ?2) ON CONFLICT DO NOTHING", sha1, now);
            if (!done) {
                return done;
            }
        }
        return {};
    });
}

Result<std::vector<std::pair<Sha1, Time>>> SqliteStore::requested_files() const {
    return read([](Connection& connection) {
        return collect(connection, "SELECT sha1, requested FROM requested_file ORDER BY sha1",
                       [](Row& row) { return std::pair(row.plain<Sha1>(0), row.time(1)); });
    });
}

}  // namespace headwater::store
