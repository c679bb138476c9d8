#pragma once
// The reporting service as agents call it: their events. [MS-WUSP] 2.2.2.3, 3.1.5.11. Values; any
// thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/common.hpp"

namespace headwater::protocol::client_reporting {

inline constexpr std::string_view kName = "WebService";
inline constexpr std::string_view kNamespace = "http://www.microsoft.com/SoftwareDistribution";
inline constexpr std::string_view kPath = "/ReportingWebService/ReportingWebService.asmx";

/// An architecture that is newer than this list reads as kUnknown: the event counts all the same.
enum class ProcessorArchitecture : std::uint8_t {
    kUnknown,
    kX86Compatible,
    kIA64Compatible,
    kAmd64Compatible
};

struct ComputerTargetIdentifier {
    soap::Optional<std::string> sid = {};  ///< the agent's clientId
    bool operator==(const ComputerTargetIdentifier&) const = default;
};

struct UpdateRevisionIdentifier {
    Guid update_id = {};
    std::int32_t revision_number = 0;
    bool operator==(const UpdateRevisionIdentifier&) const = default;
};

struct BasicData {
    soap::Optional<ComputerTargetIdentifier> target_id = {};
    std::int32_t sequence_number = 0;
    Time time_at_target = {};
    Guid event_instance_id = {};
    std::int32_t namespace_id = 0;
    std::int16_t event_id = 0;
    std::int16_t source_id = 0;
    soap::Optional<UpdateRevisionIdentifier> update_id = {};
    std::int32_t win32_hresult = 0;
    soap::Optional<std::string> app_name = {};
    bool operator==(const BasicData&) const = default;
};

struct DetailedVersion {
    std::int32_t major = 0;
    std::int32_t minor = 0;
    std::int32_t build = 0;
    std::int32_t revision = 0;
    std::int32_t service_pack_major = 0;
    std::int32_t service_pack_minor = 0;
    bool operator==(const DetailedVersion&) const = default;
};

struct ExtendedData {
    soap::Optional<soap::Array<std::string>> replacement_strings = {};
    soap::Optional<soap::Array<std::string>> misc_data = {};  ///< each "Key=Value"
    soap::Optional<std::string> computer_brand = {};
    soap::Optional<std::string> computer_model = {};
    soap::Optional<std::string> bios_revision = {};
    ProcessorArchitecture processor_architecture = ProcessorArchitecture::kUnknown;
    DetailedVersion os_version = {};
    std::int32_t os_locale_id = 0;
    soap::Optional<std::string> device_id = {};
    bool operator==(const ExtendedData&) const = default;
};

struct PrivateData {
    soap::Optional<std::string> computer_dns_name = {};
    soap::Optional<std::string> user_account_name = {};
    bool operator==(const PrivateData&) const = default;
};

struct ReportingEvent {
    soap::Optional<BasicData> basic_data = {};
    soap::Optional<ExtendedData> extended_data = {};
    soap::Optional<PrivateData> private_data = {};
    bool operator==(const ReportingEvent&) const = default;
};

struct ReportEventBatch {
    soap::Optional<Cookie> cookie = {};
    Time client_time = {};
    soap::Optional<soap::Array<ReportingEvent>> event_batch = {};
    bool operator==(const ReportEventBatch&) const = default;
};

struct ReportEventBatchResponse {
    bool result = false;
    bool operator==(const ReportEventBatchResponse&) const = default;
};

const soap::Type& wire_type(soap::Tag<ProcessorArchitecture>);
const soap::Type& wire_type(soap::Tag<ComputerTargetIdentifier>);
const soap::Type& wire_type(soap::Tag<UpdateRevisionIdentifier>);
const soap::Type& wire_type(soap::Tag<BasicData>);
const soap::Type& wire_type(soap::Tag<DetailedVersion>);
const soap::Type& wire_type(soap::Tag<ExtendedData>);
const soap::Type& wire_type(soap::Tag<PrivateData>);
const soap::Type& wire_type(soap::Tag<ReportingEvent>);
const soap::Type& wire_type(soap::Tag<ReportEventBatch>);
const soap::Type& wire_type(soap::Tag<ReportEventBatchResponse>);

}  // namespace headwater::protocol::client_reporting
