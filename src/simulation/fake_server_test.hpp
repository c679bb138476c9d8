#pragma once
// A small update server without sockets, for the tests of the agent: it knows a few revisions, and
// answers with a fault where a test says so.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/testing.hpp"
#include "base/time.hpp"
#include "protocol/client.hpp"
#include "protocol/client_reporting.hpp"
#include "protocol/simple_auth.hpp"
#include "simulation/agent.hpp"
#include "soap/envelope.hpp"
#include "soap/fault.hpp"
#include "soap/xpress.hpp"

namespace headwater::simulation::testing_help {

namespace client = protocol::client;
namespace reporting = protocol::client_reporting;

inline constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 10 / 5}};

using test_help::TemporaryFolder;

struct Served {
    std::int32_t id = 0;
    std::string core = {};
    bool leaf = true;
    client::DeploymentAction action = client::DeploymentAction::kEvaluate;
    std::vector<std::int32_t> needs = {};  ///< installed non-leaves, all of them
    std::string extended = {};
};

/// The text of a Core fragment.
inline std::string core_of(const Guid& update, const std::string& type, const std::string& rest) {
    return "<UpdateIdentity UpdateID=\"" + update.text() +
           "\" RevisionNumber=\"100\" /><Properties UpdateType=\"" + type + "\" />" + rest;
}

inline std::string rules_of(const std::string& installed, const std::string& installable = {}) {
    return "<ApplicabilityRules><IsInstalled>" + installed + "</IsInstalled>" +
           (installable.empty() ? "" : "<IsInstallable>" + installable + "</IsInstallable>") +
           "</ApplicabilityRules>";
}

inline std::string dword_rule(const std::string& value, const std::string& comparison,
                              unsigned data) {
    return "<b.RegDword Key=\"HKEY_LOCAL_MACHINE\" Subkey=\"SOFTWARE\\Test\" Value=\"" + value +
           "\" Comparison=\"" + comparison + "\" Data=\"" + std::to_string(data) + "\" />";
}

class FakeServer {
public:
    std::vector<Served> revisions;
    std::size_t page = 30;
    bool always_truncated = false;
    bool xpress = false;
    bool hide_locations = false;  ///< in GetExtendedUpdateInfo
    bool knows_refresh = true;
    Time expiration = kNow + std::chrono::hours{1};  ///< of the next cookies
    std::map<std::string, std::string> content;      ///< by path
    /// The next answers to an operation are these faults.
    std::map<std::string, std::deque<std::string>> faults;

    // What came.
    std::vector<std::string> operations;
    std::vector<client::SyncUpdates> synchronizations;
    std::vector<client::GetExtendedUpdateInfo> detail_requests;
    std::vector<client::GetCookie> cookie_requests;
    std::vector<reporting::ReportingEvent> events;
    std::vector<std::string> ranges;

    /// A file of the catalog: its content, location and the element of an Extended fragment.
    std::string add_file(const std::string& name, std::string bytes) {
        const auto sha1 = Sha1::of(as_bytes(bytes));
        const auto sha256 = Sha256::of(as_bytes(bytes));
        std::string element =
            "<File Digest=\"" + to_base64(sha1.bytes) + "\" DigestAlgorithm=\"SHA1\" FileName=\"" +
            name + "\" Size=\"" + std::to_string(bytes.size()) +
            "\" Modified=\"2026-08-18T00:39:04Z\"><AdditionalDigest Algorithm=\"SHA256\">" +
            to_base64(sha256.bytes) + "</AdditionalDigest></File>";
        content["/Content/" + to_hex_upper(sha1.bytes)] = std::move(bytes);
        return element;
    }

    [[nodiscard]] Transport transport() {
        return [this](const net::ClientRequest& request) { return answer(request); };
    }

