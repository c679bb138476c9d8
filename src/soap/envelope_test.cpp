#include "soap/envelope.hpp"

#include <gtest/gtest.h>

namespace headwater::soap {
namespace {

std::string code_of(const std::string& body, const xml::Limits& limits = {}) {
    const auto envelope = parse_envelope(body, limits);
    return envelope ? "none" : envelope.error().code;
}

TEST(SoapEnvelope, BothVersionsAreReadUnderAnyPrefix) {
    const auto first = parse_envelope(
        "<?xml version=\"1.0\"?><x:Envelope xmlns:x=\"http://schemas.xmlsoap.org/soap/envelope/\">"
        "<x:Header><y:Must xmlns:y=\"urn:y\" x:mustUnderstand=\"1\"/></x:Header>"
        "<x:Body>\n <z:Get xmlns:z=\"urn:z\"/></x:Body></x:Envelope>");
    ASSERT_TRUE(first);
    EXPECT_EQ(first->version, Version::k11);
    EXPECT_EQ(first->name, "Get");
    EXPECT_EQ(first->name_space, "urn:z");
    const auto second = parse_envelope(
        "<Envelope xmlns=\"http://www.w3.org/2003/05/soap-envelope\"><Body><Get xmlns=\"urn:z\"/>"
        "</Body></Envelope>");
    ASSERT_TRUE(second);
    EXPECT_EQ(second->version, Version::k12);
    EXPECT_FALSE(second->is_fault());
}

TEST(SoapEnvelope, WhatIsNoEnvelopeIsRefusedWithItsReason) {
    EXPECT_EQ(code_of(""), "xml.malformed");
    EXPECT_EQ(code_of("<html><body>Proxy</body></html>"), "soap.not_an_envelope");
    EXPECT_EQ(code_of("<Envelope><Body><A/></Body></Envelope>"), "soap.version");
    const std::string open = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">";
    EXPECT_EQ(code_of(open + "</s:Envelope>"), "soap.empty_body");
    EXPECT_EQ(code_of(open + "<s:Body/></s:Envelope>"), "soap.empty_body");
    EXPECT_EQ(code_of(open + "<Body><A/></Body></s:Envelope>"), "soap.empty_body");
    EXPECT_EQ(code_of("<!DOCTYPE a [<!ENTITY b \"c\">]>" + open + "</s:Envelope>"), "xml.dtd");
    EXPECT_EQ(code_of(open + "<s:Body><A/></s:Body></s:Envelope>", {.max_bytes = 20}), "xml.limit");
}

TEST(SoapEnvelope, AnEnvelopeOfOursIsReadAgain) {
    for (const Version version : {Version::k11, Version::k12}) {
        for (const Style style : {Style::kIndigo, Style::kAsmx}) {
            std::string out;
            begin_envelope(out, version, style);
            out += "<A xmlns=\"urn:a\" xsi:nil=\"true\"/>";
            end_envelope(out, style);
            const auto envelope = parse_envelope(out);
            ASSERT_TRUE(envelope) << out;
            EXPECT_EQ(envelope->version, version);
            EXPECT_EQ(envelope->name, "A");
        }
    }
}

}  // namespace
}  // namespace headwater::soap
