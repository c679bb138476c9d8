#include "soap/fault.hpp"

#include <gtest/gtest.h>

namespace headwater::soap {
namespace {

Fault sample_fault() {
    Fault fault = make_fault("InvalidParameters", "parameters.InstalledNonLeafUpdateIDs");
    fault.id = "94327110-fc7e-4c3c-878d-186ab273d9fd"_guid;
    fault.method = "http://example.invalid/Get";
    return fault;
}

Fault reread(const std::string& message) {
    const auto envelope = parse_envelope(message);
    EXPECT_TRUE(envelope) << message;
    EXPECT_TRUE(envelope && envelope->is_fault());
    return envelope ? read_fault(envelope->content) : Fault{};
}

TEST(SoapFault, TheClientServiceWritesItInItsOwnHand) {
    EXPECT_EQ(write_fault(sample_fault(), Version::k11, Style::kIndigo),
              "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"
              "<s:Body xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
              " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><s:Fault>"
              "<faultcode>s:Client</faultcode><faultstring>Fault occurred</faultstring>"
              "<detail><ErrorCode>InvalidParameters</ErrorCode>"
              "<Message>parameters.InstalledNonLeafUpdateIDs</Message>"
              "<ID>94327110-fc7e-4c3c-878d-186ab273d9fd</ID>"
              "<Method>\"http://example.invalid/Get\"</Method></detail></s:Fault></s:Body>"
              "</s:Envelope>");
}

TEST(SoapFault, Soap12HasAnUnqualifiedDetail) {
    EXPECT_EQ(write_fault(sample_fault(), Version::k12, Style::kAsmx),
              "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
              "<soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\""
              " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
              " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body><soap:Fault>"
              "<soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code>"
              "<soap:Reason><soap:Text xml:lang=\"en\">Fault occurred</soap:Text></soap:Reason>"
              "<Detail><ErrorCode>InvalidParameters</ErrorCode>"
              "<Message>parameters.InstalledNonLeafUpdateIDs</Message>"
              "<ID>94327110-fc7e-4c3c-878d-186ab273d9fd</ID>"
              "<Method>\"http://example.invalid/Get\"</Method></Detail></soap:Fault></soap:Body>"
              "</soap:Envelope>");
}

TEST(SoapFault, WhatIsWrittenIsReadAgain) {
    Fault fault = sample_fault();
    fault.actor = "http://example.invalid/a.asmx?x=1&y=2";
    for (const Version version : {Version::k11, Version::k12}) {
        for (const Style style : {Style::kIndigo, Style::kAsmx}) {
            EXPECT_EQ(reread(write_fault(fault, version, style)), fault);
        }
    }
}

TEST(SoapFault, AnInternalErrorIsTheServersExceptInTheClientService) {
    const Fault fault = make_fault("InternalServerError");
    EXPECT_TRUE(reread(write_fault(fault, Version::k11, Style::kAsmx)).server_side);
    EXPECT_TRUE(reread(write_fault(fault, Version::k12, Style::kAsmx)).server_side);
    EXPECT_FALSE(reread(write_fault(fault, Version::k11, Style::kIndigo)).server_side);
}

TEST(SoapFault, EveryInstanceHasItsOwnId) {
    const Fault fault = make_fault("InvalidCookie");
    const Guid first = reread(write_fault(fault, Version::k11, Style::kAsmx)).id;
    EXPECT_NE(first, Guid{});
    EXPECT_NE(first, reread(write_fault(fault, Version::k11, Style::kAsmx)).id);
}

TEST(SoapFault, AFaultOfSoapItselfHasNoErrorCode) {
    const Fault fault =
        reread(write_fault(protocol_fault("No <such> operation."), Version::k11, Style::kAsmx));
    EXPECT_EQ(fault.error_code, "");
    EXPECT_EQ(fault.text, "No <such> operation.");
}

TEST(SoapFault, ADetailInsideTheDetailOfSoap12IsFound) {
    const Fault fault = reread(
        "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body><e:Fault><e:Code>"
        "<e:Value>e:Receiver</e:Value></e:Code><e:Detail><Detail><ErrorCode>ServerBusy</ErrorCode>"
        "</Detail></e:Detail></e:Fault></e:Body></e:Envelope>");
    EXPECT_EQ(fault.error_code, "ServerBusy");
    EXPECT_TRUE(fault.server_side);
    EXPECT_EQ(fault.id, Guid{});
}

TEST(SoapFault, AnEmptyFaultIsReadAsOne) {
    const Fault fault = reread(
        "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\">"
        "<e:Body><e:Fault/></e:Body></e:Envelope>");
    EXPECT_EQ(fault.error_code, "");
    EXPECT_EQ(fault.text, "");
}

}  // namespace
}  // namespace headwater::soap
