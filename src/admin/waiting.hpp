#pragma once
// Requests that wait for something to happen occupy a worker thread; a bounded number may. One
// counter for all of them, held by the handlers; any thread.

#include <atomic>
#include <cstdint>
#include <memory>

namespace headwater::admin {

inline constexpr std::uint64_t kMaxWaitMilliseconds = 20'000;

/// Counts a request that waits for as long as it lives.
class Waiting {
public:
    using Count = std::shared_ptr<std::atomic<int>>;

    explicit Waiting(const Count& count) : count_(count), allowed_(++*count <= kMaxWaiting) {}
    ~Waiting() { --*count_; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    /// False: answer at once.
    [[nodiscard]] bool allowed() const { return allowed_; }

private:
    /// With more than these the other requests would find no worker.
    static constexpr int kMaxWaiting = 3;

    Count count_;
    bool allowed_;
};

}  // namespace headwater::admin
