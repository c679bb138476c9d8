#include "simulation/state.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <fstream>
#include <utility>

namespace headwater::simulation {
namespace {

namespace json = boost::json;

constexpr std::uintmax_t kMaxBytes = std::uintmax_t{1} << 30U;
constexpr std::string_view kFile = "state.json";

std::string_view view(const json::string& text) {
    return {text.data(), text.size()};
}

json::value hex(ByteView bytes) {
    return json::value(to_hex_lower(bytes));
}

json::object write_file(const UpdateFile& file) {
    json::object out;
    out["sha1"] = hex(file.sha1.bytes);
    if (file.sha256) {
        out["sha256"] = hex(file.sha256->bytes);
    }
    out["name"] = file.name;
    out["size"] = file.size;
    out["express"] = file.express;
    out["url"] = file.url;
    return out;
}

json::object write_revision(const CachedRevision& revision) {
    json::object out;
    out["id"] = revision.id;
    out["leaf"] = revision.leaf;
    out["deployment"] = revision.deployment_id;
    out["action"] = static_cast<unsigned>(revision.action);
    out["deadline"] = revision.deadline;
    out["core"] = revision.core;
    out["marked_installed"] = revision.marked_installed;
    out["has_details"] = revision.has_details;
    out["title"] = revision.title;
    json::array files;
    for (const UpdateFile& file : revision.files) {
        files.push_back(write_file(file));
    }
    out["files"] = std::move(files);
    return out;
}

json::object write_registry(const Registry& registry) {
    json::object out;
    for (const auto& [key, values] : registry.keys()) {
        json::object members;
        for (const auto& [name, value] : values) {
            if (const auto* number = std::get_if<std::uint32_t>(&value)) {
                members[name] = *number;
            } else {
                members[name] = std::get<std::string>(value);
            }
        }
        out[key] = std::move(members);
    }
    return out;
}

json::object write_files(const Files& files) {
    json::object out;
    for (const auto& [path, version] : files.all()) {
        out[path] = json::object{{"version", version_text(version)}};
    }
    return out;
}

json::object write_config(const ServerConfig& config) {
    return {{"last_change", to_xml_time(config.last_change)},
            {"registration_required", config.registration_required},
            {"authorization_url", config.authorization_url},
            {"protocol_version", config.protocol_version},
            {"max_extended_updates", config.max_extended_updates}};
}

std::string write_state(const AgentState& state) {
    json::object out;
    if (state.client_id) {
        out["client_id"] = state.client_id->text();
    }
    if (state.config) {
        out["config"] = write_config(*state.config);
    }
    if (state.cookie) {
        out["cookie"] = {{"expiration", to_xml_time(state.cookie->expiration)},
                         {"data", to_base64(state.cookie->encrypted_data.or_default())}};
    }
    out["registration"] = state.registration;
    out["refresh_needed"] = state.refresh_needed;
    out["learned"] = {{"registry", write_registry(state.learned_registry)},
                      {"files", write_files(state.learned_files)}};
    json::array revisions;
    for (const auto& [id, revision] : state.revisions.all()) {
        revisions.push_back(write_revision(revision));
    }
    out["revisions"] = std::move(revisions);
    return json::serialize(out);
}

/// Members of one object; a wrong or missing one makes the whole reading fail.
class Members {
public:
    explicit Members(const json::value& value) : object_(value.if_object()) {
        good_ = object_ != nullptr;
    }

    [[nodiscard]] bool good() const { return good_; }
    void spoil() { good_ = false; }

    const json::value* find(std::string_view name) {
        return object_ == nullptr ? nullptr : object_->if_contains({name.data(), name.size()});
    }

    std::string text(std::string_view name) {
        const json::value* value = find(name);
        good_ = good_ && value != nullptr && value->is_string();
        return good_ ? std::string(view(value->get_string())) : std::string();
    }

    bool flag(std::string_view name) {
        const json::value* value = find(name);
        good_ = good_ && value != nullptr && value->is_bool();
        return good_ && value->get_bool();
    }

    template <typename Number>
    Number number(std::string_view name) {
        const json::value* value = find(name);
        boost::system::error_code error;
        const Number number = value == nullptr ? Number{} : value->to_number<Number>(error);
        good_ = good_ && value != nullptr && !error;
        return number;
    }

