#include "store/store_testing.hpp"

namespace headwater::store {
namespace {

constexpr Guid kAllComputers = "a0a08746-4dbe-4a37-9adf-9e7652c0b421"_guid;

Computer computer_of(const std::string& id, const std::string& name, Time contact) {
    Computer computer;
    computer.id = id;
    computer.dns_name = name;
    computer.ip_address = "192.0.2.1";
    computer.requested_group = "Servers";
    computer.last_contact = contact;
    return computer;
}

class ReportTest : public StoreTest {
protected:
    ReportTest() {
        EXPECT_TRUE(store().touch_computer(computer_of("pc", "pc.test", at(1))).has_value());
    }
    void report(const ReportBatch& batch) {
        const auto done = store().put_report(batch);
        EXPECT_TRUE(done.has_value()) << done.error().text();
    }
    [[nodiscard]] std::vector<ComputerUpdateStatus> statuses() {
        return value_of(store().statuses_of_computer("pc"));
    }
};

ReportedEvent event_of(std::uint32_t instance) {
    ReportedEvent event;
    event.computer_id = "pc";
    event.instance_id = guid_of(instance);
    event.event_id = 182;
    event.source_id = 101;
    event.update = RevisionIdentity{guid_of(9), 200};
    event.result = -2147024809;
    event.time_at_target = at(4);
    event.received = at(5);
    event.replacement_strings = {"0x80070057", "", "Title"};
    event.misc_data = {"A=1"};
    event.app_name = "Agent";
    return event;
}

using Statuses = std::vector<std::pair<std::uint32_t, UpdateStatus>>;

Report report_of(ReportedEvent event, std::int64_t received, const Statuses& statuses) {
    Report report{std::move(event), {}, {}};
    for (const auto& [update, status] : statuses) {
        report.statuses.push_back({"pc", guid_of(update), status, 0, at(received)});
    }
    return report;
}

/// An upload of events, the last of which sets statuses.
ReportBatch batch_of(std::int64_t received, const std::vector<ReportedEvent>& events,
                     const Statuses& statuses) {
    ReportBatch batch{"pc", at(received), {}};
    for (const ReportedEvent& event : events) {
        batch.reports.push_back(report_of(event, received, {}));
    }
    if (!events.empty()) {
        batch.reports.back() = report_of(events.back(), received, statuses);
    }
    return batch;
}

ReportedEvent status_of(std::uint32_t instance) {
    ReportedEvent event;
    event.computer_id = "pc";
    event.instance_id = guid_of(instance);
    event.event_id = kClientStatusEvent;
    return event;
}

TEST_F(StoreTest, TheFirstContactMakesAComputerAndLaterOnesUpdateIt) {
    Computer computer = computer_of("pc", "old.test", at(1));
    computer.groups = {kAllComputers};
    EXPECT_TRUE(store().touch_computer(computer).has_value());
    computer = computer_of("pc", "new.test", at(2));
    computer.groups = {guid_of(99)};  // only the first contact looks at groups
    EXPECT_TRUE(store().touch_computer(computer).has_value());
    reopen();
    const auto found = value_of(store().computer("pc"));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->id, "pc");
    EXPECT_EQ(found->dns_name, "new.test");
    EXPECT_EQ(found->ip_address, "192.0.2.1");
    EXPECT_EQ(found->requested_group, "Servers");
    EXPECT_EQ(found->groups, std::vector{kAllComputers});
    EXPECT_FALSE(found->registered);
    EXPECT_EQ(found->first_contact, at(1));
    EXPECT_EQ(found->last_contact, at(2));
    EXPECT_EQ(found->last_scan, std::nullopt);
    EXPECT_EQ(found->last_report, std::nullopt);
    EXPECT_EQ(value_of(store().computer("other")), std::nullopt);
}

TEST_F(StoreTest, RegistrationTellsTheDetails) {
    EXPECT_TRUE(store().touch_computer(computer_of("pc", "pc.test", at(1))).has_value());
    const ComputerDetails details{"10.0.26200", "Windows 11 Pro", "de-DE", "AMD64",
                                  "Maker",      "Model",          "1.2",   "7.9.9600"};
    EXPECT_TRUE(store().register_computer("pc", "full.test", details, at(3)).has_value());
    EXPECT_TRUE(store().touch_computer(computer_of("pc", "full.test", at(4))).has_value());
    const auto found = value_of(store().computer("pc"));
    ASSERT_TRUE(found.has_value());
    EXPECT_TRUE(found->registered);
    EXPECT_EQ(found->dns_name, "full.test");
    EXPECT_EQ(found->details.os_version, "10.0.26200");
    EXPECT_EQ(found->details.os_description, "Windows 11 Pro");
    EXPECT_EQ(found->details.os_locale, "de-DE");
    EXPECT_EQ(found->details.architecture, "AMD64");
    EXPECT_EQ(found->details.manufacturer, "Maker");
    EXPECT_EQ(found->details.model, "Model");
    EXPECT_EQ(found->details.bios_version, "1.2");
    EXPECT_EQ(found->details.client_version, "7.9.9600");
    EXPECT_EQ(found->first_contact, at(1));
}

TEST_F(StoreTest, AnUnknownComputerMayRegister) {
    EXPECT_TRUE(store().register_computer("pc", "pc.test", {}, at(3)).has_value());
    const auto found = value_of(store().computer("pc"));
    ASSERT_TRUE(found.has_value());
    EXPECT_TRUE(found->registered);
    EXPECT_EQ(found->first_contact, at(3));
}

TEST_F(StoreTest, ComputersAreListedByNameInParts) {
    for (const char* name : {"c.test", "A.test", "b.test"}) {
        EXPECT_TRUE(store().touch_computer(computer_of(name, name, at(1))).has_value());
    }
    EXPECT_EQ(value_of(store().computer_count()), 3U);
    const auto all = value_of(store().computers(0, 0));
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].dns_name, "A.test");
    EXPECT_EQ(all[1].dns_name, "b.test");
    const auto part = value_of(store().computers(1, 1));
    ASSERT_EQ(part.size(), 1U);
    EXPECT_EQ(part[0].dns_name, "b.test");
    EXPECT_EQ(value_of(store().computers(1, 0)).size(), 2U);
}

