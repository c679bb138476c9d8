#include "soap/call.hpp"

#include "soap/envelope.hpp"

namespace headwater::soap {
namespace {

constexpr std::size_t kExcerpt = 200;

std::string excerpt(std::string_view body) {
    std::string shown;
    for (const char c : body) {
        if (shown.size() == kExcerpt) {
            break;
        }
        if (c >= 0x20 && c < 0x7f) {
            shown += c;
        }
    }
    return shown;
}

CallFailure not_soap(int status, std::string_view content_type, std::string_view start,
                     const Error& why) {
    return {
        .kind = CallFailure::Kind::kNotSoap,
        .status = status,
        .error = {.code = "soap.not_soap",
                  .sentence =
                      "The server answered HTTP " + std::to_string(status) + " with " +
                      (content_type.empty() ? "no media type" : "'" + excerpt(content_type) + "'") +
                      " instead of a SOAP message.",
                  .remedy = "Check the server's address, and whether a proxy answers in its place.",
                  .causes = {why.sentence, start.empty() ? "it is empty, or holds nothing printable"
                                                         : "it begins: " + std::string(start)}}};
}

CallFailure faulted(int status, Fault fault) {
    std::string sentence = "The server answered with the fault ";
    sentence += fault.error_code.empty() ? "'" + fault.text + "'" : fault.error_code;
    sentence += fault.message.empty() ? "." : ": " + fault.message + ".";
    return {.kind = CallFailure::Kind::kFault,
            .fault = std::move(fault),
            .status = status,
            .error = {.code = "soap.fault", .sentence = std::move(sentence)}};
}

CallFailure unreadable(int status, std::string sentence) {
    return {.kind = CallFailure::Kind::kUnreadable,
            .status = status,
            .error = {.code = "soap.unreadable", .sentence = std::move(sentence)}};
}

}  // namespace

std::string soap_action(std::string_view name_space, std::string_view operation) {
    return "\"" + std::string(name_space) + "/" + std::string(operation) + "\"";
}

namespace detail {

std::string write_request(std::string_view name_space, std::string_view operation, const Type& type,
                          const void* request) {
    std::string out;
    begin_envelope(out, Version::k11, Style::kAsmx);
    detail::write(out, Style::kAsmx, operation, name_space, type, request);
    end_envelope(out, Style::kAsmx);
    return out;
}

std::expected<void, CallFailure> read_response(int status, std::string_view content_type,
                                               std::string body, const Type& type, void* response,
                                               const CallLimits& limits) {
    const std::string start = excerpt(body);
    auto envelope = parse_envelope(std::move(body), limits.xml);
    if (!envelope) {
        return std::unexpected(not_soap(status, content_type, start, envelope.error()));
    }
    if (envelope->is_fault()) {
        return std::unexpected(faulted(status, read_fault(envelope->content)));
    }
    if (envelope->name != type.name) {
        return std::unexpected(unreadable(status, "The server answered with the message '" +
                                                      excerpt(envelope->name) + "' where " +
                                                      std::string(type.name) + " was expected."));
    }
    auto done = read(envelope->content, type, response, {.max_items = limits.max_items});
    if (!done) {
        return std::unexpected(unreadable(status, "The server's " + std::string(type.name) +
                                                      " cannot be read: " + done.error().sentence));
    }
    return {};
}

}  // namespace detail
}  // namespace headwater::soap
