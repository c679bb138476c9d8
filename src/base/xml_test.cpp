#include "base/xml.hpp"

#include <gtest/gtest.h>

#include "base/testing.hpp"

namespace headwater::xml {
namespace {

std::string code_of(std::string text, const Limits& limits = {}) {
    return test_help::code_of(Document::parse(std::move(text), limits));
}

std::string text_in(std::string document) {
    const auto parsed = Document::parse(std::move(document));
    return parsed ? text_of(parsed->root()) : parsed.error().code;
}

TEST(Xml, IsReadWithItsEntitiesAndSections) {
    EXPECT_EQ(text_in("<a>1 &lt; 2 &amp;&#x20;<![CDATA[<b>]]>&#8364;</a>"), "1 < 2 & <b>\u20AC");
    EXPECT_EQ(text_in("\xEF\xBB\xBF<?xml version=\"1.0\"?><!-- c --><a>x</a>"), "x");
}

TEST(Xml, ThatIsNoneIsRefused) {
    for (const char* text :
         {"", " ", "a", "<a", "<a>", "<a></b>", "<a b=></a>", "<a b='1' b></a>", "<a><!-- </a>",
          "<a><![CDATA[</a>", "<a>&unknown", "<a b=\"1></a>", "<"}) {
        EXPECT_EQ(code_of(text), "xml.malformed") << text;
    }
}

TEST(Xml, WithADocumentTypeIsNeverRead) {
    EXPECT_EQ(code_of("<!DOCTYPE a><a/>"), "xml.dtd");
    EXPECT_EQ(code_of("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"),
              "xml.dtd");
    std::string laughs = "<!DOCTYPE l [<!ENTITY a \"ha\">";
    for (char c = 'b'; c < 'k'; ++c) {
        laughs += std::string("<!ENTITY ") + c + " \"";
        for (int i = 0; i < 10; ++i) {
            laughs += std::string("&") + static_cast<char>(c - 1) + ";";
        }
        laughs += "\">";
    }
    EXPECT_EQ(code_of(laughs + "]><l>&j;</l>"), "xml.dtd");
    EXPECT_EQ(text_in("<a>&b;</a>"), "&b;") << "an entity that nobody declared stays as it is";
}

TEST(Xml, BeyondALimitIsRefusedBeforeItIsBuilt) {
    std::string deep;
    for (int i = 0; i < 200'000; ++i) {
        deep += "<a>";
    }
    EXPECT_EQ(code_of(deep), "xml.limit");
    EXPECT_EQ(code_of("<a><b/><b/></a>", {.max_elements = 2}), "xml.limit");
    EXPECT_EQ(code_of("<a><b><c/></b></a>", {.max_depth = 2}), "");
    EXPECT_EQ(code_of("<a><b><c></c></b></a>", {.max_depth = 2}), "xml.limit");
    EXPECT_EQ(code_of("<a b='1' c='2'/>", {.max_attributes = 1}), "xml.limit");
    EXPECT_EQ(code_of("<a>12345</a>", {.max_bytes = 11}), "xml.limit");
}

TEST(Xml, OfCharactersThatXmlDoesNotAllowIsRefused) {
    for (const char* text :
         {"<a>\x01</a>", "<a>\xED\xA0\x80</a>", "<a>\xC3</a>", "<a>\xFF</a>", "<a>\xEF\xBF\xBE</a>",
          "<a>\xEF\xBF\xBF</a>", "<a>&#0;</a>", "<a>&#x1;</a>", "<a>&#xD800;</a>",
          "<a>&#xFFFE;</a>", "<a>&#x110000;</a>", "<a>&#99999999999;</a>", "<a>&#;</a>",
          "<a>&#x;</a>", "<a>&#-5;</a>", "<a>&#65</a>", "<a b=\"&#0;\"/>", "<a>&#"}) {
        EXPECT_EQ(code_of(text), "xml.malformed") << text;
    }
    EXPECT_EQ(code_of(std::string("<a>\0</a>", 8)), "xml.malformed");
    EXPECT_EQ(text_in("<a>&#9;&#xA;&#x1F600;</a>"), "\t\n\U0001F600");
}

TEST(Xml, OfATolerantReaderMayReferToThemButNotToNul) {
    const auto parsed = Document::parse_tolerant("<a>&#x1;&#xFFFE;</a>", {});
    ASSERT_TRUE(parsed);
    EXPECT_EQ(text_of(parsed->root()), "\x01\xEF\xBF\xBE");
    for (const char* text : {"<a>&#0;</a>", "<a>&#x110000;</a>", "<a>&#x00;</a>", "<a>&#;</a>"}) {
        EXPECT_EQ(test_help::code_of(Document::parse_tolerant(text, {})), "xml.malformed") << text;
    }
}

TEST(Xml, ResolvesNamesByTheirNamespace) {
    const auto parsed =
        Document::parse("<p:a xmlns:p='urn:1' xmlns='urn:2'><b/><p:b xmlns:p='urn:3'/></p:a>");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(namespace_of(parsed->root()), "urn:1");
    EXPECT_EQ(local_name(parsed->root()), "a");
    const auto b = child(parsed->root(), "b");
    EXPECT_EQ(namespace_of(b), "urn:2");
    EXPECT_EQ(namespace_of(b.next_sibling()), "urn:3");
    EXPECT_EQ(resolve(b, "unknown"), "");
}

TEST(Xml, IsWrittenSoThatItIsReadBack) {
    const std::string awkward = "<&>\"' \r\n]]>\u20AC";
    std::string text = "<a b=\"";
    append_attribute(text, awkward);
    text += "\">";
    append_exact_text(text, awkward);
    text += "</a>";
    const auto parsed = Document::parse(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->root().attribute("b").value(), awkward);
    EXPECT_EQ(text_of(parsed->root()), awkward);
    std::string as_dot_net;
    append_text(as_dot_net, "a\r\n\"'");
    EXPECT_EQ(as_dot_net, "a\r\n\"'");
}

TEST(Xml, TextIsToldFromWhatIsNone) {
    EXPECT_TRUE(is_xml_text("a\tb\r\n\u20AC\U0001F600"));
    for (const char* text : {"\x01", "\x1F", "\xC3", "\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
        EXPECT_FALSE(is_xml_text(text));
    }
}

}  // namespace
}  // namespace headwater::xml
