// Each call of a downstream server against a generated catalog: answers, and the exact faults.

#include "downstream/services.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/testing.hpp"
#include "catalog/cabinet.hpp"
#include "policy/options.hpp"
#include "protocol/dss_auth.hpp"
#include "protocol/server_sync.hpp"
#include "soap/call.hpp"
#include "store/sample_testing.hpp"

namespace headwater::downstream {
namespace {

namespace wire = protocol::server_sync;
namespace auth = protocol::dss_auth;

constexpr std::string_view kTextXml = "text/xml; charset=utf-8";

class SettableClock : public Clock {
public:
    [[nodiscard]] Time now() const override { return time; }
    Time time{std::chrono::sys_days{std::chrono::year{2026} / 10 / 5}};
};

std::unique_ptr<protocol::Sealer> sealer_of(const Guid& server, std::uint8_t key) {
    return std::make_unique<protocol::Sealer>(
        server, std::vector<protocol::Sealer::Key>{{1, Bytes(32, key)}});
}

class DownstreamCalls : public testing::Test {
protected:
    void SetUp() override {
        store_ = test_help::value_of(store::open_sqlite(folder_.path() / "headwater.db"));
        store::put_sample(*store_, {.updates = 300}, clock_.now());
        publisher_ = std::make_unique<policy::Publisher>(*store_);
        ASSERT_TRUE(publisher_->load());
        services_ =
            std::make_unique<Services>(*store_, *publisher_, *sealer_, clock_, clock_.now());
    }

    template <typename Response, typename Request>
    std::expected<Response, soap::CallFailure> call_at(const soap::Service& service,
                                                       std::string_view operation,
                                                       const Request& request) const {
        const std::string& name_space = service.options().name_space;
        const soap::Reply reply =
            service.handle({std::string(kTextXml), soap::soap_action(name_space, operation),
                            soap::write_request(name_space, operation, request),
                            "upstream.example:8530", "192.0.2.7", false});
        return soap::read_response<Response>(reply.status, reply.content_type, reply.body);
    }
    template <typename Response, typename Request>
    std::expected<Response, soap::CallFailure> call(std::string_view operation,
                                                    const Request& request) const {
        return call_at<Response>(services_->synchronization(), operation, request);
    }

    template <typename T>
    static std::string fault_of(const std::expected<T, soap::CallFailure>& answer) {
        if (answer) {
            return "no fault";
        }
        const soap::Fault& fault = answer.error().fault;
        return fault.error_code + (fault.message.empty() ? "" : " " + fault.message);
    }

    protocol::AuthorizationCookie authorize() const {
        const auto answer = call_at<auth::GetAuthorizationCookieResponse>(
            services_->authorization(), "GetAuthorizationCookie",
            auth::GetAuthorizationCookie{std::string("dss.example"), Guid::random().text(), {}});
        EXPECT_TRUE(answer);
        return answer ? answer->result.or_default() : protocol::AuthorizationCookie{};
    }
    std::expected<wire::GetCookieResponse, soap::CallFailure> ask_cookie(
        const protocol::AuthorizationCookie& ticket, const std::string& version = "1.20") const {
        wire::GetCookie request;
        request.auth_cookies.ensure().push_back(ticket);
        request.protocol_version = version;
        return call<wire::GetCookieResponse>("GetCookie", request);
    }
    protocol::Cookie cookie() const {
        const auto answer = ask_cookie(authorize());
        EXPECT_TRUE(answer) << fault_of(answer);
        return answer ? answer->result.or_default() : protocol::Cookie{};
    }
    std::string config_with(const protocol::Cookie& given) const {
        wire::GetConfigData request;
        request.cookie = given;
        return fault_of(call<wire::GetConfigDataResponse>("GetConfigData", request));
    }
    wire::RevisionIdList list(wire::ServerSyncFilter filter) const {
        wire::GetRevisionIdList request;
        request.cookie = cookie();
        request.filter = std::move(filter);
        const auto answer = call<wire::GetRevisionIdListResponse>("GetRevisionIdList", request);
        EXPECT_TRUE(answer) << fault_of(answer);
        return answer ? answer->result.or_default() : wire::RevisionIdList{};
    }
    std::expected<wire::GetUpdateDataResponse, soap::CallFailure> data(
        soap::Array<protocol::UpdateIdentity> ids) const {
        wire::GetUpdateData request;
        request.cookie = cookie();
        request.update_ids = std::move(ids);
        return call<wire::GetUpdateDataResponse>("GetUpdateData", request);
    }
    soap::Array<protocol::UpdateIdentity> some(std::size_t count) const {
        soap::Array<protocol::UpdateIdentity> ids;
        for (catalog::Index index = 0; index < count; ++index) {
            const auto& identity = publisher_->view()->catalog().revision(index).identity;
            ids.push_back(
                {identity.update_id, static_cast<std::int32_t>(identity.revision_number)});
        }
        return ids;
    }

