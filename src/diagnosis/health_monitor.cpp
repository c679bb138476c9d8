#include "diagnosis/health_monitor.hpp"

#include <utility>

#include "base/log.hpp"

namespace headwater::diagnosis {
namespace {

constexpr const char* kFirstLook = "health.first_look";

void complain(const std::string& what, const Error& error) {
    log::warning("The health monitor cannot " + what + ": " + error.text());
}

}  // namespace

HealthMonitor::HealthMonitor(HealthSources sources) : sources_(std::move(sources)) {}

HealthMonitor::~HealthMonitor() {
    stop();
}

void HealthMonitor::start() {
    thread_ = std::thread([this] { work(); });
}

void HealthMonitor::stop() {
    {
        const std::scoped_lock lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void HealthMonitor::wake() {
    {
        const std::scoped_lock lock(mutex_);
        is_woken_ = true;
    }
    changed_.notify_all();
}

void HealthMonitor::check() {
    const std::scoped_lock one(round_);
    const auto options = load_health_options(sources_.store);
    if (!options) {
        complain("read its options", options.error());
        return;
    }
    check_content(*options);
    check_facts(*options);
    check_services();
    const Time oldest = sources_.clock.now() - std::chrono::days(options->event_days);
    if (const auto pruned = sources_.store.prune_server_events(oldest); !pruned) {
        complain("remove old events", pruned.error());
    }
}

void HealthMonitor::work() {
    std::chrono::milliseconds delay = sources_.first_delay;
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        changed_.wait_for(lock, delay, [this] { return is_stopping_ || is_woken_; });
        is_woken_ = false;
        if (is_stopping_) {
            return;
        }
        lock.unlock();
        check();
        delay = std::chrono::minutes(
            load_health_options(sources_.store).value_or(HealthOptions{}).interval_minutes);
        lock.lock();
    }
}

bool HealthMonitor::is_stopping() const {
    const std::scoped_lock lock(mutex_);
    return is_stopping_;
}

Result<Time> HealthMonitor::first_look() {
    const auto stored = sources_.store.setting(kFirstLook);
    if (!stored) {
        return std::unexpected(stored.error());
    }
    if (const auto known = *stored ? from_xml_time(**stored) : std::nullopt) {
        return *known;
    }
    const Time now = sources_.clock.now();
    if (auto kept = sources_.store.put_setting(kFirstLook, to_xml_time(now)); !kept) {
        return std::unexpected(std::move(kept).error());
    }
    return now;
}

void HealthMonitor::check_content(const HealthOptions& options) {
    const std::filesystem::path content = sources_.content();
    const FolderState folder = sources_.folder(content);
    apply(check_folder(folder, content));
    // Without its folder, another disk would answer.
    if (auto disk = folder.error == 0 ? sources_.disk(content) : std::nullopt) {
        disk->is_awaited = sources_.waits_for_space && sources_.waits_for_space();
        apply(check_disk(options, *disk, content));
    }
    if (const auto totals = sources_.store.file_totals()) {
        const auto failed = totals->find(store::FileState::kFailed);
        apply(check_files(options, failed == totals->end() ? 0 : failed->second.count));
    } else {
        complain("count files", totals.error());
    }
}

void HealthMonitor::check_facts(const HealthOptions& options) {
    const Time now = sources_.clock.now();
    const auto since = first_look();
    const auto facts =
        sources_.store.health_facts(now - std::chrono::days(options.silent_days),
                                    now - std::chrono::days(options.installation_days));
    const auto downstream = sources_.store.downstream_servers();
    if (!since || !facts || !downstream) {
        complain("read the database", !since   ? since.error()
                                      : !facts ? facts.error()
                                               : downstream.error());
        return;
    }
    apply(check_synchronization(options, *facts, *since, now));
    apply(check_installations(options, *facts));
    apply(check_silence(options, *facts));
    apply(check_contact(options, facts->computers + downstream->size(), *since, now));
}

void HealthMonitor::check_services() {
    for (const ServiceProbe& service : sources_.services) {
        const auto answer = service.ask();
        // A server that stops does not answer itself, and that is no condition.
        if (is_stopping()) {
            return;
        }
        apply({check_service(service.number, service.name, answer)});
    }
}

void HealthMonitor::apply(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
        if (finding.holds) {
            sources_.journal.begin(finding.number, {finding.text, finding.evidence});
        } else {
            sources_.journal.end(finding.number, finding.text);
        }
    }
}

}  // namespace headwater::diagnosis
