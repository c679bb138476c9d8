#include "upstream/schedule.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <ctime>

#include "upstream/run_error.hpp"

namespace headwater::upstream {
namespace {

namespace json = boost::json;

constexpr unsigned kMinutesOfADay = 24 * 60;
constexpr const char* kScheduled = "scheduled";
constexpr const char* kRetry = "retry";

std::time_t seconds_of(Time time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// A wall-clock minute of the day that is so many days from the local day of a moment.
Time at_local_minute(std::time_t moment, int days, unsigned minute) {
    std::tm local{};
    ::localtime_r(&moment, &local);
    local.tm_mday += days;
    local.tm_hour = static_cast<int>(minute / 60);
    local.tm_min = static_cast<int>(minute % 60);
    local.tm_sec = 0;
    // The zone's rules of that day hold, not those of the moment.
    local.tm_isdst = -1;
    return Time{std::chrono::seconds(std::mktime(&local))};
}

json::object parsed(const std::string& text) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    return !error && value.is_object() ? value.get_object() : json::object{};
}

std::string text(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string{};
}

unsigned number(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_int64() && value->get_int64() >= 0 &&
                   value->get_int64() <= kMinutesOfADay
               ? static_cast<unsigned>(value->get_int64())
               : 0;
}

std::optional<Time> time(const json::object& object, std::string_view name) {
    return from_xml_time(text(object, name));
}

bool flag(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace

Time next_due(const policy::ScheduleOptions& schedule, Time after) {
    const std::time_t moment = seconds_of(after);
    std::optional<Time> first;
    // A day of 23 hours leaves the answer at most two local days away.
    for (int day = -1; day <= 2; ++day) {
        for (unsigned i = 0; i < schedule.per_day; ++i) {
            const unsigned minute =
                (schedule.first_minute + i * kMinutesOfADay / schedule.per_day) % kMinutesOfADay;
            const Time at = at_local_minute(moment, day, minute);
            if (at > after && (!first || at < *first)) {
                first = at;
            }
        }
    }
    return *first;
}

std::chrono::seconds offset_of(const policy::ScheduleOptions& schedule, Time due,
                               const Guid& server) {
    if (schedule.random_minutes == 0) {
        return std::chrono::seconds{0};
    }
    // FNV-1a: spread evenly over servers and days, nothing more.
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : server.text() + std::to_string(seconds_of(due))) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    }
    return std::chrono::seconds(hash % (schedule.random_minutes * 60 + 1));
}

Plan Plan::from_json(const std::string& stored) {
    Plan plan;
    const json::object object = parsed(stored);
    plan.schedule_ = {flag(object, "automatic"), number(object, "first_minute"),
                      std::clamp(number(object, "per_day"), 1U, 24U),
                      number(object, "random_minutes")};
    plan.handled_ = time(object, "handled").value_or(Time{});
    plan.not_before_ = time(object, "not_before").value_or(Time{});
    plan.attempt_ = std::min(number(object, "attempt"), kRetries);
    const auto at = time(object, "retry_at");
    const unsigned attempt = number(object, "retry_attempt");
    if (at && attempt >= 1 && attempt <= kRetries) {
        plan.retry_ = Retry{*at, attempt, text(object, "retry_reason")};
    }
    return plan;
}

std::string Plan::to_json() const {
    json::object object = {{"automatic", schedule_.automatic},
                           {"first_minute", schedule_.first_minute},
                           {"per_day", schedule_.per_day},
                           {"random_minutes", schedule_.random_minutes},
                           {"handled", to_xml_time(handled_)},
                           {"not_before", to_xml_time(not_before_)},
                           {"attempt", attempt_}};
    if (retry_) {
        object["retry_at"] = to_xml_time(retry_->at);
        object["retry_attempt"] = retry_->attempt;
        object["retry_reason"] = retry_->reason;
    }
    return json::serialize(object);
}

void Plan::use(const policy::ScheduleOptions& schedule, const Guid& server, Time now) {
    server_ = server;
    // A clock that was ahead and is set right must not stop the schedule.
    if (schedule == schedule_ && handled_ <= now) {
        return;
    }
    schedule_ = schedule;
    handled_ = now;
    if (!schedule.automatic) {
        retry_.reset();
    }
}

std::optional<Time> Plan::next_scheduled() const {
    if (!schedule_.automatic) {
        return std::nullopt;
    }
    const Time due = next_due(schedule_, handled_);
    return std::max(due + offset_of(schedule_, due, server_), not_before_);
}

std::optional<std::string> Plan::due(Time now) const {
    if (retry_ && retry_->at <= now) {
        return kRetry;
    }
    const auto scheduled = next_scheduled();
    return scheduled && *scheduled <= now ? std::optional<std::string>(kScheduled) : std::nullopt;
}

std::optional<Time> Plan::next() const {
    const auto scheduled = next_scheduled();
    return retry_ && (!scheduled || retry_->at < *scheduled) ? std::optional(retry_->at)
                                                             : scheduled;
}

void Plan::begun(const std::string& kind, Time now) {
    attempt_ = kind == kRetry && retry_ ? retry_->attempt : 0;
    retry_.reset();
    not_before_ = {};
    if (kind == kScheduled || kind == kRetry) {
        // Times that passed meanwhile are made up by this run.
        handled_ = std::max(handled_, now);
    }
}

void Plan::ended(const store::SyncRun& run, Time now) {
    const bool is_ours = run.kind == kScheduled || run.kind == kRetry;
    if (run.result == store::RunResult::kFailed && schedule_.automatic && is_ours) {
        const RunError error = parse_run_error(run.error);
        if (const auto wait = retry_after(error, now)) {
            not_before_ = now + *wait;
        }
        if (attempt_ < kRetries && is_not_available(error)) {
            retry_ = Retry{std::max(now + kRetryAfter, not_before_), attempt_ + 1, error.message};
        }
    }
    attempt_ = 0;
}

void Plan::was_interrupted(Time now) {
    if (schedule_.automatic && !retry_) {
        retry_ = Retry{now + kResumeAfter, std::min(attempt_ + 1, kRetries),
                       "The synchronization before was cut off."};
    }
}

}  // namespace headwater::upstream
