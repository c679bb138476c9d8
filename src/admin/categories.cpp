#include <algorithm>

#include "admin/names.hpp"
#include "admin/nouns.hpp"
#include "admin/values.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

using catalog::Index;
using catalog::kNone;
using catalog::Revision;
using catalog::Snapshot;

/// The category above: the first one of its kind that an IsCategory prerequisite names.
std::optional<Guid> parent_of(const Snapshot& catalog, const Revision& revision,
                              CategoryKind kind) {
    for (const catalog::PrerequisiteClause& clause : revision.prerequisites) {
        for (const Guid& id : clause.alternatives) {
            const Index above = clause.is_category ? catalog.newest(id) : kNone;
            if (above != kNone && is_of_kind(catalog.revision(above), kind)) {
                return id;
            }
        }
    }
    return std::nullopt;
}

bool is_chosen(const policy::Choice& choice, const Guid& id) {
    return choice.all || std::ranges::find(choice.ids, id) != choice.ids.end();
}

json::array list(const Snapshot& catalog, CategoryKind kind, const policy::Choice& choice) {
    const Roaring listed = listed_updates(catalog);
    std::vector<const Revision*> found;
    for (const Index index : catalog.categories()) {
        const Revision& revision = catalog.revision(index);
        if (catalog.newest(catalog.at(index).update) == index && is_of_kind(revision, kind)) {
            found.push_back(&revision);
        }
    }
    std::ranges::sort(found, {}, [](const Revision* revision) {
        return std::tie(revision->title, revision->identity.update_id);
    });
    json::array items;
    for (const Revision* revision : found) {
        const Guid& id = revision->identity.update_id;
        const auto parent = parent_of(catalog, *revision, kind);
        items.push_back(json::object{
            {"id", to_json(id)},
            {"title", json_text(revision->title)},
            {"type", name_of(revision->category_type)},
            {"parent", parent ? to_json(*parent) : json::value(nullptr)},
            {"chosen", is_chosen(choice, id)},
            {"updates", listed.and_cardinality(members(catalog, with_descendants(catalog, id)))}});
    }
    return items;
}

Result<Reply> show(const Services& services, const Call& call, CategoryKind kind) {
    if (auto known = call.query.allow({}); !known) {
        return std::unexpected(known.error());
    }
    const auto options = policy::load_sync_options(services.store);
    if (!options) {
        return std::unexpected(options.error());
    }
    const bool products = kind == CategoryKind::kProduct;
    const auto view = services.publisher.view();
    return Reply{json::object{
        {products ? "products" : "classifications",
         list(view->catalog(), kind, products ? options->products : options->classifications)}}};
}

}  // namespace

void add_categories(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "products", [&services](const Call& call) {
        return show(services, call, CategoryKind::kProduct);
    });
    dispatch.add("GET", "classifications", [&services](const Call& call) {
        return show(services, call, CategoryKind::kClassification);
    });
}

}  // namespace headwater::admin
