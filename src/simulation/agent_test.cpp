#include "simulation/agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing.hpp"
#include "simulation/events.hpp"
#include "simulation/fake_server_test.hpp"
#include "simulation/state.hpp"

namespace headwater::simulation {
namespace {

using testing::ElementsAre;
using testing_help::core_of;
using testing_help::dword_rule;
using testing_help::FakeServer;
using testing_help::kNow;
using testing_help::rules_of;
using testing_help::TemporaryFolder;

Guid guid_of(std::uint8_t number) {
    Guid guid;
    guid.bytes.fill(0xab);
    guid.bytes[15] = number;
    return guid;
}

/// A category, a product below it, an update of it, a bundle with two members, and one update that
/// does not apply.
FakeServer small_server() {
    FakeServer server;
    const std::string always = rules_of("<True />");
    const auto update = [](unsigned number) {
        return rules_of(dword_rule("KB" + std::to_string(number), "EqualTo", 1), "<True />");
    };
    server.revisions = {
        {.id = 1, .core = core_of(guid_of(1), "Category", always), .leaf = false},
        {.id = 2, .core = core_of(guid_of(2), "Category", always), .leaf = false, .needs = {1}},
        {.id = 3,
         .core = core_of(guid_of(3), "Software", update(3)),
         .action = DeploymentAction::kInstall,
         .needs = {2},
         .extended = "<ExtendedProperties /><Files>" +
                     server.add_file("three.exe", std::string(3'000'000, 'a')) + "</Files>"},
        {.id = 4,
         .core = core_of(guid_of(4), "Software",
                         "<Relationships><BundledUpdates><AtLeastOne><UpdateIdentity UpdateID=\"" +
                             guid_of(5).text() +
                             "\" RevisionNumber=\"100\" /></AtLeastOne><UpdateIdentity "
                             "UpdateID=\"" +
                             guid_of(6).text() +
                             "\" RevisionNumber=\"100\" /></BundledUpdates></Relationships>"),
         .action = DeploymentAction::kInstall,
         .needs = {2}},
        {.id = 5,
         .core = core_of(guid_of(5), "Software", update(5)),
         .action = DeploymentAction::kBundle,
         .needs = {2},
         .extended =
             "<ExtendedProperties /><Files>" + server.add_file("five.cab", "five") + "</Files>"},
        {.id = 6,
         .core = core_of(guid_of(6), "Software", rules_of("<False />", "<False />")),
         .action = DeploymentAction::kBundle,
         .needs = {2}},
        {.id = 7,
         .core = core_of(guid_of(7), "Software", rules_of("<True />")),
         .action = DeploymentAction::kPreDeploymentCheck,
         .needs = {2}},
    };
    return server;
}

class AgentOnServer : public testing::Test {
protected:
    Agent agent(AgentOptions options = {}) {
        options.patience.wait = [this](std::chrono::milliseconds time) { waits_.push_back(time); };
        return {server_.transport(), "http://server:8530/", facts_, folder_.path(), clock_,
                std::move(options)};
    }

    ScanReport scan(AgentOptions options = {}) {
        auto report = agent(std::move(options)).scan();
        EXPECT_TRUE(report) << report.error().text();
        return report.value_or(ScanReport{});
    }

    std::vector<std::int16_t> event_ids() const {
        std::vector<std::int16_t> ids;
        for (const auto& event : server_.events) {
            ids.push_back(event.basic_data->event_id);
        }
        return ids;
    }

    std::string misc_of_status(std::string_view key) const {
        for (auto event = server_.events.rbegin(); event != server_.events.rend(); ++event) {
            for (const std::string& misc : event->extended_data->misc_data.or_default()) {
                if (event->basic_data->event_id == 156 && misc.starts_with(key)) {
                    return misc;
                }
            }
        }
        return {};
    }

