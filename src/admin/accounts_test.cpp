#include "admin/accounts.hpp"

#include <gmock/gmock.h>

#include "base/log.hpp"
#include "base/testing.hpp"

namespace headwater::admin {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using test_help::code_of;
using test_help::value_of;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr const char* kPassword = "a long enough password";
constexpr const char* kAddress = "192.0.2.7";

class SetClock final : public Clock {
public:
    [[nodiscard]] Time now() const override { return now_; }
    void pass(Microseconds time) { now_ += time; }

private:
    Time now_{std::chrono::sys_days(std::chrono::year(2026) / 11 / 26)};
};

class AccountsTest : public testing::Test {
protected:
    AccountsTest()
        : store_(value_of(store::open_sqlite(folder_.path() / "headwater.db"))),
          accounts_(*store_, clock_) {
        log::set_level(log::Level::kOff);
    }
    ~AccountsTest() override { log::set_level(log::Level::kInfo); }

    std::string sign_in(const std::string& name, const std::string& password = kPassword) {
        return value_of(accounts_.sign_in(name, password, kAddress)).token;
    }
    std::string name_behind(const std::string& token) {
        const auto caller = value_of(accounts_.who(token));
        return caller ? caller->name : "";
    }

    test_help::TemporaryFolder folder_;
    SetClock clock_;
    std::unique_ptr<store::Store> store_;
    Accounts accounts_;
};

TEST_F(AccountsTest, TheFirstAdministratorIsMadeOnceByTheCodeOfTheLog) {
    EXPECT_TRUE(value_of(accounts_.is_setup_needed()));
    const std::string code = value_of(accounts_.setup_code()).value_or("");
    EXPECT_THAT(code, MatchesRegex("[A-Z2-9]{5}(-[A-Z2-9]{5}){3}"));
    EXPECT_EQ(value_of(accounts_.setup_code()), code);
    EXPECT_EQ(code_of(accounts_.set_up("AAAAA-AAAAA-AAAAA-AAAAA", "anna", kPassword, kAddress)),
              "setup.code");
    EXPECT_EQ(code_of(accounts_.set_up(code, "anna", "short", kAddress)), "user.password");
    EXPECT_EQ(code_of(accounts_.set_up(code, "an/na", kPassword, kAddress)), "user.name");
    std::string typed = " " + code;
    typed[1] = static_cast<char>(std::tolower(typed[1]));
    const auto signed_in = value_of(accounts_.set_up(typed, "anna", kPassword, kAddress));
    EXPECT_EQ(signed_in.caller.role, store::Role::kAdministrator);
    EXPECT_EQ(name_behind(signed_in.token), "anna");
    EXPECT_EQ(code_of(accounts_.set_up(code, "eve", kPassword, kAddress)), "setup.done");
    EXPECT_EQ(value_of(accounts_.setup_code()), std::nullopt);
}

TEST_F(AccountsTest, AnotherProcessHasAnotherCode) {
    Accounts other(*store_, clock_);
    EXPECT_NE(value_of(accounts_.setup_code()), value_of(other.setup_code()));
}

TEST_F(AccountsTest, APasswordIsKeptAsAnArgon2idHashAlone) {
    ASSERT_TRUE(accounts_.add("anna", store::Role::kReporter, kPassword));
    const auto user = value_of(store_->user("anna"));
    EXPECT_THAT(user->password_hash, ::testing::StartsWith("$argon2id$"));
    EXPECT_THAT(user->password_hash, Not(HasSubstr(kPassword)));
}

TEST_F(AccountsTest, AWrongNameIsNotToldFromAWrongPassword) {
    ASSERT_TRUE(accounts_.add("anna", store::Role::kReporter, kPassword));
    const auto wrong_password = accounts_.sign_in("anna", "another long password", kAddress);
    const auto wrong_name = accounts_.sign_in("bert", kPassword, kAddress);
    EXPECT_EQ(code_of(wrong_password), "session.refused");
    EXPECT_EQ(code_of(wrong_name), "session.refused");
    EXPECT_EQ(wrong_password.error().text(), wrong_name.error().text());
    EXPECT_EQ(name_behind(sign_in("Anna")), "anna");
    EXPECT_EQ(value_of(store_->user("anna"))->last_sign_in, clock_.now());
}

TEST_F(AccountsTest, WhoeverGuessesWaitsLongerEachTime) {
    ASSERT_TRUE(accounts_.add("anna", store::Role::kReporter, kPassword));
    const auto guess = [this](const std::string& address) {
        return code_of(accounts_.sign_in("anna", "another long password", address));
    };
    for (int i = 0; i < 6; ++i) {
        EXPECT_EQ(guess(kAddress), "session.refused") << i;
    }
    EXPECT_EQ(guess(kAddress), "session.throttled");
    // The right password does not help from there, and does from elsewhere.
    EXPECT_EQ(code_of(accounts_.sign_in("anna", kPassword, kAddress)), "session.throttled");
    EXPECT_TRUE(accounts_.sign_in("anna", kPassword, "192.0.2.8"));
    clock_.pass(seconds(1));
    EXPECT_EQ(guess(kAddress), "session.refused");
    clock_.pass(seconds(1));
    EXPECT_EQ(guess(kAddress), "session.throttled");
    clock_.pass(seconds(1));
    EXPECT_FALSE(sign_in("anna").empty());
}

TEST_F(AccountsTest, ASessionEndsWhenItIsIdleAndAfterAWeekAnyway) {
    ASSERT_TRUE(accounts_.add("anna", store::Role::kReporter, kPassword));
    const std::string idle = sign_in("anna");
    clock_.pass(hours(8) + seconds(1));
    EXPECT_EQ(name_behind(idle), "");
    const std::string used = sign_in("anna");
    for (int i = 0; i < 7 * 4; ++i) {
        clock_.pass(hours(6));
        EXPECT_EQ(name_behind(used), "anna") << i;
        // The use is written without waiting for it; the next write comes after it.
        ASSERT_TRUE(store_->put_setting("after", "the use"));
    }
    clock_.pass(seconds(1));
    EXPECT_EQ(name_behind(used), "");
}

TEST_F(AccountsTest, WhatOnlyLooksKeepsNoSessionAlive) {
    ASSERT_TRUE(accounts_.add("anna", store::Role::kReporter, kPassword));
    const std::string token = sign_in("anna");
    clock_.pass(hours(7));
    EXPECT_TRUE(value_of(accounts_.who(token, Accounts::Use::kDoesNotCount)));
    ASSERT_TRUE(store_->put_setting("after", "the use"));
    clock_.pass(hours(2));
    EXPECT_EQ(name_behind(token), "");
}

TEST_F(AccountsTest, ATokenThatWasChangedCutOrEndedIsNobodys) {
    ASSERT_TRUE(accounts_.add("anna", store::Role::kReporter, kPassword));
    const std::string token = sign_in("anna");
    std::string changed = token;
    changed[0] = changed[0] == '0' ? '1' : '0';
    EXPECT_EQ(name_behind(changed), "");
    EXPECT_EQ(name_behind(token.substr(1)), "");
    EXPECT_EQ(name_behind(""), "");
    ASSERT_TRUE(accounts_.sign_out(token));
    EXPECT_EQ(name_behind(token), "");
}

TEST_F(AccountsTest, ANewPasswordEndsTheOtherSessions) {
    ASSERT_TRUE(accounts_.add("anna", store::Role::kAdministrator, kPassword));
    const std::string here = sign_in("anna");
    const std::string there = sign_in("anna");
    EXPECT_EQ(code_of(accounts_.change_own_password(here, "a wrong old password", "fresh password",
                                                    kAddress)),
              "session.refused");
    ASSERT_TRUE(accounts_.change_own_password(here, kPassword, "a fresh password", kAddress));
    EXPECT_EQ(name_behind(here), "anna");
    EXPECT_EQ(name_behind(there), "");
    EXPECT_EQ(code_of(accounts_.sign_in("anna", kPassword, kAddress)), "session.refused");
    ASSERT_TRUE(accounts_.change("anna", std::nullopt, "by an administrator"));
    EXPECT_EQ(name_behind(here), "");
    EXPECT_FALSE(sign_in("anna", "by an administrator").empty());
}

TEST_F(AccountsTest, ARoleHoldsAtOnceForSessionsThatAreOpen) {
    ASSERT_TRUE(accounts_.add("anna", store::Role::kAdministrator, kPassword));
    ASSERT_TRUE(accounts_.add("bert", store::Role::kAdministrator, kPassword));
    const std::string token = sign_in("bert");
    ASSERT_TRUE(accounts_.change("bert", store::Role::kReporter, std::nullopt));
    EXPECT_EQ(value_of(accounts_.who(token))->role, store::Role::kReporter);
    EXPECT_EQ(code_of(accounts_.change("anna", store::Role::kReporter, std::nullopt)),
              "store.conflict");
    EXPECT_EQ(code_of(accounts_.remove("nobody")), "user.unknown");
    ASSERT_TRUE(accounts_.remove("bert"));
    EXPECT_EQ(name_behind(token), "");
}

TEST(ThrottleTest, RemembersABoundedNumberAndForgetsThoseWhoMayTryFirst) {
    Throttle throttle({.free_tries = 0, .longest = seconds(60), .keys = 3});
    const Time now{};
    for (const char* key : {"a", "b", "c"}) {
        throttle.failed(key, now);
    }
    throttle.failed("c", now + seconds(1));
    throttle.failed("d", now + seconds(1));
    EXPECT_EQ(throttle.wait("a", now + seconds(1)), std::nullopt);
    EXPECT_EQ(throttle.wait("c", now + seconds(1)), seconds(2));
    EXPECT_EQ(throttle.wait("d", now + seconds(1)), seconds(1));
}

}  // namespace
}  // namespace headwater::admin
