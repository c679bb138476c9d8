#pragma once
// A generated catalog, written where a server finds it. One thread.

#include <cstdint>
#include <filesystem>

#include "base/error.hpp"
#include "catalog/sample.hpp"

namespace headwater::cli {

struct SampleFigures {
    std::uint64_t revisions = 0;
    std::uint64_t files = 0;
    std::uint64_t file_bytes = 0;
};

/// Stores the catalog in the folder's database, and with `with_files` its files on the shelves.
/// What is there already stays. Errors: those of the store, of the documents and of the shelf.
[[nodiscard]] Result<SampleFigures> write_sample(const catalog::SampleOptions& options,
                                                 const std::filesystem::path& data,
                                                 bool with_files);

}  // namespace headwater::cli
