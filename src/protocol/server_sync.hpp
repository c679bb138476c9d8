#pragma once
// ServerSync: what a downstream server asks of its upstream. [MS-WSUSSS] 2.2.4, 3.1.4. Values; any
// thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/common.hpp"

namespace headwater::protocol::server_sync {

inline constexpr std::string_view kName = "ServerSyncProxy";
inline constexpr std::string_view kNamespace = "http://www.microsoft.com/SoftwareDistribution";
inline constexpr std::string_view kPath = "/ServerSyncWebService/ServerSyncWebService.asmx";

struct GetAuthConfig {
    bool operator==(const GetAuthConfig&) const = default;
};

struct ServerAuthConfig {
    Time last_change = {};
    soap::Optional<soap::Array<AuthPlugInInfo>> auth_info = {};
    soap::Optional<soap::Array<std::int32_t>> allowed_event_ids = {};
    bool operator==(const ServerAuthConfig&) const = default;
};

struct GetAuthConfigResponse {
    soap::Optional<ServerAuthConfig> result = {};
    bool operator==(const GetAuthConfigResponse&) const = default;
};

struct GetCookie {
    soap::Optional<soap::Array<AuthorizationCookie>> auth_cookies = {};
    soap::Optional<Cookie> old_cookie = {};
    soap::Optional<std::string> protocol_version = {};
    bool operator==(const GetCookie&) const = default;
};

struct GetCookieResponse {
    soap::Optional<Cookie> result = {};
    bool operator==(const GetCookieResponse&) const = default;
};

struct GetConfigData {
    soap::Optional<Cookie> cookie = {};
    soap::Optional<std::string> config_anchor = {};
    bool operator==(const GetConfigData&) const = default;
};

struct ServerSyncLanguageData {
    std::int32_t language_id = 0;
    soap::Optional<std::string> short_language = {};
    soap::Optional<std::string> long_language = {};
    bool enabled = false;
    bool operator==(const ServerSyncLanguageData&) const = default;
};

struct ServerSyncConfigData {
    bool catalog_only_sync = false;
    bool lazy_sync = false;
    bool server_hosts_psf_files = false;
    std::int32_t max_number_of_computer_ids_in_request = 0;
    std::int32_t max_number_of_driver_sets_per_request = 0;
    std::int32_t max_number_of_pnp_hardware_ids_in_request = 0;
    std::int32_t max_number_of_updates_per_request = 0;
    soap::Optional<std::string> new_config_anchor = {};
    soap::Optional<std::string> protocol_version = {};
    soap::Optional<soap::Array<ServerSyncLanguageData>> language_update_list = {};
    std::int32_t max_updates_per_request_in_get_update_decryption_data = 0;
    bool operator==(const ServerSyncConfigData&) const = default;
};

struct GetConfigDataResponse {
    soap::Optional<ServerSyncConfigData> result = {};
    bool operator==(const GetConfigDataResponse&) const = default;
};

/// Empty by its definition.
struct ProtocolVersion {
    bool operator==(const ProtocolVersion&) const = default;
};

struct IdAndDelta {
    Guid id = {};
    bool delta = false;
    bool operator==(const IdAndDelta&) const = default;
};

struct LanguageAndDelta {
    std::int32_t id = 0;
    bool delta = false;
    bool operator==(const LanguageAndDelta&) const = default;
};

struct ServerSyncFilter {
    soap::Optional<ProtocolVersion> dss_protocol_version = {};
    soap::Optional<std::string> anchor = {};
    bool get_config = false;
    bool get63_language_only = false;
    soap::Optional<soap::Array<IdAndDelta>> categories = {};
    soap::Optional<soap::Array<IdAndDelta>> classifications = {};
    soap::Optional<soap::Array<LanguageAndDelta>> languages = {};
    bool operator==(const ServerSyncFilter&) const = default;
};

struct GetRevisionIdList {
    soap::Optional<Cookie> cookie = {};
    soap::Optional<ServerSyncFilter> filter = {};
    bool operator==(const GetRevisionIdList&) const = default;
};

struct RevisionIdList {
    soap::Optional<std::string> anchor = {};
    soap::Array<UpdateIdentity> new_revisions = {};  ///< written even if empty
    bool operator==(const RevisionIdList&) const = default;
};

struct GetRevisionIdListResponse {
    soap::Optional<RevisionIdList> result = {};
    bool operator==(const GetRevisionIdListResponse&) const = default;
};

struct GetUpdateData {
    soap::Optional<Cookie> cookie = {};
    soap::Optional<soap::Array<UpdateIdentity>> update_ids = {};
    bool operator==(const GetUpdateData&) const = default;
};

/// One revision's document, plain or as a cabinet.
struct ServerSyncUpdateData {
    soap::Optional<UpdateIdentity> id = {};
    soap::Optional<std::string> xml_update_blob = {};
    soap::Optional<soap::Array<Bytes>> file_digest_list = {};
    soap::Optional<Bytes> xml_update_blob_compressed = {};
    bool operator==(const ServerSyncUpdateData&) const = default;
};

struct ServerSyncUrlData {
    soap::Optional<Bytes> file_digest = {};
    soap::Optional<std::string> mu_url = {};
    soap::Optional<std::string> uss_url = {};
    soap::Optional<Bytes> decryption_key = {};
    bool operator==(const ServerSyncUrlData&) const = default;
};

/// @tparam Updates  Array<ServerSyncUpdateData> or, for items that are ready on the wire, a Raw of
/// it
template <typename Updates>
struct ServerUpdateDataOf {
    Updates updates = {};                           ///< written even if empty
    soap::Array<ServerSyncUrlData> file_urls = {};  ///< written even if empty
    bool operator==(const ServerUpdateDataOf&) const = default;
};
using ServerUpdateData = ServerUpdateDataOf<soap::Array<ServerSyncUpdateData>>;
using ReadyServerUpdateData = ServerUpdateDataOf<soap::Raw<soap::Array<ServerSyncUpdateData>>>;

struct GetUpdateDataResponse {
    soap::Optional<ServerUpdateData> result = {};
    bool operator==(const GetUpdateDataResponse&) const = default;
};

/// The same answer, whose updates were written before.
struct ReadyGetUpdateDataResponse {
    soap::Optional<ReadyServerUpdateData> result = {};
    bool operator==(const ReadyGetUpdateDataResponse&) const = default;
};

struct DownloadFiles {
    soap::Optional<Cookie> cookie = {};
    soap::Optional<soap::Array<Bytes>> file_digest_list = {};
    bool operator==(const DownloadFiles&) const = default;
};

struct DownloadFilesResponse {
    bool operator==(const DownloadFilesResponse&) const = default;
};

const soap::Type& wire_type(soap::Tag<GetAuthConfig>);
const soap::Type& wire_type(soap::Tag<ServerAuthConfig>);
const soap::Type& wire_type(soap::Tag<GetAuthConfigResponse>);
const soap::Type& wire_type(soap::Tag<GetCookie>);
const soap::Type& wire_type(soap::Tag<GetCookieResponse>);
const soap::Type& wire_type(soap::Tag<GetConfigData>);
const soap::Type& wire_type(soap::Tag<ServerSyncLanguageData>);
const soap::Type& wire_type(soap::Tag<ServerSyncConfigData>);
const soap::Type& wire_type(soap::Tag<GetConfigDataResponse>);
const soap::Type& wire_type(soap::Tag<ProtocolVersion>);
const soap::Type& wire_type(soap::Tag<IdAndDelta>);
const soap::Type& wire_type(soap::Tag<LanguageAndDelta>);
const soap::Type& wire_type(soap::Tag<ServerSyncFilter>);
const soap::Type& wire_type(soap::Tag<GetRevisionIdList>);
const soap::Type& wire_type(soap::Tag<RevisionIdList>);
const soap::Type& wire_type(soap::Tag<GetRevisionIdListResponse>);
const soap::Type& wire_type(soap::Tag<GetUpdateData>);
const soap::Type& wire_type(soap::Tag<ServerSyncUpdateData>);
const soap::Type& wire_type(soap::Tag<ServerSyncUrlData>);
const soap::Type& wire_type(soap::Tag<ServerUpdateData>);
const soap::Type& wire_type(soap::Tag<ReadyServerUpdateData>);
const soap::Type& wire_type(soap::Tag<GetUpdateDataResponse>);
const soap::Type& wire_type(soap::Tag<ReadyGetUpdateDataResponse>);
const soap::Type& wire_type(soap::Tag<DownloadFiles>);
const soap::Type& wire_type(soap::Tag<DownloadFilesResponse>);

}  // namespace headwater::protocol::server_sync
