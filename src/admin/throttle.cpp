#include "admin/throttle.hpp"

#include <algorithm>

namespace headwater::admin {

std::optional<std::chrono::seconds> Throttle::wait(const std::string& key, Time now) const {
    const std::scoped_lock lock(mutex_);
    const auto found = failures_.find(key);
    if (found == failures_.end() || found->second.until <= now) {
        return std::nullopt;
    }
    return std::chrono::ceil<std::chrono::seconds>(found->second.until - now);
}

void Throttle::failed(const std::string& key, Time now) {
    const std::scoped_lock lock(mutex_);
    if (!failures_.contains(key) && failures_.size() >= limits_.keys) {
        make_room(now);
    }
    Failures& failures = failures_[key];
    // A key that was let alone for as long as it could be made to wait begins again.
    if (failures.count > 0 && failures.until + limits_.longest < now) {
        failures.count = 0;
    }
    ++failures.count;
    std::chrono::seconds pause{0};
    if (failures.count > limits_.free_tries) {
        const unsigned doublings = std::min(failures.count - limits_.free_tries - 1, 16U);
        pause = std::min(std::chrono::seconds(1U << doublings), limits_.longest);
    }
    failures.until = now + pause;
}

void Throttle::succeeded(const std::string& key) {
    const std::scoped_lock lock(mutex_);
    failures_.erase(key);
}

/// Those who wait for nothing go first; where all wait, the one whose wait ends first.
void Throttle::make_room(Time now) {
    std::erase_if(failures_, [now](const auto& entry) { return entry.second.until <= now; });
    if (failures_.size() < limits_.keys) {
        return;
    }
    failures_.erase(std::ranges::min_element(failures_, {},
                                             [](const auto& entry) { return entry.second.until; }));
}

}  // namespace headwater::admin
