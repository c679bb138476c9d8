#include "catalog/document.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/utf.hpp"
#include "catalog/parsed_document.hpp"
#include "catalog/schema.hpp"

namespace headwater::catalog {
namespace {

constexpr xml::Limits kLimits = {.max_bytes = std::size_t{32} << 20U,
                                 .max_elements = 500'000,
                                 .max_depth = 64,
                                 .max_attributes = 64};
constexpr std::uint64_t kMaxFileSize = std::uint64_t{1} << 44U;
constexpr std::size_t kMaxExtension = 16;

/// Remembers the first value that was not what its type says, so that reading goes on in one line
/// each.
class Reader {
public:
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

    void invalid(const std::string& what, std::string_view value) {
        if (!error_) {
            error_ = Error{"catalog.invalid",
                           "The update document has an invalid " + what + ": '" +
                               std::string(value.substr(0, 100)) + "'.",
                           "Nothing can be done here: the upstream's document is wrong.",
                           {}};
        }
    }

    Guid guid(const pugi::xml_node& node, const char* name) {
        const std::string_view text = node.attribute(name).value();
        const auto guid = Guid::parse(text);
        if (!guid) {
            invalid(name, text);
        }
        return guid.value_or(Guid{});
    }

    template <typename Integer>
    Integer number(const std::string& what, std::string_view text, Integer most) {
        Integer value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.empty() || error != std::errc{} || end != text.data() + text.size() ||
            value > most) {
            invalid(what, text);
            return 0;
        }
        return value;
    }

    std::uint64_t optional_number(const pugi::xml_node& node, const char* name) {
        const pugi::xml_attribute attribute = node.attribute(name);
        return attribute ? number<std::uint64_t>(name, attribute.value(), kMaxFileSize) : 0;
    }

    bool flag(const pugi::xml_node& node, const char* name) {
        const std::string_view text = node.attribute(name).value();
        if (text.empty() || text == "false" || text == "0") {
            return false;
        }
        if (text != "true" && text != "1") {
            invalid(name, text);
        }
        return true;
    }

