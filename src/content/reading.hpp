#pragma once
// Reads whole files for their digests, at the speed of the disk. Any thread.

#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace headwater::content {

/// Told of the bytes as they are read; false ends the reading.
using GoOn = std::function<bool(std::uint64_t)>;

/// Errors: "content.io", and "content.cancelled" where it was told to end.
[[nodiscard]] Result<FileHasher::Digests> read_digests(const std::filesystem::path& file,
                                                       const GoOn& go_on);
/// The same of what it copies, durably, over what may stand there. Further errors:
/// "content.disk_full".
[[nodiscard]] Result<FileHasher::Digests> copy_digested(const std::filesystem::path& from,
                                                        const std::filesystem::path& to,
                                                        const GoOn& go_on);

}  // namespace headwater::content
