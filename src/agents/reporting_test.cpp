// What agents report, and what follows from it for the status of their updates.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "agents/services.hpp"
#include "protocol/client_reporting.hpp"
#include "soap/call.hpp"
#include "store/sample_testing.hpp"

namespace headwater::agents {
namespace {

namespace fs = std::filesystem;
namespace wire = protocol::client_reporting;

using store::UpdateStatus;

const Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 10 / 4}};
constexpr const char* kComputer = "11111111-2222-3333-4444-555555555555";
constexpr Guid kOne = "0a000000-0000-0000-0000-000000000001"_guid;
constexpr Guid kTwo = "0a000000-0000-0000-0000-000000000002"_guid;

class Reports : public testing::Test {
protected:
    Reports() {
        folder_ = fs::temp_directory_path() / ("headwater-" + Guid::random().text());
        fs::create_directories(folder_);
        store_ = *store::open_sqlite(folder_ / "headwater.db");
        store::put_sample(*store_, {.updates = 300}, kNow);
        publisher_ = std::make_unique<policy::Publisher>(*store_);
        EXPECT_TRUE(publisher_->load());
        sealer_ = std::make_unique<protocol::Sealer>(
            Guid::random(), std::vector<protocol::Sealer::Key>{{1, Bytes(32, 7)}});
        services_ = std::make_unique<Services>(Context{*store_, *publisher_, *sealer_, clock_, kNow,
                                                       [](bool) { return std::uint16_t{8530}; }});
    }
    ~Reports() override {
        services_.reset();
        publisher_.reset();
        store_.reset();
        fs::remove_all(folder_);
    }

    static wire::ReportingEvent event(std::int16_t id, const Guid& update,
                                      std::vector<std::string> misc = {}) {
        wire::ReportingEvent event;
        wire::BasicData& basic = event.basic_data.ensure();
        basic.event_instance_id = Guid::random();
        basic.event_id = id;
        basic.source_id = 101;
        basic.update_id = wire::UpdateRevisionIdentifier{update, update == Guid{} ? 0 : 200};
        basic.win32_hresult = id == 182 ? -2145099769 : 0;
        soap::Array<std::string>& texts = event.extended_data.ensure().misc_data.ensure();
        for (std::string& text : misc) {
            texts.push_back(std::move(text));
        }
        return event;
    }
    static wire::ReportingEvent status(std::vector<std::string> misc) {
        return event(156, Guid{}, std::move(misc));
    }

    void report(const std::vector<wire::ReportingEvent>& events) {
        clock_.advance(std::chrono::seconds{1});
        wire::ReportEventBatch request;
        request.cookie = protocol::Cookie{
            clock_.now(), sealer_->seal(protocol::AgentCookie{
                              clock_.now() + std::chrono::hours{1}, {}, {}, 0, kComputer})};
        request.client_time = clock_.now();
        for (const wire::ReportingEvent& event : events) {
            request.event_batch.ensure().push_back(event);
        }
        const std::string& name_space = services_->reporting().options().name_space;
        const soap::Reply reply = services_->reporting().handle(
            {"text/xml; charset=utf-8", soap::soap_action(name_space, "ReportEventBatch"),
             soap::write_request(name_space, "ReportEventBatch", request), "updates.example:8530",
             "192.0.2.7", false});
        EXPECT_EQ(reply.status, 200) << reply.body;
    }

    /// The status of an update; "not applicable" without a row.
    std::optional<UpdateStatus> status_of(const Guid& update) {
        const auto rows = store_->statuses_of_computer(kComputer);
        for (const auto& row : *rows) {
            if (row.update_id == update) {
                changed_ = row.changed;
                return row.status;
            }
        }
        return std::nullopt;
    }
    Guid a_driver() {
        const auto view = publisher_->view();
        for (catalog::Index index = 0; index < view->catalog().size(); ++index) {
            if (view->catalog().revision(index).type == catalog::UpdateType::kDriver) {
                return view->catalog().revision(index).identity.update_id;
            }
        }
        ADD_FAILURE() << "The sample catalog has no driver.";
        return {};
    }

    fs::path folder_;
    ManualClock clock_{kNow};
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<policy::Publisher> publisher_;
    std::unique_ptr<protocol::Sealer> sealer_;
    std::unique_ptr<Services> services_;
    Time changed_;
};

std::string upper(const Guid& id) {
    std::string text = id.text();
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

TEST_F(Reports, OfTheClientsStatusAloneMakeAnUpdateNeededOrInstalled) {
    report({event(167, kOne), event(162, kOne), event(183, kOne), event(201, kTwo)});
    EXPECT_EQ(status_of(kOne), std::nullopt);
    EXPECT_EQ(status_of(kTwo), std::nullopt);
    report({status({"U=" + upper(kOne), "V=" + upper(kTwo), "G=1507.2601"})});
    EXPECT_EQ(status_of(kOne), UpdateStatus::kNeeded);
    EXPECT_EQ(status_of(kTwo), UpdateStatus::kInstalled);
    report({status({"U=", "V=" + upper(kOne) + ";" + upper(kTwo)})});
    EXPECT_EQ(status_of(kOne), UpdateStatus::kInstalled);
    EXPECT_EQ(status_of(kTwo), UpdateStatus::kInstalled);
    EXPECT_EQ(changed_, kNow + std::chrono::seconds{2}) << "an unchanged state keeps its time";
}

TEST_F(Reports, OfAFailedInstallationMakeItFailedUntilTheClientsStatusSaysOtherwise) {
    report({event(182, kOne), event(182, kTwo), event(182, Guid{})});
    EXPECT_EQ(status_of(kOne), UpdateStatus::kFailed);
    EXPECT_EQ(store_->statuses_of_computer(kComputer)->size(), 2U) << "a zero id is no update";
    report({status({"U=" + upper(kOne), "V="})});
    EXPECT_EQ(status_of(kOne), UpdateStatus::kNeeded);
    EXPECT_EQ(status_of(kTwo), std::nullopt) << "no longer named: not applicable";
}

TEST_F(Reports, OfTheClientsStatusLeaveWhatItListsAsFailedAndTheDrivers) {
    const Guid driver = a_driver();
    report({event(182, kOne), event(182, driver)});
    report({status({"U=", "V=", "g=" + upper(kOne)})});
    EXPECT_EQ(status_of(kOne), UpdateStatus::kFailed);
    EXPECT_EQ(status_of(driver), UpdateStatus::kFailed);
}

TEST_F(Reports, SentAgainTogetherWithNewOnesDoNotUndoWhatCameBetween) {
    const wire::ReportingEvent first = status({"U=" + upper(kOne), "V="});
    report({first});
    report({status({"U=", "V=" + upper(kOne)})});
    report({first, event(147, Guid{})});
    EXPECT_EQ(status_of(kOne), UpdateStatus::kInstalled);
}

TEST_F(Reports, WithoutAnUpdateAreKeptOnceForEachKindAndTheClientsStatusNotAtAll) {
    for (int i = 0; i < 3; ++i) {
        report({event(147, Guid{}), status({"U=", "V="}), event(181, kOne)});
    }
    const auto events = *store_->events(kComputer, 0);
    ASSERT_EQ(events.size(), 4U);
    EXPECT_EQ(std::ranges::count(events, 181, &store::ReportedEvent::event_id), 3);
    EXPECT_EQ(std::ranges::count(events, 147, &store::ReportedEvent::event_id), 1);
}

}  // namespace
}  // namespace headwater::agents
