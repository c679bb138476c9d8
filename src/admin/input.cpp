#include "admin/input.hpp"

#include <algorithm>
#include <charconv>

namespace headwater::admin {
namespace {

namespace json = boost::json;

/// A name from outside as sentences may show it.
std::string shown(std::string_view name) {
    constexpr std::size_t kMost = 64;
    return "'" + std::string(name.substr(0, kMost)) + (name.size() > kMost ? "…'" : "'");
}

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0');
    }
    const char lower = static_cast<char>(c | 0x20);
    if (lower >= 'a' && lower <= 'f') {
        return static_cast<unsigned>(lower - 'a') + 10;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            decoded += ' ';
        } else if (text[i] != '%') {
            decoded += text[i];
        } else {
            const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
            const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
            if (!high || !low) {
                return std::nullopt;
            }
            decoded += static_cast<char>(*high * 16 + *low);
            i += 2;
        }
    }
    return decoded;
}

Result<Query> Query::parse(std::string_view raw) {
    Query query;
    while (!raw.empty()) {
        const std::size_t end = std::min(raw.find('&'), raw.size());
        const std::string_view pair = raw.substr(0, end);
        raw.remove_prefix(std::min(end + 1, raw.size()));
        if (pair.empty()) {
            continue;
        }
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value || value->size() > kMaxTextBytes) {
            return fail("request.query",
                        "The parameter " + shown(pair.substr(0, equals)) + " cannot be read.",
                        "Escape it as a URL wants it, and keep it under 4096 bytes.");
        }
        const bool repeated = std::ranges::any_of(
            query.parameters_, [&](const auto& parameter) { return parameter.first == *name; });
        if (repeated) {
            return fail("request.query", "The parameter " + shown(*name) + " stands twice.");
        }
        query.parameters_.emplace_back(std::move(*name), std::move(*value));
    }
    return query;
}

Result<> Query::allow(std::initializer_list<std::string_view> names) const {
    for (const auto& [name, value] : parameters_) {
        if (std::ranges::find(names, name) == names.end()) {
            std::string known;
            for (const std::string_view other : names) {
                known += (known.empty() ? "" : ", ") + std::string(other);
            }
            return fail("request.query", "There is no parameter " + shown(name) + " here.",
                        known.empty() ? "There are none." : "There are: " + known + ".");
        }
    }
    return {};
}

std::optional<std::string_view> Query::text(std::string_view name) const {
    const auto at = std::ranges::find_if(
        parameters_, [name](const auto& parameter) { return parameter.first == name; });
    if (at == parameters_.end() || at->second.empty()) {
        return std::nullopt;
    }
    return at->second;
}

Result<std::uint64_t> Query::number(std::string_view name, std::uint64_t otherwise,
                                    std::uint64_t at_most) const {
    const auto value = text(name);
    if (!value) {
        return otherwise;
    }
    std::uint64_t number = 0;
    const char* end = value->data() + value->size();
    const auto [stopped, error] = std::from_chars(value->data(), end, number);
    if (error != std::errc{} || stopped != end || number > at_most) {
        return fail("request.query", "The parameter " + shown(name) +
                                         " has to be a number from 0 to " +
                                         std::to_string(at_most) + ".");
    }
    return number;
}

Result<Fields> Fields::parse(std::string_view body) {
    if (body.size() > kMaxBodyBytes) {
        return fail("request.too_large", "The body of the request has more than 1 MiB.",
                    "Send less in one request.");
    }
    if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return Fields(json::object{}, {});
    }
    json::parse_options options;
    options.max_depth = kMaxBodyDepth;
    json::error_code error;
    json::value value = json::parse(body, error, {}, options);
    if (error) {
        return fail("request.json", "The body of the request is not JSON, or nested too deep.",
                    "Send a JSON object of at most 16 levels.", {error.message()});
    }
    if (!value.is_object()) {
        return fail("request.json", "The body of the request is not a JSON object.",
                    "Send a JSON object, as {\"name\": \"value\"}.");
    }
    return Fields(std::move(value.get_object()), {});
}

Fields::Fields(json::object object, std::string where)
    : object_(std::move(object)), where_(std::move(where)) {}

bool Fields::is_null(std::string_view name) {
    const json::value* value = object_.if_contains(name);
    if (value == nullptr || !value->is_null()) {
        return false;
    }
    asked_.emplace(name);
    return true;
}

