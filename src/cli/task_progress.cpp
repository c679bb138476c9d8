#include "cli/task_progress.hpp"

#include <array>
#include <cmath>

namespace headwater::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kBar = 30;

std::string figures(const json::value& task) {
    const SyncProgress progress = task_progress(task);
    const bool reads = number(task, "total_bytes") > 0;
    std::string text =
        grouped(number(task, "done")) + " of " + counted(number(task, "total"), "file");
    if (reads) {
        text += ", " + bytes_text(progress.done) + " of " + bytes_text(progress.total);
    }
    if (const auto rate = rate_of(progress); rate && reads) {
        text += ", " + bytes_text(static_cast<std::uint64_t>(std::llround(*rate))) + "/s";
    }
    if (const auto left = time_left(progress)) {
        text += ", " + duration_text(*left) + " left";
    }
    return text;
}

}  // namespace

SyncProgress task_progress(const json::value& task) {
    SyncProgress progress = read_progress(task);
    if (const std::uint64_t bytes = number(task, "total_bytes"); bytes > 0) {
        progress.done = number(task, "done_bytes");
        progress.total = bytes;
    }
    return progress;
}

std::string task_bar(const json::value& task, std::size_t width) {
    const SyncProgress progress = task_progress(task);
    const std::string text = figures(task);
    std::string line = progress.stage + "  ";
    const std::size_t without_bar = line.size() + text.size() + 4;
    constexpr std::size_t kShortestBar = 5;
    if (progress.total > 0 && without_bar + kShortestBar <= width) {
        const std::size_t length = std::min(kBar, width - without_bar);
        const std::size_t full = length * std::min(progress.done, progress.total) / progress.total;
        line += "[" + std::string(full, '#') + std::string(length - full, '-') + "]  ";
    }
    return cut(line + text, width);
}

std::string task_line(const json::value& task) {
    return printable(field(task, "kind")) + ", " + printable(field(task, "stage")) + ": " +
           figures(task);
}

std::string task_summary(const json::value& task) {
    std::string text = printable(field(task, "kind")) + " " + printable(field(task, "state")) + ".";
    for (const char* finding :
         {"missing", "wrong", "found", "unreadable", "strange", "freed", "copied"}) {
        if (const std::uint64_t count = number(task, finding); count > 0) {
            text += " " + counted(count, "file") + " " + finding + ".";
        }
    }
    if (const std::uint64_t bytes = number(task, "freed_bytes"); bytes > 0) {
        text += " " + bytes_text(bytes) + " are free again.";
    }
    return text;
}

}  // namespace headwater::cli
