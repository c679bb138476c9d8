#include "server/config.hpp"

#include <toml++/toml.h>
#include <set>

namespace headwater::server {
namespace {

std::unexpected<Error> invalid(const std::filesystem::path& file, const std::string& what) {
    return fail("config.invalid", file.string() + ": " + what + ".",
                "See docs/architecture.md for the names and their values.");
}

std::string unknown_name(const toml::table& table, const std::set<std::string_view>& known) {
    for (const auto& [name, value] : table) {
        if (!known.contains(name.str())) {
            return std::string(name.str());
        }
    }
    return {};
}

}  // namespace

Result<Config> load_config(const std::filesystem::path& file) {
    toml::table root;
    try {
        root = toml::parse_file(file.string());
    } catch (const toml::parse_error& error) {
        return fail("config.unreadable", "The configuration " + file.string() + " cannot be read.",
                    "Mend the file.", {std::string(error.description())});
    }
    Config config;
    if (const std::string name = unknown_name(root, {"data", "socket", "listen"}); !name.empty()) {
        return invalid(file, "there is no setting '" + name + "'");
    }
    if (const auto data = root["data"].value<std::string>()) {
        config.data = *data;
    }
    if (const auto socket = root["socket"].value<std::string>()) {
        config.socket = *socket;
    }
    if (const toml::table* listen = root["listen"].as_table()) {
        if (const std::string name = unknown_name(*listen, {"address", "port"}); !name.empty()) {
            return invalid(file, "there is no setting 'listen." + name + "'");
        }
        config.address = (*listen)["address"].value_or(config.address);
        const auto port = (*listen)["port"].value_or<std::int64_t>(config.port);
        if (port < 0 || port > 65'535) {
            return invalid(file, "listen.port has to be from 0 to 65535");
        }
        config.port = static_cast<std::uint16_t>(port);
    }
    return config;
}

}  // namespace headwater::server
