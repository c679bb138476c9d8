#include "net/curl_error.hpp"

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
    if (failure.system_error != 0)
        causes.push_back(describe_errno(static_cast<int>(failure.system_error)));
    return causes;
}

Error timed_out(const CurlFailure& failure) {
    if (failure.connected)
        return {"net.timeout", failure.where + " did not answer completely in the time allowed.",
                "Try again later, or allow more time."};
    return {"net.timeout", "No connection to " + failure.where + " came about in the time allowed.",
            "Check the address, and that no firewall drops the connection."};
}

Error tls_failed(const CurlFailure& failure) {
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
        case CURLE_PROXY:
            return {"net.proxy", "The proxy on the way to " + failure.where + " failed.",
                    "Check the settings of the proxy."};
        case CURLE_COULDNT_CONNECT:
            return {"net.connect", "No connection to " + failure.where + " could be made.",
                    "Check that the server runs there, and that no firewall refuses the way."};
        case CURLE_OPERATION_TIMEDOUT:
            return timed_out(failure);
        case CURLE_TOO_MANY_REDIRECTS:
            return {"net.redirect", failure.where + " redirects more often than is allowed.",
                    "Check the address; the server may redirect in a circle."};
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
            return misdirected(failure);
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
