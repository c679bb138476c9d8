#include "catalog/document.hpp"

#include <algorithm>
#include <limits>

#include "base/utf.hpp"
#include "catalog/parsed_document.hpp"
#include "catalog/schema.hpp"
#include "catalog/scopes.hpp"
#include "catalog/values.hpp"

namespace headwater::catalog {
namespace {

constexpr xml::Limits kLimits = {.max_bytes = std::size_t{32} << 20U,
                                 .max_elements = 500'000,
                                 .max_depth = 64,
                                 .max_attributes = 64};
constexpr std::uint64_t kMaxFileSize = std::uint64_t{1} << 44U;
constexpr std::size_t kMaxExtension = 16;
constexpr std::size_t kMaxKbDigits = 16;

UpdateType type_of(Values& in, std::string_view text) {
    if (text == "Software") {
        return UpdateType::kSoftware;
    }
    if (text == "Driver") {
        return UpdateType::kDriver;
    }
    if (text == "Category") {
        return UpdateType::kCategory;
    }
    if (text != "Detectoid") {
        in.invalid("UpdateType", text);
    }
    return UpdateType::kDetectoid;
}

PublicationState state_of(Values& in, const pugi::xml_attribute& attribute) {
    const std::string_view text = attribute.value();
    if (text == "Expired") {
        return PublicationState::kExpired;
    }
    if (attribute && text != "Published") {
        in.invalid("PublicationState", text);
    }
    return PublicationState::kPublished;
}

/// A type that is not known here is no type of ours: new ones may come.
CategoryType category_type_of(std::string_view text) {
    if (text == "Company") {
        return CategoryType::kCompany;
    }
    if (text == "ProductFamily") {
        return CategoryType::kProductFamily;
    }
    if (text == "Product") {
        return CategoryType::kProduct;
    }
    return text == "UpdateClassification" ? CategoryType::kUpdateClassification
                                          : CategoryType::kNone;
}

/// "5001234" of "5001234", "KB5001234" and the like; empty for everything else.
std::string kb_digits(std::string_view text) {
    text = trimmed(text);
    if (text.size() > 2 && equal_ignoring_case(text.substr(0, 2), "KB")) {
        text.remove_prefix(2);
    }
    const bool plain = text.size() <= kMaxKbDigits &&
                       std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return plain ? std::string(text) : std::string{};
}

/// One walk over a tree, filling one Document.
class Reader {
public:
    Result<Document> read(const pugi::xml_node& root) {
        scopes_.enter(root);
        if (!part(root, "UpdateIdentity",
                  [&](const pugi::xml_node& node) { document_.identity = in_.identity(node); })) {
            return fail("catalog.no_identity", "The update document has no UpdateIdentity.");
        }
        if (!part(root, "Properties", [&](const pugi::xml_node& node) { properties(node); })) {
            in_.invalid("UpdateType", {});
        }
        part(root, "Relationships", [&](const pugi::xml_node& node) { relationships(node); });
        part(root, "ApplicabilityRules", [&](const pugi::xml_node& node) { drivers(node); });
        part(root, "Files", [&](const pugi::xml_node& node) {
            each(node, "File", [&](const pugi::xml_node& file) { add_file(file); });
        });
        part(root, "LocalizedPropertiesCollection", [&](const pugi::xml_node& node) {
            texts(node);
            eulas(node);
        });
        part(root, "EulaFiles", [&](const pugi::xml_node& node) { eulas(node); });
        part(root, "HandlerSpecificData", [&](const pugi::xml_node& node) { category(node); });
        if (in_.error()) {
            return std::unexpected(*in_.error());
        }
        return std::move(document_);
    }

private:
    template <typename Take>
    bool part(const pugi::xml_node& parent, std::string_view name, const Take& take) {
        return scopes_.first(parent, name, schema::kUpdate, take);
    }
    template <typename Take>
    void each(const pugi::xml_node& parent, std::string_view name, const Take& take) {
        scopes_.for_each(parent, name, schema::kUpdate, take);
    }

    void properties(const pugi::xml_node& node) {
        document_.type = type_of(in_, node.attribute("UpdateType").value());
        document_.publication_state = state_of(in_, node.attribute("PublicationState"));
        document_.explicitly_deployable = in_.flag(node, "ExplicitlyDeployable");
        document_.per_user = in_.flag(node, "PerUser");
        if (const pugi::xml_attribute language = node.attribute("DefaultPropertiesLanguage")) {
            document_.default_language = language.value();
        }
        document_.handler = node.attribute("Handler").value();
        document_.creation_date = in_.optional_time(node, "CreationDate");
        document_.publisher_id = in_.optional_guid(node, "PublisherID");
        document_.msrc_severity = node.attribute("MsrcSeverity").value();
        document_.max_download_size = in_.optional_number(node, "MaxDownloadSize", kMaxFileSize);
        document_.min_download_size = in_.optional_number(node, "MinDownloadSize", kMaxFileSize);
        document_.eula_id = in_.optional_guid(node, "EulaID");
        document_.requires_eula_acceptance = document_.eula_id.has_value();
        part(node, "KBArticleID", [&](const pugi::xml_node& child) {
            document_.kb_article = kb_digits(xml::text_of(child));
        });
        each(node, "SecurityBulletinID", [&](const pugi::xml_node& child) {
            document_.security_bulletins.push_back(xml::text_of(child));
        });
        each(node, "Language", [&](const pugi::xml_node& child) {
            document_.languages.push_back(xml::text_of(child));
        });
    }

