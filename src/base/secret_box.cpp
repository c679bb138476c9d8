#include "base/secret_box.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>

#include "base/bytes.hpp"
#include "base/descriptor.hpp"

namespace headwater {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
/// Of a sealed text that is read: far more than any password.
constexpr std::size_t kMaxSealed = 64 * 1024;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

void check(int result) {
    if (result != 1) {
        throw std::runtime_error("OpenSSL failed to seal.");
    }
}

std::unexpected<Error> bad_key(const std::filesystem::path& file, std::string what) {
    return fail("secret.key", "The key in " + file.string() + " cannot be used.",
                "Restore the file from a backup; without it, remove it and enter the passwords "
                "that were kept (the proxy's) again.",
                {std::move(what)});
}

/// Under another name first: a crash leaves no half of a key.
Result<> make_key(const std::filesystem::path& file) {
    const Bytes key = random_bytes(SecretBox::Key{}.size());
    const std::filesystem::path fresh = file.string() + ".new";
    ::unlink(fresh.c_str());
    const Descriptor made(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (made.get() < 0 ||
        ::write(made.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size()) ||
        ::fsync(made.get()) != 0 || ::rename(fresh.c_str(), file.c_str()) != 0) {
        return fail("secret.key", "The key file " + file.string() + " cannot be made.",
                    "Check that the service's user may write there, and the space on the disk.",
                    {describe_errno(errno)});
    }
    return {};
}

}  // namespace

Result<SecretBox> SecretBox::from_file(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        if (auto made = make_key(file); !made) {
            return std::unexpected(made.error());
        }
    }
    const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat about{};
    if (opened.get() < 0 || ::fstat(opened.get(), &about) != 0) {
        return bad_key(file, describe_errno(errno));
    }
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return bad_key(file, "others may read it: run chmod 600 " + file.string());
    }
    Key key{};
    if (about.st_size != static_cast<off_t>(key.size()) ||
        ::read(opened.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size())) {
        return bad_key(file, "it has not 32 bytes");
    }
    return SecretBox(key);
}

std::string SecretBox::seal(std::string_view secret) const {
    Bytes out = random_bytes(kNonceSize);
    out.resize(kNonceSize + secret.size() + kTagSize);
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int length = 0;
    check(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), out.data()));
    const ByteView plain = as_bytes(secret);
    check(EVP_EncryptUpdate(cipher.get(), out.data() + kNonceSize, &length, plain.data(),
                            static_cast<int>(plain.size())));
    check(EVP_EncryptFinal_ex(cipher.get(), out.data() + kNonceSize + length, &length));
    check(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagSize,
                              out.data() + kNonceSize + secret.size()));
    return to_base64(out);
}

Result<std::string> SecretBox::open(std::string_view sealed) const {
    const auto unreadable = [] {
        return fail("secret.sealed", "A password that is kept here cannot be opened.",
                    "Enter it again: the key file of this server is not the one with which it was "
                    "sealed.");
    };
    auto bytes = sealed.size() <= kMaxSealed ? from_base64(sealed) : std::nullopt;
    // Base64 leaves bits over in its last letter: text that was changed only there is changed too.
    if (!bytes || bytes->size() < kNonceSize + kTagSize || to_base64(*bytes) != sealed) {
        return unreadable();
    }
    const std::size_t size = bytes->size() - kNonceSize - kTagSize;
    Bytes plain(size + 1);
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int length = 0;
    check(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes->data()));
    check(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagSize,
                              bytes->data() + kNonceSize + size));
    if (EVP_DecryptUpdate(cipher.get(), plain.data(), &length, bytes->data() + kNonceSize,
                          static_cast<int>(size)) != 1 ||
        EVP_DecryptFinal_ex(cipher.get(), plain.data() + length, &length) != 1) {
        return unreadable();
    }
    plain.resize(size);
    return std::string(as_text(plain));
}

}  // namespace headwater
