#include "content/serving.hpp"

#include <gtest/gtest.h>

namespace headwater::content {
namespace {

RangeAnswer part(std::uint64_t offset, std::uint64_t length) {
    return {RangeKind::kPart, {offset, length}};
}

const RangeAnswer kWhole{};
const RangeAnswer kRefused{RangeKind::kUnsatisfiable, {}};

TEST(Ranges, AreReadAsRfc9110SaysAndCutAtTheEnd) {
    EXPECT_EQ(parse_range("bytes=0-1048575", 204'745'168), part(0, 1'048'576));
    EXPECT_EQ(parse_range("bytes=204472320-204745167", 204'745'168), part(204'472'320, 272'848));
    EXPECT_EQ(parse_range("bytes=5-", 10), part(5, 5));
    EXPECT_EQ(parse_range("bytes=-3", 10), part(7, 3));
    EXPECT_EQ(parse_range("bytes=-30", 10), part(0, 10));
    EXPECT_EQ(parse_range("bytes=5-99", 10), part(5, 5));
}

TEST(Ranges, BehindTheEndAreUnsatisfiable) {
    EXPECT_EQ(parse_range("bytes=10-", 10), kRefused);
    EXPECT_EQ(parse_range("bytes=0-0", 0), kRefused);
    EXPECT_EQ(parse_range("bytes=-0", 10), kRefused);
}

TEST(Ranges, ThatAreMalformedAreAnsweredWithTheWholeFile) {
    for (const char* header :
         {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "lines=1-2", "bytes=1-2,4-5",
          "bytes=99999999999999999999-", "bytes=1 2-3"}) {
        EXPECT_EQ(parse_range(header, 10), kWhole) << header;
    }
}

TEST(ContentPaths, AreADigestInItsOwnFolderAndNothingElse) {
    EXPECT_TRUE(parse_content_path("/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB.exe"));
    EXPECT_TRUE(parse_content_path("/content/ab/2f88df42da48aa980fb748d13baa2de49cd154ab.exe"));
    for (const char* path :
         {"/Content/", "/Content/AB/", "/Content/AC/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB.exe",
          "/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB",
          "/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB.",
          "/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB.e/../x",
          "/Content/AB/../../../../../../etc/passwd/aaaaaaaaaaaaaaaaaaa.exe",
          "/Content/AB/2F88DF42DA48AA980FB748D13BAA2DE49CD154AB.exe\\x"}) {
        EXPECT_FALSE(parse_content_path(path)) << path;
    }
}

}  // namespace
}  // namespace headwater::content
