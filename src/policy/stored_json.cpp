#include "policy/stored_json.hpp"

#include <algorithm>

namespace headwater::policy {

namespace json = boost::json;

Result<std::optional<json::value>> load_json(const store::Store& store, const char* name) {
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

std::string text(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string{};
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

bool flag(const json::object& object, const char* name, bool otherwise) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
}

std::uint64_t number(const json::object& object, const char* name, std::uint64_t otherwise,
                     std::uint64_t least, std::uint64_t most) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !(value->is_int64() || value->is_uint64())) {
        return otherwise;
    }
    if (value->is_uint64()) {
        return std::clamp(value->get_uint64(), least, most);
    }
    const auto given = static_cast<std::uint64_t>(std::max<std::int64_t>(value->get_int64(), 0));
    return std::clamp(given, least, most);
}

}  // namespace headwater::policy
