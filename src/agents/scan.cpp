#include "agents/scan.hpp"

#include <algorithm>

namespace headwater::agents {
namespace {

using catalog::Index;
using catalog::kNone;
using catalog::UpdateIndex;

template <typename T>
void sort_unique(std::vector<T>& values) {
    if (!std::ranges::is_sorted(values)) {
        std::ranges::sort(values);
    }
    values.erase(std::ranges::unique(values).begin(), values.end());
}

/// The known revisions among ids; the unknown ones go to `unknown`.
std::vector<Index> indexes_of(const catalog::Snapshot& catalog, std::span<const std::int32_t> ids,
                              std::vector<std::int32_t>& unknown) {
    std::vector<Index> indexes;
    indexes.reserve(ids.size());
    for (const std::int32_t id : ids) {
        const Index index = id > 0 ? catalog.find(static_cast<catalog::RevisionId>(id)) : kNone;
        if (index == kNone) {
            unknown.push_back(id);
        } else {
            indexes.push_back(index);
        }
    }
    return indexes;
}

/// Walks along an ascending list; asked for ascending values.
class Cursor {
public:
    explicit Cursor(std::span<const Index> list) : at_(list.begin()), end_(list.end()) {}
    bool passes(Index index) {
        while (at_ != end_ && *at_ < index) {
            ++at_;
        }
        return at_ != end_ && *at_ == index;
    }

private:
    std::span<const Index>::iterator at_;
    std::span<const Index>::iterator end_;
};

/// Appends what of `needed` is not held until the page is full; true if something did not fit.
bool fill_page(std::span<const Index> needed, std::span<const Index> held,
               std::vector<Index>& page) {
    Cursor cursor(held);
    for (const Index index : needed) {
        if (cursor.passes(index)) {
            continue;
        }
        if (page.size() == Scan::kPageSize) {
            return true;
        }
        page.push_back(index);
    }
    return false;
}

}  // namespace

ScanAnswer Scan::next(const Held& held, catalog::ChangeNumber since) const {
    ScanAnswer answer;
    std::vector<Index> all = indexes_of(catalog_, held.installed_non_leaves, answer.out_of_scope);
    std::vector<UpdateIndex> installed;
    installed.reserve(all.size());
    for (const Index index : all) {
        // Any revision of an update satisfies a prerequisite on it: the prerequisite names the
        // update alone, and a computer that still lists the revision of before keeps what it has
        // evaluated.
        installed.push_back(catalog_.at(index).update);
    }
    sort_unique(installed);
    const std::vector<Index> others = indexes_of(catalog_, held.other_cached, answer.out_of_scope);
    all.insert(all.end(), others.begin(), others.end());
    sort_unique(all);

    const auto needed = scope_.needed_shared(installed);
    answer.truncated = fill_page(needed->non_leaves, all, answer.new_updates);
    answer.truncated = fill_page(needed->leaves, all, answer.new_updates) || answer.truncated;

    Cursor non_leaves(needed->non_leaves);
    Cursor leaves(needed->leaves);
    const bool may_have_changed = needed->newest_change > since;
    for (const Index index : all) {
        if (!non_leaves.passes(index) && !leaves.passes(index)) {
            answer.out_of_scope.push_back(static_cast<std::int32_t>(catalog_.revision(index).id));
        } else if (may_have_changed && scope_.find(index)->change > since) {
            answer.changed.push_back(index);
        }
    }
    sort_unique(answer.out_of_scope);
    return answer;
}

}  // namespace headwater::agents
