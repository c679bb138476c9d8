// GetConfig, GetAuthorizationCookie, GetCookie, RegisterComputer, StartCategoryScan.

#include <algorithm>
#include <map>

#include "agents/session.hpp"
#include "protocol/simple_auth.hpp"

namespace headwater::agents {
namespace {

namespace wire = protocol::client;
namespace auth = protocol::simple_auth;

using soap::Call;

constexpr std::chrono::minutes kCookieLifetime{60};
constexpr std::string_view kPlugIn = "SimpleTargeting";
constexpr std::size_t kMaxName = 255;

bool is_version(std::string_view text) {
    const std::size_t dot = text.find('.');
    const auto digits = [](std::string_view part) {
        return !part.empty() && part.size() <= 5 &&
               std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    };
    return dot != std::string_view::npos && digits(text.substr(0, dot)) &&
           digits(text.substr(dot + 1));
}

std::string_view without_port(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos
               ? host
               : host.substr(0, colon);
}

wire::Config config(const Context& context, const Call& call) {
    wire::Config config;
    config.last_change = context.config_changed;
    config.is_registration_required = true;
    config.auth_info.ensure().push_back(
        {std::string(kPlugIn), std::string(auth::kPath.substr(1)), std::string{}});
    auto& properties = config.properties.ensure();
    const auto add = [&properties](std::string name, std::string value) {
        properties.push_back({std::move(name), std::move(value)});
    };
    add("MaxExtendedUpdatesPerRequest", std::to_string(Services::kMaxExtendedUpdates));
    add("PackageServerShare",
        "\\\\" + std::string(without_port(call.host)) + "\\UpdateServicesPackages");
    add("ProtocolVersion", "3.2");
    add("IsInventoryRequired", "0");
    add("ClientReportingLevel", "2");
    return config;
}

Answer<auth::GetAuthorizationCookieResponse> authorize(const Context& context,
                                                       const auth::GetAuthorizationCookie& request,
                                                       const Call& call) {
    const std::string& id = request.client_id.or_default();
    const std::string& name = request.dns_name.or_default();
    if (id.empty() || id.size() > kMaxName) {
        return refuse("InvalidParameters", "clientId");
    }
    if (name.empty() || name.size() > kMaxName) {
        return refuse("InvalidParameters", "dnsName");
    }
    store::Computer computer;
    computer.id = id;
    computer.dns_name = name;
    computer.ip_address = call.remote_address;
    computer.requested_group = request.target_group_name.or_default().substr(0, kMaxName);
    computer.first_contact = context.clock.now();
    computer.last_contact = context.clock.now();
    if (auto stored = context.store.touch_computer(computer); !stored) {
        return std::unexpected(fault_of(stored.error()));
    }
    return auth::GetAuthorizationCookieResponse{protocol::AuthorizationCookie{
        std::string(kPlugIn), context.sealer.seal(protocol::AgentAuthorization{
                                  context.clock.now() + kCookieLifetime, id})}};
}

Answer<wire::GetCookieResponse> get_cookie(const Context& context, const wire::GetCookie& request) {
    if (!request.auth_cookies || request.auth_cookies->size() != 1) {
        return refuse("InvalidAuthorizationCookie");
    }
    const auto authorization = context.sealer.open_agent_authorization(
        request.auth_cookies->front().cookie_data.or_default(), context.clock.now());
    if (!authorization) {
        return refuse("InvalidAuthorizationCookie");
    }
    if (!is_version(request.protocol_version.or_default())) {
        return refuse("InvalidParameters", "protocolVersion");
    }
    if (request.last_change != context.config_changed) {
        return refuse("ConfigChanged");
    }
    protocol::AgentCookie cookie;
    // The old cookie is looked at for its state only, so that one that has expired is as good.
    if (request.old_cookie && !request.old_cookie->encrypted_data.or_default().empty()) {
        const auto old =
            context.sealer.open_agent(*request.old_cookie->encrypted_data, Time::min());
        if (!old) {
            return refuse(old.error() == protocol::CookieFault::kServerChanged ? "ServerChanged"
                                                                               : "InvalidCookie");
        }
        if (old->computer_id == authorization->computer_id) {
            cookie = *old;
        }
    }
    cookie.expires = context.clock.now() + kCookieLifetime;
    cookie.config = context.config_changed.time_since_epoch().count();
    cookie.computer_id = authorization->computer_id;
    return wire::GetCookieResponse{renew(context, cookie)};
}

store::ComputerDetails details(const wire::ComputerInfo& info) {
    const auto version = [](auto... parts) {
        std::string text;
        ((text += (text.empty() ? "" : ".") + std::to_string(parts)), ...);
        return text;
    };
    const auto bounded = [](const soap::Optional<std::string>& text) {
        return text.or_default().substr(0, kMaxName);
    };
    store::ComputerDetails details;
    details.os_version =
        version(info.os_major_version, info.os_minor_version, info.os_build_number);
    details.os_description = bounded(info.os_description);
    details.os_locale = bounded(info.os_locale);
    details.architecture = bounded(info.processor_architecture);
    details.manufacturer = bounded(info.computer_manufacturer);
    details.model = bounded(info.computer_model);
    details.bios_version = bounded(info.bios_version);
    details.client_version =
        version(info.client_version_major_number, info.client_version_minor_number,
                info.client_version_build_number, info.client_version_qfe_number);
    return details;
}

Answer<wire::RegisterComputerResponse> register_computer(const Context& context,
                                                         const wire::RegisterComputer& request) {
    const auto cookie = open_cookie(context, request.cookie);
    if (!cookie) {
        return std::unexpected(cookie.error());
    }
    if (!request.computer_info) {
        return refuse("InvalidParameters", "computerInfo");
    }
    const auto stored = context.store.register_computer(
        cookie->computer_id, request.computer_info->dns_name.or_default().substr(0, kMaxName),
        details(*request.computer_info), context.clock.now());
    if (!stored) {
        return std::unexpected(fault_of(stored.error()));
    }
    return wire::RegisterComputerResponse{};
}

/// The rules of [MS-WUSP] 3.1.5.6 for one group of categories that are joined by "and".
std::optional<Guid> preferred_of(const catalog::Snapshot& catalog, const std::vector<Guid>& group) {
    const auto is_classification = [&catalog](const Guid& id) {
        return catalog.revision(catalog.newest(id)).category_type ==
               catalog::CategoryType::kUpdateClassification;
    };
    const auto products =
        std::ranges::count_if(group, [&](const Guid& id) { return !is_classification(id); });
    if (products != 1 || group.size() > 2) {
        return std::nullopt;
    }
    return *std::ranges::find_if(group, [&](const Guid& id) { return !is_classification(id); });
}

Answer<wire::StartCategoryScanResponse> start_category_scan(
    const Context& context, const wire::StartCategoryScan& request) {
    if (!request.requested_categories ||
        request.requested_categories->size() >= Services::kMaxRequestedCategories) {
        return refuse("InvalidParameters", "requestedCategories");
    }
    const auto view = context.publisher.view();
    const catalog::Snapshot& catalog = view->catalog();
    std::map<std::int32_t, std::vector<Guid>> groups;
    std::vector<Guid> unknown;
    std::vector<std::int32_t> removed;
    for (const wire::CategoryRelationship& category : *request.requested_categories) {
        const catalog::Index index = catalog.newest(category.category_id);
        if (index == catalog::kNone ||
            catalog.revision(index).type != catalog::UpdateType::kCategory) {
            unknown.push_back(category.category_id);
            removed.push_back(category.index_of_and_group);
        } else {
            groups[category.index_of_and_group].push_back(category.category_id);
        }
    }
    for (const std::int32_t group : removed) {
        groups.erase(group);
    }
    wire::StartCategoryScanResponse response;
    auto& preferred = response.preferred_category_ids.ensure();
    for (const auto& [number, group] : groups) {
        const auto id = preferred_of(catalog, group);
        if (!id) {
            preferred.clear();
            break;
        }
        preferred.push_back(*id);
    }
    if (!unknown.empty()) {
        response.requested_category_ids_in_error = std::move(unknown);
    }
    return response;
}

}  // namespace

void add_handshake(const Context& context, soap::Service& authorization, soap::Service& client) {
    authorization.operation<auth::GetAuthorizationCookie, auth::GetAuthorizationCookieResponse>(
        "GetAuthorizationCookie",
        [&context](const auth::GetAuthorizationCookie& request, const Call& call) {
            return authorize(context, request, call);
        });
    client.operation<wire::GetConfig, wire::GetConfigResponse>(
        "GetConfig",
        [&context](const wire::GetConfig& request,
                   const Call& call) -> Answer<wire::GetConfigResponse> {
            if (!is_version(request.protocol_version.or_default())) {
                return refuse("InvalidParameters", "protocolVersion");
            }
            return wire::GetConfigResponse{config(context, call)};
        });
    client.operation<wire::GetCookie, wire::GetCookieResponse>(
        "GetCookie", [&context](const wire::GetCookie& request, const Call&) {
            return get_cookie(context, request);
        });
    client.operation<wire::RegisterComputer, wire::RegisterComputerResponse>(
        "RegisterComputer", [&context](const wire::RegisterComputer& request, const Call&) {
            return register_computer(context, request);
        });
    client.operation<wire::StartCategoryScan, wire::StartCategoryScanResponse>(
        "StartCategoryScan", [&context](const wire::StartCategoryScan& request, const Call&) {
            return start_category_scan(context, request);
        });
}

}  // namespace headwater::agents
