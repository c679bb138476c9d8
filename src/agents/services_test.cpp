// The recorded scan of a native agent, replayed against a server that holds the recorded documents.

#include "agents/services.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "base/testing.hpp"
#include "catalog/parsed_document.hpp"
#include "protocol/client.hpp"
#include "protocol/client_reporting.hpp"
#include "protocol/simple_auth.hpp"

namespace headwater::agents {
namespace {

namespace fs = std::filesystem;

const Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 10 / 4} + std::chrono::hours{15}};
constexpr Guid kServerId = "0e7d1c1e-1111-2222-3333-444444444444"_guid;

using test_help::fixtures;

std::string read(const fs::path& path) {
    return test_help::read_file(path);
}

/// What stands between the first pair of tags; empty without them.
std::string between(const std::string& text, const std::string& open, const std::string& close) {
    const std::size_t from = text.find(open);
    const std::size_t to = from == std::string::npos ? from : text.find(close, from);
    return to == std::string::npos ? "" : text.substr(from + open.size(), to - from - open.size());
}

std::string replace_content(const std::string& text, const std::string& tag,
                            const std::string& with) {
    return std::regex_replace(text, std::regex("<" + tag + ">[^<]*</" + tag + ">"),
                              "<" + tag + ">" + with + "</" + tag + ">");
}

class RecordedScan : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(fixtures() / "agent")) {
            GTEST_SKIP() << "The shared fixtures are not on this machine.";
        }
        folder_ = fs::temp_directory_path() / ("headwater-" + Guid::random().text());
        fs::create_directories(folder_);
        auto store = store::open_sqlite(folder_ / "headwater.db");
        ASSERT_TRUE(store) << store.error().text();
        store_ = std::move(*store);
        std::vector<store::NewRevision> revisions;
        for (const auto& entry : fs::directory_iterator(fixtures() / "updates")) {
            store::NewRevision revision;
            revision.document = read(entry.path());
            auto digested = catalog::digest_document(revision.document);
            ASSERT_TRUE(digested) << digested.error().text();
            revision.revision =
                catalog::make_revision(digested->document, std::move(digested->core));
            revisions.push_back(std::move(revision));
        }
        ASSERT_TRUE(store_->put_revisions(revisions, kNow));
        publisher_ = std::make_unique<policy::Publisher>(*store_);
        ASSERT_TRUE(publisher_->load());
        sealer_ = std::make_unique<protocol::Sealer>(
            kServerId, std::vector<protocol::Sealer::Key>{{1, Bytes(32, 7)}});
        services_ = std::make_unique<Services>(
            Context{*store_, *publisher_, *sealer_, clock_, kNow, [](bool) { return 8530; }});
    }

    void TearDown() override {
        services_.reset();
        publisher_.reset();
        store_.reset();
        fs::remove_all(folder_);
    }

    /// A recorded request with our cookies, times and revision ids in place of the recorded ones.
    std::string request(const std::string& name) const {
        std::string body = read(fixtures() / "agent" / name);
        body = replace_content(body, "CookieData", authorization_);
        body = replace_content(body, "EncryptedData", cookie_);
        body = replace_content(body, "lastChange", to_xml_time(kNow));
        for (const auto& [recorded, update] : kRevisions) {
            body = std::regex_replace(body, std::regex("<int>" + std::string(recorded) + "</int>"),
                                      "<int>" + std::to_string(id_of(update)) + "</int>");
        }
        return body;
    }

    /// A recorded answer with our values, where the record does not determine them.
    std::string expected(const std::string& name, const std::string& ours) const {
        std::string body = read(fixtures() / "agent" / name);
        for (const auto& [recorded, update] : kRevisions) {
            body = std::regex_replace(body, std::regex("<ID>" + std::string(recorded) + "</ID>"),
                                      "<ID>" + std::to_string(id_of(update)) + "</ID>");
        }
        for (const char* tag : {"CookieData", "EncryptedData", "Expiration", "LastChangeTime"}) {
            const std::string open = "<" + std::string(tag) + ">";
            const std::string close = "</" + std::string(tag) + ">";
            body = replace_content(body, tag, between(ours, open, close));
        }
        return body;
    }

    /// The ids of deployments are a server's own.
    static std::string without_deployment_ids(const std::string& text) {
        return std::regex_replace(text, std::regex("<Deployment><ID>[0-9]+</ID>"), "<Deployment>");
    }

    std::string call(const soap::Service& service, const std::string& operation,
                     const std::string& body) {
        const soap::Reply reply =
            service.handle({"text/xml; charset=utf-8",
                            "\"" + service.options().name_space + "/" + operation + "\"", body,
                            "192.0.2.1:8530", "192.0.2.7", false});
        status_ = reply.status;
        return reply.body;
    }

    void expect_as_recorded(const std::string& answer, const std::string& name) const {
        EXPECT_EQ(without_deployment_ids(answer),
                  without_deployment_ids(expected("category-scan/" + name, answer)))
            << name;
    }

    std::uint32_t id_of(const char* update) const {
        const auto view = publisher_->view();
        return view->catalog().revision(view->catalog().newest(*Guid::parse(update))).id;
    }

    void shake_hands() {
        authorization_ =
            between(call(services_->authorization(), "GetAuthorizationCookie",
                         request("category-scan/02-get-authorization-cookie.request.xml")),
                    "<CookieData>", "</CookieData>");
        cookie_ = between(call(services_->client(), "GetCookie",
                               request("category-scan/03-get-cookie.request.xml")),
                          "<EncryptedData>", "</EncryptedData>");
    }

    static constexpr std::array<std::pair<const char*, const char*>, 3> kRevisions = {
        {{"108226", "56309036-4c77-4dd9-951a-99ee9c246a94"},
         {"108231", "6964aab4-c5b5-43bd-a17d-ffb4346a8e1d"},
         {"72571", "dd78b8a1-0b20-45c1-add6-4da72e9364cf"}}};

    ManualClock clock_{kNow};
    fs::path folder_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<policy::Publisher> publisher_;
    std::unique_ptr<protocol::Sealer> sealer_;
    std::unique_ptr<Services> services_;
    std::string authorization_;
    std::string cookie_;
    int status_ = 0;
};

