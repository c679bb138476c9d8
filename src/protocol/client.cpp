// The tables of the messages of the client service, in the order of the WSDL.

#include "protocol/client.hpp"

#include <array>

#include "soap/field.hpp"

namespace headwater::protocol::client {

using soap::field;

const soap::Type& wire_type(soap::Tag<GetConfig>) {
    static constexpr std::array kFields{field<&GetConfig::protocol_version>("protocolVersion")};
    static constexpr soap::Type kType = soap::structure("GetConfig", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetConfigResponse>) {
    static constexpr std::array kFields{field<&GetConfigResponse::result>("GetConfigResult")};
    static constexpr soap::Type kType = soap::structure("GetConfigResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetCookie>) {
    static constexpr std::array kFields{field<&GetCookie::auth_cookies>("authCookies"),
                                        field<&GetCookie::old_cookie>("oldCookie"),
                                        field<&GetCookie::last_change>("lastChange"),
                                        field<&GetCookie::current_time>("currentTime"),
                                        field<&GetCookie::protocol_version>("protocolVersion")};
    static constexpr soap::Type kType = soap::structure("GetCookie", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetCookieResponse>) {
    static constexpr std::array kFields{field<&GetCookieResponse::result>("GetCookieResult")};
    static constexpr soap::Type kType = soap::structure("GetCookieResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<RegisterComputer>) {
    static constexpr std::array kFields{field<&RegisterComputer::cookie>("cookie"),
                                        field<&RegisterComputer::computer_info>("computerInfo")};
    static constexpr soap::Type kType = soap::structure("RegisterComputer", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<RegisterComputerResponse>) {
    static constexpr soap::Type kType = soap::structure("RegisterComputerResponse", {});
    return kType;
}

const soap::Type& wire_type(soap::Tag<StartCategoryScan>) {
    static constexpr std::array kFields{
        field<&StartCategoryScan::requested_categories>("requestedCategories")};
    static constexpr soap::Type kType = soap::structure("StartCategoryScan", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<StartCategoryScanResponse>) {
    static constexpr std::array kFields{
        field<&StartCategoryScanResponse::preferred_category_ids>("preferredCategoryIds"),
        field<&StartCategoryScanResponse::requested_category_ids_in_error>(
            "requestedCategoryIdsInError")};
    static constexpr soap::Type kType = soap::structure("StartCategoryScanResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<SyncUpdates>) {
    static constexpr std::array kFields{field<&SyncUpdates::cookie>("cookie"),
                                        field<&SyncUpdates::parameters>("parameters")};
    static constexpr soap::Type kType = soap::structure("SyncUpdates", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<SyncUpdatesResponse>) {
    static constexpr std::array kFields{field<&SyncUpdatesResponse::result>("SyncUpdatesResult")};
    static constexpr soap::Type kType = soap::structure("SyncUpdatesResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ReadySyncUpdatesResponse>) {
    static constexpr std::array kFields{
        field<&ReadySyncUpdatesResponse::result>("SyncUpdatesResult")};
    static constexpr soap::Type kType = soap::structure("SyncUpdatesResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<RefreshCache>) {
    static constexpr std::array kFields{field<&RefreshCache::cookie>("cookie"),
                                        field<&RefreshCache::global_ids>("globalIDs")};
    static constexpr soap::Type kType = soap::structure("RefreshCache", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<RefreshCacheResponse>) {
    static constexpr std::array kFields{field<&RefreshCacheResponse::result>("RefreshCacheResult")};
    static constexpr soap::Type kType = soap::structure("RefreshCacheResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetExtendedUpdateInfo>) {
    static constexpr std::array kFields{
        field<&GetExtendedUpdateInfo::cookie>("cookie"),
        field<&GetExtendedUpdateInfo::revision_ids>("revisionIDs"),
        field<&GetExtendedUpdateInfo::info_types>("infoTypes"),
        field<&GetExtendedUpdateInfo::locales>("locales"),
        field<&GetExtendedUpdateInfo::device_attributes>("deviceAttributes"),
        field<&GetExtendedUpdateInfo::geo_id>("GeoId"),
        field<&GetExtendedUpdateInfo::caller_attributes>("callerAttributes")};
    static constexpr soap::Type kType = soap::structure("GetExtendedUpdateInfo", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetExtendedUpdateInfoResponse>) {
    static constexpr std::array kFields{
        field<&GetExtendedUpdateInfoResponse::result>("GetExtendedUpdateInfoResult")};
    static constexpr soap::Type kType = soap::structure("GetExtendedUpdateInfoResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ReadyGetExtendedUpdateInfoResponse>) {
    static constexpr std::array kFields{
        field<&ReadyGetExtendedUpdateInfoResponse::result>("GetExtendedUpdateInfoResult")};
    static constexpr soap::Type kType = soap::structure("GetExtendedUpdateInfoResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetExtendedUpdateInfo2>) {
    static constexpr std::array kFields{
        field<&GetExtendedUpdateInfo2::cookie>("cookie"),
        field<&GetExtendedUpdateInfo2::update_ids>("updateIDs"),
        field<&GetExtendedUpdateInfo2::info_types>("infoTypes"),
        field<&GetExtendedUpdateInfo2::locales>("locales"),
        field<&GetExtendedUpdateInfo2::caller_attributes>("callerAttributes")};
    static constexpr soap::Type kType = soap::structure("GetExtendedUpdateInfo2", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetExtendedUpdateInfo2Response>) {
    static constexpr std::array kFields{
        field<&GetExtendedUpdateInfo2Response::result>("GetExtendedUpdateInfo2Result")};
    static constexpr soap::Type kType = soap::structure("GetExtendedUpdateInfo2Response", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetFileLocations>) {
    static constexpr std::array kFields{field<&GetFileLocations::cookie>("cookie"),
                                        field<&GetFileLocations::file_digests>("fileDigests")};
    static constexpr soap::Type kType = soap::structure("GetFileLocations", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetFileLocationsResponse>) {
    static constexpr std::array kFields{
        field<&GetFileLocationsResponse::result>("GetFileLocationsResult")};
    static constexpr soap::Type kType = soap::structure("GetFileLocationsResponse", kFields);
    return kType;
}

}  // namespace headwater::protocol::client
