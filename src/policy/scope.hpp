#pragma once
// What a set of target groups is offered: the deployments that apply to it, closed over bundle
// members and prerequisites, and arranged so that a scan looks only at what a computer can reach.
// [MS-WUSP] 3.1.5.7. Built once for each set of groups and each published change; immutable, any
// thread.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "catalog/snapshot.hpp"
#include "policy/content_options.hpp"
#include "store/store.hpp"

namespace headwater::policy {

using catalog::ChangeNumber;
using catalog::Index;
using catalog::SignatureIndex;
using catalog::UpdateIndex;

/// DeploymentAction of [MS-WUSP] 2.2.2.2.4.
enum class Action : std::uint8_t {
    kInstall,
    kOptionalInstall,
    kUninstall,
    kPreDeploymentCheck,
    kBlock,
    kBundle,
    kEvaluate,
};

[[nodiscard]] std::string_view name_of(Action action);

struct Deployment {
    Index index = catalog::kNone;
    Action action = Action::kEvaluate;
    std::uint32_t id = 0;
    ChangeNumber change = 0;  ///< the last one that made it what it is, the leaf flag included
    Time last_change;
    std::optional<Time> deadline;
};

/// The administrators' decisions as they stand, straight from the store.
struct Decisions {
    std::vector<store::TargetGroup> groups;
    std::vector<store::Approval> approvals;
    std::vector<store::Decline> declines;
    std::unordered_map<Guid, ChangeNumber> declines_taken_back = {};
    ContentOptions content = {};
    /// Those that are synchronized, and whose files are fetched; empty for all.
    std::vector<std::string> languages = {};
};

/// The revisions in scope that have one and the same prerequisites.
struct SignatureMembers {
    SignatureIndex signature = 0;
    std::vector<Index> non_leaves;  ///< ascending
    std::vector<Index> leaves;      ///< ascending
};

/// NeededRevisions of [MS-WUSP] 3.1.5.7; both lists ascending.
struct Needed {
    std::vector<Index> non_leaves;
    std::vector<Index> leaves;
    ChangeNumber newest_change = 0;  ///< of all their deployments
};

/// The newest answers of Scope::needed, by what is installed; bounded. Any thread.
class NeededMemo {
public:
    [[nodiscard]] std::shared_ptr<const Needed> find(std::span<const UpdateIndex> installed) const;
    void put(std::span<const UpdateIndex> installed, std::shared_ptr<const Needed> needed);

private:
    struct Entry {
        std::vector<UpdateIndex> installed;
        std::shared_ptr<const Needed> needed;
    };
    static constexpr std::size_t kEntries =
        1024;  // direct-mapped: a newer image takes an older one's place

    mutable std::mutex mutex_;
    std::vector<Entry> entries_;
};

class Scope {
public:
    /// @param groups  direct memberships of the computers; their parents count by themselves
    /// @param filter  categories to which the scope is limited; empty for all
    Scope(const catalog::Snapshot& catalog, const Decisions& decisions,
          std::span<const Guid> groups, std::span<const Guid> filter);

    /// A number for the groups that count, parents included, and the filter. A computer that was
    /// shown a scope with another mark has to be told all its deployments again.
    [[nodiscard]] std::uint64_t mark() const { return mark_; }

    /// Null outside the scope.
    [[nodiscard]] const Deployment* find(Index index) const;
    [[nodiscard]] std::span<const Deployment> deployments() const { return deployments_; }

    /// The members of the signatures that these updates satisfy. Cost: the signatures that one of
    /// them can reach, and their members; not the catalog.
    /// @param installed  sorted, without repetition
    [[nodiscard]] Needed needed(std::span<const UpdateIndex> installed) const;
    /// The same, remembered: the computers of one image have the same updates installed.
    [[nodiscard]] std::shared_ptr<const Needed> needed_shared(
        std::span<const UpdateIndex> installed) const;

private:
    friend class ScopeBuilder;

    const catalog::Snapshot* catalog_;
    std::uint64_t mark_ = 0;
    std::vector<Deployment> deployments_;  // by index
    std::vector<std::uint32_t> slots_;     // Index -> position in deployments_, or kNone
    std::vector<SignatureMembers> signatures_;
    std::vector<std::uint32_t> unconditional_;  // positions in signatures_ without prerequisites
    // For each update, the signatures whose rarest clause it is an alternative of.
    std::unordered_map<UpdateIndex, std::vector<std::uint32_t>> reachable_from_;
    mutable NeededMemo memo_;
};

}  // namespace headwater::policy
