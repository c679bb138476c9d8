// Each call of an agent against a server with a generated catalog: answers, and the exact faults.

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "agents/scan.hpp"
#include "agents/services.hpp"
#include "policy/administration.hpp"
#include "protocol/client.hpp"
#include "protocol/client_reporting.hpp"
#include "protocol/simple_auth.hpp"
#include "soap/call.hpp"
#include "store/sample_testing.hpp"

namespace headwater::agents {
namespace {

namespace fs = std::filesystem;
namespace wire = protocol::client;
namespace auth = protocol::simple_auth;

const Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 10 / 4} + std::chrono::hours{15}};
constexpr const char* kComputer = "11111111-2222-3333-4444-555555555555";
constexpr std::string_view kTextXml = "text/xml; charset=utf-8";

class AgentCalls : public testing::Test {
protected:
    AgentCalls() {
        folder_ = fs::temp_directory_path() / ("headwater-" + Guid::random().text());
        fs::create_directories(folder_);
        store_ = *store::open_sqlite(folder_ / "headwater.db");
        store::put_sample(*store_, {.updates = 400}, kNow);
        publisher_ = std::make_unique<policy::Publisher>(*store_);
        EXPECT_TRUE(publisher_->load());
        sealer_ = std::make_unique<protocol::Sealer>(
            Guid::random(), std::vector<protocol::Sealer::Key>{{1, Bytes(32, 7)}});
        services_ = std::make_unique<Services>(context(kNow));
    }
    ~AgentCalls() override {
        services_.reset();
        publisher_.reset();
        store_.reset();
        fs::remove_all(folder_);
    }

    Context context(Time config_changed) {
        return {*store_, *publisher_,    *sealer_,
                clock_,  config_changed, [](bool tls) { return std::uint16_t(tls ? 8531 : 8530); }};
    }

    template <typename Response, typename Request>
    std::expected<Response, soap::CallFailure> call(const soap::Service& service,
                                                    std::string_view operation,
                                                    const Request& request) const {
        const std::string& name_space = service.options().name_space;
        const soap::Reply reply =
            service.handle({std::string(kTextXml), soap::soap_action(name_space, operation),
                            soap::write_request(name_space, operation, request),
                            "updates.example:8530", "192.0.2.7", false});
        return soap::read_response<Response>(reply.status, reply.content_type, reply.body);
    }

    /// The ErrorCode of the fault, with its Message where it has one.
    template <typename T>
    static std::string fault_of(const std::expected<T, soap::CallFailure>& answer) {
        if (answer) {
            return "no fault";
        }
        const soap::Fault& fault = answer.error().fault;
        return fault.error_code + (fault.message.empty() ? "" : " " + fault.message);
    }

    protocol::AuthorizationCookie authorize() const {
        const auto answer = call<auth::GetAuthorizationCookieResponse>(
            services_->authorization(), "GetAuthorizationCookie",
            auth::GetAuthorizationCookie{std::string(kComputer), std::string(""),
                                         std::string("pc1.example")});
        EXPECT_TRUE(answer);
        return answer->result.or_default();
    }

    wire::GetCookie cookie_request() const {
        wire::GetCookie request;
        request.auth_cookies.ensure().push_back(authorize());
        request.last_change = kNow;
        request.current_time = kNow;
        request.protocol_version = std::string("1.8");
        return request;
    }

    void shake_hands() {
        const auto answer =
            call<wire::GetCookieResponse>(services_->client(), "GetCookie", cookie_request());
        ASSERT_TRUE(answer) << fault_of(answer);
        cookie_ = *answer->result;
    }

    void register_computer() {
        wire::RegisterComputer request;
        request.cookie = cookie_;
        request.computer_info.ensure().dns_name = std::string("pc1.example");
        ASSERT_TRUE(
            call<wire::RegisterComputerResponse>(services_->client(), "RegisterComputer", request));
    }

    void join() {
        shake_hands();
        register_computer();
    }

    using Ids = soap::Array<std::int32_t>;

    std::expected<wire::SyncUpdatesResponse, soap::CallFailure> sync(Ids installed = {},
                                                                     Ids others = {}) {
        wire::SyncUpdates request;
        request.cookie = cookie_;
        auto& parameters = request.parameters.ensure();
        parameters.installed_non_leaf_update_ids = std::move(installed);
        parameters.other_cached_update_ids = std::move(others);
        return call<wire::SyncUpdatesResponse>(services_->client(), "SyncUpdates", request);
    }

