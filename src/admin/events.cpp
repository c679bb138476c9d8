#include <limits>

#include "admin/nouns.hpp"
#include "admin/values.hpp"
#include "admin/waiting.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kDefaultEvents = 100;
constexpr std::uint64_t kMaxEvents = 1'000;
constexpr std::uint64_t kMaxId = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t kMaxNumber = 99'999;

json::array texts(const std::vector<std::string>& values) {
    json::array list;
    for (const std::string& value : values) {
        list.push_back(json_text(value));
    }
    return list;
}

json::object event_json(const store::ServerEvent& event) {
    const diagnosis::EventDefinition* definition = diagnosis::find_event(event.number);
    return {{"id", event.id},
            {"number", event.number},
            {"name", json_text(definition == nullptr ? "" : definition->name)},
            {"time", to_json(event.time)},
            {"severity", json_text(diagnosis::name_of(event.severity))},
            {"text", json_text(event.text)},
            {"evidence", texts(event.evidence)},
            {"remedy", json_text(event.remedy)},
            {"over", event.over}};
}

Result<std::optional<store::EventSeverity>> read_severity(const Query& query) {
    using enum store::EventSeverity;
    const auto name = query.text("severity");
    if (!name) {
        return std::nullopt;
    }
    for (const auto severity : {kInformation, kWarning, kError}) {
        if (diagnosis::name_of(severity) == *name) {
            return severity;
        }
    }
    return fail("request.query", "There is no severity '" + std::string(name->substr(0, 64)) + "'.",
                "There are error, warning and information.");
}

struct EventQuery {
    store::EventFilter filter;
    std::chrono::milliseconds wait{0};
};

Result<EventQuery> read_query(const Query& query) {
    if (auto known = query.allow({"after", "before", "limit", "severity", "number", "wait"});
        !known) {
        return std::unexpected(known.error());
    }
    const auto after = query.number("after", 0, kMaxId);
    const auto before = query.number("before", 0, kMaxId);
    const auto limit = query.number("limit", kDefaultEvents, kMaxEvents);
    const auto number = query.number("number", 0, kMaxNumber);
    const auto wait = query.number("wait", 0, kMaxWaitMilliseconds);
    for (const auto* read : {&after, &before, &limit, &number, &wait}) {
        if (!*read) {
            return std::unexpected(read->error());
        }
    }
    const auto severity = read_severity(query);
    if (!severity) {
        return std::unexpected(severity.error());
    }
    EventQuery asked;
    asked.filter.after = static_cast<std::int64_t>(*after);
    asked.filter.before = static_cast<std::int64_t>(*before);
    asked.filter.limit = std::max<std::uint64_t>(*limit, 1);
    asked.filter.severity = *severity;
    if (*number > 0) {
        asked.filter.number = static_cast<std::uint32_t>(*number);
    }
    asked.wait = std::chrono::milliseconds(*wait);
    return asked;
}

Result<Reply> list_events(const Services& services, const Call& call,
                          const Waiting::Count& waiting) {
    const auto asked = read_query(call.query);
    if (!asked) {
        return std::unexpected(asked.error());
    }
    const Waiting one(waiting);
    // Before the events are read: whoever goes on from here misses none.
    std::int64_t last_id = asked->wait.count() > 0 && one.allowed()
                               ? services.journal.wait_for(asked->filter.after, asked->wait)
                               : services.journal.last_id();
    const auto events = services.store.server_events(asked->filter);
    if (!events) {
        return std::unexpected(events.error());
    }
    json::array list;
    for (const store::ServerEvent& event : *events) {
        last_id = std::max(last_id, event.id);
        list.push_back(event_json(event));
    }
    return Reply{json::object{{"events", std::move(list)}, {"last_id", last_id}}};
}

}  // namespace

void add_events(Dispatch& dispatch, Services& services, const Waiting::Count& waiting) {
    dispatch.add("GET", "events", [&services, waiting](const Call& call) {
        return list_events(services, call, waiting);
    });
}

}  // namespace headwater::admin
