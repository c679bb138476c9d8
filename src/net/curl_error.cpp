#include "net/curl_error.hpp"

#include <openssl/x509_vfy.h>

#include <array>
#include <memory>
#include <vector>

namespace headwater::net {
namespace {

struct UrlCleanup {
    void operator()(CURLU* url) const { ::curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which, unsigned flags) {
    char* text = nullptr;
    if (::curl_url_get(url, which, &text, flags) != CURLUE_OK)
        return {};
    std::string copy = text;
    ::curl_free(text);
    return copy;
}

std::vector<std::string> causes_of(const CurlFailure& failure) {
    std::vector<std::string> causes;
    const std::string general = ::curl_easy_strerror(failure.code);
    if (!failure.detail.empty())
        causes.push_back(failure.detail);
    if (failure.detail != general)
        causes.push_back(general);
    if (failure.verify_result != X509_V_OK)
        causes.push_back(
            "OpenSSL: " + std::string(::X509_verify_cert_error_string(failure.verify_result)) +
            " (" + std::to_string(failure.verify_result) + ")");
    if (failure.system_error != 0)
        causes.push_back(describe_errno(static_cast<int>(failure.system_error)));
    return causes;
}

std::string proxy_name(const CurlFailure& failure) {
    return failure.proxy == nullptr ? std::string{} : host_and_port(*failure.proxy);
}

/// The names of the ways to log in that curl found offered.
std::string logins_of(long offered) {
    constexpr std::array<std::pair<unsigned long, std::string_view>, 4> kNames = {
        {{CURLAUTH_BASIC, "Basic"},
         {CURLAUTH_DIGEST, "Digest"},
         {CURLAUTH_NTLM, "NTLM"},
         {CURLAUTH_NEGOTIATE, "Negotiate"}}};
    std::string names;
    for (const auto& [bit, name] : kNames) {
        if ((static_cast<unsigned long>(offered) & bit) != 0)
            names += (names.empty() ? "" : ", ") + std::string(name);
    }
    return names;
}

std::string and_where_to_change_it(std::string what) {
    what +=
        ": `headwater sync proxy --user NAME --ask-password`, or Options, Update Source and Proxy "
        "Server.";
    return what;
}

Error login_refused(const CurlFailure& failure) {
    const std::string name = proxy_name(failure);
    const std::string offered = logins_of(failure.proxy_logins);
    const bool only_basic = offered == "Basic";
    if (failure.proxy->user.empty()) {
        return {"net.proxy_login_missing",
                "The proxy " + name + " asks for a login, and none is set.",
                and_where_to_change_it("Set the user and the password for it")};
    }
    if (only_basic && !failure.proxy->allow_basic) {
        return {"net.proxy_basic",
                "The proxy " + name +
                    " offers nothing but basic authentication, which sends the password in clear "
                    "text, and that is not allowed.",
                "Let the proxy offer Digest, NTLM or Negotiate; or, if everybody on the way to it "
                "may read the password, allow basic authentication: `headwater sync proxy "
                "--allow-basic`."};
    }
    return {"net.proxy_login",
            "The proxy " + name + " refused the login of the user '" + failure.proxy->user + "'.",
            and_where_to_change_it("The password may have expired, or been changed, or the account "
                                   "may be locked: try it elsewhere, then enter it here")};
}

Error timed_out(const CurlFailure& failure) {
    if (!failure.connected && failure.proxy != nullptr) {
        return {"net.proxy_connect",
                "No connection through the proxy " + proxy_name(failure) +
                    " came about in the time allowed.",
                "Check that the proxy runs, and its name and port in the options."};
    }
    if (failure.connected)
        return {"net.timeout", failure.where + " did not answer completely in the time allowed.",
                "Try again later, or allow more time."};
    return {"net.timeout", "No connection to " + failure.where + " came about in the time allowed.",
            "Check the address, and that no firewall drops the connection."};
}

Error tls_failed(const CurlFailure& failure) {
    const std::string no_connection =
        "No trusted TLS connection to " + failure.where + " could be made: ";
    switch (failure.verify_result) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return {"net.tls_expired",
                    no_connection + (failure.verify_result == X509_V_ERR_CERT_HAS_EXPIRED
                                         ? "its certificate has expired."
                                         : "its certificate is not valid yet."),
                    "Renew the server's certificate, and check the clocks of both machines."};
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            return {"net.tls_issuer", no_connection + "the issuer of its certificate is not known.",
                    "Add the issuer's certificate to those that this machine trusts: copy it to "
                    "/usr/local/share/ca-certificates and run update-ca-certificates, or name its "
                    "file as trusted_certificates in headwater.toml."};
        default:
            break;
    }
    if (failure.detail.find("subject name") != std::string::npos) {
        return {"net.tls_name", no_connection + "its certificate is for another name.",
                "Use the name that stands in the certificate (most often the full name of the "
                "server), or give the server a certificate for this one."};
    }
    if (failure.code == CURLE_SSL_CONNECT_ERROR || failure.code == CURLE_SSL_CIPHER) {
        return {"net.tls_protocol", no_connection + "the two did not agree on how to speak.",
                "Check that the port is the one for https (8531 or 443), and that the server "
                "allows TLS 1.2 or 1.3."};
    }
    return {"net.tls", "No trusted TLS connection to " + failure.where + " could be made.",
            "Check that its certificate is valid for this name and that its issuer is among the "
            "trusted certificates of this machine."};
}

Error misdirected(const CurlFailure& failure) {
    if (failure.redirected)
        return {"net.redirect",
                failure.where + " redirects to an address that is not http or https, or is no URL.",
                "Check the address; something between may answer in place of the server."};
    return {"net.protocol", "The address is not a URL with http or https.", "Check the address."};
}

Error not_understood(const CurlFailure& failure) {
    return {"net.protocol", "The exchange with " + failure.where + " did not follow HTTP/1.1.",
            "Check that an HTTP server listens at this address and port."};
}

Error classify(const CurlFailure& failure) {
    switch (failure.code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return {
                "net.resolve",
                "The name " + failure.host + " (of " + failure.where + ") could not be resolved.",
                "Check the name, and the name servers of this machine."};
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {"net.proxy_resolve",
                    "The name of the proxy " + proxy_name(failure) + " could not be resolved.",
                    "Check the proxy's name in the options, and the name servers of this machine."};
        case CURLE_PROXY:
            return {
                "net.proxy",
                "The proxy " + proxy_name(failure) + " on the way to " + failure.where + " failed.",
                "Check the settings of the proxy."};
        case CURLE_COULDNT_CONNECT:
            if (failure.proxy != nullptr) {
                return {"net.proxy_connect",
                        "No connection to the proxy " + proxy_name(failure) + " could be made.",
                        "Check that the proxy runs, and its name and port in the options."};
            }
            return {"net.connect", "No connection to " + failure.where + " could be made.",
                    "Check that the server runs there, and that no firewall refuses the way."};
        case CURLE_OPERATION_TIMEDOUT:
            return timed_out(failure);
        case CURLE_TOO_MANY_REDIRECTS:
            return {"net.redirect", failure.where + " redirects more often than is allowed.",
                    "Check the address; the server may redirect in a circle."};
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
            // Also what curl calls an answer without a status line.
            return failure.connected && !failure.redirected ? not_understood(failure)
                                                            : misdirected(failure);
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_GOT_NOTHING:
            return {"net.reset", "The connection to " + failure.where + " ended early.",
                    "Try again; if it happens often, look for what cuts connections on the way."};
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CRL_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_ENGINE_INITFAILED:
        case CURLE_SSL_SHUTDOWN_FAILED:
            return tls_failed(failure);
        default:
            return not_understood(failure);
    }
}

}  // namespace

Error describe_proxy(const CurlFailure& failure) {
    const std::string name = proxy_name(failure);
    Error error;
    // tinyproxy says 401 where a login is wrong, and 407 only where there is none.
    if (failure.proxy_status == 407 || failure.proxy_status == 401) {
        error = login_refused(failure);
    } else if (failure.proxy_status == 403 || failure.proxy_status == 405) {
        error = {
            "net.proxy_denied",
            "The proxy " + name + " does not let this server through to " + failure.where + ".",
            "Let whoever runs the proxy allow it; `headwater doctor ports` prints the list of "
            "what is needed."};
    } else {
        error = {"net.proxy_gateway", "The proxy " + name + " cannot reach " + failure.where + ".",
                 "Check that the server runs, and that the proxy resolves its name and may connect "
                 "to it."};
    }
    error.causes.push_back("HTTP " + std::to_string(failure.proxy_status) + " from the proxy");
    if (failure.proxy_logins != 0)
        error.causes.push_back("the proxy offers " + logins_of(failure.proxy_logins));
    if (!failure.proxy_says.empty())
        error.causes.push_back("the proxy says " + failure.proxy_says.substr(0, 200));
    if (!failure.detail.empty())
        error.causes.push_back(failure.detail);
    return error;
}

bool is_answer_of_the_proxy(const ClientResponse& response) {
    if (response.status == 407)
        return true;
    if (response.status < 400)
        return false;
    const std::string_view server = response.headers.get("Server").value_or("");
    return response.headers.get("X-Squid-Error") || server.starts_with("tinyproxy");
}

std::string host_and_port(const Proxy& proxy) {
    const bool is_v6 = proxy.host.find(':') != std::string::npos && !proxy.host.starts_with('[');
    return (is_v6 ? '[' + proxy.host + ']' : proxy.host) + ':' + std::to_string(proxy.port);
}

Error describe(const CurlFailure& failure) {
    Error error = classify(failure);
    error.causes = causes_of(failure);
    return error;
}

std::string endpoint_of(const std::string& url) {
    const std::unique_ptr<CURLU, UrlCleanup> parsed(::curl_url());
    if (parsed == nullptr ||
        ::curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
        return {};
    return part(parsed.get(), CURLUPART_HOST, 0) + ':' +
           part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

}  // namespace headwater::net
