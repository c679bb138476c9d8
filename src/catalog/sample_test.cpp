#include "catalog/sample.hpp"

#include <gtest/gtest.h>

#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/xml.hpp"

namespace headwater::catalog {
namespace {

SampleOptions options(std::uint32_t updates, std::uint64_t seed = 1) {
    SampleOptions made;
    made.updates = updates;
    made.seed = seed;
    return made;
}

/// Over identities, documents and file lists of a whole catalog.
std::string fingerprint(const SampleOptions& of) {
    FileHasher hasher;
    Sample(of).for_each_revision([&](SampleRevision&& revision) {
        hasher.update(revision.identity.update_id.bytes);
        hasher.update(as_bytes(std::to_string(revision.identity.revision_number)));
        hasher.update(as_bytes(revision.xml));
        for (const std::uint32_t file : revision.files) {
            hasher.update(as_bytes(std::to_string(file)));
        }
    });
    return to_hex_lower(hasher.finish().sha256.bytes);
}

std::string attribute(const pugi::xml_node& node, const char* name) {
    return node.attribute(name).value();
}

/// A parsed document of the catalog, and short ways into it.
struct Read {
    SampleRevision revision;
    xml::Document document;

    [[nodiscard]] pugi::xml_node part(std::string_view name) const {
        return xml::child(document.root(), name);
    }
    [[nodiscard]] std::string property(const char* name) const {
        return attribute(part("Properties"), name);
    }
    [[nodiscard]] pugi::xml_node relation(std::string_view name) const {
        return xml::child(part("Relationships"), name);
    }
    [[nodiscard]] bool contains(std::string_view text) const {
        return revision.xml.find(text) != std::string::npos;
    }
    [[nodiscard]] std::string title() const {
        for (const pugi::xml_node& each : part("LocalizedPropertiesCollection").children()) {
            if (xml::text_of(xml::child(each, "Language")) == "en") {
                return xml::text_of(xml::child(each, "Title"));
            }
        }
        return {};
    }
};

template <typename Look>
void read_all(const SampleOptions& of, Look look) {
    Sample(of).for_each_revision([&](SampleRevision&& revision) {
        auto document = xml::Document::parse(revision.xml);
        ASSERT_TRUE(document.has_value()) << document.error().text() << '\n' << revision.xml;
        look(Read{std::move(revision), *std::move(document)});
    });
}

/// Calls for each UpdateIdentity below a node, at whatever depth.
template <typename Look>
void for_each_identity(const pugi::xml_node& node, Look look) {
    for (const pugi::xml_node& each : node.children()) {
        if (xml::local_name(each) == "UpdateIdentity") {
            look(each);
        } else {
            for_each_identity(each, look);
        }
    }
}

template <typename Look>
void for_each_element(const pugi::xml_node& node, Look look) {
    for (const pugi::xml_node& each : node.children()) {
        if (each.type() == pugi::node_element) {
            look(each);
            for_each_element(each, look);
        }
    }
}

Guid guid_of(const pugi::xml_node& identity) {
    return Guid::parse(attribute(identity, "UpdateID")).value_or(Guid{});
}

TEST(Sample, MakesExactlyAsManyRevisionsAsAsked) {
    for (const std::uint32_t count : {100U, 101U, 137U, 199U, 200U, 1000U, 5000U}) {
        for (const std::uint64_t seed : {1U, 2U, 77U}) {
            std::set<RevisionIdentity> seen;
            Sample(options(count, seed)).for_each_revision([&](SampleRevision&& revision) {
                seen.insert(revision.identity);
            });
            EXPECT_EQ(seen.size(), count) << "seed " << seed;
        }
    }
}

TEST(Sample, RefusesNumbersOutsideItsRange) {
    EXPECT_THROW(Sample{options(99)}, std::invalid_argument);
    EXPECT_THROW(Sample{options(200'001)}, std::invalid_argument);
    SampleOptions sizes = options(100);
    sizes.min_file_size = 10;
    sizes.max_file_size = 9;
    EXPECT_THROW(Sample{sizes}, std::invalid_argument);
}

TEST(Sample, IsTheSameForTheSameSeedAndAnotherForAnother) {
    EXPECT_EQ(fingerprint(options(1000)), fingerprint(options(1000)));
    EXPECT_NE(fingerprint(options(1000)), fingerprint(options(1000, 2)));
}

/// Whoever changes the catalog on purpose changes this too; a machine must not.
TEST(Sample, IsTheSameOnEveryMachine) {
    EXPECT_EQ(fingerprint(options(100)),
              "b64eaef8d1d34c10ff7607d5f9c75296286a08248bd81f553c688f3a25e9a8ad");
}

TEST(Sample, WritesItsIdentityIntoEachDocument) {
    read_all(options(1000), [](const Read& read) {
        EXPECT_EQ(xml::local_name(read.document.root()), "Update");
        EXPECT_EQ(xml::namespace_of(read.document.root()),
                  "http://schemas.microsoft.com/msus/2002/12/Update");
        const pugi::xml_node identity = read.part("UpdateIdentity");
        EXPECT_EQ(guid_of(identity), read.revision.identity.update_id);
        EXPECT_EQ(attribute(identity, "RevisionNumber"),
                  std::to_string(read.revision.identity.revision_number));
        EXPECT_NE(read.title(), "");
    });
}

TEST(Sample, ResolvesEveryPrefixThatItUses) {
    read_all(options(1000), [](const Read& read) {
        for_each_element(read.document.root(), [&](const pugi::xml_node& element) {
            EXPECT_NE(xml::namespace_of(element), "") << element.name();
        });
        const pugi::xml_node handler = read.part("HandlerSpecificData");
        if (handler) {
            const std::string type = attribute(handler, "xsi:type");
            EXPECT_NE(xml::resolve(handler, xml::prefix(type)), "") << type;
            EXPECT_EQ(read.property("Handler"), xml::resolve(handler, xml::prefix(type)));
        }
    });
}

TEST(Sample, NamesOnlyUpdatesThatCameBefore) {
    for (const std::uint32_t count : {100U, 5000U}) {
        std::set<RevisionIdentity> revisions;
        std::set<Guid> updates;
        read_all(options(count), [&](const Read& read) {
            const auto known = [&](const pugi::xml_node& identity) {
                EXPECT_TRUE(updates.contains(guid_of(identity))) << read.title();
                EXPECT_NE(guid_of(identity), read.revision.identity.update_id);
            };
            for_each_identity(read.relation("Prerequisites"), known);
            for_each_identity(read.relation("SupersededUpdates"), known);
            for_each_identity(read.relation("BundledUpdates"), [&](const pugi::xml_node& each) {
                const unsigned number = each.attribute("RevisionNumber").as_uint();
                EXPECT_TRUE(revisions.contains({guid_of(each), number})) << read.title();
            });
            revisions.insert(read.revision.identity);
            updates.insert(read.revision.identity.update_id);
        });
    }
}

TEST(Sample, GivesTrueSizesAndDigestsOfItsFiles) {
    SampleOptions of = options(300, 5);
    of.min_file_size = 100;
    of.max_file_size = 300;
    const Sample sample(of);
    std::size_t files = 0;
    read_all(of, [&](const Read& read) {
        std::size_t place = 0;
        std::size_t downloads = 0;
        for_each_element(read.document.root(), [&](const pugi::xml_node& element) {
            if (xml::local_name(element) != "File") {
                return;
            }
            ASSERT_LT(place, read.revision.files.size());
            const Bytes bytes = sample.file(read.revision.files[place++]);
            EXPECT_GE(bytes.size(), 100U);
            EXPECT_LE(bytes.size(), 300U);
            EXPECT_EQ(attribute(element, "Size"), std::to_string(bytes.size()));
            EXPECT_EQ(attribute(element, "DigestAlgorithm"), "SHA1");
            EXPECT_EQ(attribute(element, "Digest"), to_base64(Sha1::of(bytes).bytes));
            EXPECT_EQ(xml::text_of(xml::child(element, "AdditionalDigest")),
                      to_base64(Sha256::of(bytes).bytes));
            EXPECT_NE(attribute(element, "FileName").rfind('.'), std::string::npos);
            downloads += bytes.size();
        });
        EXPECT_EQ(place, read.revision.files.size());
        EXPECT_GE(downloads, read.part("Properties").attribute("MaxDownloadSize").as_uint());
        files += place;
    });
    EXPECT_GT(files, 100U);
}

TEST(Sample, GivesAFileOfOneSizeWhereLeastAndMostAreEqual) {
    SampleOptions of = options(100);
    of.min_file_size = 777;
    of.max_file_size = 777;
    EXPECT_EQ(Sample(of).file(3).size(), 777U);
    EXPECT_EQ(Sample(of).file(3), Sample(of).file(3));
    EXPECT_NE(Sample(of).file(3), Sample(of).file(4));
}

/// What every catalog has at least once, by the name of the ingredient.
std::map<std::string, std::uint32_t> ingredients(const SampleOptions& of) {
    std::map<std::string, std::uint32_t> found;
    std::map<Guid, std::uint32_t> revisions;
    std::set<Guid> bundles;
    read_all(of, [&](const Read& read) {
        const auto count = [&](const char* name, bool is) { found[name] += is ? 1U : 0U; };
        const bool deployable = read.property("ExplicitlyDeployable") == "true";
        const pugi::xml_node category =
            xml::child(read.part("HandlerSpecificData"), "CategoryInformation");
        ++found[read.property("UpdateType")];
        if (category) {
            ++found[attribute(category, "CategoryType")];
        }
        count("two revisions", ++revisions[read.revision.identity.update_id] > 1);
        count("expired", read.property("PublicationState") == "Expired");
        count("EULA", read.property("EulaID") != "" && read.part("EulaFiles"));
        count("express file", read.contains("PatchingType=\"Express\""));
        count("optional", read.property("BrowseOnly") == "true");
        count("severity", read.property("MsrcSeverity") != "");
        count("bulletin", read.contains("<upd:SecurityBulletinID>"));
        count("links", read.contains("<upd:MoreInfoUrl>") && read.contains("<upd:SupportUrl>"));
        count("cbs", read.contains("xsi:type=\"cbs:Cbs\""));
        count("command line", read.contains("xsi:type=\"cmd:CommandLineInstallation\""));
        count("hardware id",
              read.contains("<drv:WindowsDriverMetaData HardwareID=\"pci\\ven_5a4d&amp;dev_"));
        count("definition update", deployable && read.title().starts_with("Definition Update for"));
        count("service pack", read.title().starts_with("Service Pack for"));
        count("language", read.contains("</upd:Language><upd:InstallationBehavior"));
        const bool cumulative = read.title().find("-") == 4 && deployable;
        count("cumulative chain", cumulative && read.contains("<upd:SupersededUpdates>"));
        for_each_identity(read.relation("BundledUpdates"), [&](const pugi::xml_node& member) {
            count("bundle in bundle", bundles.contains(guid_of(member)));
        });
        if (read.relation("BundledUpdates")) {
            bundles.insert(read.revision.identity.update_id);
            EXPECT_FALSE(read.part("ApplicabilityRules"));
            EXPECT_FALSE(read.part("Files"));
        }
    });
    return found;
}

TEST(Sample, HasEveryIngredientEvenAtItsSmallest) {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U}) {
        const auto found = ingredients(options(100, seed));
        EXPECT_EQ(found.at("UpdateClassification"), 12U);
        for (const auto& [name, count] : found) {
            EXPECT_GE(count, 1U) << name << " with seed " << seed;
        }
        for (const char* name : {"Software", "Driver", "Category", "Detectoid", "Company",
                                 "ProductFamily", "Product"}) {
            EXPECT_TRUE(found.contains(name)) << name;
        }
    }
}

TEST(Sample, KeepsItsProportionsWhenItGrows) {
    const auto found = ingredients(options(5000));
    EXPECT_LT(found.at("Category") + found.at("Detectoid"), 150U);
    EXPECT_GT(found.at("Driver"), 500U);
    EXPECT_GT(found.at("definition update"), 300U);
    EXPECT_GT(found.at("cumulative chain"), 300U);
    EXPECT_GT(found.at("expired"), 50U);
    EXPECT_LT(found.at("expired"), 500U);
    EXPECT_GT(found.at("two revisions"), 50U);
    EXPECT_GT(found.at("EULA"), 20U);
}

TEST(Sample, HasAllLanguagesInSomeSixtyPercentAndEnglishInAll) {
    std::size_t all = 0;
    read_all(options(2000), [&](const Read& read) {
        std::size_t languages = 0;
        for ([[maybe_unused]] const pugi::xml_node& each :
             read.part("LocalizedPropertiesCollection").children()) {
            ++languages;
        }
        EXPECT_TRUE(languages == 1 || languages == 25) << languages;
        all += languages == 25 ? 1U : 0U;
    });
    EXPECT_GT(all, 1100U);
    EXPECT_LT(all, 1300U);
}

TEST(Sample, TakesTodayOnlyFromItsOptions) {
    for (const int year : {2020, 2031}) {
        SampleOptions of = options(1000);
        of.today = Time{std::chrono::sys_days{std::chrono::year{year} / 3 / 1}};
        const Time oldest = of.today - std::chrono::days{8 * 365 + 3};
        std::set<int> years;
        read_all(of, [&](const Read& read) {
            const auto created = from_xml_time(read.property("CreationDate"));
            ASSERT_TRUE(created.has_value());
            EXPECT_LE(*created, of.today);
            EXPECT_GE(*created, oldest);
            const auto day = std::chrono::floor<std::chrono::days>(*created);
            years.insert(static_cast<int>(std::chrono::year_month_day{day}.year()));
        });
        EXPECT_EQ(years.size(), 9U);
    }
}

TEST(Sample, PublishesDefinitionUpdatesSeveralTimesADay) {
    std::map<std::string, int> a_day;
    read_all(options(2000), [&](const Read& read) {
        if (read.title().starts_with("Definition Update") && read.relation("BundledUpdates")) {
            ++a_day[read.property("CreationDate").substr(0, 10)];
        }
    });
    ASSERT_GT(a_day.size(), 10U);
    EXPECT_EQ(std::next(a_day.begin(), 5)->second, 4);
}

TEST(Sample, HasMostUpdatesForSampleWindows11) {
    std::map<Guid, std::string> products;
    std::map<std::string, int> updates;
    read_all(options(5000), [&](const Read& read) {
        if (read.contains("CategoryType=\"Product\"")) {
            products[read.revision.identity.update_id] = read.title().substr(0, 17);
        } else if (read.property("UpdateType") == "Software") {
            for_each_identity(read.relation("Prerequisites"), [&](const pugi::xml_node& each) {
                if (const auto product = products.find(guid_of(each)); product != products.end()) {
                    ++updates[product->second];
                }
            });
        }
    });
    const int most = updates["Sample Windows 11"];
    for (const auto& [product, count] : updates) {
        EXPECT_LE(count, most) << product;
    }
}

TEST(Sample, UsesOnlyRulesThatASimulatedAgentUnderstands) {
    const std::set<std::string_view> allowed = {"And",
                                                "Or",
                                                "Not",
                                                "True",
                                                "WindowsVersion",
                                                "Processor",
                                                "WindowsLanguage",
                                                "RegDword",
                                                "RegSz",
                                                "RegKeyExists",
                                                "RegValueExists",
                                                "FileVersion",
                                                "FileExists"};
    std::set<std::string> used;
    read_all(options(2000), [&](const Read& read) {
        const pugi::xml_node rules = read.part("ApplicabilityRules");
        for (const char* name : {"IsInstalled", "IsInstallable"}) {
            for_each_element(xml::child(rules, name), [&](const pugi::xml_node& rule) {
                EXPECT_TRUE(allowed.contains(xml::local_name(rule))) << rule.name();
                used.insert(std::string(xml::local_name(rule)));
            });
        }
    });
    EXPECT_EQ(used.size(), allowed.size());
}

TEST(Sample, TellsByARegistryValueThatALeafIsInstalled) {
    read_all(options(1000), [](const Read& read) {
        const std::string type = read.property("UpdateType");
        if ((type != "Software" && type != "Driver") || read.relation("BundledUpdates")) {
            return;
        }
        const pugi::xml_node rules = read.part("ApplicabilityRules");
        const pugi::xml_node fact = xml::child(xml::child(rules, "IsInstalled"), "RegDword");
        EXPECT_EQ(attribute(fact, "Key"), "HKEY_LOCAL_MACHINE");
        EXPECT_TRUE(attribute(fact, "Subkey").starts_with("SOFTWARE\\Headwater\\Sample\\"));
        EXPECT_TRUE(xml::child(rules, "IsInstallable").first_child());
    });
}

TEST(Sample, KeepsTheFilesOfAnUpdateThroughItsRevisions) {
    std::map<Guid, std::vector<std::uint32_t>> files;
    std::set<std::uint32_t> taken;
    std::size_t repeated = 0;
    Sample(options(3000)).for_each_revision([&](SampleRevision&& revision) {
        const auto [before, is_new] =
            files.try_emplace(revision.identity.update_id, revision.files);
        if (!is_new) {
            EXPECT_EQ(before->second, revision.files);
            ++repeated;
            return;
        }
        for (const std::uint32_t file : revision.files) {
            EXPECT_TRUE(taken.insert(file).second) << file;
        }
    });
    EXPECT_GT(repeated, 0U);
    EXPECT_EQ(*taken.rbegin() + 1, taken.size());
}

}  // namespace
}  // namespace headwater::catalog
