#pragma once
// The transfer service: keeps the files that are wanted on the shelves, a few at a time, on threads
// of its own. Its queue is the store's file states, so that it survives restarts and crashes. Owned
// by the composition; all public functions may be called from any thread.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
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
    /// Asked before each file; empty: the shelf's file system.
    std::function<std::optional<std::uint64_t>()> free_space = {};
    /// Called after each attempt of a file, once its outcome is stored; may be empty.
    std::function<void(const Sha1&)> attempted = {};
};

struct TransferStatus {
    std::uint64_t waiting = 0;  ///< files
    std::uint64_t waiting_bytes = 0;
    std::uint64_t present = 0;
    std::uint64_t present_bytes = 0;
    std::uint64_t failed = 0;
    std::uint64_t transferred_bytes = 0;  ///< since the start of the service
    bool disk_full = false;
};

class Transfer {
public:
    struct Source {
        std::string url;
        std::shared_ptr<const net::Proxy> proxy;  ///< null for none
    };
    /// Where a file is fetched from, or why that is not known.
    using SourceOf = std::function<Result<Source>(const store::FileRecord&)>;

    Transfer(store::Store& store, const Shelf& shelf, net::Client& client, const Clock& clock,
             SourceOf source_of, TransferOptions options = {});
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// The first of its threads looks for files that should be here and are not.
    void start();
    /// Ends the transfers under way (their parts stay) and joins.
    void stop();
    /// Stops and starts with failed files queued again: what an administrator does to a service
    /// that is stuck. Does nothing for one that was not started, or is stopped for good.
    [[nodiscard]] Result<> restart();

    /// Says that a file that should be here is not (somebody removed or cut it): it is fetched
    /// again. Does nothing for one that is not marked as present.
    void lost(const Sha1& sha1);
    /// Queues what is wanted and not here, takes back what is not wanted any more.
    [[nodiscard]] Result<> want(const policy::View& view);
    /// Failed files get new attempts; after a synchronization, or because an administrator says so.
    [[nodiscard]] Result<> retry_failed();

    [[nodiscard]] Result<TransferStatus> status() const;
    /// The files that are being transferred now.
    [[nodiscard]] std::vector<store::FileRecord> active() const;
    /// Waits until no file is waiting, at most so long; false if some still are.
    [[nodiscard]] bool wait_until_done(std::chrono::milliseconds at_most) const;

private:
    struct Failure {
        std::uint32_t attempts = 0;
        std::chrono::steady_clock::time_point not_before;
    };

    void begin();
    void end();
    void look_for_lost_files();
    void fetch_again(const std::vector<Sha1>& digests);
    void work();
    [[nodiscard]] Result<> fetch(const store::FileRecord& file);
    [[nodiscard]] Result<> check_space(const store::FileRecord& file) const;
    [[nodiscard]] std::optional<store::FileRecord> take_next();
    void finish(const store::FileRecord& file, const Result<>& result);
    void refill();

    store::Store& store_;
    const Shelf& shelf_;
    net::Client& client_;
    const Clock& clock_;
    SourceOf source_of_;
    TransferOptions options_;
    std::shared_ptr<net::CancelToken> cancel_;
    std::mutex running_;  // start, stop and restart, one at a time
    bool is_started_ = false;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    mutable std::condition_variable attempt_made_;
    std::uint64_t attempts_made_ = 0;
    bool stopping_ = false;
    bool look_again_ = true;  // the store may hold waiting files that are not in queue_
    std::vector<store::FileRecord> queue_;
    std::vector<store::FileRecord> active_;
    std::unordered_map<Sha1, Failure> failures_;
    std::optional<std::chrono::steady_clock::time_point> disk_full_until_;
    std::uint64_t transferred_bytes_ = 0;
    std::vector<std::thread> threads_;
};

}  // namespace headwater::content
