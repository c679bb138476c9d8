#pragma once
// What lies in a content folder, whether this server knows it or not. Pure but for the disk; any
// thread.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace headwater::content {

struct ShelfEntry {
    std::filesystem::path path;
    std::optional<Sha1> sha1;  ///< nothing where the name is none that a shelf gives
    std::string extension;
    std::uint64_t size = 0;
};

/// What a shelf's name says, "AB/2F88…54AB.exe": digest and extension; without them if it is none.
[[nodiscard]] ShelfEntry entry_named(std::string_view name);

/// Everything on the shelves below this root, at their one depth; links are followed nowhere. What
/// is in `.partial` is left out. A root that does not exist holds nothing. Errors: "content.io".
[[nodiscard]] Result<std::vector<ShelfEntry>> list_shelves(const std::filesystem::path& root);

/// The plain files in `.partial`.
[[nodiscard]] std::vector<std::filesystem::path> list_parts(const std::filesystem::path& root);

/// Removes the empty folders of the shelves, `.partial` and the root itself if nothing is left.
void remove_empty_folders(const std::filesystem::path& root);

}  // namespace headwater::content
