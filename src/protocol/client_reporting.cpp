// The tables of the agents' reporting service, in the order of the WSDL.

#include "protocol/client_reporting.hpp"

#include <array>

#include "soap/field.hpp"

namespace headwater::protocol::client_reporting {

using soap::field;

const soap::Type& wire_type(soap::Tag<ProcessorArchitecture>) {
    static constexpr std::array<std::string_view, 4> kNames{"Unknown", "X86Compatible",
                                                            "IA64Compatible", "Amd64Compatible"};
    static constexpr soap::Type kType =
        soap::enumeration<ProcessorArchitecture>("ProcessorArchitecture", kNames, "Unknown");
    return kType;
}

const soap::Type& wire_type(soap::Tag<ComputerTargetIdentifier>) {
    static constexpr std::array kFields{field<&ComputerTargetIdentifier::sid>("Sid")};
    static constexpr soap::Type kType = soap::structure("ComputerTargetIdentifier", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<UpdateRevisionIdentifier>) {
    static constexpr std::array kFields{
        field<&UpdateRevisionIdentifier::update_id>("UpdateID"),
        field<&UpdateRevisionIdentifier::revision_number>("RevisionNumber")};
    static constexpr soap::Type kType = soap::structure("UpdateRevisionIdentifier", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<BasicData>) {
    static constexpr std::array kFields{field<&BasicData::target_id>("TargetID"),
                                        field<&BasicData::sequence_number>("SequenceNumber"),
                                        field<&BasicData::time_at_target>("TimeAtTarget"),
                                        field<&BasicData::event_instance_id>("EventInstanceID"),
                                        field<&BasicData::namespace_id>("NamespaceID"),
                                        field<&BasicData::event_id>("EventID"),
                                        field<&BasicData::source_id>("SourceID"),
                                        field<&BasicData::update_id>("UpdateID"),
                                        field<&BasicData::win32_hresult>("Win32HResult"),
                                        field<&BasicData::app_name>("AppName")};
    static constexpr soap::Type kType = soap::structure("BasicData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<DetailedVersion>) {
    static constexpr std::array kFields{
        field<&DetailedVersion::major>("Major"),
        field<&DetailedVersion::minor>("Minor"),
        field<&DetailedVersion::build>("Build"),
        field<&DetailedVersion::revision>("Revision"),
        field<&DetailedVersion::service_pack_major>("ServicePackMajor"),
        field<&DetailedVersion::service_pack_minor>("ServicePackMinor")};
    static constexpr soap::Type kType = soap::structure("DetailedVersion", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ExtendedData>) {
    static constexpr std::array kFields{
        field<&ExtendedData::replacement_strings>("ReplacementStrings"),
        field<&ExtendedData::misc_data>("MiscData"),
        field<&ExtendedData::computer_brand>("ComputerBrand"),
        field<&ExtendedData::computer_model>("ComputerModel"),
        field<&ExtendedData::bios_revision>("BiosRevision"),
        field<&ExtendedData::processor_architecture>("ProcessorArchitecture"),
        field<&ExtendedData::os_version>("OSVersion"),
        field<&ExtendedData::os_locale_id>("OSLocaleID"),
        field<&ExtendedData::device_id>("DeviceID")};
    static constexpr soap::Type kType = soap::structure("ExtendedData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<PrivateData>) {
    static constexpr std::array kFields{field<&PrivateData::computer_dns_name>("ComputerDnsName"),
                                        field<&PrivateData::user_account_name>("UserAccountName")};
    static constexpr soap::Type kType = soap::structure("PrivateData", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ReportingEvent>) {
    static constexpr std::array kFields{field<&ReportingEvent::basic_data>("BasicData"),
                                        field<&ReportingEvent::extended_data>("ExtendedData"),
                                        field<&ReportingEvent::private_data>("PrivateData")};
    static constexpr soap::Type kType = soap::structure("ReportingEvent", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ReportEventBatch>) {
    static constexpr std::array kFields{field<&ReportEventBatch::cookie>("cookie"),
                                        field<&ReportEventBatch::client_time>("clientTime"),
                                        field<&ReportEventBatch::event_batch>("eventBatch")};
    static constexpr soap::Type kType = soap::structure("ReportEventBatch", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<ReportEventBatchResponse>) {
    static constexpr std::array kFields{
        field<&ReportEventBatchResponse::result>("ReportEventBatchResult")};
    static constexpr soap::Type kType = soap::structure("ReportEventBatchResponse", kFields);
    return kType;
}

}  // namespace headwater::protocol::client_reporting
