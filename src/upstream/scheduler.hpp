#pragma once
// Starts synchronizations by themselves: at the daily times, and for the further tries after an
// upstream was away. What it waits for is kept in the store, so that a restart waits on. Owned by
// the composition; any thread may call any public function.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/guid.hpp"
#include "base/time.hpp"
#include "store/store.hpp"
#include "upstream/schedule.hpp"

namespace headwater::upstream {

class Scheduler {
public:
    /// Starts a run of this kind ("scheduled" or "retry").
    using Start = std::function<Result<>(const std::string& kind)>;

    struct Outlook {
        std::optional<Time> next_run;
        std::optional<Retry> retry;
    };

    Scheduler(store::Store& store, const Clock& clock, Guid server, Start start);
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// @param was_interrupted  the last run before this start was cut off
    void start(bool was_interrupted);
    void stop();

    /// To be told of each run when it has begun, and when its result is stored.
    void begun(const store::SyncRun& run);
    void ended(const store::SyncRun& run);
    /// The options have changed: looks at them now.
    void options_changed();

    [[nodiscard]] Outlook outlook();

    /// Looks once whether something is due and starts it. What the thread does; for tests.
    void look();

private:
    void work();
    void keep();
    void use_options();

    store::Store& store_;
    const Clock& clock_;
    const Guid server_;
    const Start start_;

    std::mutex mutex_;
    std::condition_variable wake_;
    Plan plan_;
    bool running_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace headwater::upstream
