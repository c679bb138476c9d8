#pragma once
// SHA-1 and SHA-256 of content: values, and a hasher that computes both in one pass.

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>

#include "base/bytes.hpp"

namespace headwater {

/// The name of a file of content, as the protocols use it.
struct Sha1 {
    std::array<std::uint8_t, 20> bytes{};
    auto operator<=>(const Sha1&) const = default;
    /// Nothing unless exactly 20 bytes are given.
    [[nodiscard]] static std::optional<Sha1> from(ByteView bytes);
    [[nodiscard]] static Sha1 of(ByteView data);
};

struct Sha256 {
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const Sha256&) const = default;
    /// Nothing unless exactly 32 bytes are given.
    [[nodiscard]] static std::optional<Sha256> from(ByteView bytes);
    [[nodiscard]] static Sha256 of(ByteView data);
};

/// Both digests of one stream. One thread at a time.
class FileHasher {
public:
    FileHasher();
    ~FileHasher();
    FileHasher(FileHasher&&) noexcept;
    FileHasher& operator=(FileHasher&&) noexcept;

    void update(ByteView data);

    struct Digests {
        Sha1 sha1;
        Sha256 sha256;
    };
    /// Ends the stream; the hasher is used up.
    [[nodiscard]] Digests finish();

private:
    struct Contexts;
    std::unique_ptr<Contexts> contexts_;
};

}  // namespace headwater

template <>
struct std::hash<headwater::Sha1> {
    std::size_t operator()(const headwater::Sha1& digest) const noexcept {
        std::size_t value = 0;
        std::memcpy(&value, digest.bytes.data(), sizeof value);
        return value;
    }
};
