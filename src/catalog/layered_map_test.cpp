#include "catalog/layered_map.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace headwater::catalog {
namespace {

TEST(LayeredMap, ACopyThatChangesLeavesTheOtherAlone) {
    LayeredMap<int, std::vector<int>> first;
    for (int key = 0; key < 1'000; ++key) {
        first.value(key).push_back(key);
    }
    first.settle();
    LayeredMap<int, std::vector<int>> second = first;
    second.value(7).push_back(70);
    second.value(5'000).push_back(1);
    EXPECT_EQ(*first.find(7), std::vector{7});
    EXPECT_EQ(*second.find(7), (std::vector{7, 70}));
    EXPECT_EQ(first.find(5'000), nullptr);
    EXPECT_EQ(*second.find(5'000), std::vector{1});
    EXPECT_EQ(*second.find(8), std::vector{8});
}

TEST(LayeredMap, IsAMapWhereverItsLayersLie) {
    // Against std::map, with copies and settling at any time.
    std::minstd_rand random(1);
    LayeredMap<unsigned, unsigned> layered;
    std::map<unsigned, unsigned> plain;
    for (int step = 0; step < 200; ++step) {
        const auto count = random() % 700;
        for (unsigned i = 0; i < count; ++i) {
            const auto key = static_cast<unsigned>(random() % 5'000);
            layered.value(key) += 1;
            plain[key] += 1;
        }
        layered.settle();
        const LayeredMap<unsigned, unsigned> copy = layered;
        layered = copy;
        for (unsigned key = 0; key < 5'000; key += 7) {
            const auto at = plain.find(key);
            const unsigned* found = layered.find(key);
            ASSERT_EQ(found == nullptr, at == plain.end()) << key;
            if (found != nullptr) {
                ASSERT_EQ(*found, at->second) << key;
            }
        }
    }
}

}  // namespace
}  // namespace headwater::catalog
