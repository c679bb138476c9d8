#pragma once
// The client service: what a Windows Update agent asks. [MS-WUSP] 2.2.2.2, 3.1.5. Values; any
// thread.
//
// The answers of SyncUpdates and GetExtendedUpdateInfo exist twice: whole, as the calling side
// reads them, and "Ready", whose updates are bytes that were written when the catalog was
// published:
//     soap::write(bytes, soap::Style::kIndigo, "UpdateInfo", info);

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/client_types.hpp"

namespace headwater::protocol::client {

inline constexpr std::string_view kName = "Client";
inline constexpr std::string_view kNamespace =
    "http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService";
inline constexpr std::string_view kPath = "/ClientWebService/client.asmx";

struct GetConfig {
    soap::Optional<std::string> protocol_version = {};
    bool operator==(const GetConfig&) const = default;
};

struct GetConfigResponse {
    soap::Optional<Config> result = {};
    bool operator==(const GetConfigResponse&) const = default;
};

struct GetCookie {
    soap::Optional<soap::Array<AuthorizationCookie>> auth_cookies = {};
    soap::Optional<Cookie> old_cookie = {};
    Time last_change = {};
    Time current_time = {};
    soap::Optional<std::string> protocol_version = {};
    bool operator==(const GetCookie&) const = default;
};

struct GetCookieResponse {
    soap::Optional<Cookie> result = {};
    bool operator==(const GetCookieResponse&) const = default;
};

struct RegisterComputer {
    soap::Optional<Cookie> cookie = {};
    soap::Optional<ComputerInfo> computer_info = {};
    bool operator==(const RegisterComputer&) const = default;
};

struct RegisterComputerResponse {
    bool operator==(const RegisterComputerResponse&) const = default;
};

struct StartCategoryScan {
    soap::Optional<soap::Array<CategoryRelationship>> requested_categories = {};
    bool operator==(const StartCategoryScan&) const = default;
};

struct StartCategoryScanResponse {
    soap::Optional<soap::Array<Guid>> preferred_category_ids = {};
    soap::Optional<soap::Array<Guid>> requested_category_ids_in_error = {};
    bool operator==(const StartCategoryScanResponse&) const = default;
};

struct SyncUpdates {
    soap::Optional<Cookie> cookie = {};
    soap::Optional<SyncUpdateParameters> parameters = {};
    bool operator==(const SyncUpdates&) const = default;
};

struct SyncUpdatesResponse {
    soap::Optional<SyncInfo> result = {};
    bool operator==(const SyncUpdatesResponse&) const = default;
};

struct ReadySyncUpdatesResponse {
    soap::Optional<ReadySyncInfo> result = {};
    bool operator==(const ReadySyncUpdatesResponse&) const = default;
};

struct RefreshCache {
    soap::Optional<Cookie> cookie = {};
    soap::Optional<soap::Array<UpdateIdentity>> global_ids = {};
    bool operator==(const RefreshCache&) const = default;
};

struct RefreshCacheResponse {
    soap::Optional<soap::Array<RefreshCacheResult>> result = {};
    bool operator==(const RefreshCacheResponse&) const = default;
};

struct GetExtendedUpdateInfo {
    soap::Optional<Cookie> cookie = {};
    soap::Optional<soap::Array<std::int32_t>> revision_ids = {};
    soap::Optional<soap::Array<XmlUpdateFragmentType>> info_types = {};
    soap::Optional<soap::Array<std::string>> locales = {};
    soap::Optional<std::string> device_attributes = {};  ///< in no published definition
    soap::Optional<std::string> geo_id = {};
    soap::Optional<std::string> caller_attributes = {};
    bool operator==(const GetExtendedUpdateInfo&) const = default;
};

struct GetExtendedUpdateInfoResponse {
    soap::Optional<ExtendedUpdateInfo> result = {};
    bool operator==(const GetExtendedUpdateInfoResponse&) const = default;
};

struct ReadyGetExtendedUpdateInfoResponse {
    soap::Optional<ReadyExtendedUpdateInfo> result = {};
    bool operator==(const ReadyGetExtendedUpdateInfoResponse&) const = default;
};

struct GetExtendedUpdateInfo2 {
    soap::Optional<Cookie> cookie = {};
    soap::Optional<soap::Array<UpdateIdentity>> update_ids = {};
    soap::Optional<soap::Array<XmlUpdateFragmentType>> info_types = {};
    soap::Optional<soap::Array<std::string>> locales = {};
    soap::Optional<std::string> caller_attributes = {};
    bool operator==(const GetExtendedUpdateInfo2&) const = default;
};

struct GetExtendedUpdateInfo2Response {
    soap::Optional<ExtendedUpdateInfo2> result = {};
    bool operator==(const GetExtendedUpdateInfo2Response&) const = default;
};

struct GetFileLocations {
    soap::Optional<Cookie> cookie = {};
    soap::Optional<soap::Array<Bytes>> file_digests = {};
    bool operator==(const GetFileLocations&) const = default;
};

struct GetFileLocationsResponse {
    soap::Optional<GetFileLocationsResults> result = {};
    bool operator==(const GetFileLocationsResponse&) const = default;
};

const soap::Type& wire_type(soap::Tag<GetConfig>);
const soap::Type& wire_type(soap::Tag<GetConfigResponse>);
const soap::Type& wire_type(soap::Tag<GetCookie>);
const soap::Type& wire_type(soap::Tag<GetCookieResponse>);
const soap::Type& wire_type(soap::Tag<RegisterComputer>);
const soap::Type& wire_type(soap::Tag<RegisterComputerResponse>);
const soap::Type& wire_type(soap::Tag<StartCategoryScan>);
const soap::Type& wire_type(soap::Tag<StartCategoryScanResponse>);
const soap::Type& wire_type(soap::Tag<SyncUpdates>);
const soap::Type& wire_type(soap::Tag<SyncUpdatesResponse>);
const soap::Type& wire_type(soap::Tag<ReadySyncUpdatesResponse>);
const soap::Type& wire_type(soap::Tag<RefreshCache>);
const soap::Type& wire_type(soap::Tag<RefreshCacheResponse>);
const soap::Type& wire_type(soap::Tag<GetExtendedUpdateInfo>);
const soap::Type& wire_type(soap::Tag<GetExtendedUpdateInfoResponse>);
const soap::Type& wire_type(soap::Tag<ReadyGetExtendedUpdateInfoResponse>);
const soap::Type& wire_type(soap::Tag<GetExtendedUpdateInfo2>);
const soap::Type& wire_type(soap::Tag<GetExtendedUpdateInfo2Response>);
const soap::Type& wire_type(soap::Tag<GetFileLocations>);
const soap::Type& wire_type(soap::Tag<GetFileLocationsResponse>);

}  // namespace headwater::protocol::client
