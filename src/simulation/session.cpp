#include "simulation/session.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <thread>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "protocol/simple_auth.hpp"

namespace headwater::simulation {
namespace {

namespace client = protocol::client;
namespace simple_auth = protocol::simple_auth;

constexpr std::string_view kProtocolVersion = "2.90";
constexpr std::size_t kRefreshBatch = 200;
constexpr std::size_t kLocationBatch = 100;
constexpr std::chrono::milliseconds kLongestWait{60'000};

/// What a server may say that has no answer where one has to be.
CallError incomplete(std::string_view operation, std::string_view what) {
    return {.error = {.code = "agent.incomplete_answer",
                      .sentence = "The server's answer to " + std::string(operation) + " lacks " +
                                  std::string(what) + ".",
                      .remedy = "Check that the address is that of an update server."}};
}

ServerConfig read_config(const client::Config& config) {
    ServerConfig read{.last_change = config.last_change,
                      .registration_required = config.is_registration_required};
    for (const auto& plug_in : config.auth_info.or_default()) {
        if (plug_in.plug_in_id.or_default() == "SimpleTargeting") {
            read.authorization_url = plug_in.service_url.or_default();
        }
    }
    for (const auto& property : config.properties.or_default()) {
        const std::string& value = property.value.or_default();
        if (property.name.or_default() == "ProtocolVersion") {
            read.protocol_version = value;
        } else if (property.name.or_default() == "MaxExtendedUpdatesPerRequest") {
            std::from_chars(value.data(), value.data() + value.size(), read.max_extended_updates);
        }
    }
    return read;
}

/// The spelling is that of a real agent.
std::string_view architecture_text(Architecture architecture) {
    switch (architecture) {
        case Architecture::kX64:
            return "AMD64";
        case Architecture::kArm64:
            return "ARM64";
        case Architecture::kX86:
            break;
    }
    return "X86";
}

bool one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
    return std::ranges::find(codes, code) != codes.end();
}

bool can_be_remedied(std::string_view code) {
    return one_of(code, {"InvalidCookie", "ServerChanged", "ConfigChanged", "CookieExpired",
                         "RegistrationRequired", "RegistrationNotRequired", "FileLocationChanged",
                         "FileLocationsChanged", "InvalidAuthorizationCookie", "ServerBusy",
                         "InternalServerError"});
}

}  // namespace

Session::Session(Caller& caller, AgentState& state, const Facts& facts, const Clock& clock,
                 Patience patience)
    : caller_(caller),
      state_(state),
      facts_(facts),
      clock_(clock),
      patience_(std::move(patience)),
      registration_(registration()) {
    if (!patience_.wait) {
        patience_.wait = [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); };
    }
}

Result<> Session::open() {
    auto opened = prepare();
    recoveries_ = 0;
    return opened;
}

Session::Step Session::next_step() const {
    if (!state_.config) {
        return Step::kConfigure;
    }
    if (!state_.cookie || renew_cookie_ || state_.cookie->expiration <= clock_.now()) {
        return Step::kAuthorize;
    }
    if (state_.config->registration_required && state_.registration != registration_) {
        return Step::kRegister;
    }
    if (state_.refresh_needed) {
        return Step::kRefresh;
    }
    return locations_stale_ ? Step::kLocate : Step::kDone;
}

Answer<void> Session::take(Step step) {
    switch (step) {
        case Step::kConfigure:
            return configure();
        case Step::kAuthorize:
            return authorize();
        case Step::kRegister:
            return register_computer();
        case Step::kRefresh:
            return refresh_cache();
        case Step::kLocate:
            return refresh_file_locations();
        case Step::kDone:
            break;
    }
    return {};
}

Result<> Session::prepare() {
    for (Step step = next_step(); step != Step::kDone; step = next_step()) {
        if (const auto taken = take(step); !taken) {
            if (auto remedied = remedy(taken.error()); !remedied) {
                return remedied;
            }
        }
    }
    return {};
}

