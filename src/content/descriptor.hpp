#pragma once
// Private to content/: files by their descriptors. Any thread.

#include <filesystem>

#include "base/bytes.hpp"
#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace headwater::content {

/// Writes all of it. Errors: those of file_error().
[[nodiscard]] Result<> write_all(int descriptor, ByteView data, const std::filesystem::path& path);
/// Makes durable what this path names. Errors: those of file_error().
[[nodiscard]] Result<> sync_path(const std::filesystem::path& path, int flags);

}  // namespace headwater::content
