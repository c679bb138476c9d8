#include "catalog/cabinet.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/testing.hpp"
#include "base/utf.hpp"
#include "catalog/cabinet_testing.hpp"

namespace headwater::catalog {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20U;

std::string document(std::size_t updates) {
    std::string text = "<upd:Update xmlns:upd=\"http://example.org/update\">";
    std::mt19937 random(11);
    for (std::size_t i = 0; i < updates; ++i) {
        text += "<upd:Language>Übersetzung № " + std::to_string(random()) + " 😀</upd:Language>";
    }
    return text + "</upd:Update>";
}

Bytes packed(std::string_view text) {
    return write_document_cabinet(text).value();
}

using test_help::code_of;

/// The cabinet that an upstream server of Microsoft's sent; nothing where the fixture is not there.
std::optional<Bytes> upstream_cabinet() {
    const std::string answer = test_help::read_file(
        test_help::fixtures() / "upstream/get-update-data-cabinet.response.xml");
    const std::string_view tag = "<XmlUpdateBlobCompressed>";
    const std::size_t begin = answer.find(tag);
    if (begin == std::string::npos) {
        return std::nullopt;
    }
    const std::size_t end = answer.find('<', begin + tag.size());
    return from_base64(answer.substr(begin + tag.size(), end - begin - tag.size()));
}

void damage_everywhere(const Bytes& good, int rounds) {
    std::mt19937 random(2026);
    for (int round = 0; round < rounds; ++round) {
        Bytes bad = good;
        for (auto flips = 1 + random() % 3; flips > 0; --flips) {
            bad[random() % bad.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
        }
        const auto result = read_document_cabinet(bad, kMegabyte);
        // UTF-16 units that take two bytes may take three in UTF-8.
        EXPECT_TRUE(!result || result->size() <= kMegabyte / 2 * 3);
    }
}

void cut_everywhere(const Bytes& good) {
    for (std::size_t size = 0; size < good.size(); ++size) {
        // On the heap and of just this size, so that AddressSanitizer sees a read beyond it.
        const Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(code_of(read_document_cabinet(cut)), "cabinet.corrupt") << size;
    }
}

TEST(Cabinet, BringsADocumentBack) {
    for (const std::size_t updates : {0U, 1U, 10U, 300U, 5000U}) {
        const std::string text = document(updates);
        const auto back = read_document_cabinet(packed(text));
        ASSERT_TRUE(back) << back.error().text();
        EXPECT_EQ(*back, text);
    }
}

TEST(Cabinet, BringsDocumentsAroundTheSizeOfADataBlockBack) {
    for (const std::size_t size : {0U, 1U, 2U, 16'383U, 16'384U, 16'385U, 32'768U, 200'000U}) {
        const std::string text(size, 'x');
        EXPECT_EQ(read_document_cabinet(packed(text)), text) << size;
    }
}

TEST(Cabinet, HoldsOneMemberNamedBlobInOneFolder) {
    const Bytes cabinet = packed(document(3));
    EXPECT_EQ(to_hex_lower(ByteView(cabinet).subspan(kFoldersAt, 6)), "010001000000");
    EXPECT_EQ(as_text(ByteView(cabinet).subspan(60, 5)), std::string_view("blob\0", 5));
    EXPECT_EQ(cabinet.at(kMemberSizeAt) + 256U * cabinet.at(kMemberSizeAt + 1),
              utf16le_size(document(3)));
}

TEST(Cabinet, OfTheSameDocumentIsAlwaysTheSame) {
    EXPECT_EQ(packed(document(20)), packed(document(20)));
}

TEST(Cabinet, IsNotMadeOfTextThatIsNotUtf8) {
    EXPECT_EQ(code_of(write_document_cabinet("<a>\xFF</a>")), "cabinet.not_text");
}

TEST(Cabinet, OfAnUpstreamServerIsRead) {
    const auto cabinet = upstream_cabinet();
    if (!cabinet) {
        GTEST_SKIP() << "The fixture get-update-data-cabinet.response.xml is not there.";
    }
    const auto text = read_document_cabinet(*cabinet);
    ASSERT_TRUE(text) << text.error().text();
    EXPECT_EQ(utf16le_size(*text), 2U * 14'578U);
    EXPECT_TRUE(text->starts_with("<upd:Update "));
    EXPECT_TRUE(text->ends_with("</upd:Update>"));
    EXPECT_EQ(code_of(read_document_cabinet(*cabinet, 2 * 14'578 - 1)), "cabinet.too_large");
}

TEST(Cabinet, OfAnUpstreamServerMayBeCutOffAnywhere) {
    const auto cabinet = upstream_cabinet();
    if (!cabinet) {
        GTEST_SKIP() << "The fixture get-update-data-cabinet.response.xml is not there.";
    }
    cut_everywhere(*cabinet);
}

TEST(Cabinet, OfAnUpstreamServerMayBeDamagedAnywhere) {
    const auto cabinet = upstream_cabinet();
    if (!cabinet) {
        GTEST_SKIP() << "The fixture get-update-data-cabinet.response.xml is not there.";
    }
    damage_everywhere(*cabinet, 4000);
}

TEST(Cabinet, MayBeCutOffAnywhere) {
    cut_everywhere(packed(document(20)));
    cut_everywhere(stored(to_utf16le(document(2))));
}

TEST(Cabinet, MayBeDamagedAnywhere) {
    damage_everywhere(packed(document(20)), 4000);
    damage_everywhere(stored(to_utf16le(document(2))), 4000);
}

TEST(Cabinet, IsReadUpToTheLimit) {
    const std::string text = document(200);
    const std::size_t size = utf16le_size(text);
    EXPECT_EQ(read_document_cabinet(packed(text), size), text);
    EXPECT_EQ(code_of(read_document_cabinet(packed(text), size - 1)), "cabinet.too_large");
    EXPECT_EQ(code_of(read_document_cabinet(packed(text), 0)), "cabinet.too_large");
}

TEST(Cabinet, ThatExpandsAThousandTimesIsStoppedAtTheLimit) {
    const Bytes bomb = packed(std::string(4 * kMegabyte, ' '));
    ASSERT_LT(bomb.size(), 64U * 1024U);
    EXPECT_EQ(code_of(read_document_cabinet(bomb, kMegabyte)), "cabinet.too_large");
}

TEST(Cabinet, ThatLiesAboutTheSizeOfItsMemberIsNotBelieved) {
    const std::string text = document(20);
    Bytes cabinet = packed(text);
    const auto size = static_cast<std::uint32_t>(utf16le_size(text));
    put(cabinet, kMemberSizeAt, size + 2, 4);
    EXPECT_EQ(code_of(read_document_cabinet(cabinet)), "cabinet.corrupt");
    put(cabinet, kMemberSizeAt, 60 * kMegabyte, 4);
    EXPECT_EQ(code_of(read_document_cabinet(cabinet)), "cabinet.corrupt");
    put(cabinet, kMemberSizeAt, 0xFFFF'FFFF, 4);
    EXPECT_EQ(code_of(read_document_cabinet(cabinet)), "cabinet.too_large");
    put(cabinet, kMemberSizeAt, 3, 4);
    EXPECT_EQ(code_of(read_document_cabinet(cabinet)), "cabinet.not_text");
}

TEST(Cabinet, ThatHidesALongWayBeforeItsMemberIsRefused) {
    Bytes cabinet = packed(document(20));
    put(cabinet, kMemberOffsetAt, 0xFFFF'FFFF, 4);
    EXPECT_EQ(code_of(read_document_cabinet(cabinet)), "cabinet.too_large");
    put(cabinet, kMemberOffsetAt, 1, 4);
    EXPECT_EQ(code_of(read_document_cabinet(cabinet)), "cabinet.corrupt");
}

TEST(Cabinet, InSeveralPartsIsRefused) {
    for (const std::uint32_t flags : {1U, 2U, 3U}) {
        Bytes cabinet = packed(document(20));
        put(cabinet, kFlagsAt, flags, 2);
        EXPECT_EQ(code_of(read_document_cabinet(cabinet)), "cabinet.corrupt") << flags;
    }
    for (const std::uint32_t folder : {1U, 0xFFFDU, 0xFFFEU, 0xFFFFU}) {
        Bytes cabinet = packed(document(20));
        put(cabinet, kMemberFolderAt, folder, 2);
        EXPECT_EQ(code_of(read_document_cabinet(cabinet)), "cabinet.corrupt") << folder;
    }
}

TEST(Cabinet, WithoutMembersOrWithTooManyIsRefused) {
    for (const std::uint32_t count : {0U, 2U, 17U, 0xFFFFU}) {
        for (const std::size_t at : {kFoldersAt, kFilesAt}) {
            Bytes cabinet = packed(document(20));
            put(cabinet, at, count, 2);
            EXPECT_EQ(code_of(read_document_cabinet(cabinet)), "cabinet.corrupt") << count;
        }
    }
}

TEST(Cabinet, OfSomethingElseIsRefused) {
    EXPECT_EQ(code_of(read_document_cabinet({})), "cabinet.corrupt");
    EXPECT_EQ(code_of(read_document_cabinet(as_bytes(document(20)))), "cabinet.corrupt");
    EXPECT_EQ(code_of(read_document_cabinet(Bytes(1000, 0))), "cabinet.corrupt");
}

TEST(Cabinet, WithOddUtf16IsNotText) {
    EXPECT_EQ(read_document_cabinet(stored(to_utf16le("<a/>"))), "<a/>");
    EXPECT_EQ(read_document_cabinet(stored({0xFF, 0xFE, '<', 0})), "<");
    for (const Bytes& content : {Bytes{'a'}, Bytes{'a', 0, 'b'}, Bytes{0x00, 0xD8, 'a', 0},
                                 Bytes{0x00, 0xDC}, Bytes{0x00, 0xD8}}) {
        EXPECT_EQ(code_of(read_document_cabinet(stored(content))), "cabinet.not_text");
    }
}

TEST(Cabinet, IsWrittenAndReadByManyThreadsAtOnce) {
    std::vector<std::thread> threads;
    std::vector<int> right(4, 0);
    for (std::size_t number = 0; number < right.size(); ++number) {
        threads.emplace_back([&right, number] {
            const std::string text = document(10 + 50 * number);
            for (int round = 0; round < 50; ++round) {
                const auto cabinet = write_document_cabinet(text);
                right[number] += cabinet && read_document_cabinet(*cabinet) == text ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(right, std::vector<int>(4, 50));
}

/// The exit status; nothing where there is no such program.
std::optional<int> run_to_file(std::vector<std::string> arguments, const std::string& output) {
    std::vector<char*> raw;
    for (std::string& argument : arguments) {
        raw.push_back(argument.data());
    }
    raw.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child = 0;
    const int failed = posix_spawnp(&child, raw[0], &actions, nullptr, raw.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    if (failed != 0 || waitpid(child, &status, 0) != child) {
        return std::nullopt;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Cabinet, IsReadByAnIndependentReader) {
    const test_help::TemporaryFolder folder;
    for (const std::size_t updates : {0U, 1U, 300U, 3000U}) {
        const std::string text = document(updates);
        test_help::write_file(folder.path() / "a.cab", as_text(packed(text)));
        const auto status =
            run_to_file({"cabextract", "-q", "-p", folder.path() / "a.cab"}, folder.path() / "out");
        if (!status) {
            GTEST_SKIP() << "The program cabextract is not installed.";
        }
        EXPECT_EQ(*status, 0);
        EXPECT_EQ(from_utf16le(as_bytes(test_help::read_file(folder.path() / "out"))), text)
            << updates;
    }
}

}  // namespace
}  // namespace headwater::catalog
