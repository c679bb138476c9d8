#pragma once
// Progress of a synchronization, apart from the stages that report it: any stage writes, anybody
// reads or waits. Any thread.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "base/time.hpp"

namespace headwater::upstream {

struct Progress {
    std::uint64_t version = 0;  ///< grows with each change
    std::int64_t run_id = 0;
    bool running = false;
    /// "connect", "categories", "updates", "documents", "publish", "finished".
    std::string stage;
    std::uint64_t done = 0;   ///< documents of this stage
    std::uint64_t total = 0;  ///< 0 while it is not known
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;  ///< received
    Time started;
    Time stage_started;
    /// Of a finished run: "succeeded", "failed", "cancelled"; else empty.
    std::string result;
    std::string error;  ///< of a failed run, one line
};

class ProgressBoard {
public:
    void update(const std::function<void(Progress&)>& change);
    [[nodiscard]] Progress read() const;
    [[nodiscard]] Progress wait(std::uint64_t after_version,
                                std::chrono::milliseconds at_most) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    Progress progress_;
};

}  // namespace headwater::upstream
