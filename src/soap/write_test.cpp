#include "soap/write.hpp"

#include <gtest/gtest.h>

#include "soap/sample_test.hpp"

namespace headwater::soap {
namespace {

std::string written(const sample::Order& order) {
    std::string out;
    write(out, Style::kIndigo, "Order", order);
    return out;
}

TEST(SoapWrite, FieldsStandInTheOrderOfTheTable) {
    EXPECT_EQ(written(sample::full_order()),
              "<Order><Urgent>true</Urgent><Tiny>-128</Tiny><Small>255</Small>"
              "<Medium>-32768</Medium><Plain>-2145099769</Plain>"
              "<Large>9223372036854775807</Large><Natural>4294967295</Natural>"
              "<Name>a &lt;b&gt; &amp; \"c\" – d</Name><Data>AAH+/w==</Data>"
              "<Guid>dd78b8a1-0b20-45c1-add6-4da72e9364cf</Guid>"
              "<Time>2026-10-04T15:00:00.59Z</Time><Colour>Green</Colour><Grade>Best</Grade>"
              "<Stamp Made=\"1970-01-01T00:00:00Z\" Number=\"7\""
              " Note=\"&quot;quoted&quot; &amp; &lt;marked&gt;\"/>"
              "<Numbers><int>1</int><int>-2</int><int>3</int></Numbers>"
              "<Words><Word>one</Word><Word/><Word>three&#xD;\nlines&#xD;</Word></Words>"
              "<Parts><Part><Id>1</Id><Label>x</Label></Part><Part><Id>2</Id></Part></Parts>"
              "<Remark xsi:nil=\"true\"/></Order>");
}

TEST(SoapWrite, TheStylesDifferInEmptyElements) {
    const sample::OrderResponse response{.total = 1, .parts = Raw<Array<sample::Part>>{}};
    std::string indigo;
    write(indigo, Style::kIndigo, "R", "urn:x", response);
    EXPECT_EQ(indigo, "<R xmlns=\"urn:x\"><Total>1</Total><Parts/></R>");
    std::string asmx;
    write(asmx, Style::kAsmx, "R", "urn:x", response);
    EXPECT_EQ(asmx, "<R xmlns=\"urn:x\"><Total>1</Total><Parts /></R>");
}

TEST(SoapWrite, AReadyValueIsSplicedAsItIs) {
    std::string items;
    write(items, Style::kIndigo, "Part", sample::Part{.id = 4, .label = "<"});
    const sample::OrderResponse response{.total = 1, .parts = Raw<Array<sample::Part>>{items}};
    std::string out;
    write(out, Style::kIndigo, "R", response);
    EXPECT_EQ(out,
              "<R><Total>1</Total><Parts><Part><Id>4</Id><Label>&lt;</Label></Part></Parts></R>");
}

TEST(SoapWrite, AnEnumerationsValueHasAName) {
    EXPECT_EQ(name_of(sample::Colour::kGreen), "Green");
    EXPECT_EQ(name_of(static_cast<sample::Colour>(9)), "");
}

}  // namespace
}  // namespace headwater::soap
