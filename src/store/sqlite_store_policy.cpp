#include "store/sqlite_store.hpp"

namespace headwater::store {
namespace {

Approval read_approval(Row& row) {
    Approval approval;
    approval.deployment_id = row.number<std::uint32_t>(0);
    approval.update_id = row.plain<Guid>(1);
    approval.group_id = row.plain<Guid>(2);
    approval.action = row.choice(3, ApprovalAction::kBlock);
    approval.deadline = row.optional_time(4);
    approval.administrator = row.text(5);
    approval.changed = row.time(6);
    approval.change = row.number<ChangeNumber>(7);
    return approval;
}

Result<> put_approval(Connection& connection, const Approval& approval, ChangeNumber change) {
    auto put = connection.execute(
        "INSERT INTO approval (update_id, group_id, action, deadline, administrator, changed, "
        "change) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
        "ON CONFLICT (update_id, group_id) DO UPDATE SET action = excluded.action, "
        "deadline = excluded.deadline, administrator = excluded.administrator, "
        "changed = excluded.changed, change = excluded.change",
        approval.update_id, approval.group_id, approval.action, approval.deadline,
        approval.administrator, approval.changed, change);
    if (!put && put.error().code == "store.conflict") {
        return fail("store.conflict",
                    "The update " + approval.update_id.text() +
                        " cannot be approved for the group " + approval.group_id.text() +
                        ", which is not there.",
                    "List the groups with `headwater groups list`.");
    }
    return put;
}

Result<> set_decline(Connection& connection, const Guid& update, bool declined,
                     const std::string& administrator, Time now, ChangeNumber change) {
    if (!declined) {
        auto taken_back = connection.execute("DELETE FROM decline WHERE update_id = ?1", update);
        return taken_back && connection.changes() > 0
                   ? connection.execute(
                         "INSERT OR REPLACE INTO decline_taken_back "
                         "(update_id, change) VALUES (?1, ?2)",
                         update, change)
                   : taken_back;
    }
    auto done = connection.execute("DELETE FROM approval WHERE update_id = ?1", update);
    return done ? connection.execute(
                      "INSERT INTO decline (update_id, administrator, changed, change) "
                      "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (update_id) DO UPDATE SET "
                      "administrator = excluded.administrator, changed = excluded.changed, "
                      "change = excluded.change",
                      update, administrator, now, change)
                : done;
}

/// `each` is a change for one item; all share one new change number.
template <typename T, typename Each>
Result<ChangeNumber> change_each(Writer& writer, std::span<const T> items, Each each) {
    return writer.write([&](Connection& connection) -> Result<ChangeNumber> {
        const auto change = next_decision(connection);
        if (!change) {
            return change;
        }
        for (const T& item : items) {
            if (auto done = each(connection, item, *change); !done) {
                return std::unexpected(std::move(done).error());
            }
        }
        return *change;
    });
}

}  // namespace

Result<std::vector<TargetGroup>> SqliteStore::groups() const {
    return read([](Connection& connection) {
        return collect(connection,
                       "SELECT id, name, parent, is_builtin FROM target_group ORDER BY name, id",
                       [](Row& row) {
                           return TargetGroup{row.plain<Guid>(0), row.text(1),
                                              row.optional<Guid>(2), row.flag(3)};
                       });
    });
}

Result<> SqliteStore::put_group(const TargetGroup& group) {
    return writer_.write([&](Connection& connection) -> Result<> {
        const auto change = next_decision(connection);
        if (!change) {
            return std::unexpected(change.error());
        }
        // What is built in stays so, whatever the caller says: see remove_group.
        auto put = connection.execute(
            "INSERT INTO target_group (id, name, parent, is_builtin) VALUES (?1, ?2, ?3, ?4) "
            "ON CONFLICT (id) DO UPDATE SET name = excluded.name, parent = excluded.parent",
            group.id, group.name, group.parent, group.is_builtin);
        if (!put && put.error().code == "store.conflict") {
            return fail(
                "store.conflict",
                "The group '" + group.name +
                    "' cannot be stored: another group has its name, or its parent is gone.",
                "Choose another name or parent.", put.error().causes);
        }
        return put;
    });
}

Result<> SqliteStore::remove_group(const Guid& id) {
    return writer_.write([&](Connection& connection) -> Result<> {
        const auto is_builtin = find_one(
            connection, "SELECT is_builtin FROM target_group WHERE id = ?1",
            [](Row& row) { return row.flag(0); }, id);
        if (!is_builtin) {
            return std::unexpected(is_builtin.error());
        }
        if (!*is_builtin) {
            return {};
        }
        if (**is_builtin) {
            return fail("store.conflict", "A built-in group belongs to every server and stays.");
        }
        if (const auto change = next_decision(connection); !change) {
            return std::unexpected(change.error());
        }
        // Groups below it stay, one level higher, with their computers.
        auto done = connection.execute(
            "UPDATE target_group SET parent = (SELECT parent FROM target_group WHERE id = ?1) "
            "WHERE parent = ?1",
            id);
        return done ? connection.execute("DELETE FROM target_group WHERE id = ?1", id) : done;
    });
}

Result<std::vector<Approval>> SqliteStore::approvals() const {
    return read([](Connection& connection) {
        return collect(
            connection,
            "SELECT deployment_id, update_id, group_id, action, deadline, administrator, "
            "changed, change FROM approval ORDER BY deployment_id",
            read_approval);
    });
}

Result<ChangeNumber> SqliteStore::put_approvals(std::span<const Approval> approvals) {
    return approvals.empty() ? last_change() : change_each(writer_, approvals, put_approval);
}

Result<std::vector<Decline>> SqliteStore::declines() const {
    return read([](Connection& connection) {
        return collect(connection,
                       "SELECT update_id, administrator, changed, change FROM decline "
                       "ORDER BY update_id",
                       [](Row& row) {
                           return Decline{row.plain<Guid>(0), row.text(1), row.time(2),
                                          row.number<ChangeNumber>(3)};
                       });
    });
}

Result<std::unordered_map<Guid, ChangeNumber>> SqliteStore::declines_taken_back() const {
    std::unordered_map<Guid, ChangeNumber> changes;
    auto done = read([&](Connection& connection) {
        return connection.query("SELECT update_id, change FROM decline_taken_back", [&](Row& row) {
            changes.emplace(row.plain<Guid>(0), row.number<ChangeNumber>(1));
        });
    });
    if (!done) {
        return std::unexpected(std::move(done).error());
    }
    return changes;
}

Result<ChangeNumber> SqliteStore::set_declined(std::span<const Guid> updates, bool declined,
                                               const std::string& administrator, Time now) {
    if (updates.empty()) {
        return last_change();
    }
    return change_each(
        writer_, updates, [&](Connection& connection, const Guid& update, ChangeNumber change) {
            return set_decline(connection, update, declined, administrator, now, change);
        });
}

Result<std::optional<std::string>> SqliteStore::setting(const std::string& name) const {
    return read([&](Connection& connection) {
        return find_one(
            connection, "SELECT value FROM setting WHERE name = ?1",
            [](Row& row) { return row.text(0); }, name);
    });
}

Result<> SqliteStore::put_setting(const std::string& name, const std::string& value) {
    const std::pair one(name, value);
    return put_settings(std::span(&one, 1));
}

Result<> SqliteStore::put_settings(std::span<const std::pair<std::string, std::string>> settings) {
    return writer_.write([&](Connection& connection) -> Result<> {
        for (const auto& [name, value] : settings) {
            auto put = connection.execute(
                "INSERT INTO setting (name, value) VALUES (?1, ?2) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                name, value);
            if (!put) {
                return put;
            }
        }
        return {};
    });
}

}  // namespace headwater::store
