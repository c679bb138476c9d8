#include "agents/session.hpp"

namespace headwater::agents {
namespace {

protocol::client::DeploymentAction wire_action(policy::Action action) {
    using Wire = protocol::client::DeploymentAction;
    switch (action) {
        case policy::Action::kInstall:
            return Wire::kInstall;
        case policy::Action::kOptionalInstall:
            return Wire::kOptionalInstall;
        case policy::Action::kUninstall:
            return Wire::kUninstall;
        case policy::Action::kPreDeploymentCheck:
            return Wire::kPreDeploymentCheck;
        case policy::Action::kBlock:
            return Wire::kBlock;
        case policy::Action::kBundle:
            return Wire::kBundle;
        case policy::Action::kEvaluate:
            break;
    }
    return Wire::kEvaluate;
}

}  // namespace

soap::Fault fault_of(const Error& error) {
    return soap::make_fault(error.code == "store.full" ? "ServerBusy" : "InternalServerError");
}

std::unexpected<soap::Fault> refuse(std::string code, std::string message) {
    return std::unexpected(soap::make_fault(std::move(code), std::move(message)));
}

Answer<protocol::AgentCookie> open_cookie(const Context& context,
                                          const soap::Optional<protocol::Cookie>& cookie) {
    if (!cookie || !cookie->encrypted_data) {
        return refuse("InvalidCookie");
    }
    auto opened = context.sealer.open_agent(*cookie->encrypted_data, context.clock.now());
    if (opened) {
        return std::move(*opened);
    }
    switch (opened.error()) {
        case protocol::CookieFault::kServerChanged:
            return refuse("ServerChanged");
        case protocol::CookieFault::kCookieExpired:
            return refuse("CookieExpired");
        case protocol::CookieFault::kInvalidCookie:
            break;
    }
    return refuse("InvalidCookie");
}

Answer<Agent> identify(const Context& context, const soap::Optional<protocol::Cookie>& cookie) {
    auto opened = open_cookie(context, cookie);
    if (!opened) {
        return std::unexpected(opened.error());
    }
    if (opened->config != context.config_changed.time_since_epoch().count()) {
        return refuse("ConfigChanged");
    }
    auto computer = context.store.computer(opened->computer_id);
    if (!computer) {
        return std::unexpected(fault_of(computer.error()));
    }
    if (!*computer || !(*computer)->registered) {
        return refuse("RegistrationRequired");
    }
    Agent agent{std::move(*opened), std::move((*computer)->groups), (*computer)->last_scan};
    if (agent.groups.empty()) {
        agent.groups.push_back(policy::kUnassignedComputers);
    }
    return agent;
}

protocol::Cookie renew(const Context& context, const protocol::AgentCookie& cookie) {
    return {cookie.expires, context.sealer.seal(cookie)};
}

protocol::client::Deployment wire_deployment(const policy::Deployment& deployment) {
    protocol::client::Deployment wire;
    wire.id = static_cast<std::int32_t>(deployment.id);
    wire.action = wire_action(deployment.action);
    if (deployment.deadline) {
        wire.deadline = to_xml_time(*deployment.deadline);
    }
    wire.is_assigned = true;
    wire.last_change_time = to_date(deployment.last_change);
    wire.auto_select = std::string("0");
    wire.auto_download = std::string("0");
    wire.supersedence_behavior = std::string("0");
    return wire;
}

std::string content_url(const Context& context, const soap::Call& call, const Sha1& sha1,
                        std::string_view extension) {
    std::string_view host = call.host;
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
        host = host.substr(0, colon);
    }
    const std::string digits = to_hex_upper(sha1.bytes);
    std::string url = call.tls ? "https://" : "http://";
    url += host;
    url += ':';
    url += std::to_string(context.port(call.tls));
    url += "/Content/";
    url += digits.substr(digits.size() - 2);
    url += '/';
    url += digits;
    url += extension;
    return url;
}

}  // namespace headwater::agents
