#include "soap/lift.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "soap/envelope.hpp"
#include "soap/read.hpp"
#include "soap/sample_test.hpp"

namespace headwater::soap {
namespace {

using sample::Order;

std::string lifted(std::string body) {
    lift_integers(body);
    return body;
}

std::string envelope(const std::string& inside) {
    return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><Order "
           "xmlns=\"" +
           std::string(sample::kNamespace) + "\">" + inside + "</Order></s:Body></s:Envelope>";
}

std::expected<Order, ReadError> read_order(const std::string& inside, ReadOptions options = {}) {
    const auto parsed = parse_envelope(envelope(inside));
    EXPECT_TRUE(parsed) << inside;
    return read<Order>(parsed->content, options);
}

/// The same by the tree alone.
std::expected<Order, ReadError> read_order_plainly(const std::string& inside) {
    const auto parsed = xml::Document::parse("<Order xmlns=\"" + std::string(sample::kNamespace) +
                                             "\">" + inside + "</Order>");
    EXPECT_TRUE(parsed) << inside;
    return read<Order>(parsed->root());
}

TEST(Lift, ARunBecomesOneElement) {
    EXPECT_EQ(lifted("<a><int>1</int><int>-22</int><int>333</int></a>"),
              "<a><int>1\x1f-22\x1f"
              "333</int></a>");
}

TEST(Lift, WhatIsNoRunStaysAsItIs) {
    for (const char* body :
         {"", "<", "<int>", "<int>1", "<int>1</int", "<int>1</int>", "<int/>", "<int></int>",
          "<int>-</int><int>+1</int>", "<int>1 </int><int> 2</int>", "<s:int>1</s:int>",
          "<int a=\"1\">1</int>", "<integer>1</integer>", "text 1 < 2", "<int>1</int> <int>2</int>",
          "<![CDATA[<int>1</int><int>2</int>]]>"}) {
        EXPECT_EQ(lifted(body), body);
    }
}

TEST(Lift, ARunEndsWhereAnotherKindOfItemBegins) {
    EXPECT_EQ(lifted("<int>1</int><int>2</int><int xmlns=\"x\">3</int><int>4</int><int>5</int>"),
              "<int>1\x1f"
              "2</int><int xmlns=\"x\">3</int><int>4\x1f"
              "5</int>");
    EXPECT_EQ(lifted("<int>1</int><int>2</int><int>x</int><int>3"),
              "<int>1\x1f"
              "2</int><int>x</int><int>3");
}

TEST(Lift, ItemsOfALiftedRunCountTowardsTheLimit) {
    std::string inside = "<Numbers>";
    for (int i = 0; i < 11; ++i) {
        inside += "<int>7</int>";
    }
    inside += "</Numbers>";
    EXPECT_TRUE(read_order(inside, {.max_items = 11}));
    const auto refused = read_order(inside, {.max_items = 10});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().path, "Numbers");
}

TEST(Lift, AnIntegerThatDoesNotFitIsRefusedInARunToo) {
    EXPECT_FALSE(read_order("<Numbers><int>1</int><int>99999999999</int></Numbers>"));
}

TEST(Lift, AMessageWithTheMarkIsRefused) {
    const auto parsed =
        parse_envelope(envelope("<Numbers><int>1\x1f"
                                "2</int></Numbers>"));
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, "xml.malformed");
}

TEST(Lift, AnyMixtureOfItemsIsReadAsWithoutLifting) {
    constexpr std::array kPieces{"<int>1</int>",
                                 "<int>-20</int>",
                                 "<int>2147483647</int>",
                                 "<int> 5 </int>",
                                 "<int>+6</int>",
                                 " ",
                                 "<!-- <int>1</int><int>2</int> -->",
                                 "<int xmlns=\"urn:other\">9</int>",
                                 "<?pi <int>3</int><int>4</int>?>",
                                 "<int><![CDATA[8]]></int>",
                                 "<other>1</other>",
                                 "</Numbers><Remark>a<![CDATA[<int>1</int><int>2</int>]]></Remark>"
                                 "<Numbers>"};
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string inside = "<Numbers>";
        for (auto length = random() % 12; length > 0; --length) {
            // Plain items are the most likely, as in a real message.
            inside += kPieces[random() % 2 == 0 ? random() % 3 : random() % kPieces.size()];
        }
        inside += "</Numbers>";
        const auto expected = read_order_plainly(inside);
        const auto read = read_order(inside);
        ASSERT_EQ(read.has_value(), expected.has_value()) << inside;
        if (read) {
            ASSERT_EQ(*read, *expected) << inside;
        }
    }
}

}  // namespace
}  // namespace headwater::soap
