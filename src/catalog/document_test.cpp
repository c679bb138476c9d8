#include "catalog/document.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "base/xml.hpp"
#include "catalog/cabinet.hpp"
#include "catalog/parsed_document.hpp"
#include "catalog/update_xml_test.hpp"

namespace headwater::catalog {
namespace {

using test::document;
using test::fixtures;
using test::kFile;
using test::kHead;
using test::read;
using test::software;

namespace fs = std::filesystem;

Document parsed(const std::string& xml) {
    auto result = parse_document(xml);
    EXPECT_TRUE(result) << result.error().text();
    return result ? std::move(*result) : Document{};
}

std::string code_of(const std::string& xml) {
    const auto result = digest_document(xml);
    return result ? std::string("read") : result.error().code;
}

std::string repeat(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

class RecordedDocuments : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(fixtures() / "updates")) {
            GTEST_SKIP() << "The shared fixtures are not on this machine.";
        }
    }
    static Document recorded(const char* name) {
        return parsed(read(fixtures() / "updates" / (std::string(name) + ".xml")));
    }
};

TEST_F(RecordedDocuments, OfALeafHaveTheirFileItsDigestsAndTheirRelations) {
    const Document leaf = recorded("ff36f0b5-dded-4780-8664-cd78af8b62c1-r200");
    EXPECT_EQ(leaf.identity.update_id, "ff36f0b5-dded-4780-8664-cd78af8b62c1"_guid);
    EXPECT_EQ(leaf.identity.revision_number, 200U);
    EXPECT_EQ(leaf.type, UpdateType::kSoftware);
    EXPECT_EQ(leaf.publication_state, PublicationState::kPublished);
    EXPECT_EQ(leaf.category_type, CategoryType::kNone);
    EXPECT_EQ(leaf.handler,
              "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation");
    EXPECT_EQ(leaf.creation_date, from_xml_time("2026-09-02T08:19:36.080Z"));
    EXPECT_EQ(leaf.publisher_id, "bccf8ca0-2819-4598-8d15-c1506e363e92"_guid);
    EXPECT_EQ(leaf.max_download_size, 6662560U);
    EXPECT_EQ(leaf.min_download_size, 0U);
    EXPECT_FALSE(leaf.explicitly_deployable);
    EXPECT_FALSE(leaf.requires_eula_acceptance);
    ASSERT_EQ(leaf.prerequisites.size(), 4U);
    EXPECT_EQ(leaf.prerequisites[0].alternatives,
              std::vector<Guid>{"be4048db-157c-4532-9582-7f05099590c9"_guid});
    ASSERT_EQ(leaf.files.size(), 1U);
    EXPECT_EQ(to_base64(leaf.files[0].sha1.bytes), "vXidQqLgJwCO4+fE++5nIN1txMk=");
    EXPECT_EQ(to_base64(leaf.files[0].sha256.value().bytes),
              "FX0fJz391BBQFKgKnFee7Set4FikM6ebvaIHkpuXY+c=");
    EXPECT_EQ(leaf.files[0].name, "AM_Engine.exe");
    EXPECT_EQ(leaf.files[0].size, 6662560U);
    EXPECT_EQ(leaf.files[0].modified, from_xml_time("2026-08-18T00:39:04Z"));
    EXPECT_EQ(leaf.files[0].patching_type, "");
    EXPECT_EQ(leaf.text_in("de")->title, "AM Engine 1.1.26080.3 for Defender amd64fre Broad");
}

TEST_F(RecordedDocuments, OfABundleHaveOneClauseWithAllItsMembers) {
    const Document bundle = recorded("1f9bd9bb-7390-4aa3-bbdb-ded99fac2583-r200");
    ASSERT_EQ(bundle.bundled.size(), 1U);
    ASSERT_EQ(bundle.bundled[0].alternatives.size(), 24U);
    EXPECT_EQ(bundle.bundled[0].alternatives[1],
              (RevisionIdentity{"ff36f0b5-dded-4780-8664-cd78af8b62c1"_guid, 200}));
    EXPECT_EQ(bundle.prerequisites.size(), 2U);
    EXPECT_TRUE(bundle.files.empty());
}

