#include <algorithm>

#include "base/compress.hpp"
#include "store/sqlite_store.hpp"

namespace headwater::store {
namespace {

/// A revision made ready by the caller's thread, so that the writer only writes.
struct Packed {
    const NewRevision* source;
    Bytes record;
    Bytes xml;
};

/// The mark that all revisions of one commit share.
struct Import {
    ChangeNumber change = 0;
    Time time;
};

/// Whole milliseconds, as anchors hold them; later than every import before.
Result<Import> next_import(Connection& connection, Time now) {
    const auto change = next_change(connection);
    if (!change) {
        return std::unexpected(change.error());
    }
    const Time earliest = std::chrono::ceil<std::chrono::milliseconds>(now);
    Import import{*change, {}};
    auto taken = connection.query(
        "UPDATE state SET imported = max(?1, imported + 1000) RETURNING imported",
        [&](Row& row) { import.time = row.time(0); }, earliest);
    if (!taken) {
        return std::unexpected(std::move(taken).error());
    }
    return import;
}

Result<ChangeNumber> state_number(Connection& connection, std::string_view sql) {
    const auto number =
        find_one(connection, sql, [](Row& row) { return row.number<ChangeNumber>(0); });
    if (!number) {
        return std::unexpected(number.error());
    }
    return number->value_or(0);
}

Result<std::optional<RevisionId>> find_revision(Connection& connection,
                                                const RevisionIdentity& identity) {
    return find_one(
        connection, "SELECT id FROM revision WHERE update_id = ?1 AND revision_number = ?2",
        [](Row& row) { return row.number<RevisionId>(0); }, identity.update_id,
        identity.revision_number);
}

Result<RevisionId> insert_revision(Connection& connection, const Packed& packed,
                                   const Import& import) {
    const RevisionIdentity& identity = packed.source->revision.identity;
    auto done = connection.execute(
        "INSERT INTO revision (update_id, revision_number, change, imported, record) "
        "VALUES (?1, ?2, ?3, ?4, ?5)",
        identity.update_id, identity.revision_number, import.change, import.time, packed.record);
    const std::int64_t id = connection.last_id();
    done = done ? connection.execute("INSERT INTO document (revision_id, xml) VALUES (?1, ?2)", id,
                                     packed.xml)
                : done;
    if (!done) {
        return std::unexpected(std::move(done).error());
    }
    return static_cast<RevisionId>(id);
}

/// A file known already keeps its state, and learns an address or a digest that is new.
Result<> put_file(Connection& connection, const NewFile& file, Time now) {
    return connection.execute(
        "INSERT INTO file (sha1, sha256, size, name, extension, mu_url, state, attempts, error, "
        "changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, '', ?7) "
        "ON CONFLICT (sha1) DO UPDATE SET sha256 = coalesce(sha256, excluded.sha256), "
        "mu_url = iif(excluded.mu_url = '', mu_url, excluded.mu_url) "
        "WHERE (sha256 IS NULL AND excluded.sha256 IS NOT NULL) "
        "OR excluded.mu_url NOT IN ('', mu_url)",
        file.sha1, file.sha256, file.size, file.name, file.extension, file.mu_url, now);
}

/// What is told of each revision that was not here, once it is stored.
using Added = std::function<Result<>(const catalog::Revision& revision, RevisionId id)>;

Result<std::vector<RevisionId>> insert_new(Connection& connection,
                                           std::span<const Packed> revisions, Time now,
                                           const Added& added) {
    std::vector<RevisionId> ids;
    ids.reserve(revisions.size());
    std::optional<Import> import;
    for (const Packed& packed : revisions) {
        for (const NewFile& file : packed.source->files) {
            if (auto put = put_file(connection, file, now); !put) {
                return std::unexpected(std::move(put).error());
            }
        }
        const auto known = find_revision(connection, packed.source->revision.identity);
        if (!known) {
            return std::unexpected(known.error());
        }
        if (*known) {
            ids.push_back(**known);
            continue;
        }
        if (!import) {
            const auto next = next_import(connection, now);
            if (!next) {
                return std::unexpected(next.error());
            }
            import = *next;
        }
        const auto id = insert_revision(connection, packed, *import);
        if (!id) {
            return std::unexpected(id.error());
        }
        ids.push_back(*id);
        if (added) {
            if (auto told = added(packed.source->revision, *id); !told) {
                return std::unexpected(std::move(told).error());
            }
        }
    }
    return ids;
}

std::vector<Packed> pack(std::span<const NewRevision> revisions) {
    std::vector<Packed> packed;
    packed.reserve(revisions.size());
    for (const NewRevision& revision : revisions) {
        packed.push_back(
            {&revision, catalog::pack_revision(revision.revision), compress(revision.document)});
    }
    return packed;
}

/// What this revision, which is stored, is to the catalog.
Result<UpdateChange> change_of(Connection& connection, const catalog::Revision& revision,
                               RevisionId id) {
    if (revision.publication_state == catalog::PublicationState::kExpired) {
        return UpdateChange::kExpired;
    }
    const auto other = find_one(
        connection, "SELECT 1 FROM revision WHERE update_id = ?1 AND id <> ?2 LIMIT 1",
        [](Row&) { return true; }, revision.identity.update_id, id);
    if (!other) {
        return std::unexpected(other.error());
    }
    return *other ? UpdateChange::kRevised : UpdateChange::kNew;
}

Result<> keep_run_update(Connection& connection, std::int64_t run,
                         const catalog::Revision& revision, RevisionId id, ChangeCounts& counts) {
    ++counts.revisions;
    if (!catalog::is_listed(revision)) {
        return {};
    }
    const auto change = change_of(connection, revision, id);
    if (!change) {
        return std::unexpected(change.error());
    }
    switch (*change) {
        case UpdateChange::kNew:
            ++counts.new_updates;
            break;
        case UpdateChange::kRevised:
            ++counts.revised_updates;
            break;
        case UpdateChange::kExpired:
            ++counts.expired_updates;
            break;
    }
    return connection.execute(
        "INSERT INTO run_update (run, change, revision_id) VALUES (?1, ?2, ?3)", run, *change, id);
}

Result<> add_to_run(Connection& connection, std::int64_t run, const ChangeCounts& counts) {
    return connection.execute(
        "UPDATE sync_run SET new_updates = new_updates + ?1, "
        "revised_updates = revised_updates + ?2, expired_updates = expired_updates + ?3, "
        "revisions = revisions + ?4 WHERE id = ?5",
        counts.new_updates, counts.revised_updates, counts.expired_updates, counts.revisions, run);
}

std::unexpected<Error> damaged(const std::string& what, RevisionId id, std::string remedy) {
    return fail("store.corrupt", what + " of revision " + std::to_string(id) + " is damaged.",
                std::move(remedy));
}

Result<catalog::Revision> read_revision(Row& row) {
    const auto id = row.number<RevisionId>(0);
    auto revision = catalog::unpack_revision(row.blob(5));
    const RevisionIdentity identity{row.plain<Guid>(1), row.number<std::uint32_t>(2)};
    if (!revision || revision->identity != identity) {
        return damaged("The stored form", id,
                       "Stop Headwater and derive it again: `headwater catalog rebuild`.");
    }
    revision->id = id;
    revision->change = row.number<ChangeNumber>(3);
    revision->imported = row.time(4);
    return revision;
}

}  // namespace

Result<std::vector<RevisionId>> SqliteStore::put_revisions(std::span<const NewRevision> revisions,
                                                           Time now) {
    const std::vector<Packed> packed = pack(revisions);
    return writer_.write(
        [&](Connection& connection) { return insert_new(connection, packed, now, nullptr); });
}

Result<ChangeCounts> SqliteStore::put_revisions_of_run(std::int64_t run,
                                                       std::span<const NewRevision> revisions,
                                                       Time now) {
    const std::vector<Packed> packed = pack(revisions);
    return writer_.write([&](Connection& connection) -> Result<ChangeCounts> {
        ChangeCounts counts;
        const auto ids =
            insert_new(connection, packed, now, [&](const auto& revision, RevisionId id) {
                return keep_run_update(connection, run, revision, id, counts);
            });
        if (!ids) {
            return std::unexpected(ids.error());
        }
        if (auto added = add_to_run(connection, run, counts); !added) {
            return std::unexpected(std::move(added).error());
        }
        return counts;
    });
}

Result<> SqliteStore::replace_derived(RevisionId id, const catalog::Revision& revision) {
    const Bytes record = catalog::pack_revision(revision);
    return writer_.write([&](Connection& connection) -> Result<> {
        auto done = connection.execute(
            "UPDATE revision SET record = ?1 WHERE id = ?2 AND update_id = ?3 AND revision_number "
            "= ?4",
            record, id, revision.identity.update_id, revision.identity.revision_number);
        if (done && connection.changes() == 0) {
            return fail("store.unknown", "There is no revision " + std::to_string(id) +
                                             " of update " + revision.identity.update_id.text() +
                                             " here.");
        }
        return done;
    });
}

Result<> SqliteStore::for_each_revision(
    ChangeNumber after, const std::function<void(catalog::Revision&&)>& take) const {
    // Ids and changes grow together, so this is the order of the ids.
    return read([&](Connection& connection) {
        return connection.query(
            "SELECT id, update_id, revision_number, change, imported, record FROM revision "
            "WHERE change > ?1 ORDER BY change, id",
            [&](Row& row) -> Result<> {
                auto revision = read_revision(row);
                if (!revision) {
                    return std::unexpected(std::move(revision).error());
                }
                take(std::move(*revision));
                return {};
            },
            after);
    });
}

Result<std::vector<std::pair<RevisionId, RevisionIdentity>>> SqliteStore::revision_ids() const {
    return read([](Connection& connection) {
        return collect(connection,
                       "SELECT id, update_id, revision_number FROM revision ORDER BY id",
                       [](Row& row) {
                           return std::pair(
                               row.number<RevisionId>(0),
                               RevisionIdentity{row.plain<Guid>(1), row.number<std::uint32_t>(2)});
                       });
    });
}

Result<std::optional<std::string>> SqliteStore::document(RevisionId id) const {
    std::optional<Bytes> stored;
    const auto done = read([&](Connection& connection) {
        return connection.query(
            "SELECT xml FROM document WHERE revision_id = ?1",
            [&](Row& row) {
                const ByteView xml = row.blob(0);
                stored.emplace(xml.begin(), xml.end());
            },
            id);
    });
    if (!done) {
        return std::unexpected(done.error());
    }
    if (!stored) {
        return std::nullopt;
    }
    auto text = decompress(*stored);
    if (!text) {
        return damaged("The document", id, "Put the newest backup in the place of the database.");
    }
    return text;
}

Result<ChangeNumber> SqliteStore::last_change() const {
    return read([](Connection& connection) {
        return state_number(connection, "SELECT change FROM state");
    });
}

Result<ChangeNumber> SqliteStore::last_decision() const {
    return read([](Connection& connection) {
        return state_number(connection, "SELECT decision FROM state");
    });
}

}  // namespace headwater::store
