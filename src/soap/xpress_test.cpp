#include "soap/xpress.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

namespace headwater::soap {
namespace {

constexpr std::size_t kLargestBlock = 65'535;

Bytes hex(std::string_view text) {
    return from_hex(text).value();
}

Bytes bytes_of(std::string_view text) {
    const ByteView view = as_bytes(text);
    return {view.begin(), view.end()};
}

std::string repeat(std::string_view piece, std::size_t length) {
    std::string text;
    while (text.size() < length) {
        text += piece;
    }
    text.resize(length);
    return text;
}

Bytes noise(std::size_t length, unsigned alphabet, unsigned seed) {
    std::mt19937 random(seed);
    Bytes bytes(length);
    std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random() % alphabet); });
    return bytes;
}

std::string soap_like(std::size_t updates) {
    std::string text =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope><soap:Body><NewUpdates>";
    std::mt19937 random(7);
    for (std::size_t i = 0; i < updates; ++i) {
        text +=
            "<UpdateInfo><ID>" + std::to_string(random() % 100'000) + "</ID><Deployment><ID>" +
            std::to_string(random() % 10'000) +
            "</ID><Action>Evaluate</Action><IsAssigned>true</IsAssigned><LastChangeTime>2026-10-04"
            "</LastChangeTime></Deployment><IsLeaf>true</IsLeaf><Xml>&lt;UpdateIdentity "
            "UpdateID=\"" +
            std::to_string(random()) + "\" RevisionNumber=\"200\" /&gt;</Xml></UpdateInfo>";
    }
    return text + "</NewUpdates></soap:Body></soap:Envelope>";
}

/// One block around data that is already encoded.
Bytes block(std::uint32_t original, const Bytes& data) {
    Bytes out;
    for (const std::size_t value : {std::size_t{original}, data.size()}) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            out.push_back(static_cast<std::uint8_t>(value >> shift));
        }
    }
    out.insert(out.end(), data.begin(), data.end());
    return out;
}

std::string code_of(const Result<Bytes>& result) {
    return result ? "no error" : result.error().code;
}

void expect_round_trip(const Bytes& body, std::size_t block_size) {
    const Bytes compressed = xpress_compress(body, block_size);
    const auto back = xpress_decompress(compressed);
    ASSERT_TRUE(back) << body.size() << " in blocks of " << block_size << ": "
                      << back.error().text();
    EXPECT_EQ(*back, body) << body.size() << " in blocks of " << block_size;
    const std::size_t blocks = (body.size() + block_size - 1) / block_size;
    EXPECT_LE(compressed.size(), body.size() + 8 * blocks);
}

// [MS-XCA] 3.1.
const Bytes kAlphabetExample = hex("3f0000006162636465666768696a6b6c6d6e6f707172737475767778797a");
const Bytes kAbcExample = hex("ffffff1f61626317000fff2601");

TEST(Xpress, ReadsTheExamplesOfTheSpecification) {
    EXPECT_EQ(xpress_decompress(block(26, kAlphabetExample)),
              bytes_of("abcdefghijklmnopqrstuvwxyz"));
    EXPECT_EQ(xpress_decompress(block(300, kAbcExample)), bytes_of(repeat("abc", 300)));
}

TEST(Xpress, WritesTheSecondExampleOfTheSpecification) {
    EXPECT_EQ(xpress_compress(as_bytes(repeat("abc", 300))), block(300, kAbcExample));
}