    TemporaryFolder folder_;
    ManualClock clock_{kNow};
    Facts facts_;
    FakeServer server_ = small_server();
    std::vector<std::chrono::milliseconds> waits_;
};

TEST_F(AgentOnServer, ShakesHandsScansDownloadsInstallsAndReports) {
    const ScanReport report = scan();
    EXPECT_THAT(server_.operations,
                ElementsAre("GetConfig", "GetAuthorizationCookie", "GetCookie", "RegisterComputer",
                            "SyncUpdates", "SyncUpdates", "SyncUpdates", "SyncUpdates",
                            "GetExtendedUpdateInfo", "GetExtendedUpdateInfo",
                            "GetExtendedUpdateInfo", "ReportEventBatch"));
    EXPECT_EQ(report.rounds, 4U);
    EXPECT_EQ(report.new_updates, 7U);
    EXPECT_EQ(report.applicable, 2U);
    EXPECT_EQ(report.offered, 2U);
    EXPECT_EQ(report.downloaded_files, 2U);
    EXPECT_EQ(report.downloaded_bytes, 3'000'004U);
    EXPECT_EQ(report.installations, 2U);
    EXPECT_EQ(report.marked_only, 0U);
    EXPECT_EQ(report.installed, 3U);
    EXPECT_EQ(report.by_action.at("Bundle"), 2U);
    EXPECT_TRUE(server_.synchronizations.back().parameters->skip_software_sync);
}

TEST_F(AgentOnServer, ListsInstalledNonLeavesApartFromTheOtherCachedOnes) {
    scan({.download = false});
    const auto& first = *server_.synchronizations[0].parameters;
    EXPECT_FALSE(first.installed_non_leaf_update_ids);
    EXPECT_FALSE(first.other_cached_update_ids);
    const auto& third = *server_.synchronizations[2].parameters;
    EXPECT_THAT(*third.installed_non_leaf_update_ids, ElementsAre(1, 2));
    EXPECT_FALSE(third.other_cached_update_ids);
    const auto& drivers = *server_.synchronizations[3].parameters;
    EXPECT_THAT(*drivers.installed_non_leaf_update_ids, ElementsAre(1, 2));
    EXPECT_FALSE(drivers.other_cached_update_ids);
    EXPECT_TRUE(drivers.system_spec);
    EXPECT_FALSE(third.system_spec);
}

TEST_F(AgentOnServer, ReportsTheStatusOfDeployedUpdatesAndNotOfMembers) {
    scan({.install = false});
    EXPECT_THAT(event_ids(), ElementsAre(147, 167, 162, 167, 162, 156));
    EXPECT_EQ(misc_of_status("U="),
              "U=ABABABAB-ABAB-ABAB-ABAB-ABABABABAB03;"
              "ABABABAB-ABAB-ABAB-ABAB-ABABABABAB04");
    EXPECT_EQ(misc_of_status("V="), "V=ABABABAB-ABAB-ABAB-ABAB-ABABABABAB07");
    EXPECT_THAT(*server_.events[2].extended_data->misc_data, testing::Contains("B=3000000"));
    EXPECT_THAT(*server_.events[0].extended_data->replacement_strings, ElementsAre("2"));
    EXPECT_EQ(server_.events[0].basic_data->source_id, 101);
}

TEST_F(AgentOnServer, ASecondRunSendsItsCacheAndFindsWhatItInstalled) {
    scan();
    server_.operations.clear();
    server_.synchronizations.clear();
    const ScanReport report = scan();
    EXPECT_THAT(server_.operations, ElementsAre("SyncUpdates", "SyncUpdates", "ReportEventBatch"));
    const auto& first = *server_.synchronizations[0].parameters;
    EXPECT_THAT(*first.installed_non_leaf_update_ids, ElementsAre(1, 2));
    EXPECT_THAT(*first.other_cached_update_ids, ElementsAre(3, 4, 5, 6, 7));
    EXPECT_EQ(report.new_updates, 0U);
    EXPECT_EQ(report.applicable, 0U);
    EXPECT_EQ(report.installed, 3U);
    EXPECT_EQ(misc_of_status("U="), "U=");
}

TEST_F(AgentOnServer, WhatIsOutOfScopeLeavesTheCache) {
    scan();
    std::erase_if(server_.revisions, [](const auto& served) { return served.id == 7; });
    const ScanReport report = scan();
    EXPECT_EQ(report.out_of_scope, 1U);
    EXPECT_EQ(report.cached, 6U);
}

TEST_F(AgentOnServer, UnderstandsAnswersInXpress) {
    server_.xpress = true;
    EXPECT_EQ(scan().new_updates, 7U);
}

TEST_F(AgentOnServer, GetsSmallPagesUntilNothingIsLeft) {
    server_.page = 1;
    const ScanReport report = scan({.download = false});
    EXPECT_EQ(report.new_updates, 7U);
    EXPECT_EQ(report.rounds, 8U);
}

TEST_F(AgentOnServer, StopsAtAServerThatPromisesMoreAndSendsNothing) {
    server_.always_truncated = true;
    const auto report = agent().scan();
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, "agent.no_progress");
}

TEST_F(AgentOnServer, AnUpdateWhoseInstallationFailsIsReportedSo) {
    facts_.failing_updates = {guid_of(3)};
    const ScanReport report = scan();
    EXPECT_EQ(report.failed_installations, 1U);
    EXPECT_EQ(report.installations, 1U);
    EXPECT_THAT(event_ids(), ElementsAre(147, 167, 162, 167, 162, 181, 182, 181, 183, 156));
    EXPECT_EQ(server_.events[6].basic_data->win32_hresult,
              static_cast<std::int32_t>(kInstallFailed));
    EXPECT_THAT(*server_.events[6].extended_data->replacement_strings,
                ElementsAre("0x80070643", "Update 3"));
}

TEST_F(AgentOnServer, AskedLocationsStandInForThoseThatWereNotTold) {
    server_.hide_locations = true;
    EXPECT_EQ(scan().downloaded_files, 2U);
    EXPECT_EQ(server_.count("GetFileLocations"), 1U);
}

TEST_F(AgentOnServer, RangesComeInShuffledOrderAndEndAtTheLastByte) {
    scan({.seed = 3});
    std::vector<std::string> ranges = server_.ranges;
    ASSERT_EQ(ranges.size(), 4U);
    std::ranges::sort(ranges);
    EXPECT_THAT(ranges, ElementsAre("bytes=0-1048575", "bytes=0-3", "bytes=1048576-2097151",
                                    "bytes=2097152-2999999"));
}

TEST_F(AgentOnServer, ContentWithAWrongDigestIsNotKept) {
    for (auto& [path, bytes] : server_.content) {
        bytes[0] = 'x';
    }
    const ScanReport report = scan();
    EXPECT_EQ(report.failed_downloads, 2U);
    EXPECT_EQ(report.installations, 0U);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "files"));
    EXPECT_THAT(event_ids(), ElementsAre(147, 167, 161, 167, 161, 156));
    EXPECT_EQ(server_.events[2].basic_data->win32_hresult, static_cast<std::int32_t>(kWrongDigest));
}

