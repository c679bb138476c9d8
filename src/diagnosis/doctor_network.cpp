#include <algorithm>
#include <array>
#include <future>
#include <map>
#include <span>

#include "diagnosis/doctor_checks.hpp"
#include "net/lookup.hpp"
#include "upstream/proxies.hpp"

namespace headwater::diagnosis {
namespace {

using Milliseconds = std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;
using ProxyPointer = std::shared_ptr<const net::Proxy>;

constexpr const char* kServerSync = "/ServerSyncWebService/ServerSyncWebService.asmx";
constexpr const char* kMicrosoftFiles = "http://download.windowsupdate.com/";
constexpr std::size_t kMaxAddresses = 4;
constexpr std::size_t kMaxHosts = 16;
constexpr std::size_t kFilesToLookAt = 200;
constexpr std::uint64_t kMaxBody = std::uint64_t{4} << 20U;
constexpr std::chrono::minutes kClockWarning{5};
constexpr std::chrono::hours kClockError{1};
constexpr std::chrono::days kExpiryWarning{30};

/// What whoever runs the firewall has to let through for Microsoft's own servers.
constexpr std::array<std::string_view, 10> kMicrosoftDomains = {
    "*.windowsupdate.microsoft.com", "*.update.microsoft.com",
    "*.windowsupdate.com",           "download.windowsupdate.com",
    "download.microsoft.com",        "*.download.windowsupdate.com",
    "*.delivery.mp.microsoft.com",   "wustat.windows.com",
    "ntservicepack.microsoft.com",   "go.microsoft.com"};

std::string without_slash(std::string url) {
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

std::string service_of(const policy::SyncOptions& options) {
    return without_slash(options.address()) + kServerSync;
}

std::string place_of(const net::Address& address) {
    const bool is_v6 = address.host.find(':') != std::string::npos;
    return (is_v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

std::string place_of(const net::Proxy& proxy) {
    return proxy.host + ":" + std::to_string(proxy.port);
}

net::ClientRequest request_for(const CheckContext& context, std::string url, ProxyPointer proxy) {
    net::ClientRequest request;
    request.url = std::move(url);
    request.proxy = std::move(proxy);
    request.connect_timeout = context.sources.patience;
    request.total_timeout = context.sources.patience;
    request.max_body_bytes = kMaxBody;
    request.cancel = context.cancel;
    return request;
}

struct Answer {
    net::ClientResponse response;
    Milliseconds time{0};
};

/// Asks an address on the way that a synchronization would take; any status is an answer.
Result<Answer> ask(const CheckContext& context, const std::string& url) {
    auto proxy = upstream::proxy_for(context.options.proxy, url, context.sources.secrets);
    if (!proxy) {
        return std::unexpected(proxy.error());
    }
    const auto start = SteadyClock::now();
    auto response = context.sources.client.fetch(request_for(context, url, std::move(*proxy)));
    if (!response) {
        return std::unexpected(response.error());
    }
    return Answer{std::move(*response),
                  std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - start)};
}

CheckResult no_upstream() {
    return {CheckState::kSkipped, "No upstream is set."};
}

bool is_about_the_proxy(const Error& error) {
    return error.code.starts_with("net.proxy") || error.code.starts_with("secret.");
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) {
        all += (all.empty() ? "" : ", ") + text;
    }
    return all;
}

/// Each address, tried on a port. Returns the last error where none answers.
struct Connections {
    std::vector<std::string> lines;
    std::size_t made = 0;
    std::size_t tried = 0;
    Error error;
};

Connections connect_to_each(const CheckContext& context, std::span<const std::string> addresses,
                            std::uint16_t port) {
    Connections connections;
    for (const std::string& address : addresses.first(std::min(addresses.size(), kMaxAddresses))) {
        ++connections.tried;
        const auto time = net::connect_to(address, port, context.sources.patience);
        if (time) {
            ++connections.made;
            connections.lines.push_back("connected to " + address + " port " +
                                        std::to_string(port) + " in " + milliseconds_text(*time));
        } else {
            connections.error = time.error();
            connections.lines.push_back(time.error().sentence);
        }
    }
    return connections;
}

// ── Ports and domains ────────────────────────────────────────────────────────────────────────────

/// What this configuration has to reach: a URL for each host and port, and what it is for.
std::map<std::string, std::pair<std::string, std::string>> needs_of(const CheckContext& context) {
    std::map<std::string, std::pair<std::string, std::string>> needs;
    const auto need = [&](const std::string& url, const std::string& what) {
        const net::Address address = net::address_of(url);
        if (!address.host.empty() && needs.size() < kMaxHosts) {
            needs.try_emplace(place_of(address), url, what);
        }
    };
    const policy::SyncOptions& options = context.options;
    need(service_of(options), "catalog");
    const bool from_microsoft = options.source == policy::Source::kMicrosoft ||
                                options.content_from == policy::ContentSource::kMicrosoft;
    if (from_microsoft) {
        need(kMicrosoftFiles, "files");
        const auto waiting =
            context.sources.store.files_in_state(store::FileState::kWaiting, kFilesToLookAt);
        for (const store::FileRecord& file : waiting.value_or(std::vector<store::FileRecord>{})) {
            const net::Address address = net::address_of(file.mu_url);
            need((address.tls ? "https://" : "http://") + place_of(address) + "/", "files");
        }
    }
    return needs;
}

void add_firewall_list(const CheckContext& context, std::vector<std::string>& evidence) {
    const policy::SyncOptions& options = context.options;
    if (options.source == policy::Source::kServer) {
        const net::Address upstream = net::address_of(options.upstream);
        evidence.push_back("firewall: let out TCP " + std::to_string(upstream.port) + " to " +
                           upstream.host);
    }
    if (options.source == policy::Source::kMicrosoft ||
        options.content_from == policy::ContentSource::kMicrosoft) {
        for (const std::string_view domain : kMicrosoftDomains) {
            evidence.push_back("firewall: let out TCP 80 and 443 to " + std::string(domain));
        }
    }
    if (options.proxy.enabled) {
        evidence.push_back("firewall: this machine needs TCP " +
                           std::to_string(options.proxy.server.port) + " to the proxy " +
                           options.proxy.server.host + "; what stands above is for the proxy");
    }
}

// ── The name ─────────────────────────────────────────────────────────────────────────────────────

std::string line_of(const net::Lookup& lookup) {
    std::string line = lookup.way + ": ";
    line += lookup.error.empty() ? joined(lookup.addresses) : lookup.error;
    if (!lookup.canonical.empty()) {
        line += ", full name " + lookup.canonical;
    }
    return line + ", after " + milliseconds_text(lookup.time);
}

bool is_numeric(const std::string& host) {
    return host.find(':') != std::string::npos ||
           host.find_first_not_of("0123456789.") == std::string::npos;
}

/// What to write instead of a name that this machine does not find.
std::string instead_of(const std::string& host, const std::vector<net::Lookup>& lookups) {
    for (const net::Lookup& lookup : lookups) {
        if (!lookup.addresses.empty()) {
            return lookup.way + " knows it: use the address " + lookup.addresses.front() +
                   ", or look at the line `hosts` of /etc/nsswitch.conf.";
        }
    }
    if (host.find('.') == std::string::npos) {
        return "Use the full name, as " + host +
               ".corp.example, or the address; a short name depends on the line `search` of "
               "/etc/resolv.conf.";
    }
    return "Look for a mistake in the name, and at the name servers in /etc/resolv.conf; the "
           "address works too.";
}

CheckResult check_direct_name(const CheckContext& context, const net::Address& upstream) {
    std::vector<std::string> evidence;
    std::vector<std::string> addresses = {upstream.host};
    std::string full_name;
    if (!is_numeric(upstream.host)) {
        const auto lookups = net::look_up(upstream.host);
        for (const net::Lookup& lookup : lookups) {
            evidence.push_back(line_of(lookup));
        }
        const net::Lookup& system = lookups.front();
        if (system.addresses.empty()) {
            return {CheckState::kError,
                    "The name " + upstream.host + " does not resolve on this machine.",
                    std::move(evidence), instead_of(upstream.host, lookups)};
        }
        addresses = system.addresses;
        full_name = system.canonical;
    }
    if (const auto echo = net::ping(addresses.front(), std::chrono::seconds(2))) {
        evidence.push_back("ping " + addresses.front() + ": " + milliseconds_text(*echo));
    } else {
        evidence.push_back("ping: " + echo.error().sentence);
    }
    Connections connections = connect_to_each(context, addresses, upstream.port);
    evidence.insert(evidence.end(), connections.lines.begin(), connections.lines.end());
    if (connections.made == 0) {
        return {CheckState::kError, connections.error.sentence, std::move(evidence),
                connections.error.remedy};
    }
    if (connections.made < connections.tried) {
        return {CheckState::kWarning,
                "Some of the addresses of " + upstream.host + " do not answer.",
                std::move(evidence),
                "Take the addresses that do not answer out of the name service, or use one that "
                "does as the upstream's name."};
    }
    const bool is_short =
        !is_numeric(upstream.host) && upstream.host.find('.') == std::string::npos;
    if (is_short && upstream.host != "localhost") {
        return {upstream.tls ? CheckState::kWarning : CheckState::kOk,
                "The short name " + upstream.host + " leads to the upstream.", std::move(evidence),
                "The full name" + (full_name.empty() ? "" : " (" + full_name + ")") +
                    " is safer: it does not depend on a search list, and certificates hold it."};
    }
    return {CheckState::kOk, upstream.host + " leads to the upstream.", std::move(evidence)};
}

// ── TLS ──────────────────────────────────────────────────────────────────────────────────────────

std::string line_of(const net::Certificate& certificate) {
    return certificate.subject +
           (certificate.names.empty() ? "" : "; names " + joined(certificate.names)) +
           "; issued by " + certificate.issuer + "; valid from " + to_date(certificate.from) +
           " to " + to_date(certificate.until);
}

}  // namespace

CheckResult check_proxy(const CheckContext& context) {
    const policy::ProxyOptions& options = context.options.proxy;
    if (!options.enabled) {
        return {CheckState::kSkipped, "No proxy is set: this server connects directly."};
    }
    const std::string target =
        context.options.address().empty() ? kMicrosoftFiles : service_of(context.options);
    const auto proxy = upstream::proxy_for(options, target, context.sources.secrets);
    if (!proxy) {
        return failed(proxy.error());
    }
    if (!*proxy) {
        return {CheckState::kSkipped,
                "The upstream is on the list of what is reached without the proxy."};
    }
    std::vector<std::string> evidence;
    const std::string where = place_of(**proxy);
    if (!is_numeric((*proxy)->host)) {
        const net::Lookup system = net::look_up((*proxy)->host).front();
        evidence.push_back((*proxy)->host + " by " + line_of(system));
        if (!system.addresses.empty()) {
            const auto lines = connect_to_each(context, system.addresses, (*proxy)->port).lines;
            evidence.insert(evidence.end(), lines.begin(), lines.end());
        }
    }
    evidence.push_back(
        (*proxy)->user.empty()
            ? std::string("no user is set")
            : "user " + (*proxy)->user +
                  ((*proxy)->password.empty() ? ", without a password" : ", with a password"));
    const auto answer = ask(context, target);
    if (!answer && is_about_the_proxy(answer.error())) {
        return failed(answer.error(), std::move(evidence));
    }
    const bool is_tunnel = net::address_of(target).tls;
    evidence.push_back(answer ? "asked through it for " + target + ": HTTP " +
                                    std::to_string(answer->response.status) + " after " +
                                    milliseconds_text(answer->time)
                              : "behind the proxy: " + answer.error().sentence);
    evidence.emplace_back(is_tunnel ? "it lets through with CONNECT"
                                    : "CONNECT is not needed: the upstream is without TLS");
    if (options.allow_basic && !(*proxy)->user.empty()) {
        return {CheckState::kWarning,
                "The proxy " + where +
                    " works; basic authentication is allowed, which sends the password in "
                    "cleartext.",
                std::move(evidence),
                "If the proxy knows Digest, NTLM or Negotiate, switch it off with `headwater sync "
                "proxy --no-allow-basic`."};
    }
    return {CheckState::kOk, "The proxy " + where + " lets this server through.",
            std::move(evidence)};
}

CheckResult check_ports(const CheckContext& context) {
    if (context.options.address().empty()) {
        return no_upstream();
    }
    const auto needs = needs_of(context);
    std::vector<std::pair<std::string, std::future<Result<Answer>>>> questions;
    for (const auto& [place, need] : needs) {
        questions.emplace_back(place + " (" + need.second + ")",
                               std::async(std::launch::async, [&context, url = need.first] {
                                   return ask(context, url);
                               }));
    }
    std::vector<std::string> evidence;
    std::vector<std::string> unreachable;
    std::string remedy;
    for (auto& [place, question] : questions) {
        const auto answer = question.get();
        if (answer) {
            evidence.push_back(place + " answered after " + milliseconds_text(answer->time));
        } else {
            evidence.push_back(place + ": " + answer.error().sentence);
            unreachable.push_back(place);
            remedy = answer.error().remedy;
        }
    }
    add_firewall_list(context, evidence);
    if (!unreachable.empty()) {
        return {CheckState::kError, "Not reachable: " + joined(unreachable) + ".",
                std::move(evidence),
                remedy + (remedy.empty() ? "" : " ") +
                    "Give the list above to whoever runs the firewall."};
    }
    return {CheckState::kOk, "Every host and port that this configuration needs answers.",
            std::move(evidence)};
}

CheckResult check_upstream_name(const CheckContext& context) {
    const net::Address upstream = net::address_of(context.options.address());
    if (upstream.host.empty()) {
        return no_upstream();
    }
    const auto proxy = upstream::proxy_for(context.options.proxy, context.options.address(),
                                           context.sources.secrets);
    if (!proxy) {
        return failed(proxy.error());
    }
    if (!*proxy) {
        return check_direct_name(context, upstream);
    }
    // Behind a proxy it is the proxy that has to know the name.
    std::vector<std::string> evidence;
    for (const net::Lookup& lookup : net::look_up(upstream.host)) {
        evidence.push_back(line_of(lookup));
    }
    const auto answer = ask(context, service_of(context.options));
    if (!answer && !is_about_the_proxy(answer.error())) {
        return failed(answer.error(), std::move(evidence));
    }
    if (!answer) {
        return {CheckState::kSkipped, "The proxy fails before the name matters.",
                std::move(evidence)};
    }
    return {CheckState::kOk, "The proxy finds " + upstream.host + ".", std::move(evidence)};
}

CheckResult check_clock(const CheckContext& context) {
    if (context.options.address().empty()) {
        return no_upstream();
    }
    const Time before = context.sources.clock.now();
    const auto answer = ask(context, service_of(context.options));
    if (!answer) {
        return failed(answer.error());
    }
    const auto date = answer->response.headers.get("Date");
    const auto theirs = date ? from_http_date(*date) : std::nullopt;
    if (!theirs) {
        return {CheckState::kSkipped, "The upstream does not tell its time."};
    }
    const Time ours = before + (context.sources.clock.now() - before) / 2;
    const auto apart =
        std::chrono::floor<std::chrono::seconds>(ours > *theirs ? ours - *theirs : *theirs - ours);
    std::vector<std::string> evidence = {
        "here " + to_xml_time(std::chrono::floor<std::chrono::seconds>(ours)),
        "there " + to_xml_time(*theirs)};
    const CheckState state = apart > kClockError     ? CheckState::kError
                             : apart > kClockWarning ? CheckState::kWarning
                                                     : CheckState::kOk;
    const std::string text = std::to_string(apart.count()) + " s";
    if (state != CheckState::kOk) {
        return {state, "The clocks of this server and its upstream are " + text + " apart.",
                std::move(evidence),
                "Set both by a time server (systemd-timesyncd, chrony): cookies and anchors hold "
                "times."};
    }
    return {state, "The clocks are " + text + " apart.", std::move(evidence)};
}

CheckResult check_tls(const CheckContext& context) {
    const net::Address upstream = net::address_of(context.options.address());
    if (upstream.host.empty()) {
        return no_upstream();
    }
    if (!upstream.tls) {
        return {CheckState::kSkipped,
                "The upstream is reached without TLS: whoever is on the way can read and change "
                "the catalog.",
                {},
                "If it has a certificate, use its https address (port 8531 on a WSUS)."};
    }
    const std::string url = service_of(context.options);
    const auto proxy = upstream::proxy_for(context.options.proxy, url, context.sources.secrets);
    if (!proxy) {
        return failed(proxy.error());
    }
    const auto chain = context.sources.client.certificates(request_for(context, url, *proxy));
    if (!chain) {
        return failed(chain.error());
    }
    std::vector<std::string> evidence;
    for (const net::Certificate& certificate : *chain) {
        evidence.push_back(line_of(certificate));
    }
    const auto answer = ask(context, url);
    if (!answer) {
        CheckResult result = failed(answer.error(), std::move(evidence));
        if (answer.error().code == "net.tls_name" && !chain->empty() &&
            !chain->front().names.empty()) {
            result.remedy = "Set the upstream by a name that its certificate holds: " +
                            joined(chain->front().names) + "; or give it a certificate for " +
                            upstream.host + ".";
        }
        return result;
    }
    const auto soonest = std::ranges::min_element(*chain, {}, &net::Certificate::until);
    if (soonest != chain->end() && soonest->until - context.sources.clock.now() < kExpiryWarning) {
        return {CheckState::kWarning,
                "A certificate of the upstream expires on " + to_date(soonest->until) + ".",
                std::move(evidence), "Renew it: after that day nothing is synchronized."};
    }
    return {CheckState::kOk, "The certificate of the upstream is trusted, and names it.",
            std::move(evidence)};
}

}  // namespace headwater::diagnosis
