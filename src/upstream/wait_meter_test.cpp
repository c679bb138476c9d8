#include "upstream/wait_meter.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace headwater::upstream {
namespace {

using std::chrono::seconds;

class WaitMeterTest : public testing::Test {
protected:
    std::chrono::steady_clock::time_point now_;
    WaitMeter meter_{[this] { return now_; }};
};

TEST_F(WaitMeterTest, CountsWhatOneThreadWaits) {
    const WaitMeter::Work work(meter_);
    now_ += seconds(5);
    {
        const WaitMeter::Wait wait(meter_);
        now_ += seconds(2);
        EXPECT_EQ(meter_.seconds(), 2);
    }
    now_ += seconds(5);
    EXPECT_EQ(meter_.seconds(), 2);
}

TEST_F(WaitMeterTest, CountsOnlyWhileNobodyHasAnythingElseToDo) {
    const WaitMeter::Work first(meter_);
    std::optional<WaitMeter::Work> second(std::in_place, meter_);
    const WaitMeter::Wait first_waits(meter_);
    now_ += seconds(1);
    EXPECT_EQ(meter_.seconds(), 0);
    {
        const WaitMeter::Wait second_waits(meter_);
        now_ += seconds(3);
    }
    now_ += seconds(1);
    EXPECT_EQ(meter_.seconds(), 3);
    second.reset();
    now_ += seconds(4);
    EXPECT_EQ(meter_.seconds(), 7);
}

}  // namespace
}  // namespace headwater::upstream
