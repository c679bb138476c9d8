#include "catalog/fragments.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/xml.hpp"
#include "catalog/parsed_document.hpp"
#include "catalog/update_xml_test.hpp"

namespace headwater::catalog {
namespace {

using test::document;
using test::fixtures;
using test::kFile;
using test::read;
using test::software;

namespace fs = std::filesystem;

Fragments derived(const std::string& xml) {
    auto fragments = derive_fragments(xml);
    EXPECT_TRUE(fragments) << fragments.error().text();
    return fragments ? std::move(*fragments) : Fragments{};
}

class RecordedFragments : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(fixtures() / "updates")) {
            GTEST_SKIP() << "The shared fixtures are not on this machine.";
        }
    }
};

TEST_F(RecordedFragments, OfAMicrosoftServerEqualOursForEveryPair) {
    std::size_t pairs = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(fixtures() / "updates")) {
        const std::string name = entry.path().stem().string();
        SCOPED_TRACE(name);
        const std::string xml = read(entry.path());
        const Fragments fragments = derived(xml);
        const auto expect = [&](const std::string& kind, const std::string& ours) {
            const fs::path path = fixtures() / "fragments" / (name + "." + kind + ".xml");
            if (fs::exists(path)) {
                EXPECT_EQ(ours, read(path)) << kind;
                ++pairs;
            }
        };
        expect("core", fragments.core);
        expect("extended", fragments.extended);
        for (const auto& [language, fragment] : fragments.localized_properties) {
            expect("localized-" + language, fragment);
        }
        EXPECT_EQ(derive_core(xml).value(), fragments.core);
        EXPECT_EQ(digest_document(xml).value().core, fragments.core);
    }
    EXPECT_EQ(pairs, static_cast<std::size_t>(
                         std::distance(fs::directory_iterator(fixtures() / "fragments"), {})));
}

TEST_F(RecordedFragments, ThatAnAgentReceivedAreAllAmongOurs) {
    std::set<std::string> ours;
    for (const fs::directory_entry& entry : fs::directory_iterator(fixtures() / "updates")) {
        const Fragments fragments = derived(read(entry.path()));
        ours.insert({fragments.core, fragments.extended});
        for (const auto& [language, fragment] : fragments.localized_properties) {
            ours.insert(fragment);
        }
    }
    std::size_t seen = 0;
    const std::function<void(const pugi::xml_node&)> check = [&](const pugi::xml_node& node) {
        if (xml::local_name(node) == "Xml") {
            EXPECT_TRUE(ours.contains(xml::text_of(node))) << xml::text_of(node);
            ++seen;
        }
        for (const pugi::xml_node& child : node.children()) {
            check(child);
        }
    };
    for (const fs::directory_entry& entry :
         fs::directory_iterator(fixtures() / "agent" / "category-scan")) {
        if (entry.path().string().ends_with(".response.xml")) {
            const auto answer = xml::Document::parse(read(entry.path()));
            ASSERT_TRUE(answer) << entry.path();
            check(answer->root());
        }
    }
    EXPECT_EQ(seen, 9U);
}

TEST(Fragments, TakeTheMarkOfARuleFromItsNamespaceAndNotFromItsPrefix) {
    const Fragments fragments = derived(document(
        R"(<u:Properties UpdateType="Driver"/><u:ApplicabilityRules>)"
        R"(<x:A xmlns:x="http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules">)"
        R"(<b:B xmlns:b="http://schemas.microsoft.com/msus/2002/12/MsiApplicabilityRules"/><x:E/></x:A>)"
        R"(<C xmlns="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver"><D/></C>)"
        R"(<x:F xmlns:x="urn:other"><x:G xmlns:x="urn:third"/></x:F>)"
        R"(<l:Or xmlns:l="http://schemas.microsoft.com/msus/2002/12/LogicalApplicabilityRules">)"
        R"(<l:True/>text</l:Or></u:ApplicabilityRules>)"));
    EXPECT_EQ(
        fragments.core,
        R"(<UpdateIdentity UpdateID="11111111-1111-1111-1111-111111111111" RevisionNumber="3" />)"
        R"(<Properties UpdateType="Driver" /><ApplicabilityRules><b.A><m.B /><b.E /></b.A>)"
        R"(<d.C><d.D /></d.C><F><G /></F><Or><True />text</Or></ApplicabilityRules>)");
}

