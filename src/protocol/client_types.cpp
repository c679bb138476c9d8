// The tables of the types of the client service, in the order of the WSDL.

#include "protocol/client_types.hpp"

#include <array>

#include "soap/field.hpp"

namespace headwater::protocol::client {

using soap::attribute;
using soap::field;

const soap::Type& wire_type(soap::Tag<DeploymentAction>) {
    static constexpr std::array<std::string_view, 7> kNames{
        "OptionalInstall", "Install",  "Uninstall", "PreDeploymentCheck",
        "Block",           "Evaluate", "Bundle"};
    static constexpr soap::Type kType =
        soap::enumeration<DeploymentAction>("DeploymentAction", kNames);
    return kType;
}

const soap::Type& wire_type(soap::Tag<MetadataType>) {
    static constexpr std::array<std::string_view, 3> kNames{"Audience", "Update", "Admin"};
    static constexpr soap::Type kType = soap::enumeration<MetadataType>("MetadataType", kNames);
    return kType;
}

const soap::Type& wire_type(soap::Tag<XmlUpdateFragmentType>) {
    static constexpr std::array<std::string_view, 8> kNames{
        "Published",           "Core", "Extended", "VerificationRule",
        "LocalizedProperties", "Eula", "FileUrl",  "FileDecryption"};
    static constexpr soap::Type kType =
        soap::enumeration<XmlUpdateFragmentType>("XmlUpdateFragmentType", kNames);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ConfigurationProperty>) {
    static constexpr std::array kFields{field<&ConfigurationProperty::name>("Name"),
                                        field<&ConfigurationProperty::value>("Value")};
    static constexpr soap::Type kType = soap::structure("ConfigurationProperty", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<Config>) {
    static constexpr std::array kFields{
        field<&Config::last_change>("LastChange"),
        field<&Config::is_registration_required>("IsRegistrationRequired"),
        field<&Config::auth_info>("AuthInfo"), field<&Config::allowed_event_ids>("AllowedEventIds"),
        field<&Config::properties>("Properties")};
    static constexpr soap::Type kType = soap::structure("Config", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ComputerInfo>) {
    static constexpr std::array kFields{
        field<&ComputerInfo::dns_name>("DnsName"),
        field<&ComputerInfo::os_major_version>("OSMajorVersion"),
        field<&ComputerInfo::os_minor_version>("OSMinorVersion"),
        field<&ComputerInfo::os_build_number>("OSBuildNumber"),
        field<&ComputerInfo::os_service_pack_major_number>("OSServicePackMajorNumber"),
        field<&ComputerInfo::os_service_pack_minor_number>("OSServicePackMinorNumber"),
        field<&ComputerInfo::os_locale>("OSLocale"),
        field<&ComputerInfo::computer_manufacturer>("ComputerManufacturer"),
        field<&ComputerInfo::computer_model>("ComputerModel"),
        field<&ComputerInfo::bios_version>("BiosVersion"),
        field<&ComputerInfo::bios_name>("BiosName"),
        field<&ComputerInfo::bios_release_date>("BiosReleaseDate"),
        field<&ComputerInfo::processor_architecture>("ProcessorArchitecture"),
        field<&ComputerInfo::suite_mask>("SuiteMask"),
        field<&ComputerInfo::old_product_type>("OldProductType"),
        field<&ComputerInfo::new_product_type>("NewProductType"),
        field<&ComputerInfo::system_metrics>("SystemMetrics"),
        field<&ComputerInfo::client_version_major_number>("ClientVersionMajorNumber"),
        field<&ComputerInfo::client_version_minor_number>("ClientVersionMinorNumber"),
        field<&ComputerInfo::client_version_build_number>("ClientVersionBuildNumber"),
        field<&ComputerInfo::client_version_qfe_number>("ClientVersionQfeNumber"),
        field<&ComputerInfo::os_description>("OSDescription"),
        field<&ComputerInfo::oem>("OEM"),
        field<&ComputerInfo::device_type>("DeviceType"),
        field<&ComputerInfo::firmware_version>("FirmwareVersion"),
        field<&ComputerInfo::mobile_operator>("MobileOperator")};
    static constexpr soap::Type kType = soap::structure("ComputerInfo", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<CategoryRelationship>) {
    static constexpr std::array kFields{
        field<&CategoryRelationship::index_of_and_group>("IndexOfAndGroup"),
        field<&CategoryRelationship::category_id>("CategoryId")};
    static constexpr soap::Type kType = soap::structure("CategoryRelationship", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<CategoryIdentifier>) {
    static constexpr std::array kFields{field<&CategoryIdentifier::id>("Id")};
    static constexpr soap::Type kType = soap::structure("CategoryIdentifier", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<InstalledDriver>) {
    static constexpr std::array kFields{
        field<&InstalledDriver::matching_id>("MatchingID"),
        field<&InstalledDriver::driver_ver_date>("DriverVerDate"),
        field<&InstalledDriver::driver_ver_version>("DriverVerVersion"),
        field<&InstalledDriver::driver_class>("Class"),
        field<&InstalledDriver::manufacturer>("Manufacturer"),
        field<&InstalledDriver::provider>("Provider"),
        field<&InstalledDriver::model>("Model"),
        field<&InstalledDriver::matching_computer_hwid>("MatchingComputerHWID").nillable(),
        field<&InstalledDriver::driver_rank>("DriverRank")};
    static constexpr soap::Type kType = soap::structure("InstalledDriver", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ExtensionDriver>) {
    static constexpr std::array kFields{
        field<&ExtensionDriver::extension_id>("ExtensionId"),
        field<&ExtensionDriver::driver_ver_date>("DriverVerDate"),
        field<&ExtensionDriver::driver_ver_version>("DriverVerVersion"),
        field<&ExtensionDriver::driver_class>("Class"),
        field<&ExtensionDriver::driver_rank>("DriverRank"),
        field<&ExtensionDriver::matching_computer_hwid>("MatchingComputerHWID").nillable()};
    static constexpr soap::Type kType = soap::structure("extensionDriver", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<Device>) {
    static constexpr std::array kFields{
        field<&Device::hardware_ids>("HardwareIDs"),
        field<&Device::compatible_ids>("CompatibleIDs"),
        field<&Device::installed_driver>("installedDriver"),
        field<&Device::extension_driver>("extensionDriver"),
        field<&Device::driver_recovery_ids>("DriverRecoveryIDs").items("DriverRecoveryID"),
        field<&Device::device_flags>("DeviceFlags")};
    static constexpr soap::Type kType = soap::structure("Device", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ComputerHardwareSpecification>) {
    static constexpr std::array kFields{
        field<&ComputerHardwareSpecification::hardware_ids>("HardwareIDs")};
    static constexpr soap::Type kType = soap::structure("ComputerHardwareSpecification", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ProductsParameters>) {
    static constexpr std::array kFields{
        field<&ProductsParameters::sync_current_version_only>("SyncCurrentVersionOnly"),
        field<&ProductsParameters::device_attributes>("DeviceAttributes"),
        field<&ProductsParameters::caller_attributes>("CallerAttributes"),
        field<&ProductsParameters::products>("Products")};
    static constexpr soap::Type kType = soap::structure("ProductsParameters", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<SyncUpdateParameters>) {
    static constexpr std::array kFields{
        field<&SyncUpdateParameters::express_query>("ExpressQuery"),
        field<&SyncUpdateParameters::installed_non_leaf_update_ids>("InstalledNonLeafUpdateIDs"),
        field<&SyncUpdateParameters::other_cached_update_ids>("OtherCachedUpdateIDs"),
        field<&SyncUpdateParameters::system_spec>("SystemSpec"),
        field<&SyncUpdateParameters::cached_driver_ids>("CachedDriverIDs"),
        field<&SyncUpdateParameters::skip_software_sync>("SkipSoftwareSync"),
        field<&SyncUpdateParameters::filter_category_ids>("FilterCategoryIds"),
        field<&SyncUpdateParameters::need_two_group_out_of_scope_updates>(
            "NeedTwoGroupOutOfScopeUpdates"),
        field<&SyncUpdateParameters::also_perform_regular_sync>("AlsoPerformRegularSync"),
        field<&SyncUpdateParameters::computer_spec>("ComputerSpec"),
        field<&SyncUpdateParameters::feature_score_matching_key>("FeatureScoreMatchingKey"),
        field<&SyncUpdateParameters::products_parameters>("ProductsParameters")};
    static constexpr soap::Type kType = soap::structure("SyncUpdateParameters", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<Verification>) {
    static constexpr std::array kFields{
        attribute<&Verification::timestamp>("Timestamp"),
        attribute<&Verification::leaf_certificate_id>("LeafCertificateId"),
        attribute<&Verification::signature>("Signature"),
        attribute<&Verification::algorithm>("Algorithm")};
    static constexpr soap::Type kType = soap::structure("Verification", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ClientMetadata>) {
    static constexpr std::array kFields{field<&ClientMetadata::metadata_type>("MetadataType"),
                                        field<&ClientMetadata::metadata>("Metadata"),
                                        field<&ClientMetadata::verification>("Verification")};
    static constexpr soap::Type kType = soap::structure("ClientMetadata", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<Deployment>) {
    static constexpr std::array kFields{
        field<&Deployment::id>("ID"),
        field<&Deployment::action>("Action"),
        field<&Deployment::deadline>("Deadline"),
        field<&Deployment::is_assigned>("IsAssigned"),
        field<&Deployment::last_change_time>("LastChangeTime"),
        field<&Deployment::download_priority>("DownloadPriority"),
        field<&Deployment::hardware_ids>("HardwareIds"),
        field<&Deployment::auto_select>("AutoSelect"),
        field<&Deployment::auto_download>("AutoDownload"),
        field<&Deployment::supersedence_behavior>("SupersedenceBehavior"),
        field<&Deployment::flag_bitmask>("FlagBitmask"),
        field<&Deployment::client_behaviors>("ClientBehaviors")};
    static constexpr soap::Type kType = soap::structure("Deployment", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<UpdateInfo>) {
    static constexpr std::array kFields{
        field<&UpdateInfo::id>("ID"), field<&UpdateInfo::deployment>("Deployment"),
        field<&UpdateInfo::is_leaf>("IsLeaf"), field<&UpdateInfo::xml>("Xml")};
    static constexpr soap::Type kType = soap::structure("UpdateInfo", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<SyncInfo>) {
    static constexpr std::array kFields{
        field<&SyncInfo::new_updates>("NewUpdates"),
        field<&SyncInfo::out_of_scope_revision_ids>("OutOfScopeRevisionIDs"),
        field<&SyncInfo::changed_updates>("ChangedUpdates"),
        field<&SyncInfo::truncated>("Truncated"),
        field<&SyncInfo::new_cookie>("NewCookie"),
        field<&SyncInfo::deployed_out_of_scope_revision_ids>("DeployedOutOfScopeRevisionIds"),
        field<&SyncInfo::driver_sync_not_needed>("DriverSyncNotNeeded")};
    static constexpr soap::Type kType = soap::structure("SyncInfo", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ReadySyncInfo>) {
    static constexpr std::array kFields{
        field<&ReadySyncInfo::new_updates>("NewUpdates"),
        field<&ReadySyncInfo::out_of_scope_revision_ids>("OutOfScopeRevisionIDs"),
        field<&ReadySyncInfo::changed_updates>("ChangedUpdates"),
        field<&ReadySyncInfo::truncated>("Truncated"),
        field<&ReadySyncInfo::new_cookie>("NewCookie"),
        field<&ReadySyncInfo::deployed_out_of_scope_revision_ids>("DeployedOutOfScopeRevisionIds"),
        field<&ReadySyncInfo::driver_sync_not_needed>("DriverSyncNotNeeded")};
    static constexpr soap::Type kType = soap::structure("SyncInfo", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<RefreshCacheResult>) {
    static constexpr std::array kFields{field<&RefreshCacheResult::revision_id>("RevisionID"),
                                        field<&RefreshCacheResult::global_id>("GlobalID"),
                                        field<&RefreshCacheResult::is_leaf>("IsLeaf"),
                                        field<&RefreshCacheResult::deployment>("Deployment")};
    static constexpr soap::Type kType = soap::structure("RefreshCacheResult", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<UpdateData>) {
    static constexpr std::array kFields{field<&UpdateData::id>("ID"),
                                        field<&UpdateData::xml>("Xml")};
    static constexpr soap::Type kType = soap::structure("UpdateData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<FileLocation>) {
    static constexpr std::array kFields{
        field<&FileLocation::file_digest>("FileDigest"),
        field<&FileLocation::url>("Url"),
        field<&FileLocation::pieces_hash_url>("PiecesHashUrl"),
        field<&FileLocation::block_map_url>("BlockMapUrl"),
        field<&FileLocation::decryption_information>("DecryptionInformation"),
        field<&FileLocation::file_digest_algorithm>("FileDigestAlgorithm"),
        field<&FileLocation::encrypted_file_digest>("EncryptedFileDigest"),
        field<&FileLocation::encrypted_file_digest_algorithm>("EncryptedFileDigestAlgorithm")};
    static constexpr soap::Type kType = soap::structure("FileLocation", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ExtendedUpdateInfo>) {
    static constexpr std::array kFields{
        field<&ExtendedUpdateInfo::updates>("Updates").items("Update"),
        field<&ExtendedUpdateInfo::file_locations>("FileLocations"),
        field<&ExtendedUpdateInfo::out_of_scope_revision_ids>("OutOfScopeRevisionIDs")};
    static constexpr soap::Type kType = soap::structure("ExtendedUpdateInfo", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ReadyExtendedUpdateInfo>) {
    static constexpr std::array kFields{
        field<&ReadyExtendedUpdateInfo::updates>("Updates").items("Update"),
        field<&ReadyExtendedUpdateInfo::file_locations>("FileLocations"),
        field<&ReadyExtendedUpdateInfo::out_of_scope_revision_ids>("OutOfScopeRevisionIDs")};
    static constexpr soap::Type kType = soap::structure("ExtendedUpdateInfo", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<FileDecryption>) {
    static constexpr std::array kFields{field<&FileDecryption::file_digest>("FileDigest"),
                                        field<&FileDecryption::decryption_key>("DecryptionKey"),
                                        field<&FileDecryption::security_data>("SecurityData")};
    static constexpr soap::Type kType = soap::structure("FileDecryption", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<FileDecryption2>) {
    static constexpr std::array kFields{field<&FileDecryption2::file_digest>("FileDigest"),
                                        field<&FileDecryption2::decryption_key>("DecryptionKey"),
                                        field<&FileDecryption2::security_data>("SecurityData")};
    static constexpr soap::Type kType = soap::structure("FileDecryption2", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<UpdateEncryptionDetail>) {
    static constexpr std::array kFields{
        field<&UpdateEncryptionDetail::update_identity>("UpdateIdentity"),
        field<&UpdateEncryptionDetail::has_encrypted_files>("HasEncryptedFiles")};
    static constexpr soap::Type kType = soap::structure("UpdateEncryptionDetail", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ExtendedUpdateInfo2>) {
    static constexpr std::array kFields{
        field<&ExtendedUpdateInfo2::updates>("Updates").items("Update"),
        field<&ExtendedUpdateInfo2::file_locations>("FileLocations"),
        field<&ExtendedUpdateInfo2::file_decryption_data>("FileDecryptionData"),
        field<&ExtendedUpdateInfo2::file_decryption_data2>("FileDecryptionData2"),
        field<&ExtendedUpdateInfo2::update_encryption_details>("UpdateEncryptionDetails")};
    static constexpr soap::Type kType = soap::structure("ExtendedUpdateInfo2", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetFileLocationsResults>) {
    static constexpr std::array kFields{
        field<&GetFileLocationsResults::file_locations>("FileLocations"),
        field<&GetFileLocationsResults::new_cookie>("NewCookie")};
    static constexpr soap::Type kType = soap::structure("GetFileLocationsResults", kFields);
    return kType;
}

}  // namespace headwater::protocol::client
