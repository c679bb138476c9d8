#include "policy/content_options.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "policy/policy_testing.hpp"

namespace headwater::policy {
namespace {

using test_help::code_of;
using test_help::value_of;
using ContentOptionsTest = PolicyTest;

TEST_F(ContentOptionsTest, StoreWhatIsApprovedHereUntilTheyAreChanged) {
    const ContentOptions options = value_of(load_content_options(*store_));
    EXPECT_TRUE(options.store_here);
    EXPECT_TRUE(options.only_approved);
    EXPECT_FALSE(options.express);
    EXPECT_EQ(options.rate_at(0), 0U);
}

TEST_F(ContentOptionsTest, AreKept) {
    ContentOptions options;
    options.store_here = false;
    options.only_approved = false;
    options.express = true;
    options.kib_per_second = 100;
    options.windows = {{480, 1080, 512}, {1320, 60, 0}};
    ASSERT_TRUE(save_content_options(*store_, options));
    EXPECT_EQ(value_of(load_content_options(*store_)), options);
    ASSERT_TRUE(publisher_->refresh());
    EXPECT_EQ(publisher_->view()->decisions().content, options);
}

TEST_F(ContentOptionsTest, WithAPartOfTheDayThatIsNoneAreRefused) {
    for (const RateWindow window : {RateWindow{5, 5, 1}, {1440, 5, 1}, {5, 1440, 1}}) {
        ContentOptions options;
        options.windows = {window};
        EXPECT_EQ(code_of(save_content_options(*store_, options)), "options.invalid");
    }
    ContentOptions options;
    options.kib_per_second = (std::uint64_t{1} << 30U) + 1;
    EXPECT_EQ(code_of(save_content_options(*store_, options)), "options.invalid");
}

TEST_F(ContentOptionsTest, WhatAnotherProgramWroteIsReadAsFarAsItIsSound) {
    ASSERT_TRUE(store_->put_setting("options.content",
                                    R"({"store_here":7,"express":true,"kib_per_second":-5,)"
                                    R"("windows":[3,{"from_minute":9999}],"new":1})"));
    const ContentOptions options = value_of(load_content_options(*store_));
    EXPECT_TRUE(options.store_here);
    EXPECT_TRUE(options.express);
    EXPECT_EQ(options.kib_per_second, 0U);
    ASSERT_EQ(options.windows.size(), 1U);
    EXPECT_EQ(options.windows[0].from_minute, 1439U);
}

TEST(RateAt, TheFirstPartOfTheDayThatHoldsGoesBeforeTheRest) {
    ContentOptions options;
    options.kib_per_second = 100;
    options.windows = {{480, 1080, 512}, {1320, 60, 0}, {500, 600, 1}};
    EXPECT_EQ(options.rate_at(479), 100U * 1024);
    EXPECT_EQ(options.rate_at(480), 512U * 1024);
    EXPECT_EQ(options.rate_at(550), 512U * 1024);
    EXPECT_EQ(options.rate_at(1080), 100U * 1024);
    EXPECT_EQ(options.rate_at(1320), 0U) << "no limit at night";
    EXPECT_EQ(options.rate_at(0), 0U) << "also after midnight";
    EXPECT_EQ(options.rate_at(60), 100U * 1024);
}

/// The process is in central Europe, by its rules written out, until the end of the test.
class RateInBerlin : public testing::Test {
protected:
    RateInBerlin() {
        const char* before = std::getenv("TZ");
        before_ = before == nullptr ? "" : before;
        ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
        ::tzset();
        options_.kib_per_second = 1;
        options_.windows = {{120, 180, 2}, {480, 1080, 5}};  // 02:00 to 03:00, 08:00 to 18:00
    }
    ~RateInBerlin() override {
        before_.empty() ? ::unsetenv("TZ") : ::setenv("TZ", before_.c_str(), 1);
        ::tzset();
    }
    [[nodiscard]] std::uint64_t rate(const char* at) const {
        return options_.rate_at(local_minute(from_xml_time(at).value_or(Time{}))) / 1024;
    }

    ContentOptions options_;

private:
    std::string before_;
};

TEST_F(RateInBerlin, ThePartsOfTheDayAreThoseOfTheClockOnTheWallBeforeAndAfterItIsPutForward) {
    EXPECT_EQ(rate("2026-03-28T06:59:59Z"), 1U);
    EXPECT_EQ(rate("2026-03-28T07:00:00Z"), 5U) << "08:00 in winter";
    EXPECT_EQ(rate("2026-03-28T16:59:59Z"), 5U);
    EXPECT_EQ(rate("2026-03-28T17:00:00Z"), 1U);
    EXPECT_EQ(rate("2026-03-29T00:59:59Z"), 1U) << "01:59";
    EXPECT_EQ(rate("2026-03-29T01:00:00Z"), 1U) << "03:00: the hour is left out";
    EXPECT_EQ(rate("2026-03-29T05:59:59Z"), 1U);
    EXPECT_EQ(rate("2026-03-29T06:00:00Z"), 5U) << "08:00 in summer";
    EXPECT_EQ(rate("2026-03-29T16:00:00Z"), 1U);
}

TEST_F(RateInBerlin, AnHourThatComesTwiceIsLimitedTwice) {
    EXPECT_EQ(rate("2026-10-24T23:59:59Z"), 1U) << "01:59";
    EXPECT_EQ(rate("2026-10-25T00:30:00Z"), 2U) << "02:30 in summer";
    EXPECT_EQ(rate("2026-10-25T01:30:00Z"), 2U) << "02:30 in winter";
    EXPECT_EQ(rate("2026-10-25T02:00:00Z"), 1U) << "03:00";
    EXPECT_EQ(rate("2026-10-25T07:00:00Z"), 5U) << "08:00 in winter again";
}

}  // namespace
}  // namespace headwater::policy