TEST_F(AgentOnServer, AFileThatMovedIsLocatedAgain) {
    scan({.download = false});
    for (const auto& [path, bytes] : std::exchange(server_.content, {})) {
        server_.content["/Content/Elsewhere" + path.substr(8)] = bytes;
    }
    EXPECT_EQ(scan().downloaded_files, 2U);
    EXPECT_EQ(server_.count("GetFileLocations"), 1U);
}

TEST_F(AgentOnServer, MissingContentIsAFigureAndAnEvent) {
    auto transport = server_.transport();
    Agent agent(
        [&](const net::ClientRequest& request) -> Result<net::ClientResponse> {
            if (request.method == "GET") {
                net::ClientResponse missing;
                missing.status = 404;
                return missing;
            }
            return transport(request);
        },
        "http://server:8530", facts_, folder_.path(), clock_);
    const auto report = agent.scan();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->failed_downloads, 2U);
    EXPECT_EQ(server_.count("GetFileLocations"), 1U);
    EXPECT_EQ(server_.events[2].basic_data->win32_hresult, static_cast<std::int32_t>(kNotFound));
}

TEST_F(AgentOnServer, AnExpiredCookieIsRenewedWithTheOldOne) {
    server_.faults["SyncUpdates"] = {"CookieExpired"};
    const ScanReport report = scan({.download = false});
    EXPECT_EQ(report.faults.at("CookieExpired"), 1U);
    EXPECT_EQ(server_.count("GetConfig"), 1U);
    EXPECT_EQ(server_.count("GetAuthorizationCookie"), 2U);
    EXPECT_EQ(server_.count("GetCookie"), 2U);
    EXPECT_FALSE(server_.cookie_requests[0].old_cookie->encrypted_data);
    EXPECT_EQ(*server_.cookie_requests[1].old_cookie->encrypted_data, (Bytes{1, 2, 3}));
}

