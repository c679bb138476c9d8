// What no recording holds: elements that were not seen, hostile requests, and the descriptions.

#include <gmock/gmock.h>

#include <chrono>

#include "protocol/client.hpp"
#include "protocol/client_reporting.hpp"
#include "protocol/dss_auth.hpp"
#include "protocol/recorded_test.hpp"
#include "protocol/server_sync.hpp"
#include "protocol/simple_auth.hpp"
#include "soap/service.hpp"

namespace headwater::protocol {
namespace {

using namespace client;
using soap::Style;
using testing::HasSubstr;

soap::ServiceOptions client_options() {
    return {.name = std::string(client::kName),
            .name_space = std::string(client::kNamespace),
            .path = std::string(client::kPath),
            .style = Style::kIndigo};
}

soap::Fault fault_of(const soap::Reply& reply) {
    EXPECT_EQ(reply.status, 500);
    const auto envelope = soap::parse_envelope(reply.body);
    EXPECT_TRUE(envelope && envelope->is_fault()) << reply.body;
    return envelope ? soap::read_fault(envelope->content) : soap::Fault{};
}

class SyncService : public testing::Test {
protected:
    SyncService() {
        service_.operation<SyncUpdates, ReadySyncUpdatesResponse>(
            "SyncUpdates", [this](const SyncUpdates& request, const soap::Call&) {
                last_ = request;
                return ReadySyncUpdatesResponse{};
            });
    }
    [[nodiscard]] soap::Reply send(const std::string& body) const {
        return service_.handle({.content_type = "text/xml", .body = body});
    }
    static std::string message(const std::string& parameters) {
        return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
               "<SyncUpdates xmlns=\"" +
               std::string(client::kNamespace) + "\"><parameters>" + parameters +
               "</parameters></SyncUpdates></s:Body></s:Envelope>";
    }