TEST_F(RecordedDocuments, OfCategoriesHaveTheirTypeAndLanguages) {
    const Document company = recorded("56309036-4c77-4dd9-951a-99ee9c246a94-r101");
    EXPECT_EQ(company.type, UpdateType::kCategory);
    EXPECT_EQ(company.category_type, CategoryType::kCompany);
    EXPECT_EQ(company.texts.size(), 24U);
    EXPECT_EQ(company.text_in("PT-BR")->language, "pt-br");
    EXPECT_EQ(company.text_in("xx")->language, "en");
    const Document family = recorded("6964aab4-c5b5-43bd-a17d-ffb4346a8e1d-r100");
    EXPECT_EQ(family.category_type, CategoryType::kProductFamily);
    EXPECT_FALSE(family.excluded_by_default);
    ASSERT_EQ(family.prerequisites.size(), 1U);
    EXPECT_TRUE(family.prerequisites[0].is_category);
    const Document product = recorded("dd78b8a1-0b20-45c1-add6-4da72e9364cf-r202");
    EXPECT_EQ(product.category_type, CategoryType::kProduct);
    EXPECT_TRUE(product.excluded_by_default);
    EXPECT_EQ(product.text_in("en")->description,
              "This category would be used by the updates that would meet the ZDP bar.");
}

TEST_F(RecordedDocuments, AsAnUpstreamSendsThemArePlainOrInACabinet) {
    const auto answer = [](const char* name) {
        auto tree = xml::Document::parse(read(fixtures() / "upstream" / name));
        EXPECT_TRUE(tree);
        return std::move(*tree);
    };
    const auto text = [](const xml::Document& tree, std::string_view name) {
        pugi::xml_node at = tree.root();
        for (const std::string_view step :
             {std::string_view("Body"), std::string_view("GetUpdateDataResponse"),
              std::string_view("GetUpdateDataResult"), std::string_view("updates"),
              std::string_view("ServerSyncUpdateData"), name}) {
            at = xml::child(at, step);
        }
        return xml::text_of(at);
    };
    const Document plain =
        parsed(text(answer("get-update-data-plain.response.xml"), "XmlUpdateBlob"));
    EXPECT_EQ(plain.identity.update_id, "ccb78947-6453-4ecc-9de8-bc0305c98f2d"_guid);
    EXPECT_EQ(plain.bundled.at(0).alternatives.size(), 4U);
    const auto cabinet = from_base64(
        text(answer("get-update-data-cabinet.response.xml"), "XmlUpdateBlobCompressed"));
    ASSERT_TRUE(cabinet);
    const auto unpacked = read_document_cabinet(*cabinet);
    ASSERT_TRUE(unpacked) << unpacked.error().text();
    const Document packed = parsed(*unpacked);
    EXPECT_EQ(packed.identity.update_id, "266f6222-c89d-43f2-9f8a-69340271e677"_guid);
    ASSERT_EQ(packed.files.size(), 1U);
    EXPECT_EQ(to_base64(packed.files[0].sha1.bytes), "h/W9BGlYUAaqXTp30cZi/SiV3c0=");
}

TEST_F(RecordedDocuments, CutAnywhereAreNeverRead) {
    const std::string whole =
        read(fixtures() / "updates" / "dd78b8a1-0b20-45c1-add6-4da72e9364cf-r202.xml");
    ASSERT_EQ(code_of(whole), "read");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        ASSERT_EQ(code_of(whole.substr(0, size)), "catalog.malformed") << size;
    }
}

