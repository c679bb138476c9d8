#include "simulation/applicability.hpp"

#include <gtest/gtest.h>

#include <map>

#include "simulation/fake_server_test.hpp"

namespace headwater::simulation {
namespace {

using testing_help::core_of;
using testing_help::dword_rule;
using testing_help::rules_of;

constexpr Guid kUpdate = "11111111-0b20-45c1-add6-4da72e9364cf"_guid;
constexpr Guid kOther = "22222222-0b20-45c1-add6-4da72e9364cf"_guid;
constexpr Guid kThird = "33333333-0b20-45c1-add6-4da72e9364cf"_guid;

Facts sample_facts() {
    Facts facts;
    facts.os = {.major = 10, .minor = 0, .build = 22631, .product_type = 1};
    facts.registry.set(R"(HKLM\SOFTWARE\Test)", "Level", std::uint32_t{5});
    facts.registry.set(R"(HKLM\SOFTWARE\Test)", "Name", std::string("Headwater Server"));
    facts.registry.set(R"(HKLM\SOFTWARE\Test)", "Version", std::string("2.5"));
    facts.registry.set(R"(HKLM\SOFTWARE\Test)", "Folder", std::string(R"(C:\Program Files\T\)"));
    facts.files.set(R"(C:\Windows\System32\a.dll)", {10, 0, 5, 1});
    facts.files.set(R"(C:\Program Files\T\t.exe)", {4, 0, 0, 0});
    return facts;
}

Applicability evaluate_rule(const std::string& rule) {
    const auto core = parse_core(core_of(kUpdate, "Software", rules_of(rule)));
    EXPECT_TRUE(core) << rule;
    return core ? evaluate(*core, sample_facts()) : Applicability{};
}

bool holds(const std::string& rule) {
    const Applicability result = evaluate_rule(rule);
    EXPECT_EQ(result.unknown_rules, 0U) << rule;
    return result.installed;
}

std::string windows(const std::string& attributes) {
    return "<b.WindowsVersion " + attributes + " />";
}

std::string file_version(const std::string& comparison, const std::string& version) {
    return R"(<b.FileVersion Path="a.dll" Csidl="37" Comparison=")" + comparison + "\" Version=\"" +
           version + "\" />";
}

std::string text_rule(const std::string& comparison, const std::string& data) {
    return R"(<b.RegSz Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Test" Value="Name" Comparison=")" +
           comparison + "\" Data=\"" + data + "\" />";
}

TEST(Rules, LogicJoinsThem) {
    EXPECT_TRUE(holds("<True />"));
    EXPECT_FALSE(holds("<False />"));
    EXPECT_TRUE(holds("<And><True /><True /></And>"));
    EXPECT_FALSE(holds("<And><True /><False /></And>"));
    EXPECT_TRUE(holds("<Or><False /><True /></Or>"));
    EXPECT_FALSE(holds("<Or><False /><False /></Or>"));
    EXPECT_TRUE(holds("<Not><Or><False /></Or></Not>"));
    EXPECT_FALSE(holds("<True /><False />"));
}

TEST(Rules, WindowsVersionsCompareAsOneNumber) {
    EXPECT_TRUE(
        holds(windows(R"(Comparison="GreaterThanOrEqualTo" MajorVersion="6" MinorVersion="3")")));
    EXPECT_TRUE(holds(windows(R"(Comparison="GreaterThanOrEqualTo" MajorVersion="10" )"
                              R"(MinorVersion="0" BuildNumber="22631")")));
    EXPECT_FALSE(holds(windows(
        R"(Comparison="GreaterThan" MajorVersion="10" MinorVersion="0" BuildNumber="22631")")));
    EXPECT_TRUE(holds(windows(
        R"(Comparison="LessThan" MajorVersion="10" MinorVersion="0" BuildNumber="26100")")));
    EXPECT_TRUE(holds(windows(R"(Comparison="LessThanOrEqualTo" BuildNumber="22631")")));
    EXPECT_TRUE(holds(windows(R"(MajorVersion="10" MinorVersion="0")")));
    EXPECT_FALSE(holds(windows(R"(MajorVersion="6")")));
    EXPECT_TRUE(holds(windows(R"(ProductType="1")")));
    EXPECT_FALSE(holds(windows(R"(MajorVersion="10" ProductType="3")")));
    EXPECT_TRUE(holds(windows(R"(ServicePackMajor="0" ServicePackMinor="0")")));
}

TEST(Rules, ProcessorsAndLanguagesAreThoseOfTheComputer) {
    EXPECT_TRUE(holds(R"(<b.Processor Architecture="9" />)"));
    EXPECT_FALSE(holds(R"(<b.Processor Architecture="12" />)"));
    EXPECT_TRUE(holds(R"(<b.WindowsLanguage Language="en" />)"));
    EXPECT_TRUE(holds(R"(<b.WindowsLanguage Language="EN-us" />)"));
    EXPECT_FALSE(holds(R"(<b.WindowsLanguage Language="de" />)"));
}

TEST(Rules, DwordsCompareAsNumbers) {
    EXPECT_TRUE(holds(dword_rule("Level", "EqualTo", 5)));
    EXPECT_FALSE(holds(dword_rule("Level", "EqualTo", 6)));
    EXPECT_TRUE(holds(dword_rule("level", "LessThan", 6)));
    EXPECT_FALSE(holds(dword_rule("Level", "LessThan", 5)));
    EXPECT_TRUE(holds(dword_rule("Level", "LessThanOrEqualTo", 5)));
    EXPECT_TRUE(holds(dword_rule("Level", "GreaterThanOrEqualTo", 5)));
    EXPECT_TRUE(holds(dword_rule("Level", "GreaterThan", 4)));
    EXPECT_FALSE(holds(dword_rule("Level", "GreaterThan", 5)));
    EXPECT_FALSE(holds(dword_rule("None", "LessThan", 5)));
    EXPECT_FALSE(holds(dword_rule("Name", "EqualTo", 5)));
}

TEST(Rules, TextsCompareWithoutCase) {
    EXPECT_TRUE(holds(text_rule("EqualTo", "headwater server")));
    EXPECT_FALSE(holds(text_rule("EqualTo", "headwater")));
    EXPECT_TRUE(holds(text_rule("BeginsWith", "Headwater")));
    EXPECT_TRUE(holds(text_rule("Contains", "WATER S")));
    EXPECT_TRUE(holds(text_rule("EndsWith", "Server")));
    EXPECT_FALSE(holds(text_rule("EndsWith", "Headwater")));
    EXPECT_TRUE(holds(R"(<b.RegSzToVersion Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Test"
                          Value="Version" Comparison="GreaterThan" Data="2.4.9" />)"));
}

TEST(Rules, KeysAndValuesExistOrNot) {
    const auto key = [](const std::string& subkey) {
        return R"(<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey=")" + subkey + "\" />";
    };
    const auto value = [](const std::string& name, const std::string& type) {
        return R"(<b.RegValueExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Test" Value=")" +
               name + "\"" + (type.empty() ? "" : " Type=\"" + type + "\"") + " />";
    };
    EXPECT_TRUE(holds(key(R"(SOFTWARE\test)")));
    EXPECT_TRUE(holds(key("SOFTWARE")));
    EXPECT_FALSE(holds(key("SOFTWARE\\None")));
    EXPECT_TRUE(holds(value("Level", "")));
    EXPECT_TRUE(holds(value("Level", "REG_DWORD")));
    EXPECT_FALSE(holds(value("Level", "REG_SZ")));
    EXPECT_TRUE(holds(value("Name", "REG_SZ")));
    EXPECT_FALSE(holds(value("None", "")));
}

TEST(Rules, FilesAreFoundInTheShellsFoldersAndInThoseOfTheRegistry) {
    EXPECT_TRUE(holds(R"(<b.FileExists Path="A.DLL" Csidl="37" />)"));
    EXPECT_TRUE(holds(R"(<b.FileExists Path="%WinDir%\System32\a.dll" />)"));
    EXPECT_FALSE(holds(R"(<b.FileExists Path="a.dll" Csidl="36" />)"));
    EXPECT_TRUE(holds(file_version("EqualTo", "10.0.5.1")));
    EXPECT_TRUE(holds(file_version("GreaterThan", "10.0.4.65535")));
    EXPECT_TRUE(holds(file_version("LessThan", "10.0.5.2")));
    EXPECT_TRUE(holds(file_version("LessThanOrEqualTo", "10.0.5.1")));
    EXPECT_FALSE(holds(file_version("GreaterThanOrEqualTo", "10.1")));
    const std::string prefix = R"(<b.FileVersionPrependRegSz Path="t.exe" Comparison="EqualTo"
        Version="4.0.0.0" Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Test" Value=)";
    EXPECT_TRUE(holds(prefix + "\"Folder\" />"));
    EXPECT_FALSE(holds(prefix + "\"None\" />"));
}

TEST(Rules, WhatIsUnknownIsFalseAndCounted) {
    for (const char* const rule :
         {R"(<m.MsiProductInstalled ProductCode="{1}" />)", "<b.Memory />", "<And />", "<Not />",
          "<Not><True /><True /></Not>", R"(<b.WindowsVersion SuiteType="1" />)",
          R"(<b.WindowsVersion MajorVersion="ten" />)", R"(<b.Processor />)",
          R"(<b.FileVersion Path="a.dll" Csidl="37" Comparison="EqualTo" Version="x" />)",
          R"(<b.FileExists Path="a.dll" Csidl="999" />)",
          R"(<b.RegDword Key="A" Subkey="B" Value="C" Comparison="Sort" Data="1" />)",
          R"(<b.RegDword Key="A" Subkey="B" Value="C" Comparison="Contains" Data="1" />)",
          R"(<b.RegDword Key="A" Subkey="B" Value="C" Comparison="EqualTo" Data="-1" />)"}) {
        const Applicability result = evaluate_rule(rule);
        EXPECT_FALSE(result.installed) << rule;
        EXPECT_EQ(result.unknown_rules, 1U) << rule;
    }
    EXPECT_EQ(evaluate_rule("<Or><True /><m.A /><Not><m.B /></Not></Or>").unknown_rules, 2U);
    EXPECT_EQ(evaluate_rule("").unknown_rules, 1U);
}

TEST(Applicability, InstalledComesBeforeInstallable) {
    const auto state = [](const std::string& rules) {
        return evaluate(*parse_core(core_of(kUpdate, "Software", rules)), Facts{}).state();
    };
    EXPECT_EQ(state(rules_of("<True />", "<True />")), State::kInstalled);
    EXPECT_EQ(state(rules_of("<False />", "<True />")), State::kInstallable);
    EXPECT_EQ(state(rules_of("<False />")), State::kInstallable);
    EXPECT_EQ(state(rules_of("<False />", "<False />")), State::kNotApplicable);
    EXPECT_EQ(state("<ApplicabilityRules><IsInstalled><False /></IsInstalled><IsSuperseded><True />"
                    "</IsSuperseded></ApplicabilityRules>"),
              State::kNotApplicable);
    EXPECT_EQ(state(""), State::kNotApplicable);
    const auto category = parse_core(core_of(kUpdate, "Category", rules_of("<False />")));
    ASSERT_TRUE(category);
    EXPECT_EQ(evaluate(*category, Facts{}).state(), State::kNotApplicable);
}

TEST(Applicability, ADriverIsInstallableWhereItsDeviceIs) {
    const auto core = parse_core(
        core_of(kUpdate, "Driver",
                R"(<ApplicabilityRules><IsInstalled><d.WindowsDriverInstalled /></IsInstalled>)"
                R"(<IsInstallable>)"
                R"(<d.WindowsDriver /></IsInstallable><Metadata><d.WindowsDriverMetaData )"
                R"(HardwareID="PCI\VEN_1" /></Metadata></ApplicabilityRules>)"));
    ASSERT_TRUE(core);
    Facts facts;
    EXPECT_EQ(evaluate(*core, facts).state(), State::kNotApplicable);
    facts.registry.add_key(R"(HKLM\SYSTEM\CurrentControlSet\Enum\pci\ven_1)");
    EXPECT_EQ(evaluate(*core, facts).state(), State::kInstallable);
}

TEST(Bundles, AreJudgedByTheirMembers) {
    const std::vector<BundleClause> clauses = {{kUpdate, kOther}, {kThird}};
    std::map<Guid, State> states;
    const auto state = [&] {
        return bundle_state(clauses, [&](const Guid& id) { return states[id]; });
    };
    EXPECT_EQ(state(), State::kNotApplicable);
    states[kUpdate] = State::kInstalled;
    EXPECT_EQ(state(), State::kInstalled);
    states[kThird] = State::kInstallable;
    EXPECT_EQ(state(), State::kInstallable);
    states[kThird] = State::kInstalled;
    states[kOther] = State::kInstallable;
    EXPECT_EQ(state(), State::kInstalled);
    EXPECT_EQ(bundle_state({}, [](const Guid&) { return State::kInstalled; }),
              State::kNotApplicable);
}

TEST(Installing, MakesTheRulesTrue) {
    const std::string rules = rules_of(
        "<And>" + dword_rule("Installed", "EqualTo", 1) + dword_rule("Build", "GreaterThan", 7) +
            "<Or><b.RegSz Key=\"HKLM\" Subkey=\"S\" Value=\"V\" Comparison=\"EqualTo\" "
            "Data=\"x\" /><False /></Or>" +
            file_version("GreaterThanOrEqualTo", "11.0.0.0") + "</And>",
        "<And><True /><Not>" + dword_rule("Line", "GreaterThan", 40) + "</Not></And>");
    const auto core = parse_core(core_of(kUpdate, "Software", rules));
    ASSERT_TRUE(core);
    Facts facts = sample_facts();
    EXPECT_EQ(evaluate(*core, facts).state(), State::kInstallable);
    EXPECT_TRUE(install(*core, facts));
    EXPECT_EQ(evaluate(*core, facts).state(), State::kInstalled);
    const RegistryValue* line = facts.registry.find(R"(HKLM\SOFTWARE\Test)", "Line");
    ASSERT_NE(line, nullptr);
    EXPECT_EQ(std::get<std::uint32_t>(*line), 40U);
}

TEST(Installing, IsOnlyRememberedWhereNoRuleCanBeMadeTrue) {
    Facts facts;
    for (const std::string rule :
         {"<Not><True /></Not>", "<m.MsiProductInstalled />", "<b.Processor Architecture=\"5\" />",
          R"(<b.FileVersion Path="a" Comparison="GreaterThan" Version="1.1.1.65535" />)"}) {
        const auto core = parse_core(core_of(kUpdate, "Software", rules_of(rule, "<True />")));
        ASSERT_TRUE(core) << rule;
        EXPECT_FALSE(install(*core, facts)) << rule;
    }
    EXPECT_EQ(facts, Facts{});
}

TEST(Fragments, HostileOnesAreRefused) {
    std::string deep;
    for (int i = 0; i < 1000; ++i) {
        deep += "<And>";
    }
    for (const std::string& text :
         {std::string("<UpdateIdentity"), std::string("<!DOCTYPE x><a/>"),
          core_of(kUpdate, "Software", deep), std::string(), core_of(kUpdate, "Toaster", ""),
          std::string(R"(<UpdateIdentity UpdateID="x" RevisionNumber="1" />)"),
          core_of(kUpdate, "Software", std::string(9U << 20U, ' ')),
          core_of(kUpdate, "Software", "\xff")}) {
        EXPECT_FALSE(parse_core(text)) << text.substr(0, 80);
    }
}

TEST(Fragments, FilesHaveDigestsAndASize) {
    const auto extended = parse_extended(
        R"(<ExtendedProperties /><Files><File Digest="vXidQqLgJwCO4+fE++5nIN1txMk=" )"
        R"(DigestAlgorithm="SHA1" FileName="AM_Engine.exe" Size="6662560"><AdditionalDigest )"
        R"(Algorithm="SHA256">FX0fJz391BBQFKgKnFee7Set4FikM6ebvaIHkpuXY+c=)"
        R"(</AdditionalDigest></File>)"
        R"(<File Digest="AAAAAAAAAAAAAAAAAAAAAAAAAAA=" FileName="d.psf" )"
        R"(Size="1" PatchingType="Express" />)"
        R"(</Files>)");
    ASSERT_TRUE(extended);
    ASSERT_EQ(extended->files.size(), 2U);
    EXPECT_EQ(extended->files[0].size, 6662560U);
    EXPECT_TRUE(extended->files[0].sha256);
    EXPECT_FALSE(extended->files[0].express);
    EXPECT_TRUE(extended->files[1].express);
    for (const char* const file :
         {R"(<File Digest="AAAA" Size="1" />)", R"(<File Size="1" />)",
          R"(<File Digest="vXidQqLgJwCO4+fE++5nIN1txMk=" Size="-1" />)",
          R"(<File Digest="vXidQqLgJwCO4+fE++5nIN1txMk=" Size="99999999999999999999" />)",
          R"(<File Digest="vXidQqLgJwCO4+fE++5nIN1txMk=" Size="9999999999999999" />)"}) {
        EXPECT_FALSE(parse_extended("<Files>" + std::string(file) + "</Files>")) << file;
    }
}

}  // namespace
}  // namespace headwater::simulation
