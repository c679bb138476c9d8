#include "soap/read.hpp"

#include <gmock/gmock.h>

#include "soap/sample_test.hpp"
#include "soap/write.hpp"

namespace headwater::soap {
namespace {

using sample::Order;
using sample::Part;
using testing::ElementsAre;
using testing::HasSubstr;

std::expected<Order, ReadError> read_order(const std::string& inside, ReadOptions options = {},
                                           const std::string& attributes = "") {
    auto document =
        xml::Document::parse_tolerant("<Order xmlns=\"" + std::string(sample::kNamespace) + "\"" +
                                          attributes + ">" + inside + "</Order>",
                                      {});
    EXPECT_TRUE(document) << inside;
    return read<Order>(document->root(), options);
}

Order order_of(const std::string& inside) {
    auto order = read_order(inside);
    EXPECT_TRUE(order) << (order ? "" : order.error().sentence);
    return order.value_or(Order{});
}

std::string path_of_error(const std::string& inside) {
    const auto order = read_order(inside);
    return order ? "no error" : order.error().path;
}

constexpr const char* kXsi = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

TEST(SoapRead, WhatIsWrittenIsReadAgain) {
    std::string text;
    write(text, Style::kAsmx, "Order", sample::kNamespace, sample::full_order());
    text.insert(text.find('>'), kXsi);
    auto document = xml::Document::parse(text);
    ASSERT_TRUE(document);
    const auto order = read<Order>(document->root());
    ASSERT_TRUE(order) << order.error().sentence;
    EXPECT_EQ(*order, sample::full_order());
}

TEST(SoapRead, MissingElementsLeaveTheirDefaults) {
    EXPECT_EQ(order_of(""), Order{});
}

TEST(SoapRead, ElementsMayComeInAnyOrder) {
    const Order order =
        order_of("<Remark>r</Remark><Plain>5</Plain><Urgent>1</Urgent><Tiny>2</Tiny>");
    EXPECT_EQ(order.plain, 5);
    EXPECT_TRUE(order.urgent);
    EXPECT_EQ(order.tiny, 2);
    EXPECT_EQ(order.remark, "r");
}

TEST(SoapRead, UnknownElementsAreSkippedAndNamed) {
    std::vector<std::string> unknown;
    const auto order = read_order(
        "<New><Plain>9</Plain></New><Plain>5</Plain><Parts><Part><Weight/></Part></Parts>",
        {.unknown = &unknown});
    ASSERT_TRUE(order);
    EXPECT_EQ(order->plain, 5);
    EXPECT_THAT(unknown, ElementsAre("New", "Parts.Weight"));
}

TEST(SoapRead, AnyPrefixIsRightWhenItsNamespaceIs) {
    auto document = xml::Document::parse(
        "<a:Order xmlns:a=\"http://example.invalid/shop\" xmlns:b=\"http://example.invalid/shop\">"
        "<b:Plain>5</b:Plain><Tiny xmlns=\"http://example.invalid/shop\">6</Tiny>"
        "<a:Numbers><b:int>1</b:int><a:int>2</a:int></a:Numbers></a:Order>");
    ASSERT_TRUE(document);
    const auto order = read<Order>(document->root());
    ASSERT_TRUE(order);
    EXPECT_EQ(order->plain, 5);
    EXPECT_EQ(order->tiny, 6);
    EXPECT_THAT(order->numbers.or_default(), ElementsAre(1, 2));
}

TEST(SoapRead, AnotherNamespaceIsUnknown) {
    std::vector<std::string> unknown;
    const auto order = read_order(
        "<Plain xmlns=\"urn:other\">5</Plain><o:Plain xmlns:o=\"urn:other\">6</o:Plain>"
        "<Plain xmlns=\"\">7</Plain><Numbers><int xmlns=\"urn:other\">1</int></Numbers>",
        {.unknown = &unknown});
    ASSERT_TRUE(order);
    EXPECT_EQ(order->plain, 0);
    EXPECT_THAT(order->numbers.or_default(), testing::IsEmpty());
    EXPECT_THAT(unknown, ElementsAre("Plain", "Plain", "Plain", "Numbers.int"));
}

TEST(SoapRead, AbsentEmptyAndNilAreThreeThings) {
    EXPECT_FALSE(order_of("").remark.has_value());
    EXPECT_FALSE(order_of("").remark.is_nil());
    EXPECT_EQ(order_of("<Remark/>").remark, "");
    const auto nil = read_order("<Remark xsi:nil=\"true\"/><Numbers xsi:nil=\"1\"/>", {}, kXsi);
    ASSERT_TRUE(nil);
    EXPECT_TRUE(nil->remark.is_nil());
    EXPECT_FALSE(nil->remark.has_value());
    EXPECT_TRUE(nil->numbers.is_nil());
    const auto not_nil = read_order("<Remark xsi:nil=\"false\">x</Remark>", {}, kXsi);
    ASSERT_TRUE(not_nil);
    EXPECT_EQ(not_nil->remark, "x");
}

TEST(SoapRead, ANilScalarIsItsDefault) {
    const auto order = read_order("<Plain xsi:nil=\"true\"/>", {}, kXsi);
    ASSERT_TRUE(order) << order.error().sentence;
    EXPECT_EQ(order->plain, 0);
}

TEST(SoapRead, ANilTextKeepsItsPlaceAndANilStructureDoesNot) {
    const auto order = read_order(
        "<Words><Word>a</Word><Word xsi:nil=\"true\"/><Word>c</Word></Words>"
        "<Parts><Part xsi:nil=\"true\"/><Part><Id>2</Id></Part></Parts>",
        {}, kXsi);
    ASSERT_TRUE(order);
    EXPECT_THAT(order->words.or_default(), ElementsAre("a", "", "c"));
    EXPECT_THAT(order->parts.or_default(), ElementsAre(Part{.id = 2}));
}

TEST(SoapRead, AnEncodedArrayIsAnArray) {
    const auto order = read_order(
        "<Numbers soapenc:arrayType=\"xsd:int[2]\"><int>1</int><int>2</int>"
        "</Numbers>",
        {}, " xmlns:soapenc=\"http://schemas.xmlsoap.org/soap/encoding/\"");
    ASSERT_TRUE(order);
    EXPECT_THAT(order->numbers.or_default(), ElementsAre(1, 2));
}

TEST(SoapRead, BlanksAroundAValueDoNotCount) {
    const Order order = order_of(
        "<Plain>\n  7\t</Plain><Urgent> true </Urgent>"
        "<Guid> {DD78B8A1-0B20-45C1-ADD6-4DA72E9364CF} </Guid>"
        "<Data> AAH+\n/w== </Data>");
    EXPECT_EQ(order.plain, 7);
    EXPECT_TRUE(order.urgent);
    EXPECT_EQ(order.guid, sample::full_order().guid);
    EXPECT_EQ(order.data, sample::full_order().data);
}

TEST(SoapRead, TextMayBeCutByCommentsAndCdata) {
    const Order order =
        order_of("<Name>a<!-- c -->b<![CDATA[<c>]]>d</Name><Plain>1<!-- -->2</Plain>");
    EXPECT_EQ(order.name, "ab<c>d");
    EXPECT_EQ(order.plain, 12);
}

TEST(SoapRead, CharactersThatXmlForbidsAreReplaced) {
    EXPECT_EQ(order_of("<Name>a&#x1F;b&#xD800;c</Name>").name,
              "a\xEF\xBF\xBD"
              "b\xEF\xBF\xBD"
              "c");
}

TEST(SoapRead, AMalformedValueIsAnErrorThatNamesItsElement) {
    EXPECT_EQ(path_of_error("<Plain>five</Plain>"), "Plain");
    EXPECT_EQ(path_of_error("<Plain></Plain>"), "Plain");
    EXPECT_EQ(path_of_error("<Plain>2147483648</Plain>"), "Plain");
    EXPECT_EQ(path_of_error("<Plain>+-1</Plain>"), "Plain");
    EXPECT_EQ(path_of_error("<Plain>0x10</Plain>"), "Plain");
    EXPECT_EQ(path_of_error("<Small>256</Small>"), "Small");
    EXPECT_EQ(path_of_error("<Small>-1</Small>"), "Small");
    EXPECT_EQ(path_of_error("<Tiny>128</Tiny>"), "Tiny");
    EXPECT_EQ(path_of_error("<Natural>-1</Natural>"), "Natural");
    EXPECT_EQ(path_of_error("<Urgent>yes</Urgent>"), "Urgent");
    EXPECT_EQ(path_of_error("<Data>A</Data>"), "Data");
    EXPECT_EQ(path_of_error("<Guid>dd78b8a1</Guid>"), "Guid");
    EXPECT_EQ(path_of_error("<Time>yesterday</Time>"), "Time");
    EXPECT_EQ(path_of_error("<Colour>Blue</Colour>"), "Colour");
    EXPECT_EQ(path_of_error("<Numbers><int>1</int><int>x</int></Numbers>"), "Numbers");
    EXPECT_EQ(path_of_error("<Parts><Part><Id>x</Id></Part></Parts>"), "Parts.Id");
    EXPECT_EQ(path_of_error("<Stamp Number=\"x\"/>"), "Stamp.Number");
}

TEST(SoapRead, TheSentenceOfAnErrorShowsTheStartOfTheValue) {
    const auto order = read_order("<Plain>" + std::string(1000, 'x') + "\n</Plain>");
    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().sentence,
              "Plain holds '" + std::string(40, 'x') + "…', which is not a valid int.");
}

TEST(SoapRead, AnUnknownNameIsTheFallbackOfAnEnumerationThatHasOne) {
    EXPECT_EQ(order_of("<Grade>Splendid</Grade>").grade, sample::Grade::kUnknown);
    EXPECT_EQ(order_of("<Grade>Best</Grade>").grade, sample::Grade::kBest);
}

TEST(SoapRead, AnArrayMayHoldAsManyItemsAsTheOptionsSay) {
    const std::string numbers = "<Numbers><int>1</int><int>2</int></Numbers>";
    EXPECT_TRUE(read_order(numbers, {.max_items = 2}));
    const auto order = read_order(numbers + "<Numbers><int>3</int></Numbers>", {.max_items = 2});
    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().path, "Numbers");
    EXPECT_THAT(order.error().sentence, HasSubstr("more than 2 items"));
}

TEST(SoapRead, AReadyValueIsMadeAnewFromWhatItStandsFor) {
    auto document = xml::Document::parse(
        "<x:R xmlns:x=\"http://example.invalid/shop\"><x:Parts>\n <x:Part><x:Id> 1 </x:Id>"
        "<x:Label>a&amp;b</x:Label></x:Part></x:Parts></x:R>");
    ASSERT_TRUE(document);
    const auto response = read<sample::OrderResponse>(document->root());
    ASSERT_TRUE(response);
    EXPECT_EQ(response->parts.or_default().xml, "<Part><Id>1</Id><Label>a&amp;b</Label></Part>");
}

}  // namespace
}  // namespace headwater::soap
