// A synchronization from an upstream that fails, lies or is not there: each failure with the
// sentence that the history tells of it.

#include "synchronization_testing.hpp"

namespace headwater::integration {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// "{up}" in a text is the upstream's address.
std::string with_address(std::string text, const std::string& url) {
    for (std::size_t at = text.find("{up}"); at != std::string::npos; at = text.find("{up}")) {
        text.replace(at, 4, url);
    }
    return text;
}

struct Nonsense {
    const char* name;
    std::function<net::Response()> answer;
    std::string code;
    std::string sentence;
    std::string cause;
};

class NonsenseInPlaceOfAnAnswer : public Synchronization,
                                  public testing::WithParamInterface<Nonsense> {};

TEST_P(NonsenseInPlaceOfAnAnswer, FailsTheRunWithTheRequestNamedAndLosesNothing) {
    upstream_.answer_instead([&](const std::string& operation, int nth, const net::Request&) {
        return operation == "GetUpdateData" && nth == 2 ? std::optional(GetParam().answer())
                                                        : std::nullopt;
    });
    const store::SyncRun record = run();
    expect_failure(record, GetParam().code, "documents");
    const upstream::RunError error = error_of(record);
    EXPECT_EQ(error.message, with_address(GetParam().sentence, upstream_.url()));
    EXPECT_THAT(error.causes, Contains(HasSubstr(GetParam().cause)));
    EXPECT_EQ(error.request, request_to("GetUpdateData"));
    EXPECT_NE(error.remedy, "");
    upstream_.answer_instead(nullptr);
    succeeds();
    expect_everything_here();
}

net::Response busy_until(const std::string& retry_after) {
    net::Response busy = page(503, "busy", "text/plain");
    busy.headers.add("Retry-After", retry_after);
    return busy;
}

constexpr const char* kNoSoap =
    "The upstream {up} answered GetUpdateData with HTTP status 200 and no SOAP message: this is no "
    "answer of an update server.";
constexpr const char* kNotAvailable =
    "The upstream {up} answered GetUpdateData with HTTP status 503: it is not available now.";

const Nonsense kNonsense[] = {
    {"Html", [] { return page(200, "<html>Please sign in to the WLAN</html>"); },
     "upstream.not_soap", kNoSoap, "it begins: <html>Please sign in to the WLAN</html>"},
    {"Http500", [] { return page(500, "<html>Runtime Error</html>"); }, "upstream.failed",
     "The upstream {up} answered GetUpdateData with HTTP status 500 and no SOAP message: it "
     "failed.",
     "it begins: <html>Runtime Error"},
    {"Http401", [] { return page(401, "who?"); }, "upstream.denied",
     "The upstream {up} answered GetUpdateData with HTTP status 401: it refuses this server.",
     "HTTP 401"},
    {"Http403", [] { return page(403, "<html>Blocked</html>"); }, "upstream.denied",
     "The upstream {up} answered GetUpdateData with HTTP status 403: it refuses this server.",
     "it begins: <html>Blocked"},
    {"Http404", [] { return page(404, "none"); }, "upstream.not_found",
     "The upstream {up} answered GetUpdateData with HTTP status 404: there is no such service.",
     "HTTP 404"},
    {"Http503RetryAfter", [] { return busy_until("120"); }, "upstream.busy", kNotAvailable,
     "Retry-After: 120"},
    {"Http503", [] { return page(503, "busy", "text/plain"); }, "upstream.busy", kNotAvailable,
     "it begins: busy"},
    {"Http429", [] { return page(429, "slowly", "text/plain"); }, "upstream.busy",
     "The upstream {up} answered GetUpdateData with HTTP status 429: it is not available now.",
     "HTTP 429"},
    {"Redirect",
     [] {
         net::Response response = page(302, "");
         response.headers.add("Location", "http://127.0.0.1:1/elsewhere");
         return response;
     },
     "upstream.redirect",
     "The upstream {up} redirects GetUpdateData to another address, which is not followed.",
     "Location: http://127.0.0.1:1/elsewhere"},
    {"Nothing", [] { return page(200, "", "text/xml"); }, "upstream.not_soap", kNoSoap,
     "it is empty"},
    {"OtherXml", [] { return page(200, "<rss/>", "text/xml"); }, "upstream.not_soap", kNoSoap,
     "it begins: <rss/>"},
    {"AnswerToAnother",
     [] { return page(200, text_of("GetCookieResponse", wire::GetCookieResponse{}), "text/xml"); },
     "upstream.unreadable",
     "The upstream {up} answered GetUpdateData with a message that cannot be read.",
     "'GetCookieResponse' where GetUpdateDataResponse was expected"},
    {"TruncatedXml",
     [] {
         const std::string whole = text_of("GetUpdateDataResponse", wire::GetUpdateDataResponse{});
         return page(200, whole.substr(0, whole.size() / 2), "text/xml");
     },
     "upstream.not_soap", kNoSoap, "it begins: "},
    {"DeepXml",
     [] {
         std::string deep;
         for (int i = 0; i < 100'000; ++i) {
             deep += "<a>";
         }
         return page(200, deep, "text/xml");
     },
     "upstream.not_soap", kNoSoap, "it begins: <a><a>"},
    {"BillionLaughs",
     [] {
         return page(200, "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><a>&b;</a>",
                     "text/xml");
     },
     "upstream.not_soap", kNoSoap, "it begins: <!DOCTYPE"},
};

INSTANTIATE_TEST_SUITE_P(Answers, NonsenseInPlaceOfAnAnswer, testing::ValuesIn(kNonsense),
                         [](const testing::TestParamInfo<Nonsense>& param) {
                             return std::string(param.param.name);
                         });

TEST_F(Synchronization, TellsHowLongABusyUpstreamAskedToBeLeftAlone) {
    upstream_.answer_instead([&](const std::string&, int, const net::Request&) {
        return std::optional(busy_until("120"));
    });
    const store::SyncRun record = run();
    expect_failure(record, "upstream.busy", "connect");
    EXPECT_EQ(retry_after(error_of(record), clock_.now()), std::chrono::seconds{120});
    EXPECT_TRUE(is_not_available(error_of(record)));
}

/// The codes of [MS-WSUSSS] 2.2.9, and one that it does not know.
struct FaultOfCode {
    const char* code;
    const char* message;
    const char* remedy;
};

class FaultOfEachCode : public Synchronization, public testing::WithParamInterface<FaultOfCode> {};

TEST_P(FaultOfEachCode, IsToldInTheHistoryWithItsIdAndMethod) {
    const std::string id = Guid::random().text();
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request&) -> std::optional<net::Response> {
        if (operation != "GetRevisionIdList") {
            return std::nullopt;
        }
        soap::Fault fault = soap::make_fault(GetParam().code, GetParam().message);
        fault.id = *Guid::parse(id);
        fault.method = "http://up/GetRevisionIdList";
        fault.actor = "http://up/ServerSyncWebService.asmx";
        return page(500, soap::write_fault(fault, soap::Version::k11, soap::Style::kAsmx),
                    "text/xml; charset=utf-8");
    });
    const store::SyncRun record = run();
    expect_failure(record, "upstream.fault", "categories");
    const upstream::RunError error = error_of(record);
    EXPECT_EQ(error.message, "The upstream " + upstream_.url() +
                                 " answered GetRevisionIdList with the fault " + GetParam().code +
                                 ".");
    EXPECT_THAT(error.remedy, HasSubstr(GetParam().remedy));
    EXPECT_THAT(error.causes,
                ElementsAre(std::string("ErrorCode ") + GetParam().code,
                            std::string("Message ") + GetParam().message, "ID " + id,
                            "Method http://up/GetRevisionIdList", "faultstring Fault occurred",
                            "faultactor http://up/ServerSyncWebService.asmx", "HTTP 500"));
    EXPECT_EQ(error.request, request_to("GetRevisionIdList"));
}

