#include "diagnosis/journal.hpp"

#include <syslog.h>

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/utf.hpp"

namespace headwater::diagnosis {
namespace {

constexpr std::size_t kMaxText = 4096;
constexpr std::size_t kMaxEvidence = 32;
/// What may wait for the disk; beyond it the oldest is lost to the database.
constexpr std::size_t kMaxQueued = 10'000;
/// Events in one commit.
constexpr std::size_t kMaxTogether = 500;

/// One line of valid UTF-8: evidence holds what other servers sent.
std::string clean(std::string text) {
    if (text.size() > kMaxText) {
        text.resize(kMaxText);
        while (!text.empty() && !is_valid_utf8(text) && text.size() > kMaxText - 4) {
            text.pop_back();
        }
    }
    const bool is_utf8 = is_valid_utf8(text);
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20U || byte == 0x7fU) {
            c = ' ';
        } else if (byte >= 0x80U && !is_utf8) {
            c = '?';
        }
    }
    return text;
}

std::string line_of(const store::ServerEvent& event) {
    const EventDefinition* definition = find_event(event.number);
    std::string line = "Event " + std::to_string(event.number) + " (" +
                       std::string(definition == nullptr ? "unknown" : definition->name) +
                       "): " + event.text;
    for (std::size_t i = 0; i < event.evidence.size(); ++i) {
        line += (i == 0 ? " [" : "; ") + event.evidence[i];
    }
    line += event.evidence.empty() ? "" : "]";
    return event.remedy.empty() ? line : line + " " + event.remedy;
}

void log_line(store::EventSeverity severity, const std::string& line) {
    switch (severity) {
        case store::EventSeverity::kInformation:
            log::info(line);
            break;
        case store::EventSeverity::kWarning:
            log::warning(line);
            break;
        case store::EventSeverity::kError:
            log::error(line);
            break;
    }
}

int priority_of(store::EventSeverity severity) {
    switch (severity) {
        case store::EventSeverity::kInformation:
            return LOG_INFO;
        case store::EventSeverity::kWarning:
            return LOG_WARNING;
        case store::EventSeverity::kError:
            return LOG_ERR;
    }
    return LOG_INFO;
}

store::ServerEvent make_event(std::uint32_t number, Telling telling, Time now) {
    store::ServerEvent event;
    event.number = number;
    event.time = now;
    event.text = clean(std::move(telling.text));
    telling.evidence.resize(std::min(telling.evidence.size(), kMaxEvidence));
    for (std::string& line : telling.evidence) {
        event.evidence.push_back(clean(std::move(line)));
    }
    event.remedy = clean(std::move(telling.remedy));
    if (const EventDefinition* definition = find_event(number)) {
        event.severity = definition->severity;
        if (event.remedy.empty()) {
            event.remedy = definition->remedy;
        }
    }
    return event;
}

}  // namespace

Journal::Journal(store::Store& store, const Clock& clock, JournalOptions options)
    : store_(store), clock_(clock), options_(options) {
    if (options_.syslog) {
        ::openlog("headwater", LOG_PID, LOG_DAEMON);
    }
    thread_ = std::thread([this] { work(); });
}

Journal::~Journal() {
    {
        const std::scoped_lock lock(mutex_);
        is_ending_ = true;
    }
    arrived_.notify_all();
    thread_.join();
    if (options_.syslog) {
        ::closelog();
    }
}

Result<> Journal::load() {
    auto open = store_.open_conditions();
    if (!open) {
        return std::unexpected(std::move(open).error());
    }
    const auto last = store_.last_server_event();
    if (!last) {
        return std::unexpected(last.error());
    }
    const std::scoped_lock lock(mutex_);
    for (store::ServerEvent& event : *open) {
        const std::uint32_t number = event.number;
        open_.emplace(number, std::move(event));
    }
    last_id_ = std::max(last_id_, *last);
    return {};
}

void Journal::record(std::uint32_t number, Telling telling) {
    const std::scoped_lock lock(mutex_);
    tell(make_event(number, std::move(telling), clock_.now()), store::ConditionChange::kNone);
}

