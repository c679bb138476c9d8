#include "catalog/sample_rules.hpp"

#include "base/xml.hpp"

namespace headwater::catalog::sample::rules {
namespace {

struct Attribute {
    std::string_view name;
    std::string_view value;
};

std::string base_rule(std::string_view name, std::initializer_list<Attribute> attributes) {
    std::string rule = "<bar:";
    rule += name;
    for (const Attribute& attribute : attributes) {
        rule += ' ';
        rule += attribute.name;
        rule += "=\"";
        xml::append_attribute(rule, attribute.value);
        rule += '"';
    }
    return rule += " />";
}

std::string wrap(std::string_view name, std::string_view inner) {
    std::string rule = "<lar:";
    rule += name;
    rule += '>';
    rule += inner;
    rule += "</lar:";
    rule += name;
    return rule += '>';
}

std::string windows_from(std::uint32_t build) {
    return base_rule("WindowsVersion", {{"Comparison", "GreaterThanOrEqualTo"},
                                        {"MajorVersion", "10"},
                                        {"MinorVersion", "0"},
                                        {"BuildNumber", std::to_string(build)}});
}

std::string windows_from(std::uint32_t build, std::uint32_t product_type) {
    return base_rule("WindowsVersion", {{"Comparison", "GreaterThanOrEqualTo"},
                                        {"MajorVersion", "10"},
                                        {"MinorVersion", "0"},
                                        {"BuildNumber", std::to_string(build)},
                                        {"ProductType", std::to_string(product_type)}});
}

constexpr std::string_view kMachine = "HKEY_LOCAL_MACHINE";

}  // namespace

std::string always() {
    return "<lar:True />";
}

std::string negate(std::string_view rule) {
    return wrap("Not", rule);
}

std::string all_of(std::initializer_list<std::string_view> parts) {
    std::string joined;
    std::size_t count = 0;
    for (const std::string_view part : parts) {
        joined += part;
        count += part.empty() ? 0U : 1U;
    }
    return count > 1 ? wrap("And", joined) : joined;
}

std::string any_of(std::string_view parts) {
    return wrap("Or", parts);
}

std::string windows(std::uint32_t from_build, std::uint32_t before_build,
                    std::uint32_t product_type) {
    const std::string from =
        product_type == 0 ? windows_from(from_build) : windows_from(from_build, product_type);
    return before_build == 0 ? from : all_of({from, negate(windows_from(before_build))});
}

std::string processor(std::uint32_t architecture) {
    return base_rule("Processor", {{"Architecture", std::to_string(architecture)}});
}

std::string windows_language(std::string_view language) {
    return base_rule("WindowsLanguage", {{"Language", language}});
}

std::string dword(std::string_view subkey, std::string_view value, std::string_view comparison,
                  std::uint32_t data) {
    return base_rule("RegDword", {{"Key", kMachine},
                                  {"Subkey", subkey},
                                  {"Value", value},
                                  {"Comparison", comparison},
                                  {"Data", std::to_string(data)}});
}

std::string text_value(std::string_view subkey, std::string_view value, std::string_view data) {
    return base_rule("RegSz", {{"Key", kMachine},
                               {"Subkey", subkey},
                               {"Value", value},
                               {"Comparison", "EqualTo"},
                               {"Data", data}});
}

std::string key_exists(std::string_view subkey) {
    return base_rule("RegKeyExists", {{"Key", kMachine}, {"Subkey", subkey}});
}

std::string value_exists(std::string_view subkey, std::string_view value) {
    return base_rule(
        "RegValueExists",
        {{"Key", kMachine}, {"Subkey", subkey}, {"Value", value}, {"Type", "REG_DWORD"}});
}

std::string file_exists(std::uint32_t folder, std::string_view path) {
    return base_rule("FileExists", {{"Path", path}, {"Csidl", std::to_string(folder)}});
}

std::string file_version(std::uint32_t folder, std::string_view path, std::string_view version) {
    return base_rule("FileVersion", {{"Path", path},
                                     {"Comparison", "GreaterThanOrEqualTo"},
                                     {"Version", version},
                                     {"Csidl", std::to_string(folder)}});
}

}  // namespace headwater::catalog::sample::rules
