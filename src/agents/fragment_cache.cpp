#include "agents/fragment_cache.hpp"

namespace headwater::agents {
namespace {

std::size_t size_of(const catalog::Fragments& fragments) {
    constexpr std::size_t kOverhead = 256;
    std::size_t bytes = kOverhead + fragments.core.size() + fragments.extended.size();
    for (const auto* texts : {&fragments.localized_properties, &fragments.eulas}) {
        for (const auto& [language, xml] : *texts) {
            bytes += sizeof(std::pair<std::string, std::string>) + xml.size();
        }
    }
    return bytes;
}

}  // namespace

FragmentCache::FragmentCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

Result<FragmentCache::Shared> FragmentCache::get(store::RevisionId id, const store::Store& store) {
    if (Shared known = find(id)) {
        return known;
    }
    const auto document = store.document(id);
    if (!document) {
        return std::unexpected(document.error());
    }
    if (!*document) {
        return fail("catalog.no_document",
                    "The database has no document of the revision " + std::to_string(id) + ".");
    }
    auto derived = catalog::derive_fragments(**document);
    if (!derived) {
        return std::unexpected(derived.error());
    }
    auto made = std::make_shared<const catalog::Fragments>(std::move(*derived));
    put(id, made);
    return made;
}

std::size_t FragmentCache::bytes() const {
    const std::scoped_lock lock(mutex_);
    return bytes_;
}

FragmentCache::Shared FragmentCache::find(store::RevisionId id) {
    const std::scoped_lock lock(mutex_);
    const auto at = by_id_.find(id);
    if (at == by_id_.end()) {
        return nullptr;
    }
    recent_.splice(recent_.begin(), recent_, at->second);
    return at->second->fragments;
}

void FragmentCache::put(store::RevisionId id, const Shared& fragments) {
    const std::size_t bytes = size_of(*fragments);
    const std::scoped_lock lock(mutex_);
    if (by_id_.contains(id)) {
        return;
    }
    recent_.push_front({id, fragments, bytes});
    by_id_.emplace(id, recent_.begin());
    bytes_ += bytes;
    while (bytes_ > max_bytes_) {
        bytes_ -= recent_.back().bytes;
        by_id_.erase(recent_.back().id);
        recent_.pop_back();
    }
}

}  // namespace headwater::agents
