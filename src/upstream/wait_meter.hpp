#pragma once
// Measures the time in which a run waits for its upstream alone: at least one request is under way,
// and no thread of the run has anything else to do. Any thread.

#include <chrono>
#include <functional>
#include <mutex>
#include <utility>

namespace headwater::upstream {

class WaitMeter {
public:
    using SteadyClock = std::chrono::steady_clock;

    explicit WaitMeter(std::function<SteadyClock::time_point()> now = SteadyClock::now)
        : now_(std::move(now)) {}

    /// A thread of the run works while one of these lives.
    class Work {
    public:
        explicit Work(WaitMeter& meter) : meter_(meter) { meter_.change(+1, 0); }
        ~Work() { meter_.change(-1, 0); }
        Work(const Work&) = delete;
        Work& operator=(const Work&) = delete;

    private:
        WaitMeter& meter_;
    };
    /// A thread that works waits for an answer while one of these lives.
    class Wait {
    public:
        explicit Wait(WaitMeter& meter) : meter_(meter) { meter_.change(0, +1); }
        ~Wait() { meter_.change(0, -1); }
        Wait(const Wait&) = delete;
        Wait& operator=(const Wait&) = delete;

    private:
        WaitMeter& meter_;
    };

    /// So far.
    [[nodiscard]] double seconds() const;

private:
    void change(int working, int waiting);
    [[nodiscard]] SteadyClock::duration total(SteadyClock::time_point now) const;

    const std::function<SteadyClock::time_point()> now_;
    mutable std::mutex mutex_;
    int working_ = 0;
    int waiting_ = 0;
    SteadyClock::time_point since_;
    SteadyClock::duration waited_{0};
};

}  // namespace headwater::upstream
