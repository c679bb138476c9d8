#include "soap/fault.hpp"

namespace headwater::soap {
namespace {

void append_element(std::string& out, std::string_view name, std::string_view text) {
    out += '<';
    out += name;
    out += '>';
    xml::append_text(out, text);
    out += "</";
    out += name;
    out += '>';
}

void append_detail(std::string& out, const Fault& fault, std::string_view name, Style style) {
    out += '<';
    out += name;
    if (fault.error_code.empty()) {
        out += style == Style::kIndigo ? "/>" : " />";
        return;
    }
    out += '>';
    append_element(out, "ErrorCode", fault.error_code);
    append_element(out, "Message", fault.message);
    append_element(out, "ID", (fault.id == Guid{} ? Guid::random() : fault.id).text());
    append_element(out, "Method", "\"" + fault.method + "\"");
    out += "</";
    out += name;
    out += '>';
}

void append_fault11(std::string& out, const Fault& fault, Style style) {
    const std::string prefix(envelope_prefix(style));
    const bool server = fault.server_side && style == Style::kAsmx;
    out += "<" + prefix + ":Fault>";
    append_element(out, "faultcode", prefix + (server ? ":Server" : ":Client"));
    append_element(out, "faultstring", fault.text);
    if (!fault.actor.empty()) {
        append_element(out, "faultactor", fault.actor);
    }
    append_detail(out, fault, "detail", style);
    out += "</" + prefix + ":Fault>";
}

/// [MS-WSUSSS] 2.2.9.2: the Detail is unqualified, not that of SOAP 1.2.
void append_fault12(std::string& out, const Fault& fault, Style style) {
    const std::string prefix(envelope_prefix(style));
    const bool server = fault.server_side && style == Style::kAsmx;
    out += "<" + prefix + ":Fault><" + prefix + ":Code>";
    append_element(out, prefix + ":Value", prefix + (server ? ":Receiver" : ":Sender"));
    out += "</" + prefix + ":Code><" + prefix + ":Reason><" + prefix + ":Text xml:lang=\"en\">";
    xml::append_text(out, fault.text);
    out += "</" + prefix + ":Text></" + prefix + ":Reason>";
    if (!fault.actor.empty()) {
        append_element(out, prefix + ":Role", fault.actor);
    }
    append_detail(out, fault, "Detail", style);
    out += "</" + prefix + ":Fault>";
}

std::string text_at(const pugi::xml_node& node, std::string_view name) {
    return xml::text_of(xml::child(node, name));
}

/// The element that holds the ErrorCode: "detail", "Detail", or a Detail inside SOAP 1.2's own.
pugi::xml_node detail_of(const pugi::xml_node& fault) {
    for (const std::string_view name : {"detail", "Detail"}) {
        const pugi::xml_node detail = xml::child(fault, name);
        if (xml::child(detail, "ErrorCode")) {
            return detail;
        }
        for (const pugi::xml_node& inner : detail.children()) {
            if (xml::child(inner, "ErrorCode")) {
                return inner;
            }
        }
    }
    return {};
}

std::string without_quotes(std::string text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        return text.substr(1, text.size() - 2);
    }
    return text;
}

bool says_server(std::string_view code) {
    const std::string_view local = xml::local_name(code);
    return local.starts_with("Server") || local.starts_with("Receiver");
}

}  // namespace

Fault make_fault(std::string error_code, std::string message) {
    const bool server_side = error_code == "InternalServerError";
    return {.error_code = std::move(error_code),
            .message = std::move(message),
            .server_side = server_side};
}

Fault protocol_fault(std::string sentence) {
    return {.error_code = {}, .message = {}, .text = std::move(sentence)};
}

std::string write_fault(const Fault& fault, Version version, Style style) {
    std::string out;
    begin_envelope(out, version, style);
    if (version == Version::k11) {
        append_fault11(out, fault, style);
    } else {
        append_fault12(out, fault, style);
    }
    end_envelope(out, style);
    return out;
}

Fault read_fault(const pugi::xml_node& fault) {
    Fault read;
    const pugi::xml_node detail = detail_of(fault);
    read.error_code = text_at(detail, "ErrorCode");
    read.message = text_at(detail, "Message");
    read.id = Guid::parse(text_at(detail, "ID")).value_or(Guid{});
    read.method = without_quotes(text_at(detail, "Method"));
    if (const pugi::xml_node code = xml::child(fault, "Code")) {
        read.server_side = says_server(text_at(code, "Value"));
        read.text = text_at(xml::child(fault, "Reason"), "Text");
        read.actor = text_at(fault, "Role");
    } else {
        read.server_side = says_server(text_at(fault, "faultcode"));
        read.text = text_at(fault, "faultstring");
        read.actor = text_at(fault, "faultactor");
    }
    return read;
}

}  // namespace headwater::soap
