#pragma once
// Slows down whoever guesses: after some failures of a key the next try has to wait, twice as long
// each time. Remembers a bounded number of keys. Any thread.

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.hpp"

namespace headwater::admin {

class Throttle {
public:
    struct Limits {
        unsigned free_tries = 5;
        std::chrono::seconds longest{300};
        std::size_t keys = 10'000;
    };

    explicit Throttle(Limits limits) : limits_(limits) {}

    /// How long this key has to wait yet; nothing if it may try.
    [[nodiscard]] std::optional<std::chrono::seconds> wait(const std::string& key, Time now) const;
    void failed(const std::string& key, Time now);
    void succeeded(const std::string& key);

private:
    struct Failures {
        unsigned count = 0;
        Time until;
    };

    void make_room(Time now);

    const Limits limits_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Failures> failures_;
};

}  // namespace headwater::admin
