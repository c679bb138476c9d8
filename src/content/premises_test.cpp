#include "content/premises.hpp"

#include <latch>

#include "content/upkeep_testing.hpp"

namespace headwater::content {
namespace {

using PremisesTest = UpkeepTest;

TEST_F(PremisesTest, OfTwoFailuresAtTheSameTimeOneIsToldWhole) {
    const UpkeepHooks hooks;
    const UpkeepOptions options{.threads = 2, .reserve = 0};
    TaskBoard board(clock_);
    ASSERT_TRUE(board.begin(TaskKind::kVerify));
    std::latch both(2);
    const auto done = for_each_at_once({*store_, shelf_, clock_, hooks, options, board}, 2,
                                       [&](std::size_t) -> Result<> {
                                           both.arrive_and_wait();
                                           return fail("content.io", "A disk is broken.");
                                       });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "content.io");
    EXPECT_EQ(done.error().sentence, "A disk is broken.");
}

}  // namespace
}  // namespace headwater::content
