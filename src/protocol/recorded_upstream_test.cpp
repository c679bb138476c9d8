// Every recorded exchange with an upstream server.

#include <gmock/gmock.h>

#include "protocol/dss_auth.hpp"
#include "protocol/recorded_test.hpp"
#include "protocol/server_sync.hpp"
#include "soap/call.hpp"

namespace headwater::protocol {
namespace {

using namespace server_sync;
using soap::Style;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class RecordedUpstream : public recorded::Recorded {
protected:
    template <typename Message>
    static Message request(const std::string& name) {
        return recorded::read_request<Message>("upstream/" + name + ".request.xml",
                                               server_sync::kNamespace);
    }
    template <typename Message>
    static Message answer(const std::string& name) {
        return recorded::read_answer<Message>("upstream/" + name + ".response.xml",
                                              server_sync::kNamespace, Style::kAsmx);
    }
    static void expect_fault(const std::string& name, const soap::Fault& expected) {
        const std::string text = recorded::load("upstream/" + name + ".response.xml");
        const auto response = soap::read_response<GetCookieResponse>(500, "text/xml", text);
        ASSERT_FALSE(response);
        ASSERT_EQ(response.error().kind, soap::CallFailure::Kind::kFault);
        EXPECT_EQ(response.error().fault, expected);
        EXPECT_EQ(soap::write_fault(expected, soap::Version::k11, Style::kAsmx), text);
    }
    static constexpr const char* kActor =
        "http://127.0.0.1:8530/ServerSyncWebService/ServerSyncWebService.asmx";
};

TEST_F(RecordedUpstream, GetAuthConfigIsReadAndWritten) {
    request<GetAuthConfig>("get-auth-config");
    const auto config = answer<GetAuthConfigResponse>("get-auth-config").result.or_default();
    EXPECT_EQ(to_xml_time(config.last_change), "2026-10-04T13:16:35.433Z");
    EXPECT_THAT(
        config.auth_info.or_default(),
        ElementsAre(AuthPlugInInfo{.plug_in_id = "DssTargeting",
                                   .service_url = "DssAuthWebService/DssAuthWebService.asmx",
                                   .parameter = ""}));
    EXPECT_FALSE(config.allowed_event_ids);
}

TEST_F(RecordedUpstream, GetAuthorizationCookieIsReadAndWritten) {
    const auto message = recorded::read_request<dss_auth::GetAuthorizationCookie>(
        "upstream/get-authorization-cookie.request.xml", dss_auth::kNamespace);
    EXPECT_EQ(message.account_name, "probe.lab.invalid");
    EXPECT_EQ(message.account_guid, "6f1c2f6e-3f0b-4d3a-9b1e-0d2f6a1c5e12");
    EXPECT_FALSE(message.program_keys);
    const auto answered = recorded::read_answer<dss_auth::GetAuthorizationCookieResponse>(
        "upstream/get-authorization-cookie.response.xml", dss_auth::kNamespace, Style::kAsmx);
    EXPECT_EQ(answered.result.or_default().plug_in_id, "DssTargeting");
    EXPECT_TRUE(answered.result.or_default().cookie_data);
}

TEST_F(RecordedUpstream, GetCookieIsReadAndWritten) {
    const auto message = request<GetCookie>("get-cookie");
    ASSERT_THAT(message.auth_cookies.or_default(), SizeIs(1));
    EXPECT_FALSE(message.old_cookie);
    EXPECT_EQ(message.protocol_version, "1.20");
    const auto cookie = answer<GetCookieResponse>("get-cookie").result.or_default();
    EXPECT_EQ(to_xml_time(cookie.expiration), "2026-10-04T20:33:26.65455Z");
    EXPECT_TRUE(cookie.encrypted_data);
}

TEST_F(RecordedUpstream, GetConfigDataIsReadAndWritten) {
    EXPECT_FALSE(request<GetConfigData>("get-config-data").config_anchor);
    const auto data = answer<GetConfigDataResponse>("get-config-data").result.or_default();
    EXPECT_FALSE(data.catalog_only_sync);
    EXPECT_TRUE(data.lazy_sync);
    EXPECT_FALSE(data.server_hosts_psf_files);
    EXPECT_EQ(data.max_number_of_computer_ids_in_request, 0);
    EXPECT_EQ(data.max_number_of_driver_sets_per_request, 0);
    EXPECT_EQ(data.max_number_of_pnp_hardware_ids_in_request, 0);
    EXPECT_EQ(data.max_number_of_updates_per_request, 100);
    EXPECT_EQ(data.new_config_anchor, "9438,2026-10-04 16:33:26.670");
    EXPECT_EQ(data.protocol_version, "1.20");
    ASSERT_THAT(data.language_update_list.or_default(), SizeIs(39));
    EXPECT_EQ(
        data.language_update_list->front(),
        (ServerSyncLanguageData{
            .language_id = 0, .short_language = "all", .long_language = "all", .enabled = false}));
    EXPECT_EQ(data.max_updates_per_request_in_get_update_decryption_data, 100);
}

TEST_F(RecordedUpstream, GetConfigDataWithAnAnchorHasNoLanguages) {
    EXPECT_EQ(request<GetConfigData>("get-config-data-with-anchor").config_anchor,
              "9438,2026-10-04 16:09:27.167");
    const auto data = answer<GetConfigDataResponse>("get-config-data-with-anchor").result;
    EXPECT_TRUE(data.or_default().language_update_list);
    EXPECT_THAT(data.or_default().language_update_list.or_default(), IsEmpty());
}

TEST_F(RecordedUpstream, GetConfigDataOfTheMicrosoftUpdateServiceIsReadInItsOwnOrder) {
    const auto data = recorded::read_whole<GetConfigDataResponse>(
                          recorded::load("upstream/get-config-data-microsoft-update.response.xml"))
                          .result.or_default();
    EXPECT_TRUE(data.catalog_only_sync);
    EXPECT_TRUE(data.server_hosts_psf_files);
    EXPECT_EQ(data.max_number_of_driver_sets_per_request, 100);
    EXPECT_EQ(data.max_number_of_computer_ids_in_request, 200);
    EXPECT_EQ(data.max_number_of_pnp_hardware_ids_in_request, 450);
    EXPECT_EQ(data.protocol_version, "1.21");
    EXPECT_EQ(data.new_config_anchor, "2026-10-05 17:27:44.393");
    EXPECT_TRUE(data.language_update_list.or_default().back().enabled);
    EXPECT_EQ(data.max_updates_per_request_in_get_update_decryption_data, 500);
}

TEST_F(RecordedUpstream, GetRevisionIdListOfCategoriesIsReadAndWritten) {
    const auto filter = request<GetRevisionIdList>("get-revision-id-list-categories").filter;
    EXPECT_EQ(filter, ServerSyncFilter{.get_config = true});
    const auto list = answer<GetRevisionIdListResponse>("get-revision-id-list-categories").result;
    EXPECT_EQ(list.or_default().anchor, "9438,2026-10-04 16:33:26.671");
    ASSERT_THAT(list.or_default().new_revisions, testing::Not(IsEmpty()));
    EXPECT_EQ(list->new_revisions.front(),
              (UpdateIdentity{.update_id = "e6cf1350-c01b-414d-a61f-263d14d133b4"_guid,
                              .revision_number = 100}));
}

TEST_F(RecordedUpstream, GetRevisionIdListOfUpdatesIsReadAndWritten) {
    const Guid product = "8c3fcc84-7410-4a95-8b89-a166a0190486"_guid;
    const Guid classification = "e0789628-ce08-4437-be74-2495b842f43b"_guid;
    const auto first = request<GetRevisionIdList>("get-revision-id-list-updates").filter;
    EXPECT_EQ(first.or_default(),
              (ServerSyncFilter{.get_config = false,
                                .categories = {{IdAndDelta{.id = product}}},
                                .classifications = {{IdAndDelta{.id = classification}}}}));
    const auto later = request<GetRevisionIdList>("get-revision-id-list-delta").filter;
    EXPECT_EQ(later.or_default().anchor, "9438,2026-10-04 16:09:27.371");
    EXPECT_TRUE(later.or_default().categories.or_default().at(0).delta);
    EXPECT_FALSE(answer<GetRevisionIdListResponse>("get-revision-id-list-updates")
                     .result.or_default()
                     .new_revisions.empty());
    EXPECT_TRUE(answer<GetRevisionIdListResponse>("get-revision-id-list-delta")
                    .result.or_default()
                    .new_revisions.empty());
}

TEST_F(RecordedUpstream, GetUpdateDataIsReadAndWritten) {
    const UpdateIdentity plain{.update_id = "ccb78947-6453-4ecc-9de8-bc0305c98f2d"_guid,
                               .revision_number = 200};
    EXPECT_THAT(request<GetUpdateData>("get-update-data-plain").update_ids.or_default(),
                ElementsAre(plain));
    const auto data = answer<GetUpdateDataResponse>("get-update-data-plain").result.or_default();
    ASSERT_THAT(data.updates, SizeIs(1));
    EXPECT_EQ(data.updates[0].id, plain);
    EXPECT_THAT(data.updates[0].xml_update_blob.or_default(), StartsWith("<upd:Update xmlns:pub="));
    EXPECT_FALSE(data.updates[0].file_digest_list);
    EXPECT_THAT(data.file_urls, IsEmpty());
}

TEST_F(RecordedUpstream, GetUpdateDataInACabinetIsReadAndWritten) {
    request<GetUpdateData>("get-update-data-cabinet");
    const auto data = answer<GetUpdateDataResponse>("get-update-data-cabinet").result.or_default();
    ASSERT_THAT(data.updates, SizeIs(1));
    EXPECT_FALSE(data.updates[0].xml_update_blob);
    EXPECT_THAT(as_text(data.updates[0].xml_update_blob_compressed.or_default()),
                StartsWith("MSCF"));
    const Bytes digest = from_hex("87f5bd0469585006aa5d3a77d1c662fd2895ddcd").value();
    EXPECT_THAT(data.updates[0].file_digest_list.or_default(), ElementsAre(digest));
    ASSERT_THAT(data.file_urls, SizeIs(1));
    EXPECT_EQ(data.file_urls[0].file_digest, digest);
    EXPECT_THAT(data.file_urls[0].mu_url.or_default(), StartsWith("http://download.windows"));
    EXPECT_EQ(data.file_urls[0].uss_url, "");
}

TEST_F(RecordedUpstream, ReadyUpdateDataGivesTheSameBytes) {
    const std::string text = recorded::load("upstream/get-update-data-cabinet.response.xml");
    const auto whole = recorded::read_whole<GetUpdateDataResponse>(text).result.or_default();
    ReadyServerUpdateData ready{.file_urls = whole.file_urls};
    soap::write(ready.updates.xml, Style::kAsmx, "ServerSyncUpdateData", whole.updates.at(0));
    EXPECT_EQ(recorded::in_envelope(ReadyGetUpdateDataResponse{.result = ready},
                                    server_sync::kNamespace, Style::kAsmx),
              text);
}

TEST_F(RecordedUpstream, FaultsAreReadAndWritten) {
    soap::Fault fault = soap::make_fault("InvalidParameters", "filter");
    fault.id = "94327110-fc7e-4c3c-878d-186ab273d9fd"_guid;
    fault.method = "http://www.microsoft.com/SoftwareDistribution/GetRevisionIdList";
    fault.actor = kActor;
    expect_fault("fault-bad-anchor", fault);
    fault = soap::make_fault("InvalidCookie");
    fault.id = "6ea693bc-a66e-4334-a797-043728561c7d"_guid;
    fault.method = "http://www.microsoft.com/SoftwareDistribution/GetRevisionIdList";
    fault.actor = kActor;
    expect_fault("fault-no-cookie", fault);
    fault = soap::make_fault("InternalServerError");
    fault.id = "b6114a8d-9939-41e0-ad7f-0d9a72260804"_guid;
    fault.method = "http://www.microsoft.com/SoftwareDistribution/GetUpdateData";
    fault.actor = kActor;
    expect_fault("fault-unknown-revision", fault);
}

TEST_F(RecordedUpstream, TheRequestsThatCausedFaultsAreReadable) {
    EXPECT_EQ(request<GetRevisionIdList>("fault-bad-anchor").filter.or_default().anchor, "garbage");
    EXPECT_FALSE(request<GetRevisionIdList>("fault-no-cookie").cookie);
    EXPECT_THAT(request<GetUpdateData>("fault-unknown-revision").update_ids.or_default(),
                SizeIs(1));
}

}  // namespace
}  // namespace headwater::protocol
