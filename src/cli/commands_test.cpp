#include <gmock/gmock.h>

#include "cli/fake_api_test.hpp"

namespace headwater::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CommandLine : public testing::Test {
protected:
    Commands commands_;
    Script& script_ = commands_.script;
};

TEST_F(CommandLine, ApprovesUpdatesForGroups) {
    EXPECT_EQ(
        commands_.run({"updates", "approve", "KB5031455", "--group", "All Computers", "--group",
                       "Test Ring", "2026-10 Update", "--deadline", "2026-11-01T03:00:00Z"}),
        0);
    EXPECT_THAT(script_.asked,
                ElementsAre("POST updates/approvals "
                            R"({"updates":["KB5031455","2026-10 Update"],)"
                            R"("groups":["All Computers","Test Ring"],"action":"install",)"
                            R"("deadline":"2026-11-01T03:00:00Z"})"));
}

TEST_F(CommandLine, DeclinesUpdatesAndTakesDeclinesBack) {
    EXPECT_EQ(commands_.run({"updates", "decline", "--all", "KB1"}), 0);
    EXPECT_EQ(commands_.run({"updates", "decline", "--undo", "KB1"}), 0);
    EXPECT_THAT(
        script_.asked,
        ElementsAre(
            R"(POST updates/declines {"updates":["KB1"],"declined":true,"all_matches":true})",
            R"(POST updates/declines {"updates":["KB1"],"declined":false})"));
}

TEST_F(CommandLine, ManagesUsersByTheirNames) {
    script_.answer("GET users", R"({"users":[{"name":"anna","role":"administrator","created":null,)"
                                R"("last_sign_in":null}]})");
    EXPECT_EQ(commands_.run({"users", "list"}), 0);
    EXPECT_THAT(commands_.out.str(), HasSubstr("anna"));
    EXPECT_EQ(commands_.run({"users", "role", "a/b", "--role", "administrator"}), 0);
    EXPECT_EQ(commands_.run({"users", "remove", "rita"}), 0);
    EXPECT_EQ(commands_.run({"users", "role", "rita", "--role", "king"}), 2);
    EXPECT_THAT(script_.asked,
                ElementsAre("GET users", R"(PUT users/a%2Fb {"role":"administrator"})",
                            "DELETE users/rita"));
}

TEST_F(CommandLine, EscapesWhatGoesIntoAnAddress) {
    EXPECT_EQ(commands_.run({"updates", "list", "a & b", "--state", "any"}), 0);
    EXPECT_EQ(commands_.run({"groups", "remove", "a/b"}), 0);
    EXPECT_THAT(script_.asked,
                ElementsAre("GET updates?query=a%20%26%20b&state=any&offset=0&limit=100",
                            "DELETE groups/a%2Fb"));
}

TEST_F(CommandLine, OptionsWithoutArgumentsAreOnlyShown) {
    script_.answer("GET options/synchronization",
                   R"({"upstream":"http://up:8530","products":{"all":true,"ids":[]},)"
                   R"("classifications":{"all":false,"ids":[]},"languages":["en","de"],)"
                   R"("parallel_requests":4})");
    EXPECT_EQ(commands_.run({"sync", "options"}), 0);
    EXPECT_THAT(script_.asked, ElementsAre("GET options/synchronization"));
    EXPECT_THAT(commands_.out.str(), HasSubstr("Upstream           http://up:8530\n"));
    EXPECT_THAT(commands_.out.str(), HasSubstr("Products           all\n"));
    EXPECT_THAT(commands_.out.str(), HasSubstr("Classifications    none\n"));
    EXPECT_THAT(commands_.out.str(), HasSubstr("Languages          en, de\n"));
}

