#pragma once
// Private to net/: what a failed transfer means, in our codes and sentences. Pure; any thread.

#include <curl/curl.h>

#include <string>

#include "base/error.hpp"
#include "net/client.hpp"

namespace headwater::net {

/// What is known about a transfer that curl gave up.
struct CurlFailure {
    CURLcode code = CURLE_OK;
    std::string where;        ///< "host:443", or the local socket
    std::string host;         ///< "host"
    std::string detail;       ///< curl's own words, which hold those of OpenSSL
    long system_error = 0;    ///< errno of the last connection attempt
    bool connected = false;   ///< a request could be sent
    bool redirected = false;  ///< at least one redirect was followed
    long verify_result = 0;   ///< of the server's certificate, as X509_V_ERR_…

    const Proxy* proxy = nullptr;  ///< null: none was on the way
    unsigned connect_status = 0;   ///< with which it answered CONNECT; 0 without one
    unsigned proxy_status = 0;     ///< with which it refused
    long proxy_logins = 0;         ///< what it offers, as CURLAUTH_…
    std::string proxy_says;        ///< its own word for the reason; may be empty
};

[[nodiscard]] Error describe(const CurlFailure& failure);
/// For a proxy that answered in the server's place (`proxy_status`).
[[nodiscard]] Error describe_proxy(const CurlFailure& failure);

/// True for what a proxy says about itself, and not the server behind it: 407, and errors that
/// carry the signature of a proxy.
[[nodiscard]] bool is_answer_of_the_proxy(const ClientResponse& response);

/// "proxy.corp:3128", with an IPv6 address in brackets.
[[nodiscard]] std::string host_and_port(const Proxy& proxy);

/// "host:443" of a URL, with the scheme's port where it names none; empty for what is no URL.
[[nodiscard]] std::string endpoint_of(const std::string& url);

}  // namespace headwater::net