const FaultOfCode kFaults[] = {
    {"InvalidParameters", "filter", "does not accept what this server asks for"},
    {"InvalidCookie", "cookie", "one name leads to one server"},
    {"CookieExpired", "cookie", "own log"},
    {"InternalServerError", "details", "SoftwareDistribution.log"},
    {"IncompatibleProtocolVersion", "1.20", "another version of the protocol"},
    {"InvalidAuthorizationCookie", "cookie", "one name leads to one server"},
    {"FileDigestsMissing", "digests", "own log"},
    {"ServerChanged", "changed", "another server than before"},
    {"ServerBusy", "busy", "synchronize again later"},
    {"TooManyIds", "ids", "does not accept what this server asks for"},
    {"OfTheFuture", "something", "own log"},
};

INSTANTIATE_TEST_SUITE_P(Codes, FaultOfEachCode, testing::ValuesIn(kFaults),
                         [](const testing::TestParamInfo<FaultOfCode>& param) {
                             return std::string(param.param.code);
                         });

TEST_F(Synchronization, TellsAFaultWithoutACodeByItsText) {
    upstream_.answer_instead([&](const std::string&, int, const net::Request&) {
        return std::optional(page(500,
                                  soap::write_fault(soap::protocol_fault("The pool is stopped."),
                                                    soap::Version::k11, soap::Style::kAsmx),
                                  "text/xml; charset=utf-8"));
    });
    const store::SyncRun record = run();
    expect_failure(record, "upstream.fault", "connect");
    EXPECT_EQ(error_of(record).message,
              "The upstream " + upstream_.url() +
                  " answered GetAuthConfig with the fault 'The pool is stopped.'.");
}

