#include "simulation/caller.hpp"

#include "base/utf.hpp"
#include "soap/envelope.hpp"
#include "soap/xpress.hpp"

namespace headwater::simulation {
namespace {

/// An answer holds at most a page of updates or a batch of details.
constexpr std::uint64_t kMaxAnswer = std::uint64_t{64} << 20U;
constexpr std::string_view kUserAgent =
    "Windows-Update-Agent/1507.2601.30012.0 Client-Protocol/2.90";

}  // namespace

Transport transport_of(net::Client& client) {
    return [&client](const net::ClientRequest& request) { return client.fetch(request); };
}

Caller::Caller(Transport transport, std::string server)
    : transport_(std::move(transport)), server_(std::move(server)) {
    while (server_.ends_with('/')) {
        server_.pop_back();
    }
}

std::string Caller::resolve(std::string_view url) const {
    const std::string lower = to_lower_ascii(url.substr(0, 8));
    if (lower.starts_with("http://") || lower.starts_with("https://")) {
        return std::string(url);
    }
    return server_ + (url.starts_with('/') ? "" : "/") + std::string(url);
}

Answer<Caller::Message> Caller::exchange(const Operation& operation, std::string body) {
    net::ClientRequest request;
    request.method = "POST";
    request.url = resolve(operation.path);
    request.headers.add("Cache-Control", "no-cache");
    request.headers.add("Pragma", "no-cache");
    request.headers.add("Content-Type", std::string(soap::content_type(soap::Version::k11)));
    request.headers.add("Accept-Encoding", "xpress");
    request.headers.add("User-Agent", std::string(kUserAgent));
    request.headers.add("SOAPAction", soap::soap_action(operation.name_space, operation.name));
    request.max_body_bytes = kMaxAnswer;
    request.body = std::move(body);
    traffic_.requests += 1;
    traffic_.sent_bytes += request.body.size();

    auto response = transport_(request);
    if (!response) {
        return std::unexpected(CallError{.error = std::move(response.error()), .reached = false});
    }
    traffic_.received_bytes += response->body.size();
    Message message{.status = response->status,
                    .content_type = std::string(response->headers.get("Content-Type").value_or("")),
                    .body = std::move(response->body)};
    if (equal_ignoring_case(response->headers.get("Content-Encoding").value_or(""), "xpress")) {
        auto plain = soap::xpress_decompress(as_bytes(message.body), kMaxAnswer);
        if (!plain) {
            return std::unexpected(CallError{.error = std::move(plain.error())});
        }
        message.body = std::string(as_text(*plain));
    }
    return message;
}

CallError Caller::explain(const Operation& operation, soap::CallFailure failure) {
    CallError error{.error = std::move(failure.error)};
    if (failure.kind == soap::CallFailure::Kind::kFault) {
        error.fault_code = failure.fault.error_code;
        error.error.code = "agent.fault";
    }
    error.error.sentence = std::string(operation.name) + ": " + error.error.sentence;
    return error;
}

}  // namespace headwater::simulation
