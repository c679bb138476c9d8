#include "catalog/fragments.hpp"

#include <algorithm>
#include <array>

#include "base/xml.hpp"
#include "catalog/parsed_document.hpp"
#include "catalog/schema.hpp"
#include "catalog/scopes.hpp"

namespace headwater::catalog {
namespace {

using namespace std::string_view_literals;

constexpr std::array kCoreProperties = {"UpdateType", "ExplicitlyDeployable",
                                        "AutoSelectOnWebSites", "OSUpgrade", "EulaID"};
constexpr std::array kNotExtended = {"UpdateType"sv,
                                     "ExplicitlyDeployable"sv,
                                     "AutoSelectOnWebSites"sv,
                                     "EulaID"sv,
                                     "PublisherID"sv,
                                     "PublicationState"sv,
                                     "CreationDate"sv,
                                     "IsPublic"sv,
                                     "DetectoidType"sv,
                                     "LegacyName"sv,
                                     "OSUpgrade"sv};

/// Attributes of Properties that say what is so without them, as far as servers were seen to drop
/// them. Other "false" stay: ProhibitsSubcategories of a category, IsBeta of a property.
bool is_default_property(std::string_view name, std::string_view value) {
    return (name == "ExplicitlyDeployable" || name == "AutoSelectOnWebSites" ||
            name == "OSUpgrade" || name == "PerUser") &&
           (value == "false" || value == "0");
}

bool is_extended(std::string_view name, std::string_view value) {
    return std::ranges::find(kNotExtended, name) == kNotExtended.end() &&
           !is_default_property(name, value);
}

std::string_view mark_of(std::string_view space) {
    if (space == schema::kBaseRules) {
        return "b.";
    }
    if (space == schema::kMsiRules) {
        return "m.";
    }
    return space == schema::kWindowsDriver ? "d."sv : std::string_view{};
}

bool is_content(const pugi::xml_node& node) {
    return node.type() == pugi::node_element || node.type() == pugi::node_pcdata ||
           node.type() == pugi::node_cdata;
}

/// Writes parts of one document without their namespaces.
class Writer {
public:
    explicit Writer(const pugi::xml_node& root) : root_(root) { scopes_.enter(root); }

    /// What was written since the last call.
    [[nodiscard]] std::string take() { return std::exchange(out_, {}); }

    /// The first element of this name below the root, if it is there.
    void part(std::string_view name) {
        scopes_.first(root_, name, schema::kUpdate,
                      [&](const pugi::xml_node& node) { element(node); });
    }

    void core_properties() {
        scopes_.first(root_, "Properties", schema::kUpdate, [&](const pugi::xml_node& node) {
            out_ += "<Properties";
            for (const char* name : kCoreProperties) {
                const pugi::xml_attribute attribute = node.attribute(name);
                if (attribute && !is_default_property(name, attribute.value())) {
                    write(attribute);
                }
            }
            out_ += " />";
        });
    }

    void extended_properties() {
        scopes_.first(root_, "Properties", schema::kUpdate, [&](const pugi::xml_node& node) {
            out_ += "<ExtendedProperties";
            for (const pugi::xml_attribute& attribute : node.attributes()) {
                if (!declares_namespace(attribute.name()) &&
                    is_extended(attribute.name(), attribute.value())) {
                    write(attribute);
                }
            }
            content(node, {}, "ExtendedProperties");
        });
    }

    /// Calls with each element of this name in a collection below the root, and its fragment.
    template <typename Take>
    void each_of(std::string_view collection, std::string_view name, const Take& take) {
        scopes_.first(root_, collection, schema::kUpdate, [&](const pugi::xml_node& parent) {
            scopes_.for_each(parent, name, schema::kUpdate, [&](const pugi::xml_node& node) {
                element(node);
                take(node, this->take());
            });
        });
    }

private:
    /// An element that was entered, with all that is in it.
    void element(const pugi::xml_node& node) {
        const std::string_view mark = mark_of(scopes_.namespace_of(node));
        const std::string_view name = xml::local_name(node);
        out_ += '<';
        out_ += mark;
        out_ += name;
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            if (!declares_namespace(attribute.name())) {
                write(attribute);
            }
        }
        content(node, mark, name);
    }

    /// The rest of an element whose start tag is still open. `<X></X>` is written as `<X />` too.
    void content(const pugi::xml_node& node, std::string_view mark, std::string_view name) {
        if (std::ranges::none_of(node.children(), is_content)) {
            out_ += " />";
            return;
        }
        out_ += '>';
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() == pugi::node_element) {
                const std::size_t scope = scopes_.enter(child);
                element(child);
                scopes_.leave(scope);
            } else if (is_content(child)) {
                xml::append_text(out_, child.value());
            }
        }
        out_ += "</";
        out_ += mark;
        out_ += name;
        out_ += '>';
    }

    void write(const pugi::xml_attribute& attribute) {
        out_ += ' ';
        out_ += xml::local_name(std::string_view(attribute.name()));
        out_ += "=\"";
        xml::append_attribute(out_, attribute.value());
        out_ += '"';
    }

    pugi::xml_node root_;
    Scopes scopes_;
    std::string out_;
};

/// The language of an EulaFile: an attribute ([MS-WUSP] 3.1.1.1), else as of a localized text.
std::string language_of(const pugi::xml_node& eula) {
    const pugi::xml_attribute attribute = eula.attribute("Language");
    return attribute ? std::string(attribute.value()) : xml::text_of(xml::child(eula, "Language"));
}

/// The tree of a document that can be read in all it says.
Result<xml::Document> parse_checked(std::string_view text) {
    auto tree = parse_update(text);
    if (tree) {
        if (const auto document = read_document(*tree); !document) {
            return std::unexpected(document.error());
        }
    }
    return tree;
}

}  // namespace

std::string write_core(const xml::Document& tree) {
    Writer writer(tree.root());
    writer.part("UpdateIdentity");
    writer.core_properties();
    writer.part("Relationships");
    writer.part("ApplicabilityRules");
    return writer.take();
}

Result<Fragments> derive_fragments(std::string_view text) {
    const auto tree = parse_checked(text);
    if (!tree) {
        return std::unexpected(tree.error());
    }
    Fragments fragments;
    fragments.core = write_core(*tree);
    Writer writer(tree->root());
    writer.extended_properties();
    writer.part("Files");
    writer.part("HandlerSpecificData");
    fragments.extended = writer.take();
    writer.each_of("LocalizedPropertiesCollection", "LocalizedProperties",
                   [&](const pugi::xml_node& node, std::string fragment) {
                       fragments.localized_properties.emplace_back(
                           xml::text_of(xml::child(node, "Language")), std::move(fragment));
                   });
    for (const std::string_view collection : {"LocalizedPropertiesCollection", "EulaFiles"}) {
        writer.each_of(collection, "EulaFile",
                       [&](const pugi::xml_node& node, std::string fragment) {
                           fragments.eulas.emplace_back(language_of(node), std::move(fragment));
                       });
    }
    return fragments;
}

Result<std::string> derive_core(std::string_view text) {
    const auto tree = parse_checked(text);
    if (!tree) {
        return std::unexpected(tree.error());
    }
    return write_core(*tree);
}

}  // namespace headwater::catalog
