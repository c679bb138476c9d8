#include "store/sqlite_database.hpp"

#include <sqlite3.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace headwater::store {
namespace {

constexpr int kBusyMilliseconds = 10'000;

constexpr const char* kSettings =
    "PRAGMA foreign_keys=ON;"
    "PRAGMA trusted_schema=OFF;"
    "PRAGMA cell_size_check=ON;"
    "PRAGMA temp_store=MEMORY;";
// FULL: what is reported as committed survives a loss of power, not only of the process.
constexpr const char* kWriterSettings =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA cache_size=-65536;"
    "PRAGMA wal_autocheckpoint=4000;"
    "PRAGMA journal_size_limit=67108864;";
constexpr const char* kReaderSettings =
    "PRAGMA query_only=ON;"
    "PRAGMA cache_size=-8192;";

const char* settings_for(Connection::Mode mode) {
    switch (mode) {
        case Connection::Mode::kRead:
            return kReaderSettings;
        case Connection::Mode::kWrite:
            return kWriterSettings;
        case Connection::Mode::kCopy:
            return "";
    }
    return "";
}

bool is_out_of_space(sqlite3* database, int result) {
    const int number = sqlite3_system_errno(database);
    return (result & 0xFF) == SQLITE_FULL ||
           ((result & 0xFF) == SQLITE_IOERR && (number == ENOSPC || number == EDQUOT));
}

Error describe(sqlite3* database, int result) {
    const char* name = sqlite3_db_filename(database, "main");
    const std::string file = name == nullptr ? "" : " " + std::string(name);
    const std::string cause = std::string("SQLite: ") + sqlite3_errmsg(database) + " (" +
                              std::to_string(sqlite3_extended_errcode(database)) + ")";
    if (is_out_of_space(database, result)) {
        return {"store.full",
                "There is no space left for the database" + file + ".",
                "Free space on its file system and repeat the operation: nothing of it was stored.",
                {cause}};
    }
    switch (result & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {"store.corrupt",
                    "The database" + file + " is damaged, or no database at all.",
                    "Stop Headwater and put the newest backup in its place.",
                    {cause}};
        case SQLITE_CONSTRAINT:
            return {"store.conflict",
                    "The change contradicts what the database" + file + " holds.",
                    "Load the present state and decide again.",
                    {cause}};
        default:
            return {
                "store.io",
                "The database" + file + " cannot be read or written.",
                "Check its disk, and that the service's user may write the file and its folder.",
                {cause}};
    }
}

}  // namespace

bool Row::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Row::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double Row::real(int column) const {
    return sqlite3_column_double(statement_, column);
}

ByteView Row::blob(int column) const {
    const void* data = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

void Row::copy_exactly(int column, std::uint8_t* to, std::size_t size) {
    const ByteView bytes = blob(column);
    if (bytes.size() != size) {
        damaged_ = true;
        return;
    }
    std::memcpy(to, bytes.data(), size);
}

Statement::~Statement() {
    if (statement_ != nullptr) {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
}

Result<bool> Statement::step() {
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW || result == SQLITE_DONE) {
        return result == SQLITE_ROW;
    }
    return std::unexpected(describe(database_, result));
}

Error Statement::damaged() const {
    return {"store.corrupt",
            std::string("A row of the database ") + sqlite3_db_filename(database_, "main") +
                " holds a value that no Headwater writes.",
            "Stop Headwater and put the newest backup in its place.",
            {sqlite3_sql(statement_)}};
}

void Statement::bind_integer(int index, std::int64_t value) {
    sqlite3_bind_int64(statement_, index, value);
}

void Statement::bind_text(int index, std::string_view value) {
    sqlite3_bind_text64(statement_, index, value.empty() ? "" : value.data(), value.size(),
                        SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind_blob(int index, ByteView value) {
    // A null pointer would be bound as NULL, which is not an empty blob.
    if (value.empty()) {
        sqlite3_bind_zeroblob(statement_, index, 0);
    } else {
        sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_STATIC);
    }
}

void Connection::CloseDatabase::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

void Connection::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Result<Connection> Connection::open(const std::filesystem::path& file, Mode mode) {
    sqlite3* raw = nullptr;
    const int result = sqlite3_open_v2(
        file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr);
    Connection connection(raw);
    if (result != SQLITE_OK) {
        return fail("store.io", "The database " + file.string() + " cannot be opened.",
                    "Check that the service's user may read and write the file and its folder.",
                    {raw == nullptr ? "no memory" : sqlite3_errmsg(raw)});
    }
    sqlite3_busy_timeout(raw, kBusyMilliseconds);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    for (const char* sql : std::array{kSettings, settings_for(mode)}) {
        if (auto set = connection.script(sql); !set) {
            return std::unexpected(std::move(set).error());
        }
    }
    return connection;
}

Result<> Connection::script(const char* sql) {
    const int result = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) {
        return std::unexpected(describe(database_.get(), result));
    }
    return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
    if (const auto known = statements_.find(sql); known != statements_.end()) {
        return Statement(database_.get(), known->second.get());
    }
    sqlite3_stmt* raw = nullptr;
    const int result = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (result != SQLITE_OK) {
        return std::unexpected(describe(database_.get(), result));
    }
    std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
    statements_.emplace(sql, std::move(statement));
    return Statement(database_.get(), raw);
}

std::int64_t Connection::changes() const {
    return sqlite3_changes64(database_.get());
}

std::int64_t Connection::last_id() const {
    return sqlite3_last_insert_rowid(database_.get());
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(database_.get()) == 0;
}

Result<> Connection::copy_to(Connection& target) {
    sqlite3* const to = target.database_.get();
    sqlite3_backup* const backup = sqlite3_backup_init(to, "main", database_.get(), "main");
    if (backup == nullptr) {
        return std::unexpected(describe(to, sqlite3_errcode(to)));
    }
    // All in one step: one read transaction, so one state of the database.
    sqlite3_backup_step(backup, -1);
    if (const int result = sqlite3_backup_finish(backup); result != SQLITE_OK) {
        return std::unexpected(describe(to, result));
    }
    return {};
}

}  // namespace headwater::store
