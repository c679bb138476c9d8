#pragma once
// The content of the sample: the bytes, size and digests of a file from its index and the seed.
// One thread at a time.

#include <cstdint>

#include "base/bytes.hpp"
#include "base/digest.hpp"

namespace headwater::catalog::sample {

class FileMaker {
public:
    FileMaker(std::uint64_t seed, std::uint32_t min_size, std::uint32_t max_size)
        : seed_(seed), min_size_(min_size), max_size_(max_size) {}

    [[nodiscard]] Bytes bytes(std::uint32_t index) const;

    struct Description {
        std::uint32_t size = 0;  ///< bytes
        Sha1 sha1;
        Sha256 sha256;
    };
    [[nodiscard]] Description describe(std::uint32_t index);

private:
    void fill(std::uint32_t index, Bytes& into) const;

    std::uint64_t seed_;
    std::uint32_t min_size_;
    std::uint32_t max_size_;
    Bytes scratch_;
};

}  // namespace headwater::catalog::sample
