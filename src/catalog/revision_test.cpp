#include "catalog/revision.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace headwater::catalog {
namespace {

constexpr Guid kFirst = "11111111-2222-3333-4444-555555555555"_guid;
constexpr Guid kSecond = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"_guid;

Sha1 digest(std::uint8_t fill) {
    Sha1 sha1;
    sha1.bytes.fill(fill);
    return sha1;
}

Revision full_revision() {
    Revision revision;
    revision.identity = {kFirst, 4'000'000'000U};
    revision.type = UpdateType::kDetectoid;
    revision.publication_state = PublicationState::kExpired;
    revision.category_type = CategoryType::kUpdateClassification;
    revision.explicitly_deployable = true;
    revision.has_eula = true;
    revision.title = "Ein Update für \xF0\x9F\x92\xBB";
    revision.kb_article = "5001234";
    revision.msrc_severity = "Critical";
    revision.created = Time(Microseconds(-123456789));
    revision.prerequisites = {{{kFirst, kSecond}, true}, {{kSecond}, false}, {{}, false}};
    revision.bundled = {{{{kSecond, 1}, {kFirst, 200}}}, {}};
    revision.superseded = {kSecond, kFirst};
    revision.files = {{digest(7), std::numeric_limits<std::uint64_t>::max(), ".cab", true},
                      {digest(8), 0, "", false}};
    revision.languages = {"en", "pt-br"};
    revision.core = std::string("<UpdateIdentity />\0<Properties />", 33);
    return revision;
}

void expect_same(const Revision& left, const Revision& right) {
    EXPECT_EQ(left.identity, right.identity);
    EXPECT_EQ(left.type, right.type);
    EXPECT_EQ(left.publication_state, right.publication_state);
    EXPECT_EQ(left.category_type, right.category_type);
    EXPECT_EQ(left.explicitly_deployable, right.explicitly_deployable);
    EXPECT_EQ(left.has_eula, right.has_eula);
    EXPECT_EQ(left.title, right.title);
    EXPECT_EQ(left.kb_article, right.kb_article);
    EXPECT_EQ(left.msrc_severity, right.msrc_severity);
    EXPECT_EQ(left.created, right.created);
    EXPECT_EQ(left.prerequisites, right.prerequisites);
    EXPECT_EQ(left.bundled, right.bundled);
    EXPECT_EQ(left.superseded, right.superseded);
    ASSERT_EQ(left.files.size(), right.files.size());
    for (std::size_t i = 0; i < left.files.size(); ++i) {
        EXPECT_EQ(left.files[i].sha1, right.files[i].sha1);
        EXPECT_EQ(left.files[i].size, right.files[i].size);
        EXPECT_EQ(left.files[i].extension, right.files[i].extension);
        EXPECT_EQ(left.files[i].is_express, right.files[i].is_express);
    }
    EXPECT_EQ(left.languages, right.languages);
    EXPECT_EQ(left.core, right.core);
}

TEST(Revision, ComesBackAsItWasPacked) {
    const auto unpacked = unpack_revision(pack_revision(full_revision()));
    ASSERT_TRUE(unpacked.has_value());
    expect_same(*unpacked, full_revision());
}

TEST(Revision, AnEmptyOneComesBackToo) {
    const auto unpacked = unpack_revision(pack_revision(Revision{}));
    ASSERT_TRUE(unpacked.has_value());
    expect_same(*unpacked, Revision{});
}

TEST(Revision, EachFlagIsItsOwn) {
    Revision revision;
    revision.has_eula = true;
    auto unpacked = unpack_revision(pack_revision(revision));
    ASSERT_TRUE(unpacked.has_value());
    EXPECT_TRUE(unpacked->has_eula);
    EXPECT_FALSE(unpacked->explicitly_deployable);
}

TEST(Revision, StartsWithItsVersionAndIdentityInLittleEndian) {
    Revision revision;
    revision.identity = {kFirst, 0x01020304};
    const Bytes packed = pack_revision(revision);
    EXPECT_EQ(to_hex_lower(ByteView(packed).first(21)),
              "011111111122223333444455555555555504030201");
}

TEST(Revision, CutAnywhereIsRefused) {
    const Bytes packed = pack_revision(full_revision());
    for (std::size_t size = 0; size < packed.size(); ++size) {
        const auto unpacked = unpack_revision(ByteView(packed).first(size));
        ASSERT_FALSE(unpacked.has_value()) << size;
        EXPECT_EQ(unpacked.error().code, "catalog.record_corrupt");
    }
}

TEST(Revision, WithMoreBehindItIsRefused) {
    Bytes packed = pack_revision(full_revision());
    packed.push_back(0);
    EXPECT_FALSE(unpack_revision(packed).has_value());
}

TEST(Revision, WithAnyBitFlippedIsRefusedOrMeansExactlyThoseBytes) {
    Bytes packed = pack_revision(full_revision());
    for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
        const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
        packed[bit / 8] ^= mask;
        if (const auto unpacked = unpack_revision(packed)) {
            EXPECT_EQ(pack_revision(*unpacked), packed) << bit;
        }
        packed[bit / 8] ^= mask;
    }
}

TEST(Revision, OfAnotherVersionIsRefused) {
    Bytes packed = pack_revision(full_revision());
    packed[0] = 2;
    EXPECT_FALSE(unpack_revision(packed).has_value());
}

TEST(Revision, ACountThatCannotBeTrueIsRefusedWithoutAllocating) {
    Bytes packed = pack_revision(Revision{});
    // The count of prerequisites of an empty record stands after version, identity, four bytes,
    // three empty texts and the time.
    constexpr std::size_t kCount = 1 + 20 + 4 + 12 + 8;
    std::fill_n(packed.begin() + kCount, 4, std::uint8_t{0xFF});
    EXPECT_FALSE(unpack_revision(packed).has_value());
}

Document sample_document() {
    Document document;
    document.identity = {kFirst, 103};
    document.type = UpdateType::kDriver;
    document.publication_state = PublicationState::kExpired;
    document.category_type = CategoryType::kProduct;
    document.explicitly_deployable = true;
    document.requires_eula_acceptance = true;
    document.default_language = "de";
    document.creation_date = Time(Microseconds(42));
    document.msrc_severity = "Important";
    document.kb_article = "4012345";
    document.languages = {"de", "en"};
    document.prerequisites = {{{kSecond}, true}};
    document.bundled = {{{{kSecond, 2}}}};
    document.superseded = {kSecond};
    LocalizedText english;
    english.language = "en";
    english.title = "English";
    LocalizedText german;
    german.language = "de";
    german.title = "Deutsch";
    document.texts = {english, german};
    DocumentFile file;
    file.sha1 = digest(3);
    file.name = "windows.psf";
    file.size = 99;
    file.patching_type = "Express";
    document.files = {file};
    file.name = "windows.cab";
    file.patching_type = "SelfContained";
    document.files.push_back(file);
    return document;
}

TEST(MakeRevision, TakesWhatTheDocumentSays) {
    const Document document = sample_document();
    const Revision revision = make_revision(document, "<core />");
    EXPECT_EQ(revision.id, 0U);
    EXPECT_EQ(revision.change, 0U);
    EXPECT_EQ(revision.identity, document.identity);
    EXPECT_EQ(revision.type, UpdateType::kDriver);
    EXPECT_EQ(revision.publication_state, PublicationState::kExpired);
    EXPECT_EQ(revision.category_type, CategoryType::kProduct);
    EXPECT_TRUE(revision.explicitly_deployable);
    EXPECT_TRUE(revision.has_eula);
    EXPECT_EQ(revision.title, "Deutsch");
    EXPECT_EQ(revision.kb_article, "4012345");
    EXPECT_EQ(revision.msrc_severity, "Important");
    EXPECT_EQ(revision.created, Time(Microseconds(42)));
    EXPECT_EQ(revision.prerequisites, document.prerequisites);
    EXPECT_EQ(revision.bundled, document.bundled);
    EXPECT_EQ(revision.superseded, document.superseded);
    EXPECT_EQ(revision.languages, document.languages);
    EXPECT_EQ(revision.core, "<core />");
}

TEST(MakeRevision, TakesTheFilesWithTheirExtensions) {
    const Revision revision = make_revision(sample_document(), "");
    ASSERT_EQ(revision.files.size(), 2U);
    EXPECT_EQ(revision.files[0].sha1, digest(3));
    EXPECT_EQ(revision.files[0].size, 99U);
    EXPECT_EQ(revision.files[0].extension, ".psf");
    EXPECT_TRUE(revision.files[0].is_express);
    EXPECT_EQ(revision.files[1].extension, ".cab");
    EXPECT_FALSE(revision.files[1].is_express);
}

TEST(MakeRevision, WithoutTextsHasNoTitle) {
    const Revision revision = make_revision(Document{}, "");
    EXPECT_TRUE(revision.title.empty());
    EXPECT_EQ(revision.created, Time{});
}

}  // namespace
}  // namespace headwater::catalog
