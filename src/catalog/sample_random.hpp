#pragma once
// Numbers and identifiers that follow from a seed alone, on every machine. Values; any thread.
// The standard distributions are avoided on purpose: their results differ between libraries.

#include <cstdint>

#include "base/guid.hpp"

namespace headwater::catalog::sample {

/// What a sequence is for, so that no two uses of one seed share their numbers.
enum class Domain : std::uint64_t { kCategory = 1, kUnit, kIdentity, kFile, kEula, kPublisher };

/// SplitMix64. One thread at a time.
class Random {
public:
    Random(std::uint64_t seed, Domain domain, std::uint64_t index) : state_(seed) {
        state_ = next() ^ (static_cast<std::uint64_t>(domain) << 56U);
        state_ = next() ^ index;
        state_ = next();
    }

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// 0 to bound - 1; 0 for a bound of 0.
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
    }
    bool percent(std::uint32_t chance) { return below(100) < chance; }

private:
    std::uint64_t state_;
};

/// A version 4 identifier.
[[nodiscard]] inline Guid make_guid(std::uint64_t seed, Domain domain, std::uint64_t index) {
    Random random(seed, domain, index);
    Guid guid;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < guid.bytes.size(); ++i) {
        bits = i % 8 == 0 ? random.next() : bits >> 8U;
        guid.bytes[i] = static_cast<std::uint8_t>(bits & 0xffU);
    }
    guid.bytes[6] = static_cast<std::uint8_t>((guid.bytes[6] & 0x0fU) | 0x40U);
    guid.bytes[8] = static_cast<std::uint8_t>((guid.bytes[8] & 0x3fU) | 0x80U);
    return guid;
}

}  // namespace headwater::catalog::sample
