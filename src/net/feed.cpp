#include "net/feed.hpp"

#include <utility>

namespace headwater::net {

bool Feed::push(std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (!is_open_)
        return false;
    if (waiting_.size() + text.size() > kMaxWaitingBytes) {
        is_open_ = false;
        waiting_.clear();
    } else {
        waiting_ += text;
    }
    if (wake_)
        wake_();
    return is_open_;
}

void Feed::end() {
    const std::lock_guard lock(mutex_);
    is_open_ = false;
    if (wake_)
        wake_();
}

bool Feed::is_open() const {
    const std::lock_guard lock(mutex_);
    return is_open_;
}

void Feed::attach(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
}

void Feed::detach() {
    const std::lock_guard lock(mutex_);
    is_open_ = false;
    wake_ = nullptr;
}

std::optional<std::string> Feed::take() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty() && !is_open_)
        return std::nullopt;
    return std::exchange(waiting_, {});
}

}  // namespace headwater::net