    RevisionIdentity identity(const pugi::xml_node& node) {
        return {guid(node, "UpdateID"),
                number<std::uint32_t>("RevisionNumber", node.attribute("RevisionNumber").value(),
                                      std::numeric_limits<std::int32_t>::max())};
    }

private:
    std::optional<Error> error_;
};

template <typename Take>
void for_each_child(const pugi::xml_node& node, std::string_view name, const Take& take) {
    for (const pugi::xml_node& child : node.children()) {
        if (child.type() == pugi::node_element &&
            (name.empty() || xml::local_name(child) == name)) {
            take(child);
        }
    }
}

UpdateType type_of(Reader& in, std::string_view text) {
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

void read_properties(Reader& in, const pugi::xml_node& node, Document& document) {
    document.type = type_of(in, node.attribute("UpdateType").value());
    document.publication_state =
        std::string_view(node.attribute("PublicationState").value()) == "Expired"
            ? PublicationState::kExpired
            : PublicationState::kPublished;
    document.explicitly_deployable = in.flag(node, "ExplicitlyDeployable");
    document.per_user = in.flag(node, "PerUser");
    if (const pugi::xml_attribute language = node.attribute("DefaultPropertiesLanguage")) {
        document.default_language = language.value();
    }
    document.handler = node.attribute("Handler").value();
    document.creation_date = from_xml_time(node.attribute("CreationDate").value());
    document.publisher_id = Guid::parse(node.attribute("PublisherID").value());
    document.msrc_severity = node.attribute("MsrcSeverity").value();
    document.max_download_size = in.optional_number(node, "MaxDownloadSize");
    document.min_download_size = in.optional_number(node, "MinDownloadSize");
    document.eula_id = Guid::parse(node.attribute("EulaID").value());
    document.requires_eula_acceptance = document.eula_id.has_value();
    document.kb_article = xml::text_of(xml::child(node, "KBArticleID"));
    for_each_child(node, "SecurityBulletinID", [&](const pugi::xml_node& child) {
        document.security_bulletins.push_back(xml::text_of(child));
    });
    for_each_child(node, "Language", [&](const pugi::xml_node& child) {
        document.languages.push_back(xml::text_of(child));
    });
}

void read_texts(const pugi::xml_node& collection, Document& document) {
    for_each_child(collection, "LocalizedProperties", [&](const pugi::xml_node& node) {
        LocalizedText text;
        for (const pugi::xml_node& child : node.children()) {
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
        }
        document.texts.push_back(std::move(text));
    });
}

void read_relationships(Reader& in, const pugi::xml_node& node, Document& document) {
    for_each_child(xml::child(node, "Prerequisites"), {}, [&](const pugi::xml_node& child) {
        const std::string_view name = xml::local_name(child);
        PrerequisiteClause clause;
        if (name == "UpdateIdentity") {
            clause.alternatives.push_back(in.guid(child, "UpdateID"));
        } else if (name == "AtLeastOne") {
            clause.is_category = in.flag(child, "IsCategory");
            for_each_child(child, "UpdateIdentity", [&](const pugi::xml_node& identity) {
                clause.alternatives.push_back(in.guid(identity, "UpdateID"));
            });
        }
        if (!clause.alternatives.empty()) {
            document.prerequisites.push_back(std::move(clause));
        }
    });
    for_each_child(xml::child(node, "BundledUpdates"), {}, [&](const pugi::xml_node& child) {
        BundleClause clause;
        if (xml::local_name(child) == "UpdateIdentity") {
            clause.alternatives.push_back(in.identity(child));
        } else {
            for_each_child(child, "UpdateIdentity", [&](const pugi::xml_node& identity) {
                clause.alternatives.push_back(in.identity(identity));
            });
        }
        if (!clause.alternatives.empty()) {
            document.bundled.push_back(std::move(clause));
        }
    });
    for_each_child(xml::child(node, "SupersededUpdates"), "UpdateIdentity",
                   [&](const pugi::xml_node& child) {
                       document.superseded.push_back(in.guid(child, "UpdateID"));
                   });
}

void read_file(Reader& in, const pugi::xml_node& node, Document& document) {
    DocumentFile file;
    const std::string_view algorithm = node.attribute("DigestAlgorithm").value();
    if (!algorithm.empty() && !equal_ignoring_case(algorithm, "SHA1")) {
        in.invalid("DigestAlgorithm", algorithm);
    }
    const std::string_view digest = node.attribute("Digest").value();
    const auto bytes = from_base64(digest);
    const auto sha1 = bytes ? Sha1::from(*bytes) : std::nullopt;
    if (!sha1) {
        in.invalid("Digest of a file", digest);
        return;
    }
    file.sha1 = *sha1;
    file.name = node.attribute("FileName").value();
    file.size =
        in.number<std::uint64_t>("Size of a file", node.attribute("Size").value(), kMaxFileSize);
    file.modified = from_xml_time(node.attribute("Modified").value());
    file.patching_type = node.attribute("PatchingType").value();
    for_each_child(node, "AdditionalDigest", [&](const pugi::xml_node& child) {
        if (!equal_ignoring_case(child.attribute("Algorithm").value(), "SHA256")) {
            return;
        }
        const std::string text = xml::text_of(child);
        const auto more = from_base64(text);
        file.sha256 = more ? Sha256::from(*more) : std::nullopt;
        if (!file.sha256) {
            in.invalid("SHA-256 digest of a file", text);
        }
    });
    document.files.push_back(std::move(file));
}

/// EulaFile elements stand among the localized texts, or in a collection of their own.
void read_eulas(Reader& in, const pugi::xml_node& node, Document& document) {
    for_each_child(node, "EulaFile", [&](const pugi::xml_node& eula) {
        document.requires_eula_acceptance = true;
        for_each_child(eula, "File",
                       [&](const pugi::xml_node& file) { read_file(in, file, document); });
    });
}

void read_drivers(Reader& in, const pugi::xml_node& rules, Document& document) {
    for_each_child(xml::child(rules, "Metadata"), "WindowsDriverMetaData",
                   [&](const pugi::xml_node& node) {
                       DriverMetadata driver;
                       driver.hardware_id = node.attribute("HardwareID").value();
                       driver.driver_class = node.attribute("Class").value();
                       driver.manufacturer = node.attribute("Manufacturer").value();
                       driver.provider = node.attribute("Provider").value();
                       driver.model = node.attribute("Model").value();
                       driver.driver_ver_date = node.attribute("DriverVerDate").value();
                       driver.driver_ver_version = node.attribute("DriverVerVersion").value();
                       driver.whql_driver_id = in.optional_number(node, "WhqlDriverID");
                       document.drivers.push_back(std::move(driver));
                   });
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
        return fail("catalog.malformed", "The update document cannot be read.", {},
                    {tree.error().sentence});
    }
    const pugi::xml_node root = tree->root();
    if (xml::local_name(root) != "Update" || xml::namespace_of(root) != schema::kUpdate) {
        return fail("catalog.malformed", "The document is no update document: its root is '" +
                                             std::string(root.name()).substr(0, 100) + "'.");
    }
    return std::move(*tree);
}

Result<Document> read_document(const xml::Document& tree) {
    const pugi::xml_node root = tree.root();
    const pugi::xml_node identity = xml::child(root, "UpdateIdentity");
    if (!identity) {
        return fail("catalog.no_identity", "The update document has no UpdateIdentity.");
    }
    Reader in;
    Document document;
    document.identity = in.identity(identity);
    read_properties(in, xml::child(root, "Properties"), document);
    const pugi::xml_node texts = xml::child(root, "LocalizedPropertiesCollection");
    read_texts(texts, document);
    read_relationships(in, xml::child(root, "Relationships"), document);
    read_drivers(in, xml::child(root, "ApplicabilityRules"), document);
    for_each_child(xml::child(root, "Files"), "File",
                   [&](const pugi::xml_node& file) { read_file(in, file, document); });
    read_eulas(in, texts, document);
    read_eulas(in, xml::child(root, "EulaFiles"), document);
    const pugi::xml_node category =
        xml::child(xml::child(root, "HandlerSpecificData"), "CategoryInformation");
    document.category_type = category_type_of(category.attribute("CategoryType").value());
    document.excluded_by_default = in.flag(category, "ExcludedByDefault");
    if (in.error()) {
        return std::unexpected(*in.error());
    }
    return document;
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
