#include "catalog/sample_files.hpp"

#include <algorithm>

#include "catalog/sample_random.hpp"

namespace headwater::catalog::sample {

Bytes FileMaker::bytes(std::uint32_t index) const {
    Bytes made;
    fill(index, made);
    return made;
}

FileMaker::Description FileMaker::describe(std::uint32_t index) {
    fill(index, scratch_);
    return {static_cast<std::uint32_t>(scratch_.size()), Sha1::of(scratch_), Sha256::of(scratch_)};
}

void FileMaker::fill(std::uint32_t index, Bytes& into) const {
    Random random(seed_, Domain::kFile, index);
    const std::uint64_t range = std::uint64_t{max_size_} - min_size_ + 1;
    into.resize(static_cast<std::size_t>(min_size_ + random.next() % range));
    std::size_t i = 0;
    while (i < into.size()) {
        // Byte by byte from the lowest, so that the order of bytes in memory plays no part.
        std::uint64_t bits = random.next();
        for (std::size_t end = std::min(i + 8, into.size()); i < end; ++i, bits >>= 8U) {
            into[i] = static_cast<std::uint8_t>(bits & 0xffU);
        }
    }
}

}  // namespace headwater::catalog::sample
