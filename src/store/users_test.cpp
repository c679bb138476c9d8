#include "store/store_testing.hpp"

namespace headwater::store {
namespace {

User user_of(const std::string& name, Role role = Role::kAdministrator) {
    return {name, role, "hash of " + name, at(1), std::nullopt};
}

Sha256 token_of(const std::string& text) {
    return Sha256::of(as_bytes(text));
}

class UsersTest : public StoreTest {
protected:
    std::vector<std::string> names() {
        std::vector<std::string> found;
        for (const User& user : value_of(store().users())) {
            found.push_back(user.name);
        }
        return found;
    }
    void sign_in(const std::string& token, const std::string& user, std::int64_t when) {
        ASSERT_TRUE(store().put_session({token_of(token), user, at(when), at(when)}));
    }
    bool holds(const std::string& token) {
        return value_of(store().session(token_of(token))).has_value();
    }
};

TEST_F(UsersTest, OneComesBackAsItWasStoredWhateverTheLetterCase) {
    User anna = user_of("Anna", Role::kReporter);
    anna.last_sign_in = at(7);
    ASSERT_TRUE(store().add_user(anna, false));
    reopen();
    const auto found = value_of(store().user("ANNA"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "Anna");
    EXPECT_EQ(found->role, Role::kReporter);
    EXPECT_EQ(found->password_hash, "hash of Anna");
    EXPECT_EQ(found->created, at(1));
    EXPECT_EQ(found->last_sign_in, at(7));
    EXPECT_EQ(value_of(store().user("nobody")), std::nullopt);
}

TEST_F(UsersTest, ANameIsGivenOnceAndTheFirstIsFirstOnce) {
    ASSERT_TRUE(store().add_user(user_of("anna"), true));
    EXPECT_EQ(code_of(store().add_user(user_of("bert"), true)), "store.conflict");
    EXPECT_EQ(code_of(store().add_user(user_of("Anna"), false)), "store.conflict");
    ASSERT_TRUE(store().add_user(user_of("bert"), false));
    EXPECT_EQ(names(), (std::vector<std::string>{"anna", "bert"}));
}

TEST_F(UsersTest, ReportersAloneAreNoAdministratorYetAndMayBeChanged) {
    ASSERT_TRUE(store().add_user(user_of("rita", Role::kReporter), false));
    User rita = user_of("rita", Role::kReporter);
    rita.last_sign_in = at(9);
    EXPECT_TRUE(store().update_user(rita));
    EXPECT_EQ(code_of(store().add_user(user_of("Rita"), true)), "store.conflict");
    EXPECT_TRUE(store().add_user(user_of("anna"), true));
    EXPECT_TRUE(store().remove_user("rita"));
}

TEST_F(UsersTest, OneAdministratorAlwaysStays) {
    ASSERT_TRUE(store().add_user(user_of("anna"), true));
    ASSERT_TRUE(store().add_user(user_of("rita", Role::kReporter), false));
    EXPECT_EQ(code_of(store().update_user(user_of("anna", Role::kReporter))), "store.conflict");
    EXPECT_EQ(code_of(store().remove_user("anna")), "store.conflict");
    EXPECT_EQ(value_of(store().user("anna"))->role, Role::kAdministrator);
    ASSERT_TRUE(store().update_user(user_of("rita")));
    ASSERT_TRUE(store().remove_user("ANNA"));
    EXPECT_EQ(names(), std::vector<std::string>{"rita"});
    EXPECT_EQ(code_of(store().remove_user("anna")), "store.unknown");
    EXPECT_EQ(code_of(store().update_user(user_of("anna"))), "store.unknown");
}

TEST_F(UsersTest, SessionsEndWithTheirUserOneByOneAndAllButOne) {
    ASSERT_TRUE(store().add_user(user_of("anna"), true));
    ASSERT_TRUE(store().add_user(user_of("bert"), false));
    for (const char* token : {"a1", "a2", "a3"}) {
        sign_in(token, "Anna", 5);
    }
    sign_in("b1", "bert", 5);
    ASSERT_TRUE(store().remove_session(token_of("a1")));
    EXPECT_FALSE(holds("a1"));
    ASSERT_TRUE(store().remove_sessions_of("anna", token_of("a2")));
    EXPECT_TRUE(holds("a2"));
    EXPECT_FALSE(holds("a3"));
    ASSERT_TRUE(store().remove_user("anna"));
    EXPECT_FALSE(holds("a2"));
    EXPECT_TRUE(holds("b1"));
}

TEST_F(UsersTest, OldSessionsArePrunedByUseAndByAge) {
    ASSERT_TRUE(store().add_user(user_of("anna"), true));
    sign_in("idle", "anna", 10);
    sign_in("used", "anna", 10);
    sign_in("young", "anna", 90);
    store().note_session_used(token_of("used"), at(80));
    reopen();
    EXPECT_EQ(value_of(store().session(token_of("used")))->last_used, at(80));
    ASSERT_TRUE(store().prune_sessions(at(50), at(0)));
    EXPECT_FALSE(holds("idle"));
    EXPECT_TRUE(holds("used"));
    ASSERT_TRUE(store().prune_sessions(at(50), at(20)));
    EXPECT_FALSE(holds("used"));
    EXPECT_TRUE(holds("young"));
}

}  // namespace
}  // namespace headwater::store
