#pragma once
// Xpress, the compression of answers that agents ask for. [MS-WUSP] 2.1.1; [MS-XCA] 2.3, 2.4.
// Pure; any thread.

#include <cstddef>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace headwater::soap {

/// The body as a sequence of blocks, each of at most `block_size` bytes before compression (1 to
/// 65535). A block that would not shrink is stored, its two lengths equal.
[[nodiscard]] Bytes xpress_compress(ByteView body, std::size_t block_size = 16'352);

/// Errors: "xpress.corrupt", "xpress.too_large" (more than `limit` bytes come out).
[[nodiscard]] Result<Bytes> xpress_decompress(ByteView body,
                                              std::size_t limit = std::size_t{64} << 20U);

}  // namespace headwater::soap
