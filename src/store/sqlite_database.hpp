#pragma once
// SQLite as values and owners: a connection with its prepared statements, the rows of an answer,
// and the mapping of its failures. A Connection is used by one thread at a time; its owner sees to
// that.

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/guid.hpp"
#include "base/time.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace headwater::store {

/// A value whose `bytes` are all of it, as Guid and Sha1.
template <typename T>
concept Plain = requires(T value) {
    { value.bytes.size() } -> std::convertible_to<std::size_t>;
    { value.bytes.data() } -> std::convertible_to<const std::uint8_t*>;
};

/// One row of an answer, valid until the next one is taken. A value that its type cannot hold marks
/// the row as damaged, and the query ends with "store.corrupt".
class Row {
public:
    explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::string text(int column) const { return std::string(as_text(blob(column))); }
    [[nodiscard]] ByteView blob(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
    [[nodiscard]] Time time(int column) const { return Time(Microseconds(integer(column))); }
    template <std::integral T>
    [[nodiscard]] T number(int column) {
        const std::int64_t value = integer(column);
        if constexpr (sizeof(T) < sizeof value) {
            damaged_ = damaged_ || !std::in_range<T>(value);
        }
        return static_cast<T>(value);
    }
    /// An enumeration that starts at 0 and has no value beyond `last`.
    template <typename E>
    [[nodiscard]] E choice(int column, E last) {
        const std::int64_t value = integer(column);
        if (value < 0 || value > static_cast<std::int64_t>(last)) {
            damaged_ = true;
            return E{};
        }
        return static_cast<E>(value);
    }
    template <Plain T>
    [[nodiscard]] T plain(int column) {
        T value;
        copy_exactly(column, value.bytes.data(), value.bytes.size());
        return value;
    }
    template <Plain T>
    [[nodiscard]] std::optional<T> optional(int column) {
        return is_null(column) ? std::nullopt : std::optional(plain<T>(column));
    }
    [[nodiscard]] std::optional<Time> optional_time(int column) const {
        return is_null(column) ? std::nullopt : std::optional(time(column));
    }
    void mark_damaged() { damaged_ = true; }
    [[nodiscard]] bool is_damaged() const { return damaged_; }

private:
    [[nodiscard]] std::int64_t integer(int column) const;
    void copy_exactly(int column, std::uint8_t* to, std::size_t size);

    sqlite3_stmt* statement_;
    bool damaged_ = false;
};

/// A prepared statement, lent by its connection and given back reset. What is bound must outlive
/// it.
class Statement {
public:
    Statement(sqlite3* database, sqlite3_stmt* statement)
        : database_(database), statement_(statement) {}
    ~Statement();
    Statement(Statement&& other) noexcept
        : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}
    Statement& operator=(Statement&&) = delete;

    template <typename... Args>
    void bind_all(const Args&... args) {
        int index = 0;
        (bind(++index, args), ...);
    }
    /// True for a row, false at the end.
    [[nodiscard]] Result<bool> step();
    [[nodiscard]] Row row() const { return Row(statement_); }
    [[nodiscard]] Error damaged() const;

private:
    template <typename T>
    void bind(int index, const T& value) {
        if constexpr (std::integral<T> || std::is_enum_v<T>) {
            bind_integer(index, static_cast<std::int64_t>(value));
        } else if constexpr (std::same_as<T, Time>) {
            bind_integer(index, value.time_since_epoch().count());
        } else if constexpr (Plain<T>) {
            bind_blob(index, value.bytes);
        } else if constexpr (std::convertible_to<T, std::string_view>) {
            bind_text(index, value);
        } else if constexpr (std::convertible_to<T, ByteView>) {
            bind_blob(index, value);
        } else if (value.has_value()) {
            bind(index, *value);
        }
    }
    void bind_integer(int index, std::int64_t value);
    void bind_text(int index, std::string_view value);
    void bind_blob(int index, ByteView value);

    sqlite3* database_;
    sqlite3_stmt* statement_;
};

class Connection {
public:
    enum class Mode {
        kRead,
        kWrite,
        kCopy,  ///< to become a copy of another database
    };

    /// Opens the file. Errors: "store.corrupt" where it is no database, "store.io".
    [[nodiscard]] static Result<Connection> open(const std::filesystem::path& file, Mode mode);

    /// Several statements without values.
    [[nodiscard]] Result<> script(const char* sql);
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);

    /// One statement whose rows do not matter.
    template <typename... Args>
    [[nodiscard]] Result<> execute(std::string_view sql, const Args&... args) {
        return query(sql, [](Row&) {}, args...);
    }

    /// Calls `each` with every row; one that returns a Result ends the query with its error.
    template <typename Each, typename... Args>
    [[nodiscard]] Result<> query(std::string_view sql, Each each, const Args&... args) {
        auto statement = prepare(sql);
        if (!statement) {
            return std::unexpected(std::move(statement).error());
        }
        statement->bind_all(args...);
        for (;;) {
            const auto stepped = statement->step();
            if (!stepped) {
                return std::unexpected(stepped.error());
            }
            if (!*stepped) {
                return {};
            }
            Row row = statement->row();
            if constexpr (std::is_void_v<std::invoke_result_t<Each, Row&>>) {
                each(row);
            } else if (auto taken = each(row); !taken) {
                return taken;
            }
            if (row.is_damaged()) {
                return std::unexpected(statement->damaged());
            }
        }
    }

    /// Rows changed by the last insert, update or delete.
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] std::int64_t last_id() const;
    /// SQLite ends a transaction by itself after some failures.
    [[nodiscard]] bool in_transaction() const;
    /// Copies the database into an empty file.
    [[nodiscard]] Result<> copy_to(Connection& target);

private:
    struct CloseDatabase {
        void operator()(sqlite3* database) const;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view sql) const {
            return std::hash<std::string_view>{}(sql);
        }
    };

    explicit Connection(sqlite3* database) : database_(database) {}

    std::unique_ptr<sqlite3, CloseDatabase> database_;
    /// By their SQL. After the database: they end before it.
    std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, Hash, std::equal_to<>>
        statements_;
};

}  // namespace headwater::store
