#pragma once
// Who may administer over the network: users with a role and a password, and their sessions. The
// first administrator is made with a one-time code that the log prints. Owned by the composition;
// any thread.

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "admin/throttle.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "store/store.hpp"

namespace headwater::admin {

/// On whose behalf a request is answered.
struct Caller {
    std::string name;
    store::Role role = store::Role::kReporter;
};

[[nodiscard]] std::string_view name_of(store::Role role);
[[nodiscard]] std::optional<store::Role> role_named(std::string_view name);

struct AccountOptions {
    /// A session that nobody uses for so long ends.
    std::chrono::hours idle{8};
    /// However much it is used.
    std::chrono::hours longest{24 * 7};
};

class Accounts {
public:
    Accounts(store::Store& store, const Clock& clock, AccountOptions options = {});

    /// True while there is no administrator.
    [[nodiscard]] Result<bool> is_setup_needed() const;
    /// The code with which the first administrator is made: another one for each process, of 100
    /// bits. Nothing where there is an administrator.
    [[nodiscard]] Result<std::optional<std::string>> setup_code();

    struct SignedIn {
        std::string token;  ///< for the cookie
        Caller caller;
    };
    /// Makes the first administrator and signs him in. Errors: "setup.done", "setup.code",
    /// "session.throttled", those of add().
    /// @param address  of whoever tries, to slow down guessing
    [[nodiscard]] Result<SignedIn> set_up(const std::string& code, const std::string& name,
                                          const std::string& password, const std::string& address);
    /// Errors: "session.refused" (does not tell a wrong name from a wrong password),
    /// "session.throttled" (the remedy says for how long).
    [[nodiscard]] Result<SignedIn> sign_in(const std::string& name, const std::string& password,
                                           const std::string& address);
    [[nodiscard]] Result<> sign_out(const std::string& token);
    /// Whether a question keeps a session from growing idle.
    enum class Use { kCounts, kDoesNotCount };
    /// Nothing for a token that holds no more.
    [[nodiscard]] Result<std::optional<Caller>> who(const std::string& token,
                                                    Use use = Use::kCounts) const;
    /// What a page of this session has to send along with every change.
    [[nodiscard]] static std::string csrf_of(const std::string& token);

    [[nodiscard]] Result<std::vector<store::User>> users() const { return store_.users(); }
    /// Errors: "user.name", "user.password", "store.conflict".
    [[nodiscard]] Result<> add(const std::string& name, store::Role role,
                               const std::string& password);
    /// Ends the sessions of the user where the password changes. Errors: "user.unknown",
    /// "user.password", "store.conflict" for the last administrator.
    [[nodiscard]] Result<> change(const std::string& name, std::optional<store::Role> role,
                                  const std::optional<std::string>& password);
    /// By the user himself; his other sessions end. Errors: "session.refused", "user.password",
    /// "session.throttled".
    [[nodiscard]] Result<> change_own_password(const std::string& token, const std::string& old,
                                               const std::string& fresh,
                                               const std::string& address);
    [[nodiscard]] Result<> remove(const std::string& name);

private:
    [[nodiscard]] Result<SignedIn> begin_session(const store::User& user);
    [[nodiscard]] Result<store::User> find(const std::string& name) const;
    /// Errors: "session.throttled".
    [[nodiscard]] Result<> may_try(const std::string& name, const std::string& address) const;
    void tried(const std::string& name, const std::string& address, bool is_right);

    store::Store& store_;
    const Clock& clock_;
    const AccountOptions options_;
    Throttle by_address_;
    Throttle by_name_;
    std::mutex mutex_;
    std::string setup_code_;  // empty until it is asked for
};

}  // namespace headwater::admin
