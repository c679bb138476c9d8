#pragma once
// The long tasks on the shelves: verify, reset, clean up, move. One at a time, on threads of their
// own, while the shelves are served. Owned by the composition; any thread.

#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "content/shelf.hpp"
#include "content/task.hpp"
#include "store/store.hpp"

namespace headwater::content {

/// What the tasks ask of the rest of the house. All are needed.
struct UpkeepHooks {
    /// A file that is marked as present is not here any more: Transfer::lost.
    std::function<void(const Sha1&)> lost;
    /// Every file that anything needs here, in any order.
    std::function<Result<std::vector<Sha1>>()> needed;
    /// Computes again what is wanted, and gives what has failed another try.
    std::function<Result<>()> want_again;
    /// Does it while no file is transferred, so that nothing is shelved meanwhile.
    std::function<Result<>(const std::function<Result<>()>&)> while_nothing_comes;
};

struct UpkeepOptions {
    /// That read files at the same time.
    unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    /// Bytes that a move leaves free in the new folder.
    std::uint64_t reserve = std::uint64_t{64} << 20U;
};

struct MoveRequest {
    std::filesystem::path folder;  ///< or "s3://…"
    /// Somebody has copied the files already; those that are missing there are fetched again.
    bool skip_copy = false;
};

class Upkeep {
public:
    Upkeep(store::Store& store, Shelf& shelf, const Clock& clock, UpkeepHooks hooks,
           UpkeepOptions options = {});
    ~Upkeep();
    Upkeep(const Upkeep&) = delete;
    Upkeep& operator=(const Upkeep&) = delete;

    /// Ends what a move had begun when the server was killed. Called once, after the start.
    void resume();

    // Each starts its task, and fails with "content.busy" while another runs.

    /// Is every file here that should be, and of its length, and with `deep` of both its digests?
    /// What is wrong is thrown away and queued again; what is here and not marked so is marked.
    [[nodiscard]] Result<> verify(bool deep);
    /// The same, deep; and then everything that is wanted and not here is queued.
    [[nodiscard]] Result<> reset();
    /// Removes the files that nothing needs.
    [[nodiscard]] Result<> clean_up();
    /// Errors at once: "content.folder" for a folder that cannot be used, saying why; of a bucket,
    /// those of Shelf::elsewhere and Shelf::probe.
    [[nodiscard]] Result<> move(MoveRequest request);

    /// Errors: "content.no_task".
    [[nodiscard]] Result<> cancel();
    /// Cancels and joins.
    void stop();

    [[nodiscard]] TaskStatus status() const { return board_.status(); }
    /// Waits until no task runs, at most so long.
    [[nodiscard]] TaskStatus wait(std::chrono::milliseconds at_most) const {
        return board_.wait(at_most);
    }

private:
    [[nodiscard]] Result<> begin(TaskKind kind, std::function<Result<>()> work);

    store::Store& store_;
    Shelf& shelf_;
    const Clock& clock_;
    UpkeepHooks hooks_;
    UpkeepOptions options_;
    TaskBoard board_;
    std::mutex mutex_;
    bool is_stopped_ = false;
    std::thread thread_;
};

/// Where the shelves are, as the last move decided; this default before the first. Errors: those of
/// the store.
[[nodiscard]] Result<std::filesystem::path> content_folder(const store::Store& store,
                                                           const std::filesystem::path& otherwise);

}  // namespace headwater::content
