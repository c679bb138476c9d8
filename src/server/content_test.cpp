// Content as an administrator decides and watches it over the local socket.

#include <gmock/gmock.h>

#include "base/log.hpp"
#include "base/testing.hpp"
#include "catalog/parsed_document.hpp"
#include "net/client.hpp"
#include "policy/view.hpp"
#include "server/server.hpp"
#include "store/store.hpp"

namespace headwater::server {
namespace {

using test_help::value_of;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kUpdate = "00000000-0000-4000-8000-000000000001";

class Content : public testing::Test {
protected:
    void SetUp() override {
        log::set_level(log::Level::kOff);
        config_.data = folder_.path() / "data";
        config_.address = "127.0.0.1";
        config_.port = 0;
        config_.syslog = false;
        std::filesystem::create_directories(config_.data);
        put_update();
        start();
    }
    void TearDown() override { log::set_level(log::Level::kInfo); }

    void start() {
        server_.reset();
        server_ = value_of(Server::start(config_, clock_));
        ASSERT_NE(server_, nullptr);
    }
    /// One update with one file, approved; there is no upstream that could give it.
    void put_update() {
        const std::string digest = to_base64(sha1_.bytes);
        const std::string xml =
            R"(<u:Update xmlns:u="http://schemas.microsoft.com/msus/2002/12/Update">)"
            R"(<u:UpdateIdentity UpdateID=")" +
            std::string(kUpdate) +
            R"(" RevisionNumber="1"/><u:Properties UpdateType="Software" )"
            R"(ExplicitlyDeployable="true"/><u:Files><u:File Digest=")" +
            digest +
            R"(" DigestAlgorithm="SHA1" FileName="update.cab" Size="9"/></u:Files></u:Update>)";
        const auto store = value_of(store::open_sqlite(config_.data / "headwater.db"));
        auto digested = value_of(catalog::digest_document(xml));
        store::NewRevision made;
        made.revision = catalog::make_revision(digested.document, std::move(digested.core));
        made.document = xml;
        made.files.push_back({sha1_, std::nullopt, 9, "update.cab", ".cab", ""});
        value_of(store->put_revisions({&made, 1}, clock_.now()));
        store::Approval approval;
        approval.update_id = made.revision.identity.update_id;
        approval.group_id = policy::kAllComputers;
        approval.action = store::ApprovalAction::kInstall;
        value_of(store->put_approvals({&approval, 1}));
    }
    net::ClientResponse ask(const std::string& method, const std::string& path,
                            const std::string& body = "") {
        net::ClientRequest request;
        request.method = method;
        request.url = "http://localhost/api/v1/" + path;
        request.local_socket = config_.socket_path().string();
        request.body = body;
        return value_of(client_.fetch(request));
    }
    std::string get(const std::string& path) { return ask("GET", path).body; }
    /// Until no file is waiting: it came, or failed.
    void wait() { std::ignore = get("transfers?wait=20000"); }

    test_help::TemporaryFolder folder_;
    std::string body_ = "some file";
    Sha1 sha1_ = Sha1::of(as_bytes(body_));
    SystemClock clock_;
    Config config_;
    net::Client client_;
    std::unique_ptr<Server> server_;
};

TEST_F(Content, OptionsAreChangedTheRestStays) {
    EXPECT_THAT(get("options/content"),
                AllOf(HasSubstr(R"("store":"here")"), HasSubstr(R"("download":"approved")"),
                      HasSubstr(R"("express":false)")));
    const auto changed = ask("PUT", "options/content",
                             R"({"express":true,"kib_per_second":100,"windows":[{"from":"08:00",)"
                             R"("until":"18:00","kib_per_second":5}]})");
    EXPECT_EQ(changed.status, 200U);
    start();
    EXPECT_THAT(get("options/content"),
                AllOf(HasSubstr(R"("store":"here")"), HasSubstr(R"("express":true)"),
                      HasSubstr(R"({"from":"08:00","until":"18:00","kib_per_second":5})")));
    EXPECT_THAT(get("events"), HasSubstr("The options of content"));
    for (const char* body :
         {R"({"store":"nowhere"})", R"({"download":"never"})", R"({"express":"yes"})",
          R"({"windows":[{"from":"8","until":"18:00","kib_per_second":5}]})",
          R"({"windows":[{"from":"08:00","until":"08:00","kib_per_second":5}]})",
          R"({"kib_per_second":-1})", R"({"other":1})", "["}) {
        EXPECT_EQ(ask("PUT", "options/content", body).status, 400U) << body;
    }
}

TEST_F(Content, WhatIsLeftAtMicrosoftUpdateIsNotFetched) {
    wait();
    EXPECT_THAT(get("transfers"), HasSubstr(R"("failed":1)"));
    ask("PUT", "options/content", R"({"store":"microsoft"})");
    EXPECT_THAT(get("transfers"), HasSubstr(R"("failed":0)"));
    EXPECT_THAT(get("transfers"), HasSubstr(R"("files":[])"));
    ask("PUT", "options/content", R"({"store":"here"})");
    wait();
    EXPECT_THAT(get("transfers"), HasSubstr(R"("failed":1)"));
}