    [[nodiscard]] std::size_t count(const std::string& operation) const {
        return static_cast<std::size_t>(std::ranges::count(operations, operation));
    }

private:
    Result<net::ClientResponse> answer(const net::ClientRequest& request) {
        if (request.method == "GET") {
            return range(request);
        }
        auto envelope = soap::parse_envelope(request.body);
        if (!envelope) {
            return std::unexpected(envelope.error());
        }
        const std::string operation(envelope->name);
        operations.push_back(operation);
        if (auto& next = faults[operation]; !next.empty()) {
            const soap::Fault fault = soap::make_fault(next.front());
            next.pop_front();
            return respond(500, soap::write_fault(fault, soap::Version::k11, soap::Style::kIndigo),
                           false);
        }
        return respond(200, serve(operation, envelope->content), xpress);
    }

    static net::ClientResponse respond(unsigned status, std::string body, bool compressed) {
        net::ClientResponse response;
        response.status = status;
        response.headers.add("Content-Type", "text/xml; charset=utf-8");
        if (compressed) {
            response.headers.add("Content-Encoding", "xpress");
            const Bytes packed = soap::xpress_compress(as_bytes(body));
            body = std::string(as_text(packed));
        }
        response.body = std::move(body);
        return response;
    }

    template <typename Message>
    static Message read(const pugi::xml_node& content) {
        auto message = soap::read<Message>(content);
        EXPECT_TRUE(message);
        return message.value_or(Message{});
    }

    template <typename Message>
    static std::string write(const Message& message, std::string_view name_space) {
        std::string out;
        soap::begin_envelope(out, soap::Version::k11, soap::Style::kIndigo);
        soap::write(out, soap::Style::kIndigo, soap::type_of<Message>().name, name_space, message);
        soap::end_envelope(out, soap::Style::kIndigo);
        return out;
    }

    template <typename Message>
    static std::string write(const Message& message) {
        return write(message, client::kNamespace);
    }

    std::string serve(const std::string& operation, const pugi::xml_node& message) {
        if (operation == "GetConfig") {
            return write(config());
        }
        if (operation == "GetAuthorizationCookie") {
            namespace auth = protocol::simple_auth;
            auth::GetAuthorizationCookieResponse response;
            response.result.ensure().plug_in_id = "SimpleTargeting";
            return write(response, auth::kNamespace);
        }
        if (operation == "GetCookie") {
            cookie_requests.push_back(read<client::GetCookie>(message));
            client::GetCookieResponse response;
            response.result = cookie();
            return write(response);
        }
        if (operation == "RegisterComputer") {
            return write(client::RegisterComputerResponse{});
        }
        if (operation == "SyncUpdates") {
            synchronizations.push_back(read<client::SyncUpdates>(message));
            return write(synchronize(synchronizations.back()));
        }
        if (operation == "GetExtendedUpdateInfo") {
            detail_requests.push_back(read<client::GetExtendedUpdateInfo>(message));
            return write(details(detail_requests.back()));
        }
        if (operation == "GetFileLocations") {
            client::GetFileLocationsResponse response;
            response.result.ensure().file_locations = locations();
            return write(response);
        }
        if (operation == "RefreshCache" && knows_refresh) {
            return write(refresh(read<client::RefreshCache>(message)));
        }
        if (operation == "ReportEventBatch") {
            const auto batch = read<reporting::ReportEventBatch>(message);
            for (const auto& event : batch.event_batch.or_default()) {
                events.push_back(event);
            }
            return write(reporting::ReportEventBatchResponse{true}, reporting::kNamespace);
        }
        return "<html>There is no such operation.</html>";
    }

    static client::GetConfigResponse config() {
        client::GetConfigResponse response;
        client::Config& config = response.result.ensure();
        config.last_change = kNow;
        config.is_registration_required = true;
        auto& plug_in = config.auth_info.ensure().emplace_back();
        plug_in.plug_in_id = "SimpleTargeting";
        plug_in.service_url = "SimpleAuthWebService/SimpleAuth.asmx";
        config.properties.ensure().push_back({"ProtocolVersion", "3.2"});
        config.properties.ensure().push_back({"MaxExtendedUpdatesPerRequest", "2"});
        return response;
    }

    protocol::Cookie cookie() const {
        return {.expiration = expiration, .encrypted_data = Bytes{1, 2, 3}};
    }

