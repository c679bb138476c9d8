#include "simulation/facts.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "simulation/fake_server_test.hpp"

namespace headwater::simulation {
namespace {

std::string code_of(const std::string& json) {
    const auto facts = Facts::parse(json);
    return facts ? "" : facts.error().code;
}

TEST(Facts, AreThoseOfAWindows11WhereNothingIsSaid) {
    const auto facts = Facts::parse("{}");
    ASSERT_TRUE(facts);
    EXPECT_EQ(*facts, Facts{});
    EXPECT_EQ(facts->os.major, 10U);
    EXPECT_GE(facts->os.build, 22000U);
    EXPECT_EQ(facts->os.product_type, 1U);
    EXPECT_EQ(facts->architecture, Architecture::kX64);
    EXPECT_FALSE(facts->client_id);
}

TEST(Facts, AreReadWhole) {
    const auto facts = Facts::parse(R"({
        "client_id": "e1da06a3-5601-43c9-bac3-52d5db701494", "dns_name": "pc1",
        "target_group": "Pilots",
        "os": {"major": 10, "minor": 0, "build": 20348, "product_type": 3, "description": "S"},
        "architecture": "arm64", "languages": ["de-DE"],
        "computer_hardware_ids": ["6964aab4-c5b5-43bd-a17d-ffb4346a8e1d"],
        "failing_updates": ["6964aab4-c5b5-43bd-a17d-ffb4346a8e1d"],
        "registry": {"HKLM\\SOFTWARE\\A": {"Count": 4294967295, "Name": "x"}, "HKLM\\B\\": {}},
        "files": {"%windir%/System32//a.DLL": {"version": "1.2"}, "C:\\b": {}}})");
    ASSERT_TRUE(facts) << facts.error().text();
    EXPECT_EQ(facts->client_id->text(), "e1da06a3-5601-43c9-bac3-52d5db701494");
    EXPECT_EQ(facts->target_group, "Pilots");
    EXPECT_EQ(facts->os.build, 20348U);
    EXPECT_EQ(facts->architecture, Architecture::kArm64);
    EXPECT_EQ(facts->languages, std::vector<std::string>{"de-DE"});
    const RegistryValue* count = facts->registry.find(R"(hkey_local_machine\software\a)", "COUNT");
    ASSERT_NE(count, nullptr);
    EXPECT_EQ(std::get<std::uint32_t>(*count), 4294967295U);
    EXPECT_TRUE(facts->registry.has_key(R"(HKEY_LOCAL_MACHINE\B)"));
    const FileVersion* version = facts->files.find(R"(c:\Windows\system32\A.dll)");
    ASSERT_NE(version, nullptr);
    EXPECT_EQ(version_text(*version), "1.2.0.0");
    EXPECT_NE(facts->files.find(R"(c:\b)"), nullptr);
}

TEST(Facts, AKeyExistsIfOneBelowItDoes) {
    Registry registry;
    registry.add_key(R"(HKLM\SOFTWARE\A\B)");
    EXPECT_TRUE(registry.has_key(R"(HKLM\SOFTWARE\A)"));
    EXPECT_TRUE(registry.has_key(R"(hklm)"));
    EXPECT_FALSE(registry.has_key(R"(HKLM\SOFTWARE\A\B\C)"));
    EXPECT_FALSE(registry.has_key(R"(HKLM\SOFT)"));
}

TEST(Facts, DevicesAreTheKeysBelowEnum) {
    Facts facts;
    facts.registry.add_key(R"(HKLM\SYSTEM\CurrentControlSet\Enum\PCI\VEN_5A4D&DEV_001F)");
    facts.registry.add_key(R"(HKLM\SYSTEM\CurrentControlSet\Enum\PCI\VEN_5A4D&DEV_001F\1\2)");
    facts.registry.add_key(R"(HKLM\SYSTEM\CurrentControlSet\Enum\USB)");
    EXPECT_EQ(facts.devices(), std::vector<std::string>{R"(pci\ven_5a4d&dev_001f)"});
}

TEST(Facts, WhatIsWrongIsNamed) {
    EXPECT_EQ(code_of("{"), "facts.malformed");
    EXPECT_EQ(code_of("[]"), "facts.malformed");
    EXPECT_EQ(code_of("{\"dns_name\": \"\xff\"}"), "facts.malformed");
    EXPECT_EQ(code_of(std::string(100'000, '[')), "facts.malformed");
    for (const char* const json :
         {R"({"client_id": "x"})", R"({"dns_name": 1})", R"({"os": {"build": -1}})",
          R"({"os": {"bild": 1}})", R"({"os": {"build": 4294967296}})", R"({"os": 1})",
          R"({"architecture": "z80"})", R"({"languages": "en"})", R"({"languages": [1]})",
          R"({"registry": []})", R"({"registry": {"HKLM\\A": 1}})",
          R"({"registry": {"HKLM\\A": {"B": 1.5}}})", R"({"files": {"a": {"version": 1}}})",
          R"({"files": {"a": {"version": "1.2.3.4.5"}}})", R"({"files": {"a": {"size": 1}}})",
          R"({"unheard_of": 1})"}) {
        const auto facts = Facts::parse(json);
        ASSERT_FALSE(facts) << json;
        EXPECT_EQ(facts.error().code, "facts.invalid") << json;
    }
}

TEST(Facts, AFileThatIsMissingOrTooLargeIsRefused) {
    const testing_help::TemporaryFolder folder;
    EXPECT_EQ(Facts::load(folder.path() / "none.json").error().code, "facts.unreadable");
    EXPECT_EQ(Facts::load(folder.path()).error().code, "facts.unreadable");
    std::ofstream(folder.path() / "large.json") << std::string((4U << 20U) + 1, ' ');
    EXPECT_EQ(Facts::load(folder.path() / "large.json").error().code, "facts.too_large");
    std::ofstream(folder.path() / "good.json") << R"({"dns_name": "pc2"})";
    const auto facts = Facts::load(folder.path() / "good.json");
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->dns_name, "pc2");
}

TEST(Versions, HaveUpToFourPartsOfSixteenBits) {
    EXPECT_EQ(parse_version("1.2.3.65535"), (FileVersion{1, 2, 3, 65535}));
    EXPECT_EQ(parse_version("7"), (FileVersion{7, 0, 0, 0}));
    for (const char* const text : {"", ".", "1.", "1..2", "a", "1.2.3.65536", "1.2.3.4.5", "-1"}) {
        EXPECT_FALSE(parse_version(text)) << text;
    }
}

}  // namespace
}  // namespace headwater::simulation
