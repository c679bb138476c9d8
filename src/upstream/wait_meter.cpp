#include "upstream/wait_meter.hpp"

namespace headwater::upstream {

void WaitMeter::change(int working, int waiting) {
    const std::scoped_lock lock(mutex_);
    const auto now = now_();
    waited_ = total(now);
    since_ = now;
    working_ += working;
    waiting_ += waiting;
}

WaitMeter::SteadyClock::duration WaitMeter::total(SteadyClock::time_point now) const {
    const bool waits_alone = waiting_ > 0 && waiting_ >= working_;
    return waits_alone && now > since_ ? waited_ + (now - since_) : waited_;
}

double WaitMeter::seconds() const {
    const std::scoped_lock lock(mutex_);
    return std::chrono::duration<double>(total(now_())).count();
}

}  // namespace headwater::upstream
