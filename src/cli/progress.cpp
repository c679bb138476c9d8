#include "cli/progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/time.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kBar = 30;
constexpr std::size_t kStage = 10;

std::optional<Time> time_of(const json::value& answer, std::string_view name) {
    const json::value& value = at(answer, name);
    return value.is_string() ? from_xml_time(std::string_view(value.get_string())) : std::nullopt;
}

std::string counts(const SyncProgress& progress) {
    return progress.total == 0 ? grouped(progress.done)
                               : grouped(progress.done) + " of " + grouped(progress.total);
}

std::string rate_text(double rate) {
    if (rate >= 10) {
        return grouped(static_cast<std::uint64_t>(std::llround(rate))) + "/s";
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f/s", rate);
    return text.data();
}

std::string bar(const SyncProgress& progress, std::size_t width) {
    const std::uint64_t done = std::min(progress.done, progress.total);
    const auto full =
        static_cast<std::size_t>(static_cast<double>(done) / static_cast<double>(progress.total) *
                                 static_cast<double>(width));
    return "[" + std::string(full, '#') + std::string(width - full, '-') + "]";
}

}  // namespace

SyncProgress read_progress(const json::value& answer) {
    SyncProgress progress;
    progress.version = number(answer, "version");
    progress.run_id = static_cast<std::int64_t>(number(answer, "run_id"));
    progress.running = flag(answer, "running");
    progress.stage = printable(field(answer, "stage"));
    progress.done = number(answer, "done");
    progress.total = number(answer, "total");
    progress.requests = number(answer, "requests");
    progress.bytes = number(answer, "bytes");
    const auto since = time_of(answer, "stage_started");
    const auto now = time_of(answer, "now");
    if (since && now && *now > *since) {
        progress.in_stage = std::chrono::duration_cast<std::chrono::milliseconds>(*now - *since);
    }
    progress.result = printable(field(answer, "result"));
    progress.error = printable(field(answer, "error"));
    return progress;
}

std::optional<double> rate_of(const SyncProgress& progress) {
    constexpr std::chrono::milliseconds kEnoughToMeasure{500};
    if (progress.done == 0 || progress.in_stage < kEnoughToMeasure) {
        return std::nullopt;
    }
    return static_cast<double>(progress.done) * 1000.0 /
           static_cast<double>(progress.in_stage.count());
}

std::optional<std::chrono::seconds> time_left(const SyncProgress& progress) {
    const auto rate = rate_of(progress);
    if (!rate || progress.total < progress.done || progress.total == 0) {
        return std::nullopt;
    }
    const double seconds = static_cast<double>(progress.total - progress.done) / *rate;
    constexpr double kTooFarToTell = 7.0 * 24 * 3600;
    if (seconds > kTooFarToTell) {
        return std::nullopt;
    }
    return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(seconds)));
}

std::string duration_text(std::chrono::seconds duration) {
    const std::int64_t seconds = duration.count();
    std::array<char, 64> text{};
    if (seconds >= 3600) {
        std::snprintf(
            text.data(), text.size(), "%lld:%02lld:%02lld", static_cast<long long>(seconds / 3600),
            static_cast<long long>(seconds / 60 % 60), static_cast<long long>(seconds % 60));
    } else {
        std::snprintf(text.data(), text.size(), "%lld:%02lld", static_cast<long long>(seconds / 60),
                      static_cast<long long>(seconds % 60));
    }
    return text.data();
}

std::string progress_bar(const SyncProgress& progress, std::size_t width) {
    std::string stage = progress.stage.empty() ? "starting" : progress.stage;
    stage.resize(std::max(stage.size(), kStage), ' ');
    std::string figures = counts(progress);
    if (const auto rate = rate_of(progress)) {
        figures += "  " + rate_text(*rate);
    }
    if (const auto left = time_left(progress)) {
        figures += "  " + duration_text(*left) + " left";
    }
    std::string line = stage + "  ";
    const std::size_t without_bar = stage.size() + figures.size() + 6;
    constexpr std::size_t kShortestBar = 5;
    if (progress.total > 0 && without_bar + kShortestBar <= width) {
        line += bar(progress, std::min(kBar, width - without_bar)) + "  ";
    }
    return cut(line + figures, width);
}

std::string progress_line(const SyncProgress& progress) {
    std::string line =
        (progress.stage.empty() ? "starting" : progress.stage) + ": " + counts(progress);
    if (const auto rate = rate_of(progress)) {
        line += ", " + rate_text(*rate);
    }
    if (const auto left = time_left(progress)) {
        line += ", " + duration_text(*left) + " left";
    }
    return line;
}

}  // namespace headwater::cli
