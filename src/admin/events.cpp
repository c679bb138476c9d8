#include <limits>
#include <mutex>

#include "admin/nouns.hpp"
#include "admin/values.hpp"
#include "admin/waiting.hpp"
#include "diagnosis/events.hpp"

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

json::value name_of(const store::ServerEvent& event) {
    const diagnosis::EventDefinition* definition = diagnosis::find_event(event.number);
    return json_text(definition == nullptr ? "" : definition->name);
}

json::value severity_of(const store::ServerEvent& event) {
    return json_text(diagnosis::name_of(event.severity));
}

json::object event_json(const store::ServerEvent& event) {
    return {{"id", event.id},
            {"number", event.number},
            {"name", name_of(event)},
            {"time", to_json(event.time)},
            {"severity", severity_of(event)},
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

Reply show_health(const Services& services) {
    json::array conditions;
    for (const store::ServerEvent& event : services.journal.conditions()) {
        conditions.push_back(json::object{{"number", event.number},
                                          {"name", name_of(event)},
                                          {"severity", severity_of(event)},
                                          {"since", to_json(event.time)},
                                          {"text", json_text(event.text)},
                                          {"evidence", texts(event.evidence)},
                                          {"remedy", json_text(event.remedy)}});
    }
    return Reply{json::object{{"conditions", std::move(conditions)}}};
}

/// A round of checks asks the server itself: it occupies a worker, as a request that waits.
Result<Reply> check_health(Services& services, const Waiting::Count& waiting) {
    const Waiting one(waiting);
    if (!one.allowed()) {
        return fail("health.busy", "Too many requests wait already.",
                    "Repeat this in a few seconds; the checks also run by themselves.");
    }
    services.health.check();
    return show_health(services);
}

Result<Reply> show_options(const Services& services) {
    const auto options = diagnosis::load_health_options(services.store);
    if (!options) {
        return std::unexpected(options.error());
    }
    return Reply{diagnosis::to_json(*options)};
}

/// Fields that are absent keep their values.
Result<Reply> change_options(Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const auto before = diagnosis::load_health_options(services.store);
    if (!before) {
        return std::unexpected(before.error());
    }
    diagnosis::HealthOptions options = *before;
    for (const diagnosis::HealthField& field : diagnosis::health_fields()) {
        options.*field.value =
            static_cast<unsigned>(fields->number(field.name, options.*field.value, field.most));
    }
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    if (auto saved = diagnosis::save_health_options(services.store, options); !saved) {
        return std::unexpected(saved.error());
    }
    json::object shown = diagnosis::to_json(options);
    diagnosis::tell_option_changed(services.journal, "The options of the health monitor",
                                   call.caller.name, diagnosis::to_json(*before), shown);
    services.health.wake();
    return Reply{std::move(shown)};
}

}  // namespace

void add_events(Dispatch& dispatch, Services& services, const Waiting::Count& waiting) {
    dispatch.add("GET", "events", [&services, waiting](const Call& call) {
        return list_events(services, call, waiting);
    });
    dispatch.add("GET", "health", [&services](const Call&) { return show_health(services); });
    dispatch.add("POST", "health",
                 [&services, waiting](const Call&) { return check_health(services, waiting); });
    dispatch.add("GET", "options/health",
                 [&services](const Call&) { return show_options(services); });
    // Two administrators who change different fields at once keep both changes.
    auto changing = std::make_shared<std::mutex>();
    dispatch.add("PUT", "options/health", [&services, changing](const Call& call) {
        const std::scoped_lock lock(*changing);
        return change_options(services, call);
    });
}

}  // namespace headwater::admin
