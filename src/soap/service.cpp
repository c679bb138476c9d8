#include "soap/service.hpp"

#include <optional>

#include "base/log.hpp"
#include "base/utf.hpp"
#include "soap/schema.hpp"
#include "soap/write.hpp"

namespace headwater::soap {

struct Service::Operation {
    std::string name;
    std::string action;
    const Type* request = nullptr;
    const Type* response = nullptr;
    Run run;  ///< empty for a missing one
};

namespace {

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlank = " \t";
    const std::size_t first = text.find_first_not_of(kBlank);
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string_view without_quotes(std::string_view text) {
    text = trim(text);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        return text.substr(1, text.size() - 2);
    }
    return text;
}

/// What a media type makes of a message; nothing for one that SOAP does not have.
std::optional<Version> version_of(std::string_view content_type) {
    const std::string type = to_lower_ascii(trim(content_type.substr(0, content_type.find(';'))));
    if (type == "text/xml") {
        return Version::k11;
    }
    if (type == "application/soap+xml") {
        return Version::k12;
    }
    return std::nullopt;
}

/// SOAP 1.2 carries the action as a parameter of the media type.
std::string_view action_parameter(std::string_view content_type) {
    for (std::size_t at = content_type.find(';'); at != std::string_view::npos;
         at = content_type.find(';', at + 1)) {
        const std::string_view parameter = trim(content_type.substr(at + 1));
        if (equal_ignoring_case(parameter.substr(0, 7), "action=")) {
            return without_quotes(parameter.substr(7, parameter.find(';') - 7));
        }
    }
    return {};
}

/// A name from outside, fit to be shown.
std::string shown(std::string_view name) {
    constexpr std::size_t kMost = 80;
    return std::string(name.substr(0, kMost)) + (name.size() > kMost ? "…" : "");
}

}  // namespace

Service::Service(ServiceOptions options) : options_(std::move(options)) {}

Service::~Service() = default;

void Service::add(std::string name, const Type& request, const Type& response, Run run) {
    auto operation = std::make_unique<Operation>();
    operation->action = action_of(name);
    operation->request = &request;
    operation->response = &response;
    operation->run = std::move(run);
    operation->name = std::move(name);
    by_name_.insert_or_assign(operation->name, operation.get());
    operations_.push_back(std::move(operation));
}

void Service::missing(std::string name) {
    auto operation = std::make_unique<Operation>();
    operation->action = action_of(name);
    operation->name = std::move(name);
    by_name_.insert_or_assign(operation->name, operation.get());
    operations_.push_back(std::move(operation));
}

std::string Service::action_of(std::string_view operation) const {
    return options_.name_space + "/" + std::string(operation);
}

std::string Service::wsdl(std::string_view address) const {
    std::vector<DescribedOperation> described;
    for (const auto& operation : operations_) {
        if (operation->run) {
            described.push_back({operation->name, operation->request, operation->response});
        }
    }
    return describe(options_.name, options_.name_space, address, described);
}

const Service::Operation* Service::find(const Envelope& envelope) const {
    if (envelope.name_space != options_.name_space) {
        return nullptr;
    }
    const auto found = by_name_.find(std::string(envelope.name));
    return found == by_name_.end() ? nullptr : found->second;
}

/// True for the action of an operation of ours that is not this one.
bool Service::names_another(std::string_view action, std::string_view operation) const {
    if (!action.starts_with(options_.name_space)) {
        return false;
    }
    action.remove_prefix(options_.name_space.size());
    return action.starts_with('/') && action.substr(1) != operation &&
           by_name_.contains(std::string(action.substr(1)));
}

Reply Service::refuse(Fault fault, Version version, const Exchange& in) const {
    if (options_.faults_name_actor && fault.actor.empty()) {
        fault.actor = (in.tls ? "https://" : "http://") + in.host + options_.path;
    }
    return {.status = 500,
            .content_type = std::string(content_type(version)),
            .body = write_fault(fault, version, options_.style)};
}

Reply Service::handle(const Exchange& in) const {
    const auto version = version_of(in.content_type);
    if (!version) {
        return {.status = 415,
                .content_type = "text/plain; charset=utf-8",
                .body = "This service takes SOAP as text/xml or application/soap+xml.\n"};
    }
    auto envelope = parse_envelope(in.body, options_.limits.xml);
    if (!envelope) {
        return refuse(protocol_fault(envelope.error().sentence), *version, in);
    }
    return answer(in, *envelope);
}

Reply Service::answer(const Exchange& in, const Envelope& envelope) const {
    const Operation* operation = find(envelope);
    if (operation == nullptr) {
        return refuse(protocol_fault("This service has no operation '" + shown(envelope.name) +
                                     "' in the namespace '" + shown(envelope.name_space) + "'."),
                      envelope.version, in);
    }
    const std::string_view action =
        in.soap_action.empty() ? action_parameter(in.content_type) : without_quotes(in.soap_action);
    if (names_another(action, operation->name)) {
        return refuse(
            protocol_fault("Server did not recognize the value of HTTP Header SOAPAction: " +
                           shown(action) + ". The message is a " + operation->name + "."),
            envelope.version, in);
    }
    auto body = run(*operation, in, envelope);
    if (!body) {
        Fault fault = std::move(body.error());
        if (fault.method.empty()) {
            fault.method = operation->action;
        }
        return refuse(std::move(fault), envelope.version, in);
    }
    return {.status = 200,
            .content_type = std::string(content_type(envelope.version)),
            .body = std::move(*body)};
}

std::expected<std::string, Fault> Service::run(const Operation& operation, const Exchange& in,
                                               const Envelope& envelope) const {
    if (!operation.run) {
        return std::unexpected(
            make_fault("InternalServerError",
                       operation.name + " is not supported by this version of Headwater."));
    }
    const Call call{.operation = operation.name,
                    .action = operation.action,
                    .host = in.host,
                    .remote_address = in.remote_address,
                    .tls = in.tls,
                    .version = envelope.version};
    std::string body;
    const Answer write = [&](const void* response) {
        begin_envelope(body, envelope.version, options_.style);
        detail::write(body, options_.style, operation.name + "Response", options_.name_space,
                      *operation.response, response);
        end_envelope(body, options_.style);
    };
    try {
        auto done =
            operation.run(envelope.content, {.max_items = options_.limits.max_items}, call, write);
        if (!done) {
            return std::unexpected(std::move(done.error()));
        }
    } catch (const std::exception& exception) {
        log::error(operation.name + " from " + in.remote_address + " failed: " + exception.what());
        return std::unexpected(make_fault("InternalServerError"));
    }
    return body;
}

}  // namespace headwater::soap
