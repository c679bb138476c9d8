// The tables of ServerSync, in the order of the WSDL.

#include "protocol/server_sync.hpp"

#include <array>

#include "soap/field.hpp"

namespace headwater::protocol::server_sync {

using soap::field;

const soap::Type& wire_type(soap::Tag<GetAuthConfig>) {
    static constexpr soap::Type kType = soap::structure("GetAuthConfig", {});
    return kType;
}

const soap::Type& wire_type(soap::Tag<ServerAuthConfig>) {
    static constexpr std::array kFields{
        field<&ServerAuthConfig::last_change>("LastChange"),
        field<&ServerAuthConfig::auth_info>("AuthInfo"),
        field<&ServerAuthConfig::allowed_event_ids>("AllowedEventIds")};
    static constexpr soap::Type kType = soap::structure("ServerAuthConfig", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetAuthConfigResponse>) {
    static constexpr std::array kFields{
        field<&GetAuthConfigResponse::result>("GetAuthConfigResult")};
    static constexpr soap::Type kType = soap::structure("GetAuthConfigResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetCookie>) {
    static constexpr std::array kFields{field<&GetCookie::auth_cookies>("authCookies"),
                                        field<&GetCookie::old_cookie>("oldCookie"),
                                        field<&GetCookie::protocol_version>("protocolVersion")};
    static constexpr soap::Type kType = soap::structure("GetCookie", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetCookieResponse>) {
    static constexpr std::array kFields{field<&GetCookieResponse::result>("GetCookieResult")};
    static constexpr soap::Type kType = soap::structure("GetCookieResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetConfigData>) {
    static constexpr std::array kFields{field<&GetConfigData::cookie>("cookie"),
                                        field<&GetConfigData::config_anchor>("configAnchor")};
    static constexpr soap::Type kType = soap::structure("GetConfigData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ServerSyncLanguageData>) {
    static constexpr std::array kFields{
        field<&ServerSyncLanguageData::language_id>("LanguageID"),
        field<&ServerSyncLanguageData::short_language>("ShortLanguage"),
        field<&ServerSyncLanguageData::long_language>("LongLanguage"),
        field<&ServerSyncLanguageData::enabled>("Enabled")};
    static constexpr soap::Type kType = soap::structure("ServerSyncLanguageData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ServerSyncConfigData>) {
    static constexpr std::array kFields{
        field<&ServerSyncConfigData::catalog_only_sync>("CatalogOnlySync"),
        field<&ServerSyncConfigData::lazy_sync>("LazySync"),
        field<&ServerSyncConfigData::server_hosts_psf_files>("ServerHostsPsfFiles"),
        field<&ServerSyncConfigData::max_number_of_computer_ids_in_request>(
            "MaxNumberOfComputerIdsInRequest"),
        field<&ServerSyncConfigData::max_number_of_driver_sets_per_request>(
            "MaxNumberOfDriverSetsPerRequest"),
        field<&ServerSyncConfigData::max_number_of_pnp_hardware_ids_in_request>(
            "MaxNumberOfPnpHardwareIdsInRequest"),
        field<&ServerSyncConfigData::max_number_of_updates_per_request>(
            "MaxNumberOfUpdatesPerRequest"),
        field<&ServerSyncConfigData::new_config_anchor>("NewConfigAnchor"),
        field<&ServerSyncConfigData::protocol_version>("ProtocolVersion"),
        field<&ServerSyncConfigData::language_update_list>("LanguageUpdateList"),
        field<&ServerSyncConfigData::max_updates_per_request_in_get_update_decryption_data>(
            "MaxUpdatesPerRequestInGetUpdateDecryptionData")};
    static constexpr soap::Type kType = soap::structure("ServerSyncConfigData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetConfigDataResponse>) {
    static constexpr std::array kFields{
        field<&GetConfigDataResponse::result>("GetConfigDataResult")};
    static constexpr soap::Type kType = soap::structure("GetConfigDataResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ProtocolVersion>) {
    static constexpr soap::Type kType = soap::structure("Version", {});
    return kType;
}

const soap::Type& wire_type(soap::Tag<IdAndDelta>) {
    static constexpr std::array kFields{field<&IdAndDelta::id>("Id"),
                                        field<&IdAndDelta::delta>("Delta")};
    static constexpr soap::Type kType = soap::structure("IdAndDelta", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<LanguageAndDelta>) {
    static constexpr std::array kFields{field<&LanguageAndDelta::id>("Id"),
                                        field<&LanguageAndDelta::delta>("Delta")};
    static constexpr soap::Type kType = soap::structure("LanguageAndDelta", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ServerSyncFilter>) {
    static constexpr std::array kFields{
        field<&ServerSyncFilter::dss_protocol_version>("DssProtocolVersion"),
        field<&ServerSyncFilter::anchor>("Anchor"),
        field<&ServerSyncFilter::get_config>("GetConfig"),
        field<&ServerSyncFilter::get63_language_only>("Get63LanguageOnly"),
        field<&ServerSyncFilter::categories>("Categories"),
        field<&ServerSyncFilter::classifications>("Classifications"),
        field<&ServerSyncFilter::languages>("Languages")};
    static constexpr soap::Type kType = soap::structure("ServerSyncFilter", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetRevisionIdList>) {
    static constexpr std::array kFields{field<&GetRevisionIdList::cookie>("cookie"),
                                        field<&GetRevisionIdList::filter>("filter")};
    static constexpr soap::Type kType = soap::structure("GetRevisionIdList", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<RevisionIdList>) {
    static constexpr std::array kFields{
        field<&RevisionIdList::anchor>("Anchor"),
        field<&RevisionIdList::new_revisions>("NewRevisions").minor()};
    static constexpr soap::Type kType = soap::structure("RevisionIdList", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetRevisionIdListResponse>) {
    static constexpr std::array kFields{
        field<&GetRevisionIdListResponse::result>("GetRevisionIdListResult")};
    static constexpr soap::Type kType = soap::structure("GetRevisionIdListResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetUpdateData>) {
    static constexpr std::array kFields{field<&GetUpdateData::cookie>("cookie"),
                                        field<&GetUpdateData::update_ids>("updateIds")};
    static constexpr soap::Type kType = soap::structure("GetUpdateData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ServerSyncUpdateData>) {
    static constexpr std::array kFields{
        field<&ServerSyncUpdateData::id>("Id"),
        field<&ServerSyncUpdateData::xml_update_blob>("XmlUpdateBlob"),
        field<&ServerSyncUpdateData::file_digest_list>("FileDigestList"),
        field<&ServerSyncUpdateData::xml_update_blob_compressed>("XmlUpdateBlobCompressed")};
    static constexpr soap::Type kType = soap::structure("ServerSyncUpdateData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ServerSyncUrlData>) {
    static constexpr std::array kFields{field<&ServerSyncUrlData::file_digest>("FileDigest"),
                                        field<&ServerSyncUrlData::mu_url>("MUUrl"),
                                        field<&ServerSyncUrlData::uss_url>("UssUrl"),
                                        field<&ServerSyncUrlData::decryption_key>("DecryptionKey")};
    static constexpr soap::Type kType = soap::structure("ServerSyncUrlData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ServerUpdateData>) {
    static constexpr std::array kFields{field<&ServerUpdateData::updates>("updates").minor(),
                                        field<&ServerUpdateData::file_urls>("fileUrls").minor()};
    static constexpr soap::Type kType = soap::structure("ServerUpdateData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ReadyServerUpdateData>) {
    static constexpr std::array kFields{
        field<&ReadyServerUpdateData::updates>("updates").minor(),
        field<&ReadyServerUpdateData::file_urls>("fileUrls").minor()};
    static constexpr soap::Type kType = soap::structure("ServerUpdateData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetUpdateDataResponse>) {
    static constexpr std::array kFields{
        field<&GetUpdateDataResponse::result>("GetUpdateDataResult")};
    static constexpr soap::Type kType = soap::structure("GetUpdateDataResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ReadyGetUpdateDataResponse>) {
    static constexpr std::array kFields{
        field<&ReadyGetUpdateDataResponse::result>("GetUpdateDataResult")};
    static constexpr soap::Type kType = soap::structure("GetUpdateDataResponse", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<DownloadFiles>) {
    static constexpr std::array kFields{field<&DownloadFiles::cookie>("cookie"),
                                        field<&DownloadFiles::file_digest_list>("fileDigestList")};
    static constexpr soap::Type kType = soap::structure("DownloadFiles", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<DownloadFilesResponse>) {
    static constexpr soap::Type kType = soap::structure("DownloadFilesResponse", {});
    return kType;
}

}  // namespace headwater::protocol::server_sync
