#pragma once
// Private to net/: the certificates that curl saw, read by OpenSSL. Pure; any thread.

#include <curl/curl.h>

#include <optional>
#include <string>
#include <vector>

#include "net/client.hpp"

namespace headwater::net {

/// Nothing for a text that is no certificate.
[[nodiscard]] std::optional<Certificate> read_certificate(const std::string& pem);

/// The chain of a finished transfer that asked for it; what cannot be read is left out.
[[nodiscard]] std::vector<Certificate> certificates_of(CURL* easy);

}  // namespace headwater::net
