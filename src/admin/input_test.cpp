#include "admin/input.hpp"

#include <gmock/gmock.h>

namespace headwater::admin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(PercentDecode, TakesEscapesAndRefusesBrokenOnes) {
    EXPECT_EQ(percent_decode("a%20b%2fc", false), "a b/c");
    EXPECT_EQ(percent_decode("a+b", false), "a+b");
    EXPECT_EQ(percent_decode("a+b", true), "a b");
    EXPECT_EQ(percent_decode("%", false), std::nullopt);
    EXPECT_EQ(percent_decode("%4", false), std::nullopt);
    EXPECT_EQ(percent_decode("%zz", false), std::nullopt);
}

TEST(Query, GivesTextsAndNumbers) {
    const auto query = Query::parse("name=a%20b&limit=7&empty=");
    ASSERT_TRUE(query);
    EXPECT_EQ(query->text("name"), "a b");
    EXPECT_EQ(query->text("empty"), std::nullopt);
    EXPECT_EQ(query->number("limit", 1, 10).value(), 7U);
    EXPECT_EQ(query->number("other", 1, 10).value(), 1U);
}

TEST(Query, RefusesWhatIsNoNumberOrTooLarge) {
    for (const char* raw : {"n=11", "n=-1", "n=1x", "n=99999999999999999999", "n=+1"}) {
        EXPECT_EQ(Query::parse(raw).value().number("n", 0, 10).error().code, "request.query")
            << raw;
    }
}

TEST(Query, RefusesUnknownAndRepeatedParametersByName) {
    const auto refused = Query::parse("colour=red").value().allow({"limit"});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().sentence, HasSubstr("'colour'"));
    EXPECT_THAT(refused.error().remedy, HasSubstr("limit"));
    EXPECT_FALSE(Query::parse("a=1&a=2"));
    EXPECT_FALSE(Query::parse("a=%"));
    EXPECT_FALSE(Query::parse("a=" + std::string(5000, 'x')));
}

TEST(Fields, ReadsEachKindOfField) {
    auto fields = Fields::parse(
        R"({"name":"x","on":true,"many":3,"list":["a","b"],"inner":{"name":"y"},"rows":[{},{}]})");
    ASSERT_TRUE(fields);
    EXPECT_EQ(fields->text("name"), "x");
    EXPECT_EQ(fields->optional_text("absent"), std::nullopt);
    EXPECT_TRUE(fields->flag("on", false));
    EXPECT_EQ(fields->number("many", 0, 10), 3U);
    EXPECT_THAT(fields->texts("list"), ElementsAre("a", "b"));
    EXPECT_EQ(fields->object("inner")->text("name"), "y");
    EXPECT_EQ(fields->objects("rows").size(), 2U);
    EXPECT_TRUE(fields->finish());
}

TEST(Fields, RefusesAFieldThatNobodyAskedForByItsName) {
    auto fields = Fields::parse(R"({"nmae":"x"})");
    EXPECT_EQ(fields->text("name"), "");
    const auto finished = fields->finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, "request.field");
    EXPECT_THAT(finished.error().sentence, HasSubstr("'nmae'"));
    EXPECT_THAT(finished.error().remedy, HasSubstr("name"));
}

TEST(Fields, TellsOfTheFirstWrongFieldWithItsPlace) {
    auto fields = Fields::parse(R"({"rules":[{"name":7}]})");
    auto rules = fields->objects("rules");
    ASSERT_EQ(rules.size(), 1U);
    EXPECT_EQ(rules[0].text("name"), "");
    EXPECT_THAT(rules[0].finish().error().sentence, HasSubstr("'rules[0].name' has to be a text"));
}

TEST(Fields, RefusesValuesOfOtherTypes) {
    const auto refused = [](std::string_view body, const auto& read) {
        auto fields = Fields::parse(body);
        read(*fields);
        return !fields->finish();
    };
    EXPECT_TRUE(refused(R"({"f":"true"})", [](Fields& f) { (void)f.flag("f", false); }));
    EXPECT_TRUE(refused(R"({"f":1.5})", [](Fields& f) { (void)f.number("f", 0, 9); }));
    EXPECT_TRUE(refused(R"({"f":-1})", [](Fields& f) { (void)f.number("f", 0, 9); }));
    EXPECT_TRUE(refused(R"({"f":10})", [](Fields& f) { (void)f.number("f", 0, 9); }));
    EXPECT_TRUE(refused(R"({"f":"a"})", [](Fields& f) { (void)f.texts("f"); }));
    EXPECT_TRUE(refused(R"({"f":[1]})", [](Fields& f) { (void)f.texts("f"); }));
    EXPECT_TRUE(refused(R"({"f":[1]})", [](Fields& f) { (void)f.object("f"); }));
    EXPECT_TRUE(refused(R"({"f":[1]})", [](Fields& f) { (void)f.objects("f"); }));
    EXPECT_TRUE(refused(R"({})", [](Fields& f) { (void)f.text("f"); }));
    EXPECT_TRUE(refused(R"({})", [](Fields& f) { (void)f.texts("f"); }));
    EXPECT_TRUE(refused("{\"f\":\"" + std::string(5000, 'x') + "\"}",
                        [](Fields& f) { (void)f.text("f"); }));
}

TEST(Fields, TakesAnEmptyBodyForAnEmptyObject) {
    const auto fields = Fields::parse(" \r\n");
    ASSERT_TRUE(fields);
    EXPECT_TRUE(fields->finish());
}

TEST(Fields, RefusesBodiesThatAreNoBoundedObject) {
    EXPECT_EQ(Fields::parse("{").error().code, "request.json");
    EXPECT_EQ(Fields::parse("[]").error().code, "request.json");
    EXPECT_EQ(
        Fields::parse("{\"a\":" + std::string(16, '[') + std::string(16, ']') + "}").error().code,
        "request.json");
    EXPECT_EQ(Fields::parse("{\"a\":\"\xff\"}").error().code, "request.json");
    EXPECT_EQ(Fields::parse(std::string(kMaxBodyBytes + 1, ' ')).error().code, "request.too_large");
}

}  // namespace
}  // namespace headwater::admin