TEST(Fragments, KeepTheOrderOfTheirPartsWhateverTheDocumentsOrderIs) {
    const Fragments fragments = derived(
        document(R"(<u:HandlerSpecificData/><u:Files/><u:ApplicabilityRules/><u:Relationships/>)"
                 R"(<u:Properties EulaID="22222222-2222-2222-2222-222222222222" OSUpgrade="swap" )"
                 R"(AutoSelectOnWebSites="true" ExplicitlyDeployable="true" UpdateType="Software">)"
                 R"(<u:KBArticleID>1</u:KBArticleID></u:Properties>)"));
    EXPECT_TRUE(
        fragments.core.ends_with(R"(<Properties UpdateType="Software" ExplicitlyDeployable="true" )"
                                 R"(AutoSelectOnWebSites="true" OSUpgrade="swap" )"
                                 R"(EulaID="22222222-2222-2222-2222-222222222222" />)"
                                 R"(<Relationships /><ApplicabilityRules />)"))
        << fragments.core;
    EXPECT_EQ(fragments.extended,
              "<ExtendedProperties><KBArticleID>1</KBArticleID></ExtendedProperties>"
              "<Files /><HandlerSpecificData />");
}

TEST(Fragments, DropTheDefaultsOfPropertiesAndNoOther) {
    const Fragments fragments = derived(document(
        R"(<u:Properties UpdateType="Detectoid" ExplicitlyDeployable="false" OSUpgrade="false" )"
        R"(AutoSelectOnWebSites="false" PerUser="false" IsPublic="false" LegacyName="L" )"
        R"(DetectoidType="Application Locale" PublicationState="Published" IsBeta="false" )"
        R"(PublisherID="dd79a08b-c3c2-4e05-9862-ee90f9585e33" MinDownloadSize="0" )"
        R"(CreationDate="2006-05-22T19:10:10.172Z" MsrcSeverity="Low"/>)"
        R"(<u:HandlerSpecificData><h:I xmlns:h="urn:h" PerUser="false" RebootByDefault="false"/>)"
        R"(</u:HandlerSpecificData>)"));
    EXPECT_TRUE(fragments.core.ends_with(R"(<Properties UpdateType="Detectoid" />)"));
    EXPECT_EQ(fragments.extended,
              R"(<ExtendedProperties IsBeta="false" MinDownloadSize="0" MsrcSeverity="Low" />)"
              R"(<HandlerSpecificData><I PerUser="false" RebootByDefault="false" />)"
              R"(</HandlerSpecificData>)");
    EXPECT_EQ(derived(document(R"(<u:Properties UpdateType="Software" PerUser="true"/>)")).extended,
              R"(<ExtendedProperties PerUser="true" />)");
}

TEST(Fragments, OfADriverKeepAllItsMetadata) {
    const Fragments fragments = derived(document(
        R"(<u:Properties UpdateType="Driver"/><u:ApplicabilityRules><u:Metadata>)"
        R"(<w:WindowsDriverMetaData HardwareID="pci\ven_1&amp;dev_2" WhqlDriverID="5" )"
        R"(xmlns:w="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver">)"
        R"(<w:CompatibleProvider>A &amp; B</w:CompatibleProvider></w:WindowsDriverMetaData>)"
        R"(</u:Metadata></u:ApplicabilityRules>)"));
    EXPECT_TRUE(fragments.core.ends_with(
        R"(<ApplicabilityRules><Metadata>)"
        R"(<d.WindowsDriverMetaData HardwareID="pci\ven_1&amp;dev_2" WhqlDriverID="5">)"
        R"(<d.CompatibleProvider>A &amp; B</d.CompatibleProvider></d.WindowsDriverMetaData>)"
        R"(</Metadata></ApplicabilityRules>)"))
        << fragments.core;
}

TEST(Fragments, LeaveTypesUntouchedAndDropThePrefixesOfAttributes) {
    const Fragments fragments = derived(
        software(R"(<u:HandlerSpecificData xsi:type="cbs:Cbs" xml:lang="en" )"
                 R"(xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlnsx="kept">)"
                 R"(<c:CbsData PackageIdentity="P~31bf~amd64~~1.0" xmlns:c="urn:c" xmlns="urn:d"/>)"
                 R"(</u:HandlerSpecificData>)"));
    EXPECT_EQ(
        fragments.extended,
        R"(<ExtendedProperties /><HandlerSpecificData type="cbs:Cbs" lang="en" xmlnsx="kept">)"
        R"(<CbsData PackageIdentity="P~31bf~amd64~~1.0" /></HandlerSpecificData>)");
}