Answer<void> Session::configure() {
    client::GetConfig request;
    request.protocol_version = std::string(kProtocolVersion);
    const auto answer =
        caller_.call<client::GetConfigResponse>(client_operation("GetConfig"), request);
    if (!answer) {
        return std::unexpected(answer.error());
    }
    ServerConfig config = read_config(answer->result.or_default());
    if (config.authorization_url.empty()) {
        return std::unexpected(incomplete("GetConfig", "the plug-in SimpleTargeting"));
    }
    state_.config = std::move(config);
    return {};
}

Answer<void> Session::authorize() {
    simple_auth::GetAuthorizationCookie question;
    question.client_id = state_.client_id.value_or(Guid{}).text();
    if (!facts_.target_group.empty()) {
        question.target_group_name = facts_.target_group;
    }
    question.dns_name = facts_.dns_name;
    const auto authorized = caller_.call<simple_auth::GetAuthorizationCookieResponse>(
        {simple_auth::kNamespace, state_.config->authorization_url, "GetAuthorizationCookie"},
        question);
    if (!authorized) {
        return std::unexpected(authorized.error());
    }

    client::GetCookie request;
    request.auth_cookies.ensure().push_back(authorized->result.or_default());
    request.old_cookie = state_.cookie.value_or(protocol::Cookie{.expiration = clock_.now()});
    request.last_change = state_.config->last_change;
    request.current_time = clock_.now();
    request.protocol_version = std::string(kProtocolVersion);
    const auto answer =
        caller_.call<client::GetCookieResponse>(client_operation("GetCookie"), request);
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!answer->result || answer->result->expiration <= clock_.now()) {
        return std::unexpected(
            incomplete("GetCookie", "a cookie that is still valid by this computer's clock"));
    }
    state_.cookie = *answer->result;
    renew_cookie_ = false;
    return {};
}

Answer<void> Session::register_computer() {
    client::RegisterComputer request;
    request.cookie = *state_.cookie;
    request.computer_info = computer_info();
    const auto answer = caller_.call<client::RegisterComputerResponse>(
        client_operation("RegisterComputer"), request);
    if (!answer) {
        return std::unexpected(answer.error());
    }
    state_.registration = registration_;
    return {};
}

Answer<void> Session::refresh_cache() {
    std::vector<protocol::UpdateIdentity> identities;
    for (const auto& [id, revision] : state_.revisions.all()) {
        identities.push_back({revision.update_id, revision.revision_number});
    }
    std::vector<client::RefreshCacheResult> results;
    for (std::size_t begin = 0; begin < identities.size(); begin += kRefreshBatch) {
        client::RefreshCache request;
        request.cookie = *state_.cookie;
        const std::size_t end = std::min(begin + kRefreshBatch, identities.size());
        for (std::size_t i = begin; i < end; ++i) {
            request.global_ids.ensure().push_back(identities[i]);
        }
        const auto answer =
            caller_.call<client::RefreshCacheResponse>(client_operation("RefreshCache"), request);
        if (!answer && (!answer.error().reached || can_be_remedied(answer.error().fault_code))) {
            return std::unexpected(answer.error());
        }
        if (!answer) {
            // A server without RefreshCache: nothing of the cache can be used with it.
            results.clear();
            break;
        }
        const auto& part = answer->result.or_default();
        results.insert(results.end(), part.begin(), part.end());
    }
    state_.revisions.renumber(results);
    state_.refresh_needed = false;
    return {};
}

Result<> Session::locate_files() {
    locations_stale_ = true;
    return open();
}

