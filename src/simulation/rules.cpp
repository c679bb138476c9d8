#include "simulation/rules.hpp"

#include <array>
#include <charconv>
#include <span>

namespace headwater::simulation {
namespace {

using Kind = Rule::Kind;

template <typename T>
struct Named {
    std::string_view name;
    T value;
};

constexpr std::array<Named<Kind>, 22> kKinds = {{
    {"True", Kind::kTrue},
    {"False", Kind::kFalse},
    {"And", Kind::kAnd},
    {"Or", Kind::kOr},
    {"Not", Kind::kNot},
    {"b.True", Kind::kTrue},
    {"b.False", Kind::kFalse},
    {"b.WindowsVersion", Kind::kWindowsVersion},
    {"b.Processor", Kind::kProcessor},
    {"b.WindowsLanguage", Kind::kWindowsLanguage},
    {"b.RegDword", Kind::kRegDword},
    {"b.RegSz", Kind::kRegSz},
    {"b.RegExpandSz", Kind::kRegSz},
    {"b.RegSzToVersion", Kind::kRegSzToVersion},
    {"b.RegKeyExists", Kind::kRegKeyExists},
    {"b.RegValueExists", Kind::kRegValueExists},
    {"b.FileExists", Kind::kFileExists},
    {"b.FileExistsPrependRegSz", Kind::kFileExists},
    {"b.FileVersion", Kind::kFileVersion},
    {"b.FileVersionPrependRegSz", Kind::kFileVersion},
    {"d.WindowsDriver", Kind::kDriver},
    {"d.WindowsDriverInstalled", Kind::kFalse},
}};

constexpr std::array<Named<Comparison>, 8> kComparisons = {{
    {"LessThan", Comparison::kLess},
    {"LessThanOrEqualTo", Comparison::kLessOrEqual},
    {"EqualTo", Comparison::kEqual},
    {"GreaterThanOrEqualTo", Comparison::kGreaterOrEqual},
    {"GreaterThan", Comparison::kGreater},
    {"BeginsWith", Comparison::kBeginsWith},
    {"Contains", Comparison::kContains},
    {"EndsWith", Comparison::kEndsWith},
}};

template <typename T>
std::optional<T> find(std::span<const Named<T>> table, std::string_view name) {
    for (const Named<T>& entry : table) {
        if (entry.name == name) {
            return entry.value;
        }
    }
    return std::nullopt;
}

/// The attributes of one element, and whether each that was asked for could be read.
class Attributes {
public:
    explicit Attributes(const pugi::xml_node& element) : element_(element) {}

    [[nodiscard]] bool good() const { return good_; }

    std::string text(const char* name) {
        const pugi::xml_attribute attribute = element_.attribute(name);
        good_ = good_ && attribute;
        return attribute.value();
    }

    std::optional<std::uint32_t> number_if_any(const char* name) {
        if (!element_.attribute(name)) {
            return std::nullopt;
        }
        const std::string_view digits = element_.attribute(name).value();
        std::uint32_t number = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), number);
        good_ = good_ && error == std::errc{} && end == digits.data() + digits.size();
        return number;
    }

    std::uint32_t number(const char* name) {
        const auto number = number_if_any(name);
        good_ = good_ && number;
        return number.value_or(0);
    }

    FileVersion version(const char* name) {
        const auto version = parse_version(element_.attribute(name).value());
        good_ = good_ && version;
        return version.value_or(FileVersion{});
    }

    Comparison comparison() {
        const pugi::xml_attribute attribute = element_.attribute("Comparison");
        const auto known = attribute ? find<Comparison>(kComparisons, attribute.value())
                                     : std::optional{Comparison::kEqual};
        good_ = good_ && known;
        return known.value_or(Comparison::kEqual);
    }

    /// Comparisons of parts of texts make no sense for numbers.
    Comparison ordering() {
        const Comparison found = comparison();
        good_ = good_ && found <= Comparison::kGreater;
        return found;
    }

    std::string registry_key() {
        const std::string hive = text("Key");
        return hive + '\\' + text("Subkey");
    }

