#include <gmock/gmock.h>

#include "base/testing.hpp"
#include "cli/fake_api_test.hpp"

namespace headwater::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kChecks =
    R"({"checks":[{"name":"proxy","title":"The proxy"},{"name":"clock","title":"The clock"}]})";
constexpr const char* kProxy =
    R"({"name":"proxy","title":"The proxy","state":"error","finding":"It refuses.",)"
    R"("evidence":["HTTP 407"],"remedy":"Change the password.","fixable":false,"seconds":0.1})";
constexpr const char* kClock =
    R"({"name":"clock","title":"The clock","state":"ok","finding":"0 s apart.",)"
    R"("evidence":[],"remedy":"","fixable":false,"seconds":0.1})";

class DoctorCommand : public testing::Test {
protected:
    Commands commands_;
    Script& script_ = commands_.script;
};

TEST_F(DoctorCommand, RunsEveryCheckInOrderAndTellsTheWorstByItsStatus) {
    script_.answer("GET doctor", kChecks);
    script_.answer("POST doctor/checks/proxy", kProxy);
    script_.answer("POST doctor/checks/clock", kClock);
    EXPECT_EQ(commands_.run({"doctor"}), 2);
    EXPECT_EQ(commands_.out.str(),
              "error  The proxy: It refuses.\n    - HTTP 407\n    => Change the password.\n"
              "ok  The clock: 0 s apart.\n");
}

TEST_F(DoctorCommand, RunsTheChecksThatAreNamedAndMends) {
    script_.answer("GET doctor", kChecks);
    script_.answer("POST doctor/checks/clock", kClock);
    EXPECT_EQ(commands_.run({"doctor", "--check", "clock", "--fix", "--json"}), 0);
    EXPECT_THAT(commands_.out.str(), HasSubstr(R"("finding":"0 s apart.")"));
    EXPECT_THAT(script_.asked,
                ElementsAre("GET doctor", R"(POST doctor/checks/clock {"fix":true})"));
}

TEST_F(DoctorCommand, AServerThatCannotBeAskedIsAnError) {
    script_.refuse("GET doctor", {"cli.no_server", "No server answers."});
    EXPECT_EQ(commands_.run({"doctor"}), 2);
    EXPECT_THAT(commands_.err.str(), HasSubstr("No server answers."));
}

TEST_F(DoctorCommand, ListsTheChecks) {
    script_.answer("GET doctor", kChecks);
    EXPECT_EQ(commands_.run({"doctor", "--list"}), 0);
    EXPECT_EQ(commands_.out.str(), "proxy\tThe proxy\nclock\tThe clock\n");
}

}  // namespace
}  // namespace headwater::cli
