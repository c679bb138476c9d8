#pragma once
// Synchronization as an administrator sees it: one run at a time, started, watched, cancelled, and
// kept in the history with its full error. Owned by the composition; any thread may call any public
// function.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "base/secret_box.hpp"
#include "base/time.hpp"
#include "net/client.hpp"
#include "policy/publisher.hpp"
#include "store/store.hpp"
#include "upstream/progress.hpp"

namespace headwater::upstream {

struct SynchronizerOptions {
    /// An upstream that sends nothing for this long is not answering. A first list of a million
    /// revisions takes a WSUS minutes to put together.
    std::chrono::seconds stall_timeout{300};
    /// For a connection to it.
    std::chrono::milliseconds connect_timeout{20'000};
};

/// Who is told of each run, on the thread that starts it and on its own. Each may be empty.
struct SynchronizerHooks {
    std::function<void(const store::SyncRun&)> begun;
    /// Once its result is stored.
    std::function<void(const store::SyncRun&)> finished;
    /// After all stages of a good run: what has to follow it. An error makes the run a failed one.
    std::function<Result<>()> completing = {};
};

class Synchronizer {
public:
    Synchronizer(store::Store& store, policy::Publisher& publisher, net::Client& client,
                 const SecretBox& secrets, const Clock& clock, SynchronizerHooks hooks,
                 SynchronizerOptions options = {});
    ~Synchronizer();
    Synchronizer(const Synchronizer&) = delete;
    Synchronizer& operator=(const Synchronizer&) = delete;

    /// Starts a run and returns its id. Errors: "sync.running" (its id stands in the sentence),
    /// "sync.no_upstream".
    /// @param kind  "manual", "scheduled" or "retry", for the history
    [[nodiscard]] Result<std::int64_t> start(const std::string& kind);
    /// Asks the run to end at the next answer; what is stored stays. Errors: "sync.not_running".
    [[nodiscard]] Result<> cancel();
    /// Cancels and joins.
    void stop();

    /// The run under way, or the last one; a run that never was has the id 0.
    [[nodiscard]] Progress progress() const;
    /// Waits until the progress is newer than this version, or for so long; returns the newest.
    [[nodiscard]] Progress wait_for_progress(std::uint64_t after_version,
                                             std::chrono::milliseconds at_most) const;

private:
    void run(store::SyncRun record);
    [[nodiscard]] Result<> synchronize(store::SyncRun& record);
    void forget_old_runs();

    store::Store& store_;
    policy::Publisher& publisher_;
    net::Client& client_;
    const SecretBox& secrets_;
    const Clock& clock_;
    SynchronizerHooks hooks_;
    SynchronizerOptions options_;

    mutable std::mutex mutex_;
    bool running_ = false;
    std::shared_ptr<net::CancelToken> cancel_;
    std::shared_ptr<ProgressBoard> board_;
    std::thread thread_;
};

}  // namespace headwater::upstream