    wire::SyncInfo info_of(Ids installed = {}, Ids others = {}) {
        const auto answer = sync(std::move(installed), std::move(others));
        EXPECT_TRUE(answer) << fault_of(answer);
        wire::SyncInfo info = answer ? answer->result.or_default() : wire::SyncInfo{};
        cookie_ = info.new_cookie.or_default();
        return info;
    }

    /// Scans as a computer on which everything that is no leaf is installed.
    void scan_all() {
        for (int round = 0; round < 100; ++round) {
            const wire::SyncInfo info = info_of(installed_, others_);
            for (const wire::UpdateInfo& update : info.new_updates.or_default()) {
                (update.is_leaf ? others_ : installed_).push_back(update.id);
            }
            if (info.new_updates.or_default().empty()) {
                return;
            }
        }
        FAIL() << "The scan did not come to an end.";
    }

    store::RevisionId newest_id(const Guid& update) const {
        const auto& catalog = publisher_->view()->catalog();
        return catalog.revision(catalog.newest(update)).id;
    }

    /// An update that can be approved.
    Guid some_update() const {
        const auto& catalog = publisher_->view()->catalog();
        for (catalog::Index index = 0; index < catalog.size(); ++index) {
            const catalog::Revision& revision = catalog.revision(index);
            if (revision.explicitly_deployable && revision.type == catalog::UpdateType::kSoftware &&
                revision.publication_state == catalog::PublicationState::kPublished &&
                catalog.newest(revision.identity.update_id) == index) {
                return revision.identity.update_id;
            }
        }
        ADD_FAILURE() << "The catalog has no update that can be approved.";
        return {};
    }

    ManualClock clock_{kNow};
    fs::path folder_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<policy::Publisher> publisher_;
    std::unique_ptr<protocol::Sealer> sealer_;
    std::unique_ptr<Services> services_;
    protocol::Cookie cookie_;
    Ids installed_;
    Ids others_;
};

TEST_F(AgentCalls, ACookieThatIsForgedCutExpiredOrAnothersHasItsOwnFault) {
    join();
    const protocol::Cookie good = cookie_;
    Bytes& bytes = *cookie_.encrypted_data;
    bytes.back() ^= 1U;
    EXPECT_EQ(fault_of(sync()), "InvalidCookie");
    cookie_ = good;
    cookie_.encrypted_data->resize(20);
    EXPECT_EQ(fault_of(sync()), "InvalidCookie");
    cookie_.encrypted_data = Bytes{};
    EXPECT_EQ(fault_of(sync()), "InvalidCookie");
    cookie_.encrypted_data = authorize().cookie_data;
    EXPECT_EQ(fault_of(sync()), "InvalidCookie");
    const protocol::Sealer other(Guid::random(), {{1, Bytes(32, 9)}});
    protocol::AgentCookie content;
    content.computer_id = kComputer;
    content.expires = kNow + std::chrono::hours{1};
    cookie_.encrypted_data = other.seal(content);
    EXPECT_EQ(fault_of(sync()), "ServerChanged");
    cookie_ = good;
    clock_.advance(std::chrono::hours{3});
    EXPECT_EQ(fault_of(sync()), "CookieExpired");
}

TEST_F(AgentCalls, AComputerThatIsNotRegisteredIsToldSo) {
    shake_hands();
    EXPECT_EQ(fault_of(sync()), "RegistrationRequired");
}

TEST_F(AgentCalls, AnAgentThatKnowsAnOlderConfigurationIsToldSo) {
    join();
    services_ = std::make_unique<Services>(context(kNow + std::chrono::hours{1}));
    EXPECT_EQ(fault_of(sync()), "ConfigChanged");
    EXPECT_EQ(
        fault_of(call<wire::GetCookieResponse>(services_->client(), "GetCookie", cookie_request())),
        "ConfigChanged");
}

TEST_F(AgentCalls, GetCookieWantsExactlyOneGoodAuthorization) {
    wire::GetCookie request = cookie_request();
    request.auth_cookies->front().cookie_data->back() ^= 1U;
    EXPECT_EQ(fault_of(call<wire::GetCookieResponse>(services_->client(), "GetCookie", request)),
              "InvalidAuthorizationCookie");
    request.auth_cookies->clear();
    EXPECT_EQ(fault_of(call<wire::GetCookieResponse>(services_->client(), "GetCookie", request)),
              "InvalidAuthorizationCookie");
    request = cookie_request();
    clock_.advance(std::chrono::hours{3});
    EXPECT_EQ(fault_of(call<wire::GetCookieResponse>(services_->client(), "GetCookie", request)),
              "InvalidAuthorizationCookie");
}

