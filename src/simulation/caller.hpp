#pragma once
// One SOAP call at a time to an update server, as an agent sends it: its headers, answers
// compressed with Xpress if the server likes. How the bytes travel is the Transport's, so that
// tests need no socket. One thread at a time.

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "net/client.hpp"
#include "soap/call.hpp"

namespace headwater::simulation {

/// Sends one request and waits for the whole answer.
using Transport = std::function<Result<net::ClientResponse>(const net::ClientRequest&)>;

/// The transport that a net::Client is; the client outlives it.
[[nodiscard]] Transport transport_of(net::Client& client);

/// Why a call gave no answer.
struct CallError {
    Error error = {};
    std::string fault_code = {};  ///< "InvalidCookie"; empty if it was no fault of the protocol
    bool reached = true;          ///< false if no HTTP answer came at all
};

template <typename T>
using Answer = std::expected<T, CallError>;

struct Operation {
    std::string_view name_space;
    std::string_view path;  ///< or the whole URL of another server
    std::string_view name;
};

/// What went over the wire, without HTTP's headers; received as it came, thus compressed.
struct Traffic {
    std::uint64_t requests = 0;
    std::uint64_t sent_bytes = 0;
    std::uint64_t received_bytes = 0;
};

class Caller {
public:
    /// @param server  "http://host:8530", with or without a slash behind it
    Caller(Transport transport, std::string server);

    template <typename Response, typename Request>
    [[nodiscard]] Answer<Response> call(const Operation& operation, const Request& request) {
        auto answer =
            exchange(operation, soap::write_request(operation.name_space, operation.name, request));
        if (!answer) {
            return std::unexpected(std::move(answer.error()));
        }
        auto response = soap::read_response<Response>(
            static_cast<int>(answer->status), answer->content_type, std::move(answer->body));
        if (!response) {
            return std::unexpected(explain(operation, std::move(response.error())));
        }
        return std::move(*response);
    }

    /// A path below the server, or a whole http or https URL as it is.
    [[nodiscard]] std::string resolve(std::string_view url) const;
    [[nodiscard]] const Transport& transport() const { return transport_; }
    [[nodiscard]] const Traffic& traffic() const { return traffic_; }

private:
    struct Message {
        unsigned status;
        std::string content_type;
        std::string body;
    };
    [[nodiscard]] Answer<Message> exchange(const Operation& operation, std::string body);
    [[nodiscard]] static CallError explain(const Operation& operation, soap::CallFailure failure);

    Transport transport_;
    std::string server_;
    Traffic traffic_;
};

}  // namespace headwater::simulation
