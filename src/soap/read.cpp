#include "soap/read.hpp"

#include <string_view>

#include "soap/lift.hpp"
#include "soap/names.hpp"
#include "soap/write.hpp"

namespace headwater::soap {
namespace {

/// What an element's own name means for the names of its children.
struct Scope {
    std::string_view prefix;
    std::string_view name_space;
};

class Reader {
public:
    Reader(const ReadOptions& options, std::string_view name_space)
        : options_(options), name_space_(name_space) {}

    bool structure(const pugi::xml_node& node, const Scope& scope, const Type& type, void* value);
    [[nodiscard]] ReadError error() && { return {std::move(path_), std::move(sentence_)}; }

private:
    struct Names {
        std::string_view name;
        std::string_view item_name;
    };

    bool value(const pugi::xml_node& node, const Names& names, const Type& type, void* value);
    bool array(const pugi::xml_node& node, const Names& names, const Type& type, void* value);
    bool lifted(std::string_view text, const Type& type, std::size_t& count, void* value);
    bool simple(std::string_view text, const Type& type, void* value);
    bool raw(const pugi::xml_node& node, const Names& names, const Type& type, void* value);
    bool attributes(const pugi::xml_node& node, const Type& type, void* value);
    bool in_namespace(const pugi::xml_node& node, const Scope& parent) const;
    std::string_view text_of(const pugi::xml_node& node);
    void note_unknown(std::string_view name) const;
    bool too_many();
    bool fail(std::string sentence);

    const ReadOptions& options_;
    std::string_view name_space_;
    std::string path_;
    std::string sentence_;
    std::string scratch_;
};

Scope scope_of(const pugi::xml_node& node, std::string_view name_space) {
    return {xml::prefix(node.name()), name_space};
}

bool is_nil(const pugi::xml_node& node) {
    for (const pugi::xml_attribute& attribute : node.attributes()) {
        const std::string_view name = attribute.name();
        if (xml::local_name(name) == "nil" &&
            xml::resolve(node, xml::prefix(name)) == kInstanceNamespace) {
            const std::string_view value = attribute.value();
            return value == "true" || value == "1";
        }
    }
    return false;
}

/// The index of the field with a name, or the number of fields. Senders keep the order, so it is
/// nearly always the next one.
std::size_t find_field(std::span<const Field> fields, std::string_view name, std::size_t next) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::size_t index = (next + i) % fields.size();
        if (!fields[index].is_attribute && fields[index].name == name) {
            return index;
        }
    }
    return fields.size();
}

bool Reader::fail(std::string sentence) {
    sentence_ = std::move(sentence);
    return false;
}

void Reader::note_unknown(std::string_view name) const {
    if (options_.unknown != nullptr) {
        options_.unknown->push_back(path_.empty() ? std::string(name)
                                                  : path_ + "." + std::string(name));
    }
}

/// A child with its parent's prefix and no declaration of its own shares its parent's namespace;
/// only for others the ancestors are asked.
bool Reader::in_namespace(const pugi::xml_node& node, const Scope& parent) const {
    if (!node.first_attribute() && xml::prefix(node.name()) == parent.prefix) {
        return parent.name_space == name_space_;
    }
    return xml::namespace_of(node) == name_space_;
}

/// The text directly inside an element; valid until the next call.
std::string_view Reader::text_of(const pugi::xml_node& node) {
    const pugi::xml_node first = node.first_child();
    if (!first) {
        return {};
    }
    if (!first.next_sibling()) {
        return first.type() == pugi::node_pcdata || first.type() == pugi::node_cdata
                   ? std::string_view(first.value())
                   : std::string_view{};
    }
    scratch_ = xml::text_of(node);
    return scratch_;
}

bool Reader::structure(const pugi::xml_node& node, const Scope& scope, const Type& type,
                       void* value) {
    std::size_t next = 0;
    for (pugi::xml_node child = node.first_child(); child; child = child.next_sibling()) {
        if (child.type() != pugi::node_element) {
            continue;
        }
        const std::string_view name = xml::local_name(child);
        const std::size_t index = find_field(type.fields, name, next);
        if (index == type.fields.size() || !in_namespace(child, scope)) {
            note_unknown(name);
            continue;
        }
        next = index + 1;
        const Field& field = type.fields[index];
        const std::size_t depth = path_.size();
        path_ += depth == 0 ? "" : ".";
        path_ += name;
        if (!this->value(child, {field.name, field.item_name}, field.type(), field.member(value))) {
            return false;
        }
        path_.resize(depth);
    }
    return !node.first_attribute() || attributes(node, type, value);
}