    test_help::TemporaryFolder folder_;
    SettableClock clock_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<policy::Publisher> publisher_;
    Guid server_ = Guid::random();
    std::unique_ptr<protocol::Sealer> sealer_ = sealer_of(server_, 7);
    std::unique_ptr<Services> services_;
};

TEST_F(DownstreamCalls, ShakeHands) {
    const auto config = call<wire::GetAuthConfigResponse>("GetAuthConfig", wire::GetAuthConfig{});
    ASSERT_TRUE(config);
    const auto& plug_in = config->result->auth_info->at(0);
    EXPECT_EQ(plug_in.plug_in_id.or_default(), "DssTargeting");
    EXPECT_EQ(plug_in.service_url.or_default(), "DssAuthWebService/DssAuthWebService.asmx");
    const protocol::Cookie given = cookie();
    EXPECT_EQ(given.expiration, clock_.now() + std::chrono::minutes{240});
    EXPECT_EQ(config_with(given), "no fault");
    EXPECT_EQ(test_help::value_of(store_->downstream_servers()).size(), 1U);
}

TEST_F(DownstreamCalls, OfOneWhoDoesNotSayWhoHeIsAreRefused) {
    const auto ask = [&](const std::string& name, const std::string& account) {
        return fault_of(call_at<auth::GetAuthorizationCookieResponse>(
            services_->authorization(), "GetAuthorizationCookie",
            auth::GetAuthorizationCookie{name, account, {}}));
    };
    EXPECT_EQ(ask("", Guid::random().text()), "InvalidParameters machineName");
    EXPECT_EQ(ask(std::string(10'000, 'a'), Guid::random().text()),
              "InvalidParameters machineName");
    EXPECT_EQ(ask("dss.example", "no"), "InvalidParameters accountGuid");
    EXPECT_EQ(fault_of(ask_cookie({})), "InvalidAuthorizationCookie");
    EXPECT_EQ(fault_of(ask_cookie(authorize(), "2.0")), "IncompatibleProtocolVersion");
    EXPECT_EQ(fault_of(ask_cookie(authorize(), "x")), "InvalidParameters protocolVersion");
    EXPECT_EQ(fault_of(call<wire::GetCookieResponse>("GetCookie", wire::GetCookie{})),
              "InvalidParameters authCookies");
}

TEST_F(DownstreamCalls, WithACookieThatIsForgedCutOldOrAnothersAreRefusedByItsFault) {
    const protocol::Cookie good = cookie();
    const auto with = [&](Bytes bytes) {
        protocol::Cookie bad = good;
        bad.encrypted_data = std::move(bytes);
        return config_with(bad);
    };
    EXPECT_EQ(config_with({}), "InvalidCookie");
    EXPECT_EQ(with({}), "InvalidCookie");
    const Bytes& sealed = *good.encrypted_data;
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        Bytes forged = sealed;
        forged[i] ^= 0x40U;
        const std::string fault = with(forged);
        // The server's id stands in it, in the clear: another id is another server.
        EXPECT_EQ(fault, i >= 8 && i < 24 ? "ServerChanged" : "InvalidCookie") << i;
        EXPECT_EQ(with(Bytes(sealed.begin(), sealed.begin() + static_cast<std::ptrdiff_t>(i))),
                  "InvalidCookie");
    }
    Bytes longer = sealed;
    longer.push_back(0);
    EXPECT_EQ(with(longer), "InvalidCookie");
    EXPECT_EQ(with(*authorize().cookie_data), "InvalidCookie") << "an authorization cookie";
    const auto other = sealer_of(Guid::random(), 7);
    EXPECT_EQ(with(other->seal(protocol::CookieKind::kDownstream,
                               {clock_.now() + std::chrono::hours{1}, Guid::random(), 1, 20})),
              "ServerChanged");
    const auto other_key = sealer_of(server_, 8);
    EXPECT_EQ(with(other_key->seal(protocol::CookieKind::kDownstream,
                                   {clock_.now() + std::chrono::hours{1}, Guid::random(), 1, 20})),
              "InvalidCookie");
    clock_.time += std::chrono::minutes{240} + std::chrono::seconds{1};
    EXPECT_EQ(config_with(good), "InvalidCookie") << "[MS-WSUSSS] knows no CookieExpired";
}

TEST_F(DownstreamCalls, ForTheConfigurationAreAnsweredInFullOnce) {
    wire::GetConfigData request;
    request.cookie = cookie();
    const auto full = call<wire::GetConfigDataResponse>("GetConfigData", request);
    ASSERT_TRUE(full);
    EXPECT_EQ(full->result->max_number_of_updates_per_request, 100);
    EXPECT_EQ(full->result->language_update_list->size(), 39U);
    request.config_anchor = full->result->new_config_anchor.or_default();
    const auto again = call<wire::GetConfigDataResponse>("GetConfigData", request);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->result->language_update_list->empty());

    policy::SyncOptions options = test_help::value_of(policy::load_sync_options(*store_));
    options.languages = {"de"};
    ASSERT_TRUE(policy::save_sync_options(*store_, options));
    const auto changed = call<wire::GetConfigDataResponse>("GetConfigData", request);
    ASSERT_TRUE(changed);
    std::vector<std::string> enabled;
    for (const wire::ServerSyncLanguageData& language :
         changed->result->language_update_list.or_default()) {
        if (language.enabled) {
            enabled.push_back(language.short_language.or_default());
        }
    }
    EXPECT_EQ(enabled, std::vector<std::string>{"de"}) << "another choice is told";
}

TEST_F(DownstreamCalls, ForRevisionsListEachOnceAndThenOnlyWhatIsNew) {
    wire::ServerSyncFilter filter;
    filter.get_config = true;
    const wire::RevisionIdList categories = list(filter);
    filter.get_config = false;
    const wire::RevisionIdList updates = list(filter);
    EXPECT_EQ(categories.new_revisions.size() + updates.new_revisions.size(), 300U);
    filter.anchor = updates.anchor.or_default();
    EXPECT_TRUE(list(filter).new_revisions.empty());
    filter.anchor = std::string("garbage");
    wire::GetRevisionIdList request;
    request.cookie = cookie();
    request.filter = filter;
    EXPECT_EQ(fault_of(call<wire::GetRevisionIdListResponse>("GetRevisionIdList", request)),
              "InvalidParameters filter");
    request.filter = {};
    EXPECT_EQ(fault_of(call<wire::GetRevisionIdListResponse>("GetRevisionIdList", request)),
              "InvalidParameters filter");
}

TEST_F(DownstreamCalls, ForDocumentsBringTheseAsTheyWereReceived) {
    const auto answer = data(some(100));
    ASSERT_TRUE(answer) << fault_of(answer);
    ASSERT_EQ(answer->result->updates.size(), 100U);
    std::size_t cabinets = 0;
    for (const wire::ServerSyncUpdateData& update : answer->result->updates) {
        const auto index = publisher_->view()->catalog().find(
            {update.id->update_id, static_cast<std::uint32_t>(update.id->revision_number)});
        const std::string stored = *test_help::value_of(
            store_->document(publisher_->view()->catalog().revision(index).id));
        if (update.xml_update_blob_compressed) {
            ++cabinets;
            EXPECT_EQ(test_help::value_of(
                          catalog::read_document_cabinet(*update.xml_update_blob_compressed)),
                      stored);
        } else {
            EXPECT_EQ(update.xml_update_blob.or_default(), stored);
        }
    }
    EXPECT_GT(cabinets, 0U);
    EXPECT_LT(cabinets, 100U);
}

TEST_F(DownstreamCalls, ForTooManyDocumentsOrUnknownOnesAreRefusedWhole) {
    EXPECT_EQ(fault_of(data(some(101))), "InvalidParameters updateIds");
    EXPECT_EQ(fault_of(data({})), "no fault");
    soap::Array<protocol::UpdateIdentity> twice = some(1);
    twice.push_back(twice.front());
    const auto both = data(twice);
    ASSERT_TRUE(both);
    EXPECT_EQ(both->result->updates.size(), 2U);
    soap::Array<protocol::UpdateIdentity> unknown = some(3);
    unknown.push_back({Guid::random(), 1});
    EXPECT_EQ(fault_of(data(unknown)), "InternalServerError");
    unknown.back() = {unknown.front().update_id, -1};
    EXPECT_EQ(fault_of(data(unknown)), "InternalServerError");
}

TEST_F(DownstreamCalls, ForManyLargeDocumentsBringThoseThatFitIntoTwoMillionBytes) {
    // Random digits, so that no cabinet makes them small: 100 documents of some 60,000 bytes.
    std::vector<store::NewRevision> large;
    soap::Array<protocol::UpdateIdentity> ids;
    for (int i = 0; i < 100; ++i) {
        const Guid id = Guid::random();
        store::NewRevision revision;
        revision.document =
            R"(<Update xmlns="http://schemas.microsoft.com/msus/2002/12/Update"><UpdateIdentity UpdateID=")" +
            id.text() +
            R"(" RevisionNumber="1"/><Properties UpdateType="Software" DefaultPropertiesLanguage="en"/>)" +
            "<LocalizedPropertiesCollection><LocalizedProperties><Language>en</Language><Title>" +
            to_hex_lower(random_bytes(60'000)) +
            "</Title></LocalizedProperties></LocalizedPropertiesCollection></Update>";
        auto digested = test_help::value_of(catalog::digest_document(revision.document));
        revision.revision = catalog::make_revision(digested.document, std::move(digested.core));
        large.push_back(std::move(revision));
        ids.push_back({id, 1});
    }
    ASSERT_TRUE(store_->put_revisions(large, clock_.now()));
    ASSERT_TRUE(publisher_->refresh());

    std::size_t calls = 0;
    for (std::size_t came = 0; came < ids.size(); ++calls) {
        wire::GetUpdateData request;
        request.cookie = cookie();
        request.update_ids = soap::Array<protocol::UpdateIdentity>(
            ids.begin() + static_cast<std::ptrdiff_t>(came), ids.end());
        const std::string& name_space = services_->synchronization().options().name_space;
        const soap::Reply reply = services_->synchronization().handle(
            {std::string(kTextXml), soap::soap_action(name_space, "GetUpdateData"),
             soap::write_request(name_space, "GetUpdateData", request), "upstream.example:8530",
             "192.0.2.7", false});
        ASSERT_LE(reply.body.size(), 2'000'000U);
        const auto answer = soap::read_response<wire::GetUpdateDataResponse>(
            reply.status, reply.content_type, reply.body);
        ASSERT_TRUE(answer);
        ASSERT_FALSE(answer->result->updates.empty());
        for (const wire::ServerSyncUpdateData& update : answer->result->updates) {
            EXPECT_EQ(update.id->update_id, ids[came++].update_id);
        }
    }
    EXPECT_GE(calls, 5U);
}

TEST_F(DownstreamCalls, ToOperationsThatAreMissingSaySo) {
    const auto answer = call<wire::GetAuthConfigResponse>("Ping", wire::GetAuthConfig{});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault.error_code, "InternalServerError");
    EXPECT_TRUE(answer.error().fault.message.contains("Ping")) << answer.error().fault.message;
}

TEST_F(DownstreamCalls, DownloadFilesMakesKnownFilesWantedAndNamesTheUnknown) {
    std::vector<Sha1> requested;
    services_ = std::make_unique<Services>(
        *store_, *publisher_, *sealer_, clock_, clock_.now(), soap::RequestLimits{},
        [&](std::span<const Sha1> digests) -> Result<> {
            requested.insert(requested.end(), digests.begin(), digests.end());
            return {};
        });
    const auto files = test_help::value_of(store_->files_in_state(store::FileState::kNotWanted, 2));
    ASSERT_EQ(files.size(), 2U);
    wire::DownloadFiles request;
    request.cookie = cookie();
    auto& digests = request.file_digest_list.ensure();
    for (const store::FileRecord& file : files) {
        digests.push_back({file.sha1.bytes.begin(), file.sha1.bytes.end()});
    }
    EXPECT_TRUE(call<wire::DownloadFilesResponse>("DownloadFiles", request));
    EXPECT_EQ(requested, (std::vector<Sha1>{files[0].sha1, files[1].sha1}));
    requested.clear();
    digests.push_back(Bytes(20, 1));
    digests.push_back(Bytes(20, 2));
    EXPECT_EQ(fault_of(call<wire::DownloadFilesResponse>("DownloadFiles", request)),
              "FileDigestsMissing " + to_base64(Bytes(20, 1)) + "|" + to_base64(Bytes(20, 2)));
    EXPECT_EQ(requested.front(), files[0].sha1) << "what is known is fetched all the same";
    digests.assign(100, Bytes(files[0].sha1.bytes.begin(), files[0].sha1.bytes.end()));
    EXPECT_TRUE(call<wire::DownloadFilesResponse>("DownloadFiles", request));
}

TEST_F(DownstreamCalls, DownloadFilesRefusesTooManyWhatIsNoDigestAndWhoHasNoCookie) {
    wire::DownloadFiles request;
    EXPECT_EQ(fault_of(call<wire::DownloadFilesResponse>("DownloadFiles", request)),
              "InvalidCookie");
    request.cookie = cookie();
    EXPECT_EQ(fault_of(call<wire::DownloadFilesResponse>("DownloadFiles", request)),
              "InvalidParameters fileDigestList");
    request.file_digest_list.ensure().assign(101, Bytes(20, 1));
    EXPECT_EQ(fault_of(call<wire::DownloadFilesResponse>("DownloadFiles", request)),
              "InvalidParameters fileDigestList");
    request.file_digest_list.ensure().assign(1, Bytes(19, 1));
    EXPECT_EQ(fault_of(call<wire::DownloadFilesResponse>("DownloadFiles", request)),
              "InvalidParameters fileDigestList");
}

}  // namespace
}  // namespace headwater::downstream
