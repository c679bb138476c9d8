#pragma once
// Private to net/: what a failed transfer means, in our codes and sentences. Pure; any thread.

#include <curl/curl.h>

#include <string>

#include "base/error.hpp"

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
};

[[nodiscard]] Error describe(const CurlFailure& failure);

/// "host:443" of a URL, with the scheme's port where it names none; empty for what is no URL.
[[nodiscard]] std::string endpoint_of(const std::string& url);

}  // namespace headwater::net
