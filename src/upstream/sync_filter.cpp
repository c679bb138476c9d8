#include "upstream/sync_filter.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <unordered_set>

#include "catalog/languages.hpp"

namespace headwater::upstream {
namespace {

namespace json = boost::json;
namespace wire = protocol::server_sync;

using catalog::kNone;

/// These categories and all below them: whoever chooses a family wants the products, too, that it
/// gets later.
std::vector<Guid> with_children(const catalog::Snapshot& catalog, std::vector<Guid> ids) {
    std::unordered_set<Guid> seen(ids.begin(), ids.end());
    for (std::size_t next = 0; next < ids.size(); ++next) {
        const catalog::UpdateIndex update = catalog.find_update(ids[next]);
        if (update == kNone) {
            continue;
        }
        for (const catalog::Index index : catalog.naming(update) & catalog.categories()) {
            const Guid& child = catalog.revision(index).identity.update_id;
            if (seen.insert(child).second) {
                ids.push_back(child);
            }
        }
    }
    return ids;
}

}  // namespace

std::string anchor_to_json(const std::string& upstream, const std::string& anchor,
                           const std::vector<std::string>& chosen) {
    json::array ids;
    for (const std::string& id : chosen) {
        ids.push_back(json::string(id));
    }
    return json::serialize(
        json::object{{"upstream", upstream}, {"anchor", anchor}, {"chosen", std::move(ids)}});
}

Result<StoredAnchor> load_anchor(const store::Store& store, const char* name,
                                 const std::string& upstream) {
    const auto stored = store.setting(name);
    if (!stored) {
        return std::unexpected(stored.error());
    }
    StoredAnchor anchor;
    boost::system::error_code error;
    const json::value value = *stored ? json::parse(**stored, error) : json::value{};
    if (error || !value.is_object()) {
        return anchor;
    }
    const json::object& object = value.get_object();
    const json::value* of = object.if_contains("upstream");
    // An anchor means something to the server that gave it, and to no other.
    if (of == nullptr || !of->is_string() || of->get_string() != upstream) {
        return anchor;
    }
    if (const json::value* text = object.if_contains("anchor");
        text != nullptr && text->is_string()) {
        anchor.anchor = text->get_string();
    }
    if (const json::value* ids = object.if_contains("chosen"); ids != nullptr && ids->is_array()) {
        for (const json::value& id : ids->get_array()) {
            if (id.is_string()) {
                anchor.chosen.emplace(id.get_string());
            }
        }
    }
    return anchor;
}

std::vector<Guid> ids_of(const catalog::Snapshot& catalog, const policy::Choice& choice,
                         bool classifications) {
    if (!choice.all) {
        return with_children(catalog, choice.ids);
    }
    std::vector<Guid> ids;
    for (const catalog::Index index : catalog.categories()) {
        const catalog::Revision& revision = catalog.revision(index);
        const bool is_classification =
            revision.category_type == catalog::CategoryType::kUpdateClassification;
        const bool is_product = revision.category_type == catalog::CategoryType::kProduct ||
                                revision.category_type == catalog::CategoryType::kProductFamily;
        if (classifications ? is_classification : is_product) {
            ids.push_back(revision.identity.update_id);
        }
    }
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    return ids;
}

soap::Array<wire::IdAndDelta> filter_of(const std::vector<Guid>& ids, const StoredAnchor& before) {
    soap::Array<wire::IdAndDelta> filter;
    for (const Guid& id : ids) {
        filter.push_back({id, !before.anchor.empty() && before.chosen.contains(id.text())});
    }
    return filter;
}

bool has_chosen_languages(const StoredAnchor& anchor) {
    return std::ranges::any_of(
        anchor.chosen, [](const std::string& chosen) { return chosen.starts_with(kLanguageMark); });
}

soap::Optional<soap::Array<wire::LanguageAndDelta>> languages_of(
    const std::vector<std::string>& chosen, const StoredAnchor& before) {
    if (chosen.empty()) {
        return {};
    }
    soap::Array<wire::LanguageAndDelta> filter;
    for (const std::string& name : chosen) {
        if (const catalog::Language* language = catalog::find_language(name)) {
            const bool is_known =
                !has_chosen_languages(before) || before.chosen.contains(kLanguageMark + name);
            filter.push_back({language->id, !before.anchor.empty() && is_known});
        }
    }
    return filter;
}

}  // namespace headwater::upstream
