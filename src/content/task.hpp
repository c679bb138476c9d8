#pragma once
// A long task on the shelves, as it is watched while it runs and read afterwards. Any thread.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace headwater::content {

enum class TaskKind : std::uint8_t { kVerify, kReset, kCleanup, kMove };
enum class TaskState : std::uint8_t { kNone, kRunning, kSucceeded, kFailed, kCancelled };

/// What was found, and what was done about it; counts of files.
enum class Finding : std::uint8_t {
    kMissing,  ///< should be here and was not; queued again
    kWrong,    ///< of another length or digest; thrown away, and queued again if it should be here
    kFound,    ///< here, but not marked so; marked now
    kUnreadable,  ///< could not be read, or not be thrown away: left as it is
    kStrange,     ///< on a shelf, but no file of an update that is known here; left as it is
    kFreed,       ///< needed by nothing, and removed
    kCopied,
};
inline constexpr std::size_t kFindings = 7;

struct TaskStatus {
    std::int64_t id = 0;  ///< 0: none since the start of the server
    TaskKind kind = TaskKind::kVerify;
    TaskState state = TaskState::kNone;
    std::string stage;  ///< "list", "check", "copy", "switch", "remove"
    Time started;
    Time stage_started;
    std::optional<Time> ended;
    std::uint64_t done = 0;  ///< files of this stage
    std::uint64_t total = 0;
    std::uint64_t done_bytes = 0;
    std::uint64_t total_bytes = 0;
    std::array<std::uint64_t, kFindings> counts{};
    std::uint64_t freed_bytes = 0;
    /// One sentence for each finding, but not for ever.
    std::vector<std::string> notes;
    std::optional<Error> error;

    [[nodiscard]] std::uint64_t count(Finding finding) const {
        return counts.at(static_cast<std::size_t>(finding));
    }
};

/// The last task's status: written by the task, read by whoever watches.
class TaskBoard {
public:
    explicit TaskBoard(const Clock& clock) : clock_(clock) {}

    /// False where one is running.
    [[nodiscard]] bool begin(TaskKind kind);
    void end(const Result<>& result);
    void stage(std::string name, std::uint64_t files, std::uint64_t bytes);
    void read(std::uint64_t bytes) { done_bytes_ += bytes; }
    void done() { ++done_; }
    void found(Finding finding, std::string note, std::uint64_t bytes = 0);

    /// Asks the running task to end; true where there is one.
    bool cancel();
    [[nodiscard]] bool is_cancelled() const { return is_cancelled_; }
    /// "content.cancelled" once it was asked to end.
    [[nodiscard]] Result<> check_cancelled() const;

    [[nodiscard]] TaskStatus status() const;
    /// Returns when no task is running, or after so long.
    [[nodiscard]] TaskStatus wait(std::chrono::milliseconds at_most) const;

private:
    static constexpr std::size_t kMaxNotes = 100;

    const Clock& clock_;
    mutable std::mutex mutex_;
    mutable std::condition_variable ended_;
    TaskStatus status_;
    std::atomic<std::uint64_t> done_ = 0;
    std::atomic<std::uint64_t> done_bytes_ = 0;
    std::atomic<bool> is_cancelled_ = false;
};

}  // namespace headwater::content
