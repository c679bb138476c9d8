#include "admin/accounts.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "admin/password.hpp"
#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/utf.hpp"

namespace headwater::admin {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMaxNameBytes = 64;
constexpr std::chrono::minutes kUseNoted{1};
/// Guesses from many addresses slow down the user that they are about, but lock nobody out.
constexpr Throttle::Limits kByName{.free_tries = 20, .longest = std::chrono::seconds(30)};

template <std::size_t Size>
std::array<std::uint8_t, Size> random_bytes() {
    std::array<std::uint8_t, Size> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("OpenSSL has no random numbers");
    }
    return bytes;
}

/// "ABCDE-FGHIJ-KLMNO-PQRST": letters and digits that nobody takes for another.
std::string random_code() {
    constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    static_assert(kLetters.size() == 32);
    std::string code;
    for (const std::uint8_t byte : random_bytes<20>()) {
        if (code.size() % 6 == 5) {
            code += '-';
        }
        code += kLetters[byte % kLetters.size()];
    }
    return code;
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// As it was meant by whoever typed it.
std::string as_code(std::string_view text) {
    std::string code;
    for (const char c : text.substr(0, kMaxNameBytes)) {
        if (c != ' ' && c != '\t') {
            code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
    }
    return code;
}

Result<> check_name(const std::string& name) {
    const bool is_plain = is_valid_utf8(name) && std::ranges::none_of(name, [](char c) {
                              return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/';
                          });
    if (name.empty() || name.size() > kMaxNameBytes || !is_plain || name.front() == ' ' ||
        name.back() == ' ') {
        return fail("user.name", "This is no name for a user.",
                    "Give 1 to " + std::to_string(kMaxNameBytes) +
                        " bytes without '/', control characters, and blanks around it.");
    }
    return {};
}

Sha256 digest_of(std::string_view token) {
    return Sha256::of(as_bytes(token));
}

}  // namespace

std::string_view name_of(store::Role role) {
    return role == store::Role::kAdministrator ? "administrator" : "reporter";
}

std::optional<store::Role> role_named(std::string_view name) {
    for (const auto role : {store::Role::kReporter, store::Role::kAdministrator}) {
        if (name_of(role) == name) {
            return role;
        }
    }
    return std::nullopt;
}

Accounts::Accounts(store::Store& store, const Clock& clock, AccountOptions options)
    : store_(store), clock_(clock), options_(options), by_address_({}), by_name_(kByName) {}

Result<bool> Accounts::is_setup_needed() const {
    const auto users = store_.users();
    if (!users) {
        return std::unexpected(users.error());
    }
    return std::ranges::none_of(
        *users, [](const store::User& user) { return user.role == store::Role::kAdministrator; });
}

Result<std::optional<std::string>> Accounts::setup_code() {
    const auto needed = is_setup_needed();
    if (!needed) {
        return std::unexpected(needed.error());
    }
    if (!*needed) {
        return std::nullopt;
    }
    const std::scoped_lock lock(mutex_);
    if (setup_code_.empty()) {
        setup_code_ = random_code();
    }
    return setup_code_;
}

Result<> Accounts::may_try(const std::string& name, const std::string& address) const {
    const Time now = clock_.now();
    const auto by_address = by_address_.wait(address, now);
    const auto by_name = by_name_.wait(to_lower_ascii(name), now);
    if (by_address || by_name) {
        const auto wait = std::max(by_address.value_or(std::chrono::seconds(0)),
                                   by_name.value_or(std::chrono::seconds(0)));
        return fail("session.throttled", "There were too many wrong passwords.",
                    "Try again in " + std::to_string(wait.count()) + " seconds.");
    }
    return {};
}

void Accounts::tried(const std::string& name, const std::string& address, bool is_right) {
    if (is_right) {
        by_address_.succeeded(address);
        by_name_.succeeded(to_lower_ascii(name));
        return;
    }
    by_address_.failed(address, clock_.now());
    by_name_.failed(to_lower_ascii(name), clock_.now());
    log::warning("A sign-in from " + (address.empty() ? "this machine" : address) +
                 " was refused.");
}

Result<Accounts::SignedIn> Accounts::set_up(const std::string& code, const std::string& name,
                                            const std::string& password,
                                            const std::string& address) {
    const auto expected = setup_code();
    if (!expected) {
        return std::unexpected(expected.error());
    }
    if (!*expected) {
        return fail("setup.done", "This server has its first administrator already.",
                    "Sign in; or, on the server itself, see `headwater users --help`.");
    }
    if (auto may = may_try("", address); !may) {
        return std::unexpected(may.error());
    }
    const bool is_right = same(as_code(code), **expected);
    tried("", address, is_right);
    if (!is_right) {
        return fail("setup.code", "This is not the one-time code.",
                    "The server prints it in its log when it starts; a restart makes a new one.");
    }
    if (auto named = check_name(name); !named) {
        return std::unexpected(named.error());
    }
    auto hash = hash_password(password);
    if (!hash) {
        return std::unexpected(hash.error());
    }
    const store::User user{name, store::Role::kAdministrator, std::move(*hash), clock_.now(),
                           clock_.now()};
    if (auto added = store_.add_user(user, true); !added) {
        return std::unexpected(added.error());
    }
    log::info("The first administrator, '" + name + "', was made from " + address + ".");
    return begin_session(user);
}

Result<Accounts::SignedIn> Accounts::sign_in(const std::string& name, const std::string& password,
                                             const std::string& address) {
    if (auto may = may_try(name, address); !may) {
        return std::unexpected(may.error());
    }
    auto user = store_.user(name);
    if (!user) {
        return std::unexpected(user.error());
    }
    const bool is_right = is_password(password, *user ? (*user)->password_hash : std::string());
    tried(name, address, is_right);
    if (!is_right) {
        return fail("session.refused", "The name or the password is wrong.",
                    "A forgotten password is set on the server itself: `headwater users "
                    "password NAME`.");
    }
    (*user)->last_sign_in = clock_.now();
    if (auto updated = store_.update_user(**user); !updated) {
        return std::unexpected(updated.error());
    }
    return begin_session(**user);
}

Result<Accounts::SignedIn> Accounts::begin_session(const store::User& user) {
    const Time now = clock_.now();
    if (auto pruned = store_.prune_sessions(now - options_.idle, now - options_.longest); !pruned) {
        return std::unexpected(pruned.error());
    }
    const std::string token = to_hex_lower(random_bytes<kTokenBytes>());
    if (auto put = store_.put_session({digest_of(token), user.name, now, now}); !put) {
        return std::unexpected(put.error());
    }
    return SignedIn{token, {user.name, user.role}};
}

Result<> Accounts::sign_out(const std::string& token) {
    return store_.remove_session(digest_of(token));
}

Result<std::optional<Caller>> Accounts::who(const std::string& token, Use use) const {
    if (token.size() != 2 * kTokenBytes) {
        return std::nullopt;
    }
    const Sha256 digest = digest_of(token);
    const auto session = store_.session(digest);
    if (!session || !*session) {
        return session ? Result<std::optional<Caller>>(std::nullopt)
                       : std::unexpected(session.error());
    }
    const Time now = clock_.now();
    if (now - (*session)->last_used > options_.idle ||
        now - (*session)->created > options_.longest) {
        return std::nullopt;
    }
    const auto user = store_.user((*session)->user);
    if (!user || !*user) {
        return user ? Result<std::optional<Caller>>(std::nullopt) : std::unexpected(user.error());
    }
    if (use == Use::kCounts && now - (*session)->last_used > kUseNoted) {
        store_.note_session_used(digest, now);
    }
    return Caller{(*user)->name, (*user)->role};
}

std::string Accounts::csrf_of(const std::string& token) {
    return to_hex_lower(Sha256::of(as_bytes("headwater csrf " + token)).bytes);
}

Result<store::User> Accounts::find(const std::string& name) const {
    auto user = store_.user(name);
    if (!user) {
        return std::unexpected(user.error());
    }
    if (!*user) {
        return fail("user.unknown", "There is no user '" + name + "'.",
                    "List them with `headwater users list`.");
    }
    return std::move(**user);
}

Result<> Accounts::add(const std::string& name, store::Role role, const std::string& password) {
    if (auto named = check_name(name); !named) {
        return named;
    }
    auto hash = hash_password(password);
    if (!hash) {
        return std::unexpected(hash.error());
    }
    return store_.add_user({name, role, std::move(*hash), clock_.now(), std::nullopt}, false);
}

Result<> Accounts::change(const std::string& name, std::optional<store::Role> role,
                          const std::optional<std::string>& password) {
    auto user = find(name);
    if (!user) {
        return std::unexpected(user.error());
    }
    user->role = role.value_or(user->role);
    if (password) {
        auto hash = hash_password(*password);
        if (!hash) {
            return std::unexpected(hash.error());
        }
        user->password_hash = std::move(*hash);
    }
    if (auto updated = store_.update_user(*user); !updated || !password) {
        return updated;
    }
    return store_.remove_sessions_of(user->name, std::nullopt);
}

Result<> Accounts::change_own_password(const std::string& token, const std::string& old,
                                       const std::string& fresh, const std::string& address) {
    const auto caller = who(token);
    if (!caller) {
        return std::unexpected(caller.error());
    }
    if (!*caller) {
        return fail("session.none", "Nobody is signed in.", "Sign in.");
    }
    if (auto may = may_try((*caller)->name, address); !may) {
        return may;
    }
    auto user = find((*caller)->name);
    if (!user) {
        return std::unexpected(user.error());
    }
    const bool is_right = is_password(old, user->password_hash);
    tried(user->name, address, is_right);
    if (!is_right) {
        return fail("session.refused", "The old password is wrong.", "Type it again.");
    }
    auto hash = hash_password(fresh);
    if (!hash) {
        return std::unexpected(hash.error());
    }
    user->password_hash = std::move(*hash);
    if (auto updated = store_.update_user(*user); !updated) {
        return updated;
    }
    return store_.remove_sessions_of(user->name, digest_of(token));
}

Result<> Accounts::remove(const std::string& name) {
    const auto user = find(name);
    return user ? store_.remove_user(user->name) : std::unexpected(user.error());
}

}  // namespace headwater::admin
