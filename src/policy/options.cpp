#include "policy/options.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/utf.hpp"
#include "policy/stored_json.hpp"

namespace headwater::policy {
namespace {

namespace json = boost::json;

constexpr const char* kSyncOptions = "options.synchronization";
constexpr const char* kMicrosoft = "microsoft";
constexpr const char* kRules = "options.rules";
constexpr unsigned kMaxParallelRequests = 16;
constexpr unsigned kMaxPort = 65535;
constexpr unsigned kMinutesOfADay = 24 * 60;
constexpr unsigned kMaxPerDay = 24;
constexpr unsigned kMaxRandomMinutes = 30;
constexpr unsigned kMaxHistoryDays = 3650;
constexpr std::size_t kMaxHost = 255;
constexpr std::size_t kMaxLogin = 256;
constexpr std::size_t kMaxBypass = 1000;

json::object to_json(const Choice& choice) {
    json::array ids;
    for (const Guid& id : choice.ids) {
        ids.push_back(json::string(id.text()));
    }
    return {{"all", choice.all}, {"ids", std::move(ids)}};
}

std::vector<Guid> guids(const json::object& object, const char* name) {
    std::vector<Guid> values;
    for (const std::string& text : texts(object, name)) {
        if (const auto guid = Guid::parse(text)) {
            values.push_back(*guid);
        }
    }
    return values;
}

Choice choice(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_object()) {
        return {};
    }
    return {flag(value->get_object(), "all", false), guids(value->get_object(), "ids")};
}

unsigned number(const json::object& object, const char* name, unsigned otherwise, unsigned least,
                unsigned most) {
    return static_cast<unsigned>(policy::number(object, name, std::uint64_t{otherwise},
                                                std::uint64_t{least}, std::uint64_t{most}));
}

json::object to_json(const Endpoint& endpoint) {
    return {{"server", endpoint.host}, {"port", endpoint.port}};
}

Endpoint endpoint(const json::object& object, const Endpoint& otherwise) {
    return {text(object, "server"),
            static_cast<std::uint16_t>(number(object, "port", otherwise.port, 1, kMaxPort))};
}

json::array to_json(const std::vector<std::string>& list) {
    json::array values;
    for (const std::string& item : list) {
        values.push_back(json::string(item));
    }
    return values;
}

json::object to_json(const ProxyOptions& proxy) {
    json::object object = to_json(proxy.server);
    object["enabled"] = proxy.enabled;
    object["user"] = proxy.user;
    object["domain"] = proxy.domain;
    object["sealed_password"] = proxy.sealed_password;
    object["allow_basic"] = proxy.allow_basic;
    object["tls"] = proxy.tls ? json::value(to_json(*proxy.tls)) : json::value(nullptr);
    object["bypass"] = to_json(proxy.bypass);
    return object;
}

ProxyOptions proxy(const json::object& options) {
    ProxyOptions proxy;
    const json::value* value = options.if_contains("proxy");
    if (value == nullptr || !value->is_object()) {
        return proxy;
    }
    const json::object& object = value->get_object();
    proxy.enabled = flag(object, "enabled", false);
    proxy.server = endpoint(object, proxy.server);
    proxy.user = text(object, "user");
    proxy.domain = text(object, "domain");
    proxy.sealed_password = text(object, "sealed_password");
    proxy.allow_basic = flag(object, "allow_basic", false);
    if (const json::value* tls = object.if_contains("tls"); tls != nullptr && tls->is_object()) {
        proxy.tls = endpoint(tls->get_object(), proxy.server);
    }
    proxy.bypass = texts(object, "bypass");
    return proxy;
}

json::object to_json(const ScheduleOptions& schedule) {
    return {{"automatic", schedule.automatic},
            {"first_minute", schedule.first_minute},
            {"per_day", schedule.per_day},
            {"random_minutes", schedule.random_minutes}};
}

ScheduleOptions schedule(const json::object& options) {
    ScheduleOptions schedule;
    const json::value* value = options.if_contains("schedule");
    if (value == nullptr || !value->is_object()) {
        return schedule;
    }
    const json::object& object = value->get_object();
    schedule.automatic = flag(object, "automatic", false);
    schedule.first_minute =
        number(object, "first_minute", schedule.first_minute, 0, kMinutesOfADay - 1);
    schedule.per_day = number(object, "per_day", schedule.per_day, 1, kMaxPerDay);
    schedule.random_minutes =
        number(object, "random_minutes", schedule.random_minutes, 0, kMaxRandomMinutes);
    return schedule;
}

std::unexpected<Error> invalid(std::string sentence, std::string remedy = {}) {
    return fail("options.invalid", std::move(sentence), std::move(remedy));
}

/// A name or an address, without anything of a URL around it.
bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= kMaxHost && std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_' || c == ':';
    });
}

