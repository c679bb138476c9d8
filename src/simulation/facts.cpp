#include "simulation/facts.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/utf.hpp"

namespace headwater::simulation {
namespace {

constexpr std::string_view kEnum = R"(hkey_local_machine\system\currentcontrolset\enum\)";

struct Alias {
    std::string_view from;
    std::string_view to;
};
constexpr std::array<Alias, 5> kHives = {{{"hklm", "hkey_local_machine"},
                                          {"hkcu", "hkey_current_user"},
                                          {"hkcr", "hkey_classes_root"},
                                          {"hku", "hkey_users"},
                                          {"hkcc", "hkey_current_config"}}};
constexpr std::array<Alias, 6> kVariables = {{{"%windir%", R"(c:\windows)"},
                                              {"%systemroot%", R"(c:\windows)"},
                                              {"%systemdrive%", "c:"},
                                              {"%programfiles%", R"(c:\program files)"},
                                              {"%programfiles(x86)%", R"(c:\program files (x86))"},
                                              {"%programdata%", R"(c:\programdata)"}}};

std::string normal_key(std::string_view key) {
    while (key.ends_with('\\')) {
        key.remove_suffix(1);
    }
    std::string normal = to_lower_ascii(key);
    for (const Alias& hive : kHives) {
        if (normal.starts_with(hive.from) &&
            (normal.size() == hive.from.size() || normal[hive.from.size()] == '\\')) {
            normal.replace(0, hive.from.size(), hive.to);
            break;
        }
    }
    return normal;
}

/// Lower case, variables in place, runs of backslashes as one.
std::string normal_path(std::string_view path) {
    std::string lower = to_lower_ascii(path);
    for (const Alias& variable : kVariables) {
        if (lower.starts_with(variable.from)) {
            lower.replace(0, variable.from.size(), variable.to);
            break;
        }
    }
    std::ranges::replace(lower, '/', '\\');
    const auto [first, last] =
        std::ranges::unique(lower, [](char a, char b) { return a == '\\' && b == '\\'; });
    lower.erase(first, last);
    return lower;
}

}  // namespace

std::optional<FileVersion> parse_version(std::string_view text) {
    FileVersion version{};
    for (std::size_t part = 0; part < version.size(); ++part) {
        const std::size_t dot = text.find('.');
        const std::string_view digits = text.substr(0, dot);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), version[part]);
        if (error != std::errc{} || end != digits.data() + digits.size()) {
            return std::nullopt;
        }
        if (dot == std::string_view::npos) {
            return version;
        }
        text.remove_prefix(dot + 1);
    }
    return std::nullopt;
}

std::string version_text(const FileVersion& version) {
    return std::to_string(version[0]) + '.' + std::to_string(version[1]) + '.' +
           std::to_string(version[2]) + '.' + std::to_string(version[3]);
}

void Registry::set(std::string_view key, std::string_view name, RegistryValue value) {
    keys_[normal_key(key)].insert_or_assign(to_lower_ascii(name), std::move(value));
}

void Registry::add_key(std::string_view key) {
    keys_.try_emplace(normal_key(key));
}

bool Registry::has_key(std::string_view key) const {
    const std::string normal = normal_key(key);
    if (keys_.contains(normal)) {
        return true;
    }
    const auto below = keys_.lower_bound(normal + '\\');
    return below != keys_.end() && below->first.starts_with(normal + '\\');
}

const RegistryValue* Registry::find(std::string_view key, std::string_view name) const {
    const auto values = keys_.find(normal_key(key));
    if (values == keys_.end()) {
        return nullptr;
    }
    const auto value = values->second.find(to_lower_ascii(name));
    return value == values->second.end() ? nullptr : &value->second;
}

void Files::set(std::string_view path, const FileVersion& version) {
    files_.insert_or_assign(normal_path(path), version);
}

const FileVersion* Files::find(std::string_view path) const {
    const auto file = files_.find(normal_path(path));
    return file == files_.end() ? nullptr : &file->second;
}

std::string_view shell_folder(std::uint32_t csidl) {
    switch (csidl) {
        case 35:
            return R"(c:\programdata)";
        case 36:
            return R"(c:\windows)";
        case 37:
            return R"(c:\windows\system32)";
        case 38:
            return R"(c:\program files)";
        case 41:
            return R"(c:\windows\syswow64)";
        case 42:
            return R"(c:\program files (x86))";
        case 43:
            return R"(c:\program files\common files)";
        case 44:
            return R"(c:\program files (x86)\common files)";
        default:
            return {};
    }
}

std::vector<std::string> Facts::devices() const {
    std::vector<std::string> devices;
    for (auto key = registry.keys().lower_bound(std::string(kEnum));
         key != registry.keys().end() && key->first.starts_with(kEnum); ++key) {
        // A hardware id is "bus\device"; below it Windows keeps instances of the device.
        std::string id = key->first.substr(kEnum.size());
        const std::size_t bus = id.find('\\');
        if (bus == std::string::npos) {
            continue;
        }
        id.resize(std::min(id.size(), id.find('\\', bus + 1)));
        if (devices.empty() || devices.back() != id) {
            devices.push_back(std::move(id));
        }
    }
    return devices;
}

}  // namespace headwater::simulation