TEST_F(StoreTest, AComputerMovesBetweenGroups) {
    EXPECT_TRUE(store().put_group({guid_of(1), "Servers", kAllComputers, false}).has_value());
    EXPECT_TRUE(store().touch_computer(computer_of("pc", "pc.test", at(1))).has_value());
    const std::array twice = {guid_of(1), kAllComputers, guid_of(1)};
    EXPECT_TRUE(store().set_computer_groups("pc", twice).has_value());
    const auto moved = value_of(store().computer("pc"));
    ASSERT_TRUE(moved.has_value());
    EXPECT_EQ(moved->groups.size(), 2U);
    const std::array unknown = {guid_of(77)};
    EXPECT_EQ(code_of(store().set_computer_groups("pc", unknown)), "store.conflict");
    EXPECT_EQ(code_of(store().set_computer_groups("other", twice)), "store.unknown");
    const auto unmoved = value_of(store().computer("pc"));
    ASSERT_TRUE(unmoved.has_value());
    EXPECT_EQ(unmoved->groups, moved->groups);
    EXPECT_TRUE(store().set_computer_groups("pc", {}).has_value());
    EXPECT_TRUE(value_of(store().computer("pc")).value_or(Computer{}).groups.empty());
}

TEST_F(StoreTest, ANotedScanIsStoredInTheEnd) {
    EXPECT_TRUE(store().touch_computer(computer_of("pc", "pc.test", at(1))).has_value());
    store().note_scan("pc", at(7));
    store().note_scan("pc", at(6));
    store().note_scan("unknown", at(7));
    reopen();
    EXPECT_EQ(value_of(store().computer("pc")).value_or(Computer{}).last_scan, at(7));
    EXPECT_EQ(value_of(store().computer_count()), 1U);
}

