#include "net/rate_limit.hpp"

#include <algorithm>
#include <utility>

namespace headwater::net {

RateLimit::RateLimit(Now now) : now_(std::move(now)) {}

void RateLimit::set(std::uint64_t bytes_per_second) {
    const std::scoped_lock lock(mutex_);
    if (bytes_per_second == rate_)
        return;
    if (rate_ != 0)
        refill();
    filled_ = now_();
    rate_ = bytes_per_second;
    if (rate_ == 0)
        bytes_ = 0;
}

std::uint64_t RateLimit::get() const {
    const std::scoped_lock lock(mutex_);
    return rate_;
}

bool RateLimit::take(std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    if (rate_ == 0)
        return true;
    refill();
    if (bytes_ < 0)
        return false;
    bytes_ -= static_cast<double>(bytes);
    return true;
}

bool RateLimit::is_open() {
    const std::scoped_lock lock(mutex_);
    if (rate_ == 0)
        return true;
    refill();
    return bytes_ >= 0;
}

void RateLimit::refill() {
    using Seconds = std::chrono::duration<double>;
    const SteadyTime now = now_();
    const auto rate = static_cast<double>(rate_);
    bytes_ =
        std::min(bytes_ + Seconds(now - filled_).count() * rate, Seconds(kKept).count() * rate);
    filled_ = now;
}

}  // namespace headwater::net
