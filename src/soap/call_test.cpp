#include "soap/call.hpp"

#include <gmock/gmock.h>

#include "soap/sample_test.hpp"

namespace headwater::soap {
namespace {

using sample::OrderResponse;
using testing::HasSubstr;

std::string answer(const std::string& name, const std::string& inside) {
    return "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><" + name +
           " xmlns=\"http://example.invalid/shop\">" + inside + "</" + name +
           "></e:Body></e:Envelope>";
}

CallFailure failure_of(int status, std::string body) {
    const auto response = read_response<OrderResponse>(status, "text/html", std::move(body));
    EXPECT_FALSE(response);
    return response ? CallFailure{} : response.error();
}

TEST(SoapCall, ARequestIsAnEnvelopeInSoap11) {
    EXPECT_EQ(write_request(sample::kNamespace, "Outer", sample::Outer{}),
              "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
              "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\""
              " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
              " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body>"
              "<Outer xmlns=\"http://example.invalid/shop\" /></soap:Body></soap:Envelope>");
    EXPECT_EQ(soap_action(sample::kNamespace, "Outer"), "\"http://example.invalid/shop/Outer\"");
}

TEST(SoapCall, AResponseIsRead) {
    const auto response =
        read_response<OrderResponse>(200, "text/xml", answer("OrderResponse", "<Total>7</Total>"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->total, 7);
}

TEST(SoapCall, AFaultIsToldFromOtherFailures) {
    const CallFailure failure =
        failure_of(500, write_fault(make_fault("InvalidCookie"), Version::k11, Style::kAsmx));
    EXPECT_EQ(failure.kind, CallFailure::Kind::kFault);
    EXPECT_EQ(failure.fault.error_code, "InvalidCookie");
    EXPECT_EQ(failure.status, 500);
    EXPECT_EQ(failure.error.sentence, "The server answered with the fault InvalidCookie.");
}

TEST(SoapCall, AProxysPageIsShownByItsFirstPrintableBytes) {
    const CallFailure failure = failure_of(
        407, "<html>\r\n\x01 Proxy \xc3\xa9 says no" + std::string(500, '.') + "</html>");
    EXPECT_EQ(failure.kind, CallFailure::Kind::kNotSoap);
    EXPECT_EQ(failure.status, 407);
    ASSERT_EQ(failure.error.causes.size(), 2U);
    EXPECT_EQ(failure.error.causes[1].size(), 200U + std::string_view("it begins: ").size());
    EXPECT_THAT(failure.error.causes[1],
                testing::StartsWith("it begins: <html> Proxy  says no..."));
    EXPECT_THAT(failure.error.sentence, HasSubstr("HTTP 407 with 'text/html'"));
}

TEST(SoapCall, AnotherMessageOrABadValueIsUnreadable) {
    EXPECT_THAT(failure_of(200, answer("PartResponse", "")).error.sentence,
                HasSubstr("'PartResponse' where OrderResponse was expected"));
    const CallFailure failure = failure_of(200, answer("OrderResponse", "<Total>x</Total>"));
    EXPECT_EQ(failure.kind, CallFailure::Kind::kUnreadable);
    EXPECT_THAT(failure.error.sentence, HasSubstr("Total holds 'x'"));
}

TEST(SoapCall, TheCallerLimitsTheItems) {
    const auto response = read_response<OrderResponse>(
        200, "text/xml", answer("OrderResponse", "<Parts><Part/><Part/></Parts>"),
        {.max_items = 1});
    ASSERT_FALSE(response);
    EXPECT_THAT(response.error().error.sentence, HasSubstr("more than 1 items"));
}

}  // namespace
}  // namespace headwater::soap
