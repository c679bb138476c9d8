#pragma once
// Bytes per second over the last seconds. One thread at a time.

#include <array>
#include <chrono>
#include <cstdint>

namespace headwater::content {

class RateMeter {
public:
    using SteadyTime = std::chrono::steady_clock::time_point;

    void add(std::uint64_t bytes, SteadyTime now) {
        const std::int64_t second = second_of(now);
        if (first_ == 0) {
            first_ = second;
        }
        Slot& slot = slots_.at(static_cast<std::size_t>(second) % kSeconds);
        if (slot.second != second) {
            slot = {second, 0};
        }
        slot.bytes += bytes;
    }

    /// Since the first byte, if that is less than these seconds ago.
    [[nodiscard]] std::uint64_t per_second(SteadyTime now) const {
        const std::int64_t second = second_of(now);
        std::uint64_t bytes = 0;
        for (const Slot& slot : slots_) {
            bytes += slot.second > second - kSeconds ? slot.bytes : 0;
        }
        const std::int64_t measured =
            first_ == 0 ? 1 : std::min<std::int64_t>(kSeconds, second - first_ + 1);
        return bytes / static_cast<std::uint64_t>(std::max<std::int64_t>(1, measured));
    }

private:
    static constexpr std::int64_t kSeconds = 5;
    struct Slot {
        std::int64_t second = -kSeconds;
        std::uint64_t bytes = 0;
    };
    static std::int64_t second_of(SteadyTime now) {
        return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    }

    std::array<Slot, kSeconds> slots_{};
    std::int64_t first_ = 0;
};

}  // namespace headwater::content