    template <typename T>
    T parsed(std::string_view name, std::optional<T> (*parse)(std::string_view)) {
        const auto value = parse(text(name));
        good_ = good_ && value;
        return value.value_or(T{});
    }

private:
    const json::object* object_;
    bool good_ = true;
};

template <typename Digest>
std::optional<Digest> read_digest(std::string_view text) {
    const auto bytes = from_hex(text);
    return bytes ? Digest::from(*bytes) : std::nullopt;
}

bool read_file(const json::value& value, UpdateFile& file) {
    Members members(value);
    file.sha1 = members.parsed<Sha1>("sha1", &read_digest<Sha1>);
    if (members.find("sha256") != nullptr) {
        file.sha256 = members.parsed<Sha256>("sha256", &read_digest<Sha256>);
    }
    file.name = members.text("name");
    file.size = members.number<std::uint64_t>("size");
    file.express = members.flag("express");
    file.url = members.text("url");
    return members.good();
}

bool read_revision(const json::value& value, CachedRevision& revision) {
    Members members(value);
    revision.id = members.number<RevisionId>("id");
    revision.leaf = members.flag("leaf");
    revision.deployment_id = members.number<std::int32_t>("deployment");
    const auto action = members.number<std::uint8_t>("action");
    revision.action = static_cast<DeploymentAction>(action);
    revision.deadline = members.text("deadline");
    revision.core = members.text("core");
    revision.marked_installed = members.flag("marked_installed");
    revision.has_details = members.flag("has_details");
    revision.title = members.text("title");
    const json::value* files = members.find("files");
    if (files == nullptr || !files->is_array() ||
        action > static_cast<std::uint8_t>(DeploymentAction::kBundle)) {
        return false;
    }
    for (const json::value& each : files->get_array()) {
        if (!read_file(each, revision.files.emplace_back())) {
            return false;
        }
    }
    return members.good();
}

bool read_config(const json::value& value, ServerConfig& config) {
    Members members(value);
    config.last_change = members.parsed<Time>("last_change", &from_xml_time);
    config.registration_required = members.flag("registration_required");
    config.authorization_url = members.text("authorization_url");
    config.protocol_version = members.text("protocol_version");
    config.max_extended_updates = members.number<std::uint32_t>("max_extended_updates");
    return members.good();
}

bool read_cookie(const json::value& value, protocol::Cookie& cookie) {
    Members members(value);
    cookie.expiration = members.parsed<Time>("expiration", &from_xml_time);
    cookie.encrypted_data = members.parsed<Bytes>("data", &from_base64);
    return members.good();
}

bool read_learned(const json::value& value, AgentState& state) {
    auto facts = Facts::parse(json::serialize(value));
    if (!facts) {
        return false;
    }
    state.learned_registry = std::move(facts->registry);
    state.learned_files = std::move(facts->files);
    return true;
}

bool read_state(const json::value& value, AgentState& state) {
    Members members(value);
    if (members.find("client_id") != nullptr) {
        state.client_id = members.parsed<Guid>("client_id", &Guid::parse);
    }
    if (const json::value* config = members.find("config");
        config != nullptr && !read_config(*config, state.config.emplace())) {
        return false;
    }
    if (const json::value* cookie = members.find("cookie");
        cookie != nullptr && !read_cookie(*cookie, state.cookie.emplace())) {
        return false;
    }
    state.registration = members.text("registration");
    state.refresh_needed = members.flag("refresh_needed");
    const json::value* learned = members.find("learned");
    const json::value* revisions = members.find("revisions");
    if (learned == nullptr || !read_learned(*learned, state) || revisions == nullptr ||
        !revisions->is_array()) {
        return false;
    }
    for (const json::value& each : revisions->get_array()) {
        CachedRevision revision;
        if (!read_revision(each, revision)) {
            return false;
        }
        state.revisions.restore(std::move(revision));
    }
    return members.good();
}

std::unexpected<Error> not_written(const std::filesystem::path& path, std::string cause) {
    return fail("cache.write", "The agent's cache " + path.string() + " could not be written.",
                "See that the folder may be written and the disk is not full.", {std::move(cause)});
}

/// Whole on the disk, or an errno.
int write_whole(const std::filesystem::path& path, std::string_view text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        return errno;
    }
    int error = 0;
    while (!text.empty() && error == 0) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0) {
            error = errno == EINTR ? 0 : errno;
            continue;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (error == 0 && ::fsync(file) != 0) {
        error = errno;
    }
    ::close(file);
    return error;
}

}  // namespace

bool ServerConfig::has_category_scans() const {
    const auto version = parse_version(protocol_version);
    return version && *version >= FileVersion{3, 2, 0, 0};
}

Result<AgentState> load_state(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / kFile;
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error == std::errc::no_such_file_or_directory) {
        return AgentState{};
    }
    std::ifstream file(path, std::ios::binary);
    if (error || size > kMaxBytes || !file) {
        return fail("cache.unreadable", "The agent's cache " + path.string() + " cannot be read.",
                    "Give another --cache, or see that the file may be read.",
                    error ? std::vector{error.message()} : std::vector<std::string>{});
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    file.read(text.data(), static_cast<std::streamsize>(size));
    boost::system::error_code malformed;
    const json::value value = json::parse({text.data(), text.size()}, malformed);
    AgentState state;
    if (malformed || !read_state(value, state)) {
        return fail("cache.malformed", "The agent's cache " + path.string() + " is damaged.",
                    "Remove the file: the agent then begins as a new computer.");
    }
    return state;
}

Result<> save_state(const AgentState& state, const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return not_written(folder, error.message());
    }
    const std::filesystem::path path = folder / kFile;
    const std::filesystem::path next = folder / (std::string(kFile) + ".new");
    if (const int number = write_whole(next, write_state(state)); number != 0) {
        return not_written(next, describe_errno(number));
    }
    std::filesystem::rename(next, path, error);
    if (error) {
        return not_written(path, error.message());
    }
    return {};
}

void learn(const AgentState& state, Facts& facts) {
    for (const auto& [key, values] : state.learned_registry.keys()) {
        for (const auto& [name, value] : values) {
            facts.registry.set(key, name, value);
        }
    }
    for (const auto& [path, version] : state.learned_files.all()) {
        facts.files.set(path, version);
    }
}

void remember(const Facts& before, const Facts& after, AgentState& state) {
    for (const auto& [key, values] : after.registry.keys()) {
        for (const auto& [name, value] : values) {
            const RegistryValue* old = before.registry.find(key, name);
            if (old == nullptr || *old != value) {
                state.learned_registry.set(key, name, value);
            }
        }
    }
    for (const auto& [path, version] : after.files.all()) {
        const FileVersion* old = before.files.find(path);
        if (old == nullptr || *old != version) {
            state.learned_files.set(path, version);
        }
    }
}

}  // namespace headwater::simulation
