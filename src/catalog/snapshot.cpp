#include "catalog/snapshot.hpp"

#include <algorithm>
#include <ranges>

#include "base/xml.hpp"

namespace headwater::catalog {
namespace {

std::size_t mix(std::size_t seed, std::size_t value) {
    return (seed ^ value) * 0x9e3779b97f4a7c15U + (seed >> 29U);
}

std::string xml_element(std::string_view core) {
    std::string element;
    element.reserve(core.size() + core.size() / 4 + 16);
    element += "<Xml>";
    xml::append_exact_text(element, core);
    element += "</Xml>";
    return element;
}

}  // namespace

std::size_t Snapshot::IdentityHash::operator()(const RevisionIdentity& identity) const noexcept {
    return mix(std::hash<Guid>{}(identity.update_id), identity.revision_number);
}

std::size_t Snapshot::SignatureHash::operator()(
    const std::shared_ptr<const Signature>& signature) const noexcept {
    std::size_t hash = signature->clauses.size();
    for (const auto& clause : signature->clauses) {
        hash = mix(hash, clause.size());
        for (const UpdateIndex update : clause) {
            hash = mix(hash, update);
        }
    }
    return hash;
}

std::shared_ptr<const Snapshot> Snapshot::empty() {
    return Snapshot{}.with({});
}

std::shared_ptr<const Snapshot> Snapshot::with(std::vector<Revision> added) const {
    auto next = std::make_shared<Snapshot>(*this);
    Named naming;
    auto missing = missing_members_ ? std::make_shared<IdentitySet>(*missing_members_)
                                    : std::make_shared<IdentitySet>();
    for (Revision& revision : added) {
        if (next->find(revision.id) == kNone) {
            next->add(std::move(revision), naming, *missing);
        }
    }
    next->missing_members_ = std::move(missing);
    for (const auto& [update, indexes] : naming) {
        auto& shared = next->naming_.value(update);
        auto grown = shared ? std::make_shared<Roaring>(*shared) : std::make_shared<Roaring>();
        grown->addMany(indexes.size(), indexes.data());
        grown->runOptimize();
        shared = std::move(grown);
    }
    next->settle();
    return next;
}

void Snapshot::settle() {
    revisions_.settle();
    imported_by_.settle();
    by_id_.settle();
    update_ids_.settle();
    newest_.settle();
    named_since_.settle();
    signatures_.settle();
    bundles_.settle();
    by_identity_.settle();
    updates_.settle();
    signature_index_.settle();
    naming_.settle();
    supersedes_.settle();
    superseders_.settle();
}

UpdateIndex Snapshot::intern(const Guid& update_id) {
    if (const UpdateIndex* known = updates_.find(update_id)) {
        return *known;
    }
    const auto index = static_cast<UpdateIndex>(newest_.size());
    updates_.value(update_id) = index;
    update_ids_.push_back(update_id);
    newest_.push_back(kNone);
    named_since_.push_back(kNever);
    return index;
}

SignatureIndex Snapshot::intern_signature(const Revision& revision) {
    auto signature = std::make_shared<Signature>();
    for (const PrerequisiteClause& clause : revision.prerequisites) {
        std::vector<UpdateIndex> alternatives;
        for (const Guid& id : clause.alternatives) {
            alternatives.push_back(intern(id));
        }
        std::ranges::sort(alternatives);
        alternatives.erase(std::ranges::unique(alternatives).begin(), alternatives.end());
        signature->clauses.push_back(std::move(alternatives));
    }
    std::ranges::sort(signature->clauses);
    signature->clauses.erase(std::ranges::unique(signature->clauses).begin(),
                             signature->clauses.end());
    if (const SignatureIndex* known = signature_index_.find(signature)) {
        return *known;
    }
    const auto index = static_cast<SignatureIndex>(signatures_.size());
    signature_index_.value(signature) = index;
    signatures_.push_back(std::move(signature));
    return index;
}

void Snapshot::add(Revision revision, Named& naming, IdentitySet& missing) {
    const auto index = static_cast<Index>(revisions_.size());
    auto published = std::make_shared<Published>();
    published->xml_element = xml_element(revision.core);
    revision.core = {};
    published->update = intern(revision.identity.update_id);
    published->signature = intern_signature(revision);

    while (by_id_.size() <= revision.id) {
        by_id_.push_back(kNone);
    }
    by_id_.edit(revision.id) = index;
    by_identity_.value(revision.identity) = index;
    missing.erase(revision.identity);
    const Index newest = newest_[published->update];
    if (newest == kNone ||
        revisions_[newest]->revision.identity.revision_number < revision.identity.revision_number) {
        newest_.edit(published->update) = index;
    }
    for (const auto& clause : signatures_[published->signature]->clauses) {
        for (const UpdateIndex named : clause) {
            if (revision.change < named_since_[named]) {
                named_since_.edit(named) = revision.change;
            }
            naming[named].push_back(index);
        }
    }
    for (const BundleClause& clause : revision.bundled) {
        for (const RevisionIdentity& member : clause.alternatives) {
            bundles_.value(member).push_back(index);
            if (find(member) == kNone) {
                missing.insert(member);
            }
        }
    }
    for (const Guid& id : revision.superseded) {
        const UpdateIndex update = intern(id);
        supersedes_.value(index).push_back(update);
        superseders_.value(update).push_back(index);
    }
    if (revision.type == UpdateType::kCategory) {
        categories_.add(index);
    } else if (revision.type == UpdateType::kDetectoid) {
        detectoids_.add(index);
    }
    change_ = std::max(change_, revision.change);
    as_of_ = std::max(as_of_, revision.imported);
    imported_by_.push_back(as_of_);
    published->revision = std::move(revision);
    revisions_.push_back(std::move(published));
}

Index Snapshot::find(RevisionId id) const {
    return id < by_id_.size() ? by_id_[id] : kNone;
}

Index Snapshot::find(const RevisionIdentity& identity) const {
    const Index* index = by_identity_.find(identity);
    return index == nullptr ? kNone : *index;
}

UpdateIndex Snapshot::find_update(const Guid& update_id) const {
    const UpdateIndex* update = updates_.find(update_id);
    return update == nullptr ? kNone : *update;
}

Index Snapshot::newest(const Guid& update_id) const {
    const UpdateIndex update = find_update(update_id);
    return update == kNone ? kNone : newest_[update];
}

ChangeNumber Snapshot::leaf_change(Index index) const {
    const ChangeNumber own = revision(index).change;
    const ChangeNumber named = named_since_[at(index).update];
    return named == kNever ? own : std::max(own, named);
}

const Roaring& Snapshot::naming(UpdateIndex update) const {
    static const Roaring nothing;
    const auto* naming = naming_.find(update);
    return naming == nullptr ? nothing : **naming;
}

std::span<const UpdateIndex> Snapshot::superseded_by(Index index) const {
    const auto* superseded = supersedes_.find(index);
    return superseded == nullptr ? std::span<const UpdateIndex>{} : std::span(*superseded);
}

std::span<const Index> Snapshot::bundles_with(const RevisionIdentity& member) const {
    const auto* bundles = bundles_.find(member);
    return bundles == nullptr ? std::span<const Index>{} : std::span(*bundles);
}

Index Snapshot::first_imported_after(Time time) const {
    const auto indexes = std::views::iota(Index{0}, static_cast<Index>(size()));
    return static_cast<Index>(
        std::ranges::partition_point(
            indexes, [this, time](Index index) { return imported_by_[index] <= time; }) -
        indexes.begin());
}

bool Snapshot::is_superseded(UpdateIndex update) const {
    const auto* superseders = superseders_.find(update);
    if (superseders == nullptr) {
        return false;
    }
    return std::ranges::any_of(*superseders, [this, update](Index superseder) {
        const UpdateIndex by = this->at(superseder).update;
        return by != update && newest_[by] == superseder &&
               revision(superseder).publication_state == PublicationState::kPublished;
    });
}

}  // namespace headwater::catalog
