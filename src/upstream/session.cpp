#include "upstream/session.hpp"

#include <vector>

#include "soap/envelope.hpp"

namespace headwater::upstream {
namespace {

namespace wire = protocol::server_sync;
namespace auth = protocol::dss_auth;

constexpr const char* kProtocolVersion = "1.20";
constexpr std::chrono::minutes kRenewBefore{2};
constexpr std::string_view kPlugIn = "DssTargeting";
/// Of a header field that is quoted in an error.
constexpr std::size_t kShown = 500;

std::string remedy_of(const soap::Fault& fault) {
    if (fault.error_code == "ServerBusy") {
        return "It is busy: synchronize again later.";
    }
    if (fault.error_code == "IncompatibleProtocolVersion") {
        return "It speaks another version of the protocol: update it (WSUS 3.0 SP2 or later).";
    }
    if (fault.error_code == "InvalidAuthorizationCookie" || fault.error_code == "InvalidCookie") {
        return "It refuses the cookies that it gave: check that one name leads to one server, and "
               "not to several by turns.";
    }
    if (fault.error_code == "ServerChanged") {
        return "It says that it is another server than before, although everything that was known "
               "of it was forgotten: check that one name leads to one server, and not to several "
               "by turns.";
    }
    if (fault.error_code == "InvalidParameters" || fault.error_code == "TooManyIds") {
        return "It does not accept what this server asks for: report this with the message and "
               "the version of the upstream.";
    }
    return "See the upstream's own log (of a WSUS: SoftwareDistribution.log) for the id of the "
           "fault.";
}

std::vector<std::string> causes_of(const soap::Fault& fault, int status) {
    std::vector<std::string> causes;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            causes.push_back(name + value);
        }
    };
    add("ErrorCode ", fault.error_code);
    add("Message ", fault.message);
    add("ID ", fault.id == Guid{} ? std::string{} : fault.id.text());
    add("Method ", fault.method);
    add("faultstring ", fault.text);
    add("faultactor ", fault.actor);
    add("HTTP ", std::to_string(status));
    return causes;
}

bool asks_for_a_new_handshake(const Error& error) {
    return error.code == "upstream.fault" && !error.causes.empty() &&
           (error.causes.front() == "ErrorCode InvalidCookie" ||
            error.causes.front() == "ErrorCode InvalidAuthorizationCookie" ||
            error.causes.front() == "ErrorCode CookieExpired");
}

Error redirected(const net::ClientResponse& answer, std::string_view operation,
                 const std::string& upstream) {
    return {"upstream.redirect",
            "The upstream " + upstream + " redirects " + std::string(operation) +
                " to another address, which is not followed.",
            "If the address is right, set it as the upstream; else check what answers in the "
            "upstream's place.",
            {"HTTP " + std::to_string(answer.status),
             "Location: " +
                 std::string(answer.headers.get("Location").value_or("").substr(0, kShown))}};
}

/// What an answer without SOAP means, by its status.
Error no_soap(int status, const std::string& what) {
    const std::string with = what + " with HTTP status " + std::to_string(status);
    switch (status) {
        case 401:
        case 403:
            return {"upstream.denied", with + ": it refuses this server.",
                    "Let the upstream's web server allow anonymous requests to its web services "
                    "from this machine, or look for a firewall that answers in its place."};
        case 404:
            return {"upstream.not_found", with + ": there is no such service.",
                    "Check the address and the port: a WSUS listens on 8530, and on 8531 with "
                    "TLS."};
        case 429:
        case 503:
            return {"upstream.busy", with + ": it is not available now.",
                    "Synchronize again later; on a WSUS, look whether its application pool has "
                    "stopped."};
        default:
            break;
    }
    if (status >= 500) {
        return {"upstream.failed", with + " and no SOAP message: it failed.",
                "See the upstream's own log at this time."};
    }
    return {"upstream.not_soap",
            with + " and no SOAP message: this is no answer of an update server.",
            "Check the address and the port of the upstream, and that no proxy or sign-in page "
            "answers in its place."};
}

