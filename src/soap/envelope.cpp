#include "soap/envelope.hpp"

#include "soap/lift.hpp"

namespace headwater::soap {
namespace {

pugi::xml_node child_of(const pugi::xml_node& node, std::string_view name,
                        std::string_view name_space) {
    for (const pugi::xml_node& child : node.children()) {
        if (child.type() == pugi::node_element && xml::local_name(child) == name &&
            xml::namespace_of(child) == name_space) {
            return child;
        }
    }
    return {};
}

pugi::xml_node first_element(const pugi::xml_node& node) {
    for (const pugi::xml_node& child : node.children()) {
        if (child.type() == pugi::node_element) {
            return child;
        }
    }
    return {};
}

}  // namespace

bool Envelope::is_fault() const {
    return name == "Fault" && name_space == envelope_namespace(version);
}

Result<Envelope> parse_envelope(std::string body, const xml::Limits& limits) {
    if (body.size() > limits.max_bytes) {
        return fail("xml.limit", "The message exceeds the limit of " +
                                     std::to_string(limits.max_bytes) + " bytes.");
    }
    if (!xml::is_xml_text(body)) {
        return fail("xml.malformed",
                    "The document is not valid UTF-8, or has characters that XML does not allow.");
    }
    lift_integers(body);
    auto document = xml::Document::parse_tolerant(std::move(body), limits);
    if (!document) {
        return std::unexpected(std::move(document.error()));
    }
    Envelope envelope{.document = std::move(*document)};
    const pugi::xml_node root = envelope.document.root();
    if (xml::local_name(root) != "Envelope") {
        return fail("soap.not_an_envelope", "The message is XML, but no SOAP envelope.");
    }
    const std::string_view name_space = xml::namespace_of(root);
    if (name_space != kEnvelope11Namespace && name_space != kEnvelope12Namespace) {
        return fail("soap.version",
                    "The message's envelope is neither that of SOAP 1.1 nor that of "
                    "SOAP 1.2.");
    }
    envelope.version = name_space == kEnvelope11Namespace ? Version::k11 : Version::k12;
    envelope.content = first_element(child_of(root, "Body", name_space));
    if (!envelope.content) {
        return fail("soap.empty_body", "The message's SOAP body is missing or empty.");
    }
    envelope.name = xml::local_name(envelope.content);
    envelope.name_space = xml::namespace_of(envelope.content);
    return envelope;
}

void begin_envelope(std::string& out, Version version, Style style) {
    constexpr std::string_view kSchemas =
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
        " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">";
    if (style == Style::kIndigo) {
        out += "<s:Envelope xmlns:s=\"";
        out += envelope_namespace(version);
        out += "\"><s:Body";
        out += kSchemas;
    } else {
        out += "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"";
        out += envelope_namespace(version);
        out += '"';
        out += kSchemas;
        out += "<soap:Body>";
    }
}

void end_envelope(std::string& out, Style style) {
    out += style == Style::kIndigo ? "</s:Body></s:Envelope>" : "</soap:Body></soap:Envelope>";
}

std::string_view envelope_namespace(Version version) {
    return version == Version::k11 ? kEnvelope11Namespace : kEnvelope12Namespace;
}

std::string_view envelope_prefix(Style style) {
    return style == Style::kIndigo ? "s" : "soap";
}

std::string_view content_type(Version version) {
    return version == Version::k11 ? "text/xml; charset=utf-8"
                                   : "application/soap+xml; charset=utf-8";
}

}  // namespace headwater::soap
