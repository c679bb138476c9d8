// The doctor's checks, as an administrator runs them over the local socket of a whole server.

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "server/server_testing.hpp"

namespace headwater::server {
namespace {

using test_help::value_of;
using ::testing::AllOf;
using ::testing::HasSubstr;

class ServerDoctor : public WithServer {
protected:
    void SetUp() override {
        Config upstream = config_;
        upstream.data = folder_.path() / "upstream";
        upstream_ = value_of(Server::start(upstream, clock_));
        ASSERT_NE(upstream_, nullptr);
        start();
    }
    std::string check(const std::string& name, bool fix = false) {
        return ask("POST", "doctor/checks/" + name, fix ? R"({"fix":true})" : "").body;
    }
    void use_upstream(std::uint16_t port) {
        const auto changed =
            ask("PUT", "options/synchronization",
                R"({"upstream":"http://127.0.0.1:)" + std::to_string(port) + "\"}");
        ASSERT_EQ(changed.status, 200U) << changed.body;
    }

    void approve_an_update_with_a_file() {
        put_approved_update("00000000-0000-4000-8000-000000000001", "x");
    }

    std::unique_ptr<Server> upstream_;
};

constexpr const char* kOk = R"("state":"ok")";
constexpr const char* kError = R"("state":"error")";
constexpr const char* kWarning = R"("state":"warning")";
constexpr const char* kSkipped = R"("state":"skipped")";

TEST_F(ServerDoctor, FindsASoundUpstream) {
    use_upstream(upstream_->port());
    for (const char* name : {"ports", "upstream_name", "clock", "services", "parent",
                             "not_on_upstream", "content_folder", "database"}) {
        EXPECT_THAT(check(name), HasSubstr(kOk)) << name;
    }
    for (const char* name : {"proxy", "tls"}) {
        EXPECT_THAT(check(name), HasSubstr(kSkipped)) << name;
    }
    EXPECT_THAT(check("last_synchronization"),
                AllOf(HasSubstr(kWarning), HasSubstr("never synchronized")));
    EXPECT_THAT(check("services"), HasSubstr("GetConfigData: "));
}

TEST_F(ServerDoctor, NamesThePortThatDoesNotAnswerAndWhatTheFirewallHasToLetOut) {
    const std::uint16_t port = upstream_->port();
    use_upstream(port);
    upstream_.reset();
    const std::string place = "127.0.0.1:" + std::to_string(port);
    EXPECT_THAT(check("ports"), AllOf(HasSubstr(kError), HasSubstr("Not reachable: " + place),
                                      HasSubstr("firewall: let out TCP " + std::to_string(port) +
                                                " to 127.0.0.1")));
    EXPECT_THAT(check("upstream_name"), AllOf(HasSubstr(kError), HasSubstr("Connection refused")));
    EXPECT_THAT(check("services"), AllOf(HasSubstr(kError), HasSubstr("net.connect")));
}

TEST_F(ServerDoctor, TellsANameThatDoesNotResolveWithWhatEachWayAnswered) {
    const auto tested = ask("POST", "options/synchronization/test",
                            R"({"upstream":"http://no-such-host.invalid:8530"})");
    EXPECT_EQ(tested.status, 200U);
    EXPECT_THAT(tested.body,
                AllOf(HasSubstr("The name no-such-host.invalid does not resolve"),
                      HasSubstr("the system: "), HasSubstr("/etc/hosts: "), HasSubstr("DNS: ")));
    EXPECT_THAT(ask("GET", "options/synchronization").body, Not(HasSubstr("no-such-host")));
}

TEST_F(ServerDoctor, ExplainsTheLastFailure) {
    use_upstream(upstream_->port());
    upstream_.reset();
    EXPECT_EQ(ask("POST", "synchronization").status, 202U);
    // Each question waits for news of what the one before was told.
    boost::json::value now = boost::json::parse(ask("GET", "synchronization").body);
    for (int i = 0; i < 50 && now.at("running").as_bool(); ++i) {
        const auto version = now.at("version").to_number<std::uint64_t>();
        now = boost::json::parse(
            ask("GET", "synchronization?wait=5000&after=" + std::to_string(version)).body);
    }
    EXPECT_THAT(check("last_synchronization"), AllOf(HasSubstr(kError), HasSubstr("stage connect"),
                                                     HasSubstr("code net.connect")));
}

TEST_F(ServerDoctor, AProxyThatIsDownIsNamed) {
    use_upstream(upstream_->port());
    const auto changed = ask("PUT", "options/synchronization",
                             R"({"proxy":{"enabled":true,"server":"127.0.0.1","port":1}})");
    ASSERT_EQ(changed.status, 200U) << changed.body;
    EXPECT_THAT(check("proxy"),
                AllOf(HasSubstr(kError), HasSubstr("net.proxy_connect"), HasSubstr("127.0.0.1:1")));
}

TEST_F(ServerDoctor, MendsPermissionsOfTheContentFolderWhenToldTo) {
    const auto shelf = config_.data / "content" / "AB";
    std::filesystem::create_directories(shelf);
    ASSERT_EQ(::chmod(shelf.c_str(), 0707), 0);
    EXPECT_THAT(check("content_folder"),
                AllOf(HasSubstr(kError), HasSubstr("chmod o-w '" + shelf.string() + "'"),
                      HasSubstr(R"("fixable":true)")));
    EXPECT_THAT(check("content_folder", true),
                AllOf(HasSubstr(kOk), HasSubstr("mended: " + shelf.string())));
    EXPECT_THAT(check("content_folder"), HasSubstr(kOk));
}

TEST_F(ServerDoctor, TellsWhoElseMayWriteToTheContentFolder) {
    const auto shelf = config_.data / "content" / "AB";
    std::filesystem::create_directories(shelf);
    constexpr gid_t kOthers = 65534;
    if (::chown(shelf.c_str(), static_cast<uid_t>(-1), kOthers) != 0) {
        GTEST_SKIP() << "Only root gives a folder to another group.";
    }
    ASSERT_EQ(::chmod(shelf.c_str(), 0775), 0);
    EXPECT_THAT(check("content_folder"),
                AllOf(HasSubstr(kError), HasSubstr("chmod g-w '" + shelf.string() + "'")));
    ASSERT_EQ(::chmod(shelf.c_str(), 0777), 0);
    EXPECT_THAT(check("content_folder"), HasSubstr("chmod go-w '" + shelf.string() + "'"));
    EXPECT_THAT(check("content_folder", true), HasSubstr(kOk));
}

TEST_F(ServerDoctor, AnUpstreamWithAllLanguagesHasTheChosenOnes) {
    use_upstream(upstream_->port());
    const auto changed = ask("PUT", "options/synchronization", R"({"languages":["de","en"]})");
    ASSERT_EQ(changed.status, 200U) << changed.body;
    EXPECT_THAT(check("parent"), HasSubstr(kOk));
}

TEST_F(ServerDoctor, RestartsTheTransferServiceAndMakesALostFolderAgain) {
    EXPECT_THAT(check("transfer", true), HasSubstr("restarted, and failed files queued again"));
    std::filesystem::remove_all(config_.data / "content");
    EXPECT_THAT(check("content_folder"), AllOf(HasSubstr(kError), HasSubstr("mkdir -p")));
    EXPECT_THAT(check("content_folder", true), AllOf(HasSubstr(kOk), HasSubstr("made again")));
}

TEST_F(ServerDoctor, ListsWhatIsApprovedHereAndNotOnTheUpstreamWithTheWaysOut) {
    use_upstream(upstream_->port());
    server_.reset();
    approve_an_update_with_a_file();
    start();
    std::string found = check("not_on_upstream");
    for (int i = 0; i < 50 && found.find(kOk) != std::string::npos; ++i) {
        ask("GET", "content?wait=200");
        found = check("not_on_upstream");
    }
    EXPECT_THAT(found, AllOf(HasSubstr(kError),
                             HasSubstr("1 approved update is not on the "
                                       "upstream any more"),
                             HasSubstr("00000000-0000-4000-8000-000000000001"),
                             HasSubstr("rebuilt or cleaned up"), HasSubstr("Three ways out")));
    // Nobody can be asked while the upstream is away.
    upstream_.reset();
    EXPECT_THAT(check("not_on_upstream"), AllOf(HasSubstr(kError), HasSubstr("net.connect")));
}

TEST_F(ServerDoctor, RefusesACheckThatIsNotThere) {
    EXPECT_EQ(ask("POST", "doctor/checks/nothing").status, 404U);
    EXPECT_EQ(ask("POST", "doctor/checks/proxy", R"({"mend":true})").status, 400U);
    EXPECT_THAT(ask("GET", "doctor").body, HasSubstr(R"("name":"last_synchronization")"));
}

}  // namespace
}  // namespace headwater::server
