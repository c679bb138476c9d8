#include "content/ranges.hpp"

#include <gtest/gtest.h>

namespace headwater::content {
namespace {

RangeAnswer parts(std::vector<ByteRange> ranges) {
    return {RangeKind::kParts, std::move(ranges)};
}

const RangeAnswer kWhole{};
const RangeAnswer kRefused{RangeKind::kUnsatisfiable, {}};

TEST(Ranges, AreReadAsRfc9110SaysAndCutAtTheEnd) {
    EXPECT_EQ(parse_ranges("bytes=0-1048575", 204'745'168), parts({{0, 1'048'576}}));
    EXPECT_EQ(parse_ranges("bytes=204472320-204745167", 204'745'168),
              parts({{204'472'320, 272'848}}));
    EXPECT_EQ(parse_ranges("bytes=5-", 10), parts({{5, 5}}));
    EXPECT_EQ(parse_ranges("Bytes=-3", 10), parts({{7, 3}}));
    EXPECT_EQ(parse_ranges("bytes=-30", 10), parts({{0, 10}}));
    EXPECT_EQ(parse_ranges("bytes=5-99", 10), parts({{5, 5}}));
    EXPECT_EQ(parse_ranges("bytes=5-18446744073709551615", 10), parts({{5, 5}}));
}

TEST(Ranges, BehindTheEndAreUnsatisfiable) {
    for (const char* header : {"bytes=10-", "bytes=-0", "bytes=10-11,12-", "bytes=-0,99-"}) {
        EXPECT_EQ(parse_ranges(header, 10), kRefused) << header;
    }
    EXPECT_EQ(parse_ranges("bytes=0-0", 0), kRefused);
    EXPECT_EQ(parse_ranges("bytes=-1", 0), kRefused);
}

TEST(Ranges, ThatAreMalformedAreAnsweredWithTheWholeFile) {
    for (const char* header :
         {"", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=5-2", "lines=1-2",
          "bytes=99999999999999999999-", "bytes=1 2-3", "bytes=1-2;4-5", "bytes=0-1,x",
          "bytes=0-1,5-4", "bytes=--1", "bytes=1-2-3", "bytes=+1-2"}) {
        EXPECT_EQ(parse_ranges(header, 10), kWhole) << header;
    }
}

TEST(Ranges, KeepTheOrderInWhichTheyWereAskedFor) {
    EXPECT_EQ(parse_ranges("bytes=8-8, 0-1 ,, -1", 20), parts({{8, 1}, {0, 2}, {19, 1}}));
}

TEST(Ranges, BehindTheEndAreLeftOutAmongOthers) {
    EXPECT_EQ(parse_ranges("bytes=0-1,10-,-0,5-6", 10), parts({{0, 2}, {5, 2}}));
}

TEST(Ranges, ThatOverlapOrTouchBecomeOne) {
    EXPECT_EQ(parse_ranges("bytes=0-4,3-6", 20), parts({{0, 7}}));
    EXPECT_EQ(parse_ranges("bytes=0-4,5-6", 20), parts({{0, 7}}));
    EXPECT_EQ(parse_ranges("bytes=9-9,0-1,4-5,2-3", 20), parts({{9, 1}, {0, 6}}));
    EXPECT_EQ(parse_ranges("bytes=4-5,0-1,9-9,0-", 20), parts({{0, 20}}));
}

TEST(Ranges, BeyondTheLimitAreAnsweredWithTheWholeFile) {
    std::string header = "bytes=0-0";
    for (std::size_t i = 1; i < kMaxRanges; ++i) {
        header += "," + std::to_string(2 * i) + "-" + std::to_string(2 * i);
    }
    EXPECT_EQ(parse_ranges(header, 1'000).ranges.size(), kMaxRanges);
    EXPECT_EQ(parse_ranges(header + ",999-", 1'000), kWhole);
    EXPECT_EQ(parse_ranges(header + ",0-", 1'000), kWhole);
}

}  // namespace
}  // namespace headwater::content