    soap::Service service_{client_options()};
    SyncUpdates last_;
};

TEST_F(SyncService, ADriverPassIsReadToItsLastElement) {
    const std::string parameters =
        "<ExpressQuery>false</ExpressQuery><SystemSpec><Device><HardwareIDs><string>PCI\\VEN_8086"
        "</string></HardwareIDs><CompatibleIDs/><installedDriver><MatchingID>pci\\ven_8086"
        "</MatchingID><DriverVerDate>2006-06-21T00:00:00Z</DriverVerDate>"
        "<DriverVerVersion>2814750970478592</DriverVerVersion><Class>System</Class>"
        "<Manufacturer>m</Manufacturer><Provider>p</Provider><Model>d</Model>"
        "<MatchingComputerHWID>dd78b8a1-0b20-45c1-add6-4da72e9364cf</MatchingComputerHWID>"
        "<DriverRank>16719872</DriverRank></installedDriver><extensionDriver><extensionDriver>"
        "<ExtensionId>e</ExtensionId><DriverVerDate>2006-06-21T00:00:00Z</DriverVerDate>"
        "<DriverVerVersion>1</DriverVerVersion><Class>Extension</Class><DriverRank>2</DriverRank>"
        "</extensionDriver></extensionDriver><DriverRecoveryIDs><DriverRecoveryID>r"
        "</DriverRecoveryID></DriverRecoveryIDs><DeviceFlags>3</DeviceFlags></Device></SystemSpec>"
        "<SkipSoftwareSync>true</SkipSoftwareSync><ComputerSpec><HardwareIDs>"
        "<guid>dd78b8a1-0b20-45c1-add6-4da72e9364cf</guid></HardwareIDs></ComputerSpec>"
        "<FeatureScoreMatchingKey>AMD64.10.0</FeatureScoreMatchingKey>";
    const auto request = recorded::read_whole<SyncUpdates>(message(parameters));
    const auto devices = request.parameters.or_default().system_spec.or_default();
    ASSERT_THAT(devices, testing::SizeIs(1));
    const Guid hardware = "dd78b8a1-0b20-45c1-add6-4da72e9364cf"_guid;
    EXPECT_EQ(devices[0].installed_driver.or_default().matching_computer_hwid, hardware);
    EXPECT_EQ(devices[0].installed_driver.or_default().driver_ver_version, 2814750970478592);
    EXPECT_EQ(devices[0].extension_driver.or_default().at(0).driver_rank, 2);
    EXPECT_EQ(devices[0].driver_recovery_ids.or_default().at(0), "r");
    EXPECT_EQ(devices[0].device_flags, 3);
    std::string out;
    soap::write(out, Style::kIndigo, "parameters", request.parameters);
    EXPECT_EQ(out, "<parameters>" + parameters + "</parameters>");
}

TEST_F(SyncService, ABadIdIsNamedAsARealServerNamesIt) {
    const soap::Fault fault = fault_of(send(message(
        "<InstalledNonLeafUpdateIDs><int>1</int><int>x</int></InstalledNonLeafUpdateIDs>")));
    EXPECT_EQ(fault.error_code, "InvalidParameters");
    EXPECT_EQ(fault.message, "parameters.InstalledNonLeafUpdateIDs");
    EXPECT_EQ(fault.method,
              "http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService/SyncUpdates");
    EXPECT_EQ(fault.actor, "");
}

TEST_F(SyncService, ArraysOverTheLimitAreRefused) {
    std::string ids = "<OtherCachedUpdateIDs>";
    for (int i = 0; i < 20'001; ++i) {
        ids += "<int>1</int>";
    }
    const soap::Fault fault = fault_of(send(message(ids + "</OtherCachedUpdateIDs>")));
    EXPECT_EQ(fault.message, "parameters.OtherCachedUpdateIDs");
}

TEST_F(SyncService, BillionLaughsAreRefusedUnread) {
    const soap::Fault fault =
        fault_of(send("<?xml version=\"1.0\"?><!DOCTYPE s [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">"
                      "<!ENTITY c \"&b;&b;\">]>" +
                      message("<FeatureScoreMatchingKey>&c;</FeatureScoreMatchingKey>")));
    EXPECT_EQ(fault.error_code, "");
    EXPECT_THAT(fault.text, HasSubstr("document type declaration"));
}

TEST_F(SyncService, ManyNamespaceDeclarationsCostNoMoreThanTheirBytes) {
    std::string ids;
    for (int i = 0; i < 19'000; ++i) {
        ids += i % 2 == 0 ? "<a:int>1</a:int>" : "<b:int>1</b:int>";
    }
    const std::string same = std::string(client::kNamespace);
    const auto start = std::chrono::steady_clock::now();
    const soap::Reply reply =
        send(message("<InstalledNonLeafUpdateIDs xmlns:a=\"" + same + "\" xmlns:b=\"" + same +
                     "\">" + ids + "</InstalledNonLeafUpdateIDs>"));
    EXPECT_EQ(reply.status, 200);
    EXPECT_THAT(last_.parameters.or_default().installed_non_leaf_update_ids.or_default(),
                testing::SizeIs(19'000));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST_F(SyncService, ARequestCutAnywhereIsAFault) {
    const std::string whole = message(
        "<InstalledNonLeafUpdateIDs><int>108226</int></InstalledNonLeafUpdateIDs>"
        "<SkipSoftwareSync>false</SkipSoftwareSync><FilterCategoryIds><CategoryIdentifier>"
        "<Id>dd78b8a1-0b20-45c1-add6-4da72e9364cf</Id></CategoryIdentifier>"
        "</FilterCategoryIds>");
    ASSERT_EQ(send(whole).status, 200);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(fault_of(send(whole.substr(0, size))).error_code, "") << size;
    }
}

TEST(ClientMessages, AVerificationStandsInAttributes) {
    const Deployment deployment{
        .id = 1,
        .action = DeploymentAction::kInstall,
        .last_change_time = "2026-10-04",
        .client_behaviors = {{ClientMetadata{
            .metadata_type = MetadataType::kAdmin,
            .metadata = "m",
            .verification = Verification{
                .leaf_certificate_id = 4'000'000'000, .signature = {1}, .algorithm = "a"}}}}};
    std::string out;
    soap::write(out, Style::kIndigo, "Deployment", deployment);
    EXPECT_THAT(out,
                HasSubstr("<ClientBehaviors><ClientMetadata><MetadataType>Admin</MetadataType>"
                          "<Metadata>m</Metadata><Verification Timestamp=\"1970-01-01T00:00:00Z\""
                          " LeafCertificateId=\"4000000000\" Signature=\"AQ==\" Algorithm=\"a\"/>"
                          "</ClientMetadata></ClientBehaviors>"));
    auto document = xml::Document::parse(out);
    ASSERT_TRUE(document);
    EXPECT_EQ(soap::read<Deployment>(document->root()).value(), deployment);
}

TEST(ClientMessages, AnswersOfTheOtherOperationsAreReadAgain) {
    const GetFileLocationsResponse locations{
        .result = GetFileLocationsResults{
            .file_locations = {{FileLocation{.file_digest = Bytes{1, 2}, .url = "http://h/a.cab"}}},
            .new_cookie = Cookie{.encrypted_data = Bytes{9}}}};
    EXPECT_EQ(recorded::read_whole<GetFileLocationsResponse>(
                  recorded::in_envelope(locations, client::kNamespace, Style::kIndigo)),
              locations);
    const RefreshCacheResponse refreshed{
        .result = {{RefreshCacheResult{.revision_id = 4,
                                       .global_id = UpdateIdentity{.revision_number = 200},
                                       .is_leaf = true,
                                       .deployment = Deployment{.id = 2}}}}};
    EXPECT_EQ(recorded::read_whole<RefreshCacheResponse>(
                  recorded::in_envelope(refreshed, client::kNamespace, Style::kIndigo)),
              refreshed);
    const GetExtendedUpdateInfo2Response extended{
        .result = ExtendedUpdateInfo2{
            .updates = {{UpdateData{.id = 1, .xml = "<a/>"}}},
            .file_decryption_data2 = {{FileDecryption2{.security_data = {{Bytes{1}, Bytes{}}}}}},
            .update_encryption_details = {{UpdateEncryptionDetail{.has_encrypted_files = true}}}}};
    EXPECT_EQ(recorded::read_whole<GetExtendedUpdateInfo2Response>(
                  recorded::in_envelope(extended, client::kNamespace, Style::kIndigo)),
              extended);
}

TEST(Reporting, AnArchitectureOfTomorrowDoesNotLoseItsEvents) {
    auto document = xml::Document::parse(
        "<E xmlns=\"urn:e\"><ProcessorArchitecture>Arm64Compatible</ProcessorArchitecture></E>");
    ASSERT_TRUE(document);
    const auto data = soap::read<client_reporting::ExtendedData>(document->root());
    ASSERT_TRUE(data);
    EXPECT_EQ(data->processor_architecture, client_reporting::ProcessorArchitecture::kUnknown);
}

TEST(Reporting, AnEventsIdWithSixteenBitsIsEnough) {
    auto document = xml::Document::parse(
        "<E xmlns=\"urn:e\"><EventID>32767</EventID><SourceID>101</SourceID></E>");
    ASSERT_TRUE(document);
    const auto data = soap::read<client_reporting::BasicData>(document->root());
    ASSERT_TRUE(data);
    EXPECT_EQ(data->event_id, 32767);
}

}  // namespace
}  // namespace headwater::protocol
