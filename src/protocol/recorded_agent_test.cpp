// Every recorded request of a Windows Update agent, and the answers it got.

#include <gmock/gmock.h>

#include "protocol/client.hpp"
#include "protocol/client_reporting.hpp"
#include "protocol/recorded_test.hpp"
#include "protocol/simple_auth.hpp"

namespace headwater::protocol {
namespace {

using recorded::read_agent_request;
using recorded::read_answer;
using soap::Style;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

const std::string kScan = "agent/category-scan/";

class RecordedAgent : public recorded::Recorded {
protected:
    static Time time_of(const char* text) { return from_xml_time(text).value(); }

    template <typename Message>
    static Message request(const std::string& name) {
        return read_agent_request<Message>(kScan + name + ".request.xml", client::kNamespace);
    }
    template <typename Message>
    static Message answer(const std::string& name) {
        return read_answer<Message>(kScan + name + ".response.xml", client::kNamespace,
                                    Style::kIndigo);
    }
};

TEST_F(RecordedAgent, GetConfigIsReadAndWritten) {
    EXPECT_EQ(request<client::GetConfig>("01-get-config").protocol_version, "2.90");
    const auto config = answer<client::GetConfigResponse>("01-get-config").result.or_default();
    EXPECT_EQ(config.last_change, time_of("2026-10-04T13:17:07.59Z"));
    EXPECT_TRUE(config.is_registration_required);
    EXPECT_THAT(config.auth_info.or_default(),
                ElementsAre(AuthPlugInInfo{.plug_in_id = "SimpleTargeting",
                                           .service_url = "SimpleAuthWebService/SimpleAuth.asmx",
                                           .parameter = ""}));
    EXPECT_FALSE(config.allowed_event_ids);
    using Property = client::ConfigurationProperty;
    EXPECT_THAT(config.properties.or_default(),
                ElementsAre(Property{.name = "MaxExtendedUpdatesPerRequest", .value = "50"},
                            Property{.name = "PackageServerShare",
                                     .value = "\\\\REDACTED2\\UpdateServicesPackages"},
                            Property{.name = "ProtocolVersion", .value = "3.2"},
                            Property{.name = "IsInventoryRequired", .value = "0"},
                            Property{.name = "ClientReportingLevel", .value = "2"}));
}

TEST_F(RecordedAgent, GetAuthorizationCookieIsReadAndWritten) {
    const auto request = read_agent_request<simple_auth::GetAuthorizationCookie>(
        kScan + "02-get-authorization-cookie.request.xml", simple_auth::kNamespace);
    EXPECT_EQ(request.client_id, "e1da06a3-5601-43c9-bac3-52d5db701494");
    EXPECT_FALSE(request.target_group_name);
    EXPECT_EQ(request.dns_name, "REDACTED3");
    const auto answer = read_answer<simple_auth::GetAuthorizationCookieResponse>(
        kScan + "02-get-authorization-cookie.response.xml", simple_auth::kNamespace, Style::kAsmx);
    EXPECT_EQ(answer.result.or_default().plug_in_id, "SimpleTargeting");
    EXPECT_THAT(answer.result.or_default().cookie_data.or_default(), testing::Not(IsEmpty()));
}

TEST_F(RecordedAgent, GetCookieIsReadAndWritten) {
    const auto cookie = request<client::GetCookie>("03-get-cookie");
    ASSERT_THAT(cookie.auth_cookies.or_default(), SizeIs(1));
    EXPECT_EQ(cookie.auth_cookies->front().plug_in_id, "SimpleTargeting");
    EXPECT_EQ(cookie.old_cookie.or_default().expiration, time_of("2026-10-04T15:03:36Z"));
    EXPECT_FALSE(cookie.old_cookie.or_default().encrypted_data);
    EXPECT_EQ(cookie.last_change, time_of("2026-10-04T13:17:07.59Z"));
    EXPECT_EQ(cookie.current_time, time_of("2026-10-04T15:03:36Z"));
    EXPECT_EQ(cookie.protocol_version, "2.90");
    const auto answered = answer<client::GetCookieResponse>("03-get-cookie").result.or_default();
    EXPECT_EQ(answered.expiration, time_of("2026-10-04T16:03:35.996723Z"));
    EXPECT_TRUE(answered.encrypted_data);
}

TEST_F(RecordedAgent, RegisterComputerIsReadAndWritten) {
    const auto message = request<client::RegisterComputer>("04-register-computer");
    EXPECT_TRUE(message.cookie.or_default().encrypted_data);
    EXPECT_EQ(message.computer_info.or_default(),
              (client::ComputerInfo{.dns_name = "REDACTED3",
                                    .os_major_version = 10,
                                    .os_minor_version = 0,
                                    .os_build_number = 26200,
                                    .os_service_pack_major_number = 0,
                                    .os_service_pack_minor_number = 0,
                                    .os_locale = "en-US",
                                    .computer_manufacturer = "QEMU",
                                    .computer_model = "Standard PC (Q35 + ICH9, 2009)",
                                    .bios_version = "unknown",
                                    .bios_name = "unknown",
                                    .bios_release_date = time_of("2022-02-02T00:00:00Z"),
                                    .processor_architecture = "AMD64",
                                    .suite_mask = 256,
                                    .old_product_type = 1,
                                    .new_product_type = 48,
                                    .system_metrics = 0,
                                    .client_version_major_number = 1507,
                                    .client_version_minor_number = 2601,
                                    .client_version_build_number = 30012,
                                    .client_version_qfe_number = 0,
                                    .os_description = "Windows 10 Pro",
                                    .oem = "QEMU",
                                    .device_type = "Standard PC (Q35 + ICH9, 2009)",
                                    .firmware_version = "unknown",
                                    .mobile_operator = "Not Present"}));
    answer<client::RegisterComputerResponse>("04-register-computer");
}

TEST_F(RecordedAgent, StartCategoryScanIsReadAndWritten) {
    const Guid category = "dd78b8a1-0b20-45c1-add6-4da72e9364cf"_guid;
    const auto message = request<client::StartCategoryScan>("05-start-category-scan");
    EXPECT_THAT(message.requested_categories.or_default(),
                ElementsAre(client::CategoryRelationship{.index_of_and_group = 0,
                                                         .category_id = category}));
    const auto answered = answer<client::StartCategoryScanResponse>("05-start-category-scan");
    EXPECT_THAT(answered.preferred_category_ids.or_default(), ElementsAre(category));
    EXPECT_FALSE(answered.requested_category_ids_in_error);
}

TEST_F(RecordedAgent, TheFirstSyncUpdatesIsReadAndWritten) {
    const auto message = request<client::SyncUpdates>("06-sync-updates");
    const client::SyncUpdateParameters& parameters = message.parameters.or_default();
    EXPECT_FALSE(parameters.express_query);
    EXPECT_FALSE(parameters.installed_non_leaf_update_ids);
    EXPECT_FALSE(parameters.other_cached_update_ids);
    EXPECT_FALSE(parameters.system_spec);
    EXPECT_FALSE(parameters.cached_driver_ids);
    EXPECT_FALSE(parameters.skip_software_sync);
    EXPECT_THAT(
        parameters.filter_category_ids.or_default(),
        ElementsAre(client::CategoryIdentifier{.id = "dd78b8a1-0b20-45c1-add6-4da72e9364cf"_guid}));
    EXPECT_EQ(parameters.need_two_group_out_of_scope_updates, true);
    EXPECT_EQ(parameters.also_perform_regular_sync, false);
    EXPECT_TRUE(parameters.computer_spec);
    EXPECT_FALSE(parameters.computer_spec.or_default().hardware_ids);
    EXPECT_FALSE(parameters.feature_score_matching_key);
    const client::ProductsParameters& products = parameters.products_parameters.or_default();
    EXPECT_FALSE(products.sync_current_version_only);
    EXPECT_THAT(products.device_attributes.or_default(), StartsWith("ActivationChannel=Retail;"));
    EXPECT_EQ(products.caller_attributes,
              "Interactive=0;SheddingAware=1;Id=OOBE ZDP;AADDeviceTokenState=WU:0x00248002;");
    EXPECT_EQ(products.products, "");
}

TEST_F(RecordedAgent, LaterSyncUpdatesNameWhatIsInstalled) {
    EXPECT_THAT(request<client::SyncUpdates>("07-sync-updates")
                    .parameters.or_default()
                    .installed_non_leaf_update_ids.or_default(),
                ElementsAre(108226));
    EXPECT_THAT(request<client::SyncUpdates>("08-sync-updates")
                    .parameters.or_default()
                    .installed_non_leaf_update_ids.or_default(),
                ElementsAre(108226, 108231));
}

TEST_F(RecordedAgent, AnswersOfSyncUpdatesAreReadAndWritten) {
    const auto info = answer<client::SyncUpdatesResponse>("06-sync-updates").result.or_default();
    ASSERT_THAT(info.new_updates.or_default(), SizeIs(1));
    const client::UpdateInfo& update = info.new_updates->front();
    EXPECT_EQ(update.id, 108226);
    EXPECT_FALSE(update.is_leaf);
    EXPECT_THAT(update.xml.or_default(),
                StartsWith("<UpdateIdentity UpdateID=\"56309036-4C77-4DD9-951A-99EE9C246A94\" "));
    EXPECT_EQ(update.deployment.or_default(),
              (client::Deployment{.id = 8059,
                                  .action = client::DeploymentAction::kEvaluate,
                                  .is_assigned = true,
                                  .last_change_time = "2026-10-04",
                                  .auto_select = "0",
                                  .auto_download = "0",
                                  .supersedence_behavior = "0"}));
    EXPECT_FALSE(info.out_of_scope_revision_ids);
    EXPECT_FALSE(info.truncated);
    EXPECT_TRUE(info.new_cookie);
    EXPECT_EQ(info.driver_sync_not_needed, "true");
    EXPECT_EQ(answer<client::SyncUpdatesResponse>("07-sync-updates")
                  .result.or_default()
                  .new_updates.or_default()
                  .at(0)
                  .id,
              108231);
    EXPECT_TRUE(answer<client::SyncUpdatesResponse>("08-sync-updates")
                    .result.or_default()
                    .new_updates.or_default()
                    .at(0)
                    .is_leaf);
}

TEST_F(RecordedAgent, ReadyUpdatesGiveTheSameBytes) {
    const std::string name = kScan + "08-sync-updates.response.xml";
    const auto whole =
        recorded::read_whole<client::SyncUpdatesResponse>(recorded::load(name)).result.or_default();
    client::ReadySyncInfo ready{.truncated = whole.truncated,
                                .new_cookie = whole.new_cookie,
                                .driver_sync_not_needed = whole.driver_sync_not_needed};
    for (const client::UpdateInfo& update : whole.new_updates.or_default()) {
        soap::write(ready.new_updates.ensure().xml, Style::kIndigo, "UpdateInfo", update);
    }
    EXPECT_EQ(recorded::in_envelope(client::ReadySyncUpdatesResponse{.result = ready},
                                    client::kNamespace, Style::kIndigo),
              recorded::in_microseconds(recorded::load(name)));
}

TEST_F(RecordedAgent, GetExtendedUpdateInfoIsReadAndWritten) {
    const auto message = request<client::GetExtendedUpdateInfo>("10-get-extended-update-info");
    EXPECT_THAT(message.revision_ids.or_default(), ElementsAre(72571, 108226, 108231));
    EXPECT_THAT(message.info_types.or_default(),
                ElementsAre(client::XmlUpdateFragmentType::kExtended,
                            client::XmlUpdateFragmentType::kLocalizedProperties));
    EXPECT_THAT(message.locales.or_default(), ElementsAre("en-US", "en"));
    EXPECT_THAT(message.device_attributes.or_default(), StartsWith("ActivationChannel=Retail;"));
    EXPECT_EQ(message.geo_id, "USA");
    EXPECT_THAT(message.caller_attributes.or_default(), StartsWith("Interactive=0;"));
    const auto info = answer<client::GetExtendedUpdateInfoResponse>("10-get-extended-update-info")
                          .result.or_default();
    ASSERT_THAT(info.updates.or_default(), SizeIs(6));
    EXPECT_EQ(info.updates->at(5).id, 108231);
    EXPECT_EQ(info.updates->at(5).xml,
              "<LocalizedProperties><Language>en</Language><Title>Windows</Title>"
              "<Description>Windows</Description></LocalizedProperties>");
    EXPECT_FALSE(info.file_locations);
}

TEST_F(RecordedAgent, ReportEventBatchIsReadAndWritten) {
    using namespace client_reporting;
    const auto message = read_agent_request<ReportEventBatch>(
        "agent/report-event-batch.request.xml", client_reporting::kNamespace);
    EXPECT_TRUE(message.cookie);
    EXPECT_EQ(message.client_time, time_of("2026-10-04T15:20:47.68Z"));
    ASSERT_THAT(message.event_batch.or_default(), SizeIs(2));
    const ReportingEvent& event = message.event_batch->at(1);
    const BasicData& basic = event.basic_data.or_default();
    EXPECT_EQ(
        basic,
        (BasicData{
            .target_id = ComputerTargetIdentifier{.sid = "e1da06a3-5601-43c9-bac3-52d5db701494"},
            .sequence_number = 0,
            .time_at_target = time_of("2026-10-04T15:20:47.68Z"),
            .event_instance_id = "f884a4bb-0aa1-43b7-8985-031de3b8a1b0"_guid,
            .namespace_id = 1,
            .event_id = 182,
            .source_id = 101,
            .update_id =
                UpdateRevisionIdentifier{.update_id = "a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe"_guid,
                                         .revision_number = 200},
            .win32_hresult = -2145099769}));
    const ExtendedData& extended = event.extended_data.or_default();
    EXPECT_THAT(extended.replacement_strings.or_default(),
                ElementsAre("0x80246007", StartsWith("Security Intelligence Update")));
    EXPECT_FALSE(message.event_batch->at(0).extended_data.or_default().replacement_strings);
    EXPECT_THAT(extended.misc_data.or_default(), SizeIs(27));
    EXPECT_EQ(extended.misc_data->at(8), "AppName=<<PROCESS>>: powershell.exe");
    EXPECT_EQ(extended.computer_brand, "QEMU");
    EXPECT_EQ(extended.bios_revision, "unknown");
    EXPECT_EQ(extended.processor_architecture, ProcessorArchitecture::kAmd64Compatible);
    EXPECT_EQ(extended.os_version,
              (DetailedVersion{.major = 10, .minor = 0, .build = 26200, .revision = 65792}));
    EXPECT_EQ(extended.os_locale_id, 1033);
    EXPECT_FALSE(extended.device_id);
    EXPECT_EQ(event.private_data, PrivateData{});
}

}  // namespace
}  // namespace headwater::protocol