TEST_F(ReportTest, AnEventComesBackAsItWasReported) {
    ReportedEvent bare;
    bare.instance_id = guid_of(2);
    report(batch_of(5, {event_of(1), bare}, {}));
    reopen();
    const auto events = value_of(store().events("pc", 0));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].instance_id, guid_of(2));
    EXPECT_EQ(events[0].update, std::nullopt);
    EXPECT_TRUE(events[0].misc_data.empty());
    const ReportedEvent given = event_of(1);
    EXPECT_EQ(events[1].computer_id, "pc");
    EXPECT_EQ(events[1].instance_id, given.instance_id);
    EXPECT_EQ(events[1].event_id, 182);
    EXPECT_EQ(events[1].source_id, 101);
    EXPECT_EQ(events[1].update, given.update);
    EXPECT_EQ(events[1].result, given.result);
    EXPECT_EQ(events[1].time_at_target, at(4));
    EXPECT_EQ(events[1].received, at(5));
    EXPECT_EQ(events[1].replacement_strings, given.replacement_strings);
    EXPECT_EQ(events[1].misc_data, given.misc_data);
    EXPECT_EQ(events[1].app_name, "Agent");
    EXPECT_EQ(value_of(store().events("pc", 1)).size(), 1U);
    EXPECT_EQ(value_of(store().computer("pc")).value_or(Computer{}).last_report, at(5));
}

TEST_F(ReportTest, ARepeatedEventChangesNothingAndANewOneBesideItCounts) {
    report(batch_of(5, {event_of(1), event_of(1)}, {}));
    ReportBatch batch{"pc", at(6), {}};
    batch.reports.push_back(report_of(event_of(1), 6, {{8, UpdateStatus::kFailed}}));
    batch.reports.push_back(report_of(event_of(2), 6, {{9, UpdateStatus::kInstalled}}));
    report(batch);
    EXPECT_EQ(value_of(store().events("pc", 0)).size(), 2U);
    ASSERT_EQ(statuses().size(), 1U);
    EXPECT_EQ(statuses()[0].update_id, guid_of(9));
    EXPECT_EQ(statuses()[0].status, UpdateStatus::kInstalled);
}

TEST_F(ReportTest, ARepeatedUploadChangesNothing) {
    const ReportBatch first = batch_of(5, {status_of(1)}, {{9, UpdateStatus::kNeeded}});
    report(first);
    report(batch_of(6, {status_of(2)}, {{8, UpdateStatus::kInstalled}}));
    ReportBatch repeated = first;
    repeated.received = at(7);
    report(repeated);
    ASSERT_EQ(statuses().size(), 1U);
    EXPECT_EQ(statuses()[0].update_id, guid_of(8));
    EXPECT_EQ(statuses()[0].changed, at(6));
    EXPECT_EQ(value_of(store().computer("pc")).value_or(Computer{}).last_report, at(6));
}

TEST_F(ReportTest, AnUnchangedStatusKeepsItsTime) {
    report(batch_of(5, {status_of(1)}, {{1, UpdateStatus::kNeeded}, {2, UpdateStatus::kNeeded}}));
    ReportBatch later =
        batch_of(6, {status_of(2)}, {{1, UpdateStatus::kNeeded}, {2, UpdateStatus::kInstalled}});
    later.reports[0].statuses[0].result = 42;
    report(later);
    ASSERT_EQ(statuses().size(), 2U);
    EXPECT_EQ(statuses()[0].changed, at(5));
    EXPECT_EQ(statuses()[0].result, 42);
    EXPECT_EQ(statuses()[1].changed, at(6));
    EXPECT_EQ(statuses()[1].status, UpdateStatus::kInstalled);
}

TEST_F(ReportTest, AClientStatusRemovesWhatItNoLongerNames) {
    report(batch_of(5, {event_of(1)},
                    {{1, UpdateStatus::kNeeded},
                     {2, UpdateStatus::kInstalled},
                     {3, UpdateStatus::kFailed},
                     {4, UpdateStatus::kNeeded},
                     {5, UpdateStatus::kFailed}}));
    ReportBatch detection = batch_of(6, {status_of(2)}, {{4, UpdateStatus::kNeeded}});
    detection.reports[0].unchanged = {guid_of(5)};
    report(detection);
    const auto left = statuses();
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(left[0].update_id, guid_of(4));
    EXPECT_EQ(left[0].changed, at(5));
    EXPECT_EQ(left[1].update_id, guid_of(5));
    EXPECT_EQ(left[1].status, UpdateStatus::kFailed);
}

