#include "catalog/fragments.hpp"

#include <algorithm>
#include <array>

#include "base/xml.hpp"
#include "catalog/parsed_document.hpp"
#include "catalog/schema.hpp"

namespace headwater::catalog {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 5> kCoreProperties = {
    "UpdateType", "ExplicitlyDeployable", "AutoSelectOnWebSites", "OSUpgrade", "EulaID"};
constexpr std::array<std::string_view, 11> kNotExtended = {"UpdateType",
                                                           "ExplicitlyDeployable",
                                                           "AutoSelectOnWebSites",
                                                           "EulaID",
                                                           "PublicationState",
                                                           "PublisherID",
                                                           "CreationDate",
                                                           "IsPublic",
                                                           "LegacyName",
                                                           "DetectoidType",
                                                           "OSUpgrade"};

/// Attributes of Properties that say what is so without them.
bool is_default_property(std::string_view name, std::string_view value) {
    struct Default {
        std::string_view name;
        std::string_view value;
    };
    static constexpr std::array<Default, 6> kDefaults = {{{"ExplicitlyDeployable", "false"},
                                                          {"AutoSelectOnWebSites", "false"},
                                                          {"OSUpgrade", "false"},
                                                          {"PerUser", "false"},
                                                          {"IsPublic", "true"},
                                                          {"IsBeta", "false"}}};
    return std::ranges::any_of(kDefaults, [&](const Default& known) {
        return known.name == name && known.value == value;
    });
}

std::string_view mark_of(std::string_view name_space) {
    if (name_space == schema::kBaseRules) {
        return "b.";
    }
    if (name_space == schema::kMsiRules) {
        return "m.";
    }
    return name_space == schema::kWindowsDriver ? "d." : std::string_view{};
}

bool declares_namespace(std::string_view name) {
    return name == "xmlns" || name.starts_with("xmlns:");
}

/// Writes elements without their namespaces, which it keeps track of on the way down.
class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    /// Makes the declarations of an element known for what is written below it.
    std::size_t enter(const pugi::xml_node& node) {
        const std::size_t mark = scopes_.size();
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            const std::string_view name = attribute.name();
            if (declares_namespace(name)) {
                scopes_.emplace_back(name.size() > 6 ? name.substr(6) : std::string_view{},
                                     attribute.value());
            }
        }
        return mark;
    }
    void leave(std::size_t mark) { scopes_.resize(mark); }

    void element(const pugi::xml_node& node) {
        const std::size_t mark = enter(node);
        std::string name(mark_of(resolve(xml::prefix(node.name()))));
        name += xml::local_name(node);
        out_ += '<';
        out_ += name;
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            if (!declares_namespace(attribute.name())) {
                write_attribute(xml::local_name(attribute.name()), attribute.value());
            }
        }
        content(node, name);
        leave(mark);
    }

    /// As element, with another name, and of the attributes those that `keep` wants.
    template <typename Keep>
    void properties(const pugi::xml_node& node, std::string_view name, const Keep& keep) {
        const std::size_t mark = enter(node);
        out_ += '<';
        out_ += name;
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            if (!declares_namespace(attribute.name()) && keep(attribute)) {
                write_attribute(xml::local_name(attribute.name()), attribute.value());
            }
        }
        content(node, name);
        leave(mark);
    }

    void write_attribute(std::string_view name, std::string_view value) {
        out_ += ' ';
        out_ += name;
        out_ += "=\"";
        xml::append_attribute(out_, value);
        out_ += '"';
    }

private:
    [[nodiscard]] std::string_view resolve(std::string_view prefix) const {
        for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
            if (scope->first == prefix) {
                return scope->second;
            }
        }
        return {};
    }

    void content(const pugi::xml_node& node, std::string_view name) {
        const bool is_empty =
            std::ranges::none_of(node.children(), [](const pugi::xml_node& child) {
                return child.type() == pugi::node_element || child.type() == pugi::node_pcdata ||
                       child.type() == pugi::node_cdata;
            });
        if (is_empty) {
            out_ += " />";
            return;
        }
        out_ += '>';
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() == pugi::node_element) {
                element(child);
            } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
                xml::append_text(out_, child.value());
            }
        }
        out_ += "</";
        out_ += name;
        out_ += '>';
    }

    std::string& out_;
    std::vector<std::pair<std::string_view, std::string_view>> scopes_;
};

/// Appends the element of this name below the root, if it is there.
void append(std::string& out, const pugi::xml_node& root, std::string_view name) {
    if (const pugi::xml_node node = xml::child(root, name)) {
        Writer writer(out);
        writer.enter(root);
        writer.element(node);
    }
}

void append_core_properties(std::string& out, const pugi::xml_node& root) {
    const pugi::xml_node properties = xml::child(root, "Properties");
    if (!properties) {
        return;
    }
    out += "<Properties";
    for (const std::string_view name : kCoreProperties) {
        const pugi::xml_attribute attribute = properties.attribute(std::string(name).c_str());
        if (attribute && !is_default_property(name, attribute.value())) {
            Writer(out).write_attribute(name, attribute.value());
        }
    }
    out += " />";
}

std::string write_extended(const pugi::xml_node& root) {
    std::string out;
    if (const pugi::xml_node properties = xml::child(root, "Properties")) {
        Writer writer(out);
        writer.enter(root);
        writer.properties(properties, "ExtendedProperties",
                          [](const pugi::xml_attribute& attribute) {
                              const std::string_view name = attribute.name();
                              return std::ranges::find(kNotExtended, name) == kNotExtended.end() &&
                                     !is_default_property(name, attribute.value());
                          });
    }
    append(out, root, "Files");
    append(out, root, "HandlerSpecificData");
    return out;
}

std::string write_alone(const pugi::xml_node& root, const pugi::xml_node& parent,
                        const pugi::xml_node& node) {
    std::string out;
    Writer writer(out);
    writer.enter(root);
    writer.enter(parent);
    writer.element(node);
    return out;
}

void add_eulas(Fragments& fragments, const pugi::xml_node& root, const pugi::xml_node& parent) {
    for (const pugi::xml_node& node : parent.children()) {
        if (xml::local_name(node) == "EulaFile") {
            fragments.eulas.emplace_back(node.attribute("Language").value(),
                                         write_alone(root, parent, node));
        }
    }
}

}  // namespace

std::string write_core(const xml::Document& tree) {
    const pugi::xml_node root = tree.root();
    std::string core;
    append(core, root, "UpdateIdentity");
    append_core_properties(core, root);
    append(core, root, "Relationships");
    append(core, root, "ApplicabilityRules");
    return core;
}

Result<Fragments> derive_fragments(std::string_view text) {
    const auto tree = parse_update(text);
    if (!tree) {
        return std::unexpected(tree.error());
    }
    const pugi::xml_node root = tree->root();
    Fragments fragments;
    fragments.core = write_core(*tree);
    fragments.extended = write_extended(root);
    const pugi::xml_node texts = xml::child(root, "LocalizedPropertiesCollection");
    for (const pugi::xml_node& node : texts.children()) {
        if (xml::local_name(node) == "LocalizedProperties") {
            fragments.localized_properties.emplace_back(xml::text_of(xml::child(node, "Language")),
                                                        write_alone(root, texts, node));
        }
    }
    add_eulas(fragments, root, texts);
    add_eulas(fragments, root, xml::child(root, "EulaFiles"));
    return fragments;
}

Result<std::string> derive_core(std::string_view text) {
    const auto tree = parse_update(text);
    if (!tree) {
        return std::unexpected(tree.error());
    }
    return write_core(*tree);
}

}  // namespace headwater::catalog
