#include "server/config.hpp"

#include <sys/stat.h>
#include <toml++/toml.h>

#include <algorithm>
#include <concepts>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>

namespace headwater::server {
namespace {

/// Takes settings out of one table; the first thing that is wrong is kept, and what nobody took is
/// wrong too.
class Settings {
public:
    Settings(const toml::table& table, std::string prefix, std::string& wrong)
        : table_(table), prefix_(std::move(prefix)), wrong_(wrong) {}
    ~Settings() {
        for (const auto& [name, value] : table_) {
            if (!taken_.contains(name.str())) {
                complain(name.str(), "is no setting");
            }
        }
    }
    Settings(const Settings&) = delete;
    Settings& operator=(const Settings&) = delete;

    template <typename Text>
        requires std::constructible_from<Text, std::string>
    void text(std::string_view name, Text& value) {
        if (const toml::node* node = take(name)) {
            if (const auto found = node->value_exact<std::string>()) {
                value = Text(*found);
            } else {
                complain(name, "has to be a text in quotes");
            }
        }
    }

    /// @param unit  what one of the setting is of the value
    template <std::integral Number>
    void number(std::string_view name, Number& value, std::int64_t least, std::int64_t most,
                std::int64_t unit = 1) {
        if (const toml::node* node = take(name)) {
            const auto found = node->value_exact<std::int64_t>();
            if (!found || *found < least || *found > most) {
                complain(name, "has to be a whole number from " + std::to_string(least) + " to " +
                                   std::to_string(most));
            } else {
                value = static_cast<Number>(*found * unit);
            }
        }
    }

    void seconds(std::string_view name, std::chrono::seconds& value, std::int64_t most) {
        std::int64_t count = value.count();
        number(name, count, 1, most);
        value = std::chrono::seconds(count);
    }

    void flag(std::string_view name, bool& value) {
        if (const toml::node* node = take(name)) {
            const auto found = node->value_exact<bool>();
            if (!found) {
                complain(name, "has to be true or false");
            } else {
                value = *found;
            }
        }
    }

    /// Null where it is left out.
    const toml::table* table(std::string_view name) {
        const toml::node* node = take(name);
        if (node != nullptr && !node->is_table()) {
            complain(name, "has to be a table, [" + std::string(name) + "]");
        }
        return node == nullptr ? nullptr : node->as_table();
    }

private:
    const toml::node* take(std::string_view name) {
        taken_.insert(name);
        return table_.get(name);
    }
    void complain(std::string_view name, const std::string& what) {
        if (wrong_.empty()) {
            wrong_ = "'" + prefix_ + std::string(name) + "' " + what;
        }
    }

