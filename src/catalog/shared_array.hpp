#pragma once
// An array whose copies share what they have in common: it is cut into chunks, and a copy costs a
// pointer a chunk. Like a std::vector for threads: many may read, none while another writes.

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace headwater::catalog {

template <typename Value>
class SharedArray {
public:
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const Value& operator[](std::size_t index) const {
        return (*chunks_[index / kChunk])[index % kChunk];
    }

    /// An element, to be changed. Copies its chunk, once, if it may be another's, too.
    [[nodiscard]] Value& edit(std::size_t index) { return own(index / kChunk)[index % kChunk]; }

    void push_back(Value value) {
        if (size_ % kChunk == 0) {
            chunks_.push_back(std::make_shared<Chunk>());
            is_own_.resize(chunks_.size() - 1, false);
            is_own_.push_back(true);
        }
        edit(size_) = std::move(value);
        ++size_;
    }

    /// To be called after many changes, before copies are made.
    void settle() { is_own_.clear(); }

private:
    static constexpr std::size_t kChunk = 512;
    using Chunk = std::array<Value, kChunk>;

    Chunk& own(std::size_t number) {
        if (is_own_.size() <= number) {
            is_own_.resize(chunks_.size(), false);
        }
        if (!is_own_[number]) {
            chunks_[number] = std::make_shared<Chunk>(*chunks_[number]);
            is_own_[number] = true;
        }
        return *chunks_[number];
    }

    std::vector<std::shared_ptr<Chunk>> chunks_;
    std::vector<bool> is_own_;  ///< by chunk; false beyond its end
    std::size_t size_ = 0;
};

}  // namespace headwater::catalog
