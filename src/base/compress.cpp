#include "base/compress.hpp"

#include <zstd.h>

#include <memory>
#include <stdexcept>

namespace headwater {
namespace {

// Level 1: an import is bound by this, and the documents differ little in size at higher levels.
constexpr int kLevel = 1;

struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

Bytes compress(std::string_view text) {
    thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
    Bytes out(ZSTD_compressBound(text.size()));
    const std::size_t size =
        ZSTD_compressCCtx(context.get(), out.data(), out.size(), text.data(), text.size(), kLevel);
    if (ZSTD_isError(size) != 0) {
        throw std::runtime_error(std::string("Zstandard: ") + ZSTD_getErrorName(size));
    }
    out.resize(size);
    return out;
}

std::optional<std::string> decompress(ByteView data, std::size_t limit) {
    const unsigned long long size = ZSTD_getFrameContentSize(data.data(), data.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > limit) {
        return std::nullopt;
    }
    thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
    std::string out(static_cast<std::size_t>(size), '\0');
    const std::size_t got =
        ZSTD_decompressDCtx(context.get(), out.data(), out.size(), data.data(), data.size());
    if (ZSTD_isError(got) != 0 || got != out.size()) {
        return std::nullopt;
    }
    return out;
}

}  // namespace headwater