TEST_F(AgentCalls, GetCookieTakesAnOldCookieOfItsOwnHoweverOldAndNoOther) {
    wire::GetCookie request = cookie_request();
    const auto ask = [&] {
        return fault_of(call<wire::GetCookieResponse>(services_->client(), "GetCookie", request));
    };
    request.old_cookie = protocol::Cookie{kNow, {}};
    EXPECT_EQ(ask(), "no fault") << "an agent's first one holds an expiration alone";
    protocol::AgentCookie content;
    content.computer_id = kComputer;
    content.expires = kNow - std::chrono::hours{100};
    request.old_cookie->encrypted_data = sealer_->seal(content);
    EXPECT_EQ(ask(), "no fault");
    request.old_cookie->encrypted_data->back() ^= 1U;
    EXPECT_EQ(ask(), "InvalidCookie");
    const protocol::Sealer other(Guid::random(), {{1, Bytes(32, 9)}});
    request.old_cookie->encrypted_data = other.seal(content);
    EXPECT_EQ(ask(), "ServerChanged");
}

TEST_F(AgentCalls, EachPageHasANewCookieThatExpiresWithTheOldOne) {
    join();
    EXPECT_EQ(cookie_.expiration, kNow + std::chrono::minutes{60});
    const Bytes before = cookie_.encrypted_data.or_default();
    clock_.advance(std::chrono::minutes{10});
    info_of();
    EXPECT_NE(cookie_.encrypted_data.or_default(), before);
    EXPECT_EQ(cookie_.expiration, kNow + std::chrono::minutes{60});
}

