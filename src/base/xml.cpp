#include "base/xml.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/utf.hpp"

namespace headwater::xml {
namespace {

/// One pass over the text before any tree is built: what it may cost is known from the tags alone.
class Bounds {
public:
    Bounds(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

    Result<> check() {
        std::size_t at = 0;
        while ((at = text_.find('<', at)) != std::string_view::npos) {
            const std::string_view rest = text_.substr(at);
            if (rest.starts_with("<!--")) {
                at = skip(at + 4, "-->");
            } else if (rest.starts_with("<![CDATA[")) {
                at = skip(at + 9, "]]>");
            } else if (rest.starts_with("<!")) {
                return fail("xml.dtd",
                            "The document has a document type declaration, which is never read.");
            } else if (rest.starts_with("<?")) {
                at = skip(at + 2, "?>");
            } else if (rest.starts_with("</")) {
                depth_ -= depth_ > 0 ? 1U : 0U;
                at = skip(at + 2, ">");
            } else if (auto next = open(at); next) {
                at = *next;
            } else {
                return std::unexpected(next.error());
            }
            if (at == std::string_view::npos) {
                return fail("xml.malformed", "The document ends inside a tag.");
            }
        }
        return {};
    }

private:
    std::size_t skip(std::size_t from, std::string_view mark) const {
        const std::size_t found = text_.find(mark, from);
        return found == std::string_view::npos ? found : found + mark.size();
    }

    Result<std::size_t> open(std::size_t at) {
        if (++elements_ > limits_.max_elements) {
            return over("elements");
        }
        unsigned attributes = 0;
        for (std::size_t i = at + 1; i < text_.size(); ++i) {
            const char c = text_[i];
            if (c == '"' || c == '\'') {
                i = text_.find(c, i + 1);
                if (i == std::string_view::npos) {
                    return i;
                }
                if (++attributes > limits_.max_attributes) {
                    return over("attributes");
                }
            } else if (c == '>') {
                if (text_[i - 1] != '/' && ++depth_ > limits_.max_depth) {
                    return over("depth");
                }
                return i + 1;
            }
        }
        return std::string_view::npos;
    }

    static std::unexpected<Error> over(const char* what) {
        return fail("xml.limit", std::string("The document exceeds the limit of ") + what + ".");
    }

    std::string_view text_;
    const Limits& limits_;
    std::size_t elements_ = 0;
    unsigned depth_ = 0;
};

/// Char of XML 1.0, section 2.2.
bool is_xml_character(std::uint32_t code) {
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code < 0xD800) ||
           (code > 0xDFFF && code < 0xFFFE) || (code > 0xFFFF && code < 0x110000);
}

/// Checks "&#10;" and "&#xA;", which the parser would turn into any character at all.
template <typename Allowed>
bool has_sound_references(std::string_view text, const Allowed& allowed) {
    for (std::size_t at = text.find("&#"); at != std::string_view::npos; at = text.find("&#", at)) {
        at += 2;
        const bool is_hex = text.substr(at, 1) == "x";
        at += is_hex ? 1 : 0;
        std::uint32_t code = 0;
        const char* const from = text.data() + at;
        const auto [end, error] =
            std::from_chars(from, text.data() + text.size(), code, is_hex ? 16 : 10);
        const bool is_whole = end != text.data() + text.size() && *end == ';';
        if (error != std::errc{} || end == from || !is_whole || !allowed(code)) {
            return false;
        }
    }
    return true;
}

}  // namespace

Result<Document> Document::parse(std::string text, const Limits& limits) {
    if (!is_xml_text(text)) {
        return fail("xml.malformed",
                    "The document is not valid UTF-8, or has characters that XML does not allow.");
    }
    if (!has_sound_references(text, is_xml_character)) {
        return fail("xml.malformed", "The document refers to a character that XML does not allow.");
    }
    return build(std::move(text), limits);
}

Result<Document> Document::parse_tolerant(std::string text, const Limits& limits) {
    // A NUL would end the text that it stands in.
    if (!has_sound_references(text,
                              [](std::uint32_t code) { return code != 0 && code < 0x110000; })) {
        return fail("xml.malformed", "The document refers to a character that there is not.");
    }
    return build(std::move(text), limits);
}

Result<Document> Document::build(std::string text, const Limits& limits) {
    if (text.size() > limits.max_bytes) {
        return fail("xml.limit", "The document exceeds the limit of " +
                                     std::to_string(limits.max_bytes) + " bytes.");
    }
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.erase(0, 3);
    }
    if (auto bounded = Bounds(text, limits).check(); !bounded) {
        return std::unexpected(bounded.error());
    }
    Document document;
    document.text_ = std::make_unique<std::string>(std::move(text));
    document.document_ = std::make_unique<pugi::xml_document>();
    const pugi::xml_parse_result parsed = document.document_->load_buffer_inplace(
        document.text_->data(), document.text_->size(), pugi::parse_default, pugi::encoding_utf8);
    if (!parsed || !document.root()) {
        return fail("xml.malformed", std::string("The document is not well-formed XML: ") +
                                         parsed.description() + " at byte " +
                                         std::to_string(parsed.offset) + ".");
    }
    return document;
}

pugi::xml_node Document::root() const {
    return document_->document_element();
}

std::string_view local_name(std::string_view qualified) {
    const std::size_t colon = qualified.find(':');
    return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

std::string_view local_name(const pugi::xml_node& node) {
    return local_name(std::string_view(node.name()));
}

std::string_view prefix(std::string_view qualified) {
    const std::size_t colon = qualified.find(':');
    return colon == std::string_view::npos ? std::string_view{} : qualified.substr(0, colon);
}

std::string_view resolve(const pugi::xml_node& node, std::string_view prefix) {
    for (pugi::xml_node at = node; at; at = at.parent()) {
        for (const pugi::xml_attribute& attribute : at.attributes()) {
            std::string_view name = attribute.name();
            if (!name.starts_with("xmlns")) {
                continue;
            }
            name.remove_prefix(5);
            if (prefix.empty() ? name.empty() : name.starts_with(':') && name.substr(1) == prefix) {
                return attribute.value();
            }
        }
    }
    return {};
}

std::string_view namespace_of(const pugi::xml_node& node) {
    return resolve(node, prefix(node.name()));
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
    for (const pugi::xml_node& at : node.children()) {
        if (at.type() == pugi::node_element && local_name(at) == name) {
            return at;
        }
    }
    return {};
}

std::string text_of(const pugi::xml_node& node) {
    std::string text;
    for (const pugi::xml_node& at : node.children()) {
        if (at.type() == pugi::node_pcdata || at.type() == pugi::node_cdata) {
            text += at.value();
        }
    }
    return text;
}

void append_text(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            default:
                out += c;
        }
    }
}

void append_exact_text(std::string& out, std::string_view text) {
    for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r')) {
        append_text(out, text.substr(0, at));
        out += "&#xD;";
        text.remove_prefix(at + 1);
    }
    append_text(out, text);
}

void append_attribute(std::string& out, std::string_view value) {
    for (const char c : value) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\n':
                out += "&#xA;";
                break;
            case '\r':
                out += "&#xD;";
                break;
            default:
                out += c;
        }
    }
}

bool is_xml_text(std::string_view text) {
    const bool has_control = std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
    });
    // U+FFFE and U+FFFF, the two other characters that valid UTF-8 can spell and XML cannot.
    return !has_control && is_valid_utf8(text) && !text.contains("\xEF\xBF\xBE") &&
           !text.contains("\xEF\xBF\xBF");
}

}  // namespace headwater::xml
