#include "net/rate_limit.hpp"

#include <gtest/gtest.h>

#include <array>

namespace headwater::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RateLimitTest : public testing::Test {
protected:
    /// Tries to take parts of this size every `every`, for so long; returns what was taken.
    std::uint64_t greedy(std::uint64_t part, milliseconds every, seconds for_so_long) {
        std::uint64_t taken = 0;
        for (const auto until = now_ + for_so_long; now_ < until; now_ += every)
            while (limit_.take(part))
                taken += part;
        return taken;
    }

    RateLimit::SteadyTime now_{std::chrono::hours{1}};
    RateLimit limit_{[this] { return now_; }};
};

TEST_F(RateLimitTest, WithoutALimitEverythingMayBeTaken) {
    EXPECT_EQ(limit_.get(), 0U);
    for (int i = 0; i < 1000; ++i)
        ASSERT_TRUE(limit_.take(std::uint64_t{1} << 40U));
}

TEST_F(RateLimitTest, NoMoreIsTakenThanTheRateWhateverTheSizesAre) {
    limit_.set(1'000'000);
    for (const std::uint64_t part :
         std::to_array<std::uint64_t>({100, 1460, 16384, 131072, 5000000})) {
        const std::uint64_t taken = greedy(part, milliseconds{150}, seconds{60});
        EXPECT_LE(taken, 60'000'000 + 250'000 + part) << part;
        EXPECT_GE(taken, 60'000'000 - 250'000 - part) << part;
        now_ += seconds{60};  // what is owed is paid
    }
}

TEST_F(RateLimitTest, WhatIsTakenIsSharedByAllWhoTake) {
    limit_.set(1000);
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    for (int i = 0; i < 1000; ++i, now_ += milliseconds{10}) {
        first += limit_.take(10) ? 10U : 0U;
        second += limit_.take(10) ? 10U : 0U;
    }
    EXPECT_LE(first + second, 10'000U + 250 + 10);
    EXPECT_GE(first + second, 10'000U - 20);
}

TEST_F(RateLimitTest, ALongRestIsNoReasonForMore) {
    limit_.set(1000);
    now_ += std::chrono::hours{24};
    EXPECT_LE(greedy(10, milliseconds{1000}, seconds{1}), 250U + 10);
}

TEST_F(RateLimitTest, AChangeHoldsAtOnceAndWhatIsOwedStaysOwed) {
    limit_.set(1000);
    EXPECT_TRUE(limit_.take(10'000));
    EXPECT_FALSE(limit_.is_open());
    limit_.set(5000);
    now_ += milliseconds{1999};
    EXPECT_FALSE(limit_.take(1));
    now_ += milliseconds{2};
    EXPECT_TRUE(limit_.is_open());
    EXPECT_TRUE(limit_.take(10'000));
    limit_.set(0);
    EXPECT_TRUE(limit_.take(10'000));
    limit_.set(1);
    EXPECT_TRUE(limit_.take(1)) << "what was taken without a limit is owed to nobody";
}

}  // namespace
}  // namespace headwater::net