bool is_printable(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

Result<> check(const Endpoint& endpoint) {
    if (!is_host(endpoint.host)) {
        return invalid("'" + endpoint.host + "' is no name of a proxy.",
                       "Give its name or address alone, as proxy.corp.example; the port goes "
                       "beside it.");
    }
    if (endpoint.port == 0) {
        return invalid("The proxy's port has to be from 1 to 65535.");
    }
    return {};
}

Result<> check(const ProxyOptions& proxy) {
    if (proxy.enabled || !proxy.server.host.empty()) {
        if (auto sound = check(proxy.server); !sound) {
            return sound;
        }
    }
    if (proxy.tls) {
        if (auto sound = check(*proxy.tls); !sound) {
            return sound;
        }
    }
    // A colon ends the user's name in Basic authentication.
    if (proxy.user.size() > kMaxLogin || proxy.domain.size() > kMaxLogin ||
        !is_printable(proxy.user) || !is_printable(proxy.domain) ||
        proxy.user.find(':') != std::string::npos || proxy.domain.find(':') != std::string::npos) {
        return invalid("The proxy's user or domain is too long, or has a character that none has.");
    }
    if (proxy.bypass.size() > kMaxBypass ||
        !std::ranges::all_of(proxy.bypass, [](const std::string& pattern) {
            return !pattern.empty() && pattern.size() <= kMaxHost && is_printable(pattern) &&
                   pattern.find_first_of(" /\\@") == std::string::npos;
        })) {
        return invalid("An address that bypasses the proxy is no name or pattern.",
                       "Give names, addresses or patterns as *.corp.example, 10.* or <local>.");
    }
    return {};
}

Result<> check(const SyncOptions& options) {
    const ScheduleOptions& schedule = options.schedule;
    if (options.parallel_requests < 1 || options.parallel_requests > kMaxParallelRequests) {
        return invalid("The number of parallel requests has to be from 1 to 16.");
    }
    if (schedule.first_minute >= kMinutesOfADay || schedule.per_day < 1 ||
        schedule.per_day > kMaxPerDay || schedule.random_minutes > kMaxRandomMinutes) {
        return invalid(
            "The schedule has to begin at a time of the day, with 1 to 24 synchronizations a day "
            "and a random offset of 0 to 30 minutes.");
    }
    if (options.history_days < 1 || options.history_days > kMaxHistoryDays) {
        return invalid("The history has to be kept from 1 to 3650 days.");
    }
    return check(options.proxy);
}

bool is_http_url(std::string_view url) {
    const std::string lower = to_lower_ascii(url);
    const std::size_t scheme = lower.starts_with("http://")    ? 7
                               : lower.starts_with("https://") ? 8
                                                               : std::string::npos;
    if (scheme == std::string::npos || lower.size() == scheme || lower.size() > 2048) {
        return false;
    }
    return std::ranges::all_of(lower.substr(scheme),
                               [](char c) {
                                   return c > ' ' && c < 127 && c != '"' && c != '<' && c != '>' &&
                                          c != '\\' && c != '@';
                               }) &&
           lower[scheme] != '/' && lower[scheme] != ':';
}

}  // namespace

Result<SyncOptions> load_sync_options(const store::Store& store) {
    const auto loaded = load_json(store, kSyncOptions);
    if (!loaded) {
        return std::unexpected(loaded.error());
    }
    SyncOptions options;
    if (!*loaded || !(*loaded)->is_object()) {
        return options;
    }
    const json::object& object = (*loaded)->get_object();
    options.upstream = text(object, "upstream");
    options.products = choice(object, "products");
    options.classifications = choice(object, "classifications");
    options.languages = texts(object, "languages");
    options.parallel_requests =
        number(object, "parallel_requests", options.parallel_requests, 1, kMaxParallelRequests);
    options.source = text(object, "source") == kMicrosoft ? Source::kMicrosoft : Source::kServer;
    options.content_from = text(object, "content_from") == kMicrosoft ? ContentSource::kMicrosoft
                                                                      : ContentSource::kUpstream;
    options.proxy = proxy(object);
    options.schedule = schedule(object);
    options.history_days = number(object, "history_days", options.history_days, 1, kMaxHistoryDays);
    return options;
}

Result<> save_sync_options(store::Store& store, const SyncOptions& options) {
    if (!options.upstream.empty() && !is_http_url(options.upstream)) {
        return fail(
            "options.invalid", "'" + options.upstream + "' is no address of an upstream server.",
            "Give an http:// or https:// address with its port, as http://wsus.corp.example:8530.");
    }
    if (auto sound = check(options); !sound) {
        return sound;
    }
    const json::object object = {
        {"source", options.source == Source::kMicrosoft ? kMicrosoft : "server"},
        {"upstream", options.upstream},
        {"content_from",
         options.content_from == ContentSource::kMicrosoft ? kMicrosoft : "upstream"},
        {"proxy", to_json(options.proxy)},
        {"schedule", to_json(options.schedule)},
        {"history_days", options.history_days},
        {"products", to_json(options.products)},
        {"classifications", to_json(options.classifications)},
        {"languages", to_json(options.languages)},
        {"parallel_requests", options.parallel_requests}};
    return store.put_setting(kSyncOptions, json::serialize(object));
}

Result<std::vector<ApprovalRule>> load_rules(const store::Store& store) {
    const auto loaded = load_json(store, kRules);
    if (!loaded) {
        return std::unexpected(loaded.error());
    }
    std::vector<ApprovalRule> rules;
    if (!*loaded || !(*loaded)->is_array()) {
        return rules;
    }
    for (const json::value& item : (*loaded)->get_array()) {
        if (!item.is_object()) {
            continue;
        }
        const json::object& object = item.get_object();
        rules.push_back({text(object, "name"), flag(object, "enabled", true),
                         choice(object, "classifications"), choice(object, "products"),
                         guids(object, "groups")});
    }
    return rules;
}

Result<> save_rules(store::Store& store, const std::vector<ApprovalRule>& rules) {
    json::array list;
    for (const ApprovalRule& rule : rules) {
        if (rule.name.empty()) {
            return fail("options.invalid", "A rule needs a name.");
        }
        list.push_back(json::object{{"name", rule.name},
                                    {"enabled", rule.enabled},
                                    {"classifications", to_json(rule.classifications)},
                                    {"products", to_json(rule.products)},
                                    {"groups", to_json({false, rule.groups}).at("ids")}});
    }
    return store.put_setting(kRules, json::serialize(list));
}

}  // namespace headwater::policy
