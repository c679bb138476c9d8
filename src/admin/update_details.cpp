#include <algorithm>
#include <map>

#include "admin/names.hpp"
#include "admin/nouns.hpp"
#include "admin/update_content.hpp"
#include "admin/updates.hpp"
#include "admin/values.hpp"
#include "content/wanted.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

using catalog::Index;
using catalog::kNone;
using catalog::Revision;
using catalog::Snapshot;

json::object named(const Snapshot& catalog, const Guid& id) {
    const Index index = catalog.newest(id);
    return {{"id", to_json(id)},
            {"title",
             index == kNone ? json::value(nullptr) : json_text(catalog.revision(index).title)}};
}

json::array revisions_of(const Snapshot& catalog, catalog::UpdateIndex update) {
    std::vector<const Revision*> found;
    for (Index index = 0; index < catalog.size(); ++index) {
        if (catalog.at(index).update == update) {
            found.push_back(&catalog.revision(index));
        }
    }
    std::ranges::sort(found, std::ranges::greater{},
                      [](const Revision* revision) { return revision->identity.revision_number; });
    json::array list;
    for (const Revision* revision : found) {
        list.push_back(json::object{
            {"id", revision->id},
            {"revision", revision->identity.revision_number},
            {"title", json_text(revision->title)},
            {"created", to_json(revision->created)},
            {"imported", to_json(revision->imported)},
            {"expired", revision->publication_state == catalog::PublicationState::kExpired}});
    }
    return list;
}

/// A list of clauses; one of each clause has to be there.
json::array prerequisites_of(const Snapshot& catalog, const Revision& revision) {
    json::array clauses;
    for (const catalog::PrerequisiteClause& clause : revision.prerequisites) {
        json::array any_of;
        for (const Guid& id : clause.alternatives) {
            any_of.push_back(named(catalog, id));
        }
        clauses.push_back(
            json::object{{"category", clause.is_category}, {"any_of", std::move(any_of)}});
    }
    return clauses;
}

json::array bundle_of(const Snapshot& catalog, const Revision& revision) {
    json::array clauses;
    for (const catalog::BundleClause& clause : revision.bundled) {
        json::array any_of;
        for (const catalog::RevisionIdentity& identity : clause.alternatives) {
            json::object member = named(catalog, identity.update_id);
            member["revision"] = identity.revision_number;
            any_of.push_back(std::move(member));
        }
        clauses.push_back(json::object{{"any_of", std::move(any_of)}});
    }
    return clauses;
}

json::array superseding(const Snapshot& catalog, const Revision& revision) {
    json::array list;
    for (const Guid& id : revision.superseded) {
        list.push_back(named(catalog, id));
    }
    return list;
}

Result<> add_files(const Services& services, const Snapshot& catalog, Index index,
                   json::object& into) {
    std::vector<Sha1> digests;
    for (const catalog::RevisionFile& file : content::files_of(catalog, index)) {
        digests.push_back(file.sha1);
    }
    const auto files = services.store.files(digests);
    if (!files) {
        return std::unexpected(files.error());
    }
    const auto failing = FailingFiles::load(services.store);
    if (!failing) {
        return std::unexpected(failing.error());
    }
    into["content"] = failing->mark(catalog, index);
    json::array list;
    for (const store::FileRecord& file : *files) {
        list.push_back(to_json(file));
    }
    into["files"] = std::move(list);
    return {};
}

Result<> add_statuses(const Services& services, const Guid& id, json::object& into) {
    const auto statuses = services.store.statuses_of_update(id);
    if (!statuses) {
        return std::unexpected(statuses.error());
    }
    std::map<std::string_view, std::uint64_t> counts;
    for (const store::ComputerUpdateStatus& status : *statuses) {
        ++counts[name_of(status.status)];
    }
    json::object object;
    for (const auto& [name, count] : counts) {
        object[name] = count;
    }
    into["computers"] = std::move(object);
    return {};
}

/// What only the document says: the description and its links.
Result<> add_texts(const Services& services, const Revision& revision, json::object& into) {
    const auto xml = services.store.document(revision.id);
    if (!xml) {
        return std::unexpected(xml.error());
    }
    const auto document = *xml ? catalog::parse_document(**xml) : Result<catalog::Document>{};
    const catalog::LocalizedText* text =
        document ? document->text_in(document->default_language) : nullptr;
    into["description"] = text == nullptr ? json::value(nullptr) : json_text(text->description);
    into["more_info_url"] = text == nullptr ? json::value(nullptr) : json_text(text->more_info_url);
    return {};
}

Result<Reply> show(const Services& services, const Call& call) {
    const auto view = services.publisher.view();
    const Snapshot& catalog = view->catalog();
    const auto id = find_updates(*view, call.ids, false);
    if (!id) {
        return std::unexpected(id.error());
    }
    const Index index = catalog.newest(id->front());
    if (index == kNone) {
        return fail("update.unknown", "There is no update " + id->front().text() + " here.",
                    "List them with `headwater updates list`.");
    }
    const Revision& revision = catalog.revision(index);
    json::object details = update_row(*view, index);
    details["type"] = name_of(revision.type);
    details["deployable"] = revision.explicitly_deployable;
    json::array approvals;
    for (const store::Approval& approval : view->approvals_of(id->front())) {
        approvals.push_back(to_json(approval, *view));
    }
    details["approvals"] = std::move(approvals);
    details["revisions"] = revisions_of(catalog, catalog.at(index).update);
    details["prerequisites"] = prerequisites_of(catalog, revision);
    details["bundle"] = bundle_of(catalog, revision);
    details["supersedes"] = superseding(catalog, revision);
    for (const auto& added :
         {add_texts(services, revision, details), add_files(services, catalog, index, details),
          add_statuses(services, id->front(), details)}) {
        if (!added) {
            return std::unexpected(added.error());
        }
    }
    return Reply{std::move(details)};
}

}  // namespace

void add_update_details(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "updates/{}",
                 [&services](const Call& call) { return show(services, call); });
}

}  // namespace headwater::admin
