#include "upstream/proxies.hpp"

#include <algorithm>

#include "base/utf.hpp"

namespace headwater::upstream {
namespace {

/// The host of a URL in lower case, without brackets.
std::string host_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    std::string_view rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (rest.starts_with('[')) {
        rest = rest.substr(1, rest.find(']') - 1);
    } else {
        rest = rest.substr(0, rest.find(':'));
    }
    return to_lower_ascii(rest);
}

bool is_name_without_dot(std::string_view host) {
    return host.find('.') == std::string_view::npos && host.find(':') == std::string_view::npos;
}

}  // namespace

bool bypasses(std::string_view pattern, std::string_view host) {
    if (equal_ignoring_case(pattern, "<local>")) {
        return is_name_without_dot(host);
    }
    // One star after another, each as short as the rest allows: no more than pattern times host.
    const std::string wanted = to_lower_ascii(pattern);
    const std::string name = to_lower_ascii(host);
    std::size_t at = 0;
    std::size_t from = 0;
    std::size_t star = std::string::npos;
    std::size_t after_star = 0;
    while (from < name.size()) {
        if (at < wanted.size() && wanted[at] == '*') {
            star = at++;
            after_star = from;
        } else if (at < wanted.size() && wanted[at] == name[from]) {
            ++at;
            ++from;
        } else if (star != std::string::npos) {
            at = star + 1;
            from = ++after_star;
        } else {
            return false;
        }
    }
    return std::all_of(wanted.begin() + static_cast<std::ptrdiff_t>(at), wanted.end(),
                       [](char c) { return c == '*'; });
}

Result<std::shared_ptr<const net::Proxy>> proxy_for(const policy::ProxyOptions& options,
                                                    std::string_view url,
                                                    const SecretBox& secrets) {
    const std::string host = host_of(url);
    if (!options.enabled || std::ranges::any_of(options.bypass, [&](const std::string& pattern) {
            return bypasses(pattern, host);
        })) {
        return nullptr;
    }
    const bool is_tls = to_lower_ascii(url.substr(0, 8)) == "https://";
    const policy::Endpoint& server = is_tls && options.tls ? *options.tls : options.server;
    auto proxy = std::make_shared<net::Proxy>();
    proxy->host = server.host;
    proxy->port = server.port;
    proxy->user = options.domain.empty() || options.user.empty()
                      ? options.user
                      : options.domain + '\\' + options.user;
    proxy->allow_basic = options.allow_basic;
    if (!options.sealed_password.empty()) {
        auto password = secrets.open(options.sealed_password);
        if (!password) {
            return std::unexpected(password.error());
        }
        proxy->password = std::move(*password);
    }
    return proxy;
}

}  // namespace headwater::upstream
