#include "store/sqlite_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "store/sqlite_schema.hpp"

namespace headwater::store {
namespace {

Result<ChangeNumber> take_number(Connection& connection, std::string_view sql) {
    ChangeNumber number = 0;
    auto taken = connection.query(sql, [&](Row& row) { number = row.number<ChangeNumber>(0); });
    if (!taken) {
        return std::unexpected(std::move(taken).error());
    }
    return number;
}

constexpr mode_t kOwnerOnly = 0600;

Result<int> open_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
    if (descriptor < 0) {
        const bool is_full = errno == ENOSPC || errno == EDQUOT;
        return fail(is_full ? "store.full" : "store.io",
                    "The file " + file.string() + " cannot be opened or made.",
                    is_full ? "Free space on its file system."
                            : "Make its folder, and give it to the service's user.",
                    {describe_errno(errno)});
    }
    return descriptor;
}

/// Makes the file, if it is not there, so that nobody else may read it; SQLite gives its log and
/// its index the same mode.
Result<> make_file(const std::filesystem::path& file) {
    const auto descriptor = open_file(file);
    if (!descriptor) {
        return std::unexpected(descriptor.error());
    }
    ::close(*descriptor);
    return {};
}

Result<> check_file(const std::filesystem::path& file) {
    auto reader = Connection::open(file, Connection::Mode::kRead);
    if (!reader) {
        return std::unexpected(std::move(reader).error());
    }
    return check_schema(*reader, file);
}

Result<> copy_database(Connection& from, const std::filesystem::path& to) {
    if (auto made = make_file(to); !made) {
        return made;
    }
    auto target = Connection::open(to, Connection::Mode::kCopy);
    if (!target) {
        return std::unexpected(std::move(target).error());
    }
    return from.copy_to(*target);
}

Result<> sync_path(const std::filesystem::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int number = errno;
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    if (!is_synced) {
        return fail("store.io", "The backup " + path.string() + " cannot be written to disk.",
                    "Check the disk and repeat the backup.", {describe_errno(number)});
    }
    return {};
}

}  // namespace

Result<FileLock> FileLock::take(const std::filesystem::path& database) {
    const auto descriptor = open_file(database.string() + ".lock");
    if (!descriptor) {
        return std::unexpected(descriptor.error());
    }
    FileLock lock(*descriptor);
    if (::flock(*descriptor, LOCK_EX | LOCK_NB) != 0) {
        return fail("store.locked",
                    "Another Headwater uses the database " + database.string() + ".",
                    "Stop it first, or choose another database in headwater.toml.");
    }
    return lock;
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& file) {
    auto lock = FileLock::take(file);
    if (!lock) {
        return std::unexpected(std::move(lock).error());
    }
    if (auto made = make_file(file); !made) {
        return std::unexpected(std::move(made).error());
    }
    // Before anything is written: the file may be somebody else's.
    if (auto checked = check_file(file); !checked) {
        return std::unexpected(std::move(checked).error());
    }
    auto writer = Connection::open(file, Connection::Mode::kWrite);
    if (!writer) {
        return std::unexpected(std::move(writer).error());
    }
    if (auto migrated = migrate(*writer); !migrated) {
        return std::unexpected(std::move(migrated).error());
    }
    return std::make_unique<SqliteStore>(file, std::move(*lock), std::move(*writer));
}

SqliteStore::SqliteStore(std::filesystem::path file, FileLock lock, Connection writer)
    : file_(std::move(file)), lock_(std::move(lock)), pool_(file_), writer_(std::move(writer)) {}

Result<> SqliteStore::backup(const std::filesystem::path& to) const {
    std::error_code ignored;
    if (std::filesystem::equivalent(file_, to, ignored)) {
        return fail("store.io", "The database " + to.string() + " cannot be its own backup.",
                    "Name another file.");
    }
    const std::filesystem::path partial = to.string() + ".partial";
    std::filesystem::remove(partial, ignored);
    auto copied = read([&](Connection& connection) { return copy_database(connection, partial); });
    copied = copied ? sync_path(partial, O_RDONLY) : copied;
    if (!copied) {
        std::filesystem::remove(partial, ignored);
        return copied;
    }
    std::error_code failed;
    std::filesystem::rename(partial, to, failed);
    if (failed) {
        std::filesystem::remove(partial, ignored);
        return fail("store.io", "The backup cannot take the name " + to.string() + ".",
                    "Check that the service's user may write its folder.", {failed.message()});
    }
    return sync_path(std::filesystem::absolute(to).parent_path(), O_RDONLY | O_DIRECTORY);
}

Result<DatabaseState> SqliteStore::check() const {
    DatabaseState state{.newest_version = schema_version()};
    std::uint64_t page_bytes = 0;
    std::uint64_t free_pages = 0;
    const auto checked = read([&](Connection& connection) -> Result<> {
        const auto number = [&](std::string_view pragma, auto& value) {
            return connection.query(pragma, [&](Row& row) {
                value = row.number<std::remove_cvref_t<decltype(value)>>(0);
            });
        };
        auto asked = number("PRAGMA page_size", page_bytes);
        asked = asked ? number("PRAGMA freelist_count", free_pages) : asked;
        asked = asked ? number("PRAGMA user_version", state.version) : asked;
        // Every page is read and each index compared with its table: "ok", or what is wrong.
        return asked ? connection.query("PRAGMA integrity_check(10)",
                                        [&](Row& row) { state.damage.push_back(row.text(0)); })
                     : asked;
    });
    // A page that cannot even be read is a finding, not a failure to look.
    if (!checked && checked.error().code != "store.corrupt") {
        return std::unexpected(checked.error());
    }
    if (!checked) {
        state.damage.push_back(checked.error().text());
    }
    std::erase(state.damage, "ok");
    state.free_bytes = free_pages * page_bytes;
    for (const char* suffix : {"", "-wal"}) {
        std::error_code missing;
        const auto bytes = std::filesystem::file_size(file_.string() + suffix, missing);
        state.bytes += missing ? 0 : bytes;
    }
    return state;
}

Result<> SqliteStore::limit_pages(std::uint64_t pages) {
    constexpr std::uint64_t kAll = 4294967294;
    const std::string sql = "PRAGMA max_page_count=" + std::to_string(pages == 0 ? kAll : pages);
    return writer_.write([&](Connection& connection) { return connection.script(sql.c_str()); });
}

Result<ChangeNumber> next_change(Connection& connection) {
    return take_number(connection, "UPDATE state SET change = change + 1 RETURNING change");
}

Result<ChangeNumber> next_decision(Connection& connection) {
    return take_number(
        connection, "UPDATE state SET change = change + 1, decision = change + 1 RETURNING change");
}

Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file) {
    return SqliteStore::open(file);
}

}  // namespace headwater::store
