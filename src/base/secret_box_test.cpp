#include "base/secret_box.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/testing.hpp"

namespace headwater {
namespace {

using test_help::code_of;
using test_help::TemporaryFolder;
using test_help::value_of;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SecretBoxTest, OpensWhatItSealed) {
    const SecretBox box(SecretBox::Key{1, 2, 3});
    for (const std::string secret :
         {"", "x", "pass word \xc3\xa9", "a longer one, of many words"}) {
        EXPECT_EQ(value_of(box.open(box.seal(secret))), secret);
    }
}

TEST(SecretBoxTest, SealsTheSameTextDifferentlyEachTimeAndNeverInClear) {
    const SecretBox box(SecretBox::Key{1});
    EXPECT_NE(box.seal("hunter2"), box.seal("hunter2"));
    EXPECT_THAT(box.seal("hunter2"), Not(HasSubstr("hunter2")));
}

TEST(SecretBoxTest, RefusesWhatWasChangedCutOrSealedUnderAnotherKey) {
    const SecretBox box(SecretBox::Key{1});
    std::string sealed;
    // Its last letter is then changed to 'B', of which only bits differ that stand for no byte.
    do {
        sealed = box.seal("secret");
    } while (!sealed.ends_with("A=="));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(code_of(box.open(changed)), "secret.sealed") << i;
    }
    EXPECT_EQ(code_of(box.open(sealed.substr(0, 8))), "secret.sealed");
    EXPECT_EQ(code_of(box.open("")), "secret.sealed");
    EXPECT_EQ(code_of(box.open("%%%")), "secret.sealed");
    EXPECT_EQ(code_of(SecretBox(SecretBox::Key{2}).open(sealed)), "secret.sealed");
}

TEST(SecretBoxTest, KeepsItsKeyInAFileThatNobodyElseReads) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "headwater.key";
    const auto made = SecretBox::from_file(file);
    const auto again = SecretBox::from_file(file);
    ASSERT_TRUE(made && again);
    EXPECT_EQ(value_of(again->open(made->seal("secret"))), "secret");
    struct stat about{};
    ASSERT_EQ(::stat(file.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST(SecretBoxTest, RefusesAKeyFileThatOthersReadOrThatIsCut) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "headwater.key";
    ASSERT_TRUE(SecretBox::from_file(file));
    ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
    EXPECT_EQ(code_of(SecretBox::from_file(file)), "secret.key");
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    std::filesystem::resize_file(file, 31);
    EXPECT_EQ(code_of(SecretBox::from_file(file)), "secret.key");
}

}  // namespace
}  // namespace headwater
