#include "soap/schema.hpp"

#include <gmock/gmock.h>

#include <array>

#include "base/xml.hpp"
#include "soap/sample_test.hpp"

namespace headwater::soap {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string sample_wsdl() {
    const std::array operations{
        DescribedOperation{"Order", &type_of<sample::Order>(), &type_of<sample::OrderResponse>()}};
    return describe("Shop", sample::kNamespace, "http://shop/Shop.asmx?a&b", operations);
}

TEST(SoapSchema, TheDescriptionIsWellFormed) {
    const auto document = xml::Document::parse(sample_wsdl());
    ASSERT_TRUE(document) << document.error().sentence;
    EXPECT_EQ(xml::local_name(document->root()), "definitions");
}

TEST(SoapSchema, OptionalMembersAreMinorAndOthersAreNot) {
    const std::string wsdl = sample_wsdl();
    EXPECT_THAT(wsdl, HasSubstr("minOccurs=\"1\" maxOccurs=\"1\" name=\"Plain\" type=\"s:int\"/>"));
    EXPECT_THAT(wsdl, HasSubstr("minOccurs=\"1\" maxOccurs=\"1\" name=\"Guid\" type=\"g:guid\"/>"));
    EXPECT_THAT(wsdl, HasSubstr("minOccurs=\"0\" maxOccurs=\"1\" name=\"Remark\" nillable=\"true\" "
                                "type=\"s:string\"/>"));
}

TEST(SoapSchema, ArraysAreTypesNamedByTheirItems) {
    const std::string wsdl = sample_wsdl();
    EXPECT_THAT(wsdl, HasSubstr("<s:complexType name=\"ArrayOfInt\"><s:sequence><s:element "
                                "minOccurs=\"0\" maxOccurs=\"unbounded\" name=\"int\" "
                                "type=\"s:int\"/>"));
    EXPECT_THAT(wsdl, HasSubstr("<s:complexType name=\"ArrayOfWord\"><s:sequence><s:element "
                                "minOccurs=\"0\" maxOccurs=\"unbounded\" name=\"Word\" "
                                "nillable=\"true\" type=\"s:string\"/>"));
}

TEST(SoapSchema, ATypeThatIsUsedTwiceIsDescribedOnce) {
    const std::string wsdl = sample_wsdl();
    const std::string part = "<s:complexType name=\"ArrayOfPart\">";
    EXPECT_THAT(wsdl, HasSubstr(part));
    EXPECT_EQ(wsdl.find(part, wsdl.find(part) + 1), std::string::npos);
    EXPECT_THAT(wsdl, Not(HasSubstr("Raw")));
}

TEST(SoapSchema, AttributesAndEnumerationsAreDescribed) {
    const std::string wsdl = sample_wsdl();
    EXPECT_THAT(wsdl,
                HasSubstr("<s:attribute name=\"Made\" type=\"s:dateTime\" use=\"required\"/>"));
    EXPECT_THAT(wsdl, HasSubstr("<s:attribute name=\"Note\" type=\"s:string\"/>"));
    EXPECT_THAT(wsdl, HasSubstr("<s:enumeration value=\"Green\"/>"));
}

TEST(SoapSchema, BothBindingsAreThere) {
    const std::string wsdl = sample_wsdl();
    EXPECT_THAT(wsdl,
                HasSubstr("<soap:operation soapAction=\"http://example.invalid/shop/Order\""));
    EXPECT_THAT(wsdl, HasSubstr("<soap12:address location=\"http://shop/Shop.asmx?a&amp;b\"/>"));
}

}  // namespace
}  // namespace headwater::soap
