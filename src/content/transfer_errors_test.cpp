#include "content/transfer_errors.hpp"

#include <gtest/gtest.h>

namespace headwater::content {
namespace {

using enum store::FileReason;

TEST(ReasonOf, TellsApartWhyAFileDoesNotCome) {
    const std::pair<const char*, store::FileReason> kExpected[] = {
        {"content.not_found", kLate},
        {"content.denied", kDenied},
        {"net.proxy_denied", kDenied},
        {"net.proxy_login", kDenied},
        {"content.length", kWrongContent},
        {"content.changed", kWrongContent},
        {"content.digest", kWrongContent},
        {"content.disk_full", kNoSpace},
        {"content.io", kFolder},
        {"content.folder", kFolder},
        {"content.no_source", kNoSource},
        {"net.connect", kNetwork},
        {"net.timeout", kNetwork},
        {"net.resolve", kNetwork},
        {"net.tls", kNetwork},
        {"content.status", kUpstream},
        {"content.redirect", kUpstream},
    };
    for (const auto& [code, reason] : kExpected) {
        EXPECT_EQ(reason_of({code, "It failed."}), reason) << code;
    }
}

TEST(WrongStatus, NamesTheStatusAndWhatToDo) {
    store::FileRecord file;
    file.name = "a.cab";
    const auto code = [&](unsigned status) {
        return wrong_status(file, "http://up/Content/a.cab", status, {}).code;
    };
    EXPECT_EQ(code(404), "content.not_found");
    EXPECT_EQ(code(410), "content.not_found");
    EXPECT_EQ(code(401), "content.denied");
    EXPECT_EQ(code(403), "content.denied");
    EXPECT_EQ(code(302), "content.redirect");
    EXPECT_EQ(code(503), "content.status");
    EXPECT_NE(wrong_status(file, "http://up/", 403, {}).remedy, "");
}

TEST(ParseContentRange, TakesOneRangeOfAKnownSizeAndNothingElse) {
    const auto range = parse_content_range("bytes 5-9/10");
    ASSERT_TRUE(range);
    EXPECT_EQ(range->first, 5U);
    EXPECT_EQ(range->size, 10U);
    for (const char* text :
         {"", "bytes", "bytes 5-9", "bytes 5-9/*", "bytes */10", "bits 5-9/10", "bytes -9/10",
          "bytes 5/10-9", "bytes 99999999999999999999-9/10", "bytes 5-9/10x"}) {
        EXPECT_FALSE(parse_content_range(text)) << text;
    }
}

}  // namespace
}  // namespace headwater::content
