#include "store/sqlite_store.hpp"

namespace headwater::store {
namespace {

User read_user(Row& row) {
    User user;
    user.name = row.text(0);
    user.role = row.choice(1, Role::kAdministrator);
    user.password_hash = row.text(2);
    user.created = row.time(3);
    user.last_sign_in = row.optional_time(4);
    return user;
}

UserSession read_session(Row& row) {
    return {row.plain<Sha256>(0), row.text(1), row.time(2), row.time(3)};
}

Result<std::int64_t> count_users(Connection& connection, std::string_view where,
                                 const auto&... values) {
    std::int64_t count = 0;
    auto done = connection.query(
        "SELECT count(*) FROM user " + std::string(where),
        [&](Row& row) { count = row.number<std::int64_t>(0); }, values...);
    if (!done) {
        return std::unexpected(std::move(done).error());
    }
    return count;
}

Result<std::int64_t> count_administrators(Connection& connection) {
    return count_users(connection, "WHERE role = ?1", Role::kAdministrator);
}

/// Makes a change of one user, and takes it back if it left no administrator where there was one.
template <typename Change>
Result<> keeping_an_administrator(Connection& connection, const std::string& name, Change change) {
    const auto before = count_administrators(connection);
    if (!before) {
        return std::unexpected(before.error());
    }
    if (auto done = change(); !done) {
        return done;
    }
    if (connection.changes() == 0) {
        return fail("store.unknown", "There is no user '" + name + "'.",
                    "List them with `headwater users list`.");
    }
    const auto after = count_administrators(connection);
    if (!after) {
        return std::unexpected(after.error());
    }
    if (*before > 0 && *after == 0) {
        return fail("store.conflict",
                    "Without this one nobody would be left who administers this server.",
                    "Make somebody else an administrator before.");
    }
    return {};
}

}  // namespace

Result<std::vector<User>> SqliteStore::users() const {
    return read([](Connection& connection) {
        return collect(connection,
                       "SELECT name, role, password_hash, created, last_sign_in FROM user "
                       "ORDER BY name",
                       read_user);
    });
}

Result<std::optional<User>> SqliteStore::user(const std::string& name) const {
    return read([&](Connection& connection) {
        return find_one(connection,
                        "SELECT name, role, password_hash, created, last_sign_in FROM user "
                        "WHERE name = ?1",
                        read_user, name);
    });
}

Result<> SqliteStore::add_user(const User& user, bool has_to_be_first) {
    return writer_.write([&](Connection& connection) -> Result<> {
        const auto same = count_users(connection, "WHERE name = ?1", user.name);
        const auto administrators = count_administrators(connection);
        if (!same || !administrators) {
            return std::unexpected(same ? administrators.error() : same.error());
        }
        if (*same > 0 || (has_to_be_first && *administrators > 0)) {
            return fail("store.conflict",
                        *same > 0 ? "There is a user '" + user.name + "' already."
                                  : "There is an administrator already.",
                        "List them with `headwater users list`.");
        }
        return connection.execute(
            "INSERT INTO user (name, role, password_hash, created, last_sign_in) "
            "VALUES (?1, ?2, ?3, ?4, ?5)",
            user.name, user.role, user.password_hash, user.created, user.last_sign_in);
    });
}

Result<> SqliteStore::update_user(const User& user) {
    return writer_.write([&](Connection& connection) {
        return keeping_an_administrator(connection, user.name, [&] {
            return connection.execute(
                "UPDATE user SET role = ?1, password_hash = ?2, last_sign_in = ?3 WHERE name = ?4",
                user.role, user.password_hash, user.last_sign_in, user.name);
        });
    });
}

Result<> SqliteStore::remove_user(const std::string& name) {
    return writer_.write([&](Connection& connection) {
        return keeping_an_administrator(connection, name, [&] {
            return connection.execute("DELETE FROM user WHERE name = ?1", name);
        });
    });
}

Result<> SqliteStore::put_session(const UserSession& session) {
    return writer_.write([&](Connection& connection) {
        return connection.execute(
            "INSERT INTO user_session (token, user, created, last_used) VALUES (?1, ?2, ?3, ?4)",
            session.token, session.user, session.created, session.last_used);
    });
}

Result<std::optional<UserSession>> SqliteStore::session(const Sha256& token) const {
    return read([&](Connection& connection) {
        return find_one(connection,
                        "SELECT token, user, created, last_used FROM user_session WHERE token = ?1",
                        read_session, token);
    });
}

void SqliteStore::note_session_used(const Sha256& token, Time now) {
    writer_.post([token, now](Connection& connection) {
        return connection.execute("UPDATE user_session SET last_used = ?1 WHERE token = ?2", now,
                                  token);
    });
}

Result<> SqliteStore::remove_session(const Sha256& token) {
    return writer_.write([&](Connection& connection) {
        return connection.execute("DELETE FROM user_session WHERE token = ?1", token);
    });
}

Result<> SqliteStore::remove_sessions_of(const std::string& user,
                                         const std::optional<Sha256>& except) {
    return writer_.write([&](Connection& connection) {
        return connection.execute(
            "DELETE FROM user_session WHERE user = ?1 AND (?2 IS NULL OR token != ?2)", user,
            except);
    });
}

Result<> SqliteStore::prune_sessions(Time used_before, Time created_before) {
    return writer_.write([&](Connection& connection) {
        return connection.execute("DELETE FROM user_session WHERE last_used < ?1 OR created < ?2",
                                  used_before, created_before);
    });
}

}  // namespace headwater::store
