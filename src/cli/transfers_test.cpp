// `headwater transfers` and `headwater content` against a server that answers what it is told to.

#include <gmock/gmock.h>

#include "cli/fake_api_test.hpp"

namespace headwater::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Transfers : public testing::Test {
protected:
    Commands commands_;
    Script& script_ = commands_.script;
};

TEST_F(Transfers, AreListedWithTheirReasonsInWords) {
    script_.answer("GET transfers?limit=100",
                   R"({"service":"paused","rate":2048,"limit":524288,"waiting":1,"failed":1,)"
                   R"("files":[{"sha1":"ab","state":"failed","reason":"late","name":"a.cab",)"
                   R"("size":5,"error":"404"},{"sha1":"cd","state":"waiting","active":true,)"
                   R"("transferred":1000,"rate":500,"name":"b.cab","size":9}]})");
    EXPECT_EQ(commands_.run({"transfers", "list"}), 0);
    EXPECT_THAT(commands_.out.str(),
                AllOf(HasSubstr("Service      paused; `headwater transfers resume --all`"),
                      HasSubstr("limited to 524.3 kB/s"),
                      HasSubstr("ab\tfailed\t5 B\t\tthe upstream is still downloading"),
                      HasSubstr("cd\ttransferring\t9 B\t1.0 kB, 500 B/s")));
}

TEST_F(Transfers, AreOrderedByFileByUpdateOrAllAtOnce) {
    EXPECT_EQ(commands_.run({"transfers", "retry", "a.cab", "b.cab"}), 0);
    EXPECT_EQ(commands_.run({"transfers", "cancel", "--decline", "--update", "KB1"}), 0);
    EXPECT_EQ(commands_.run({"transfers", "pause", "--all"}), 0);
    EXPECT_EQ(commands_.run({"transfers", "resume", "--all"}), 0);
    EXPECT_EQ(commands_.run({"transfers", "stop"}), 0);
    EXPECT_THAT(
        script_.asked,
        ElementsAre(R"(POST transfers/retry {"files":["a.cab","b.cab"]})",
                    R"(POST transfers/cancel {"updates":["KB1"],"decline":true})",
                    R"(POST transfers/pause {"all":true})", R"(POST transfers/resume {"all":true})",
                    R"(POST transfers/service {"action":"stop"})"));
}

TEST_F(Transfers, NobodyWaitsForAServiceThatIsStopped) {
    script_.answer("GET content?wait=10000", R"({"service":"stopped","waiting":3})");
    EXPECT_EQ(commands_.run({"content", "status", "--wait"}), 1);
    EXPECT_THAT(commands_.err.str(), HasSubstr("headwater transfers start"));
}

TEST_F(Transfers, ContentOptionsSendOnlyWhatIsGiven) {
    EXPECT_EQ(commands_.run({"content", "options"}), 0);
    EXPECT_EQ(commands_.run({"content", "options", "--store", "microsoft", "--no-express"}), 0);
    EXPECT_EQ(commands_.run({"content", "options", "--rate", "0", "--rate-between",
                             "08:00-18:00=512,22:00-06:00=0"}),
              0);
    EXPECT_EQ(commands_.run({"content", "options", "--rate-between", "none"}), 0);
    EXPECT_EQ(commands_.run({"content", "options", "--rate-between", "noon"}), 1);
    EXPECT_THAT(script_.asked,
                ElementsAre("GET options/content",
                            R"(PUT options/content {"store":"microsoft","express":false})",
                            R"(PUT options/content {"kib_per_second":0,"windows":[)"
                            R"({"from":"08:00","until":"18:00","kib_per_second":512},)"
                            R"({"from":"22:00","until":"06:00","kib_per_second":0}]})",
                            R"(PUT options/content {"windows":[]})"));
}

TEST_F(Transfers, AnUpdateWithoutItsFilesShowsTheRedXAndTheWaysOut) {
    script_.answer("GET updates?offset=0&limit=100",
                   R"({"updates":[{"id":"u1","title":"An update","content":{"state":"failed",)"
                   R"("reason":"denied"}}]})");
    EXPECT_EQ(commands_.run({"updates", "list"}), 0);
    EXPECT_THAT(commands_.out.str(), HasSubstr("✗ files: refused"));
    script_.answer("GET updates/u1",
                   R"({"id":"u1","title":"An update","content":{"state":"failed","reason":)"
                   R"("not_on_upstream","since":"2026-10-04T16:33:26Z","files":2,"error":"E"}})");
    EXPECT_EQ(commands_.run({"updates", "show", "u1"}), 0);
    EXPECT_THAT(commands_.out.str(),
                AllOf(HasSubstr("✗ Files         not on the upstream, since 2026-10-04 16:33, "
                                "2 files: E"),
                      HasSubstr("headwater transfers retry --update u1"),
                      HasSubstr("headwater transfers cancel --decline --update u1"),
                      HasSubstr("choose its product and classification")));
}

}  // namespace
}  // namespace headwater::cli
