#include "catalog/fragments.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catalog/document.hpp"
#include "catalog/parsed_document.hpp"

namespace headwater::catalog {
namespace {

namespace fs = std::filesystem;

fs::path fixtures() {
    const char* shared = std::getenv("HEADWATER_SHARED");
    return fs::path(shared != nullptr ? shared : "../shared") / "fixtures";
}

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

TEST(Fragments, EqualThoseOfAMicrosoftServerForEveryRecordedPair) {
    if (!fs::exists(fixtures() / "updates")) {
        GTEST_SKIP() << "The shared fixtures are not on this machine.";
    }
    std::size_t pairs = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(fixtures() / "updates")) {
        const std::string name = entry.path().stem().string();
        SCOPED_TRACE(name);
        const auto fragments = derive_fragments(read(entry.path()));
        ASSERT_TRUE(fragments) << fragments.error().text();
        const auto expect = [&](const char* kind, const std::string& derived) {
            const fs::path path = fixtures() / "fragments" / (name + "." + kind + ".xml");
            if (fs::exists(path)) {
                EXPECT_EQ(derived, read(path)) << kind;
                ++pairs;
            }
        };
        expect("core", fragments->core);
        expect("extended", fragments->extended);
        for (const auto& [language, fragment] : fragments->localized_properties) {
            expect(("localized-" + language).c_str(), fragment);
        }
    }
    EXPECT_GE(pairs, 14U);
}

constexpr std::string_view kHead =
    R"(<u:Update xmlns:u="http://schemas.microsoft.com/msus/2002/12/Update">)"
    R"(<u:UpdateIdentity UpdateID="11111111-1111-1111-1111-111111111111" RevisionNumber="3"/>)";

std::string document(std::string_view rest) {
    return std::string(kHead) + std::string(rest) + "</u:Update>";
}

TEST(Fragments, TakeTheMarkOfARuleFromItsNamespaceAndNotFromItsPrefix) {
    const auto core = derive_core(document(
        R"(<u:Properties UpdateType="Driver"/><u:ApplicabilityRules>)"
        R"(<x:A xmlns:x="http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules">)"
        R"(<b:B xmlns:b="http://schemas.microsoft.com/msus/2002/12/MsiApplicabilityRules"/></x:A>)"
        R"(<C xmlns="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver"><D/></C>)"
        R"(<l:Or xmlns:l="http://schemas.microsoft.com/msus/2002/12/LogicalApplicabilityRules"/>)"
        R"(</u:ApplicabilityRules>)"));
    ASSERT_TRUE(core);
    EXPECT_EQ(
        *core,
        R"(<UpdateIdentity UpdateID="11111111-1111-1111-1111-111111111111" RevisionNumber="3" />)"
        R"(<Properties UpdateType="Driver" /><ApplicabilityRules><b.A><m.B /></b.A>)"
        R"(<d.C><d.D /></d.C><Or /></ApplicabilityRules>)");
}

TEST(Fragments, KeepTheOrderOfTheCoreWhateverTheDocumentsOrderIs) {
    const auto core = derive_core(document(
        R"(<u:ApplicabilityRules/><u:Relationships/>)"
        R"(<u:Properties EulaID="e" OSUpgrade="true" ExplicitlyDeployable="true" UpdateType="Software"/>)"));
    ASSERT_TRUE(core);
    EXPECT_TRUE(core->ends_with(
        R"(<Properties UpdateType="Software" ExplicitlyDeployable="true" OSUpgrade="true" EulaID="e" />)"
        R"(<Relationships /><ApplicabilityRules />)"))
        << *core;
}

TEST(Fragments, EscapeTextsAndValuesAsDotNetDoes) {
    const auto fragments = derive_fragments(document(
        R"(<u:Properties UpdateType="Software" Handler="a&amp;&quot;&lt;&gt;'"/>)"
        R"(<u:LocalizedPropertiesCollection><u:LocalizedProperties><u:Language>en</u:Language>)"
        R"(<u:Title>1 &lt; 2 &amp; "3" &gt; '2'<!-- no --><![CDATA[ <b>]]></u:Title>)"
        R"(</u:LocalizedProperties></u:LocalizedPropertiesCollection>)"));
    ASSERT_TRUE(fragments);
    EXPECT_EQ(fragments->extended, R"(<ExtendedProperties Handler="a&amp;&quot;&lt;&gt;'" />)");
    EXPECT_EQ(fragments->localized_properties.at(0).second,
              R"(<LocalizedProperties><Language>en</Language>)"
              R"(<Title>1 &lt; 2 &amp; "3" &gt; '2' &lt;b&gt;</Title></LocalizedProperties>)");
}

TEST(Documents, AreReadToTheLastField) {
    const auto parsed = parse_document(document(
        R"(<u:Properties UpdateType="Software" ExplicitlyDeployable="true" PublicationState="Expired" )"
        R"(MsrcSeverity="Critical" MaxDownloadSize="77" CreationDate="2026-01-02T03:04:05Z" )"
        R"(EulaID="22222222-2222-2222-2222-222222222222">)"
        R"(<u:KBArticleID>5001234</u:KBArticleID><u:Language>de</u:Language></u:Properties>)"
        R"(<u:Relationships><u:Prerequisites>)"
        R"(<u:UpdateIdentity UpdateID="33333333-3333-3333-3333-333333333333"/>)"
        R"(<u:AtLeastOne IsCategory="true"><u:UpdateIdentity UpdateID="44444444-4444-4444-4444-444444444444"/>)"
        R"(<u:UpdateIdentity UpdateID="55555555-5555-5555-5555-555555555555"/></u:AtLeastOne>)"
        R"(</u:Prerequisites><u:BundledUpdates><u:AtLeastOne>)"
        R"(<u:UpdateIdentity UpdateID="66666666-6666-6666-6666-666666666666" RevisionNumber="9"/>)"
        R"(</u:AtLeastOne></u:BundledUpdates><u:SupersededUpdates>)"
        R"(<u:UpdateIdentity UpdateID="77777777-7777-7777-7777-777777777777"/></u:SupersededUpdates>)"
        R"(</u:Relationships><u:Files><u:File Digest="vXidQqLgJwCO4+fE++5nIN1txMk=" )"
        R"(DigestAlgorithm="SHA1" FileName="a.cab" Size="12" PatchingType="Express"/></u:Files>)"));
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_EQ(parsed->identity.revision_number, 3U);
    EXPECT_TRUE(parsed->explicitly_deployable);
    EXPECT_EQ(parsed->publication_state, PublicationState::kExpired);
    EXPECT_EQ(parsed->msrc_severity, "Critical");
    EXPECT_EQ(parsed->max_download_size, 77U);
    EXPECT_TRUE(parsed->requires_eula_acceptance);
    EXPECT_EQ(parsed->kb_article, "5001234");
    EXPECT_EQ(parsed->languages, std::vector<std::string>{"de"});
    ASSERT_EQ(parsed->prerequisites.size(), 2U);
    EXPECT_FALSE(parsed->prerequisites[0].is_category);
    EXPECT_TRUE(parsed->prerequisites[1].is_category);
    EXPECT_EQ(parsed->prerequisites[1].alternatives.size(), 2U);
    EXPECT_EQ(parsed->bundled.at(0).alternatives.at(0).revision_number, 9U);
    EXPECT_EQ(parsed->superseded.size(), 1U);
    EXPECT_EQ(parsed->files.at(0).size, 12U);
    EXPECT_EQ(parsed->files.at(0).patching_type, "Express");
}

TEST(Documents, ThatAreNotWhatTheySayAreRefusedWithASentence) {
    const auto code = [](const std::string& text) {
        const auto parsed = digest_document(text);
        return parsed ? std::string("read") : parsed.error().code;
    };
    EXPECT_EQ(code(""), "catalog.malformed");
    EXPECT_EQ(code("<Update/>"), "catalog.malformed");
    EXPECT_EQ(code("<!DOCTYPE a [<!ENTITY b 'b'>]><a/>"), "catalog.malformed");
    EXPECT_EQ(code(R"(<Update xmlns="http://schemas.microsoft.com/msus/2002/12/Update"/>)"),
              "catalog.no_identity");
    EXPECT_EQ(code(document(R"(<u:Properties UpdateType="Nonsense"/>)")), "catalog.invalid");
    EXPECT_EQ(
        code(document(
            R"(<u:Properties UpdateType="Software"/><u:Files><u:File Digest="AAAA" Size="1"/></u:Files>)")),
        "catalog.invalid");
    EXPECT_EQ(code(document(R"(<u:Properties UpdateType="Software" MaxDownloadSize="-1"/>)")),
              "catalog.invalid");
    std::string deep = document("");
    deep.insert(kHead.size(), [] {
        std::string text;
        for (int i = 0; i < 100; ++i) {
            text += "<a>";
        }
        for (int i = 0; i < 100; ++i) {
            text += "</a>";
        }
        return text;
    }());
    EXPECT_EQ(code(deep), "catalog.malformed");
    const std::string whole = document(R"(<u:Properties UpdateType="Software"/>)");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_NE(code(whole.substr(0, size)), "read") << size;
    }
}

TEST(Extensions, AreOnlyLettersAndDigits) {
    EXPECT_EQ(content_extension("a.b.exe"), ".exe");
    EXPECT_EQ(content_extension("a.CAB"), ".CAB");
    EXPECT_EQ(content_extension("a"), "");
    EXPECT_EQ(content_extension("a."), "");
    EXPECT_EQ(content_extension("a.e/e"), "");
    EXPECT_EQ(content_extension("a.12345678901234567"), "");
}

}  // namespace
}  // namespace headwater::catalog