Error error_of(const soap::CallFailure& failure, std::string_view operation,
               const std::string& upstream) {
    const std::string what = "The upstream " + upstream + " answered " + std::string(operation);
    if (failure.kind == soap::CallFailure::Kind::kFault) {
        const soap::Fault& fault = failure.fault;
        return {"upstream.fault",
                what + " with the fault " +
                    (fault.error_code.empty() ? "'" + fault.text + "'" : fault.error_code) + ".",
                remedy_of(fault), causes_of(fault, failure.status)};
    }
    Error error =
        failure.kind == soap::CallFailure::Kind::kNotSoap
            ? no_soap(failure.status, what)
            : Error{"upstream.unreadable",
                    what + " with a message that cannot be read.",
                    "Check that an update server answers at this address, and its version.",
                    {}};
    error.causes = {failure.error.sentence};
    error.causes.insert(error.causes.end(), failure.error.causes.begin(),
                        failure.error.causes.end());
    return error;
}

}  // namespace

Session::Session(net::Client& client, const Clock& clock, SessionOptions options)
    : client_(client), clock_(clock), options_(std::move(options)) {
    while (options_.upstream.ends_with('/')) {
        options_.upstream.pop_back();
    }
}

Result<> Session::connect() {
    const std::scoped_lock lock(mutex_);
    return handshake();
}

Result<> Session::handshake() {
    auto config = call<wire::GetAuthConfigResponse>(wire::kPath, wire::kNamespace, "GetAuthConfig",
                                                    wire::GetAuthConfig{});
    if (!config) {
        return std::unexpected(config.error());
    }
    std::string path(auth::kPath);
    for (const protocol::AuthPlugInInfo& plug_in :
         config->result.or_default().auth_info.or_default()) {
        const std::string& url = plug_in.service_url.or_default();
        // Relative to the server's root; an absolute one would lead to another host.
        if (plug_in.plug_in_id.or_default() == kPlugIn && !url.empty() &&
            url.find(':') == std::string::npos) {
            path = (url.front() == '/' ? "" : "/") + url;
        }
    }
    auth::GetAuthorizationCookie request;
    request.account_name = options_.account_name;
    request.account_guid = options_.account.text();
    auto authorization = call<auth::GetAuthorizationCookieResponse>(
        path, auth::kNamespace, "GetAuthorizationCookie", request);
    if (!authorization) {
        return std::unexpected(authorization.error());
    }
    wire::GetCookie get;
    get.auth_cookies.ensure().push_back(authorization->result.or_default());
    get.protocol_version = std::string(kProtocolVersion);
    auto cookie = call<wire::GetCookieResponse>(wire::kPath, wire::kNamespace, "GetCookie", get);
    if (!cookie) {
        return std::unexpected(cookie.error());
    }
    cookie_ = cookie->result.or_default();
    return {};
}

Result<protocol::Cookie> Session::cookie() {
    const std::scoped_lock lock(mutex_);
    if (!cookie_.encrypted_data || cookie_.expiration - kRenewBefore <= clock_.now()) {
        if (auto shaken = handshake(); !shaken) {
            return std::unexpected(shaken.error());
        }
    }
    return cookie_;
}

template <typename Response, typename Request>
Result<Response> Session::call(std::string_view path, std::string_view name_space,
                               std::string_view operation, const Request& request) {
    auto response = call_once<Response>(path, name_space, operation, request);
    if (!response) {
        response.error().causes.push_back(std::string(kRequestMark) + std::string(operation) +
                                          " to " + options_.upstream + std::string(path));
    }
    return response;
}

