#pragma once
// The fragments that agents asked for last, so that a fleet that is offered the same updates on the
// same evening parses each document once. A revision's document never changes, so an entry is never
// wrong; bounded in bytes, the least recently asked go first. Owned by Services; any thread.

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "catalog/fragments.hpp"
#include "store/store.hpp"

namespace headwater::agents {

class FragmentCache {
public:
    using Shared = std::shared_ptr<const catalog::Fragments>;

    explicit FragmentCache(std::size_t max_bytes = std::size_t{64} << 20U);

    /// Errors: those of the store, "catalog.no_document" for a revision without one, and those of
    /// derive_fragments. Two threads that miss at once both derive; one result stays.
    [[nodiscard]] Result<Shared> get(store::RevisionId id, const store::Store& store);

    [[nodiscard]] std::size_t bytes() const;

private:
    struct Entry {
        store::RevisionId id;
        Shared fragments;
        std::size_t bytes;
    };

    [[nodiscard]] Shared find(store::RevisionId id);
    void put(store::RevisionId id, const Shared& fragments);

    const std::size_t max_bytes_;
    mutable std::mutex mutex_;
    std::list<Entry> recent_;  // the latest first
    std::unordered_map<store::RevisionId, std::list<Entry>::iterator> by_id_;
    std::size_t bytes_ = 0;
};

}  // namespace headwater::agents
