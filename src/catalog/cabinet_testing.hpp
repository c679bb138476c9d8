#pragma once
// Cabinets made by hand, for the tests of what reads them.

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace headwater::catalog {

// Where the fields stand in a cabinet of one folder and one member.
inline constexpr std::size_t kFlagsAt = 30;
inline constexpr std::size_t kFoldersAt = 26;
inline constexpr std::size_t kFilesAt = 28;
inline constexpr std::size_t kDataAt = 36;
inline constexpr std::size_t kMemberSizeAt = 44;
inline constexpr std::size_t kMemberOffsetAt = 48;
inline constexpr std::size_t kMemberFolderAt = 52;

inline void put(Bytes& bytes, std::size_t at, std::uint32_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) {
        bytes.at(at + i) = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

/// A cabinet that stores its only member, shorter than a block, without compression and without a
/// checksum.
inline Bytes stored(const Bytes& content) {
    Bytes bytes(kDataAt + 8 + 16 + 5 + 8, 0);
    put(bytes, 0, 0x4643534D, 4);
    put(bytes, 8, static_cast<std::uint32_t>(bytes.size() + content.size()), 4);
    put(bytes, 16, kDataAt + 8, 4);
    put(bytes, 24, 0x0103, 2);
    put(bytes, kFoldersAt, 1, 2);
    put(bytes, kFilesAt, 1, 2);
    put(bytes, kDataAt, kDataAt + 8 + 16 + 5, 4);
    put(bytes, kDataAt + 4, 1, 2);
    put(bytes, kMemberSizeAt, static_cast<std::uint32_t>(content.size()), 4);
    for (std::size_t i = 0; i < 4; ++i) {
        bytes[60 + i] = static_cast<std::uint8_t>("blob"[i]);
    }
    put(bytes, kDataAt + 8 + 16 + 5 + 4, static_cast<std::uint32_t>(content.size()), 2);
    put(bytes, kDataAt + 8 + 16 + 5 + 6, static_cast<std::uint32_t>(content.size()), 2);
    bytes.insert(bytes.end(), content.begin(), content.end());
    return bytes;
}

}  // namespace headwater::catalog
