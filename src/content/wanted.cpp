#include "content/wanted.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/utf.hpp"

namespace headwater::content {
namespace {

using catalog::Index;

bool needs_files(store::ApprovalAction action) {
    return action == store::ApprovalAction::kInstall ||
           action == store::ApprovalAction::kOptionalInstall ||
           action == store::ApprovalAction::kUninstall;
}

/// Adds a revision and all that it bundles, at any depth; each once.
void add_with_members(const catalog::Snapshot& catalog, Index from,
                      std::unordered_set<Index>& seen) {
    std::vector<Index> open = {from};
    while (!open.empty()) {
        const Index index = open.back();
        open.pop_back();
        if (index == catalog::kNone || !seen.insert(index).second) {
            continue;
        }
        for (const catalog::BundleClause& clause : catalog.revision(index).bundled) {
            for (const catalog::RevisionIdentity& member : clause.alternatives) {
                open.push_back(catalog.find(member));
            }
        }
    }
}

/// Why the files of an update are wanted.
struct Demand {
    std::optional<Time> deadline;
    Time asked;

    /// Whichever is earlier of both; no deadline is the latest.
    void join(const Demand& other) {
        asked = std::min(asked, other.asked);
        if (other.deadline && (!deadline || *other.deadline < *deadline)) {
            deadline = other.deadline;
        }
    }
};

class Collector {
public:
    explicit Collector(const policy::View& view) : view_(view), catalog_(view.catalog()) {}

    std::vector<store::FileWish> collect() {
        if (!view_.decisions().content.store_here) {
            return {};
        }
        for (const auto& [index, demand] : demanded()) {
            add(index, demand);
        }
        std::vector<store::FileWish> wishes;
        wishes.reserve(files_.size());
        for (const auto& [sha1, demand] : files_) {
            wishes.push_back({sha1, demand.deadline, demand.asked});
        }
        std::ranges::sort(wishes);
        return wishes;
    }

private:
    using Demands = std::unordered_map<Index, Demand>;

    [[nodiscard]] bool is_offered(Index index) const {
        return index != catalog::kNone &&
               catalog_.revision(index).publication_state ==
                   catalog::PublicationState::kPublished &&
               !view_.is_declined(catalog_.revision(index).identity.update_id);
    }

    [[nodiscard]] Demands demanded() const {
        Demands demands;
        const auto demand = [&](Index index, const Demand& one) {
            const auto [at, is_new] = demands.emplace(index, one);
            if (!is_new) {
                at->second.join(one);
            }
        };
        for (const store::Approval& approval : view_.decisions().approvals) {
            const Index index = catalog_.newest(approval.update_id);
            if (needs_files(approval.action) && is_offered(index)) {
                demand(index, {approval.deadline, approval.changed});
            }
        }
        if (!view_.decisions().content.only_approved) {
            for (catalog::UpdateIndex update = 0; update < catalog_.update_count(); ++update) {
                const Index index = catalog_.newest(update);
                if (is_offered(index) && catalog_.revision(index).explicitly_deployable) {
                    demand(index, {std::nullopt, catalog_.revision(index).imported});
                }
            }
        }
        return demands;
    }

    void add(Index top, const Demand& demand) {
        std::unordered_set<Index> members;
        add_with_members(catalog_, top, members);
        for (const Index index : members) {
            const catalog::Revision& revision = catalog_.revision(index);
            if (!is_in_chosen_language(revision)) {
                continue;
            }
            for (const catalog::RevisionFile& file : revision.files) {
                if (file.is_express && !view_.decisions().content.express) {
                    continue;
                }
                const auto [at, is_new] = files_.emplace(file.sha1, demand);
                if (!is_new) {
                    at->second.join(demand);
                }
            }
        }
    }

    /// A revision without languages is for all of them.
    [[nodiscard]] bool is_in_chosen_language(const catalog::Revision& revision) const {
        const std::vector<std::string>& chosen = view_.decisions().languages;
        return chosen.empty() || revision.languages.empty() ||
               std::ranges::any_of(revision.languages, [&](const std::string& language) {
                   return std::ranges::any_of(chosen, [&](const std::string& one) {
                       return equal_ignoring_case(one, language);
                   });
               });
    }

    const policy::View& view_;
    const catalog::Snapshot& catalog_;
    std::unordered_map<Sha1, Demand> files_;
};

}  // namespace

std::vector<store::FileWish> wanted_files(const policy::View& view) {
    return Collector(view).collect();
}

std::vector<catalog::RevisionFile> files_of(const catalog::Snapshot& catalog, Index index) {
    std::unordered_set<Index> members;
    add_with_members(catalog, index, members);
    std::vector<catalog::RevisionFile> files;
    std::unordered_set<Sha1> seen;
    for (const Index member : members) {
        for (const catalog::RevisionFile& file : catalog.revision(member).files) {
            if (seen.insert(file.sha1).second) {
                files.push_back(file);
            }
        }
    }
    std::ranges::sort(files, {}, &catalog::RevisionFile::sha1);
    return files;
}

}  // namespace headwater::content
