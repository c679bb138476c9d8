// The server's events and its health, as an administrator asks for them over the local socket.

#include <gmock/gmock.h>

#include <future>

#include "catalog/parsed_document.hpp"
#include "diagnosis/event_table.hpp"
#include "policy/view.hpp"
#include "server/server_testing.hpp"
#include "store/store.hpp"

namespace headwater::server {
namespace {

using test_help::value_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace event = diagnosis::event;

class ServerEvents : public WithServer {
protected:
    /// Waits until there is an event of this number after that id; its answer.
    std::string wait_for(std::uint32_t number, const std::string& after = "0") {
        const std::string query = "&number=" + std::to_string(number);
        std::string last = after;
        for (int i = 0; i < 50; ++i) {
            const std::string answer = ask("GET", "events?wait=10000&after=" + last + query).body;
            if (answer.find("\"number\"") != std::string::npos) {
                return answer;
            }
            last = answer.substr(answer.rfind(':') + 1);
            last.pop_back();
        }
        ADD_FAILURE() << "No event " << number << " came.";
        return {};
    }
    void fail_a_synchronization() {
        EXPECT_EQ(
            ask("PUT", "options/synchronization", R"({"upstream":"http://127.0.0.1:1"})").status,
            200U);
        EXPECT_EQ(ask("POST", "synchronization").status, 202U);
        EXPECT_THAT(wait_for(event::kLastSynchronizationFailed), HasSubstr("127.0.0.1:1"));
    }
};

TEST_F(ServerEvents, AFailedSynchronizationIsToldWithItsErrorAndOnceOverARestart) {
    start();
    fail_a_synchronization();
    EXPECT_THAT(wait_for(event::kOptionChanged), HasSubstr("http://127.0.0.1:1"));
    EXPECT_THAT(wait_for(event::kSynchronizationManual), HasSubstr("by hand"));
    const std::string failed = wait_for(event::kSynchronizationFailed);
    EXPECT_THAT(failed, HasSubstr(R"("name":"synchronization_failed")"));
    EXPECT_THAT(failed, HasSubstr(R"("code: net.connect")"));
    EXPECT_THAT(failed, HasSubstr("Connection refused (111)"));
    const std::string before = ask("GET", "events").body;
    const std::string health = ask("GET", "health").body;
    EXPECT_THAT(health, HasSubstr(R"("number":10021)"));
    EXPECT_THAT(health, HasSubstr(R"("since":")"));
    start();
    EXPECT_EQ(ask("GET", "events").body, before);
    EXPECT_EQ(ask("GET", "health").body, health);
}

TEST_F(ServerEvents, AnswersOnlyTheEventsThatAreAskedFor) {
    start();
    fail_a_synchronization();
    const auto body = [&](const std::string& query) { return ask("GET", "events" + query).body; };
    EXPECT_THAT(body("?severity=information"), Not(HasSubstr(R"("severity":"error")")));
    EXPECT_THAT(body("?severity=error"), Not(HasSubstr(R"("severity":"information")")));
    EXPECT_THAT(body("?limit=1"), HasSubstr(R"("number":10021)"));
    EXPECT_THAT(body("?limit=1"), Not(HasSubstr(R"("number":386)")));
    EXPECT_THAT(body("?before=2"), HasSubstr(R"("number":389)"));
    EXPECT_EQ(body("?after=4"), R"({"events":[],"last_id":4})");
    for (const char* query : {"?severity=bad", "?limit=1001", "?after=-1", "?number=100000",
                              "?wait=20001", "?colour=red"}) {
        EXPECT_EQ(ask("GET", std::string("events") + query).status, 400U) << query;
    }
}

TEST_F(ServerEvents, AServerThatStopsLetsWhoeverWaitsGo) {
    start();
    auto waiting = std::async(std::launch::async, [&] {
        net::ClientRequest request;
        request.url = "http://localhost/api/v1/events?after=0&wait=20000";
        request.local_socket = config_.socket_path().string();
        return client_.fetch(request);
    });
    const auto before = std::chrono::steady_clock::now();
    server_.reset();
    std::ignore = waiting.get();
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{10});
}

TEST_F(ServerEvents, ItsServicesAnswerItself) {
    start();
    const auto answer = ask("POST", "health");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_THAT(answer.body, Not(HasSubstr(R"("number":12)")));
}

TEST_F(ServerEvents, ThresholdsAreChangedTheRestStays) {
    start();
    EXPECT_THAT(ask("GET", "options/health").body, HasSubstr(R"("silent_days":30)"));
    const auto changed = ask("PUT", "options/health", R"({"silent_days":14})");
    EXPECT_THAT(changed.body, HasSubstr(R"("silent_days":14)"));
    EXPECT_THAT(changed.body, HasSubstr(R"("interval_minutes":10)"));
    EXPECT_THAT(wait_for(event::kOptionChanged), HasSubstr("silent_days: 30 → 14"));
    for (const char* body : {R"({"silent_days":0})", R"({"silent_days":"x"})", R"({"other":1})",
                             R"({"disk_error_percent":101})", "["}) {
        EXPECT_EQ(ask("PUT", "options/health", body).status, 400U) << body;
    }
    EXPECT_THAT(ask("GET", "options/health").body, HasSubstr(R"("silent_days":14)"));
}

TEST_F(ServerEvents, AnApprovedFileThatCannotBeFetchedIsToldAndMakesAWarning) {
    const std::string xml =
        R"(<u:Update xmlns:u="http://schemas.microsoft.com/msus/2002/12/Update"><u:UpdateIdentity )"
        R"(UpdateID="00000000-0000-4000-8000-000000000001" RevisionNumber="1"/><u:Properties )"
        R"(UpdateType="Software" ExplicitlyDeployable="true"/><u:Files><u:File Digest=")" +
        to_base64(Sha1::of(as_bytes("x")).bytes) +
        R"(" DigestAlgorithm="SHA1" FileName="update.cab" Size="1"/></u:Files></u:Update>)";
    std::filesystem::create_directories(config_.data);
    {
        const auto store = value_of(store::open_sqlite(config_.data / "headwater.db"));
        auto digested = value_of(catalog::digest_document(xml));
        store::NewRevision made;
        made.revision = catalog::make_revision(digested.document, std::move(digested.core));
        made.document = xml;
        made.files.push_back({Sha1::of(as_bytes("x")), std::nullopt, 1, "update.cab", ".cab", ""});
        value_of(store->put_revisions({&made, 1}, clock_.now()));
        store::Approval approval;
        approval.update_id = made.revision.identity.update_id;
        approval.group_id = policy::kAllComputers;
        approval.action = store::ApprovalAction::kInstall;
        value_of(store->put_approvals({&approval, 1}));
    }
    start();
    const std::string told = wait_for(event::kFileFailed);
    EXPECT_THAT(told, HasSubstr("update.cab"));
    EXPECT_THAT(told, HasSubstr("No upstream is set"));
    EXPECT_THAT(ask("POST", "health").body, HasSubstr(R"("number":10032)"));
}

}  // namespace
}  // namespace headwater::server
