#include "soap/service.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "soap/call.hpp"
#include "soap/sample_test.hpp"

namespace headwater::soap {
namespace {

using sample::Order;
using sample::OrderResponse;
using testing::HasSubstr;

class SoapService : public testing::Test {
protected:
    SoapService() {
        service_.operation<Order, OrderResponse>(
            "Order", [this](const Order& order, const Call& call) { return take(order, call); });
        service_.operation<sample::Outer, OrderResponse>(
            "Outer", [](const sample::Outer&, const Call&) { return OrderResponse{.total = 9}; });
        service_.missing("Cancel");
    }

    std::expected<OrderResponse, Fault> take(const Order& order, const Call& call) {
        seen_ = std::string(call.action) + "|" + std::string(call.host) + "|" +
                std::string(call.remote_address);
        if (order.name == "throw") {
            throw std::runtime_error("a broken shelf");
        }
        if (order.name == "refuse") {
            return std::unexpected(make_fault("ServerBusy", "later"));
        }
        return OrderResponse{.total = order.plain};
    }

    static std::string message(const std::string& inside) {
        return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>" +
               inside + "</s:Body></s:Envelope>";
    }
    static std::string order(const std::string& inside) {
        return message("<Order xmlns=\"http://example.invalid/shop\">" + inside + "</Order>");
    }
    [[nodiscard]] Reply send(std::string body, std::string action = "",
                             std::string type = "text/xml; charset=utf-8") const {
        return service_.handle({.content_type = std::move(type),
                                .soap_action = std::move(action),
                                .body = std::move(body),
                                .host = "shop:8530",
                                .remote_address = "192.0.2.7"});
    }
    static Fault fault_of(const Reply& reply) {
        EXPECT_EQ(reply.status, 500);
        const auto envelope = parse_envelope(reply.body);
        EXPECT_TRUE(envelope && envelope->is_fault()) << reply.body;
        return envelope ? read_fault(envelope->content) : Fault{};
    }

    Service service_{{.name = "Shop",
                      .name_space = std::string(sample::kNamespace),
                      .path = "/Shop.asmx",
                      .style = Style::kAsmx,
                      .faults_name_actor = true,
                      .limits = {.max_items = 3}}};
    std::string seen_;
};

TEST_F(SoapService, AnswersInTheVersionAndStyleOfTheService) {
    const Reply reply = send(order("<Plain>5</Plain>"));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.content_type, "text/xml; charset=utf-8");
    EXPECT_EQ(
        reply.body,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\""
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
        " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body>"
        "<OrderResponse xmlns=\"http://example.invalid/shop\"><Total>5</Total></OrderResponse>"
        "</soap:Body></soap:Envelope>");
    EXPECT_EQ(seen_, "http://example.invalid/shop/Order|shop:8530|192.0.2.7");
}

TEST_F(SoapService, AnswersSoap12InSoap12) {
    const Reply reply = send(
        "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>"
        "<Order xmlns=\"http://example.invalid/shop\"/></e:Body></e:Envelope>",
        "", "application/soap+xml; charset=utf-8; action=\"http://example.invalid/shop/Order\"");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.content_type, "application/soap+xml; charset=utf-8");
    EXPECT_THAT(reply.body, HasSubstr("http://www.w3.org/2003/05/soap-envelope"));
}

TEST_F(SoapService, TheActionMayBeAbsentOrStrangeButNotThatOfAnotherOperation) {
    EXPECT_EQ(send(order(""), "").status, 200);
    EXPECT_EQ(send(order(""), "\"\"").status, 200);
    EXPECT_EQ(send(order(""), "urn:other").status, 200);
    EXPECT_EQ(send(order(""), "\"http://example.invalid/shop/Order\"").status, 200);
    const Fault fault = fault_of(send(order(""), "\"http://example.invalid/shop/Outer\""));
    EXPECT_EQ(fault.error_code, "");
    EXPECT_THAT(fault.text, HasSubstr("HTTP Header SOAPAction: http://example.invalid/shop/Outer"));
    EXPECT_EQ(fault_of(send(order(""), "",
                            "application/soap+xml;action=http://example.invalid/shop/Cancel"))
                  .error_code,
              "");
}

TEST_F(SoapService, AnotherMediaTypeIs415) {
    EXPECT_EQ(send(order(""), "", "application/json").status, 415);
    EXPECT_EQ(send(order(""), "", "").status, 415);
    EXPECT_EQ(send(order(""), "", "TEXT/XML").status, 200);
}

TEST_F(SoapService, AnUnknownOperationIsNamedInTheFault) {
    const Fault fault = fault_of(send(message("<Sell xmlns=\"urn:x\"/>")));
    EXPECT_EQ(fault.text, "This service has no operation 'Sell' in the namespace 'urn:x'.");
    EXPECT_FALSE(fault.server_side);
    EXPECT_EQ(fault_of(send(message("<Order xmlns=\"urn:x\"/>"))).error_code, "");
}

TEST_F(SoapService, AMissingOperationSaysSo) {
    const Fault fault = fault_of(send(message("<Cancel xmlns=\"http://example.invalid/shop\"/>")));
    EXPECT_EQ(fault.error_code, "InternalServerError");
    EXPECT_EQ(fault.message, "Cancel is not supported by this version of Headwater.");
    EXPECT_TRUE(fault.server_side);
}

TEST_F(SoapService, AMalformedValueIsInvalidParametersWithItsPath) {
    const Fault fault = fault_of(send(message(
        "<Outer xmlns=\"http://example.invalid/shop\"><order><Plain>x</Plain></order></Outer>")));
    EXPECT_EQ(fault.error_code, "InvalidParameters");
    EXPECT_EQ(fault.message, "order.Plain");
    EXPECT_EQ(fault.method, "http://example.invalid/shop/Outer");
    EXPECT_EQ(fault.actor, "http://shop:8530/Shop.asmx");
    EXPECT_NE(fault.id, Guid{});
}

TEST_F(SoapService, TooManyItemsAreInvalidParameters) {
    const Fault fault =
        fault_of(send(order("<Numbers><int>1</int><int>1</int><int>1</int>"
                            "<int>1</int></Numbers>")));
    EXPECT_EQ(fault.error_code, "InvalidParameters");
    EXPECT_EQ(fault.message, "Numbers");
}

TEST_F(SoapService, AHandlersFaultIsAnswered) {
    const Fault fault = fault_of(send(order("<Name>refuse</Name>")));
    EXPECT_EQ(fault.error_code, "ServerBusy");
    EXPECT_EQ(fault.message, "later");
}

TEST_F(SoapService, AnExceptionBecomesAnInternalErrorWithoutItsText) {
    const Reply reply = send(order("<Name>throw</Name>"));
    EXPECT_EQ(fault_of(reply).error_code, "InternalServerError");
    EXPECT_THAT(reply.body, testing::Not(HasSubstr("shelf")));
}

TEST_F(SoapService, WhatIsNoXmlIsAFaultOfSoap) {
    for (const std::string& body :
         {std::string(), std::string("x"), std::string("<a"), order("") + "</s:Envelope>",
          "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]>" + order("&lol2;"),
          order("\xff\xfe"), order(std::string(1, '\0'))}) {
        const Fault fault = fault_of(send(body));
        EXPECT_EQ(fault.error_code, "");
        EXPECT_THAT(fault.text, HasSubstr("The document"));
    }
}

TEST_F(SoapService, DeepNestingIsRefused) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) {
        deep += "<a>";
    }
    EXPECT_THAT(fault_of(send(order(deep))).text, HasSubstr("limit of depth"));
}

}  // namespace
}  // namespace headwater::soap
