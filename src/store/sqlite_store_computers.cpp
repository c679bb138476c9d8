#include "store/sqlite_computers.hpp"
#include "store/sqlite_store.hpp"

namespace headwater::store {
namespace {

Computer read_computer(Row& row) {
    Computer computer;
    computer.id = row.text(0);
    computer.dns_name = row.text(1);
    computer.ip_address = row.text(2);
    computer.requested_group = row.text(3);
    computer.registered = row.flag(4);
    ComputerDetails& details = computer.details;
    details.os_version = row.text(5);
    details.os_description = row.text(6);
    details.os_locale = row.text(7);
    details.architecture = row.text(8);
    details.manufacturer = row.text(9);
    details.model = row.text(10);
    details.bios_version = row.text(11);
    details.client_version = row.text(12);
    computer.first_contact = row.time(13);
    computer.last_contact = row.time(14);
    computer.last_scan = row.optional_time(15);
    computer.last_report = row.optional_time(16);
    return computer;
}

/// Takes every row of the query, each with its groups.
template <typename... Args>
Result<std::vector<Computer>> read_computers(Connection& connection, std::string_view sql,
                                             const Args&... args) {
    std::vector<Computer> computers;
    auto done = connection.query(
        sql,
        [&](Row& row) -> Result<> {
            auto groups = collect(
                connection,
                "SELECT group_id FROM computer_group WHERE computer = ?1 ORDER BY group_id",
                [](Row& group) { return group.plain<Guid>(0); }, row.number<std::int64_t>(17));
            if (!groups) {
                return std::unexpected(std::move(groups).error());
            }
            computers.push_back(read_computer(row));
            computers.back().groups = std::move(*groups);
            return {};
        },
        args...);
    if (!done) {
        return std::unexpected(std::move(done).error());
    }
    return computers;
}

Result<> update_contact(Connection& connection, std::int64_t number, const Computer& computer) {
    return connection.execute(
        "UPDATE computer SET dns_name = ?1, ip_address = ?2, requested_group = ?3, "
        "last_contact = ?4 WHERE number = ?5",
        computer.dns_name, computer.ip_address, computer.requested_group, computer.last_contact,
        number);
}

Result<> add_to_groups(Connection& connection, std::int64_t number, std::span<const Guid> groups) {
    for (const Guid& group : groups) {
        auto added = connection.execute(
            "INSERT INTO computer_group (computer, group_id) VALUES (?1, ?2) ON CONFLICT DO "
            "NOTHING",
            number, group);
        if (!added && added.error().code == "store.conflict") {
            return fail("store.conflict", "There is no computer group " + group.text() + ".",
                        "List them with `headwater groups list`.");
        }
        if (!added) {
            return added;
        }
    }
    return {};
}

}  // namespace

Result<KnownComputer> ensure_computer(Connection& connection, const std::string& id, Time contact) {
    const auto known = find_one(
        connection, "SELECT number FROM computer WHERE id = ?1",
        [](Row& row) { return row.number<std::int64_t>(0); }, id);
    if (!known) {
        return std::unexpected(known.error());
    }
    if (*known) {
        return KnownComputer{**known, false};
    }
    auto made = connection.execute(
        "INSERT INTO computer (id, first_contact, last_contact) VALUES (?1, ?2, ?2)", id, contact);
    if (!made) {
        return std::unexpected(std::move(made).error());
    }
    return KnownComputer{connection.last_id(), true};
}

Result<std::optional<Computer>> SqliteStore::computer(const std::string& id) const {
    auto found = read([&](Connection& connection) {
        return read_computers(
            connection,
            "SELECT id, dns_name, ip_address, requested_group, registered, os_version, "
            "os_description, os_locale, architecture, manufacturer, model, bios_version, "
            "client_version, first_contact, last_contact, last_scan, last_report, number "
            "FROM computer WHERE id = ?1",
            id);
    });
    if (!found) {
        return std::unexpected(std::move(found).error());
    }
    return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<std::vector<Computer>> SqliteStore::computers(std::size_t offset, std::size_t limit) const {
    return read([&](Connection& connection) {
        return read_computers(
            connection,
            "SELECT id, dns_name, ip_address, requested_group, registered, os_version, "
            "os_description, os_locale, architecture, manufacturer, model, bios_version, "
            "client_version, first_contact, last_contact, last_scan, last_report, number "
            "FROM computer ORDER BY dns_name COLLATE NOCASE, id LIMIT ?1 OFFSET ?2",
            sql_limit(limit), offset);
    });
}

Result<std::uint64_t> SqliteStore::computer_count() const {
    const auto count = read([](Connection& connection) {
        return find_one(connection, "SELECT count(*) FROM computer",
                        [](Row& row) { return row.number<std::uint64_t>(0); });
    });
    if (!count) {
        return std::unexpected(count.error());
    }
    return count->value_or(0);
}

Result<> SqliteStore::touch_computer(const Computer& computer) {
    const Time first =
        computer.first_contact == Time{} ? computer.last_contact : computer.first_contact;
    return writer_.write([&](Connection& connection) -> Result<> {
        const auto known = ensure_computer(connection, computer.id, first);
        if (!known) {
            return std::unexpected(known.error());
        }
        auto done = update_contact(connection, known->number, computer);
        return done && known->is_new ? add_to_groups(connection, known->number, computer.groups)
                                     : done;
    });
}

Result<> SqliteStore::register_computer(const std::string& id, const std::string& dns_name,
                                        const ComputerDetails& details, Time now) {
    return writer_.write([&](Connection& connection) -> Result<> {
        const auto known = ensure_computer(connection, id, now);
        if (!known) {
            return std::unexpected(known.error());
        }
        return connection.execute(
            "UPDATE computer SET registered = 1, dns_name = ?1, os_version = ?2, "
            "os_description = ?3, os_locale = ?4, architecture = ?5, manufacturer = ?6, model = "
            "?7, "
            "bios_version = ?8, client_version = ?9, last_contact = ?10 WHERE number = ?11",
            dns_name, details.os_version, details.os_description, details.os_locale,
            details.architecture, details.manufacturer, details.model, details.bios_version,
            details.client_version, now, known->number);
    });
}

Result<> SqliteStore::set_computer_groups(const std::string& id, std::span<const Guid> groups) {
    return writer_.write([&](Connection& connection) -> Result<> {
        const auto number = find_one(
            connection, "SELECT number FROM computer WHERE id = ?1",
            [](Row& row) { return row.number<std::int64_t>(0); }, id);
        if (!number) {
            return std::unexpected(number.error());
        }
        if (!*number) {
            return fail("store.unknown", "There is no computer " + id + " here.",
                        "List them with `headwater computers list`.");
        }
        auto done = connection.execute("DELETE FROM computer_group WHERE computer = ?1", **number);
        return done ? add_to_groups(connection, **number, groups) : done;
    });
}

void SqliteStore::note_scan(const std::string& computer_id, Time now) {
    writer_.post([computer_id, now](Connection& connection) {
        return connection.execute(
            "UPDATE computer SET last_scan = max(coalesce(last_scan, ?1), ?1) WHERE id = ?2", now,
            computer_id);
    });
}

}  // namespace headwater::store