TEST(Documents, HaveAllTheirProperties) {
    const Document read = parsed(document(
        R"(<u:Properties UpdateType="Detectoid" ExplicitlyDeployable="1" PerUser="true" )"
        R"(DefaultPropertiesLanguage="de" PublicationState="Expired" MsrcSeverity="Critical" )"
        R"(MaxDownloadSize=" 77 " MinDownloadSize="7" CreationDate="2026-01-02T03:04:05Z">)"
        R"(<u:SupportUrl>https://example.com</u:SupportUrl>)"
        R"(<u:SecurityBulletinID>MS42-007</u:SecurityBulletinID>)"
        R"(<u:SecurityBulletinID>MS42-008</u:SecurityBulletinID>)"
        R"(<u:KBArticleID>KB5001234</u:KBArticleID><u:KBArticleID>6</u:KBArticleID>)"
        R"(<u:Language>de</u:Language><u:Language>pt-br</u:Language></u:Properties>)"));
    EXPECT_EQ(read.type, UpdateType::kDetectoid);
    EXPECT_TRUE(read.explicitly_deployable);
    EXPECT_TRUE(read.per_user);
    EXPECT_EQ(read.default_language, "de");
    EXPECT_EQ(read.publication_state, PublicationState::kExpired);
    EXPECT_EQ(read.msrc_severity, "Critical");
    EXPECT_EQ(read.max_download_size, 77U);
    EXPECT_EQ(read.min_download_size, 7U);
    EXPECT_EQ(read.creation_date, from_xml_time("2026-01-02T03:04:05Z"));
    EXPECT_EQ(read.kb_article, "5001234");
    EXPECT_EQ(read.security_bulletins, (std::vector<std::string>{"MS42-007", "MS42-008"}));
    EXPECT_EQ(read.languages, (std::vector<std::string>{"de", "pt-br"}));
}

TEST(Documents, HoldTheDefaultsOfWhatTheyDoNotSay) {
    const Document read = parsed(software(""));
    Document expected;
    expected.identity = {"11111111-1111-1111-1111-111111111111"_guid, 3};
    EXPECT_EQ(read, expected);
    EXPECT_EQ(read.text_in("en"), nullptr);
}

TEST(Documents, KeepPrerequisitesAndBundlesAsClausesOfAlternatives) {
    const Document read = parsed(software(
        R"(<u:Relationships><u:Prerequisites>)"
        R"(<u:UpdateIdentity UpdateID="33333333-3333-3333-3333-333333333333"/>)"
        R"(<u:AtLeastOne IsCategory="true">)"
        R"(<u:UpdateIdentity UpdateID="44444444-4444-4444-4444-444444444444"/>)"
        R"(<u:UpdateIdentity UpdateID="55555555-5555-5555-5555-555555555555"/></u:AtLeastOne>)"
        R"(<u:Later><u:UpdateIdentity UpdateID="88888888-8888-8888-8888-888888888888"/></u:Later>)"
        R"(</u:Prerequisites><u:BundledUpdates><u:AtLeastOne>)"
        R"(<u:UpdateIdentity UpdateID="66666666-6666-6666-6666-666666666666" RevisionNumber="9"/>)"
        R"(<u:UpdateIdentity UpdateID="66666666-6666-6666-6666-666666666667" RevisionNumber="8"/>)"
        R"(</u:AtLeastOne><u:AtLeastOne>)"
        R"(<u:UpdateIdentity UpdateID="66666666-6666-6666-6666-666666666668" RevisionNumber="7"/>)"
        R"(</u:AtLeastOne></u:BundledUpdates><u:SupersededUpdates>)"
        R"(<u:UpdateIdentity UpdateID="77777777-7777-7777-7777-777777777777"/>)"
        R"(<u:UpdateIdentity UpdateID="77777777-7777-7777-7777-777777777778"/>)"
        R"(</u:SupersededUpdates></u:Relationships>)"));
    EXPECT_EQ(read.prerequisites, (std::vector<PrerequisiteClause>{
                                      {{"33333333-3333-3333-3333-333333333333"_guid}, false},
                                      {{"44444444-4444-4444-4444-444444444444"_guid,
                                        "55555555-5555-5555-5555-555555555555"_guid},
                                       true}}));
    EXPECT_EQ(read.bundled,
              (std::vector<BundleClause>{{{{"66666666-6666-6666-6666-666666666666"_guid, 9},
                                           {"66666666-6666-6666-6666-666666666667"_guid, 8}}},
                                         {{{"66666666-6666-6666-6666-666666666668"_guid, 7}}}}));
    EXPECT_EQ(read.superseded, (std::vector<Guid>{"77777777-7777-7777-7777-777777777777"_guid,
                                                  "77777777-7777-7777-7777-777777777778"_guid}));
}