TEST_F(AgentOnServer, ACookieThatExpiredByTheClockIsRenewedWithoutAFault) {
    scan();
    clock_.advance(std::chrono::minutes{59});
    scan();
    EXPECT_EQ(server_.count("GetCookie"), 1U);
    clock_.advance(std::chrono::minutes{1});
    server_.expiration = clock_.now() + std::chrono::hours{1};
    const ScanReport report = scan();
    EXPECT_EQ(server_.count("GetCookie"), 2U);
    EXPECT_TRUE(report.faults.empty());
}

TEST_F(AgentOnServer, AChangedConfigurationIsReadAgain) {
    server_.faults["SyncUpdates"] = {"ConfigChanged"};
    scan({.download = false});
    EXPECT_EQ(server_.count("GetConfig"), 2U);
    EXPECT_EQ(server_.count("GetCookie"), 2U);
    EXPECT_EQ(server_.count("RefreshCache"), 0U);
}

TEST_F(AgentOnServer, RegistersAgainWhereTheServerForgotIt) {
    server_.faults["SyncUpdates"] = {"RegistrationRequired"};
    scan({.download = false});
    EXPECT_EQ(server_.count("RegisterComputer"), 2U);
}

TEST_F(AgentOnServer, ABusyServerIsAskedAgainAfterAWhile) {
    server_.faults["GetExtendedUpdateInfo"] = {"ServerBusy", "InternalServerError"};
    scan({.download = false});
    EXPECT_THAT(waits_,
                ElementsAre(std::chrono::milliseconds{1000}, std::chrono::milliseconds{2000}));
}

TEST_F(AgentOnServer, AnotherServerGivesTheCacheItsNewIds) {
    scan();
    for (auto& served : server_.revisions) {
        served.id += 100;
        for (std::int32_t& need : served.needs) {
            need += 100;
        }
    }
    server_.operations.clear();
    server_.synchronizations.clear();
    server_.faults["SyncUpdates"] = {"ServerChanged"};
    const ScanReport report = scan();
    EXPECT_THAT(server_.operations,
                ElementsAre("SyncUpdates", "GetConfig", "GetAuthorizationCookie", "GetCookie",
                            "RefreshCache", "SyncUpdates", "SyncUpdates", "ReportEventBatch"));
    EXPECT_FALSE(server_.cookie_requests.back().old_cookie->encrypted_data);
    EXPECT_THAT(*server_.synchronizations[0].parameters->installed_non_leaf_update_ids,
                ElementsAre(101, 102));
    EXPECT_EQ(report.new_updates, 0U);
    EXPECT_EQ(report.out_of_scope, 0U);
}

TEST_F(AgentOnServer, AServerWithoutRefreshCacheMakesTheCacheEmpty) {
    scan();
    server_.knows_refresh = false;
    server_.faults["SyncUpdates"] = {"InvalidCookie"};
    const ScanReport report = scan();
    EXPECT_EQ(report.new_updates, 7U);
}

TEST_F(AgentOnServer, ChangedFileLocationsAreAskedForAnew) {
    server_.faults["GetExtendedUpdateInfo"] = {"FileLocationChanged"};
    scan({.download = false});
    EXPECT_EQ(server_.count("GetExtendedUpdateInfo"), 4U);
}

TEST_F(AgentOnServer, AFaultThatReturnsAgainAndAgainEndsTheScan) {
    server_.faults["SyncUpdates"] = std::deque<std::string>(50, "InvalidCookie");
    const auto report = agent().scan();
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, "agent.fault");
    EXPECT_THAT(report.error().sentence, testing::HasSubstr("InvalidCookie"));
    EXPECT_LT(server_.operations.size(), 50U);
}

TEST_F(AgentOnServer, InvalidParametersEndTheScanAtOnce) {
    server_.faults["SyncUpdates"] = {"InvalidParameters"};
    const auto report = agent().scan();
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, "agent.fault");
    EXPECT_EQ(server_.count("SyncUpdates"), 1U);
}

