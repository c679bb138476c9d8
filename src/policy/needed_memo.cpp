#include <algorithm>

#include "policy/scope.hpp"

namespace headwater::policy {
namespace {

std::size_t hash_of(std::span<const UpdateIndex> installed) {
    std::size_t hash = installed.size();
    for (const UpdateIndex update : installed) {
        hash = (hash ^ update) * 0x9e3779b97f4a7c15U;
        hash ^= hash >> 32U;
    }
    return hash;
}

}  // namespace

std::shared_ptr<const Needed> NeededMemo::find(std::span<const UpdateIndex> installed) const {
    const std::size_t slot = hash_of(installed) % kEntries;
    const std::scoped_lock lock(mutex_);
    if (entries_.empty() || !entries_[slot].needed ||
        !std::ranges::equal(entries_[slot].installed, installed)) {
        return nullptr;
    }
    return entries_[slot].needed;
}

void NeededMemo::put(std::span<const UpdateIndex> installed, std::shared_ptr<const Needed> needed) {
    const std::size_t slot = hash_of(installed) % kEntries;
    const std::scoped_lock lock(mutex_);
    entries_.resize(kEntries);
    entries_[slot] = {{installed.begin(), installed.end()}, std::move(needed)};
}

}  // namespace headwater::policy
