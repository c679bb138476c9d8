#pragma once
// The calling side of a service: a request as bytes, and an answer as a message or as what went
// wrong. Pure functions; any thread.

#include <expected>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/xml.hpp"
#include "soap/fault.hpp"
#include "soap/read.hpp"
#include "soap/type.hpp"
#include "soap/write.hpp"

namespace headwater::soap {

/// What an answer may cost; larger than a request, as an upstream sends all its revisions at once.
struct CallLimits {
    xml::Limits xml = {};
    std::size_t max_items = 100'000;
};

/// Why a call has no response.
struct CallFailure {
    enum class Kind {
        kFault,       ///< the server said no: `fault` says why
        kNotSoap,     ///< no SOAP came: a proxy's page, a wrong address
        kUnreadable,  ///< SOAP, but not the answer that was asked for
    };
    Kind kind = Kind::kNotSoap;
    Fault fault = {};  ///< for kFault
    int status = 0;    ///< of HTTP
    /// For people: "soap.fault", "soap.not_soap" (its causes hold the first 200 printable bytes) or
    /// "soap.unreadable".
    Error error = {};
};

/// The SOAPAction header of an operation, with its quotes.
[[nodiscard]] std::string soap_action(std::string_view name_space, std::string_view operation);

namespace detail {
[[nodiscard]] std::string write_request(std::string_view name_space, std::string_view operation,
                                        const Type& type, const void* request);
[[nodiscard]] std::expected<void, CallFailure> read_response(int status,
                                                             std::string_view content_type,
                                                             std::string body, const Type& type,
                                                             void* response,
                                                             const CallLimits& limits);
}  // namespace detail

/// A SOAP 1.1 message; its Content-Type is content_type(Version::k11).
template <typename Request>
[[nodiscard]] std::string write_request(std::string_view name_space, std::string_view operation,
                                        const Request& request) {
    return detail::write_request(name_space, operation, type_of<Request>(), &request);
}

/// The body has to be decompressed. The response's element is known by the type's name.
template <typename Response>
[[nodiscard]] std::expected<Response, CallFailure> read_response(int status,
                                                                 std::string_view content_type,
                                                                 std::string body,
                                                                 const CallLimits& limits = {}) {
    std::expected<Response, CallFailure> response;
    if (auto done = detail::read_response(status, content_type, std::move(body),
                                          type_of<Response>(), &*response, limits);
        !done) {
        return std::unexpected(std::move(done.error()));
    }
    return response;
}

}  // namespace headwater::soap
