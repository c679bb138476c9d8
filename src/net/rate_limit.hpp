#pragma once
// A limit that several requests share: together they take so many bytes of bodies per second.
// Any thread.

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>

namespace headwater::net {

/// A bucket of bytes that fills with time. Who finds it filled takes a part of any size and leaves
/// the rest as a debt, so that over time no more is taken than the rate, whatever the sizes are.
class RateLimit {
public:
    using SteadyTime = std::chrono::steady_clock::time_point;
    /// Injected by tests.
    using Now = std::function<SteadyTime()>;

    explicit RateLimit(Now now = std::chrono::steady_clock::now);

    /// 0 for no limit, as at first. Holds at once; what is owed stays owed, unless there is no
    /// limit any more.
    void set(std::uint64_t bytes_per_second);
    [[nodiscard]] std::uint64_t get() const;

    /// True where these bytes may be taken now: then they count. Else they have to wait.
    [[nodiscard]] bool take(std::uint64_t bytes);
    /// Whether take() would be true now.
    [[nodiscard]] bool is_open();

private:
    /// What is not taken is kept for so long: longer than the client's thread may need to look.
    static constexpr std::chrono::milliseconds kKept{250};

    void refill();

    Now now_;
    mutable std::mutex mutex_;
    std::uint64_t rate_ = 0;
    double bytes_ = 0;  // that may be taken; below 0 what is owed
    SteadyTime filled_;
};

}  // namespace headwater::net
