#pragma once
// Private to content/: what the tasks on the shelves work with, and the few things that each of
// them does.

#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "content/inventory.hpp"
#include "content/shelf.hpp"
#include "content/task.hpp"
#include "content/upkeep.hpp"
#include "store/store.hpp"

namespace headwater::content {

/// Of one task; all of it outlives the task.
struct Premises {
    store::Store& store;
    Shelf& shelf;
    const Clock& clock;
    const UpkeepHooks& hooks;
    const UpkeepOptions& options;
    TaskBoard& board;
};

/// Every file that the store knows, whatever its state; the largest first.
[[nodiscard]] Result<std::vector<store::FileRecord>> all_files(const store::Store& store);

/// Does it for each index below `count`, on as many threads as the options say. The first error
/// ends it.
[[nodiscard]] Result<> for_each_at_once(const Premises& premises, std::size_t count,
                                        const std::function<Result<>(std::size_t)>& act);

/// "KB5001234.cab (AB/2F88…54AB.cab)".
[[nodiscard]] std::string name_of(const store::FileRecord& file);

[[nodiscard]] std::uint64_t bytes_of(std::span<const store::FileRecord> files);

// The tasks. Errors of all: those of the store, "content.io", "content.cancelled".

[[nodiscard]] Result<> verify(const Premises& premises, bool deep);
[[nodiscard]] Result<> clean_up(const Premises& premises);
/// Further errors: "content.folder", "content.disk_full".
[[nodiscard]] Result<> move_shelves(const Premises& premises, const MoveRequest& request);
/// Removes what a move has left behind in the former folder, if there is one.
[[nodiscard]] Result<> leave_former_folder(const Premises& premises);
[[nodiscard]] bool has_former_folder(const store::Store& store);

}  // namespace headwater::content
