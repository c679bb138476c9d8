#pragma once
// Fetches files of updates as Delivery Optimization does: closed ranges of 1 MiB in shuffled order,
// and nothing is taken whose digests are wrong. One thread at a time.

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

#include "base/error.hpp"
#include "simulation/caller.hpp"
#include "simulation/fragment.hpp"

namespace headwater::simulation {

inline constexpr std::uint64_t kRangeSize = std::uint64_t{1} << 20U;

struct DownloadFigures {
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;  ///< that came, good or not
};

class Downloader {
public:
    /// @param folder  holds the files by their SHA-1 in hexadecimal; made when it is needed
    /// @param seed    of the order of the ranges
    Downloader(Transport transport, std::filesystem::path folder, std::uint64_t seed);

    /// Sees that the file is in the folder, whole and verified; one that is there costs no request.
    /// @param url  whole
    /// @return the bytes that were fetched for it
    /// Errors: "agent.download_status", "agent.download_range" (not the range that was asked for),
    /// "agent.digest", "agent.download_write", and those of the transport.
    [[nodiscard]] Result<std::uint64_t> fetch(const UpdateFile& file, const std::string& url);

    [[nodiscard]] std::filesystem::path path_of(const UpdateFile& file) const;
    [[nodiscard]] const DownloadFigures& figures() const { return figures_; }

private:
    [[nodiscard]] Result<> fetch_ranges(const UpdateFile& file, const std::string& url,
                                        int descriptor);
    [[nodiscard]] Result<std::string> fetch_range(const std::string& url, std::uint64_t first,
                                                  std::uint64_t last, std::uint64_t size);

    Transport transport_;
    std::filesystem::path folder_;
    std::mt19937_64 random_;
    DownloadFigures figures_;
};

}  // namespace headwater::simulation
