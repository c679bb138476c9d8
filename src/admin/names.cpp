#include "admin/names.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/utf.hpp"

namespace headwater::admin {
namespace {

using catalog::CategoryType;
using catalog::Index;
using catalog::kNone;
using catalog::Revision;
using catalog::Snapshot;

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The key by which a name finds an update: "kb:5031455" or "title:…" in lower case.
std::string key_of_name(std::string_view name) {
    const bool has_prefix = name.size() > 2 && equal_ignoring_case(name.substr(0, 2), "kb");
    const std::string_view number = has_prefix ? name.substr(2) : name;
    return is_number(number) ? "kb:" + std::string(number) : "title:" + to_lower_ascii(name);
}

using Matches = std::unordered_map<std::string, std::vector<Index>>;

/// Looks at each listed update once, however many names are wanted.
void collect(const Snapshot& catalog, Matches& wanted) {
    for (const Index index : listed_updates(catalog)) {
        const Revision& revision = catalog.revision(index);
        for (const std::string& key :
             {"kb:" + revision.kb_article, "title:" + to_lower_ascii(revision.title)}) {
            if (const auto at = wanted.find(key); at != wanted.end()) {
                at->second.push_back(index);
            }
        }
    }
}

std::unexpected<Error> ambiguous(const Snapshot& catalog, const std::string& name,
                                 std::span<const Index> matches) {
    constexpr std::size_t kShown = 10;
    std::vector<std::string> causes;
    for (const Index index : matches.first(std::min(kShown, matches.size()))) {
        const Revision& revision = catalog.revision(index);
        causes.push_back(revision.identity.update_id.text() + " " + revision.title);
    }
    if (matches.size() > kShown) {
        causes.push_back("and " + std::to_string(matches.size() - kShown) + " more");
    }
    return fail(
        "update.ambiguous", "'" + name + "' names " + std::to_string(matches.size()) + " updates.",
        "Name the one that you mean by its id, or take all of them with --all.", std::move(causes));
}

}  // namespace

Roaring listed_updates(const Snapshot& catalog) {
    Roaring listed;
    for (catalog::UpdateIndex update = 0; update < catalog.update_count(); ++update) {
        const Index index = catalog.newest(update);
        if (index != kNone && is_listed(catalog.revision(index))) {
            listed.add(index);
        }
    }
    return listed;
}

bool is_of_kind(const Revision& revision, CategoryKind kind) {
    switch (revision.category_type) {
        case CategoryType::kCompany:
        case CategoryType::kProductFamily:
        case CategoryType::kProduct:
            return kind == CategoryKind::kProduct;
        case CategoryType::kUpdateClassification:
            return kind == CategoryKind::kClassification;
        case CategoryType::kNone:
            break;
    }
    return false;
}

std::vector<Guid> with_descendants(const Snapshot& catalog, const Guid& category) {
    std::vector<Guid> found = {category};
    std::unordered_set<Guid> seen = {category};
    for (std::size_t next = 0; next < found.size(); ++next) {
        const catalog::UpdateIndex update = catalog.find_update(found[next]);
        if (update == kNone) {
            continue;
        }
        for (const Index index : catalog.naming(update) & catalog.categories()) {
            const Guid& id = catalog.revision(index).identity.update_id;
            if (seen.insert(id).second) {
                found.push_back(id);
            }
        }
    }
    return found;
}

Roaring members(const Snapshot& catalog, std::span<const Guid> categories) {
    Roaring all;
    for (const Guid& id : categories) {
        if (const auto update = catalog.find_update(id); update != kNone) {
            all |= catalog.naming(update);
        }
    }
    return all;
}

Result<Guid> find_group(const policy::View& view, std::string_view name) {
    const auto guid = Guid::parse(name);
    const store::TargetGroup* group = guid ? view.group(*guid) : view.group_named(name);
    if (group == nullptr) {
        return fail("group.unknown", "There is no computer group '" + std::string(name) + "'.",
                    "List them with `headwater groups list`.");
    }
    return group->id;
}

Result<std::vector<Guid>> find_groups(const policy::View& view,
                                      std::span<const std::string> names) {
    std::vector<Guid> groups;
    for (const std::string& name : names) {
        const auto group = find_group(view, name);
        if (!group) {
            return std::unexpected(group.error());
        }
        if (std::ranges::find(groups, *group) == groups.end()) {
            groups.push_back(*group);
        }
    }
    return groups;
}

Result<Guid> find_category(const policy::View& view, CategoryKind kind, std::string_view name) {
    if (const auto guid = Guid::parse(name)) {
        return *guid;
    }
    const Snapshot& catalog = view.catalog();
    std::vector<const Revision*> found;
    for (const Index index : catalog.categories()) {
        const Revision& revision = catalog.revision(index);
        if (catalog.newest(catalog.at(index).update) == index && is_of_kind(revision, kind) &&
            equal_ignoring_case(revision.title, name)) {
            found.push_back(&revision);
        }
    }
    const bool product = kind == CategoryKind::kProduct;
    const std::string what = product ? "product" : "classification";
    if (found.empty()) {
        return fail("category.unknown",
                    "There is no " + what + " '" + std::string(name) + "' here.",
                    "List them with `headwater " + what +
                        "s`; a synchronization brings those of the upstream server.");
    }
    if (found.size() > 1) {
        std::vector<std::string> causes;
        for (const Revision* revision : found) {
            causes.push_back(revision->identity.update_id.text());
        }
        return fail(
            "category.ambiguous",
            "'" + std::string(name) + "' names " + std::to_string(found.size()) + " " + what + "s.",
            "Name the one that you mean by its id.", std::move(causes));
    }
    return found.front()->identity.update_id;
}

Result<policy::Choice> read_choice(const policy::View& view, CategoryKind kind, Fields& fields) {
    policy::Choice choice;
    choice.all = fields.flag("all", false);
    const auto names =
        fields.has("ids") || !choice.all ? fields.texts("ids") : std::vector<std::string>{};
    if (auto read = fields.finish(); !read) {
        return std::unexpected(read.error());
    }
    for (const std::string& name : names) {
        const auto id = find_category(view, kind, name);
        if (!id) {
            return std::unexpected(id.error());
        }
        if (std::ranges::find(choice.ids, *id) == choice.ids.end()) {
            choice.ids.push_back(*id);
        }
    }
    return choice;
}

Result<std::vector<Guid>> find_updates(const policy::View& view, std::span<const std::string> names,
                                       bool all_matches) {
    Matches matches;
    for (const std::string& name : names) {
        if (!Guid::parse(name)) {
            matches.try_emplace(key_of_name(name));
        }
    }
    if (!matches.empty()) {
        collect(view.catalog(), matches);
    }
    std::vector<Guid> updates;
    std::unordered_set<Guid> seen;
    const auto take = [&](const Guid& id) {
        if (seen.insert(id).second) {
            updates.push_back(id);
        }
    };
    for (const std::string& name : names) {
        if (const auto guid = Guid::parse(name)) {
            take(*guid);
            continue;
        }
        const std::vector<Index>& found = matches[key_of_name(name)];
        if (found.empty()) {
            return fail("update.unknown", "There is no update '" + name + "' here.",
                        "List them with `headwater updates list`.");
        }
        if (found.size() > 1 && !all_matches) {
            return ambiguous(view.catalog(), name, found);
        }
        for (const Index index : found) {
            take(view.catalog().revision(index).identity.update_id);
        }
    }
    return updates;
}

}  // namespace headwater::admin
