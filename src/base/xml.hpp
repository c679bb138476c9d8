#pragma once
// The one XML parser: bounded before it is parsed, without DTD and without external entities, and
// with names resolved to namespaces. A Document belongs to one thread at a time.

#include <cstddef>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace headwater::xml {

/// What a document may cost. A breach is an Error with the code "xml.limit".
struct Limits {
    std::size_t max_bytes = std::size_t{64} << 20U;
    std::size_t max_elements = 4'000'000;
    unsigned max_depth = 128;
    unsigned max_attributes = 256;  ///< of one element
};

/// A parsed document; nodes are valid as long as it is. Movable.
class Document {
public:
    /// Takes UTF-8. Errors: "xml.limit", "xml.dtd" (a document type declaration), "xml.malformed".
    [[nodiscard]] static Result<Document> parse(std::string text, const Limits& limits = {});
    /// For a message whose sender need not be as strict as XML: it was is_xml_text() when it came,
    /// may have been changed by us since, and may refer to characters that XML does not allow (but
    /// to none that does not exist, and not to NUL). Its reader replaces those.
    [[nodiscard]] static Result<Document> parse_tolerant(std::string text, const Limits& limits);

    [[nodiscard]] pugi::xml_node root() const;

private:
    [[nodiscard]] static Result<Document> build(std::string text, const Limits& limits);

    std::unique_ptr<std::string> text_;
    std::unique_ptr<pugi::xml_document> document_;
};

/// "Body" of "s:Body".
[[nodiscard]] std::string_view local_name(std::string_view qualified);
[[nodiscard]] std::string_view local_name(const pugi::xml_node& node);
/// "s" of "s:Body"; empty without one.
[[nodiscard]] std::string_view prefix(std::string_view qualified);
/// The namespace that a prefix (or "" for the default one) has at a node; empty for none.
[[nodiscard]] std::string_view resolve(const pugi::xml_node& node, std::string_view prefix);
/// The namespace of the element itself.
[[nodiscard]] std::string_view namespace_of(const pugi::xml_node& node);
/// The first child element with this local name, whatever its prefix; a null node without one.
[[nodiscard]] pugi::xml_node child(const pugi::xml_node& node, std::string_view name);
/// All the text directly inside an element, its CDATA sections included.
[[nodiscard]] std::string text_of(const pugi::xml_node& node);

/// Appends text as .NET writes it: & < > escaped, the rest as it is.
void append_text(std::string& out, std::string_view text);
/// The same for text that any reader brings back exactly: a carriage return, which reading would
/// turn into a line end, is escaped too.
void append_exact_text(std::string& out, std::string_view text);
/// Appends an attribute's value as .NET writes it between double quotes: & < > " and line ends
/// escaped.
void append_attribute(std::string& out, std::string_view value);

/// True for text that XML 1.0 can carry: valid UTF-8 without the control characters it forbids.
[[nodiscard]] bool is_xml_text(std::string_view text);

}  // namespace headwater::xml
