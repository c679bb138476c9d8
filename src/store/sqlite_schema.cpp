#include "store/sqlite_schema.hpp"

#include <string>
#include <vector>

namespace headwater::store {
namespace {

// Times are microseconds since 1970 in UTC; GUIDs and digests are blobs in the order of their text.

/// Version 1. `state` has one row: the change counter and the last import time.
constexpr const char* kCatalog = R"sql(
CREATE TABLE state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    change INTEGER NOT NULL,
    imported INTEGER NOT NULL) STRICT;
INSERT INTO state VALUES (1, 0, 0);

CREATE TABLE revision (
    id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 2147483647),
    update_id BLOB NOT NULL,
    revision_number INTEGER NOT NULL,
    change INTEGER NOT NULL,
    imported INTEGER NOT NULL,
    record BLOB NOT NULL,
    UNIQUE (update_id, revision_number)) STRICT;
CREATE INDEX revision_change ON revision (change);

CREATE TABLE document (
    revision_id INTEGER PRIMARY KEY REFERENCES revision (id) ON DELETE CASCADE,
    xml BLOB NOT NULL) STRICT;

CREATE TABLE file (
    sha1 BLOB NOT NULL PRIMARY KEY,
    sha256 BLOB,
    size INTEGER NOT NULL,
    name TEXT NOT NULL,
    extension TEXT NOT NULL,
    mu_url TEXT NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    changed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX file_state ON file (state, size);
)sql";

constexpr const char* kPolicy = R"sql(
CREATE TABLE target_group (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    parent BLOB REFERENCES target_group (id),
    is_builtin INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX target_group_parent ON target_group (parent);
INSERT INTO target_group VALUES
    (x'a0a087464dbe4a379adf9e7652c0b421', 'All Computers', NULL, 1),
    (x'b73ca6ed572747f384de015e03f6a88a', 'Unassigned Computers',
     x'a0a087464dbe4a379adf9e7652c0b421', 1);

CREATE TABLE approval (
    deployment_id INTEGER PRIMARY KEY AUTOINCREMENT
        CHECK (deployment_id BETWEEN 1 AND 2147483647),
    update_id BLOB NOT NULL,
    group_id BLOB NOT NULL REFERENCES target_group (id) ON DELETE CASCADE,
    action INTEGER NOT NULL,
    deadline INTEGER,
    administrator TEXT NOT NULL,
    changed INTEGER NOT NULL,
    change INTEGER NOT NULL,
    UNIQUE (update_id, group_id)) STRICT;
CREATE INDEX approval_group ON approval (group_id);

CREATE TABLE decline (
    update_id BLOB NOT NULL PRIMARY KEY,
    administrator TEXT NOT NULL,
    changed INTEGER NOT NULL,
    change INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL) STRICT, WITHOUT ROWID;
)sql";

/// Reports grow with computers times updates: they name the computer by a small number.
constexpr const char* kComputers = R"sql(
CREATE TABLE computer (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    dns_name TEXT NOT NULL DEFAULT '',
    ip_address TEXT NOT NULL DEFAULT '',
    requested_group TEXT NOT NULL DEFAULT '',
    registered INTEGER NOT NULL DEFAULT 0,
    os_version TEXT NOT NULL DEFAULT '',
    os_description TEXT NOT NULL DEFAULT '',
    os_locale TEXT NOT NULL DEFAULT '',
    architecture TEXT NOT NULL DEFAULT '',
    manufacturer TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL DEFAULT '',
    bios_version TEXT NOT NULL DEFAULT '',
    client_version TEXT NOT NULL DEFAULT '',
    first_contact INTEGER NOT NULL,
    last_contact INTEGER NOT NULL,
    last_scan INTEGER,
    last_report INTEGER) STRICT;
CREATE INDEX computer_name ON computer (dns_name COLLATE NOCASE, id);

CREATE TABLE computer_group (
    computer INTEGER NOT NULL REFERENCES computer (number) ON DELETE CASCADE,
    group_id BLOB NOT NULL REFERENCES target_group (id) ON DELETE CASCADE,
    PRIMARY KEY (computer, group_id)) STRICT, WITHOUT ROWID;
CREATE INDEX computer_group_group ON computer_group (group_id);

