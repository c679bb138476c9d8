#pragma once
// What is kept ready of each revision: enough to publish a Snapshot without its document. Derived
// from the document, and derived again by `headwater catalog rebuild`. Immutable values; any
// thread.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "catalog/document.hpp"

namespace headwater::catalog {

/// The server's own number of a revision; on the wire "ID" and "RevisionID" of [MS-WUSP].
using RevisionId = std::uint32_t;
/// Grows by one with each committed change of catalog or policy. 0: before the first.
using ChangeNumber = std::uint64_t;

struct RevisionFile {
    Sha1 sha1;
    std::uint64_t size = 0;   ///< bytes
    std::string extension;    ///< ".cab", as content_extension returns it
    bool is_express = false;  ///< PatchingType "Express"
};

/// One revision as stored.
struct Revision {
    RevisionId id = 0;
    ChangeNumber change = 0;  ///< the change that brought it
    /// When it became visible to downstream servers; strictly later than every anchor given before.
    Time imported;
    RevisionIdentity identity;
    UpdateType type = UpdateType::kSoftware;
    PublicationState publication_state = PublicationState::kPublished;
    CategoryType category_type = CategoryType::kNone;
    bool explicitly_deployable = false;
    bool has_eula = false;
    std::string title;  ///< in the default language
    std::string kb_article;
    std::string msrc_severity;
    Time created;
    std::vector<PrerequisiteClause> prerequisites;
    std::vector<BundleClause> bundled;
    std::vector<Guid> superseded;
    std::vector<RevisionFile> files;
    std::vector<std::string> languages;
    std::string core;  ///< the core fragment, not escaped
};

/// Whether lists of updates show it: a category, a detectoid and a member of a bundle are none that
/// an administrator decides about.
[[nodiscard]] bool is_listed(const Revision& revision);

/// Everything but id, change and imported, from a parsed document and its core fragment.
[[nodiscard]] Revision make_revision(const Document& document, std::string core);

/// The part that make_revision fills, as bytes for the store. Format, all integers little-endian, a
/// text or list preceded by its 32-bit length:
///   version 1 · update id · revision number · type · state · category type · flags · title · kb ·
///   severity · created (µs) · prerequisites · bundled · superseded · files · languages · core
[[nodiscard]] Bytes pack_revision(const Revision& revision);
/// Errors: "catalog.record_corrupt".
[[nodiscard]] Result<Revision> unpack_revision(ByteView bytes);

}  // namespace headwater::catalog
