#pragma once
// The revisions that one computer needs, given what it has. [MS-WUSP] 3.1.5.7, "NeededRevisions".
// Pure set algebra on a published view: keeps nothing but what policy::Scope remembers. Any thread.

#include <cstdint>
#include <span>
#include <vector>

#include "catalog/snapshot.hpp"
#include "policy/scope.hpp"

namespace headwater::agents {

/// What SyncUpdates tells of a computer.
struct Held {
    std::span<const std::int32_t> installed_non_leaves;  ///< InstalledNonLeafUpdateIDs
    std::span<const std::int32_t> other_cached;          ///< OtherCachedUpdateIDs
};

struct ScanAnswer {
    std::vector<catalog::Index>
        new_updates;  ///< a page: non-leaves first, then leaves, each ascending
    std::vector<std::int32_t>
        out_of_scope;                     ///< ids as the computer sent them, each once, ascending
    std::vector<catalog::Index> changed;  ///< ascending
    bool truncated = false;               ///< more are deliverable now
};

class Scan {
public:
    /// Entries of InstalledNonLeafUpdateIDs, and updates on a page, as a Microsoft server has them.
    static constexpr std::size_t kMaxInstalledNonLeaves = 400;
    static constexpr std::size_t kPageSize = 30;

    /// @param catalog  the catalog as published; outlives the call
    /// @param scope    of the computer's target groups; outlives the call
    Scan(const catalog::Snapshot& catalog, const policy::Scope& scope)
        : catalog_(catalog), scope_(scope) {}

    /// @param since  the change number of the computer's cookie: what changed after it is told
    /// again Cost: what the computer holds and what becomes reachable, not the catalog; see
    /// bench/scan_bench.cpp.
    [[nodiscard]] ScanAnswer next(const Held& held, catalog::ChangeNumber since) const;

private:
    const catalog::Snapshot& catalog_;
    const policy::Scope& scope_;
};

}  // namespace headwater::agents