    [[nodiscard]] bool has(const char* name) const { return element_.attribute(name); }

private:
    pugi::xml_node element_;
    bool good_ = true;
};

void read_windows_version(Attributes& from, Rule& rule) {
    rule.comparison = from.ordering();
    for (const char* const name :
         {"MajorVersion", "MinorVersion", "BuildNumber", "ServicePackMajor", "ServicePackMinor"}) {
        rule.numbers.push_back(from.number_if_any(name));
    }
    rule.product_type = from.number_if_any("ProductType");
    if (from.has("SuiteType")) {
        rule.kind = Kind::kUnknown;
    }
}

void read_registry(Attributes& from, Rule& rule) {
    rule.key = from.registry_key();
    switch (rule.kind) {
        case Kind::kRegDword:
            rule.value = from.text("Value");
            rule.comparison = from.ordering();
            rule.number = from.number("Data");
            break;
        case Kind::kRegSz:
            rule.value = from.text("Value");
            rule.comparison = from.comparison();
            rule.text = from.text("Data");
            break;
        case Kind::kRegSzToVersion:
            rule.value = from.text("Value");
            rule.comparison = from.ordering();
            rule.version = from.version("Data");
            break;
        case Kind::kRegValueExists:
            rule.value = from.text("Value");
            rule.text = from.has("Type") ? from.text("Type") : "";
            break;
        default:
            break;
    }
}

void read_file(Attributes& from, Rule& rule, bool below_value) {
    rule.path = from.text("Path");
    if (below_value) {
        rule.key = from.registry_key();
        rule.value = from.text("Value");
    } else if (const auto csidl = from.number_if_any("Csidl")) {
        const std::string_view folder = shell_folder(*csidl);
        if (folder.empty()) {
            rule.kind = Kind::kUnknown;
        }
        rule.path = std::string(folder) + '\\' + rule.path;
    }
    if (rule.kind == Kind::kFileVersion) {
        rule.comparison = from.ordering();
        rule.version = from.version("Version");
    }
}

void read_attributes(Attributes& from, Rule& rule, std::string_view name) {
    switch (rule.kind) {
        case Kind::kWindowsVersion:
            read_windows_version(from, rule);
            break;
        case Kind::kProcessor:
            rule.number = from.number("Architecture");
            break;
        case Kind::kWindowsLanguage:
            rule.text = from.text("Language");
            break;
        case Kind::kRegDword:
        case Kind::kRegSz:
        case Kind::kRegSzToVersion:
        case Kind::kRegKeyExists:
        case Kind::kRegValueExists:
            read_registry(from, rule);
            break;
        case Kind::kFileExists:
        case Kind::kFileVersion:
            read_file(from, rule, name.ends_with("PrependRegSz"));
            break;
        default:
            break;
    }
}

}  // namespace

Rule parse_rule(const pugi::xml_node& element) {
    Rule rule;
    rule.kind = find<Kind>(kKinds, element.name()).value_or(Kind::kUnknown);
    Attributes attributes(element);
    read_attributes(attributes, rule, element.name());
    if (!attributes.good()) {
        rule.kind = Kind::kUnknown;
    }
    if (rule.kind == Kind::kAnd || rule.kind == Kind::kOr || rule.kind == Kind::kNot) {
        for (const pugi::xml_node& child : element.children()) {
            if (child.type() == pugi::node_element) {
                rule.children.push_back(parse_rule(child));
            }
        }
        if (rule.children.empty() || (rule.kind == Kind::kNot && rule.children.size() != 1)) {
            rule.kind = Kind::kUnknown;
        }
    }
    return rule;
}

Rule parse_rules_in(const pugi::xml_node& element) {
    Rule all{.kind = Rule::Kind::kAnd};
    for (const pugi::xml_node& child : element.children()) {
        if (child.type() == pugi::node_element) {
            all.children.push_back(parse_rule(child));
        }
    }
    if (all.children.empty()) {
        return {};
    }
    if (all.children.size() == 1) {
        Rule only = std::move(all.children.front());
        return only;
    }
    return all;
}

}  // namespace headwater::simulation
