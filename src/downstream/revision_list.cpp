#include "downstream/revision_list.hpp"

#include <algorithm>

namespace headwater::downstream {
namespace {

using catalog::Index;
using catalog::kNone;
using catalog::Snapshot;

/// What a filter of one kind selects: everything, and what of it is listed in spite of the anchor.
struct Selection {
    Roaring all;
    Roaring whole;
};

Selection select(const Snapshot& catalog, const std::vector<FilterId>& ids) {
    Selection selection;
    for (const FilterId& id : ids) {
        const catalog::UpdateIndex update = catalog.find_update(id.id);
        if (update == kNone) {
            continue;
        }
        selection.all |= catalog.naming(update);
        if (!id.delta) {
            selection.whole |= catalog.naming(update);
        }
    }
    return selection;
}

/// Of these revisions, those for one of the languages or for all.
Selection select(const Snapshot& catalog, const Roaring& among,
                 const std::vector<FilterLanguage>& languages) {
    Selection selection;
    for (const Index index : among) {
        const std::vector<std::string>& own = catalog.revision(index).languages;
        if (own.empty()) {
            selection.all.add(index);
        }
        for (const FilterLanguage& language : languages) {
            if (std::ranges::find(own, language.name) != own.end()) {
                selection.all.add(index);
                if (!language.delta) {
                    selection.whole.add(index);
                }
            }
        }
    }
    return selection;
}

/// Adds everything that the revisions bundle, at any depth.
void close_over_bundles(const Snapshot& catalog, Roaring& revisions) {
    std::vector<Index> open;
    for (const Index index : revisions) {
        open.push_back(index);
    }
    while (!open.empty()) {
        const Index index = open.back();
        open.pop_back();
        for (const catalog::BundleClause& clause : catalog.revision(index).bundled) {
            for (const catalog::RevisionIdentity& identity : clause.alternatives) {
                const Index member = catalog.find(identity);
                if (member != kNone && revisions.addChecked(member)) {
                    open.push_back(member);
                }
            }
        }
    }
}

Roaring everything(const Snapshot& catalog) {
    Roaring all;
    all.addRange(0, catalog.size());
    return all;
}

}  // namespace

std::vector<Index> list_revisions(const Snapshot& catalog, const RevisionFilter& filter) {
    const Roaring known = catalog.categories() | catalog.detectoids();
    Roaring chosen;
    Roaring whole;
    if (filter.categories_only) {
        chosen = known;
    } else if (!filter.categories && !filter.classifications) {
        chosen = everything(catalog) - known;
    } else if (filter.categories && filter.classifications) {
        const Selection categories = select(catalog, *filter.categories);
        const Selection classifications = select(catalog, *filter.classifications);
        chosen = (categories.all & classifications.all) - known;
        whole = chosen & (categories.whole | classifications.whole);
        if (filter.languages) {
            const Selection languages = select(catalog, chosen, *filter.languages);
            chosen = languages.all;
            whole = (whole & chosen) | languages.whole;
        }
        close_over_bundles(catalog, chosen);
        close_over_bundles(catalog, whole);
    }
    std::vector<Index> listed;
    for (const Index index : chosen) {
        if (!filter.after || catalog.revision(index).imported > *filter.after ||
            whole.contains(index)) {
            listed.push_back(index);
        }
    }
    return listed;
}

std::string make_anchor(catalog::ChangeNumber counter, Time time) {
    return std::to_string(counter) + "," + to_anchor_time(time);
}

std::optional<Time> parse_anchor(std::string_view anchor) {
    if (const std::size_t comma = anchor.find(','); comma != std::string_view::npos) {
        const std::string_view counter = anchor.substr(0, comma);
        if (counter.empty() || counter.size() > 20 ||
            !std::ranges::all_of(counter, [](char c) { return c >= '0' && c <= '9'; })) {
            return std::nullopt;
        }
        anchor.remove_prefix(comma + 1);
    }
    return from_anchor_time(anchor);
}

}  // namespace headwater::downstream
