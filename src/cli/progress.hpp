#pragma once
// How far a synchronization is, as one line. Pure functions; any thread.

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/output.hpp"

namespace headwater::cli {

/// What GET /synchronization tells.
struct SyncProgress {
    std::uint64_t version = 0;
    std::int64_t run_id = 0;
    bool running = false;
    std::string stage;
    std::uint64_t done = 0;
    std::uint64_t total = 0;  ///< 0 while it is not known
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;
    /// By the server's clock; 0 where it does not say since when.
    std::chrono::milliseconds in_stage{0};
    std::string result;
    std::string error;
};

[[nodiscard]] SyncProgress read_progress(const boost::json::value& answer);

/// Of this stage, documents a second; nothing before there is something to measure.
[[nodiscard]] std::optional<double> rate_of(const SyncProgress& progress);
[[nodiscard]] std::optional<std::chrono::seconds> time_left(const SyncProgress& progress);
/// "1:02:05", "2:05", "0:05".
[[nodiscard]] std::string duration_text(std::chrono::seconds duration);

/// "documents  [########------------]  1,234 of 5,678  220/s  0:20 left", of at most this width.
[[nodiscard]] std::string progress_bar(const SyncProgress& progress, std::size_t width);
/// "documents: 1,234 of 5,678, 220/s, 0:20 left".
[[nodiscard]] std::string progress_line(const SyncProgress& progress);

}  // namespace headwater::cli