TEST_F(RecordedScan, IsAnsweredAsTheRecordSaysFromTheHandshakeToTheDetails) {
    shake_hands();
    EXPECT_FALSE(cookie_.empty());
    const soap::Service& client = services_->client();
    expect_as_recorded(
        call(client, "RegisterComputer", request("category-scan/04-register-computer.request.xml")),
        "04-register-computer.response.xml");
    expect_as_recorded(call(client, "StartCategoryScan",
                            request("category-scan/05-start-category-scan.request.xml")),
                       "05-start-category-scan.response.xml");
    for (const char* round : {"06", "07", "08"}) {
        const std::string name = std::string(round) + "-sync-updates.";
        const std::string answer =
            call(client, "SyncUpdates", request("category-scan/" + name + "request.xml"));
        expect_as_recorded(answer, name + "response.xml");
        cookie_ = between(answer, "<EncryptedData>", "</EncryptedData>");
    }
    expect_as_recorded(call(client, "GetExtendedUpdateInfo",
                            request("category-scan/10-get-extended-update-info.request.xml")),
                       "10-get-extended-update-info.response.xml");
}

TEST_F(RecordedScan, OfAnUnregisteredComputerIsToldToRegister) {
    shake_hands();
    const std::string answer = call(services_->client(), "SyncUpdates",
                                    request("category-scan/06-sync-updates.request.xml"));
    EXPECT_EQ(status_, 500);
    EXPECT_EQ(between(answer, "<ErrorCode>", "</ErrorCode>"), "RegistrationRequired");
}

TEST_F(RecordedScan, WithARecordedCookieIsRefusedWithTheExactFault) {
    const std::string answer =
        call(services_->client(), "SyncUpdates",
             read(fixtures() / "agent/category-scan/06-sync-updates.request.xml"));
    EXPECT_EQ(status_, 500);
    EXPECT_EQ(between(answer, "<ErrorCode>", "</ErrorCode>"), "InvalidCookie");
}

TEST_F(RecordedScan, WithAnExpiredCookieIsToldSo) {
    shake_hands();
    clock_.advance(std::chrono::hours{2});
    const std::string answer = call(services_->client(), "SyncUpdates",
                                    request("category-scan/06-sync-updates.request.xml"));
    EXPECT_EQ(between(answer, "<ErrorCode>", "</ErrorCode>"), "CookieExpired");
}

TEST_F(RecordedScan, ReportsFailedInstallationsOnceHoweverOftenTheyAreSent) {
    shake_hands();
    for (int i = 0; i < 2; ++i) {
        const std::string answer = call(services_->reporting(), "ReportEventBatch",
                                        request("report-event-batch.request.xml"));
        EXPECT_EQ(status_, 200) << answer;
    }
    const auto events = store_->events("e1da06a3-5601-43c9-bac3-52d5db701494", 0);
    ASSERT_TRUE(events);
    EXPECT_EQ(events->size(), 2U);
    const auto statuses = store_->statuses_of_computer("e1da06a3-5601-43c9-bac3-52d5db701494");
    ASSERT_TRUE(statuses);
    ASSERT_EQ(statuses->size(), 2U);
    EXPECT_EQ(statuses->front().status, store::UpdateStatus::kFailed);
    EXPECT_EQ(statuses->front().result, -2145099769);
}

}  // namespace
}  // namespace headwater::agents
