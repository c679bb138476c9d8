#include "diagnosis/checks_for.hpp"

#include <array>

namespace headwater::diagnosis {
namespace {

struct Row {
    std::string_view code;
    std::array<std::string_view, 4> checks;  ///< the rest is empty
};

constexpr std::array kRows = {
    Row{"net.resolve", {"upstream_name", "ports"}},
    Row{"net.connect", {"upstream_name", "ports", "services"}},
    Row{"net.timeout", {"upstream_name", "ports", "services"}},
    Row{"net.reset", {"services", "ports", "proxy"}},
    Row{"net.protocol", {"services", "upstream_name", "proxy"}},
    Row{"net.redirect", {"services", "proxy"}},
    Row{"net.too_large", {"services", "proxy"}},
    Row{"net.tls", {"tls", "clock", "upstream_name"}},
    Row{"net.tls_expired", {"tls", "clock"}},
    Row{"net.tls_name", {"tls", "upstream_name"}},
    Row{"net.tls_issuer", {"tls"}},
    Row{"net.tls_protocol", {"tls", "ports"}},
    Row{"net.proxy", {"proxy", "ports"}},
    Row{"net.proxy_resolve", {"proxy", "services"}},
    Row{"net.proxy_connect", {"proxy", "services"}},
    Row{"net.proxy_login", {"proxy", "services"}},
    Row{"net.proxy_login_missing", {"proxy", "services"}},
    Row{"net.proxy_basic", {"proxy", "services"}},
    Row{"net.proxy_denied", {"proxy", "ports"}},
    Row{"net.proxy_gateway", {"proxy", "upstream_name", "ports", "services"}},
    Row{"upstream.denied", {"services", "proxy"}},
    Row{"upstream.not_found", {"services", "ports"}},
    Row{"upstream.busy", {"services"}},
    Row{"upstream.failed", {"services", "clock"}},
    Row{"upstream.not_soap", {"services", "proxy", "upstream_name"}},
    Row{"upstream.redirect", {"services", "upstream_name"}},
    Row{"upstream.fault", {"services", "clock"}},
    Row{"upstream.unreadable", {"services"}},
    Row{"sync.documents", {"services", "database"}},
    Row{"sync.internal", {"database", "content_folder"}},
    Row{"store.full", {"database", "content_folder"}},
    Row{"store.io", {"database", "content_folder"}},
    Row{"store.corrupt", {"database"}},
    Row{"sync.cancelled", {}},
    Row{"net.cancelled", {}},
};

/// For a code of later versions.
constexpr Row kOtherwise = {"", {"services", "upstream_name", "database"}};

std::span<const std::string_view> checks_of(const Row& row) {
    std::size_t count = 0;
    while (count < row.checks.size() && !row.checks.at(count).empty()) {
        ++count;
    }
    return std::span(row.checks).first(count);
}

}  // namespace

std::span<const std::string_view> checks_for(std::string_view code) {
    if (code.empty()) {
        return {};
    }
    for (const Row& row : kRows) {
        if (row.code == code) {
            return checks_of(row);
        }
    }
    return checks_of(kOtherwise);
}

}  // namespace headwater::diagnosis