TEST_F(Synchronization, RefusesAListLongerThanAnyCatalog) {
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request&) -> std::optional<net::Response> {
        if (operation != "GetRevisionIdList") {
            return std::nullopt;
        }
        wire::GetRevisionIdListResponse message;
        auto& ids = message.result.ensure().new_revisions;
        for (int i = 0; i < 1'000'001; ++i) {
            ids.push_back({Guid{}, i});
        }
        return page(200, text_of("GetRevisionIdListResponse", message), "text/xml");
    });
    const store::SyncRun record = run();
    EXPECT_EQ(record.result, store::RunResult::kFailed);
    EXPECT_THAT(record.error, HasSubstr("GetRevisionIdList"));
    EXPECT_EQ(here(), 0U);
}

TEST_F(Synchronization, IgnoresRevisionNumbersThatCannotBe) {
    upstream_.bend_answers([&](const std::string& operation, int, net::Response& response) {
        if (operation == "GetRevisionIdList") {
            auto message = message_of<wire::GetRevisionIdListResponse>(response);
            message.result.ensure().new_revisions.push_back({Guid::random(), -5});
            response.body = text_of("GetRevisionIdListResponse", message);
        }
    });
    succeeds();
    expect_everything_here();
}

TEST_F(Synchronization, ShakesHandsAgainWhenTheCookieIsRefusedInTheMiddle) {
    for (const char* code : {"InvalidCookie", "InvalidAuthorizationCookie", "CookieExpired"}) {
        int refused = 0;
        upstream_.forget();
        upstream_.answer_instead([&](const std::string& operation, int,
                                     const net::Request&) -> std::optional<net::Response> {
            if (operation != "GetRevisionIdList" || refused > 0) {
                return std::nullopt;
            }
            ++refused;
            return fault(code);
        });
        succeeds();
        EXPECT_EQ(refused, 1) << code;
        EXPECT_EQ(upstream_.calls("GetCookie"), 2) << code;
    }
    expect_everything_here();
}

TEST_F(Synchronization, DoesNotShakeHandsForEver) {
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request&) -> std::optional<net::Response> {
        return operation == "GetRevisionIdList" ? std::optional(fault("InvalidCookie"))
                                                : std::nullopt;
    });
    const store::SyncRun record = run();
    expect_failure(record, "upstream.fault", "categories");
    EXPECT_THAT(error_of(record).remedy, HasSubstr("one name leads to one server"));
    EXPECT_EQ(upstream_.calls("GetCookie"), 2);
}

TEST_F(Synchronization, RenewsACookieBeforeItExpires) {
    // The upstream's cookies live for hours; half a day passes between two of its answers.
    upstream_.bend_answers([&](const std::string& operation, int nth, net::Response&) {
        if (operation == "GetUpdateData" && nth == 1) {
            upstream_.clock.advance(std::chrono::hours{24});
            clock_.advance(std::chrono::hours{24});
        }
    });
    succeeds();
    EXPECT_GE(upstream_.calls("GetCookie"), 2);
    expect_everything_here();
}

TEST_F(Synchronization, BeginsAnewWithAnUpstreamThatWasReplaced) {
    succeeds();
    // The same address, another server: its list has to be asked for whole.
    bool replaced = false;
    upstream_.bend_answers([&](const std::string& operation, int, net::Response&) {
        if (operation == "GetConfigData" && !replaced) {
            replaced = true;
            upstream_.be_replaced();
        }
    });
    upstream_.forget();
    succeeds();
    EXPECT_TRUE(replaced);
    EXPECT_EQ(upstream_.calls("GetCookie"), 2);
    expect_everything_here();
}

TEST_F(Synchronization, ForgetsItsAnchorsOnceWhenTheUpstreamSaysServerChanged) {
    succeeds();
    std::vector<bool> with_anchor;
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request& request) -> std::optional<net::Response> {
        if (operation != "GetRevisionIdList") {
            return std::nullopt;
        }
        with_anchor.push_back(request.body.contains("<Anchor>"));
        return with_anchor.back() ? std::optional(fault("ServerChanged")) : std::nullopt;
    });
    succeeds();
    EXPECT_EQ(with_anchor, (std::vector{true, false, false}));
    // One that says it always ends the run, not us in a circle.
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request&) -> std::optional<net::Response> {
        return operation == "GetRevisionIdList" ? std::optional(fault("ServerChanged"))
                                                : std::nullopt;
    });
    const store::SyncRun record = run();
    expect_failure(record, "upstream.fault", "categories");
    EXPECT_THAT(record.error, HasSubstr("ServerChanged"));
}

TEST_F(Synchronization, AsksForTheWholeListWhenTheAnchorIsRefused) {
    succeeds();
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request& request) -> std::optional<net::Response> {
        return operation == "GetRevisionIdList" && request.body.contains("<Anchor>")
                   ? std::optional(fault("InvalidParameters", "filter"))
                   : std::nullopt;
    });
    upstream_.forget();
    succeeds();
    EXPECT_EQ(upstream_.calls("GetRevisionIdList"), 4);
    EXPECT_EQ(upstream_.calls("GetUpdateData"), 0);
}

}  // namespace
}  // namespace headwater::integration
