#include "diagnosis/checks_for.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "diagnosis/doctor.hpp"

namespace headwater::diagnosis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ChecksForAFailure, BeginWithWhatFailed) {
    EXPECT_THAT(checks_for("net.proxy_login"), ElementsAre("proxy", "services"));
    EXPECT_THAT(checks_for("net.proxy_denied"), ElementsAre("proxy", "ports"));
    EXPECT_THAT(checks_for("net.tls_expired"), ElementsAre("tls", "clock"));
    EXPECT_THAT(checks_for("net.resolve"), ElementsAre("upstream_name", "ports"));
    EXPECT_THAT(checks_for("store.full"), ElementsAre("database", "content_folder"));
}

TEST(ChecksForAFailure, AreNoneWhereNothingFailed) {
    EXPECT_THAT(checks_for(""), IsEmpty());
    EXPECT_THAT(checks_for("sync.cancelled"), IsEmpty());
}

TEST(ChecksForAFailure, AreKnownToTheDoctorAndLeaveNoCodeOut) {
    // Every code that docs/synchronization.md lists, and one of the future.
    for (const std::string_view code :
         {"net.resolve",       "net.connect",         "net.timeout",
          "net.reset",         "net.tls_expired",     "net.tls_name",
          "net.tls_issuer",    "net.tls_protocol",    "net.proxy_resolve",
          "net.proxy_connect", "net.proxy_login",     "net.proxy_login_missing",
          "net.proxy_basic",   "net.proxy_denied",    "net.proxy_gateway",
          "upstream.denied",   "upstream.not_found",  "upstream.busy",
          "upstream.failed",   "upstream.not_soap",   "upstream.redirect",
          "upstream.fault",    "upstream.unreadable", "sync.documents",
          "net.of_tomorrow"}) {
        EXPECT_FALSE(checks_for(code).empty()) << code;
        for (const std::string_view name : checks_for(code)) {
            EXPECT_TRUE(std::ranges::any_of(
                Doctor::checks(), [&](const CheckInfo& info) { return info.name == name; }))
                << code << " " << name;
        }
    }
}

}  // namespace
}  // namespace headwater::diagnosis