TEST_F(Content, AnUpdateWhoseFilesFailedIsMarkedUntilItIsCancelledOrDeclined) {
    wait();
    const std::string marked = R"("content":{"state":"failed","reason":"no_source","since":"2)";
    EXPECT_THAT(get("updates"), HasSubstr(marked));
    EXPECT_THAT(get("updates?content=failed"), HasSubstr(kUpdate));
    EXPECT_THAT(get(std::string("updates/") + kUpdate), HasSubstr(marked));
    const std::string order = R"({"updates":[")" + std::string(kUpdate) + R"("]})";
    EXPECT_THAT(ask("POST", "transfers/cancel", order).body, HasSubstr(R"("files":1)"));
    EXPECT_THAT(get("updates"), HasSubstr(R"("content":null)"));
    EXPECT_THAT(get("updates?content=failed"), HasSubstr(R"("total":0)"));
    EXPECT_THAT(get("transfers?state=cancelled"), HasSubstr("update.cab"));
    EXPECT_THAT(ask("POST", "transfers/retry", order).body, HasSubstr(R"("files":1)"));
    wait();
    EXPECT_THAT(get("updates"), HasSubstr(marked));
    const auto declined = ask("POST", "transfers/cancel",
                              R"({"decline":true,"updates":[")" + std::string(kUpdate) + R"("]})");
    EXPECT_THAT(declined.body, HasSubstr(R"("declined":1)"));
    EXPECT_THAT(get("updates?state=declined"), HasSubstr(kUpdate));
    EXPECT_THAT(get("transfers"), HasSubstr(R"("files":[])"));
}

TEST_F(Content, OrdersThatNameNothingOrTooMuchAreRefused) {
    for (const char* body :
         {"{}", R"({"all":true,"files":["update.cab"]})", R"({"decline":true,"all":true})",
          R"({"files":"x"})", R"({"all":1})"}) {
        EXPECT_EQ(ask("POST", "transfers/cancel", body).status, 400U) << body;
    }
    EXPECT_EQ(ask("POST", "transfers/pause",
                  R"({"decline":true,"updates":[")" + std::string(kUpdate) + R"("]})")
                  .status,
              400U);
    EXPECT_EQ(ask("POST", "transfers/retry", R"({"files":["no such file"]})").status, 404U);
    EXPECT_EQ(ask("POST", "transfers/service", R"({"action":"jump"})").status, 400U);
    EXPECT_EQ(ask("GET", "transfers?state=present").status, 400U);
}

TEST_F(Content, TheServiceStaysPausedOrStoppedAfterARestart) {
    EXPECT_THAT(ask("POST", "transfers/service", R"({"action":"stop"})").body,
                HasSubstr(R"("service":"stopped")"));
    start();
    EXPECT_THAT(get("transfers"), HasSubstr(R"("service":"stopped")"));
    EXPECT_THAT(ask("POST", "transfers/service", R"({"action":"restart"})").body,
                HasSubstr(R"("service":"running")"));
    EXPECT_THAT(ask("POST", "transfers/pause", R"({"all":true})").body,
                HasSubstr(R"("service":"paused")"));
    start();
    EXPECT_THAT(get("transfers"), HasSubstr(R"("service":"paused")"));
    EXPECT_THAT(ask("POST", "transfers/resume", R"({"all":true})").body,
                HasSubstr(R"("service":"running")"));
}

TEST_F(Content, AFileIsFoundByItsNameOrItsDigest) {
    wait();
    EXPECT_THAT(ask("POST", "transfers/cancel", R"({"files":["UPDATE.cab"]})").body,
                HasSubstr(R"("files":1)"));
    EXPECT_THAT(
        ask("POST", "transfers/retry", R"({"files":[")" + to_hex_lower(sha1_.bytes) + R"("]})")
            .body,
        HasSubstr(R"("files":1)"));
}

TEST_F(Content, WhatADownstreamServerAskedForIsNotFreedByACleanUp) {
    wait();
    const std::string digits = to_hex_upper(sha1_.bytes);
    const auto path = config_.data / "content" / digits.substr(38) / (digits + ".cab");
    std::filesystem::create_directories(path.parent_path());
    test_help::write_file(path, body_);
    ask("POST", "updates/declines", R"({"updates":[")" + std::string(kUpdate) + R"("]})");
    server_.reset();
    {
        const auto store = value_of(store::open_sqlite(config_.data / "headwater.db"));
        ASSERT_TRUE(store->request_files({&sha1_, 1}, clock_.now()));
    }
    start();
    const auto clean_up = [&] {
        EXPECT_EQ(ask("POST", "content/cleanup", "{}").status, 202U);
        EXPECT_THAT(get("content/task?wait=20000"), HasSubstr(R"("state":"succeeded")"));
    };
    clean_up();
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_THAT(get("content"), HasSubstr(R"("present":1)"));
    // Where nothing is kept here, nothing is kept for them either.
    ask("PUT", "options/content", R"({"store":"microsoft"})");
    clean_up();
    EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace headwater::server