bool Reader::attributes(const pugi::xml_node& node, const Type& type, void* value) {
    for (const Field& field : type.fields) {
        if (!field.is_attribute) {
            continue;
        }
        const pugi::xml_attribute found = node.attribute(field.name.data());
        if (!found) {
            continue;
        }
        const Type* of = &field.type();
        void* member = field.member(value);
        if (of->shape == Shape::kOptional) {
            member = of->ensure(member);
            of = &of->inner();
        }
        const std::size_t depth = path_.size();
        path_ += depth == 0 ? "" : ".";
        path_ += field.name;
        if (!simple(found.value(), *of, member)) {
            return false;
        }
        path_.resize(depth);
    }
    return true;
}

bool Reader::value(const pugi::xml_node& node, const Names& names, const Type& type, void* value) {
    const bool nil = node.first_attribute() && is_nil(node);
    if (type.shape == Shape::kOptional) {
        if (nil) {
            type.set_nil(value);
            return true;
        }
        return this->value(node, names, type.inner(), type.ensure(value));
    }
    if (nil) {
        return true;
    }
    switch (type.shape) {
        case Shape::kSimple:
            return simple(text_of(node), type, value);
        case Shape::kArray:
            return array(node, names, type, value);
        case Shape::kRaw:
            return raw(node, names, type, value);
        default:
            return structure(node, scope_of(node, name_space_), type, value);
    }
}

/// A nil item keeps its place where places count (texts, bytes) and is left out where it would be
/// an empty structure.
bool Reader::array(const pugi::xml_node& node, const Names& names, const Type& type, void* value) {
    const Type& inner = type.inner();
    const std::string_view item_name = names.item_name.empty() ? inner.name : names.item_name;
    const Scope scope = scope_of(node, name_space_);
    std::size_t count = type.size(value);
    // Items follow each other by the thousand: the name of the last one that was right, with its
    // prefix.
    std::string_view known;
    for (pugi::xml_node child = node.first_child(); child; child = child.next_sibling()) {
        if (child.type() != pugi::node_element) {
            continue;
        }
        const std::string_view name = child.name();
        const bool bare = !child.first_attribute();
        if (!bare || name != known) {
            if (xml::local_name(name) != item_name || !in_namespace(child, scope)) {
                note_unknown(xml::local_name(name));
                continue;
            }
            known = bare ? name : known;
            if (!bare && inner.shape == Shape::kStructure && is_nil(child)) {
                continue;
            }
        }
        if (bare && inner.shape == Shape::kSimple) {
            if (!lifted(text_of(child), type, count, value)) {
                return false;
            }
        } else if (++count > options_.max_items) {
            return too_many();
        } else if (!this->value(child, {item_name, {}}, inner, type.append(value))) {
            return false;
        }
    }
    return true;
}

/// The items that lift_integers made one element of; nearly always one.
bool Reader::lifted(std::string_view text, const Type& type, std::size_t& count, void* value) {
    const Type& inner = type.inner();
    for (;;) {
        if (++count > options_.max_items) {
            return too_many();
        }
        const std::size_t mark = text.find(kLiftMark);
        if (!simple(text.substr(0, mark), inner, type.append(value))) {
            return false;
        }
        if (mark == std::string_view::npos) {
            return true;
        }
        text.remove_prefix(mark + 1);
    }
}

bool Reader::too_many() {
    return fail(path_ + " has more than " + std::to_string(options_.max_items) +
                " items, the most that is accepted.");
}

bool Reader::simple(std::string_view text, const Type& type, void* value) {
    if (type.parse(type, text, value)) {
        return true;
    }
    constexpr std::size_t kShown = 40;
    std::string shown(text.substr(0, kShown));
    for (char& c : shown) {
        c = c >= 0x20 && c < 0x7f ? c : '?';
    }
    return fail(path_ + " holds '" + shown + (text.size() > kShown ? "…" : "") +
                "', which is not a valid " + std::string(type.name) + ".");
}

bool Reader::raw(const pugi::xml_node& node, const Names& names, const Type& type, void* value) {
    const Type& inner = type.inner();
    const std::shared_ptr<void> made = type.make();
    if (!this->value(node, names, inner, made.get())) {
        return false;
    }
    detail::write_content(type.raw(value), Style::kIndigo, inner, made.get(), names.item_name);
    return true;
}

}  // namespace

namespace detail {

std::expected<void, ReadError> read(const pugi::xml_node& element, const Type& type, void* value,
                                    const ReadOptions& options) {
    const std::string_view name_space = xml::namespace_of(element);
    Reader reader(options, name_space);
    if (!reader.structure(element, scope_of(element, name_space), type, value)) {
        return std::unexpected(std::move(reader).error());
    }
    return {};
}

}  // namespace detail
}  // namespace headwater::soap