TEST(Documents, OfDriversHaveEveryDeviceTheyMatch) {
    const Document read = parsed(document(
        R"(<u:Properties UpdateType="Driver"/><u:ApplicabilityRules>)"
        R"(<u:IsInstalled><x:WindowsDriverInstalled )"
        R"(xmlns:x="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver"/>)"
        R"(</u:IsInstalled><u:Metadata>)"
        R"(<x:WindowsDriverMetaData HardwareID="pci\ven_10de&amp;dev_1" Class="Display" )"
        R"(Manufacturer="M" Provider="P" Company="C" Model="Card" DriverVerDate="2026-01-02" )"
        R"(DriverVerVersion="1.2.3.4" WhqlDriverID="4294967295" )"
        R"(xmlns:x="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver">)"
        R"(<x:FeatureScore OperatingSystem="amd64" FeatureScore="255"/></x:WindowsDriverMetaData>)"
        R"(<WindowsDriverMetaData HardwareID="usb" )"
        R"(xmlns="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver"/>)"
        R"(<u:WindowsDriverMetaData HardwareID="of another schema"/>)"
        R"(</u:Metadata></u:ApplicabilityRules>)"));
    EXPECT_EQ(read.type, UpdateType::kDriver);
    ASSERT_EQ(read.drivers.size(), 2U);
    EXPECT_EQ(read.drivers[0], (DriverMetadata{.hardware_id = "pci\\ven_10de&dev_1",
                                               .driver_class = "Display",
                                               .manufacturer = "M",
                                               .provider = "P",
                                               .model = "Card",
                                               .driver_ver_date = "2026-01-02",
                                               .driver_ver_version = "1.2.3.4",
                                               .whql_driver_id = 4294967295}));
    EXPECT_EQ(read.drivers[1].hardware_id, "usb");
}

TEST(Documents, SayWhichFilesAreForExpressInstallation) {
    const Document read = parsed(software(
        "<u:Files><u:File FileName=\"a.psf\" PatchingType=\"Express\" " + std::string(kFile) +
        "/><u:File FileName=\"a.cab\" PatchingType=\"SelfContained\" " + std::string(kFile) +
        "><u:AdditionalDigest Algorithm=\"MD5\">!</u:AdditionalDigest></u:File></u:Files>"));
    ASSERT_EQ(read.files.size(), 2U);
    EXPECT_EQ(read.files[0].patching_type, "Express");
    EXPECT_EQ(read.files[0].size, 12U);
    EXPECT_EQ(read.files[1].patching_type, "SelfContained");
    EXPECT_FALSE(read.files[1].sha256);
}

TEST(Documents, WithALicenseListItsFileInEitherForm) {
    const Document read = parsed(document(
        R"(<u:Properties UpdateType="Software" EulaID="22222222-2222-2222-2222-222222222222"/>)"
        R"(<u:LocalizedPropertiesCollection>)"
        R"(<u:EulaFile Language="en" FileName="eula.txt" )" +
        std::string(kFile) + R"(/></u:LocalizedPropertiesCollection><u:EulaFiles><u:EulaFile>)" +
        R"(<u:Language>de</u:Language><u:File FileName="eula.rtf" )" + std::string(kFile) +
        R"(/></u:EulaFile></u:EulaFiles>)"));
    EXPECT_EQ(read.eula_id, "22222222-2222-2222-2222-222222222222"_guid);
    EXPECT_TRUE(read.requires_eula_acceptance);
    ASSERT_EQ(read.files.size(), 2U);
    EXPECT_EQ(read.files[0].name, "eula.txt");
    EXPECT_EQ(read.files[1].name, "eula.rtf");
}

TEST(Documents, HaveATextForEachLanguage) {
    std::string texts;
    for (const char* language : {"ar", "de", "en", "zh-cn"}) {
        texts += std::string("<u:LocalizedProperties><u:Language>") + language +
                 "</u:Language><u:Title>T &amp; " + language +
                 "</u:Title><u:Description>D<![CDATA[<]]></u:Description>"
                 "<u:UninstallNotes>N</u:UninstallNotes><u:MoreInfoUrl>http://m</u:MoreInfoUrl>"
                 "<u:SupportUrl>http://s</u:SupportUrl></u:LocalizedProperties>";
    }
    const Document read = parsed(software("<u:LocalizedPropertiesCollection>" + texts +
                                          "</u:LocalizedPropertiesCollection>"));
    ASSERT_EQ(read.texts.size(), 4U);
    EXPECT_EQ(*read.text_in("zh-CN"),
              (LocalizedText{"zh-cn", "T & zh-cn", "D<", "http://m", "http://s", "N"}));
}

