#include "admin/password.hpp"

#include <sodium.h>

#include <array>
#include <semaphore>

namespace headwater::admin {
namespace {

constexpr std::ptrdiff_t kAtOnce = 2;

class Turn {
public:
    Turn() { turns().acquire(); }
    ~Turn() { turns().release(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    static std::counting_semaphore<kAtOnce>& turns() {
        static std::counting_semaphore<kAtOnce> all(kAtOnce);
        return all;
    }
};

bool is_ready() {
    static const bool kReady = sodium_init() >= 0;
    return kReady;
}

Result<std::string> hash_of(std::string_view password) {
    const Turn turn;
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (!is_ready() || crypto_pwhash_str_alg(text.data(), password.data(), password.size(),
                                             crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                             crypto_pwhash_MEMLIMIT_INTERACTIVE,
                                             crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return fail("user.hash", "The password could not be hashed.",
                    "The machine has too little memory; free some and repeat this.");
    }
    return std::string(text.data());
}

}  // namespace

Result<> check_password(std::string_view password) {
    if (password.size() < kMinPasswordBytes || password.size() > kMaxPasswordBytes) {
        return fail("user.password",
                    "A password has " + std::to_string(kMinPasswordBytes) + " to " +
                        std::to_string(kMaxPasswordBytes) + " bytes.",
                    "Choose a longer one: a few words make a good one.");
    }
    return {};
}

Result<std::string> hash_password(std::string_view password) {
    if (auto checked = check_password(password); !checked) {
        return std::unexpected(checked.error());
    }
    return hash_of(password);
}

bool is_password(std::string_view password, const std::string& hash) {
    static const std::string kNobodys = hash_of("nobody has this password").value_or("");
    if (password.size() > kMaxPasswordBytes || !is_ready()) {
        return false;
    }
    const Turn turn;
    const std::string& compared = hash.empty() ? kNobodys : hash;
    const bool is_right =
        crypto_pwhash_str_verify(compared.c_str(), password.data(), password.size()) == 0;
    return is_right && !hash.empty();
}

}  // namespace headwater::admin
