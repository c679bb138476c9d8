#include "upstream/run_error.hpp"

#include <gmock/gmock.h>

#include "base/utf.hpp"

namespace headwater::upstream {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::SizeIs;

RunError coded(const std::string& code, std::vector<std::string> causes = {}) {
    return {code, "It failed.", "", std::move(causes), "connect", ""};
}

TEST(RunErrors, KeepTheRequestApartFromTheCauses) {
    const RunError error =
        run_error({"net.connect",
                   "No connection.",
                   "Look.",
                   {"Connection refused (111)", "in the request GetCookie to http://up/x.asmx"}},
                  "connect");
    EXPECT_EQ(error.request, "GetCookie to http://up/x.asmx");
    EXPECT_THAT(error.causes, ElementsAre("Connection refused (111)"));
    EXPECT_EQ(parse_run_error(to_stored(error)), error);
}

TEST(RunErrors, HoldNothingThatAnUpstreamCouldSteerATerminalWith) {
    const RunError error = run_error(
        {"upstream.fault",
         std::string(100'000, 'x'),
         "",
         {"Message \x1b[31mred\r\n\x7f", "\xff\xfe raw", std::string(1'999, 'y') + "äöü"}},
        "connect");
    EXPECT_THAT(error.causes, SizeIs(3));
    EXPECT_EQ(error.causes[0], "Message  [31mred   ");
    EXPECT_EQ(error.causes[1], "?? raw");
    EXPECT_EQ(error.causes[2], std::string(1'999, 'y') + "…");
    EXPECT_LT(error.message.size(), 2'100U);
    for (const std::string& cause : error.causes) {
        EXPECT_TRUE(is_valid_utf8(cause));
    }
    EXPECT_THAT(run_error({"x", "y", "", std::vector<std::string>(1'000, "z")}, "").causes,
                SizeIs(20));
}

TEST(RunErrors, OfOlderVersionsAndOfNoVersionAreRead) {
    EXPECT_EQ(parse_run_error(R"({"code":"net.reset","sentence":"It ended."})").message,
              "It ended.");
    EXPECT_EQ(parse_run_error("no json").message, "no json");
    EXPECT_EQ(parse_run_error(""), RunError{});
    EXPECT_EQ(parse_run_error(R"({"code":7,"causes":[1,"two"]})").causes,
              std::vector<std::string>{"two"});
}

TEST(RunErrors, TellWhatIsAwayFromWhatIsWrong) {
    for (const char* code : {"net.resolve", "net.connect", "net.timeout", "net.reset",
                             "net.proxy_resolve", "net.proxy_connect", "net.proxy_gateway",
                             "upstream.busy", "upstream.failed", "upstream.not_soap"}) {
        EXPECT_TRUE(is_not_available(coded(code))) << code;
    }
    for (const char* code :
         {"net.proxy_login", "net.proxy_login_missing", "net.proxy_basic", "net.proxy_denied",
          "net.tls_expired", "net.tls_name", "net.tls_issuer", "upstream.denied",
          "upstream.not_found", "upstream.redirect", "sync.documents", "store.full", ""}) {
        EXPECT_FALSE(is_not_available(coded(code))) << code;
    }
    EXPECT_TRUE(is_not_available(coded("upstream.fault", {"ErrorCode ServerBusy"})));
    EXPECT_TRUE(is_not_available(coded("upstream.fault", {"ErrorCode InternalServerError"})));
    EXPECT_FALSE(
        is_not_available(coded("upstream.fault", {"ErrorCode IncompatibleProtocolVersion"})));
}

TEST(RunErrors, TellHowLongTheUpstreamAskedToBeLeftAlone) {
    const Time now = from_xml_time("2026-11-24T08:00:00Z").value_or(Time{});
    const auto asked = [&](const char* value) {
        return retry_after(coded("upstream.busy", {std::string("Retry-After: ") + value}), now);
    };
    EXPECT_EQ(asked("120"), seconds(120));
    EXPECT_EQ(asked("Tue, 24 Nov 2026 08:10:00 GMT"), seconds(600));
    EXPECT_EQ(asked("Tue, 24 Nov 2026 07:00:00 GMT"), seconds(0));
    EXPECT_EQ(asked("4000000000"), hours(24));
    EXPECT_EQ(asked("99999999999999999999"), hours(24));
    for (const char* nonsense : {"", "soon", "-5", "12 minutes", "1e9"}) {
        EXPECT_EQ(asked(nonsense), std::nullopt) << nonsense;
    }
    EXPECT_EQ(retry_after(coded("upstream.busy", {"HTTP 503"}), now), std::nullopt);
}

}  // namespace
}  // namespace headwater::upstream