void Journal::begin(std::uint32_t number, Telling telling) {
    store::ServerEvent event = make_event(number, std::move(telling), clock_.now());
    const std::scoped_lock lock(mutex_);
    if (const auto known = open_.find(number); known != open_.end()) {
        event.time = known->second.time;
        known->second = std::move(event);
        return;
    }
    open_.emplace(number, event);
    tell(std::move(event), store::ConditionChange::kBegins);
}

void Journal::end(std::uint32_t number, std::string text) {
    store::ServerEvent event = make_event(number, {std::move(text)}, clock_.now());
    event.severity = store::EventSeverity::kInformation;
    event.over = true;
    event.remedy.clear();
    const std::scoped_lock lock(mutex_);
    if (open_.erase(number) != 0) {
        tell(std::move(event), store::ConditionChange::kEnds);
    }
}

bool Journal::is_open(std::uint32_t number) const {
    const std::scoped_lock lock(mutex_);
    return open_.contains(number);
}

std::vector<store::ServerEvent> Journal::conditions() const {
    const std::scoped_lock lock(mutex_);
    std::vector<store::ServerEvent> open;
    for (const auto& [number, event] : open_) {
        open.push_back(event);
    }
    return open;
}

std::int64_t Journal::last_id() const {
    const std::scoped_lock lock(mutex_);
    return last_id_;
}

std::int64_t Journal::wait_for(std::int64_t after, std::chrono::milliseconds at_most) const {
    std::unique_lock lock(mutex_);
    stored_.wait_for(lock, at_most, [&] { return last_id_ > after || is_released_; });
    return last_id_;
}

void Journal::release() {
    const std::scoped_lock lock(mutex_);
    is_released_ = true;
    stored_.notify_all();
}

void Journal::flush() {
    std::unique_lock lock(mutex_);
    const std::uint64_t until = told_;
    stored_.wait(lock, [&] { return offered_ >= until; });
}

void Journal::tell(store::ServerEvent event, store::ConditionChange change) {
    if (fresh_.size() >= kMaxQueued) {
        fresh_.pop_front();
    }
    fresh_.push_back({std::move(event), change});
    ++told_;
    arrived_.notify_one();
}

void Journal::work() {
    std::deque<store::EventToStore> unstored;
    std::unique_lock lock(mutex_);
    for (;;) {
        const auto has_news = [this] { return is_ending_ || !fresh_.empty(); };
        if (unstored.empty()) {
            arrived_.wait(lock, has_news);
        } else {
            arrived_.wait_for(lock, options_.retry_delay, has_news);
        }
        const auto fresh = std::exchange(fresh_, {});
        const std::uint64_t told = told_;
        const bool is_last = is_ending_;
        lock.unlock();
        for (const store::EventToStore& event : fresh) {
            write_lines(event.event);
            unstored.push_back(event);
        }
        const std::int64_t last = store_all(unstored);
        lock.lock();
        last_id_ = std::max(last_id_, last);
        offered_ = told;
        stored_.notify_all();
        if (is_last) {
            return;
        }
    }
}

void Journal::write_lines(const store::ServerEvent& event) const {
    const std::string line = line_of(event);
    log_line(event.severity, line);
    if (options_.syslog) {
        ::syslog(priority_of(event.severity), "%s", line.c_str());
    }
}

std::int64_t Journal::store_all(std::deque<store::EventToStore>& events) {
    std::int64_t last = 0;
    while (!events.empty()) {
        const auto end =
            events.begin() + static_cast<std::ptrdiff_t>(std::min(events.size(), kMaxTogether));
        const std::vector<store::EventToStore> group(events.begin(), end);
        const auto stored = store_.put_server_events(group);
        if (!stored) {
            log::error("Events cannot be stored, and wait: " + stored.error().text());
            break;
        }
        last = *stored;
        events.erase(events.begin(), end);
    }
    while (events.size() > kMaxQueued) {
        events.pop_front();
    }
    return last;
}

}  // namespace headwater::diagnosis
