#include "upstream/progress.hpp"

namespace headwater::upstream {

void ProgressBoard::update(const std::function<void(Progress&)>& change) {
    {
        const std::scoped_lock lock(mutex_);
        change(progress_);
        ++progress_.version;
    }
    changed_.notify_all();
}

Progress ProgressBoard::read() const {
    const std::scoped_lock lock(mutex_);
    return progress_;
}

Progress ProgressBoard::wait(std::uint64_t after_version, std::chrono::milliseconds at_most) const {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [&] { return progress_.version > after_version; });
    return progress_;
}

}  // namespace headwater::upstream
