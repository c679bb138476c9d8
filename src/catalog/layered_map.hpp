#pragma once
// A hash map whose copies share what they have in common: one large layer that never changes, and
// above it a small one for each copy. A copy costs the small one. Like a std::unordered_map for
// threads: many may read, none while another writes.

#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>

namespace headwater::catalog {

template <typename Key, typename Value, typename Hash = std::hash<Key>,
          typename Equal = std::equal_to<Key>>
class LayeredMap {
public:
    /// Null for an unknown key.
    [[nodiscard]] const Value* find(const Key& key) const {
        if (!own_.empty()) {
            if (const auto at = own_.find(key); at != own_.end()) {
                return &at->second;
            }
        }
        if (shared_ == nullptr) {
            return nullptr;
        }
        const auto at = shared_->find(key);
        return at == shared_->end() ? nullptr : &at->second;
    }

    /// The value of a key, to be changed: a default one where there is none.
    [[nodiscard]] Value& value(const Key& key) {
        if (const auto at = own_.find(key); at != own_.end()) {
            return at->second;
        }
        const Value* known = find(key);
        return own_.emplace(key, known == nullptr ? Value{} : *known).first->second;
    }

    /// To be called after many changes, before copies are made. What is above becomes part of the
    /// shared layer once it is no small part of it: each key is moved a bounded number of times
    /// while the map doubles.
    void settle() {
        const std::size_t below = shared_ == nullptr ? 0 : shared_->size();
        if (own_.size() < kSmall || own_.size() < below / kShare) {
            return;
        }
        if (shared_ != nullptr) {
            own_.insert(shared_->begin(), shared_->end());
        }
        shared_ = std::make_shared<const Layer>(std::exchange(own_, {}));
    }

private:
    using Layer = std::unordered_map<Key, Value, Hash, Equal>;
    static constexpr std::size_t kSmall = 256;
    static constexpr std::size_t kShare = 8;

    std::shared_ptr<const Layer> shared_;
    Layer own_;  ///< hides what it has of the shared layer
};

}  // namespace headwater::catalog
