#pragma once
// Which proxy leads to an address, by the administrator's options. Pure; any thread.

#include <memory>
#include <string_view>

#include "base/error.hpp"
#include "base/secret_box.hpp"
#include "net/client.hpp"
#include "policy/options.hpp"

namespace headwater::upstream {

/// True where a pattern of the bypass list fits a host: "*" stands for any characters, "<local>"
/// for every name without a dot. Any letter case.
[[nodiscard]] bool bypasses(std::string_view pattern, std::string_view host);

/// Null: straight to the server. Errors: "secret.sealed" for a password that cannot be opened.
[[nodiscard]] Result<std::shared_ptr<const net::Proxy>> proxy_for(
    const policy::ProxyOptions& options, std::string_view url, const SecretBox& secrets);

}  // namespace headwater::upstream