template <typename Response, typename Request>
Result<Response> Session::call_once(std::string_view path, std::string_view name_space,
                                    std::string_view operation, const Request& request) {
    auto answer = post(path, soap::soap_action(name_space, operation),
                       soap::write_request(name_space, operation, request));
    if (!answer) {
        return std::unexpected(std::move(answer).error());
    }
    if (answer->status >= 300 && answer->status < 400) {
        return std::unexpected(redirected(*answer, operation, options_.upstream));
    }
    auto response = soap::read_response<Response>(
        static_cast<int>(answer->status), answer->headers.get("Content-Type").value_or(""),
        std::move(answer->body), {.xml = {}, .max_items = 1'000'000});
    if (!response) {
        Error error = error_of(response.error(), operation, options_.upstream);
        if (const auto later = answer->headers.get("Retry-After")) {
            error.causes.push_back("Retry-After: " + std::string(later->substr(0, kShown)));
        }
        return std::unexpected(std::move(error));
    }
    return std::move(*response);
}

template <typename Response, typename Request>
Result<Response> Session::call_with_cookie(std::string_view operation, Request request) {
    for (bool again = true;; again = false) {
        auto fresh = cookie();
        if (!fresh) {
            return std::unexpected(fresh.error());
        }
        request.cookie = *fresh;
        auto response = call<Response>(wire::kPath, wire::kNamespace, operation, request);
        if (response || !again || !asks_for_a_new_handshake(response.error())) {
            return response;
        }
        const std::scoped_lock lock(mutex_);
        if (cookie_ == *fresh) {
            cookie_.encrypted_data.reset();
        }
    }
}

Result<net::ClientResponse> Session::post(std::string_view path, std::string action,
                                          std::string body) {
    net::ClientRequest request;
    request.method = "POST";
    request.url = options_.upstream + std::string(path);
    request.headers.add("Content-Type", std::string(soap::content_type(soap::Version::k11)));
    request.headers.add("SOAPAction", std::move(action));
    request.body = std::move(body);
    request.stall_timeout = options_.stall_timeout;
    request.connect_timeout = options_.connect_timeout;
    request.cancel = options_.cancel;
    request.proxy = options_.proxy;
    ++requests_;
    const WaitMeter::Wait waits(waits_);
    auto answer = client_.fetch(request);
    if (answer) {
        bytes_ += answer->body.size();
    }
    return answer;
}

Result<wire::ServerSyncConfigData> Session::config_data() {
    auto response =
        call_with_cookie<wire::GetConfigDataResponse>("GetConfigData", wire::GetConfigData{});
    if (!response) {
        return std::unexpected(response.error());
    }
    return response->result.or_default();
}

Result<wire::RevisionIdList> Session::revision_ids(const wire::ServerSyncFilter& filter) {
    wire::GetRevisionIdList request;
    request.filter = filter;
    auto response =
        call_with_cookie<wire::GetRevisionIdListResponse>("GetRevisionIdList", std::move(request));
    if (!response) {
        return std::unexpected(response.error());
    }
    return response->result.or_default();
}

Result<wire::ServerUpdateData> Session::update_data(std::span<const protocol::UpdateIdentity> ids) {
    wire::GetUpdateData request;
    request.update_ids = soap::Array<protocol::UpdateIdentity>(ids.begin(), ids.end());
    auto response =
        call_with_cookie<wire::GetUpdateDataResponse>("GetUpdateData", std::move(request));
    if (!response) {
        return std::unexpected(response.error());
    }
    return response->result.or_default();
}

Result<> Session::download_files(std::span<const Sha1> digests) {
    wire::DownloadFiles request;
    auto& list = request.file_digest_list.ensure();
    for (const Sha1& sha1 : digests) {
        list.push_back(Bytes(sha1.bytes.begin(), sha1.bytes.end()));
    }
    const auto response =
        call_with_cookie<wire::DownloadFilesResponse>("DownloadFiles", std::move(request));
    return response ? Result<>{} : std::unexpected(response.error());
}

}  // namespace headwater::upstream
