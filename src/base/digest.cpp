#include "base/digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace headwater {
namespace {

struct ContextDeleter {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

void check(int answer) {
    if (answer != 1) {
        throw std::runtime_error("OpenSSL could not compute a digest.");
    }
}

Context start(const EVP_MD* algorithm) {
    Context context(EVP_MD_CTX_new());
    check(context ? EVP_DigestInit_ex(context.get(), algorithm, nullptr) : 0);
    return context;
}

template <typename Digest>
Digest end(EVP_MD_CTX* context) {
    Digest digest;
    check(EVP_DigestFinal_ex(context, digest.bytes.data(), nullptr));
    return digest;
}

template <typename Digest>
std::optional<Digest> exactly(ByteView bytes) {
    Digest digest;
    if (bytes.size() != digest.bytes.size()) {
        return std::nullopt;
    }
    std::memcpy(digest.bytes.data(), bytes.data(), bytes.size());
    return digest;
}

template <typename Digest>
Digest digest_of(ByteView data, const EVP_MD* algorithm) {
    Digest digest;
    check(EVP_Digest(data.data(), data.size(), digest.bytes.data(), nullptr, algorithm, nullptr));
    return digest;
}

}  // namespace

std::optional<Sha1> Sha1::from(ByteView bytes) {
    return exactly<Sha1>(bytes);
}

Sha1 Sha1::of(ByteView data) {
    return digest_of<Sha1>(data, EVP_sha1());
}

std::optional<Sha256> Sha256::from(ByteView bytes) {
    return exactly<Sha256>(bytes);
}

Sha256 Sha256::of(ByteView data) {
    return digest_of<Sha256>(data, EVP_sha256());
}

struct FileHasher::Contexts {
    Context sha1 = start(EVP_sha1());
    Context sha256 = start(EVP_sha256());
};

FileHasher::FileHasher() : contexts_(std::make_unique<Contexts>()) {}
FileHasher::~FileHasher() = default;
FileHasher::FileHasher(FileHasher&&) noexcept = default;
FileHasher& FileHasher::operator=(FileHasher&&) noexcept = default;

void FileHasher::update(ByteView data) {
    check(EVP_DigestUpdate(contexts_->sha1.get(), data.data(), data.size()));
    check(EVP_DigestUpdate(contexts_->sha256.get(), data.data(), data.size()));
}

FileHasher::Digests FileHasher::finish() {
    return {end<Sha1>(contexts_->sha1.get()), end<Sha256>(contexts_->sha256.get())};
}

}  // namespace headwater
