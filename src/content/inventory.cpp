#include "content/inventory.hpp"

#include "base/bytes.hpp"
#include "content/shelf.hpp"

namespace headwater::content {
namespace {

namespace fs = std::filesystem;

/// The folder's entries; one that vanishes meanwhile was not there.
Result<std::vector<fs::directory_entry>> list(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    fs::directory_iterator at(folder, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
        entries.push_back(*at);
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        return std::unexpected(file_error("read the folder", folder, error.value()));
    }
    return entries;
}

ShelfEntry entry_of(const fs::directory_entry& found) {
    std::error_code error;
    const bool is_file = found.symlink_status(error).type() == fs::file_type::regular;
    const std::uintmax_t size = is_file ? found.file_size(error) : 0;
    const std::string folder = found.path().parent_path().filename().string();
    ShelfEntry entry =
        is_file ? entry_named(folder + "/" + found.path().filename().string()) : ShelfEntry{};
    entry.path = found.path();
    entry.size = error ? 0 : size;
    return entry;
}

bool is_folder(const fs::directory_entry& entry) {
    std::error_code error;
    return entry.symlink_status(error).type() == fs::file_type::directory;
}

}  // namespace

ShelfEntry entry_named(std::string_view name) {
    ShelfEntry entry{.path = name, .sha1 = {}, .extension = {}};
    constexpr std::size_t kFolder = 3;
    constexpr std::size_t kDigits = 40;
    const auto bytes = name.size() >= kFolder + kDigits ? from_hex(name.substr(kFolder, kDigits))
                                                        : std::optional<Bytes>();
    const auto sha1 = bytes ? Sha1::from(*bytes) : std::nullopt;
    const std::string extension(sha1 ? name.substr(kFolder + kDigits) : "");
    if (sha1 && name == shelf_name(*sha1, extension)) {
        entry.sha1 = sha1;
        entry.extension = extension;
    }
    return entry;
}

Result<std::vector<ShelfEntry>> list_shelves(const fs::path& root) {
    const auto shelves = list(root);
    if (!shelves) {
        return std::unexpected(shelves.error());
    }
    std::vector<ShelfEntry> entries;
    for (const fs::directory_entry& shelf : *shelves) {
        if (shelf.path().filename() == kPartialFolder) {
            continue;
        }
        if (!is_folder(shelf)) {
            entries.push_back(entry_of(shelf));
            continue;
        }
        const auto files = list(shelf.path());
        if (!files) {
            return std::unexpected(files.error());
        }
        for (const fs::directory_entry& file : *files) {
            entries.push_back(entry_of(file));
        }
    }
    return entries;
}

std::vector<fs::path> list_parts(const fs::path& root) {
    std::vector<fs::path> parts;
    const auto found = list(root / kPartialFolder);
    for (const fs::directory_entry& part : found.value_or(std::vector<fs::directory_entry>{})) {
        std::error_code error;
        if (part.symlink_status(error).type() == fs::file_type::regular) {
            parts.push_back(part.path());
        }
    }
    return parts;
}

void remove_empty_folders(const fs::path& root) {
    std::error_code ignored;  // one that is not empty stays
    const auto folders = list(root);
    for (const fs::directory_entry& folder : folders.value_or(std::vector<fs::directory_entry>{})) {
        if (is_folder(folder)) {
            fs::remove(folder.path(), ignored);
        }
    }
    fs::remove(root, ignored);
}

}  // namespace headwater::content
