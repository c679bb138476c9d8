#pragma once
// The health monitor: looks at the server every few minutes, and lets the journal begin and end the
// conditions that it finds. Owned by the composition; its functions may be called from any thread.
// What a round costs does not grow with computers beyond one indexed aggregate for each question.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "diagnosis/health_checks.hpp"
#include "diagnosis/journal.hpp"
#include "store/store.hpp"

namespace headwater::diagnosis {

/// One of the server's own services, asked over its socket.
struct ServiceProbe {
    std::uint32_t number = 0;  ///< of the event that tells that it does not answer
    std::string name;          ///< "The reporting service"
    std::function<Result<>()> ask;
};

/// What the monitor looks at.
struct HealthSources {
    store::Store& store;
    Journal& journal;
    const Clock& clock;
    std::function<std::filesystem::path()> content;
    std::vector<ServiceProbe> services = {};
    /// Injected by tests; else those of health_checks.hpp.
    std::function<std::optional<DiskSpace>(const std::filesystem::path&)> disk = disk_space;
    std::function<FolderState(const std::filesystem::path&)> folder = look_at_folder;
    /// From start() to the first round: what starts with the server is up by then.
    std::chrono::milliseconds first_delay{10'000};
    /// Whether transfers are held by a disk that is too full for them; empty for never.
    std::function<bool()> waits_for_space = {};
};

class HealthMonitor {
public:
    explicit HealthMonitor(HealthSources sources);
    ~HealthMonitor();
    HealthMonitor(const HealthMonitor&) = delete;
    HealthMonitor& operator=(const HealthMonitor&) = delete;

    void start();
    /// Ends after the question that is under way, and joins.
    void stop();
    /// The next round begins at once: the options have changed.
    void wake();
    /// One round, on the caller's thread. Rounds do not overlap.
    void check();

private:
    void work();
    [[nodiscard]] bool is_stopping() const;
    /// When this server looked for the first time in its life.
    [[nodiscard]] Result<Time> first_look();
    void check_content(const HealthOptions& options);
    void check_facts(const HealthOptions& options);
    void check_services();
    void apply(const std::vector<Finding>& findings);

    HealthSources sources_;
    std::mutex round_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool is_stopping_ = false;
    bool is_woken_ = false;
    std::thread thread_;
};

}  // namespace headwater::diagnosis
