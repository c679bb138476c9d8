#pragma once
// A SOAP service without HTTP: operations are registered once, then exchanges are handled. Register
// from one thread; after that any thread may call handle() and wsdl(), as far as the handlers allow
// it.

#include <concepts>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/xml.hpp"
#include "soap/fault.hpp"
#include "soap/read.hpp"
#include "soap/type.hpp"

namespace headwater::soap {

/// What the transport received.
struct Exchange {
    std::string content_type = {};
    std::string soap_action = {};  ///< the header as it is, with or without quotes; may be empty
    std::string body = {};
    std::string host = {};  ///< the Host header, as "wsus.corp:8530"
    std::string remote_address = {};
    bool tls = false;
};

/// What the transport answers.
struct Reply {
    int status = 200;
    std::string content_type = {};
    std::string body = {};
};

/// What a handler may know beside the request. Valid during the call.
struct Call {
    std::string_view operation = {};
    std::string_view action = {};  ///< namespace and operation, whatever the header said
    std::string_view host = {};
    std::string_view remote_address = {};
    bool tls = false;
    Version version = Version::k11;
};

/// What one request may cost; a breach is a fault.
struct RequestLimits {
    xml::Limits xml = {.max_bytes = std::size_t{16} << 20U,
                       .max_elements = 500'000,
                       .max_depth = 32,
                       .max_attributes = 32};
    std::size_t max_items = 20'000;  ///< of one array
};

struct ServiceOptions {
    std::string name = {};  ///< in the WSDL, as "Client"
    std::string name_space = {};
    std::string path = {};  ///< "/ClientWebService/client.asmx"
    Style style = Style::kAsmx;
    /// Faults carry the service's URL as faultactor.
    bool faults_name_actor = false;
    RequestLimits limits = {};
};

class Service {
public:
    explicit Service(ServiceOptions options);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// @param handler  std::expected<Response, Fault>(const Request&, const Call&); a Fault's empty
    /// id,
    ///                 method and actor are filled in; an exception becomes InternalServerError
    template <typename Request, typename Response, typename Handler>
        requires std::convertible_to<
            std::invoke_result_t<const Handler&, const Request&, const Call&>,
            std::expected<Response, Fault>>
    void operation(std::string name, Handler handler) {
        add(std::move(name), type_of<Request>(), type_of<Response>(),
            [handler = std::move(handler)](const pugi::xml_node& element,
                                           const ReadOptions& options, const Call& call,
                                           const Answer& answer) -> std::expected<void, Fault> {
                const auto request = read<Request>(element, options);
                if (!request) {
                    return std::unexpected(make_fault("InvalidParameters", request.error().path));
                }
                const std::expected<Response, Fault> response = handler(*request, call);
                if (!response) {
                    return std::unexpected(response.error());
                }
                answer(&*response);
                return {};
            });
    }

    /// An operation that the protocol has and we do not: a fault says so. It is not in the WSDL.
    void missing(std::string name);

    /// Never throws for what is in the exchange.
    [[nodiscard]] Reply handle(const Exchange& in) const;

    /// @param address  the absolute URL at which this service was asked
    [[nodiscard]] std::string wsdl(std::string_view address) const;

    [[nodiscard]] const ServiceOptions& options() const { return options_; }

private:
    using Answer = std::function<void(const void* response)>;
    using Run = std::function<std::expected<void, Fault>(const pugi::xml_node&, const ReadOptions&,
                                                         const Call&, const Answer&)>;
    struct Operation;

    void add(std::string name, const Type& request, const Type& response, Run run);
    [[nodiscard]] Reply answer(const Exchange& in, const Envelope& envelope) const;
    [[nodiscard]] std::expected<std::string, Fault> run(const Operation& operation,
                                                        const Exchange& in,
                                                        const Envelope& envelope) const;
    [[nodiscard]] const Operation* find(const Envelope& envelope) const;
    [[nodiscard]] Reply refuse(Fault fault, Version version, const Exchange& in) const;
    [[nodiscard]] bool names_another(std::string_view action, std::string_view operation) const;
    [[nodiscard]] std::string action_of(std::string_view operation) const;

    ServiceOptions options_;
    std::vector<std::unique_ptr<Operation>> operations_;
    std::unordered_map<std::string, const Operation*> by_name_;
};

}  // namespace headwater::soap
