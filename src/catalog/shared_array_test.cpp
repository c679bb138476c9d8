#include "catalog/shared_array.hpp"

#include <gtest/gtest.h>

namespace headwater::catalog {
namespace {

SharedArray<int> up_to(int count) {
    SharedArray<int> array;
    for (int i = 0; i < count; ++i) {
        array.push_back(i);
    }
    array.settle();
    return array;
}

TEST(SharedArray, GrowsOverItsChunks) {
    const SharedArray<int> array = up_to(2'000);
    ASSERT_EQ(array.size(), 2'000U);
    for (int i = 0; i < 2'000; ++i) {
        ASSERT_EQ(array[static_cast<std::size_t>(i)], i);
    }
}

TEST(SharedArray, KeepsTheOtherCopiesAsTheyAre) {
    const SharedArray<int> before = up_to(700);
    SharedArray<int> after = before;
    after.edit(3) = -3;
    after.edit(699) = -699;
    after.push_back(700);
    after.settle();
    SharedArray<int> later = after;
    later.edit(3) = 33;
    later.push_back(701);
    EXPECT_EQ(before.size(), 700U);
    EXPECT_EQ(before[3], 3);
    EXPECT_EQ(before[699], 699);
    EXPECT_EQ(after.size(), 701U);
    EXPECT_EQ(after[3], -3);
    EXPECT_EQ(after[699], -699);
    EXPECT_EQ(after[700], 700);
    EXPECT_EQ(later[3], 33);
    EXPECT_EQ(later[701], 701);
}

TEST(SharedArray, SharesTheChunksThatNobodyChanged) {
    const SharedArray<int> before = up_to(2'000);
    SharedArray<int> after = before;
    after.edit(0) = 1;
    EXPECT_NE(&before[0], &after[0]);
    EXPECT_EQ(&before[1'000], &after[1'000]);
}

}  // namespace
}  // namespace headwater::catalog