TEST(Xpress, StoresABlockThatWouldNotShrink) {
    const Bytes alphabet = bytes_of("abcdefghijklmnopqrstuvwxyz");
    EXPECT_EQ(xpress_compress(alphabet), block(26, alphabet));
    const Bytes random = noise(20'000, 256, 1);
    EXPECT_EQ(xpress_compress(random).size(), random.size() + 2 * 8);
}

TEST(Xpress, ReadsABlockOfEqualLengthsAsItIs) {
    EXPECT_EQ(xpress_decompress(block(13, kAbcExample)), kAbcExample);
}

TEST(Xpress, MakesNothingOfAnEmptyBody) {
    EXPECT_TRUE(xpress_compress({}).empty());
    EXPECT_EQ(xpress_decompress({}), Bytes{});
}

TEST(Xpress, CutsAtTheBlockSizeOfAWsus) {
    const Bytes compressed = xpress_compress(noise(16'353, 256, 3));
    EXPECT_EQ(to_hex_lower(ByteView(compressed).first(8)), "e03f0000e03f0000");
    EXPECT_EQ(to_hex_lower(ByteView(compressed).last(9)).substr(0, 16), "0100000001000000");
}

TEST(Xpress, BringsEveryKindOfBodyBack) {
    for (const std::size_t size : {0U, 1U, 2U, 3U, 4U, 31U, 32U, 33U, 64U, 255U, 8192U, 8193U,
                                   16'352U, 16'353U, 65'534U, 65'535U, 65'536U, 140'000U}) {
        for (const std::size_t block_size :
             {std::size_t{16'352}, kLargestBlock, std::size_t{4096}}) {
            for (const unsigned alphabet : {1U, 2U, 4U, 16U, 256U}) {
                expect_round_trip(noise(size, alphabet, alphabet), block_size);
            }
            expect_round_trip(bytes_of(repeat("0123456789abcdef<Update>", size)), block_size);
        }
    }
}

TEST(Xpress, BringsABodyBackFromBlocksOfAnySize) {
    const Bytes body = bytes_of(soap_like(20));
    for (const std::size_t block_size : {1U, 2U, 3U, 5U, 31U, 32U, 33U, 1000U, 65'535U}) {
        expect_round_trip(body, block_size);
    }
    EXPECT_EQ(xpress_compress(body, 0), xpress_compress(body, 1));
    const Bytes large = noise(200'000, 3, 9);
    EXPECT_EQ(xpress_compress(large, 100'000), xpress_compress(large, kLargestBlock));
}

TEST(Xpress, BringsMatchesOfEveryLengthBack) {
    // Two matches in a row share a byte for their lengths; each kind of length meets each other.
    for (const std::size_t first : {3U, 9U, 10U, 24U, 25U, 26U, 279U, 280U, 281U, 5000U}) {
        for (std::size_t second = 3; second < 300; ++second) {
            const std::string text =
                "abc" + repeat("abc", first) + "#xyz" + repeat("xyz", second) + "!";
            expect_round_trip(bytes_of(text), kLargestBlock);
        }
    }
}

TEST(Xpress, FindsAMatchAtTheFarEndOfTheWindowAndNoneBeyond) {
    const std::string word = "the same twenty four by!";
    const auto size_with_word_at = [&](std::size_t distance) {
        const Bytes between = noise(distance - word.size(), 256, 5);
        const std::string zeros = repeat("0", 4000);  // so that the block shrinks in either case
        const std::string text = word + std::string(as_text(between)) + word + zeros;
        expect_round_trip(bytes_of(text), kLargestBlock);
        return xpress_compress(as_bytes(text), kLargestBlock).size();
    };
    const std::size_t at_the_end = size_with_word_at(8192);
    EXPECT_EQ(at_the_end, size_with_word_at(8191) + 1);
    EXPECT_GT(size_with_word_at(8193), at_the_end + 15);
}

TEST(Xpress, EndsWithAnotherFlagWordAfterExactlyThirtyTwoItems) {
    // 31 literals and a match.
    std::string text;
    for (char c = 'A'; c < 'A' + 31; ++c) {
        text += c;
    }
    text += text.substr(1, 30);
    const Bytes compressed = xpress_compress(as_bytes(text));
    ASSERT_LT(compressed.size(), text.size() + 8);
    EXPECT_EQ(to_hex_lower(ByteView(compressed).subspan(8, 4)), "01000000");
    EXPECT_EQ(to_hex_lower(ByteView(compressed).last(4)), "ffffffff");
    expect_round_trip(bytes_of(text), 16'352);
}

TEST(Xpress, ShrinksASoapAnswerAtLeastFourTimes) {
    const std::string text = soap_like(300);
    EXPECT_LT(xpress_compress(as_bytes(text)).size() * 4, text.size());
}

TEST(Xpress, ReadsALengthThatTakesThirtyTwoBits) {
    // b, then a match of 65,534 = 65,531 + 3 with its length in the u16 or, needlessly, in the u32.
    const Bytes expected(kLargestBlock, 'b');
    EXPECT_EQ(xpress_decompress(block(kLargestBlock, hex("ffffff7f6207000ffffbff"))), expected);
    EXPECT_EQ(xpress_decompress(block(kLargestBlock, hex("ffffff7f6207000fff0000fbff0000"))),
              expected);
}

TEST(Xpress, RefusesLengthsThatDoNotFit) {
    for (const std::string_view data : {
             "ffffff7f6207000fff0000ffffffff",  // 4,294,967,295 bytes
             "ffffff7f6207000fff000000000000",  // 0 in the u32
             "ffffff7f6207000fff1500",          // 21, which the shorter forms can hold
             "ffffff7f6207000ffffcff",          // one byte too many
             "ffffff7f6207000ffffaff",          // one byte too few
         }) {
        EXPECT_EQ(code_of(xpress_decompress(block(kLargestBlock, hex(data)))), "xpress.corrupt")
            << data;
    }
}

TEST(Xpress, RefusesAMatchFromBeforeTheBlock) {
    EXPECT_EQ(code_of(xpress_decompress(block(4, hex("ffffff7f620800")))), "xpress.corrupt");
    Bytes two = block(3, bytes_of("aaa"));
    const Bytes second = block(4, hex("ffffff7f620800"));
    two.insert(two.end(), second.begin(), second.end());
    EXPECT_EQ(code_of(xpress_decompress(two)), "xpress.corrupt");
}

TEST(Xpress, RefusesABlockWithoutItsEnd) {
    EXPECT_EQ(code_of(xpress_decompress(block(3, hex("00000000616263")))), "xpress.corrupt");
    EXPECT_EQ(code_of(xpress_decompress(block(5, {}))), "xpress.corrupt");
}

TEST(Xpress, RefusesBlocksOverTheLargestSize) {
    EXPECT_EQ(code_of(xpress_decompress(block(65'536, kAbcExample))), "xpress.corrupt");
    EXPECT_EQ(code_of(xpress_decompress(block(0xFFFF'FFFF, kAbcExample))), "xpress.corrupt");
    EXPECT_EQ(code_of(xpress_decompress(block(65'536, Bytes(65'536, 0)))), "xpress.corrupt");
}

TEST(Xpress, StopsAtTheLimit) {
    const Bytes compressed = xpress_compress(Bytes(100'000, 'b'), 50'000);
    EXPECT_LT(compressed.size(), 60U);
    EXPECT_TRUE(xpress_decompress(compressed, 100'000));
    EXPECT_EQ(code_of(xpress_decompress(compressed, 99'999)), "xpress.too_large");
    EXPECT_EQ(code_of(xpress_decompress(compressed, 0)), "xpress.too_large");
}

TEST(Xpress, StopsABombOfManyBlocksAtTheLimit) {
    const Bytes one = block(kLargestBlock, hex("ffffff7f6207000ffffbff"));
    Bytes bomb;
    for (int i = 0; i < 2000; ++i) {
        bomb.insert(bomb.end(), one.begin(), one.end());
    }
    EXPECT_EQ(code_of(xpress_decompress(bomb)), "xpress.too_large");
    EXPECT_EQ(code_of(xpress_decompress(bomb, 1'000'000)), "xpress.too_large");
}

TEST(Xpress, RefusesABodyThatIsCutOffAnywhere) {
    const Bytes compressed = xpress_compress(as_bytes(soap_like(10)), 1500);
    std::size_t read = 0;
    for (std::size_t size = 1; size < compressed.size(); ++size) {
        // On the heap and of just this size, so that AddressSanitizer sees a read beyond it.
        const Bytes cut(compressed.begin(), compressed.begin() + static_cast<std::ptrdiff_t>(size));
        const auto result = xpress_decompress(cut);
        read += result ? 1U : 0U;
        EXPECT_TRUE(result || result.error().code == "xpress.corrupt");
    }
    const std::size_t blocks = (soap_like(10).size() + 1499) / 1500;
    EXPECT_EQ(read, blocks - 1) << "only a cut between two blocks cannot be seen";
}

TEST(Xpress, SurvivesDamagedBytes) {
    const Bytes good = xpress_compress(as_bytes(soap_like(10)), 1500);
    std::mt19937 random(42);
    for (int round = 0; round < 20'000; ++round) {
        Bytes bad = good;
        for (auto flips = 1 + random() % 4; flips > 0; --flips) {
            bad[random() % bad.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
        }
        const auto result = xpress_decompress(bad, 100'000);
        EXPECT_TRUE(!result || result->size() <= 100'000);
    }
}

TEST(Xpress, SurvivesNoise) {
    for (unsigned seed = 0; seed < 20'000; ++seed) {
        const auto size = seed % 64;
        const auto result = xpress_decompress(block(seed % 500, noise(size, 256, seed)));
        EXPECT_TRUE(!result || result->size() == seed % 500);
    }
}

}  // namespace
}  // namespace headwater::soap
