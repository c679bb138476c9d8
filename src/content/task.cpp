#include "content/task.hpp"

namespace headwater::content {

bool TaskBoard::begin(TaskKind kind) {
    const std::scoped_lock lock(mutex_);
    if (status_.state == TaskState::kRunning) {
        return false;
    }
    TaskStatus status;
    status.id = status_.id + 1;
    status.kind = kind;
    status.state = TaskState::kRunning;
    status.stage = "list";
    status.started = status.stage_started = clock_.now();
    status_ = std::move(status);
    done_ = 0;
    done_bytes_ = 0;
    is_cancelled_ = false;
    return true;
}

void TaskBoard::end(const Result<>& result) {
    const std::scoped_lock lock(mutex_);
    status_.ended = clock_.now();
    status_.state = TaskState::kSucceeded;
    if (!result) {
        status_.state =
            result.error().code == "content.cancelled" ? TaskState::kCancelled : TaskState::kFailed;
        status_.error = result.error();
    }
    ended_.notify_all();
}

void TaskBoard::stage(std::string name, std::uint64_t files, std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    status_.stage = std::move(name);
    status_.stage_started = clock_.now();
    status_.total = files;
    status_.total_bytes = bytes;
    done_ = 0;
    done_bytes_ = 0;
}

void TaskBoard::found(Finding finding, std::string note, std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    ++status_.counts.at(static_cast<std::size_t>(finding));
    if (finding == Finding::kFreed) {
        status_.freed_bytes += bytes;
    }
    if (!note.empty() && status_.notes.size() < kMaxNotes) {
        status_.notes.push_back(std::move(note));
    }
}

bool TaskBoard::cancel() {
    const std::scoped_lock lock(mutex_);
    is_cancelled_ = status_.state == TaskState::kRunning;
    return is_cancelled_;
}

Result<> TaskBoard::check_cancelled() const {
    if (is_cancelled_) {
        return fail("content.cancelled", "The task was cancelled.");
    }
    return {};
}

TaskStatus TaskBoard::status() const {
    const std::scoped_lock lock(mutex_);
    TaskStatus status = status_;
    status.done = done_;
    status.done_bytes = done_bytes_;
    return status;
}

TaskStatus TaskBoard::wait(std::chrono::milliseconds at_most) const {
    {
        std::unique_lock lock(mutex_);
        ended_.wait_for(lock, at_most, [&] { return status_.state != TaskState::kRunning; });
    }
    return status();
}

}  // namespace headwater::content
