#include "store/sqlite_store.hpp"

namespace headwater::store {
namespace {

FileRecord read_file(Row& row) {
    FileRecord file;
    file.sha1 = row.plain<Sha1>(0);
    file.sha256 = row.optional<Sha256>(1);
    file.size = row.number<std::uint64_t>(2);
    file.name = row.text(3);
    file.extension = row.text(4);
    file.mu_url = row.text(5);
    file.state = row.choice(6, FileState::kFailed);
    file.attempts = row.number<std::uint32_t>(7);
    file.error = row.text(8);
    file.changed = row.time(9);
    return file;
}

Result<std::optional<FileRecord>> find_file(Connection& connection, const Sha1& sha1) {
    return find_one(connection,
                    "SELECT sha1, sha256, size, name, extension, mu_url, state, attempts, error, "
                    "changed FROM file WHERE sha1 = ?1",
                    read_file, sha1);
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
    return read([&](Connection& connection) {
        return collect(
            connection,
            "SELECT sha1, sha256, size, name, extension, mu_url, state, attempts, error, "
            "changed FROM file WHERE state = ?1 ORDER BY size, sha1 LIMIT ?2",
            read_file, state, sql_limit(limit));
    });
}

Result<std::unordered_map<FileState, FileTotals>> SqliteStore::file_totals() const {
    std::unordered_map<FileState, FileTotals> totals;
    const auto done = read([&](Connection& connection) {
        return connection.query("SELECT state, count(*), total(size) FROM file GROUP BY state",
                                [&](Row& row) {
                                    totals[row.choice(0, FileState::kFailed)] = {
                                        row.number<std::uint64_t>(1), whole_bytes(row.real(2))};
                                });
    });
    if (!done) {
        return std::unexpected(done.error());
    }
    return totals;
}

Result<> SqliteStore::set_file_state(std::span<const Sha1> digests, FileState state,
                                     const std::string& error, Time now) {
    const bool keeps_error = state == FileState::kFailed || state == FileState::kWaiting;
    const std::string_view kept = keeps_error ? std::string_view(error) : std::string_view();
    const bool is_attempt = !kept.empty() || state == FileState::kPresent;
    return writer_.write([&](Connection& connection) -> Result<> {
        for (const Sha1& sha1 : digests) {
            auto done = connection.execute(
                "UPDATE file SET attempts = attempts + ?1, state = ?2, error = ?3, changed = ?4 "
                "WHERE sha1 = ?5",
                is_attempt, state, kept, now, sha1);
            if (!done) {
                return done;
            }
        }
        return {};
    });
}

}  // namespace headwater::store