CREATE TABLE reported_event (
    number INTEGER PRIMARY KEY,
    computer INTEGER NOT NULL REFERENCES computer (number) ON DELETE CASCADE,
    instance_id BLOB NOT NULL UNIQUE,
    event_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    update_id BLOB,
    revision_number INTEGER,
    result INTEGER NOT NULL,
    time_at_target INTEGER NOT NULL,
    received INTEGER NOT NULL,
    replacement_strings BLOB NOT NULL,
    misc_data BLOB NOT NULL,
    app_name TEXT NOT NULL) STRICT;
CREATE INDEX reported_event_computer ON reported_event (computer);

CREATE TABLE update_status (
    computer INTEGER NOT NULL REFERENCES computer (number) ON DELETE CASCADE,
    update_id BLOB NOT NULL,
    status INTEGER NOT NULL,
    result INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (computer, update_id)) STRICT, WITHOUT ROWID;
CREATE INDEX update_status_update ON update_status (update_id);
)sql";

constexpr const char* kSynchronization = R"sql(
CREATE TABLE sync_run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    upstream TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    result INTEGER NOT NULL,
    new_updates INTEGER NOT NULL,
    revised_updates INTEGER NOT NULL,
    expired_updates INTEGER NOT NULL,
    revisions INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    stages TEXT NOT NULL,
    error TEXT NOT NULL) STRICT;

CREATE TABLE downstream_server (
    account_guid BLOB NOT NULL PRIMARY KEY,
    account_name TEXT NOT NULL,
    last_contact INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE sealing_key (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL,
    created INTEGER NOT NULL) STRICT;
)sql";

/// Version 2: the server's own events, and what the health monitor counts. An open condition holds
/// its whole event, so that pruning cannot take it away.
constexpr const char* kServerEvents = R"sql(
CREATE TABLE server_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number INTEGER NOT NULL,
    time INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    over INTEGER NOT NULL,
    text TEXT NOT NULL,
    evidence BLOB NOT NULL,
    remedy TEXT NOT NULL) STRICT;
CREATE INDEX server_event_number ON server_event (number);
CREATE INDEX server_event_severity ON server_event (severity);
CREATE INDEX server_event_time ON server_event (time);

CREATE TABLE open_condition (
    number INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL,
    time INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    text TEXT NOT NULL,
    evidence BLOB NOT NULL,
    remedy TEXT NOT NULL) STRICT;

CREATE INDEX computer_reported ON computer (coalesce(last_report, first_contact));
CREATE INDEX reported_event_kind ON reported_event (event_id, received);
CREATE INDEX sync_run_result ON sync_run (result, ended);
)sql";

/// Version 3: who signs in to the console.
constexpr const char* kUsers = R"sql(
CREATE TABLE user (
    name TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    role INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    created INTEGER NOT NULL,
    last_sign_in INTEGER) STRICT, WITHOUT ROWID;

CREATE TABLE user_session (
    token BLOB NOT NULL PRIMARY KEY,
    user TEXT NOT NULL COLLATE NOCASE REFERENCES user (name) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    last_used INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX user_session_user ON user_session (user);
)sql";

/// Version 4: what each run brought. Its order is that in which a page of it is read.
constexpr const char* kRunUpdates = R"sql(
CREATE TABLE run_update (
    run INTEGER NOT NULL REFERENCES sync_run (id) ON DELETE CASCADE,
    change INTEGER NOT NULL,
    revision_id INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    PRIMARY KEY (run, change, revision_id)) STRICT, WITHOUT ROWID;
CREATE INDEX run_update_revision ON run_update (revision_id);
)sql";