TEST(Fragments, EscapeTextsAndValuesAsDotNetDoes) {
    const Fragments fragments = derived(document(
        R"(<u:Properties UpdateType="Software" Handler="a&amp;&quot;&lt;&gt;'&#10;"/>)"
        R"(<u:LocalizedPropertiesCollection><u:LocalizedProperties><u:Language>en</u:Language>)"
        R"(<u:Title>1 &lt; 2 &amp; "3" &gt; '2'<!-- no --><?no no?><![CDATA[ <b>]]></u:Title>)"
        R"(</u:LocalizedProperties></u:LocalizedPropertiesCollection>)"));
    EXPECT_EQ(fragments.extended, R"(<ExtendedProperties Handler="a&amp;&quot;&lt;&gt;'&#xA;" />)");
    ASSERT_EQ(fragments.localized_properties.size(), 1U);
    EXPECT_EQ(fragments.localized_properties[0].second,
              R"(<LocalizedProperties><Language>en</Language>)"
              R"(<Title>1 &lt; 2 &amp; "3" &gt; '2' &lt;b&gt;</Title></LocalizedProperties>)");
}

TEST(Fragments, KeepTextAmongElementsAndDropTheSpaceBetweenThem) {
    const Fragments fragments = derived(
        software("<u:HandlerSpecificData>\n  <u:a> one <u:b> </u:b> two </u:a>\n  <u:c></u:c>"
                 "<u:d><!-- only this --></u:d>\n</u:HandlerSpecificData>"));
    EXPECT_EQ(fragments.extended,
              "<ExtendedProperties /><HandlerSpecificData><a> one <b /> two </a><c /><d />"
              "</HandlerSpecificData>");
}

TEST(Fragments, ComeForEveryLanguageInTheDocumentsOrder) {
    const Fragments fragments = derived(software(
        R"(<u:LocalizedPropertiesCollection>)"
        R"(<u:LocalizedProperties><u:Language>de</u:Language><u:Title>T</u:Title></u:LocalizedProperties>)"
        R"(<x:LocalizedProperties xmlns:x="urn:other"/>)"
        R"(<u:LocalizedProperties><u:Language>ar</u:Language></u:LocalizedProperties>)"
        R"(</u:LocalizedPropertiesCollection>)"));
    EXPECT_EQ(fragments.localized_properties,
              (std::vector<std::pair<std::string, std::string>>{
                  {"de",
                   "<LocalizedProperties><Language>de</Language><Title>T</Title>"
                   "</LocalizedProperties>"},
                  {"ar", "<LocalizedProperties><Language>ar</Language></LocalizedProperties>"}}));
}

TEST(Fragments, OfLicensesCarryTheirLanguageInEitherForm) {
    const std::string file(kFile);
    const Fragments fragments =
        derived(software(R"(<u:LocalizedPropertiesCollection><u:EulaFile Language="en" )" + file +
                         R"(/></u:LocalizedPropertiesCollection><u:EulaFiles><u:EulaFile>)" +
                         R"(<u:Language>de</u:Language></u:EulaFile></u:EulaFiles>)"));
    EXPECT_EQ(fragments.eulas, (std::vector<std::pair<std::string, std::string>>{
                                   {"en", "<EulaFile Language=\"en\" " + file + "/>"},
                                   {"de", "<EulaFile><Language>de</Language></EulaFile>"}}));
}

TEST(Fragments, AreNotDerivedFromWhatIsNoDocument) {
    const auto codes = [](const std::string& xml) {
        const auto fragments = derive_fragments(xml);
        const auto core = derive_core(xml);
        EXPECT_FALSE(fragments);
        EXPECT_FALSE(core);
        EXPECT_EQ(fragments.error().code, core.error().code);
        return core.error().code;
    };
    EXPECT_EQ(codes("<u:Update"), "catalog.malformed");
    EXPECT_EQ(codes(R"(<Update xmlns="http://schemas.microsoft.com/msus/2002/12/Update"/>)"),
              "catalog.no_identity");
    EXPECT_EQ(codes(document(R"(<u:Properties UpdateType="Nonsense"/>)")), "catalog.invalid");
}

}  // namespace
}  // namespace headwater::catalog
