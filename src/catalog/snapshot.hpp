#pragma once
// The catalog in memory, as published: dense indexes, relations as arrays, sets as Roaring bitmaps.
// A Snapshot never changes; any thread may read it, and it lives as long as somebody holds it.
//
// An update is known by its UpdateIndex as soon as anything names it, even before a revision of it
// is here. A revision has an Index. Both keep their numbers from one snapshot to the next, so that
// a new snapshot shares the old one's arrays and maps and has of its own what was added: only new
// revisions are read, hashed and escaped.

#include <cstdint>
#include <memory>
#include <roaring/roaring.hh>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "catalog/layered_map.hpp"
#include "catalog/revision.hpp"
#include "catalog/shared_array.hpp"

namespace headwater::catalog {

using Index = std::uint32_t;
using UpdateIndex = std::uint32_t;
using SignatureIndex = std::uint32_t;
inline constexpr std::uint32_t kNone = 0xffffffffU;

/// The prerequisites of a revision as a value that many share: clauses, each a sorted list of
/// updates.
struct Signature {
    std::vector<std::vector<UpdateIndex>> clauses;
    bool operator==(const Signature&) const = default;
};

/// One revision as published: what was stored, with what every answer wants of it ready-made.
struct Published {
    Revision revision;        ///< without its core fragment
    std::string xml_element;  ///< `<Xml>` with the escaped core fragment, as SyncUpdates sends it
    UpdateIndex update = kNone;
    SignatureIndex signature = 0;
};

class Snapshot {
    struct IdentityHash {
        std::size_t operator()(const RevisionIdentity& identity) const noexcept;
    };

public:
    using IdentitySet = std::unordered_set<RevisionIdentity, IdentityHash>;

    /// The snapshot of an empty catalog.
    [[nodiscard]] static std::shared_ptr<const Snapshot> empty();
    /// This snapshot and these revisions; an id that is here already is skipped.
    /// Cost: the work for what is added; everything else is shared.
    [[nodiscard]] std::shared_ptr<const Snapshot> with(std::vector<Revision> added) const;

    [[nodiscard]] std::size_t size() const { return revisions_.size(); }
    [[nodiscard]] const Published& at(Index index) const { return *revisions_[index]; }
    [[nodiscard]] const Revision& revision(Index index) const {
        return revisions_[index]->revision;
    }

    /// kNone for an unknown one; also for the three below.
    [[nodiscard]] Index find(RevisionId id) const;
    [[nodiscard]] Index find(const RevisionIdentity& identity) const;
    [[nodiscard]] UpdateIndex find_update(const Guid& update_id) const;
    /// The revision of an update with the highest number.
    [[nodiscard]] Index newest(UpdateIndex update) const { return newest_[update]; }
    [[nodiscard]] Index newest(const Guid& update_id) const;

    [[nodiscard]] std::size_t update_count() const { return newest_.size(); }
    [[nodiscard]] const Guid& update_id(UpdateIndex update) const { return update_ids_[update]; }

    [[nodiscard]] std::size_t signature_count() const { return signatures_.size(); }
    [[nodiscard]] const Signature& signature(SignatureIndex index) const {
        return *signatures_[index];
    }

    /// False exactly for the revisions of updates that some prerequisite names.
    [[nodiscard]] bool is_leaf(Index index) const {
        return named_since_[at(index).update] == kNever;
    }
    /// The change that made a revision what is_leaf says of it: its own, or the first that named
    /// it.
    [[nodiscard]] ChangeNumber leaf_change(Index index) const;

    /// Categories (companies, families, products, classifications), detectoids.
    [[nodiscard]] const Roaring& categories() const { return categories_; }
    [[nodiscard]] const Roaring& detectoids() const { return detectoids_; }
    /// All revisions whose prerequisites name this update in any clause.
    [[nodiscard]] const Roaring& naming(UpdateIndex update) const;
    /// Updates that a revision supersedes, one entry an update that is here; empty for most.
    [[nodiscard]] std::span<const UpdateIndex> superseded_by(Index index) const;
    /// The revisions whose bundles name this one; empty for most.
    [[nodiscard]] std::span<const Index> bundles_with(const RevisionIdentity& member) const;
    /// What bundles name and is not here.
    [[nodiscard]] const IdentitySet& missing_members() const { return *missing_members_; }
    /// The first index from which on a revision may have been imported after this time: none before
    /// it was. size() if none was.
    [[nodiscard]] Index first_imported_after(Time time) const;
    /// True for an update that a newest, published revision of another supersedes.
    [[nodiscard]] bool is_superseded(UpdateIndex update) const;

    /// The highest change in it, and the latest time at which anything in it became visible.
    [[nodiscard]] ChangeNumber change() const { return change_; }
    [[nodiscard]] Time as_of() const { return as_of_; }

private:
    struct SignatureHash {
        std::size_t operator()(const std::shared_ptr<const Signature>& signature) const noexcept;
    };
    struct SignatureEqual {
        bool operator()(const std::shared_ptr<const Signature>& left,
                        const std::shared_ptr<const Signature>& right) const {
            return *left == *right;
        }
    };
    static constexpr ChangeNumber kNever = ~ChangeNumber{0};

    void settle();
    UpdateIndex intern(const Guid& update_id);
    SignatureIndex intern_signature(const Revision& revision);
    using Named = std::unordered_map<UpdateIndex, std::vector<Index>>;
    void add(Revision revision, Named& named, IdentitySet& missing);

    SharedArray<std::shared_ptr<const Published>> revisions_;
    SharedArray<Time> imported_by_;  // the latest import of a revision and all before it
    SharedArray<Index> by_id_;       // position: RevisionId; ids are given in sequence
    LayeredMap<RevisionIdentity, Index, IdentityHash> by_identity_;
    LayeredMap<Guid, UpdateIndex> updates_;
    SharedArray<Guid> update_ids_;
    SharedArray<Index> newest_;
    SharedArray<ChangeNumber> named_since_;  // by update; kNever while nothing names it
    SharedArray<std::shared_ptr<const Signature>> signatures_;
    LayeredMap<std::shared_ptr<const Signature>, SignatureIndex, SignatureHash, SignatureEqual>
        signature_index_;
    LayeredMap<UpdateIndex, std::shared_ptr<const Roaring>> naming_;
    LayeredMap<Index, std::vector<UpdateIndex>> supersedes_;
    LayeredMap<UpdateIndex, std::vector<Index>> superseders_;
    LayeredMap<RevisionIdentity, std::vector<Index>, IdentityHash> bundles_;  // by their members
    std::shared_ptr<const IdentitySet> missing_members_;
    Roaring categories_;
    Roaring detectoids_;
    ChangeNumber change_ = 0;
    Time as_of_{};
};

}  // namespace headwater::catalog
