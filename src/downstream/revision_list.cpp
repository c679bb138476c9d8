#include "downstream/revision_list.hpp"

#include <algorithm>

namespace headwater::downstream {
namespace {

using catalog::Index;
using catalog::kNone;
using catalog::Snapshot;

/// The revisions among these that have one of the categories.
Roaring select(const Snapshot& catalog, const Roaring& among, const std::vector<FilterId>& ids,
               bool whole_alone) {
    Roaring selected;
    for (const FilterId& id : ids) {
        const catalog::UpdateIndex update = catalog.find_update(id.id);
        if (update != kNone && !(whole_alone && id.delta)) {
            selected |= catalog.naming(update) & among;
        }
    }
    return selected;
}

/// Those for one of the languages or, unless they have to be listed whole, for all.
Roaring select(const Snapshot& catalog, const Roaring& among,
               const std::vector<FilterLanguage>& languages, bool whole_alone) {
    Roaring selected;
    for (const Index index : among) {
        const std::vector<std::string>& own = catalog.revision(index).languages;
        const bool is_for_one = std::ranges::any_of(languages, [&](const FilterLanguage& language) {
            return !(whole_alone && language.delta) &&
                   std::ranges::find(own, language.name) != own.end();
        });
        if (is_for_one || (own.empty() && !whole_alone)) {
            selected.add(index);
        }
    }
    return selected;
}

Roaring known(const Snapshot& catalog) {
    return catalog.categories() | catalog.detectoids();
}

/// Of these revisions, those that the filter selects by themselves.
Roaring chosen(const Snapshot& catalog, const RevisionFilter& filter, const Roaring& among) {
    if (filter.categories_only) {
        return known(catalog) & among;
    }
    if (!filter.categories && !filter.classifications) {
        return among - known(catalog);
    }
    if (!filter.categories || !filter.classifications) {
        return {};
    }
    Roaring both = select(catalog, among, *filter.categories, false);
    both &= select(catalog, among, *filter.classifications, false);
    both -= known(catalog);
    return filter.languages ? select(catalog, both, *filter.languages, false) : both;
}

/// Those that are listed in spite of the anchor.
Roaring chosen_whole(const Snapshot& catalog, const RevisionFilter& filter, const Roaring& all) {
    const auto is_whole = [](const auto& one) { return !one.delta; };
    if (filter.categories_only || !filter.categories || !filter.classifications ||
        (std::ranges::none_of(*filter.categories, is_whole) &&
         std::ranges::none_of(*filter.classifications, is_whole) &&
         (!filter.languages || std::ranges::none_of(*filter.languages, is_whole)))) {
        return {};
    }
    const Roaring selected = chosen(catalog, filter, all);
    Roaring whole = select(catalog, selected, *filter.categories, true) |
                    select(catalog, selected, *filter.classifications, true);
    if (filter.languages) {
        whole |= select(catalog, selected, *filter.languages, true);
    }
    return whole;
}

/// Adds everything that the revisions bundle, at any depth.
void close_over_bundles(const Snapshot& catalog, Roaring& revisions) {
    std::vector<Index> open(revisions.begin(), revisions.end());
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

/// The bundles that hold one of these revisions, at any depth.
Roaring bundles_around(const Snapshot& catalog, const Roaring& revisions) {
    Roaring around;
    std::vector<Index> open(revisions.begin(), revisions.end());
    while (!open.empty()) {
        const Index member = open.back();
        open.pop_back();
        for (const Index bundle : catalog.bundles_with(catalog.revision(member).identity)) {
            if (around.addChecked(bundle)) {
                open.push_back(bundle);
            }
        }
    }
    return around;
}

/// What was imported after the anchor, and is chosen or in a bundle that is. Looks at nothing
/// older, but for the bundles of what is new: it costs what came, not what there is.
Roaring newer(const Snapshot& catalog, const RevisionFilter& filter, bool with_members) {
    Roaring fresh;
    fresh.addRange(catalog.first_imported_after(*filter.after), catalog.size());
    Roaring listed = chosen(catalog, filter, fresh);
    if (with_members) {
        Roaring bundles = chosen(catalog, filter, bundles_around(catalog, fresh - listed));
        close_over_bundles(catalog, bundles);
        listed |= bundles & fresh;
    }
    Roaring late;
    for (const Index index : listed) {
        if (catalog.revision(index).imported > *filter.after) {
            late.add(index);
        }
    }
    return late;
}

}  // namespace

std::vector<Index> list_revisions(const Snapshot& catalog, const RevisionFilter& filter) {
    Roaring all;
    all.addRange(0, catalog.size());
    const bool with_members =
        !filter.categories_only && filter.categories && filter.classifications;
    Roaring listed =
        filter.after ? chosen_whole(catalog, filter, all) : chosen(catalog, filter, all);
    if (with_members) {
        close_over_bundles(catalog, listed);
    }
    if (filter.after) {
        listed |= newer(catalog, filter, with_members);
    }
    return {listed.begin(), listed.end()};
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
