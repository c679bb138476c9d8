#include "store/sqlite_schema.hpp"
#include "store/store_testing.hpp"

namespace headwater::store {
namespace {

EventToStore event_of(std::uint32_t number, std::int64_t milliseconds,
                      EventSeverity severity = EventSeverity::kInformation,
                      ConditionChange change = ConditionChange::kNone) {
    ServerEvent event;
    event.number = number;
    event.time = at(milliseconds);
    event.severity = severity;
    event.over = change == ConditionChange::kEnds;
    event.text = "Event " + std::to_string(number);
    event.evidence = {"first", "", "third"};
    event.remedy = "Do something.";
    return {event, change};
}

class EventsTest : public StoreTest {
protected:
    std::int64_t put(const EventToStore& event) {
        return value_of(store().put_server_events({&event, 1}));
    }
    std::vector<std::uint32_t> numbers(const EventFilter& filter) {
        std::vector<std::uint32_t> found;
        for (const ServerEvent& event : value_of(store().server_events(filter))) {
            found.push_back(event.number);
        }
        return found;
    }
    std::vector<std::uint32_t> open_numbers() {
        std::vector<std::uint32_t> found;
        for (const ServerEvent& event : value_of(store().open_conditions())) {
            found.push_back(event.number);
        }
        return found;
    }
};

TEST_F(EventsTest, AnEventComesBackAsItWasStored) {
    EXPECT_EQ(value_of(store().last_server_event()), 0);
    const auto id = put(event_of(386, 5, EventSeverity::kError));
    reopen();
    const auto events = value_of(store().server_events({}));
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].id, id);
    EXPECT_EQ(events[0].number, 386U);
    EXPECT_EQ(events[0].time, at(5));
    EXPECT_EQ(events[0].severity, EventSeverity::kError);
    EXPECT_FALSE(events[0].over);
    EXPECT_EQ(events[0].text, "Event 386");
    EXPECT_EQ(events[0].evidence, (std::vector<std::string>{"first", "", "third"}));
    EXPECT_EQ(events[0].remedy, "Do something.");
    EXPECT_EQ(value_of(store().last_server_event()), id);
}

TEST_F(EventsTest, EventsAreListedTheNewestFirstAndRestrictedByWhatIsAsked) {
    const std::array many = {event_of(382, 1), event_of(386, 2, EventSeverity::kError),
                             event_of(382, 3), event_of(10042, 4, EventSeverity::kWarning),
                             event_of(386, 5, EventSeverity::kError)};
    const auto last = value_of(store().put_server_events(many));
    using Numbers = std::vector<std::uint32_t>;
    EXPECT_EQ(numbers({}), (Numbers{386, 10042, 382, 386, 382}));
    EXPECT_EQ(numbers({.limit = 2}), (Numbers{386, 10042}));
    EXPECT_EQ(numbers({.limit = 0}).size(), 5U);
    EXPECT_EQ(numbers({.after = last - 2}), (Numbers{386, 10042}));
    EXPECT_EQ(numbers({.after = last - 3, .before = last}), (Numbers{10042, 382}));
    EXPECT_EQ(numbers({.after = last}), Numbers{});
    EXPECT_EQ(numbers({.number = 382}), (Numbers{382, 382}));
    EXPECT_EQ(numbers({.severity = EventSeverity::kWarning}), Numbers{10042});
    EXPECT_EQ(numbers({.severity = EventSeverity::kError, .number = 382}), Numbers{});
    EXPECT_EQ(numbers({.before = last, .severity = EventSeverity::kError, .number = 386}),
              Numbers{386});
}

TEST_F(EventsTest, AConditionIsOpenFromItsBeginningToItsEnd) {
    const auto began = put(event_of(10021, 1, EventSeverity::kError, ConditionChange::kBegins));
    put(event_of(10042, 2, EventSeverity::kWarning, ConditionChange::kBegins));
    reopen();
    const auto open = value_of(store().open_conditions());
    ASSERT_EQ(open.size(), 2U);
    EXPECT_EQ(open[0].id, began);
    EXPECT_EQ(open[0].number, 10021U);
    EXPECT_EQ(open[0].time, at(1));
    EXPECT_EQ(open[0].severity, EventSeverity::kError);
    EXPECT_EQ(open[0].text, "Event 10021");
    EXPECT_EQ(open[0].evidence.size(), 3U);
    EXPECT_EQ(open[0].remedy, "Do something.");
    put(event_of(10021, 3, EventSeverity::kInformation, ConditionChange::kEnds));
    EXPECT_EQ(open_numbers(), std::vector<std::uint32_t>{10042});
    EXPECT_TRUE(value_of(store().server_events({})).front().over);
}