TEST_F(AgentOnServer, FaultsDuringTheHandshakeAreRemediedToo) {
    server_.faults["GetCookie"] = {"ConfigChanged", "InvalidAuthorizationCookie"};
    server_.faults["GetConfig"] = {"RegistrationRequired"};
    scan({.download = false});
    EXPECT_EQ(server_.count("GetConfig"), 3U);
    EXPECT_EQ(server_.count("GetCookie"), 3U);
}

TEST_F(AgentOnServer, ADamagedCacheIsNamed) {
    scan();
    std::ofstream(folder_.path() / "state.json") << R"({"registration": 5})";
    const auto report = agent().scan();
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, "cache.malformed");
}

TEST_F(AgentOnServer, KeepsItsIdentityFromRunToRun) {
    scan();
    const auto first = load_state(folder_.path());
    scan();
    const auto second = load_state(folder_.path());
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->client_id, second->client_id);
}

TEST_F(AgentOnServer, ABundleThatContainsItselfIsNotApplicable) {
    server_.revisions.push_back(
        {.id = 8,
         .core = core_of(guid_of(8), "Software",
                         "<Relationships><BundledUpdates><UpdateIdentity UpdateID=\"" +
                             guid_of(8).text() +
                             "\" RevisionNumber=\"100\" /></BundledUpdates></Relationships>"),
         .action = DeploymentAction::kInstall});
    server_.revisions.push_back({.id = 9, .core = "<broken"});
    const ScanReport report = scan();
    EXPECT_EQ(report.offered, 2U);
    EXPECT_EQ(report.unreadable, 1U);
}

std::string load(const std::filesystem::path& path) {
    std::string text = test_help::read_file(path);
    EXPECT_FALSE(text.empty()) << path;
    return text;
}

std::filesystem::path recordings() {
    return test_help::fixtures() / "agent/category-scan";
}

/// The part of a recorded or a sent request that says which ids it is about.
std::string ids_in(const std::string& request) {
    std::string ids;
    for (std::size_t at = request.find("<int>"); at != std::string::npos;
         at = request.find("<int>", at + 1)) {
        ids += request.substr(at + 5, request.find('<', at + 5) - at - 5) + ' ';
    }
    return ids;
}

TEST(RecordedAgent, AsksInTheOrderOfARealOneAndForTheSameIds) {
    if (!std::filesystem::exists(recordings())) {
        GTEST_SKIP() << "The recordings are not there: set HEADWATER_SHARED to their folder.";
    }
    const std::vector<std::string> names = {"01-get-config",
                                            "02-get-authorization-cookie",
                                            "03-get-cookie",
                                            "04-register-computer",
                                            "05-start-category-scan",
                                            "06-sync-updates",
                                            "07-sync-updates",
                                            "08-sync-updates",
                                            "10-get-extended-update-info"};
    std::size_t next = 0;
    ManualClock clock(*from_xml_time("2026-10-04T15:03:36Z"));
    AgentOptions options;
    options.categories = {"dd78b8a1-0b20-45c1-add6-4da72e9364cf"_guid};
    options.report = false;
    Agent agent(
        [&](const net::ClientRequest& request) -> Result<net::ClientResponse> {
            if (next == names.size()) {
                return fail("test.more", "The agent asked more than a real one did.");
            }
            const std::string name = names[next++];
            const std::string headers = load(recordings() / (name + ".request.headers"));
            const std::string action = "SOAPAction: ";
            const std::size_t at = headers.find(action) + action.size();
            EXPECT_EQ(request.headers.get("SOAPAction").value_or(""),
                      headers.substr(at, headers.find('\r', at) - at));
            EXPECT_EQ(ids_in(request.body), ids_in(load(recordings() / (name + ".request.xml"))));
            net::ClientResponse response;
            response.status = 200;
            response.headers.add("Content-Type", "text/xml; charset=utf-8");
            response.body = load(recordings() / (name + ".response.xml"));
            return response;
        },
        "http://192.0.2.1:8530", {}, {}, clock, options);
    const auto report = agent.scan();
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(next, names.size());
    EXPECT_EQ(report->rounds, 3U);
    EXPECT_EQ(report->cached, 3U);
    EXPECT_EQ(report->by_action.at("Evaluate"), 3U);
    EXPECT_EQ(report->details, 3U);
    EXPECT_EQ(report->unreadable, 0U);
}

}  // namespace
}  // namespace headwater::simulation