bool Fields::has(std::string_view name) const {
    return object_.contains(name);
}

std::string Fields::text(std::string_view name) {
    auto value = optional_text(name);
    if (!value) {
        wrong(name, "is missing");
        return {};
    }
    return std::move(*value);
}

std::optional<std::string> Fields::optional_text(std::string_view name) {
    const json::value* value = take(name);
    if (value == nullptr || value->is_null()) {
        return std::nullopt;
    }
    if (!value->is_string()) {
        wrong(name, "has to be a text");
        return std::string{};
    }
    if (value->get_string().size() > kMaxTextBytes) {
        wrong(name, "has more than 4096 bytes");
        return std::string{};
    }
    return std::string(value->get_string());
}

bool Fields::flag(std::string_view name, bool otherwise) {
    const json::value* value = take(name);
    if (value == nullptr) {
        return otherwise;
    }
    if (!value->is_bool()) {
        wrong(name, "has to be true or false");
        return otherwise;
    }
    return value->get_bool();
}

std::uint64_t Fields::number(std::string_view name, std::uint64_t otherwise,
                             std::uint64_t at_most) {
    const json::value* value = take(name);
    if (value == nullptr) {
        return otherwise;
    }
    json::error_code error;
    const auto number =
        value->is_double() ? std::uint64_t{0} : value->to_number<std::uint64_t>(error);
    if (!value->is_number() || value->is_double() || error || number > at_most) {
        wrong(name, "has to be a whole number from 0 to " + std::to_string(at_most));
        return otherwise;
    }
    return number;
}

std::vector<std::string> Fields::texts(std::string_view name) {
    std::vector<std::string> values;
    if (const json::array* list = take_list(name)) {
        for (const json::value& item : *list) {
            if (!item.is_string() || item.get_string().size() > kMaxTextBytes) {
                wrong(name, "has to be a list of texts, each of at most 4096 bytes");
                return {};
            }
            values.emplace_back(item.get_string());
        }
    }
    return values;
}

std::optional<Fields> Fields::object(std::string_view name) {
    const json::value* value = take(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_object()) {
        wrong(name, "has to be an object");
        return std::nullopt;
    }
    return Fields(value->get_object(),
                  where_.empty() ? std::string(name) : where_ + "." + std::string(name));
}

std::vector<Fields> Fields::objects(std::string_view name) {
    std::vector<Fields> values;
    if (const json::array* list = take_list(name)) {
        for (const json::value& item : *list) {
            if (!item.is_object()) {
                wrong(name, "has to be a list of objects");
                return {};
            }
            values.emplace_back(item.get_object(),
                                std::string(name) + "[" + std::to_string(values.size()) + "]");
        }
    }
    return values;
}

Result<> Fields::finish() const {
    // First what nobody asked for: a mistyped name is the reason why the right one is missing.
    for (const auto& field : object_) {
        if (!asked_.contains(std::string_view(field.key()))) {
            std::string known;
            for (const std::string& name : asked_) {
                known += (known.empty() ? "" : ", ") + name;
            }
            return fail("request.field",
                        "There is no field " + shown(field.key()) +
                            (where_.empty() ? " in this request." : " in " + where_ + "."),
                        known.empty() ? "It takes none." : "There are: " + known + ".");
        }
    }
    if (error_) {
        return std::unexpected(*error_);
    }
    return {};
}

const json::value* Fields::take(std::string_view name) {
    asked_.emplace(name);
    return object_.if_contains(name);
}

const json::array* Fields::take_list(std::string_view name) {
    const json::value* value = take(name);
    if (value == nullptr) {
        wrong(name, "is missing");
        return nullptr;
    }
    const json::array* list = value->if_array();
    if (list == nullptr) {
        wrong(name, "has to be a list");
    } else if (list->size() > kMaxItems) {
        wrong(name, "has more than " + std::to_string(kMaxItems) + " entries");
        return nullptr;
    }
    return list;
}

void Fields::wrong(std::string_view name, std::string_view problem) {
    if (!error_) {
        const std::string path =
            where_.empty() ? std::string(name) : where_ + "." + std::string(name);
        error_ = Error{"request.field", "The field '" + path + "' " + std::string(problem) + "."};
    }
}

}  // namespace headwater::admin