    const toml::table& table_;
    std::string prefix_;
    std::string& wrong_;
    std::set<std::string_view> taken_;
};

/// Wherever it stands, it stands there alone: the file may end with a line end.
std::string read_secret(const std::filesystem::path& file, std::string& wrong) {
    if (file.empty()) {
        const char* given = std::getenv("HEADWATER_S3_SECRET");
        return given == nullptr ? "" : given;
    }
    struct stat status{};
    constexpr mode_t kOthers = 077;
    if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        wrong = "'s3.secret_file' names " + file.string() + ", which cannot be read";
        return "";
    }
    if ((status.st_mode & kOthers) != 0) {
        wrong = "'s3.secret_file' names " + file.string() +
                ", which others may read; run: chmod 600 " + file.string();
        return "";
    }
    std::ifstream stream(file);
    std::string secret;
    std::getline(stream, secret);
    while (secret.ends_with('\r') || secret.ends_with(' ')) {
        secret.pop_back();
    }
    return secret;
}

void read_s3(const toml::table& table, Config& config, std::string& wrong) {
    Settings settings(table, "s3.", wrong);
    S3Config s3;
    std::filesystem::path secret_file;
    std::int64_t cache_gib = 20;
    std::int64_t part_mib = 64;
    s3.account.login.region = "us-east-1";
    settings.text("endpoint", s3.account.endpoint);
    settings.text("region", s3.account.login.region);
    settings.text("access_key", s3.account.login.access_key);
    settings.text("secret_file", secret_file);
    settings.text("folder", s3.folder);
    settings.number("cache_gib", cache_gib, 1, 1'000'000);
    s3.cache_bytes = static_cast<std::uint64_t>(cache_gib) << 30U;
    settings.number("part_mib", part_mib, 5, 5'000);
    s3.sizes.part = s3.sizes.single = static_cast<std::uint64_t>(part_mib) << 20U;
    while (s3.account.endpoint.ends_with('/')) {
        s3.account.endpoint.pop_back();
    }
    const std::string& endpoint = s3.account.endpoint;
    const std::string& region = s3.account.login.region;
    if (!endpoint.empty() && !endpoint.starts_with("https://") &&
        !endpoint.starts_with("http://")) {
        wrong = "'s3.endpoint' has to begin with https:// or http://";
    }
    if (region.empty() || !std::ranges::all_of(region, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        })) {
        wrong = "'s3.region' has to be small letters, digits and '-', as \"eu-central-1\"";
    }
    if (wrong.empty()) {
        s3.account.login.secret = read_secret(secret_file, wrong);
    }
    if (wrong.empty() && (s3.account.login.access_key.empty() || s3.account.login.secret.empty())) {
        wrong =
            "[s3] needs 'access_key', and 'secret_file' or HEADWATER_S3_SECRET in the "
            "environment";
    }
    config.s3 = std::move(s3);
}

constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kMiB = 1024 * kKiB;

void read_limits(const toml::table& table, Config& config, std::string& wrong) {
    Settings limits(table, "limits.", wrong);
    net::ServerLimits& connections = config.connections;
    limits.number("header_kib", connections.max_header_bytes, 4, 1024, kKiB);
    limits.number("body_mib", connections.max_body_bytes, 1, 1024, kMiB);
    limits.number("connections", connections.max_connections, 1, 1'000'000);
    limits.seconds("io_timeout_seconds", connections.io_timeout, 3600);
    limits.seconds("keep_alive_seconds", connections.keep_alive, 3600);
    limits.number("downloads", config.downloads.in_all, 1, 1'000'000);
    limits.number("downloads_per_client", config.downloads.per_client, 1, 1'000'000);
    soap::RequestLimits& messages = config.messages;
    limits.number("message_mib", messages.xml.max_bytes, 1, 1024, kMiB);
    limits.number("message_elements", messages.xml.max_elements, 1'000, 100'000'000);
    limits.number("message_depth", messages.xml.max_depth, 16, 1024);
    limits.number("message_attributes", messages.xml.max_attributes, 16, 1024);
    limits.number("message_items", messages.max_items, 1'000, 10'000'000);
}

}  // namespace

Result<Config> load_config(const std::filesystem::path& file) {
    toml::table root;
    std::error_code error_code;
    if (!std::filesystem::is_regular_file(file, error_code)) {
        return fail("config.unreadable", "The configuration " + file.string() + " is no file.",
                    "Give the path of a headwater.toml; docs/configuration.md shows one.",
                    {error_code ? error_code.message() : "it is something else"});
    }
    try {
        root = toml::parse_file(file.string());
    } catch (const toml::parse_error& error) {
        std::ostringstream where;
        where << error.source().begin;
        return fail("config.unreadable", "The configuration " + file.string() + " cannot be read.",
                    "Mend the file; docs/configuration.md shows one.",
                    {std::string(error.description()), "at " + where.str()});
    }
    Config config;
    std::string wrong;
    {
        Settings settings(root, "", wrong);
        settings.text("data", config.data);
        settings.text("socket", config.socket);
        settings.text("trusted_certificates", config.trusted_certificates);
        settings.flag("syslog", config.syslog);
        if (const toml::table* table = settings.table("listen")) {
            Settings listen(*table, "listen.", wrong);
            listen.text("address", config.address);
            listen.number("port", config.port, 0, std::numeric_limits<std::uint16_t>::max());
        }
        if (const toml::table* table = settings.table("admin")) {
            Settings admin(*table, "admin.", wrong);
            std::uint16_t port = Config::kDefaultAdminPort;
            const bool has_port = table->contains("port");
            admin.text("address", config.admin_address);
            admin.number("port", port, 0, std::numeric_limits<std::uint16_t>::max());
            config.admin_port = has_port ? std::optional(port) : std::nullopt;
        }
        if (const toml::table* table = settings.table("s3")) {
            read_s3(*table, config, wrong);
        }
        if (const toml::table* table = settings.table("limits")) {
            read_limits(*table, config, wrong);
        }
    }
    if (!wrong.empty()) {
        return fail("config.invalid", file.string() + ": " + wrong + ".",
                    "docs/configuration.md lists the settings and their values.");
    }
    return config;
}

}  // namespace headwater::server
