#include "cli/output.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

namespace headwater::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kGap = "  ";
constexpr std::size_t kNarrowest = 8;  // a column is not cut below it

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

std::string padded(std::string text, std::size_t width) {
    const std::size_t taken = width_of(text);
    return taken < width ? std::move(text) + std::string(width - taken, ' ') : text;
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::add(std::vector<std::string> row) {
    for (std::string& value : row) {
        value = printable(value);
    }
    row.resize(columns_.size());
    rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(std::size_t available) const {
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        std::size_t width = width_of(columns_[column].head);
        for (const auto& row : rows_) {
            width = std::max(width, width_of(row[column]));
        }
        widths.push_back(width);
    }
    const std::size_t gaps = kGap.size() * (columns_.size() - 1);
    std::size_t total = std::accumulate(widths.begin(), widths.end(), gaps);
    while (total > available) {
        std::size_t* widest = nullptr;
        for (std::size_t column = 0; column < columns_.size(); ++column) {
            if (columns_[column].fit == Fit::kCut && widths[column] > kNarrowest &&
                (widest == nullptr || widths[column] > *widest)) {
                widest = &widths[column];
            }
        }
        if (widest == nullptr) {
            break;
        }
        --*widest;
        --total;
    }
    return widths;
}

void Table::print(Output& output) const {
    if (!output.is_terminal) {
        for (const auto& row : rows_) {
            for (std::size_t column = 0; column < row.size(); ++column) {
                output.out << (column == 0 ? "" : "\t") << row[column];
            }
            output.out << '\n';
        }
        return;
    }
    const std::vector<std::size_t> available = widths(output.width);
    const auto print_row = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t column = 0; column < row.size(); ++column) {
            line += column == 0 ? "" : kGap;
            line += padded(cut(row[column], available[column]), available[column]);
        }
        output.out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
    };
    std::vector<std::string> head;
    for (const Column& column : columns_) {
        head.push_back(column.head);
    }
    print_row(head);
    for (const auto& row : rows_) {
        print_row(row);
    }
}

std::string printable(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // U+0080 to U+009F are control characters too; in UTF-8 they are C2 80 to C2 9F.
        const bool is_c1 =
            byte == 0xc2U && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0U;
        if (byte < 0x20U || byte == 0x7fU || is_c1) {
            safe += ' ';
            i += is_c1 ? 1U : 0U;
        } else {
            safe += text[i];
        }
    }
    return safe;
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

std::string cut(std::string_view text, std::size_t width) {
    if (width_of(text) <= width) {
        return std::string(text);
    }
    std::string kept;
    std::size_t taken = 0;
    for (const char c : text) {
        if (!continues(c) && ++taken >= width) {
            break;
        }
        kept += c;
    }
    return width == 0 ? std::string{} : kept + "…";
}

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3) {
        digits.insert(at - 3, ",");
    }
    return digits;
}

std::string counted(std::uint64_t number, std::string_view noun) {
    return grouped(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array kUnits = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    // From 999.95 on, one digit after the point would read "1000.0".
    while (value >= 999.95 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value,
                  kUnits.at(unit));
    return text.data();
}

std::string reason_text(std::string_view reason) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTexts = {
        {{"late", "the upstream is still downloading"},
         {"not_on_upstream", "not on the upstream"},
         {"denied", "refused"},
         {"wrong_content", "wrong digest"},
         {"no_space", "no space"},
         {"network", "network"},
         {"upstream", "the upstream failed"},
         {"no_source", "no source"},
         {"folder", "content folder"}}};
    const auto known =
        std::ranges::find(kTexts, reason, [](const auto& pair) { return pair.first; });
    return std::string(known == kTexts.end() ? reason : known->second);
}

std::string seconds_text(const json::value& seconds) {
    json::error_code error;
    const auto value = seconds.to_number<double>(error);
    std::array<char, 400> text{};  // the largest double has 309 digits before the point
    if (!error) {
        std::snprintf(text.data(), text.size(), "%.1f", value);
    }
    return text.data();
}

std::string time_text(const json::value& time) {
    constexpr std::size_t kUpToMinutes = 16;
    if (!time.is_string() || time.get_string().size() < kUpToMinutes) {
        return "-";
    }
    std::string text(time.get_string().subview(0, kUpToMinutes));
    std::ranges::replace(text, 'T', ' ');
    return text;
}

void print_error(std::ostream& err, const Error& error) {
    err << "headwater: " << printable(error.sentence) << '\n';
    for (const std::string& cause : error.causes) {
        err << "  because: " << printable(cause) << '\n';
    }
    if (!error.remedy.empty()) {
        err << printable(error.remedy) << '\n';
    }
}

std::string field(const json::value& object, std::string_view name) {
    const json::value& value = at(object, name);
    if (value.is_null()) {
        return {};
    }
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::uint64_t number(const json::value& object, std::string_view name) {
    const json::value& value = at(object, name);
    json::error_code error;
    const auto number = value.to_number<std::uint64_t>(error);
    return error ? 0 : number;
}

bool flag(const json::value& object, std::string_view name) {
    const json::value& value = at(object, name);
    return value.is_bool() && value.get_bool();
}

const json::array& list(const json::value& object, std::string_view name) {
    static const json::array nothing;
    const json::value& value = at(object, name);
    return value.is_array() ? value.get_array() : nothing;
}

const json::value& at(const json::value& object, std::string_view name) {
    static const json::value nothing;
    const json::value* value = object.is_object() ? object.get_object().if_contains(name) : nullptr;
    return value == nullptr ? nothing : *value;
}

}  // namespace headwater::cli
