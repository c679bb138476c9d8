#include "upstream/synchronizer.hpp"

#include "base/log.hpp"
#include "base/thread_priority.hpp"
#include "upstream/account.hpp"
#include "upstream/run.hpp"
#include "upstream/run_error.hpp"
#include "upstream/session.hpp"

namespace headwater::upstream {
namespace {

store::RunResult result_of(const Result<>& result) {
    if (result) {
        return store::RunResult::kSucceeded;
    }
    return result.error().code == "sync.cancelled" || result.error().code == "net.cancelled"
               ? store::RunResult::kCancelled
               : store::RunResult::kFailed;
}

const char* name_of(store::RunResult result) {
    switch (result) {
        case store::RunResult::kSucceeded:
            return "succeeded";
        case store::RunResult::kCancelled:
            return "cancelled";
        default:
            return "failed";
    }
}

}  // namespace

Synchronizer::Synchronizer(store::Store& store, policy::Publisher& publisher, net::Client& client,
                           const SecretBox& secrets, const Clock& clock, SynchronizerHooks hooks,
                           SynchronizerOptions options)
    : store_(store),
      publisher_(publisher),
      client_(client),
      secrets_(secrets),
      clock_(clock),
      hooks_(std::move(hooks)),
      options_(options),
      board_(std::make_shared<ProgressBoard>()) {}

Synchronizer::~Synchronizer() {
    stop();
}

Result<std::int64_t> Synchronizer::start(const std::string& kind) {
    const auto options = policy::load_sync_options(store_);
    if (!options) {
        return std::unexpected(options.error());
    }
    if (options->address().empty()) {
        return fail(
            "sync.no_upstream", "No upstream server is set.",
            "Set one: `headwater sync options --upstream http://wsus.corp.example:8530`, or "
            "`--microsoft-update`.");
    }
    const std::scoped_lock lock(mutex_);
    if (running_) {
        return fail(
            "sync.running",
            "The synchronization " + std::to_string(board_->read().run_id) + " is running already.",
            "Watch it with `headwater sync status`.");
    }
    store::SyncRun record;
    record.kind = kind;
    record.upstream = options->address();
    record.started = clock_.now();
    const auto id = store_.start_run(record);
    if (!id) {
        return std::unexpected(id.error());
    }
    record.id = *id;
    if (thread_.joinable()) {
        thread_.join();
    }
    cancel_ = std::make_shared<net::CancelToken>();
    running_ = true;
    board_->update([&](Progress& progress) {
        const std::uint64_t version = progress.version;
        progress = {};
        progress.version = version;
        progress.run_id = record.id;
        progress.running = true;
        progress.started = record.started;
    });
    if (hooks_.begun) {
        hooks_.begun(record);
    }
    thread_ = std::thread([this, record] {
        // Agents that scan meanwhile do not wait for it.
        become_background_thread();
        run(record);
    });
    return *id;
}

Result<> Synchronizer::cancel() {
    const std::scoped_lock lock(mutex_);
    if (!running_) {
        return fail("sync.not_running", "No synchronization is running.");
    }
    cancel_->cancel();
    return {};
}

void Synchronizer::stop() {
    std::thread thread;
    {
        const std::scoped_lock lock(mutex_);
        if (cancel_) {
            cancel_->cancel();
        }
        thread = std::move(thread_);
    }
    if (thread.joinable()) {
        thread.join();
    }
}

Progress Synchronizer::progress() const {
    return board_->read();
}

Progress Synchronizer::wait_for_progress(std::uint64_t after_version,
                                         std::chrono::milliseconds at_most) const {
    return board_->wait(after_version, at_most);
}

Result<> Synchronizer::synchronize(store::SyncRun& record) {
    auto options = policy::load_sync_options(store_);
    if (!options) {
        return std::unexpected(options.error());
    }
    auto with = session_options(store_, secrets_, *options, record.upstream, cancel_,
                                options_.stall_timeout);
    if (!with) {
        return std::unexpected(with.error());
    }
    with->connect_timeout = options_.connect_timeout;
    Session session(client_, clock_, std::move(*with));
    options->upstream = record.upstream;
    return Run(store_, publisher_, session, *board_, clock_, cancel_, *options).execute(record);
}

void Synchronizer::forget_old_runs() {
    const auto options = policy::load_sync_options(store_);
    if (!options) {
        return;
    }
    const auto removed =
        store_.remove_runs_before(clock_.now() - std::chrono::hours(24) * options->history_days);
    if (!removed) {
        log::warning("Old synchronizations cannot be removed from the history: " +
                     removed.error().text());
    }
}

void Synchronizer::run(store::SyncRun record) {
    Result<> result;
    try {
        result = synchronize(record);
        if (result && hooks_.completing) {
            result = hooks_.completing();
        }
    } catch (const std::exception& exception) {
        result = fail("sync.internal", "The synchronization ended with an internal error.",
                      "Report this with the log.", {exception.what()});
    }
    record.ended = clock_.now();
    record.result = result_of(result);
    if (!result) {
        record.error = to_stored(run_error(result.error(), board_->read().stage));
        log::error("Synchronization " + std::to_string(record.id) + ": " + result.error().text());
    }
    if (auto stored = store_.update_run(record); !stored) {
        log::error("The result of the synchronization cannot be stored: " + stored.error().text());
    }
    forget_old_runs();
    if (hooks_.finished) {
        hooks_.finished(record);
    }
    {
        const std::scoped_lock lock(mutex_);
        running_ = false;
    }
    board_->update([&](Progress& progress) {
        progress.running = false;
        progress.stage = "finished";
        progress.result = name_of(record.result);
        progress.error = result ? std::string{} : result.error().text();
        progress.requests = record.requests;
        progress.bytes = record.bytes;
    });
}

}  // namespace headwater::upstream