TEST_F(ReportTest, OfTwoClientStatusesInOneUploadTheLaterOneHolds) {
    ReportBatch batch{"pc", at(5), {}};
    batch.reports.push_back(
        report_of(status_of(1), 5, {{1, UpdateStatus::kNeeded}, {2, UpdateStatus::kNeeded}}));
    batch.reports.push_back(report_of(status_of(2), 5, {{2, UpdateStatus::kInstalled}}));
    report(batch);
    ASSERT_EQ(statuses().size(), 1U);
    EXPECT_EQ(statuses()[0].update_id, guid_of(2));
    EXPECT_EQ(statuses()[0].status, UpdateStatus::kInstalled);
}

TEST_F(ReportTest, OfEventsThatNameNoUpdateTheNewestOfEachKindIsKept) {
    std::uint32_t instance = 0;
    for (const std::int32_t kind : {147, 148, 147, 156, 147, 156}) {
        ReportedEvent event = event_of(++instance);
        event.event_id = kind;
        event.update = std::nullopt;
        report(batch_of(5, {event, event_of(100 + instance)}, {}));
    }
    const auto events = value_of(store().events("pc", 0));
    std::vector<Guid> kept;
    for (const ReportedEvent& event : events) {
        if (!event.update) {
            kept.push_back(event.instance_id);
        }
    }
    EXPECT_EQ(kept, (std::vector{guid_of(5), guid_of(2)}));
    EXPECT_EQ(events.size(), 8U) << "each event that names an update stays";
}

TEST_F(ReportTest, OneComputerDoesNotChangeTheStatusesOfAnother) {
    EXPECT_TRUE(store().touch_computer(computer_of("other", "o.test", at(1))).has_value());
    report(batch_of(5, {status_of(1)}, {{1, UpdateStatus::kNeeded}}));
    ReportBatch other = batch_of(6, {status_of(2)}, {{1, UpdateStatus::kInstalled}});
    other.computer_id = "other";
    report(other);
    const auto both = value_of(store().statuses_of_update(guid_of(1)));
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].computer_id, "other");
    EXPECT_EQ(both[0].status, UpdateStatus::kInstalled);
    EXPECT_EQ(both[1].computer_id, "pc");
    EXPECT_EQ(both[1].status, UpdateStatus::kNeeded);
    EXPECT_TRUE(value_of(store().statuses_of_update(guid_of(2))).empty());
}

TEST_F(ReportTest, AReportOfAComputerNotSeenBeforeIsKept) {
    ReportBatch batch = batch_of(5, {event_of(1)}, {{1, UpdateStatus::kNeeded}});
    batch.computer_id = "stranger";
    report(batch);
    EXPECT_EQ(value_of(store().events("stranger", 0)).size(), 1U);
    EXPECT_EQ(value_of(store().statuses_of_computer("stranger")).size(), 1U);
    EXPECT_EQ(value_of(store().computer("stranger")).value_or(Computer{}).first_contact, at(5));
}

TEST_F(ReportTest, ADamagedListOfTextsIsCorruptAndNotACrash) {
    report(batch_of(5, {event_of(1)}, {}));
    for (const char* blob : {"x'01'", "x'ffffffff41'", "x'0200000041'"}) {
        const std::string sql = std::string("UPDATE reported_event SET misc_data = ") + blob;
        const auto spoiled = store().writer().write(
            [&](Connection& connection) { return connection.script(sql.c_str()); });
        ASSERT_TRUE(spoiled.has_value());
        EXPECT_EQ(code_of(store().events("pc", 0)), "store.corrupt") << blob;
    }
}

}  // namespace
}  // namespace headwater::store
