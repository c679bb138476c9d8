#include "content/secure_first.hpp"

#include <algorithm>
#include <array>

#include "base/utf.hpp"

namespace headwater::content {
namespace {

constexpr std::string_view kPlain = "http://";

constexpr std::array<std::string_view, 5> kDomains = {
    "windowsupdate.com", "update.microsoft.com", "windowsupdate.microsoft.com",
    "download.microsoft.com", "delivery.mp.microsoft.com"};

/// "https://host:port" of a URL.
std::string_view origin_of(std::string_view url) {
    const std::size_t host = url.find("://");
    return url.substr(0, host == std::string_view::npos ? 0 : url.find_first_of("/?#", host + 3));
}

bool is_within(std::string_view host, std::string_view domain) {
    return host == domain ||
           (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

std::optional<std::string> secure_address(std::string_view url) {
    const std::string origin = to_lower_ascii(origin_of(url));
    if (!origin.starts_with(kPlain)) {
        return std::nullopt;
    }
    // A user's name or a port in it is within no domain.
    const std::string_view host = std::string_view(origin).substr(kPlain.size());
    const bool is_microsoft =
        host.find('@') == std::string_view::npos &&
        std::ranges::any_of(kDomains, [&](auto domain) { return is_within(host, domain); });
    if (!is_microsoft) {
        return std::nullopt;
    }
    return "https://" + std::string(url.substr(kPlain.size()));
}

bool has_no_secure_way(const Error& error) {
    constexpr std::array<std::string_view, 10> kWays = {
        "net.connect",      "net.timeout",      "net.reset",      "net.tls",
        "net.tls_expired",  "net.tls_name",     "net.tls_issuer", "net.tls_protocol",
        "net.proxy_denied", "net.proxy_gateway"};
    return std::ranges::find(kWays, std::string_view(error.code)) != kWays.end();
}

void InsecureHosts::remember(std::string_view url, SteadyTime now) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(until_, [&](const auto& entry) { return entry.second <= now; });
    if (until_.size() < kMost) {
        until_[to_lower_ascii(origin_of(url))] = now + kRemembered;
    }
}

bool InsecureHosts::knows(std::string_view url, SteadyTime now) {
    const std::scoped_lock lock(mutex_);
    const auto at = until_.find(to_lower_ascii(origin_of(url)));
    return at != until_.end() && at->second > now;
}

}  // namespace headwater::content
