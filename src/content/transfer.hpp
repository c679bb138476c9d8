#pragma once
// The transfer service: keeps the files that are wanted on the shelves, a few at a time, on threads
// of its own. Its queue is the store's file states, so that it survives restarts and crashes. Owned
// by the composition; all public functions may be called from any thread.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "content/download.hpp"
#include "content/rate_meter.hpp"
#include "content/secure_first.hpp"
#include "content/shelf.hpp"
#include "net/client.hpp"
#include "policy/view.hpp"
#include "store/store.hpp"

namespace headwater::content {

struct TransferOptions {
    unsigned threads = 4;
    /// Attempts of a file before it counts as failed; a synchronization gives it new ones.
    std::uint32_t max_attempts = 4;
    /// Waited after a failed attempt, and doubled with each further one.
    std::chrono::milliseconds retry_delay{2'000};
    /// Waited before going on after the disk was full.
    std::chrono::milliseconds disk_full_delay{10'000};
    std::chrono::seconds stall_timeout{60};
    /// Bytes that a transfer leaves free: the database may share the disk.
    std::uint64_t reserve = std::uint64_t{64} << 20U;
    RangesOptions ranges = {};
    /// Asked before each file; empty: the shelf's file system.
    std::function<std::optional<std::uint64_t>()> free_space = {};
    /// Called after each attempt of a file, once its outcome is stored; may be empty.
    std::function<void(const Sha1&)> attempted = {};
    /// Called when the queue begins to wait for space on the disk; may be empty.
    std::function<void()> out_of_space = {};
    /// Asks the upstream to get files that it knows and does not hold, at most 100 at once; returns
    /// those of which it knows nothing. Empty: there is nobody to ask.
    std::function<Result<std::vector<Sha1>>(std::span<const Sha1>)> ask_upstream = {};
    /// Called once what the upstream said is stored; may be empty.
    std::function<void()> upstream_asked = {};
    /// Of the local day, for limits of bandwidth; empty: by the clock.
    std::function<unsigned()> minute_of_day = {};
};

/// What an administrator wants of the whole service; it survives restarts.
enum class TransferMode : std::uint8_t {
    kRunning,
    kPaused,   ///< the queue is held
    kStopped,  ///< the service is off: a synchronization that needs it says so
};

struct TransferStatus {
    TransferMode mode = TransferMode::kRunning;
    std::uint64_t waiting = 0;  ///< files
    std::uint64_t waiting_bytes = 0;
    std::uint64_t present = 0;
    std::uint64_t present_bytes = 0;
    std::uint64_t failed = 0;
    std::uint64_t paused = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t transferred_bytes = 0;  ///< since the start of the service
    std::uint64_t rate = 0;               ///< bytes per second, of the last seconds
    std::uint64_t limit = 0;              ///< bytes per second that hold now; 0 for none
    bool disk_full = false;               ///< the queue waits for space
};

/// A file that is being transferred.
struct TransferProgress {
    store::FileRecord file;
    std::uint64_t transferred = 0;  ///< bytes of this attempt
    std::uint64_t rate = 0;         ///< bytes per second
};

class Transfer {
public:
    struct Source {
        std::string url;
        std::shared_ptr<const net::Proxy> proxy;  ///< null for none
        /// Used where there is no way to an https `url`, for files with a SHA-256; empty for none.
        std::string plain_url = {};
        std::shared_ptr<const net::Proxy> plain_proxy = nullptr;
    };
    /// Where a file is fetched from, or why that is not known.
    using SourceOf = std::function<Result<Source>(const store::FileRecord&)>;
    /// Nothing stands for all files.
    using Chosen = std::optional<std::vector<Sha1>>;

    Transfer(store::Store& store, const Shelf& shelf, net::Client& client, const Clock& clock,
             SourceOf source_of, TransferOptions options = {});
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// Begins in the mode that is stored. The first of its threads looks for files that should be
    /// here and are not.
    void start();
    /// Ends the transfers under way (their parts stay) and joins: the program ends.
    void stop();
    /// Does this while no transfer runs and none begins, then goes on.
    [[nodiscard]] Result<> while_held(const std::function<Result<>()>& work);

    // What the catalog and others want

    /// Queues what is wanted and not here, takes back what is not wanted any more and ends its
    /// transfers. Cost: a walk through what is approved; of the store, what changed.
    [[nodiscard]] Result<> want(const policy::View& view);
    /// The same, believing nothing of what was queued before: somebody else has changed states.
    [[nodiscard]] Result<> want_anew(const policy::View& view);
    /// All that is wanted for what is decided, and for downstream servers.
    [[nodiscard]] Result<std::vector<Sha1>> needed(const policy::View& view);
    /// Makes files wanted for a downstream server, for ever. Those unknown here are left out.
    [[nodiscard]] Result<> request(std::span<const Sha1> digests);
    /// Says that files that should be here are not, or are not right: they are fetched again. Does
    /// nothing for those that are not marked as present.
    void lost(std::span<const Sha1> digests);

    // What an administrator orders. Those for chosen files return how many there were.

    /// Errors: those of the store.
    [[nodiscard]] Result<> set_mode(TransferMode mode);
    /// Ends its threads and starts them with failed files queued again, whatever the mode was: what
    /// an administrator does to a service that is stuck. Does nothing before start().
    [[nodiscard]] Result<> restart();
    /// Holds waiting files; all of them stands for the whole service.
    [[nodiscard]] Result<std::size_t> pause(const Chosen& files);
    [[nodiscard]] Result<std::size_t> resume(const Chosen& files);
    /// They are not fetched until they are tried again.
    [[nodiscard]] Result<std::size_t> cancel(const Chosen& files);
    /// New attempts for failed files, for chosen ones also after a cancel.
    [[nodiscard]] Result<std::size_t> retry(const Chosen& files);
    /// After a synchronization.
    [[nodiscard]] Result<> retry_failed();

    [[nodiscard]] TransferMode mode() const;
    [[nodiscard]] bool waits_for_space() const;
    [[nodiscard]] Result<TransferStatus> status() const;
    [[nodiscard]] std::vector<TransferProgress> active() const;
    /// Waits until no file is waiting, at most so long; false if some still are.
    [[nodiscard]] bool wait_until_done(std::chrono::milliseconds at_most) const;

private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    struct Failure {
        std::uint32_t attempts = 0;
        SteadyTime not_before;
    };
    struct Active {
        store::FileRecord file;
        std::shared_ptr<net::CancelToken> cancel;
        std::uint64_t transferred = 0;
        RateMeter rate;
        bool dropped = false;  ///< ended by us: its failure is none
    };

    // transfer.cpp
    void begin();
    void end();
    void work();
    [[nodiscard]] std::shared_ptr<Active> take_next();
    [[nodiscard]] std::vector<store::FileRecord>::iterator first_ready(SteadyTime now,
                                                                       SteadyTime& next);
    void refill();
    [[nodiscard]] Result<> fetch(const std::shared_ptr<Active>& active);
    [[nodiscard]] Result<> fetch_from(const std::shared_ptr<Active>& active, const Source& source);
    [[nodiscard]] Result<> fetch_securely_if_possible(const std::shared_ptr<Active>& active,
                                                      const Source& source);
    [[nodiscard]] bool has_begun(const Active& active) const;
    [[nodiscard]] Result<> check_space(const store::FileRecord& file) const;
    void count(Active& active, std::uint64_t bytes);
    void apply_limit();
    void finish(Active& active, const Result<>& result);
    [[nodiscard]] store::FileOutcome outcome_of(const store::FileRecord& file,
                                                const Result<>& result);
    void ask_about_late_files(std::unique_lock<std::mutex>& lock);

    // transfer_wishes.cpp
    void look_for_lost_files();
    [[nodiscard]] Result<std::vector<store::FileWish>> wishes_of(const policy::View& view);
    [[nodiscard]] Result<> want_difference(const policy::View& view);
    [[nodiscard]] Result<> take_back(const std::vector<Sha1>& unwanted);
    [[nodiscard]] Result<> queue(const std::vector<store::FileWish>& added);
    [[nodiscard]] Result<std::vector<Sha1>> unwanted_at_first(
        const std::vector<store::FileWish>& wishes) const;
    [[nodiscard]] Result<> load_requests();

    // transfer_orders.cpp
    [[nodiscard]] Result<std::vector<Sha1>> in_states(const Chosen& files,
                                                      std::span<const store::FileState> states);
    [[nodiscard]] Result<std::size_t> move(const Chosen& files,
                                           std::span<const store::FileState> from,
                                           store::FileState to);
    void load_mode();
    void apply_mode(TransferMode mode);
    void drop(const std::function<bool(const Sha1&)>& chosen);
    void look_again();

    store::Store& store_;
    const Shelf& shelf_;
    net::Client& client_;
    const Clock& clock_;
    SourceOf source_of_;
    TransferOptions options_;
    InsecureHosts insecure_hosts_;
    std::shared_ptr<net::RateLimit> rate_limit_ = std::make_shared<net::RateLimit>();
    std::mutex running_;  // start, stop, restart and modes, one at a time
    bool is_started_ = false;

    mutable std::mutex wishing_;  // wishes, one change at a time; taken before mutex_
    std::optional<std::vector<store::FileWish>> wishes_;
    std::optional<std::unordered_map<Sha1, Time>> requested_;
    bool stores_here_ = true;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    mutable std::condition_variable attempt_made_;
    std::uint64_t attempts_made_ = 0;
    TransferMode mode_ = TransferMode::kRunning;
    bool stopping_ = false;
    bool look_again_ = true;  // the store may hold waiting files that are not in queue_
    bool is_news_ = true;     // and they may belong before those that are
    std::vector<store::FileRecord> queue_;
    std::list<std::shared_ptr<Active>> active_;
    std::unordered_map<Sha1, Failure> failures_;
    std::vector<Sha1> late_;  // to ask the upstream about
    bool is_asking_ = false;
    std::optional<SteadyTime> disk_full_until_;
    bool waits_for_space_ = false;  // over all its attempts
    std::uint64_t transferred_bytes_ = 0;
    RateMeter rate_;
    policy::ContentOptions content_options_;  // for the limits
    SteadyTime limit_applied_;
    std::vector<std::thread> threads_;
};

/// Calls `act` with parts of a list, small enough for one commit of the store.
template <typename Items, typename Act>
Result<> in_chunks(const Items& items, const Act& act) {
    constexpr std::size_t kChunk = 500;
    for (std::size_t from = 0; from < items.size(); from += kChunk) {
        const auto part = std::span(items).subspan(from, std::min(kChunk, items.size() - from));
        if (auto done = act(part); !done) {
            return done;
        }
    }
    return {};
}

}  // namespace headwater::content