    void texts(const pugi::xml_node& collection) {
        each(collection, "LocalizedProperties", [&](const pugi::xml_node& node) {
            LocalizedText text;
            each(node, {}, [&](const pugi::xml_node& child) {
                const std::string_view name = xml::local_name(child);
                std::string* to = name == "Language"         ? &text.language
                                  : name == "Title"          ? &text.title
                                  : name == "Description"    ? &text.description
                                  : name == "MoreInfoUrl"    ? &text.more_info_url
                                  : name == "SupportUrl"     ? &text.support_url
                                  : name == "UninstallNotes" ? &text.uninstall_notes
                                                             : nullptr;
                if (to != nullptr && to->empty()) {
                    *to = xml::text_of(child);
                }
            });
            document_.texts.push_back(std::move(text));
        });
    }

    void relationships(const pugi::xml_node& node) {
        part(node, "Prerequisites", [&](const pugi::xml_node& list) { prerequisites(list); });
        part(node, "BundledUpdates", [&](const pugi::xml_node& list) { bundle(list); });
        part(node, "SupersededUpdates", [&](const pugi::xml_node& list) {
            each(list, "UpdateIdentity", [&](const pugi::xml_node& child) {
                document_.superseded.push_back(in_.guid(child, "UpdateID"));
            });
        });
    }

    /// A bare UpdateIdentity is a clause of one.
    void prerequisites(const pugi::xml_node& list) {
        each(list, {}, [&](const pugi::xml_node& child) {
            PrerequisiteClause clause;
            if (xml::local_name(child) == "UpdateIdentity") {
                clause.alternatives.push_back(in_.guid(child, "UpdateID"));
            } else if (xml::local_name(child) == "AtLeastOne") {
                clause.is_category = in_.flag(child, "IsCategory");
                each(child, "UpdateIdentity", [&](const pugi::xml_node& identity) {
                    clause.alternatives.push_back(in_.guid(identity, "UpdateID"));
                });
            }
            if (!clause.alternatives.empty()) {
                document_.prerequisites.push_back(std::move(clause));
            }
        });
    }

    void bundle(const pugi::xml_node& list) {
        each(list, {}, [&](const pugi::xml_node& child) {
            BundleClause clause;
            if (xml::local_name(child) == "UpdateIdentity") {
                clause.alternatives.push_back(in_.identity(child));
            } else if (xml::local_name(child) == "AtLeastOne") {
                each(child, "UpdateIdentity", [&](const pugi::xml_node& identity) {
                    clause.alternatives.push_back(in_.identity(identity));
                });
            }
            if (!clause.alternatives.empty()) {
                document_.bundled.push_back(std::move(clause));
            }
        });
    }

    void drivers(const pugi::xml_node& rules) {
        const auto driver = [&](const pugi::xml_node& node) {
            constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
            document_.drivers.push_back(
                {.hardware_id = node.attribute("HardwareID").value(),
                 .driver_class = node.attribute("Class").value(),
                 .manufacturer = node.attribute("Manufacturer").value(),
                 .provider = node.attribute("Provider").value(),
                 .model = node.attribute("Model").value(),
                 .driver_ver_date = node.attribute("DriverVerDate").value(),
                 .driver_ver_version = node.attribute("DriverVerVersion").value(),
                 .whql_driver_id = in_.optional_number(node, "WhqlDriverID", kMost)});
        };
        part(rules, "Metadata", [&](const pugi::xml_node& node) {
            scopes_.for_each(node, "WindowsDriverMetaData", schema::kWindowsDriver, driver);
        });
    }

    void add_file(const pugi::xml_node& node) {
        const std::string_view algorithm = node.attribute("DigestAlgorithm").value();
        if (!equal_ignoring_case(algorithm, "SHA1")) {
            in_.invalid("DigestAlgorithm of a file", algorithm);
        }
        const std::string_view digest = node.attribute("Digest").value();
        const auto bytes = from_base64(digest);
        const auto sha1 = bytes ? Sha1::from(*bytes) : std::nullopt;
        if (!sha1) {
            in_.invalid("Digest of a file", digest);
            return;
        }
        DocumentFile file;
        file.sha1 = *sha1;
        file.sha256 = sha256_of(node);
        file.name = node.attribute("FileName").value();
        file.size = in_.number<std::uint64_t>("Size of a file", node.attribute("Size").value(),
                                              kMaxFileSize);
        file.modified = in_.optional_time(node, "Modified");
        file.patching_type = node.attribute("PatchingType").value();
        document_.files.push_back(std::move(file));
    }

