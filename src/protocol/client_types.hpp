#pragma once
// What the messages of the client service are made of. [MS-WUSP] 2.2.2.2. Values; any thread.

#include <cstdint>
#include <string>

#include "protocol/common.hpp"

namespace headwater::protocol::client {

enum class DeploymentAction : std::uint8_t {
    kOptionalInstall,
    kInstall,
    kUninstall,
    kPreDeploymentCheck,
    kBlock,
    kEvaluate,
    kBundle
};

enum class MetadataType : std::uint8_t { kAudience, kUpdate, kAdmin };

enum class XmlUpdateFragmentType : std::uint8_t {
    kPublished,
    kCore,
    kExtended,
    kVerificationRule,
    kLocalizedProperties,
    kEula,
    kFileUrl,
    kFileDecryption
};

struct ConfigurationProperty {
    soap::Optional<std::string> name = {};
    soap::Optional<std::string> value = {};
    bool operator==(const ConfigurationProperty&) const = default;
};

struct Config {
    Time last_change = {};
    bool is_registration_required = false;
    soap::Optional<soap::Array<AuthPlugInInfo>> auth_info = {};
    soap::Optional<soap::Array<std::int32_t>> allowed_event_ids = {};
    soap::Optional<soap::Array<ConfigurationProperty>> properties = {};
    bool operator==(const Config&) const = default;
};

struct ComputerInfo {
    soap::Optional<std::string> dns_name = {};
    std::int32_t os_major_version = 0;
    std::int32_t os_minor_version = 0;
    std::int32_t os_build_number = 0;
    std::int16_t os_service_pack_major_number = 0;
    std::int16_t os_service_pack_minor_number = 0;
    soap::Optional<std::string> os_locale = {};
    soap::Optional<std::string> computer_manufacturer = {};
    soap::Optional<std::string> computer_model = {};
    soap::Optional<std::string> bios_version = {};
    soap::Optional<std::string> bios_name = {};
    Time bios_release_date = {};
    soap::Optional<std::string> processor_architecture = {};
    std::int16_t suite_mask = 0;
    std::uint8_t old_product_type = 0;
    std::int32_t new_product_type = 0;
    std::int32_t system_metrics = 0;
    std::int16_t client_version_major_number = 0;
    std::int16_t client_version_minor_number = 0;
    std::int16_t client_version_build_number = 0;
    std::int16_t client_version_qfe_number = 0;
    soap::Optional<std::string> os_description = {};
    soap::Optional<std::string> oem = {};
    soap::Optional<std::string> device_type = {};
    soap::Optional<std::string> firmware_version = {};
    soap::Optional<std::string> mobile_operator = {};
    bool operator==(const ComputerInfo&) const = default;
};

struct CategoryRelationship {
    std::int32_t index_of_and_group = 0;
    Guid category_id = {};
    bool operator==(const CategoryRelationship&) const = default;
};

struct CategoryIdentifier {
    Guid id = {};
    bool operator==(const CategoryIdentifier&) const = default;
};

struct InstalledDriver {
    soap::Optional<std::string> matching_id = {};
    Time driver_ver_date = {};
    std::int64_t driver_ver_version = 0;
    soap::Optional<std::string> driver_class = {};
    soap::Optional<std::string> manufacturer = {};
    soap::Optional<std::string> provider = {};
    soap::Optional<std::string> model = {};
    soap::Optional<Guid> matching_computer_hwid = {};
    std::int32_t driver_rank = 0;
    bool operator==(const InstalledDriver&) const = default;
};

struct ExtensionDriver {
    std::string extension_id = {};
    Time driver_ver_date = {};
    std::int64_t driver_ver_version = 0;
    std::string driver_class = {};
    std::int32_t driver_rank = 0;
    soap::Optional<Guid> matching_computer_hwid = {};
    bool operator==(const ExtensionDriver&) const = default;
};

struct Device {
    soap::Optional<soap::Array<std::string>> hardware_ids = {};
    soap::Optional<soap::Array<std::string>> compatible_ids = {};
    soap::Optional<InstalledDriver> installed_driver = {};
    soap::Optional<soap::Array<ExtensionDriver>> extension_driver = {};
    soap::Optional<soap::Array<std::string>> driver_recovery_ids = {};
    soap::Optional<std::uint8_t> device_flags = {};
    bool operator==(const Device&) const = default;
};

struct ComputerHardwareSpecification {
    soap::Optional<soap::Array<Guid>> hardware_ids = {};
    bool operator==(const ComputerHardwareSpecification&) const = default;
};

/// In no published definition; today's agents send it, with Products always empty where it was
/// seen.
struct ProductsParameters {
    bool sync_current_version_only = false;
    soap::Optional<std::string> device_attributes = {};  ///< "Key=Value;Key=Value;"
    soap::Optional<std::string> caller_attributes = {};
    soap::Optional<std::string> products = {};
    bool operator==(const ProductsParameters&) const = default;
};

struct SyncUpdateParameters {
    bool express_query = false;
    soap::Optional<soap::Array<std::int32_t>> installed_non_leaf_update_ids = {};
    soap::Optional<soap::Array<std::int32_t>> other_cached_update_ids = {};
    soap::Optional<soap::Array<Device>> system_spec = {};
    soap::Optional<soap::Array<std::int32_t>> cached_driver_ids = {};
    bool skip_software_sync = false;
    soap::Optional<soap::Array<CategoryIdentifier>> filter_category_ids = {};
    soap::Optional<bool> need_two_group_out_of_scope_updates = {};
    soap::Optional<bool> also_perform_regular_sync = {};  ///< in no published definition
    soap::Optional<ComputerHardwareSpecification> computer_spec = {};
    soap::Optional<std::string> feature_score_matching_key = {};
    soap::Optional<ProductsParameters> products_parameters = {};
    bool operator==(const SyncUpdateParameters&) const = default;
};

/// A signature over ClientMetadata; all of it stands in attributes.
struct Verification {
    Time timestamp = {};
    std::uint32_t leaf_certificate_id = 0;
    Bytes signature = {};
    std::string algorithm = {};
    bool operator==(const Verification&) const = default;
};

struct ClientMetadata {
    MetadataType metadata_type = MetadataType::kAudience;
    std::string metadata = {};
    soap::Optional<Verification> verification = {};
    bool operator==(const ClientMetadata&) const = default;
};

struct Deployment {
    std::int32_t id = 0;
    DeploymentAction action = DeploymentAction::kOptionalInstall;
    soap::Optional<std::string> deadline = {};
    bool is_assigned = false;
    std::string last_change_time = {};  ///< a date alone, "2026-10-04"
    soap::Optional<std::string> download_priority = {};
    soap::Optional<soap::Array<std::string>> hardware_ids = {};
    soap::Optional<std::string> auto_select = {};
    soap::Optional<std::string> auto_download = {};
    soap::Optional<std::string> supersedence_behavior = {};
    soap::Optional<std::string> flag_bitmask = {};
    soap::Optional<soap::Array<ClientMetadata>> client_behaviors = {};
    bool operator==(const Deployment&) const = default;
};

struct UpdateInfo {
    std::int32_t id = 0;
    soap::Optional<Deployment> deployment = {};
    bool is_leaf = false;
    soap::Optional<std::string> xml = {};  ///< the Core fragment
    bool operator==(const UpdateInfo&) const = default;
};

/// @tparam Updates  Array<UpdateInfo> or, for items that are ready on the wire, a Raw of it
template <typename Updates>
struct SyncInfoOf {
    soap::Optional<Updates> new_updates = {};
    soap::Optional<soap::Array<std::int32_t>> out_of_scope_revision_ids = {};
    soap::Optional<Updates> changed_updates = {};
    bool truncated = false;
    soap::Optional<Cookie> new_cookie = {};
    soap::Optional<soap::Array<std::int32_t>> deployed_out_of_scope_revision_ids = {};
    soap::Optional<std::string> driver_sync_not_needed = {};  ///< "true" or "false"
    bool operator==(const SyncInfoOf&) const = default;
};
using SyncInfo = SyncInfoOf<soap::Array<UpdateInfo>>;
using ReadySyncInfo = SyncInfoOf<soap::Raw<soap::Array<UpdateInfo>>>;

struct RefreshCacheResult {
    std::int32_t revision_id = 0;
    soap::Optional<UpdateIdentity> global_id = {};
    bool is_leaf = false;
    soap::Optional<Deployment> deployment = {};
    bool operator==(const RefreshCacheResult&) const = default;
};

/// One fragment of one revision. Its items are named "Update".
struct UpdateData {
    std::int32_t id = 0;
    soap::Optional<std::string> xml = {};
    bool operator==(const UpdateData&) const = default;
};

struct FileLocation {
    soap::Optional<Bytes> file_digest = {};
    soap::Optional<std::string> url = {};
    soap::Optional<std::string> pieces_hash_url = {};
    soap::Optional<std::string> block_map_url = {};
    soap::Optional<std::string> decryption_information = {};
    soap::Optional<std::string> file_digest_algorithm = {};
    soap::Optional<Bytes> encrypted_file_digest = {};
    soap::Optional<std::string> encrypted_file_digest_algorithm = {};
    bool operator==(const FileLocation&) const = default;
};

/// @tparam Updates  Array<UpdateData> or, for items that are ready on the wire, a Raw of it
template <typename Updates>
struct ExtendedUpdateInfoOf {
    soap::Optional<Updates> updates = {};
    soap::Optional<soap::Array<FileLocation>> file_locations = {};
    soap::Optional<soap::Array<std::int32_t>> out_of_scope_revision_ids = {};
    bool operator==(const ExtendedUpdateInfoOf&) const = default;
};
using ExtendedUpdateInfo = ExtendedUpdateInfoOf<soap::Array<UpdateData>>;
using ReadyExtendedUpdateInfo = ExtendedUpdateInfoOf<soap::Raw<soap::Array<UpdateData>>>;

struct FileDecryption {
    soap::Optional<Bytes> file_digest = {};
    soap::Optional<Bytes> decryption_key = {};
    soap::Optional<soap::Array<Bytes>> security_data = {};
    bool operator==(const FileDecryption&) const = default;
};

struct FileDecryption2 {
    soap::Optional<Bytes> file_digest = {};
    soap::Optional<Bytes> decryption_key = {};
    soap::Optional<soap::Array<Bytes>> security_data = {};
    bool operator==(const FileDecryption2&) const = default;
};

struct UpdateEncryptionDetail {
    UpdateIdentity update_identity = {};
    bool has_encrypted_files = false;
    bool operator==(const UpdateEncryptionDetail&) const = default;
};

struct ExtendedUpdateInfo2 {
    soap::Optional<soap::Array<UpdateData>> updates = {};
    soap::Optional<soap::Array<FileLocation>> file_locations = {};
    soap::Optional<soap::Array<FileDecryption>> file_decryption_data = {};
    soap::Optional<soap::Array<FileDecryption2>> file_decryption_data2 = {};
    soap::Optional<soap::Array<UpdateEncryptionDetail>> update_encryption_details = {};
    bool operator==(const ExtendedUpdateInfo2&) const = default;
};

struct GetFileLocationsResults {
    soap::Optional<soap::Array<FileLocation>> file_locations = {};
    soap::Optional<Cookie> new_cookie = {};
    bool operator==(const GetFileLocationsResults&) const = default;
};

const soap::Type& wire_type(soap::Tag<DeploymentAction>);
const soap::Type& wire_type(soap::Tag<MetadataType>);
const soap::Type& wire_type(soap::Tag<XmlUpdateFragmentType>);
const soap::Type& wire_type(soap::Tag<ConfigurationProperty>);
const soap::Type& wire_type(soap::Tag<Config>);
const soap::Type& wire_type(soap::Tag<ComputerInfo>);
const soap::Type& wire_type(soap::Tag<CategoryRelationship>);
const soap::Type& wire_type(soap::Tag<CategoryIdentifier>);
const soap::Type& wire_type(soap::Tag<InstalledDriver>);
const soap::Type& wire_type(soap::Tag<ExtensionDriver>);
const soap::Type& wire_type(soap::Tag<Device>);
const soap::Type& wire_type(soap::Tag<ComputerHardwareSpecification>);
const soap::Type& wire_type(soap::Tag<ProductsParameters>);
const soap::Type& wire_type(soap::Tag<SyncUpdateParameters>);
const soap::Type& wire_type(soap::Tag<Verification>);
const soap::Type& wire_type(soap::Tag<ClientMetadata>);
const soap::Type& wire_type(soap::Tag<Deployment>);
const soap::Type& wire_type(soap::Tag<UpdateInfo>);
const soap::Type& wire_type(soap::Tag<SyncInfo>);
const soap::Type& wire_type(soap::Tag<ReadySyncInfo>);
const soap::Type& wire_type(soap::Tag<RefreshCacheResult>);
const soap::Type& wire_type(soap::Tag<UpdateData>);
const soap::Type& wire_type(soap::Tag<FileLocation>);
const soap::Type& wire_type(soap::Tag<ExtendedUpdateInfo>);
const soap::Type& wire_type(soap::Tag<ReadyExtendedUpdateInfo>);
const soap::Type& wire_type(soap::Tag<FileDecryption>);
const soap::Type& wire_type(soap::Tag<FileDecryption2>);
const soap::Type& wire_type(soap::Tag<UpdateEncryptionDetail>);
const soap::Type& wire_type(soap::Tag<ExtendedUpdateInfo2>);
const soap::Type& wire_type(soap::Tag<GetFileLocationsResults>);

}  // namespace headwater::protocol::client