TEST_F(AgentCalls, WhatIsMissingOrTooMuchIsNamed) {
    join();
    wire::SyncUpdates request;
    request.cookie = cookie_;
    EXPECT_EQ(
        fault_of(call<wire::SyncUpdatesResponse>(services_->client(), "SyncUpdates", request)),
        "InvalidParameters parameters");
    EXPECT_EQ(fault_of(sync(Ids(Scan::kMaxInstalledNonLeaves + 1, 1))),
              "InvalidParameters parameters.InstalledNonLeafUpdateIDs");
    EXPECT_EQ(fault_of(sync({}, Ids(20'001, 1))),
              "InvalidParameters parameters.OtherCachedUpdateIDs");
    EXPECT_EQ(fault_of(call<auth::GetAuthorizationCookieResponse>(
                  services_->authorization(), "GetAuthorizationCookie",
                  auth::GetAuthorizationCookie{{}, {}, std::string("pc")})),
              "InvalidParameters clientId");
}

TEST_F(AgentCalls, AScanComesToAnEndAndTheNextHasNothingNew) {
    join();
    scan_all();
    EXPECT_GT(installed_.size(), 10U);
    EXPECT_GT(others_.size(), 10U);
    const wire::SyncInfo info = info_of(installed_, others_);
    EXPECT_TRUE(info.new_updates.or_default().empty());
    EXPECT_TRUE(info.changed_updates.or_default().empty());
    EXPECT_TRUE(info.out_of_scope_revision_ids.or_default().empty());
    EXPECT_FALSE(info.truncated);
}

TEST_F(AgentCalls, UnknownIdsAreOutOfScope) {
    join();
    const wire::SyncInfo info = info_of({-7, 1'000'000}, {1'000'001});
    EXPECT_EQ(info.out_of_scope_revision_ids.or_default(), (Ids{-7, 1'000'000, 1'000'001}));
}

TEST_F(AgentCalls, AnApprovalChangesWhatIsCachedAndADeclineTakesItOutOfScope) {
    join();
    scan_all();
    policy::Administration administration(*store_, *publisher_, clock_);
    const Guid update = some_update();
    const auto id = static_cast<std::int32_t>(newest_id(update));
    ASSERT_TRUE(administration.approve({&update, 1}, std::array{policy::kAllComputers},
                                       store::ApprovalAction::kInstall,
                                       kNow + std::chrono::hours{48}, "test"));
    wire::SyncInfo info = info_of(installed_, others_);
    ASSERT_EQ(info.changed_updates.or_default().size(), 1U);
    const wire::UpdateInfo& changed = info.changed_updates->front();
    EXPECT_EQ(changed.id, id);
    EXPECT_EQ(changed.deployment->action, wire::DeploymentAction::kInstall);
    EXPECT_EQ(changed.deployment->deadline.or_default(), "2026-10-06T15:00:00Z");
    EXPECT_FALSE(changed.xml);
    EXPECT_TRUE(info_of(installed_, others_).changed_updates.or_default().empty());

    ASSERT_TRUE(administration.decline({&update, 1}, true, "test"));
    info = info_of(installed_, others_);
    const Ids gone = info.out_of_scope_revision_ids.or_default();
    EXPECT_TRUE(std::ranges::find(gone, id) != gone.end());
}

TEST_F(AgentCalls, ADeclineThatIsTakenBackBetweenTwoScansTakesTheInstallationWithIt) {
    join();
    policy::Administration administration(*store_, *publisher_, clock_);
    const Guid update = some_update();
    ASSERT_TRUE(administration.approve({&update, 1}, std::array{policy::kAllComputers},
                                       store::ApprovalAction::kInstall, std::nullopt, "test"));
    scan_all();
    ASSERT_TRUE(administration.decline({&update, 1}, true, "test"));
    ASSERT_TRUE(administration.decline({&update, 1}, false, "test"));
    const wire::SyncInfo info = info_of(installed_, others_);
    ASSERT_EQ(info.changed_updates.or_default().size(), 1U);
    const wire::UpdateInfo& changed = info.changed_updates->front();
    EXPECT_EQ(changed.id, static_cast<std::int32_t>(newest_id(update)));
    EXPECT_EQ(changed.deployment->action, wire::DeploymentAction::kPreDeploymentCheck);
    EXPECT_TRUE(info_of(installed_, others_).changed_updates.or_default().empty());
}

TEST_F(AgentCalls, AComputerThatMovedIsToldAllItsDeploymentsAgain) {
    join();
    scan_all();
    policy::Administration administration(*store_, *publisher_, clock_);
    const auto group = administration.create_group("Pilots", std::nullopt);
    ASSERT_TRUE(group);
    ASSERT_TRUE(administration.move_computer(kComputer, std::array{group->id}));
    const wire::SyncInfo info = info_of(installed_, others_);
    EXPECT_EQ(info.changed_updates.or_default().size(), installed_.size() + others_.size());
}

TEST_F(AgentCalls, AComputerBelowAGroupThatGoesIsToldAllItsDeploymentsAgain) {
    join();
    policy::Administration administration(*store_, *publisher_, clock_);
    const auto parent = administration.create_group("Office", std::nullopt);
    ASSERT_TRUE(parent);
    const auto child = administration.create_group("Desks", parent->id);
    ASSERT_TRUE(child);
    ASSERT_TRUE(administration.move_computer(kComputer, std::array{child->id}));
    const Guid update = some_update();
    ASSERT_TRUE(administration.approve(std::array{update}, std::array{parent->id},
                                       store::ApprovalAction::kInstall, {}, "admin"));
    scan_all();
    EXPECT_TRUE(info_of(installed_, others_).changed_updates.or_default().empty());
    ASSERT_TRUE(administration.remove_group(parent->id));
    const auto changed = info_of(installed_, others_).changed_updates.or_default();
    const auto told = std::ranges::find(changed, static_cast<std::int32_t>(newest_id(update)),
                                        &wire::UpdateInfo::id);
    ASSERT_NE(told, changed.end());
    EXPECT_EQ(told->deployment->action, wire::DeploymentAction::kPreDeploymentCheck);
}

TEST_F(AgentCalls, AScanOfACategoryTellsNothingOfTheOthersChanges) {
    join();
    scan_all();
    const Guid update = some_update();
    policy::Administration administration(*store_, *publisher_, clock_);
    ASSERT_TRUE(administration.approve(std::array{update}, std::array{policy::kAllComputers},
                                       store::ApprovalAction::kInstall, {}, "admin"));
    const auto scan_category = [&] {
        wire::SyncUpdates request;
        request.cookie = cookie_;
        request.parameters.ensure().filter_category_ids.ensure().push_back({Guid::random()});
        const auto answer =
            call<wire::SyncUpdatesResponse>(services_->client(), "SyncUpdates", request);
        EXPECT_TRUE(answer) << fault_of(answer);
        cookie_ = answer->result->new_cookie.or_default();
    };
    scan_category();
    scan_category();
    const auto changed = info_of(installed_, others_).changed_updates.or_default();
    EXPECT_EQ(std::ranges::count(changed, static_cast<std::int32_t>(newest_id(update)),
                                 &wire::UpdateInfo::id),
              1);
    EXPECT_TRUE(info_of(installed_, others_).changed_updates.or_default().empty());
}

TEST_F(AgentCalls, AScanIsNotedOnceAMinute) {
    join();
    const auto last_scan = [this] {
        // Writes are made in their order: behind this one the note is there.
        EXPECT_TRUE(store_->put_setting("test", "x"));
        return (*store_->computer(kComputer))->last_scan;
    };
    static_cast<void>(info_of());
    EXPECT_EQ(last_scan(), kNow);
    clock_.advance(std::chrono::seconds{59});
    static_cast<void>(info_of());
    EXPECT_EQ(last_scan(), kNow);
    clock_.advance(std::chrono::seconds{1});
    static_cast<void>(info_of());
    EXPECT_EQ(last_scan(), kNow + std::chrono::minutes{1});
}

TEST_F(AgentCalls, RefreshCacheGivesTheIdsOfWhatIsInScopeAndLeavesTheRestOut) {
    join();
    scan_all();
    const Guid update = some_update();
    const auto& catalog = publisher_->view()->catalog();
    const auto& identity = catalog.revision(catalog.newest(update)).identity;
    wire::RefreshCache request;
    request.cookie = cookie_;
    EXPECT_EQ(
        fault_of(call<wire::RefreshCacheResponse>(services_->client(), "RefreshCache", request)),
        "InvalidParameters globalIDs");
    request.global_ids.ensure().push_back(
        {identity.update_id, static_cast<std::int32_t>(identity.revision_number)});
    request.global_ids->push_back({Guid::random(), 1});
    const auto answer =
        call<wire::RefreshCacheResponse>(services_->client(), "RefreshCache", request);
    ASSERT_TRUE(answer) << fault_of(answer);
    ASSERT_EQ(answer->result.or_default().size(), 1U);
    const wire::RefreshCacheResult& result = answer->result->front();
    EXPECT_EQ(result.revision_id, static_cast<std::int32_t>(newest_id(update)));
    EXPECT_EQ(result.deployment->action, wire::DeploymentAction::kPreDeploymentCheck);
}

TEST_F(AgentCalls, DetailsOfUnknownRevisionsAreOutOfScopeAndFiftyAreTheMost) {
    join();
    wire::GetExtendedUpdateInfo request;
    request.cookie = cookie_;
    request.info_types.ensure().push_back(wire::XmlUpdateFragmentType::kExtended);
    request.revision_ids = Ids{static_cast<std::int32_t>(newest_id(some_update())), 1'000'000};
    auto answer = call<wire::GetExtendedUpdateInfoResponse>(services_->client(),
                                                            "GetExtendedUpdateInfo", request);
    ASSERT_TRUE(answer) << fault_of(answer);
    EXPECT_EQ(answer->result->updates.or_default().size(), 1U);
    EXPECT_EQ(answer->result->out_of_scope_revision_ids.or_default(), Ids{1'000'000});
    request.revision_ids = Ids(Services::kMaxExtendedUpdates + 1, 1);
    answer = call<wire::GetExtendedUpdateInfoResponse>(services_->client(), "GetExtendedUpdateInfo",
                                                       request);
    EXPECT_EQ(fault_of(answer), "InvalidParameters revisionIDs");
    request.revision_ids = Ids{1};
    request.info_types->push_back(wire::XmlUpdateFragmentType::kLocalizedProperties);
    answer = call<wire::GetExtendedUpdateInfoResponse>(services_->client(), "GetExtendedUpdateInfo",
                                                       request);
    EXPECT_EQ(fault_of(answer), "InvalidParameters locales");
}

TEST_F(AgentCalls, DetailsByIdentityNameTheFilesAndThatNothingIsEncrypted) {
    join();
    const auto& catalog = publisher_->view()->catalog();
    const catalog::Revision* with_file = nullptr;
    const auto scope = publisher_->view()->scope(std::array{policy::kUnassignedComputers});
    for (catalog::Index index = 0; index < catalog.size() && with_file == nullptr; ++index) {
        if (!catalog.revision(index).files.empty() && scope->find(index) != nullptr) {
            with_file = &catalog.revision(index);
        }
    }
    ASSERT_NE(with_file, nullptr);
    const protocol::UpdateIdentity identity{
        with_file->identity.update_id,
        static_cast<std::int32_t>(with_file->identity.revision_number)};
    wire::GetExtendedUpdateInfo2 request;
    request.cookie = cookie_;
    request.update_ids = soap::Array<protocol::UpdateIdentity>{identity, {Guid::random(), 3}};
    request.info_types.ensure().push_back(wire::XmlUpdateFragmentType::kExtended);
    const auto answer = call<wire::GetExtendedUpdateInfo2Response>(
        services_->client(), "GetExtendedUpdateInfo2", request);
    ASSERT_TRUE(answer) << fault_of(answer);
    const auto& encryption = answer->result->update_encryption_details.or_default();
    ASSERT_EQ(encryption.size(), 1U);
    EXPECT_EQ(encryption.front().update_identity, identity);
    ASSERT_EQ(answer->result->file_locations.or_default().size(), with_file->files.size());
    EXPECT_TRUE(answer->result->file_locations->front().url.or_default().starts_with(
        "http://updates.example:8530/Content/"));
}

TEST_F(AgentCalls, FileLocationsTakeOnlyDigestsAndLeaveUnknownOnesOut) {
    join();
    wire::GetFileLocations request;
    request.cookie = cookie_;
    EXPECT_EQ(fault_of(call<wire::GetFileLocationsResponse>(services_->client(), "GetFileLocations",
                                                            request)),
              "InvalidParameters fileDigests");
    request.file_digests = soap::Array<Bytes>{Bytes(19)};
    EXPECT_EQ(fault_of(call<wire::GetFileLocationsResponse>(services_->client(), "GetFileLocations",
                                                            request)),
              "InvalidParameters fileDigests");
    request.file_digests = soap::Array<Bytes>{Bytes(20)};
    const auto answer =
        call<wire::GetFileLocationsResponse>(services_->client(), "GetFileLocations", request);
    ASSERT_TRUE(answer) << fault_of(answer);
    EXPECT_TRUE(answer->result->file_locations.or_default().empty());
    EXPECT_TRUE(answer->result->new_cookie);
}

TEST_F(AgentCalls, FilesThatAreLeftAtMicrosoftUpdateAreLocatedThere) {
    join();
    store::NewRevision made;
    made.revision.identity = {Guid::random(), 1};
    made.document = "<Update/>";
    made.files = {{Sha1{{1}}, std::nullopt, 5, "a.cab", ".cab", "http://download.test/a.cab"},
                  {Sha1{{2}}, std::nullopt, 5, "b.cab", ".cab", ""}};
    ASSERT_TRUE(store_->put_revisions({&made, 1}, kNow));
    wire::GetFileLocations request;
    request.cookie = cookie_;
    request.file_digests =
        soap::Array<Bytes>{Bytes(made.files[0].sha1.bytes.begin(), made.files[0].sha1.bytes.end()),
                           Bytes(made.files[1].sha1.bytes.begin(), made.files[1].sha1.bytes.end())};
    const auto locate = [&] {
        const auto answer =
            call<wire::GetFileLocationsResponse>(services_->client(), "GetFileLocations", request);
        std::vector<std::string> urls;
        for (const wire::FileLocation& location : answer->result->file_locations.or_default()) {
            urls.push_back(location.url.or_default());
        }
        return urls;
    };
    const std::string here = "http://updates.example:8530/Content/00/";
    ASSERT_EQ(locate().size(), 2U);
    EXPECT_TRUE(locate()[0].starts_with(here));
    policy::ContentOptions options;
    options.store_here = false;
    ASSERT_TRUE(policy::save_content_options(*store_, options));
    ASSERT_TRUE(publisher_->refresh());
    EXPECT_EQ(locate()[0], "http://download.test/a.cab");
    EXPECT_TRUE(locate()[1].starts_with(here)) << "nobody knows another place";
}

TEST_F(AgentCalls, OperationsThatAreMissingSayThatTheyAre) {
    const std::string& name_space = services_->reporting().options().name_space;
    const soap::Reply reply = services_->reporting().handle(
        {std::string(kTextXml), soap::soap_action(name_space, "RollupComputers"),
         "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
         "<RollupComputers xmlns=\"" +
             name_space + "\"/></s:Body></s:Envelope>",
         "updates.example", "192.0.2.7", false});
    EXPECT_EQ(reply.status, 500);
    EXPECT_NE(reply.body.find("RollupComputers is not supported by this version of Headwater."),
              std::string::npos);
}

}  // namespace
}  // namespace headwater::agents
