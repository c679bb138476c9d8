#pragma once
// How far a task on the content is, and what came of it, from GET /content/task. Pure functions;
// any thread.

#include <boost/json.hpp>
#include <string>

#include "cli/progress.hpp"

namespace headwater::cli {

/// Of its present stage: bytes where it reads them, else files.
[[nodiscard]] SyncProgress task_progress(const boost::json::value& task);
/// "check  [########------------]  12 of 34 files, 1.2 of 3.4 GB, 210 MB/s, 0:20 left".
[[nodiscard]] std::string task_bar(const boost::json::value& task, std::size_t width);
[[nodiscard]] std::string task_line(const boost::json::value& task);
/// "verify succeeded: 34 files, 3.4 GB; 1 missing, 2 wrong." with what there was and no more.
[[nodiscard]] std::string task_summary(const boost::json::value& task);

}  // namespace headwater::cli
