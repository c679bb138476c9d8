#include "policy/options.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/utf.hpp"

namespace headwater::policy {
namespace {

namespace json = boost::json;

constexpr const char* kSyncOptions = "options.synchronization";
constexpr const char* kRules = "options.rules";
constexpr unsigned kMaxParallelRequests = 16;

json::object to_json(const Choice& choice) {
    json::array ids;
    for (const Guid& id : choice.ids) {
        ids.push_back(json::string(id.text()));
    }
    return {{"all", choice.all}, {"ids", std::move(ids)}};
}

std::vector<std::string> texts(const json::object& object, const char* name) {
    std::vector<std::string> values;
    if (const json::value* list = object.if_contains(name); list != nullptr && list->is_array()) {
        for (const json::value& item : list->get_array()) {
            if (item.is_string()) {
                values.emplace_back(item.get_string());
            }
        }
    }
    return values;
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

bool flag(const json::object& object, const char* name, bool otherwise) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
}

Choice choice(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_object()) {
        return {};
    }
    return {flag(value->get_object(), "all", false), guids(value->get_object(), "ids")};
}

std::string text(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string{};
}

Result<std::optional<json::value>> load(const store::Store& store, const char* name) {
    const auto stored = store.setting(name);
    if (!stored) {
        return std::unexpected(stored.error());
    }
    if (!*stored) {
        return std::optional<json::value>{};
    }
    boost::system::error_code error;
    json::value value = json::parse(**stored, error);
    if (error) {
        return fail("store.corrupt", std::string("The stored setting ") + name + " is not JSON.",
                    "Set the options again.", {error.message()});
    }
    return std::optional(std::move(value));
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
    const auto loaded = load(store, kSyncOptions);
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
    if (const json::value* parallel = object.if_contains("parallel_requests");
        parallel != nullptr && parallel->is_int64()) {
        options.parallel_requests = static_cast<unsigned>(
            std::clamp<std::int64_t>(parallel->get_int64(), 1, kMaxParallelRequests));
    }
    return options;
}

Result<> save_sync_options(store::Store& store, const SyncOptions& options) {
    if (!options.upstream.empty() && !is_http_url(options.upstream)) {
        return fail(
            "options.invalid", "'" + options.upstream + "' is no address of an upstream server.",
            "Give an http:// or https:// address with its port, as http://wsus.corp.example:8530.");
    }
    if (options.parallel_requests < 1 || options.parallel_requests > kMaxParallelRequests) {
        return fail("options.invalid", "The number of parallel requests has to be from 1 to 16.");
    }
    json::array languages;
    for (const std::string& language : options.languages) {
        languages.push_back(json::string(language));
    }
    const json::object object = {{"upstream", options.upstream},
                                 {"products", to_json(options.products)},
                                 {"classifications", to_json(options.classifications)},
                                 {"languages", std::move(languages)},
                                 {"parallel_requests", options.parallel_requests}};
    return store.put_setting(kSyncOptions, json::serialize(object));
}

Result<std::vector<ApprovalRule>> load_rules(const store::Store& store) {
    const auto loaded = load(store, kRules);
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