TEST_F(CommandLine, OnlyGivenOptionsAreChanged) {
    EXPECT_EQ(
        commands_.run({"sync", "options", "--upstream", "http://up:8530", "--languages", "all"}),
        0);
    EXPECT_THAT(
        script_.asked,
        ElementsAre(
            R"(PUT options/synchronization {"source":"server","upstream":"http://up:8530","languages":[]})"));
}

TEST_F(CommandLine, ProductsWhoseNamesHoldCommasStayWhole) {
    script_.answer("GET products", R"({"products":[{"id":"1","title":"Panes 11, version 24H2"}]})");
    EXPECT_EQ(commands_.run({"--json", "sync", "options"}), 2);
    EXPECT_EQ(
        commands_.run({"sync", "options", "--json", "--products", "panes 11, version 24H2,Doors"}),
        0);
    EXPECT_THAT(
        script_.asked,
        ElementsAre("GET products", R"(PUT options/synchronization {"products":{"all":false,)"
                                    R"("ids":["panes 11, version 24H2","Doors"]}})"));
}

TEST_F(CommandLine, ListsWhatASynchronizationBrought) {
    script_.answer("GET synchronization/runs/12/updates?change=revised&offset=2&limit=1",
                   R"({"total":5,"offset":2,"updates":[{"update_id":"u-1","revision_number":200,)"
                   R"("title":"2026-10 Update","change":"revised"}]})");
    EXPECT_EQ(commands_.run(
                  {"sync", "show", "12", "--updates", "revised", "--offset", "2", "--limit", "1"}),
              0);
    EXPECT_EQ(commands_.out.str(), "u-1\t200\trevised\t2026-10 Update\n");
    EXPECT_THAT(commands_.err.str(), HasSubstr("3 to 3 of 5; go on with --offset 3."));
    EXPECT_EQ(commands_.run({"sync", "show", "12", "--updates", "all"}), 0);
    EXPECT_EQ(script_.asked.back(), "GET synchronization/runs/12/updates?offset=0&limit=100");
    EXPECT_EQ(commands_.run({"sync", "show", "12", "--updates", "old"}), 2);
}

TEST_F(CommandLine, ShowsWhyASynchronizationFailedAndWhatToCheck) {
    script_.answer(
        "GET synchronization/runs/12",
        R"({"id":12,"kind":"manual","upstream":"http://up","result":"failed","revisions":0,)"
        R"("stages":[{"stage":"connect","seconds":1.5,"requests":1,"bytes":2000,)"
        R"("upstream_wait_seconds":1.25}],"checks":["proxy","ports"],)"
        R"("error":{"code":"net.proxy_denied","message":"The proxy p:1 does not let it through.",)"
        R"("remedy":"Allow it.","causes":["HTTP 403 from the proxy"],"stage":"connect",)"
        R"("request":"GetAuthConfig to http://up/x.asmx"}})");
    EXPECT_EQ(commands_.run({"sync", "show", "12"}), 0);
    for (const char* part :
         {"connect: 1.5 s, 1 request, 2.0 kB, waited 1.2 s for the upstream alone\n",
          "The proxy p:1 does not let it through.\n",
          "because: in the request GetAuthConfig to http://up/x.asmx\n",
          "because: HTTP 403 from the proxy\n", "Allow it.\n", "Code      net.proxy_denied\n",
          "Check     headwater doctor --check proxy\n",
          "Check     headwater doctor --check ports\n"}) {
        EXPECT_THAT(commands_.out.str(), HasSubstr(part));
    }
}

TEST_F(CommandLine, AddsARuleToThoseThatAreThere) {
    script_.answer(
        "GET rules",
        R"({"rules":[{"name":"old","enabled":true,"classifications":{"all":true,"ids":[]},)"
        R"("products":{"all":true,"ids":[]},"groups":[{"id":"g1","name":"G"}]}]})");
    EXPECT_EQ(commands_.run({"rules", "add", "new", "--classifications", "Tools", "--products",
                             "all", "--group", "Test Ring", "--json"}),
              0);
    EXPECT_EQ(script_.asked.back(),
              R"(PUT rules {"rules":[{"name":"old","enabled":true,"classifications":{"all":true,)"
              R"("ids":[]},"products":{"all":true,"ids":[]},"groups":["g1"]},{"name":"new",)"
              R"("enabled":true,"classifications":{"all":false,"ids":["Tools"]},"products":)"
              R"({"all":true,"ids":[]},"groups":["Test Ring"]}]})");
}

TEST_F(CommandLine, RemovingARuleThatIsNotThereFails) {
    script_.answer("GET rules", R"({"rules":[]})");
    EXPECT_EQ(commands_.run({"rules", "remove", "x"}), 1);
    EXPECT_THAT(commands_.err.str(), HasSubstr("There is no rule 'x'."));
    EXPECT_THAT(script_.asked, ElementsAre("GET rules"));
}

TEST_F(CommandLine, MovesAComputerIntoGroups) {
    EXPECT_EQ(commands_.run({"computers", "move", "pc 1", "Servers", "Test Ring"}), 0);
    EXPECT_THAT(script_.asked,
                ElementsAre(R"(PUT computers/pc%201/groups {"groups":["Servers","Test Ring"]})"));
}

TEST_F(CommandLine, AnErrorGoesToTheErrorStreamInFullAndMakesOne) {
    script_.refuse("GET status", {"x.y", "It failed.", "Do this.", {"first", "second"}});
    EXPECT_EQ(commands_.run({"status"}), 1);
    EXPECT_THAT(commands_.out.str(), IsEmpty());
    EXPECT_EQ(commands_.err.str(),
              "headwater: It failed.\n  because: first\n  because: second\nDo this.\n");
}

TEST_F(CommandLine, WrongUsageMakesTwo) {
    EXPECT_EQ(commands_.run({}), 2);
    EXPECT_EQ(commands_.run({"nonsense"}), 2);
    EXPECT_EQ(commands_.run({"updates"}), 2);
    EXPECT_EQ(commands_.run({"updates", "approve", "KB1"}), 2);
    EXPECT_EQ(commands_.run({"updates", "list", "--state", "maybe"}), 2);
    EXPECT_EQ(commands_.run({"sync", "options", "--parallel", "17"}), 2);
    EXPECT_THAT(script_.asked, IsEmpty());
    EXPECT_THAT(commands_.err.str(), Not(IsEmpty()));
}

TEST_F(CommandLine, EveryCommandHasHelpWithAnExample) {
    const std::vector<std::vector<std::string>> all = {{"status"},
                                                       {"backup"},
                                                       {"catalog"},
                                                       {"catalog", "rebuild"},
                                                       {"sync"},
                                                       {"sync", "now"},
                                                       {"sync", "status"},
                                                       {"sync", "history"},
                                                       {"sync", "show"},
                                                       {"sync", "cancel"},
                                                       {"sync", "options"},
                                                       {"sync", "proxy"},
                                                       {"sync", "schedule"},
                                                       {"products"},
                                                       {"classifications"},
                                                       {"updates"},
                                                       {"updates", "list"},
                                                       {"updates", "show"},
                                                       {"updates", "approve"},
                                                       {"groups"},
                                                       {"groups", "list"},
                                                       {"groups", "create"},
                                                       {"groups", "remove"},
                                                       {"computers"},
                                                       {"computers", "list"},
                                                       {"computers", "show"},
                                                       {"computers", "move"},
                                                       {"content"},
                                                       {"content", "status"},
                                                       {"content", "retry"},
                                                       {"rules"},
                                                       {"rules", "list"},
                                                       {"rules", "add"},
                                                       {"rules", "remove"},
                                                       {"rules", "apply"},
                                                       {"events"},
                                                       {"health"},
                                                       {"health", "options"},
                                                       {"updates", "decline"}};
    for (auto arguments : all) {
        Commands commands;
        arguments.emplace_back("--help");
        EXPECT_EQ(commands.run(arguments), 0) << arguments.front();
        EXPECT_THAT(commands.out.str(), HasSubstr("Example: headwater " + arguments.front()));
    }
}

TEST_F(CommandLine, JsonIsTheAnswerAndTheSocketIsTheOneGiven) {
    script_.answer("GET groups", R"({"groups":[]})");
    EXPECT_EQ(commands_.run({"groups", "list", "--json", "--socket", "/my.sock"}), 0);
    EXPECT_EQ(commands_.out.str(), "{\"groups\":[]}\n");
    EXPECT_EQ(script_.socket, "/my.sock");
    EXPECT_EQ(commands_.run({"groups", "list"}), 0);
    EXPECT_EQ(script_.socket, "/default.sock");
}

TEST_F(CommandLine, ProductsAreATreeOnATerminal) {
    script_.answer(
        "GET products",
        R"({"products":[{"id":"p","title":"Panes 11","type":"product","parent":"f","chosen":)"
        R"(true,"updates":3},{"id":"f","title":"Panes","type":"product_family","parent":)"
        R"("gone","chosen":false,"updates":3}]})");
    EXPECT_EQ(commands_.run({"products"}, true), 0);
    EXPECT_EQ(commands_.out.str(),
              "CHOSEN  ID  UPDATES  TYPE            TITLE\n"
              "        f   3        product_family  Panes\n"
              "x       p   3        product           Panes 11\n");
}

TEST_F(CommandLine, UpdatesAreColumnsForPrograms) {
    script_.answer(
        "GET updates?offset=0&limit=100",
        R"({"total":1,"updates":[{"id":"u","kb":"5","created":"2026-10-04T00:00:00Z",)"
        R"("severity":"Critical","classification":"Security Updates","superseded":true,)"
        R"("expired":false,"declined":false,"title":"An update","approvals":[{"group":"All",)"
        R"("action":"install"},{"group":"Lab","action":"uninstall"}]}]})");
    EXPECT_EQ(commands_.run({"updates", "list"}), 0);
    EXPECT_EQ(commands_.out.str(),
              "u\t5\t2026-10-04\tCritical\tSecurity Updates\tAll, Lab (uninstall)\tsuperseded\tAn "
              "update\n");
}

}  // namespace
}  // namespace headwater::cli
