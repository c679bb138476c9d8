#include "cli/output.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace headwater::cli {
namespace {

namespace json = boost::json;

std::string printed(const Table& table, bool is_terminal, std::size_t width = 80) {
    std::ostringstream out;
    std::ostringstream err;
    Output output{out, err, is_terminal, width};
    table.print(output);
    return out.str();
}

Table two_rows() {
    Table table({{"ID"}, {"TITLE", Fit::kCut}});
    table.add({"1", "short"});
    table.add({"22", "a title that is long"});
    return table;
}

TEST(Table, AlignsColumnsUnderAHeadOnATerminal) {
    EXPECT_EQ(printed(two_rows(), true), "ID  TITLE\n1   short\n22  a title that is long\n");
}

TEST(Table, CutsTheColumnsThatMayBeCutToTheTerminal) {
    EXPECT_EQ(printed(two_rows(), true, 16), "ID  TITLE\n1   short\n22  a title tha…\n");
}

TEST(Table, KeepsColumnsReadableOnANarrowTerminal) {
    EXPECT_EQ(printed(two_rows(), true, 1), "ID  TITLE\n1   short\n22  a title…\n");
}

TEST(Table, NeverCutsWhatHasToStayWhole) {
    Table table({{"ID"}, {"TITLE", Fit::kCut}});
    table.add({"0123456789abcdef", "a title that is long"});
    EXPECT_EQ(printed(table, true, 20), "ID                TITLE\n0123456789abcdef  a title…\n");
}

TEST(Table, IsPlainColumnsForPrograms) {
    EXPECT_EQ(printed(two_rows(), false, 10), "1\tshort\n22\ta title that is long\n");
}

TEST(Table, KeepsRowsOnOneLineWhateverTheyHold) {
    Table table({{"A"}, {"B"}});
    table.add({"x\ny\tz", "\x1b[31mred"});
    EXPECT_EQ(printed(table, false), "x y z\t [31mred\n");
}

TEST(Printable, ReplacesControlCharactersOfBothSets) {
    EXPECT_EQ(printable("a\x1b[2J\x7f\r\n"), "a [2J   ");
    EXPECT_EQ(printable("a\xc2\x9bK"), "a K");
    EXPECT_EQ(printable("é ü €"), "é ü €");
}

TEST(Cut, CountsCodePoints) {
    EXPECT_EQ(width_of("é€"), 2U);
    EXPECT_EQ(cut("äöüß", 4), "äöüß");
    EXPECT_EQ(cut("äöüß", 3), "äö…");
    EXPECT_EQ(cut("äöüß", 1), "…");
    EXPECT_EQ(cut("äöüß", 0), "");
}

TEST(Figures, AreGroupedAndScaled) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(1234567), "1,234,567");
    EXPECT_EQ(counted(1, "update"), "1 update");
    EXPECT_EQ(counted(1000, "update"), "1,000 updates");
    EXPECT_EQ(bytes_text(999), "999 B");
    EXPECT_EQ(bytes_text(1500), "1.5 kB");
    EXPECT_EQ(bytes_text(999'999), "1.0 MB");
    EXPECT_EQ(bytes_text(~std::uint64_t{0}), "18.4 EB");
}

TEST(Figures, TimesAreShownToTheMinute) {
    EXPECT_EQ(time_text(json::value("2026-10-04T16:33:26.668Z")), "2026-10-04 16:33");
    EXPECT_EQ(time_text(nullptr), "-");
    EXPECT_EQ(time_text(json::value("soon")), "-");
}

TEST(Figures, SecondsHaveOneDigitAfterThePoint) {
    EXPECT_EQ(seconds_text(json::value(3.571e-3)), "0.0");
    EXPECT_EQ(seconds_text(json::value(12)), "12.0");
    EXPECT_EQ(seconds_text(json::value("x")), "");
    EXPECT_GT(seconds_text(json::value(1e308)).size(), 300U);
}

TEST(Answers, AreReadWhateverTheyHold) {
    const json::value answer = json::parse(R"({"a":"x","n":5,"b":true,"l":[1],"z":null})");
    EXPECT_EQ(field(answer, "a"), "x");
    EXPECT_EQ(field(answer, "n"), "5");
    EXPECT_EQ(field(answer, "z"), "");
    EXPECT_EQ(number(answer, "n"), 5U);
    EXPECT_EQ(number(answer, "a"), 0U);
    EXPECT_TRUE(flag(answer, "b"));
    EXPECT_FALSE(flag(answer, "n"));
    EXPECT_EQ(list(answer, "l").size(), 1U);
    EXPECT_TRUE(list(answer, "a").empty());
    EXPECT_TRUE(at(json::value(7), "a").is_null());
}

}  // namespace
}  // namespace headwater::cli