    std::optional<Sha256> sha256_of(const pugi::xml_node& file) {
        std::optional<Sha256> digest;
        each(file, "AdditionalDigest", [&](const pugi::xml_node& child) {
            if (!equal_ignoring_case(child.attribute("Algorithm").value(), "SHA256")) {
                return;
            }
            const std::string text = xml::text_of(child);
            const auto bytes = from_base64(text);
            digest = bytes ? Sha256::from(*bytes) : std::nullopt;
            if (!digest) {
                in_.invalid("SHA-256 digest of a file", text);
            }
        });
        return digest;
    }

    /// An EulaFile is a file itself ([MS-WUSP] note 44) or has File elements; it stands among the
    /// localized texts or in a collection of its own.
    void eulas(const pugi::xml_node& collection) {
        each(collection, "EulaFile", [&](const pugi::xml_node& eula) {
            document_.requires_eula_acceptance = true;
            if (eula.attribute("Digest")) {
                add_file(eula);
            }
            each(eula, "File", [&](const pugi::xml_node& file) { add_file(file); });
        });
    }

    void category(const pugi::xml_node& data) {
        scopes_.first(
            data, "CategoryInformation", schema::kCategory, [&](const pugi::xml_node& node) {
                document_.category_type = category_type_of(node.attribute("CategoryType").value());
                document_.excluded_by_default = in_.flag(node, "ExcludedByDefault");
            });
    }

    Values in_;
    Scopes scopes_;
    Document document_;
};

std::unexpected<Error> malformed(std::string reason) {
    return fail("catalog.malformed", "The update document cannot be read.",
                "Nothing can be done here: the upstream's document is wrong.", {std::move(reason)});
}

/// Characters that XML forbids would spoil every answer that holds one, and the parser lets them
/// pass: as they are, and as references.
bool has_forbidden_bytes(std::string_view text) {
    bool found = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        found |= byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
    }
    return found || text.find("\xEF\xBF\xBE") != std::string_view::npos ||
           text.find("\xEF\xBF\xBF") != std::string_view::npos;
}

bool is_clean(std::string_view value) {
    return is_valid_utf8(value) && !has_forbidden_bytes(value);
}

bool is_clean(const pugi::xml_node& node) {
    return is_clean(node.value()) &&
           std::ranges::all_of(
               node.attributes(),
               [](const pugi::xml_attribute& attribute) { return is_clean(attribute.value()); }) &&
           std::ranges::all_of(node.children(),
                               [](const pugi::xml_node& child) { return is_clean(child); });
}

/// What the parser passes over: a second root, and text beside the root.
bool has_only_its_root(std::string_view text, const pugi::xml_node& root) {
    for (pugi::xml_node next = root.next_sibling(); next; next = next.next_sibling()) {
        if (next.type() == pugi::node_element) {
            return false;
        }
    }
    const std::string_view inner = trimmed(text);
    return (inner.starts_with('<') || inner.starts_with("\xEF\xBB\xBF")) && inner.ends_with('>');
}

}  // namespace

const LocalizedText* Document::text_in(std::string_view language) const {
    for (const std::string_view wanted : {language, std::string_view(default_language)}) {
        const auto found = std::ranges::find_if(texts, [wanted](const LocalizedText& text) {
            return equal_ignoring_case(text.language, wanted);
        });
        if (found != texts.end()) {
            return &*found;
        }
    }
    return texts.empty() ? nullptr : &texts.front();
}

Result<xml::Document> parse_update(std::string_view text) {
    auto tree = xml::Document::parse(std::string(text), kLimits);
    if (!tree) {
        return malformed(tree.error().sentence);
    }
    const pugi::xml_node root = tree->root();
    if (has_forbidden_bytes(text) ||
        (text.find("&#") != std::string_view::npos && !is_clean(root))) {
        return malformed("It contains a character that XML forbids.");
    }
    if (!has_only_its_root(text, root)) {
        return malformed("It has content beside its root.");
    }
    Scopes scopes;
    scopes.enter(root);
    if (xml::local_name(root) != "Update" || scopes.namespace_of(root) != schema::kUpdate) {
        return malformed("Its root '" + excerpt(root.name()) + "' is not that of an update.");
    }
    return std::move(*tree);
}

Result<Document> read_document(const xml::Document& tree) {
    return Reader().read(tree.root());
}

Result<Document> parse_document(std::string_view text) {
    const auto tree = parse_update(text);
    if (!tree) {
        return std::unexpected(tree.error());
    }
    return read_document(*tree);
}

Result<Digested> digest_document(std::string_view text) {
    const auto tree = parse_update(text);
    if (!tree) {
        return std::unexpected(tree.error());
    }
    auto document = read_document(*tree);
    if (!document) {
        return std::unexpected(document.error());
    }
    return Digested{std::move(*document), write_core(*tree)};
}

std::string content_extension(std::string_view file_name) {
    const std::size_t dot = file_name.rfind('.');
    if (dot == std::string_view::npos || dot + 1 == file_name.size()) {
        return {};
    }
    const std::string_view extension = file_name.substr(dot);
    const bool plain = std::ranges::all_of(extension.substr(1), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    return plain && extension.size() <= kMaxExtension ? std::string(extension) : std::string{};
}

}  // namespace headwater::catalog
