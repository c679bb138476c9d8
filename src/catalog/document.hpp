#pragma once
// The update document of the 2002/12 schema: what the rest of the house needs to know of one,
// parsed from the XML as received. Values and pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/guid.hpp"
#include "base/time.hpp"

namespace headwater::catalog {

/// An update at one of its revisions; what server-to-server synchronization exchanges.
struct RevisionIdentity {
    Guid update_id;
    std::uint32_t revision_number = 0;
    auto operator<=>(const RevisionIdentity&) const = default;
};

enum class UpdateType : std::uint8_t { kSoftware, kDriver, kCategory, kDetectoid };
enum class PublicationState : std::uint8_t { kPublished, kExpired };
/// What a Category is; kNone for everything else (HandlerSpecificData/CategoryInformation).
enum class CategoryType : std::uint8_t {
    kNone,
    kCompany,
    kProductFamily,
    kProduct,
    kUpdateClassification,
};

/// One clause of the prerequisites: at least one of these updates is installed.
struct PrerequisiteClause {
    std::vector<Guid> alternatives;
    bool is_category = false;
    bool operator==(const PrerequisiteClause&) const = default;
};

/// One clause of the bundle: at least one of these revisions belongs to it.
struct BundleClause {
    std::vector<RevisionIdentity> alternatives;
    bool operator==(const BundleClause&) const = default;
};

struct DocumentFile {
    Sha1 sha1;
    std::optional<Sha256> sha256;
    std::string name;
    std::uint64_t size = 0;
    std::optional<Time> modified;
    /// "SelfContained", "Express" ...; empty where the document says nothing.
    std::string patching_type;
    bool operator==(const DocumentFile&) const = default;
};

struct LocalizedText {
    std::string language;  ///< as written, "en", "pt-br"
    std::string title;
    std::string description;
    std::string more_info_url;
    std::string support_url;
    std::string uninstall_notes;
    bool operator==(const LocalizedText&) const = default;
};

/// One WindowsDriverMetaData element.
struct DriverMetadata {
    std::string hardware_id;
    std::string driver_class;
    std::string manufacturer;
    std::string provider;
    std::string model;
    std::string driver_ver_date;
    std::string driver_ver_version;
    std::uint64_t whql_driver_id = 0;
    bool operator==(const DriverMetadata&) const = default;
};

/// A parsed document. Where the schema has a default, an absent value holds it.
struct Document {
    RevisionIdentity identity;
    UpdateType type = UpdateType::kSoftware;
    PublicationState publication_state = PublicationState::kPublished;
    CategoryType category_type = CategoryType::kNone;
    bool excluded_by_default = false;
    bool explicitly_deployable = false;  ///< only where the document says so
    bool per_user = false;
    std::string default_language = "en";
    std::string handler;
    std::optional<Time> creation_date;
    std::optional<Guid> publisher_id;
    std::string msrc_severity;
    std::string kb_article;  ///< digits of the first KBArticleID
    std::vector<std::string> security_bulletins;
    std::uint64_t max_download_size = 0;
    std::uint64_t min_download_size = 0;
    std::optional<Guid> eula_id;            ///< Properties/@EulaID
    bool requires_eula_acceptance = false;  ///< a EulaID is there, or an EulaFile with its own
    std::vector<LocalizedText> texts;
    std::vector<std::string> languages;  ///< Properties/Language
    std::vector<PrerequisiteClause> prerequisites;
    std::vector<BundleClause> bundled;
    std::vector<Guid> superseded;
    std::vector<DocumentFile> files;  ///< Files/File, and the EulaFile/File of each language
    std::vector<DriverMetadata> drivers;
    bool operator==(const Document&) const = default;

    /// The text in this language, else in the default language, else the first; null without any.
    [[nodiscard]] const LocalizedText* text_in(std::string_view language) const;
};

/// Reads a document. Bounded and never trusted. Errors: "catalog.malformed" (not XML, or too deep
/// or large), "catalog.no_identity", "catalog.invalid" (a value outside its type; the sentence
/// names it).
[[nodiscard]] Result<Document> parse_document(std::string_view xml);

/// The extension of a file name with its dot, ".exe"; empty where there is none or it is not plain
/// (only ASCII letters and digits, at most 16), so that it can be part of a path and a URL.
[[nodiscard]] std::string content_extension(std::string_view file_name);

}  // namespace headwater::catalog