/// Version 5: what was declined once. Taking a decline back leaves neither it nor the approvals
/// that it took away, but it is a change that agents have to be told of.
constexpr const char* kTakenBack = R"sql(
CREATE TABLE decline_taken_back (
    update_id BLOB NOT NULL PRIMARY KEY,
    change INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";

/// Version 6: the queue of transfers: its order, why files fail and since when, what downstream
/// servers asked for. A file without a deadline comes after all that have one.
constexpr const char* kTransfers = R"sql(
ALTER TABLE file ADD COLUMN reason INTEGER NOT NULL DEFAULT 0;
ALTER TABLE file ADD COLUMN failing_since INTEGER;
ALTER TABLE file ADD COLUMN deadline INTEGER NOT NULL DEFAULT 9223372036854775807;
ALTER TABLE file ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
UPDATE file SET failing_since = changed WHERE state = 4;
DROP INDEX file_state;
CREATE INDEX file_queue ON file (state, deadline, asked, size);
CREATE INDEX file_failing ON file (failing_since) WHERE failing_since IS NOT NULL;

CREATE TABLE requested_file (
    sha1 BLOB NOT NULL PRIMARY KEY,
    requested INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";

/// Version 7. The change of the last decision, so that a publication of new revisions alone need
/// not read all decisions again.
constexpr const char* kLastDecision = R"sql(
ALTER TABLE state ADD COLUMN decision INTEGER NOT NULL DEFAULT 0;
UPDATE state SET decision = change;
)sql";

/// Step i leads from version i to version i + 1. A published step is never changed again.
const std::vector<std::vector<const char*>>& steps() {
    static const std::vector<std::vector<const char*>> kSteps = {
        {kCatalog, kPolicy, kComputers, kSynchronization},
        {kServerEvents},
        {kUsers},
        {kRunUpdates},
        {kTakenBack},
        {kTransfers},
        {kLastDecision},
    };
    return kSteps;
}

constexpr int kApplicationId = 0x48647772;  // "Hdwr", where file(1) looks

Result<std::int64_t> pragma(Connection& connection, std::string_view sql) {
    std::int64_t value = 0;
    auto read = connection.query(sql, [&](Row& row) { value = row.number<std::int64_t>(0); });
    if (!read) {
        return std::unexpected(std::move(read).error());
    }
    return value;
}

Result<> run_step(Connection& connection, std::size_t step) {
    if (auto begun = connection.script("BEGIN IMMEDIATE"); !begun) {
        return begun;
    }
    Result<> done;
    for (const char* sql : steps()[step]) {
        done = done ? connection.script(sql) : done;
    }
    const std::string marks = "PRAGMA application_id=" + std::to_string(kApplicationId) +
                              "; PRAGMA user_version=" + std::to_string(step + 1) + "; COMMIT";
    done = done ? connection.script(marks.c_str()) : done;
    if (!done && connection.in_transaction()) {
        static_cast<void>(connection.script("ROLLBACK"));
    }
    return done;
}

Result<> check_is_ours(Connection& connection, const std::filesystem::path& file) {
    const auto application = pragma(connection, "PRAGMA application_id");
    if (!application) {
        return std::unexpected(application.error());
    }
    const auto tables = pragma(connection, "SELECT count(*) FROM sqlite_schema");
    if (!tables) {
        return std::unexpected(tables.error());
    }
    if (*application != kApplicationId && *tables != 0) {
        return fail("store.corrupt",
                    "The file " + file.string() + " is a database, but not one of Headwater.",
                    "Choose another file for the database in headwater.toml.");
    }
    return {};
}

}  // namespace

int schema_version() {
    return static_cast<int>(steps().size());
}

Result<> check_schema(Connection& connection, const std::filesystem::path& file) {
    if (auto ours = check_is_ours(connection, file); !ours) {
        return ours;
    }
    const auto version = pragma(connection, "PRAGMA user_version");
    if (!version) {
        return std::unexpected(version.error());
    }
    if (*version > schema_version()) {
        return fail("store.newer",
                    "The database " + file.string() + " has version " + std::to_string(*version) +
                        ", and this Headwater knows versions up to " +
                        std::to_string(schema_version()) + ".",
                    "Install the newer Headwater that wrote it, or put a backup from before its "
                    "installation in its place.");
    }
    if (*version < 0) {
        return fail("store.corrupt",
                    "The database " + file.string() + " has the impossible version " +
                        std::to_string(*version) + ".",
                    "Put the newest backup in its place.");
    }
    return {};
}

Result<> migrate(Connection& connection, int to) {
    const auto version = pragma(connection, "PRAGMA user_version");
    if (!version) {
        return std::unexpected(version.error());
    }
    for (auto step = static_cast<std::size_t>(*version); step < static_cast<std::size_t>(to);
         ++step) {
        if (auto done = run_step(connection, step); !done) {
            return done;
        }
    }
    return {};
}

}  // namespace headwater::store