    client::SyncUpdatesResponse synchronize(const client::SyncUpdates& request) const {
        client::SyncUpdatesResponse response;
        client::SyncInfo& info = response.result.ensure();
        info.new_cookie = cookie();
        info.driver_sync_not_needed = "false";
        const auto& asked = request.parameters.or_default();
        const auto& installed = asked.installed_non_leaf_update_ids.or_default();
        std::vector<std::int32_t> cached = installed;
        const auto& others = asked.other_cached_update_ids.or_default();
        cached.insert(cached.end(), others.begin(), others.end());
        const auto has = [](const auto& list, std::int32_t id) {
            return std::ranges::find(list, id) != list.end();
        };
        for (const Served& served : revisions) {
            const bool ready = std::ranges::all_of(
                served.needs, [&](std::int32_t need) { return has(installed, need); });
            if (asked.skip_software_sync || has(cached, served.id) || !ready) {
                continue;
            }
            if (info.new_updates.or_default().size() == page) {
                info.truncated = true;
                break;
            }
            client::Deployment deployment{.id = 7, .action = served.action, .is_assigned = true};
            deployment.last_change_time = "2026-10-04";
            info.new_updates.ensure().push_back({served.id, deployment, served.leaf, served.core});
        }
        for (const std::int32_t id : cached) {
            if (!std::ranges::any_of(revisions, [id](const Served& s) { return s.id == id; })) {
                info.out_of_scope_revision_ids.ensure().push_back(id);
            }
        }
        info.truncated = info.truncated || always_truncated;
        return response;
    }

    client::GetExtendedUpdateInfoResponse details(
        const client::GetExtendedUpdateInfo& request) const {
        client::GetExtendedUpdateInfoResponse response;
        client::ExtendedUpdateInfo& info = response.result.ensure();
        for (const Served& served : revisions) {
            const auto& ids = request.revision_ids.or_default();
            if (std::ranges::find(ids, served.id) != ids.end()) {
                info.updates.ensure().push_back({served.id, served.extended});
                info.updates.ensure().push_back(
                    {served.id, "<LocalizedProperties><Language>en</Language><Title>Update " +
                                    std::to_string(served.id) + "</Title></LocalizedProperties>"});
            }
        }
        if (!hide_locations) {
            info.file_locations = locations();
        }
        return response;
    }

    soap::Array<client::FileLocation> locations() const {
        soap::Array<client::FileLocation> locations;
        for (const auto& [path, bytes] : content) {
            client::FileLocation& location = locations.emplace_back();
            location.file_digest = from_hex(path.substr(path.rfind('/') + 1)).value_or(Bytes{});
            location.url = "http://server:8530" + path;
        }
        return locations;
    }

    client::RefreshCacheResponse refresh(const client::RefreshCache& request) const {
        client::RefreshCacheResponse response;
        response.result.ensure();
        for (const auto& identity : request.global_ids.or_default()) {
            for (const Served& served : revisions) {
                if (served.core.starts_with("<UpdateIdentity UpdateID=\"" +
                                            identity.update_id.text())) {
                    client::Deployment deployment{.id = 7, .action = served.action};
                    response.result->push_back({served.id, identity, served.leaf, deployment});
                }
            }
        }
        return response;
    }

    Result<net::ClientResponse> range(const net::ClientRequest& request) {
        const auto body = content.find(request.url.substr(request.url.find("/Content")));
        net::ClientResponse response;
        if (body == content.end()) {
            response.status = 404;
            return response;
        }
        const std::string asked(request.headers.get("Range").value_or(""));
        ranges.push_back(asked);
        const std::size_t first = std::stoul(asked.substr(asked.find('=') + 1));
        const std::size_t last = std::stoul(asked.substr(asked.find('-') + 1));
        response.status = 206;
        response.body = body->second.substr(first, last - first + 1);
        response.headers.add("Content-Range", "bytes " + asked.substr(asked.find('=') + 1) + '/' +
                                                  std::to_string(body->second.size()));
        return response;
    }
};

}  // namespace headwater::simulation::testing_help
