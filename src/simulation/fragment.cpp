#include "simulation/fragment.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "base/bytes.hpp"
#include "base/xml.hpp"
#include "simulation/rules.hpp"

namespace headwater::simulation {
namespace {

constexpr xml::Limits kLimits = {.max_bytes = std::size_t{8} << 20U,
                                 .max_elements = 200'000,
                                 .max_depth = 64,
                                 .max_attributes = 64};
/// Larger than any file that an update was seen to have; what says more is not believed.
constexpr std::uint64_t kMaxFileSize = std::uint64_t{64} << 30U;

/// A fragment has several top elements and is no document.
Result<xml::Document> parse_fragment(std::string_view text) {
    std::string document = "<fragment>";
    document += text;
    document += "</fragment>";
    return xml::Document::parse(std::move(document), kLimits);
}

template <typename Number>
std::optional<Number> number_of(std::string_view digits) {
    Number number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    return number;
}

std::optional<UpdateType> type_named(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, UpdateType>, 4> kTypes = {
        {{"Software", UpdateType::kSoftware},
         {"Driver", UpdateType::kDriver},
         {"Category", UpdateType::kCategory},
         {"Detectoid", UpdateType::kDetectoid}}};
    for (const auto& [known, type] : kTypes) {
        if (known == name) {
            return type;
        }
    }
    return std::nullopt;
}

void read_rules(const pugi::xml_node& rules, CoreFragment& core) {
    core.has_rules = static_cast<bool>(rules);
    const auto read = [&rules](const char* name, std::optional<Rule>& rule) {
        if (const pugi::xml_node element = rules.child(name)) {
            rule = parse_rules_in(element);
        }
    };
    read("IsInstalled", core.is_installed);
    read("IsInstallable", core.is_installable);
    read("IsSuperseded", core.is_superseded);
    for (const pugi::xml_node& metadata : rules.child("Metadata").children()) {
        if (const pugi::xml_attribute id = metadata.attribute("HardwareID")) {
            core.hardware_ids.emplace_back(id.value());
        }
    }
}

void read_bundle(const pugi::xml_node& bundled, CoreFragment& core) {
    const auto add = [](const pugi::xml_node& identity, BundleClause& clause) {
        if (const auto id = Guid::parse(identity.attribute("UpdateID").value())) {
            clause.push_back(*id);
        }
    };
    for (const pugi::xml_node& element : bundled.children()) {
        BundleClause clause;
        if (std::string_view(element.name()) == "UpdateIdentity") {
            add(element, clause);
        }
        for (const pugi::xml_node& identity : element.children("UpdateIdentity")) {
            add(identity, clause);
        }
        if (!clause.empty()) {
            core.bundled.push_back(std::move(clause));
        }
    }
}

std::optional<Bytes> digest_named(const pugi::xml_node& file, std::string_view algorithm) {
    if (std::string_view(file.attribute("DigestAlgorithm").as_string("SHA1")) == algorithm) {
        return from_base64(file.attribute("Digest").value());
    }
    for (const pugi::xml_node& digest : file.children("AdditionalDigest")) {
        if (std::string_view(digest.attribute("Algorithm").value()) == algorithm) {
            return from_base64(xml::text_of(digest));
        }
    }
    return std::nullopt;
}

std::optional<UpdateFile> read_file(const pugi::xml_node& element) {
    const auto sha1_bytes = digest_named(element, "SHA1");
    const auto sha1 = sha1_bytes ? Sha1::from(*sha1_bytes) : std::nullopt;
    const auto size = number_of<std::uint64_t>(element.attribute("Size").value());
    if (!sha1 || !size || *size > kMaxFileSize) {
        return std::nullopt;
    }
    UpdateFile file{.sha1 = *sha1, .name = element.attribute("FileName").value(), .size = *size};
    if (const auto bytes = digest_named(element, "SHA256")) {
        file.sha256 = Sha256::from(*bytes);
    }
    file.express = !std::string_view(element.attribute("PatchingType").value()).empty();
    return file;
}

}  // namespace

Result<CoreFragment> parse_core(std::string_view text) {
    const auto document = parse_fragment(text);
    if (!document) {
        return std::unexpected(document.error());
    }
    const pugi::xml_node root = document->root();
    const pugi::xml_node identity = root.child("UpdateIdentity");
    const auto id = Guid::parse(identity.attribute("UpdateID").value());
    const auto revision = number_of<std::int32_t>(identity.attribute("RevisionNumber").value());
    const auto type = type_named(root.child("Properties").attribute("UpdateType").value());
    if (!id || !revision || !type) {
        return fail("fragment.incomplete",
                    "A Core fragment lacks the identity or the type of its update.",
                    "Look at what the server derives from that update's document.");
    }
    CoreFragment core{.update_id = *id, .revision_number = *revision, .type = *type};
    read_rules(root.child("ApplicabilityRules"), core);
    read_bundle(root.child("Relationships").child("BundledUpdates"), core);
    return core;
}

Result<ExtendedFragment> parse_extended(std::string_view text) {
    const auto document = parse_fragment(text);
    if (!document) {
        return std::unexpected(document.error());
    }
    const pugi::xml_node root = document->root();
    ExtendedFragment extended;
    extended.title = xml::text_of(root.child("LocalizedProperties").child("Title"));
    for (const pugi::xml_node& element : root.child("Files").children("File")) {
        auto file = read_file(element);
        if (!file) {
            return fail("fragment.file",
                        "The file '" + std::string(element.attribute("FileName").value()) +
                            "' of an Extended fragment lacks its SHA-1 digest or its size.",
                        "Look at what the server derives from that update's document.");
        }
        extended.files.push_back(std::move(*file));
    }
    return extended;
}

}  // namespace headwater::simulation
