#include "cli/requests.hpp"

#include <algorithm>

#include "base/utf.hpp"
#include "cli/output.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_known(std::string_view name, std::span<const std::string> known) {
    return std::ranges::any_of(
        known, [name](const std::string& other) { return equal_ignoring_case(name, other); });
}

/// Where the next name ends: at the last comma before which the text is a known name, else at the
/// first.
std::size_t end_of_name(std::string_view text, std::span<const std::string> known) {
    for (std::size_t end = text.size(); end != std::string_view::npos && end > 0;
         end = text.rfind(',', end - 1)) {
        if (is_known(trimmed(text.substr(0, end)), known)) {
            return end;
        }
    }
    return std::min(text.find(','), text.size());
}

}  // namespace

std::vector<std::string> split_names(std::string_view text, std::span<const std::string> known) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::size_t end = end_of_name(text, known);
        if (const std::string_view name = trimmed(text.substr(0, end)); !name.empty()) {
            names.emplace_back(name);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return names;
}

json::object choice_of(std::string_view text, std::span<const std::string> known) {
    const std::string_view all = trimmed(text);
    if (equal_ignoring_case(all, "all")) {
        return {{"all", true}, {"ids", json::array{}}};
    }
    if (equal_ignoring_case(all, "none")) {
        return {{"all", false}, {"ids", json::array{}}};
    }
    return {{"all", false}, {"ids", json_texts(split_names(text, known))}};
}

json::array json_texts(std::span<const std::string> texts) {
    json::array list;
    for (const std::string& text : texts) {
        list.push_back(json::string(text));
    }
    return list;
}

std::vector<std::string> fields_of(const json::array& items, std::string_view name) {
    std::vector<std::string> values;
    for (const json::value& item : items) {
        values.push_back(field(item, name));
    }
    return values;
}

std::string joined(std::span<const std::string> texts) {
    std::string line;
    for (const std::string& text : texts) {
        line += (line.empty() ? "" : ", ") + text;
    }
    return line;
}

std::string joined(const json::array& texts) {
    std::string line;
    for (const json::value& text : texts) {
        line += line.empty() ? "" : ", ";
        line += text.is_string() ? std::string(text.get_string()) : json::serialize(text);
    }
    return line;
}

}  // namespace headwater::cli
