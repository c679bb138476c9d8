#include "upstream/scheduler.hpp"

#include "base/log.hpp"

namespace headwater::upstream {
namespace {

constexpr const char* kPlan = "sync.plan";
/// A run that is just ending: this one starts after it.
constexpr const char* kRunning = "sync.running";
/// How late a start may be after the clock was set, which no timer tells of.
constexpr std::chrono::seconds kLongestWait{30};
constexpr Microseconds kShortestWait{200'000};

}  // namespace

Scheduler::Scheduler(store::Store& store, const Clock& clock, Guid server, Start start)
    : store_(store), clock_(clock), server_(server), start_(std::move(start)) {
    if (const auto stored = store_.setting(kPlan); stored && *stored) {
        plan_ = Plan::from_json(**stored);
    }
}

Scheduler::~Scheduler() {
    stop();
}

void Scheduler::start(bool was_interrupted) {
    const std::scoped_lock lock(mutex_);
    use_options();
    if (was_interrupted) {
        plan_.was_interrupted(clock_.now());
        keep();
    }
    thread_ = std::thread([this] { work(); });
}

void Scheduler::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Scheduler::begun(const store::SyncRun& run) {
    const std::scoped_lock lock(mutex_);
    running_ = true;
    plan_.begun(run.kind, clock_.now());
    keep();
}

void Scheduler::ended(const store::SyncRun& run) {
    {
        const std::scoped_lock lock(mutex_);
        running_ = false;
        plan_.ended(run, clock_.now());
        keep();
        if (const auto& retry = plan_.retry()) {
            log::warning("The upstream is not available; the synchronization is tried again at " +
                         to_xml_time(retry->at) + " (try " + std::to_string(retry->attempt) +
                         " of " + std::to_string(Plan::kRetries) + ").");
        }
    }
    wake_.notify_all();
}

void Scheduler::options_changed() {
    {
        const std::scoped_lock lock(mutex_);
        use_options();
    }
    wake_.notify_all();
}

Scheduler::Outlook Scheduler::outlook() {
    const std::scoped_lock lock(mutex_);
    return {plan_.next(), plan_.retry()};
}

void Scheduler::look() {
    std::optional<std::string> kind;
    {
        const std::scoped_lock lock(mutex_);
        use_options();
        if (!running_) {
            kind = plan_.due(clock_.now());
        }
    }
    if (!kind) {
        return;
    }
    if (auto started = start_(*kind); !started && started.error().code != kRunning) {
        log::error("The " + *kind + " synchronization cannot start: " + started.error().text());
        // What it lacks is not found by asking again: the next daily time will do.
        const std::scoped_lock lock(mutex_);
        plan_.begun(*kind, clock_.now());
        keep();
    }
}

void Scheduler::work() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        look();
        lock.lock();
        const auto next = plan_.next();
        auto wait = std::chrono::duration_cast<Microseconds>(kLongestWait);
        if (next && !running_) {
            wait = std::clamp(*next - clock_.now(), kShortestWait, wait);
        }
        if (!stopping_) {
            wake_.wait_for(lock, wait);
        }
    }
}

void Scheduler::keep() {
    if (auto stored = store_.put_setting(kPlan, plan_.to_json()); !stored) {
        log::error("When the next synchronization is due cannot be stored: " +
                   stored.error().text());
    }
}

void Scheduler::use_options() {
    const auto options = policy::load_sync_options(store_);
    if (!options) {
        log::error("The schedule cannot be read: " + options.error().text());
        return;
    }
    const Plan before = plan_;
    plan_.use(options->schedule, server_, clock_.now());
    if (plan_ != before) {
        keep();
    }
}

}  // namespace headwater::upstream
