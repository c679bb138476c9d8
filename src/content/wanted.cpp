#include "content/wanted.hpp"

#include <algorithm>
#include <unordered_set>

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

}  // namespace

std::vector<Sha1> wanted_files(const policy::View& view) {
    const catalog::Snapshot& catalog = view.catalog();
    std::unordered_set<Index> approved;
    for (const store::Approval& approval : view.decisions().approvals) {
        const Index index = catalog.newest(approval.update_id);
        if (needs_files(approval.action) && index != catalog::kNone &&
            catalog.revision(index).publication_state == catalog::PublicationState::kPublished &&
            !view.is_declined(approval.update_id)) {
            add_with_members(catalog, index, approved);
        }
    }
    std::vector<Sha1> wanted;
    for (const Index index : approved) {
        for (const catalog::RevisionFile& file : catalog.revision(index).files) {
            if (!file.is_express) {
                wanted.push_back(file.sha1);
            }
        }
    }
    std::ranges::sort(wanted);
    wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
    return wanted;
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