TEST_F(EventsTest, PruningTakesOldEventsAndNoOpenCondition) {
    put(event_of(10021, 1, EventSeverity::kError, ConditionChange::kBegins));
    const auto last = put(event_of(382, 2));
    EXPECT_EQ(value_of(store().prune_server_events(at(2))), 1U);
    EXPECT_EQ(numbers({}), std::vector<std::uint32_t>{382});
    EXPECT_EQ(value_of(store().prune_server_events(at(9))), 1U);
    EXPECT_EQ(value_of(store().prune_server_events(at(9))), 0U);
    EXPECT_EQ(open_numbers(), std::vector<std::uint32_t>{10021});
    reopen();
    EXPECT_EQ(value_of(store().last_server_event()), last);
    EXPECT_GT(put(event_of(384, 10)), last) << "an id is never given twice";
}

TEST_F(EventsTest, CountsWhatTheHealthMonitorAsksFor) {
    const auto none = value_of(store().health_facts(at(0), at(0)));
    EXPECT_EQ(none.last_success, std::nullopt);
    EXPECT_EQ(none.computers + none.silent_computers + none.installations, 0U);

    SyncRun run;
    for (const auto& [ended, result] :
         {std::pair{at(10), RunResult::kSucceeded}, std::pair{at(30), RunResult::kFailed},
          std::pair{at(20), RunResult::kSucceeded}}) {
        run.ended = ended;
        run.result = result;
        value_of(store().start_run(run));
    }
    ReportBatch batch{"reports", at(100), {}};
    for (const std::int32_t event_id : {182, 182, 183, 184, 181, 167}) {
        ReportedEvent event;
        event.instance_id = guid_of(static_cast<std::uint32_t>(batch.reports.size() + 1));
        event.update = RevisionIdentity{guid_of(9), 200};
        event.event_id = event_id;
        event.received = at(event_id == 184 ? 40 : 100);
        batch.reports.push_back({event, {}, {}});
    }
    ASSERT_TRUE(store().put_report(batch).has_value());
    Computer silent;
    silent.id = "silent";
    silent.first_contact = silent.last_contact = at(50);
    ASSERT_TRUE(store().touch_computer(silent).has_value());

    const auto facts = value_of(store().health_facts(at(60), at(40)));
    EXPECT_EQ(facts.last_success, at(20));
    EXPECT_EQ(facts.computers, 2U);
    EXPECT_EQ(facts.silent_computers, 1U);
    EXPECT_EQ(facts.installations, 4U);
    EXPECT_EQ(facts.failed_installations, 2U);
    EXPECT_EQ(value_of(store().health_facts(at(50), at(41))).silent_computers, 0U);
    EXPECT_EQ(value_of(store().health_facts(at(101), at(41))).silent_computers, 2U);
    EXPECT_EQ(value_of(store().health_facts(at(60), at(41))).installations, 3U);
}

TEST_F(EventsTest, ADatabaseOfTheFirstVersionIsUpgradedAndKeepsItsData) {
    store_.reset();
    const auto old = folder_.path() / "old.db";
    test_help::write_file(old, "");
    {
        auto connection = Connection::open(old, Connection::Mode::kWrite);
        ASSERT_TRUE(connection.has_value()) << connection.error().text();
        ASSERT_TRUE(migrate(*connection, 1).has_value());
        ASSERT_TRUE(connection
                        ->script("INSERT INTO setting VALUES ('kept', 'yes');"
                                 "INSERT INTO sync_run (kind, upstream, started, ended, result, "
                                 "new_updates, revised_updates, expired_updates, revisions, "
                                 "requests, bytes, stages, error) VALUES ('manual', "
                                 "'http://up', 1, 2, 1, 0, 0, 0, 0, 0, 0, '', '');"
                                 "INSERT INTO computer (id, first_contact, last_contact) "
                                 "VALUES ('pc', 1, 1)")
                        .has_value());
    }
    const auto opened = value_of(SqliteStore::open(old));
    ASSERT_NE(opened, nullptr);
    EXPECT_EQ(value_of(opened->setting("kept")), "yes");
    EXPECT_EQ(value_of(opened->runs(0)).size(), 1U);
    const EventToStore event = event_of(384, 1);
    EXPECT_EQ(value_of(opened->put_server_events({&event, 1})), 1);
    const auto facts = value_of(opened->health_facts(at(0), at(0)));
    EXPECT_EQ(facts.last_success, Time(Microseconds(2)));
    EXPECT_EQ(facts.silent_computers, 1U);
}

TEST_F(EventsTest, AFullDiskIsAnErrorAndNotAnEnd) {
    ASSERT_TRUE(store().limit_pages(1).has_value());
    EventToStore large = event_of(384, 1);
    large.event.text = std::string(100'000, 'x');
    EXPECT_EQ(code_of(store().put_server_events({&large, 1})), "store.full");
    ASSERT_TRUE(store().limit_pages(0).has_value());
    EXPECT_EQ(put(large), 1);
}

}  // namespace
}  // namespace headwater::store