Answer<void> Session::refresh_file_locations() {
    std::vector<Bytes> digests;
    for (const auto& [id, revision] : state_.revisions.all()) {
        for (const UpdateFile& file : revision.files) {
            digests.emplace_back(file.sha1.bytes.begin(), file.sha1.bytes.end());
        }
    }
    std::ranges::sort(digests);
    const auto repeated = std::ranges::unique(digests);
    digests.erase(repeated.begin(), repeated.end());
    std::map<Sha1, std::string> urls;
    for (std::size_t begin = 0; begin < digests.size(); begin += kLocationBatch) {
        client::GetFileLocations request;
        request.cookie = *state_.cookie;
        const std::size_t end = std::min(begin + kLocationBatch, digests.size());
        for (std::size_t i = begin; i < end; ++i) {
            request.file_digests.ensure().push_back(digests[i]);
        }
        const auto answer = caller_.call<client::GetFileLocationsResponse>(
            client_operation("GetFileLocations"), request);
        if (!answer) {
            return std::unexpected(answer.error());
        }
        const auto& results = answer->result.or_default();
        if (results.new_cookie) {
            state_.cookie = *results.new_cookie;
        }
        for (const client::FileLocation& location : results.file_locations.or_default()) {
            if (const auto sha1 = Sha1::from(location.file_digest.or_default())) {
                urls.insert_or_assign(*sha1, location.url.or_default());
            }
        }
    }
    for (const auto& [id, revision] : state_.revisions.all()) {
        for (UpdateFile& file : state_.revisions.find(id)->files) {
            if (const auto url = urls.find(file.sha1); url != urls.end()) {
                file.url = url->second;
            }
        }
    }
    locations_stale_ = false;
    return {};
}

Result<> Session::remedy(const CallError& error) {
    const std::string& code = error.fault_code;
    if (!code.empty()) {
        faults_[code] += 1;
    }
    if (!can_be_remedied(code) || recoveries_ == patience_.recoveries) {
        recoveries_ = 0;
        return std::unexpected(error.error);
    }
    ++recoveries_;
    if (one_of(code, {"InvalidCookie", "ServerChanged"})) {
        state_.config.reset();
        state_.cookie.reset();
        state_.refresh_needed = !state_.revisions.all().empty();
    } else if (code == "ConfigChanged") {
        state_.config.reset();
        renew_cookie_ = true;
    } else if (one_of(code, {"CookieExpired", "InvalidAuthorizationCookie"})) {
        renew_cookie_ = true;
    } else if (one_of(code, {"RegistrationRequired", "RegistrationNotRequired"})) {
        if (state_.config) {
            state_.config->registration_required = code == "RegistrationRequired";
        }
        state_.registration.clear();
    } else if (one_of(code, {"FileLocationChanged", "FileLocationsChanged"})) {
        locations_stale_ = true;
    } else {
        patience_.wait(
            std::min(patience_.first_wait * (1U << std::min(recoveries_ - 1, 16U)), kLongestWait));
    }
    return {};
}

client::ComputerInfo Session::computer_info() const {
    client::ComputerInfo info;
    info.dns_name = facts_.dns_name;
    info.os_major_version = static_cast<std::int32_t>(facts_.os.major);
    info.os_minor_version = static_cast<std::int32_t>(facts_.os.minor);
    info.os_build_number = static_cast<std::int32_t>(facts_.os.build);
    info.os_service_pack_major_number = static_cast<std::int16_t>(facts_.os.service_pack_major);
    info.os_service_pack_minor_number = static_cast<std::int16_t>(facts_.os.service_pack_minor);
    info.os_locale = facts_.languages.empty() ? "en-US" : facts_.languages.front();
    info.computer_manufacturer = "Headwater";
    info.computer_model = "Simulated PC";
    info.bios_version = "unknown";
    info.bios_name = "unknown";
    info.bios_release_date = Time{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};
    info.processor_architecture = std::string(architecture_text(facts_.architecture));
    info.suite_mask = 256;
    info.old_product_type = static_cast<std::uint8_t>(facts_.os.product_type);
    info.new_product_type = facts_.os.product_type == 1 ? 48 : 7;
    info.client_version_major_number = 1507;
    info.client_version_minor_number = 2601;
    info.client_version_build_number = 30012;
    info.os_description = facts_.os.description;
    info.oem = "Headwater";
    info.device_type = "Simulated PC";
    info.firmware_version = "unknown";
    info.mobile_operator = "Not Present";
    return info;
}

std::string Session::registration() const {
    const std::string text =
        soap::write_request(client::kNamespace, "RegisterComputer",
                            client::RegisterComputer{.computer_info = computer_info()});
    const auto digest = Sha256::of(as_bytes(text + state_.client_id.value_or(Guid{}).text()));
    return to_hex_lower(digest.bytes);
}

}  // namespace headwater::simulation