TEST(Documents, AreKnownByTheirNamespaceWhateverThePrefix) {
    constexpr std::string_view kBody =
        R"(<Properties xmlns="urn:other" UpdateType="Driver"/>)"
        R"(<Properties UpdateType="Category" xmlns="http://schemas.microsoft.com/msus/2002/12/Update"/>)"
        R"(<u:UpdateIdentity UpdateID="99999999-9999-9999-9999-999999999999" RevisionNumber="1"/>)";
    const Document read = parsed(document(kBody));
    EXPECT_EQ(read.type, UpdateType::kCategory);
    EXPECT_EQ(read.identity.revision_number, 3U);
    EXPECT_EQ(code_of(R"(<Update xmlns="urn:other"/>)"), "catalog.malformed");
    EXPECT_EQ(code_of(R"(<u:Update/>)"), "catalog.malformed");
}

TEST(Documents, WithoutAnIdentityAreRefused) {
    EXPECT_EQ(code_of(R"(<Update xmlns="http://schemas.microsoft.com/msus/2002/12/Update"/>)"),
              "catalog.no_identity");
    const auto identity = [](const std::string& attributes) {
        return code_of(
            R"(<Update xmlns="http://schemas.microsoft.com/msus/2002/12/Update"><UpdateIdentity )" +
            attributes + R"(/><Properties UpdateType="Software"/></Update>)");
    };
    const std::string id = R"(UpdateID="11111111-1111-1111-1111-111111111111" )";
    EXPECT_EQ(identity(id + R"(RevisionNumber="0")"), "read");
    EXPECT_EQ(identity(id + R"(RevisionNumber="2147483647")"), "read");
    EXPECT_EQ(identity(id), "catalog.invalid");
    EXPECT_EQ(identity(R"(UpdateID="1111" RevisionNumber="1")"), "catalog.invalid");
    for (const char* number :
         {"", "-1", "2147483648", "4294967297", "99999999999999999999999", "1x", "0x1", "1.0"}) {
        EXPECT_EQ(identity(id + "RevisionNumber=\"" + number + "\""), "catalog.invalid") << number;
    }
}

TEST(Documents, WithAValueOutsideItsTypeAreRefusedWithASentenceThatNamesIt) {
    for (const char* property : {"UpdateType=\"Nonsense\"", "UpdateType=\"\"",
                                 "UpdateType=\"Software\" PublicationState=\"Sold\"",
                                 "UpdateType=\"Software\" ExplicitlyDeployable=\"yes\"",
                                 "UpdateType=\"Software\" MaxDownloadSize=\"-1\"",
                                 "UpdateType=\"Software\" MaxDownloadSize=\"18446744073709551617\"",
                                 "UpdateType=\"Software\" MinDownloadSize=\"18446744073709551615\"",
                                 "UpdateType=\"Software\" CreationDate=\"yesterday\"",
                                 "UpdateType=\"Software\" EulaID=\"mine\""}) {
        EXPECT_EQ(code_of(document("<u:Properties " + std::string(property) + "/>")),
                  "catalog.invalid")
            << property;
    }
    EXPECT_EQ(code_of(document("")), "catalog.invalid");
    const auto error = parse_document(document(R"(<u:Properties UpdateType="Nonsense"/>)")).error();
    EXPECT_EQ(error.sentence, "The update document has an invalid UpdateType: 'Nonsense'.");
}

TEST(Documents, WithAFileThatCannotBeVerifiedAreRefused) {
    const auto file = [](const std::string& attributes, std::string_view inside = {}) {
        return code_of(software("<u:Files><u:File " + attributes + ">" + std::string(inside) +
                                "</u:File></u:Files>"));
    };
    const std::string sha1 = R"(Digest="vXidQqLgJwCO4+fE++5nIN1txMk=" )";
    EXPECT_EQ(file(sha1 + R"(DigestAlgorithm="SHA1" Size="1")"), "read");
    EXPECT_EQ(file(sha1 + R"(Size="1")"), "catalog.invalid");
    EXPECT_EQ(file(sha1 + R"(DigestAlgorithm="SHA256" Size="1")"), "catalog.invalid");
    EXPECT_EQ(file(R"(Digest="AAAA" DigestAlgorithm="SHA1" Size="1")"), "catalog.invalid");
    EXPECT_EQ(file(R"(Digest="*" DigestAlgorithm="SHA1" Size="1")"), "catalog.invalid");
    EXPECT_EQ(file(R"(DigestAlgorithm="SHA1" Size="1")"), "catalog.invalid");
    EXPECT_EQ(file(sha1 + R"(DigestAlgorithm="SHA1")"), "catalog.invalid");
    EXPECT_EQ(file(sha1 + R"(DigestAlgorithm="SHA1" Size="17592186044417")"), "catalog.invalid");
    EXPECT_EQ(file(sha1 + R"(DigestAlgorithm="SHA1" Size="1")",
                   R"(<u:AdditionalDigest Algorithm="SHA256">AAAA</u:AdditionalDigest>)"),
              "catalog.invalid");
}

TEST(Documents, ThatAreHostileAreRefused) {
    EXPECT_EQ(code_of(""), "catalog.malformed");
    EXPECT_EQ(code_of("Update"), "catalog.malformed");
    EXPECT_EQ(code_of("<!DOCTYPE a [<!ENTITY b 'b'>]><a>&b;</a>"), "catalog.malformed");
    EXPECT_EQ(code_of("<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>"
                      "<!ENTITY c '&b;&b;&b;&b;'>]>" +
                      software("<u:x>&c;</u:x>")),
              "catalog.malformed");
    EXPECT_EQ(code_of(software("") + "<second/>"), "catalog.malformed");
    EXPECT_EQ(code_of("text " + software("")), "catalog.malformed");
    EXPECT_EQ(code_of(software("") + " text"), "catalog.malformed");
    EXPECT_EQ(code_of(software("\xff\xfe")), "catalog.malformed");
    EXPECT_EQ(code_of(software(repeat("<a>", 62) + repeat("</a>", 62))), "read");
    EXPECT_EQ(code_of(software(repeat("<a>", 64) + repeat("</a>", 64))), "catalog.malformed");
    EXPECT_EQ(code_of(software(repeat("<a>", 100'000))), "catalog.malformed");
    EXPECT_EQ(code_of(software(repeat("<a/>", 500'001))), "catalog.malformed");
    EXPECT_EQ(code_of(software("<a>" + std::string(std::size_t{33} << 20U, 'x') + "</a>")),
              "catalog.malformed");
}

TEST(Documents, NeverBringCharactersThatXmlForbids) {
    for (const char* text : {"\x01", "&#1;", "&#x1F;", "&#xD800;", "&#xFFFE;", "\xEF\xBF\xBF"}) {
        const std::string bad = text;
        EXPECT_EQ(code_of(software("<u:a>" + bad + "</u:a>")), "catalog.malformed") << text;
        EXPECT_EQ(code_of(software("<u:a b=\"" + bad + "\"/>")), "catalog.malformed") << text;
    }
    EXPECT_EQ(code_of(software("<u:a b=\"&#10;&#x20AC;\">&#13;&#9;\xE2\x82\xAC</u:a>")), "read");
}

TEST(Extensions, AreOnlyLettersAndDigits) {
    EXPECT_EQ(content_extension("a.b.exe"), ".exe");
    EXPECT_EQ(content_extension("a.CAB"), ".CAB");
    EXPECT_EQ(content_extension("a"), "");
    EXPECT_EQ(content_extension("a."), "");
    EXPECT_EQ(content_extension(""), "");
    EXPECT_EQ(content_extension("a.e/e"), "");
    EXPECT_EQ(content_extension("a.123456789012345"), ".123456789012345");
    EXPECT_EQ(content_extension("a.1234567890123456"), "");
}

}  // namespace
}  // namespace headwater::catalog
