#include "protocol/cookies.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace headwater::protocol {
namespace {

constexpr std::size_t kHeaderSize = 24;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kMaxKeys = 4;
// Larger than any cookie of ours: a client's bytes are not decrypted beyond it.
constexpr std::size_t kMaxCookie = 4096;
constexpr std::uint8_t kVersion = 1;

struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Free>;

template <typename Integer>
void put(Bytes& out, Integer value) {
    using Unsigned = std::make_unsigned_t<Integer>;
    auto bits = static_cast<Unsigned>(value);
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        out.push_back(static_cast<std::uint8_t>(bits & 0xffU));
        bits = static_cast<Unsigned>(static_cast<std::uint64_t>(bits) >> 8U);
    }
}

void put(Bytes& out, const std::string& text) {
    put(out, static_cast<std::uint16_t>(text.size()));
    out.insert(out.end(), text.begin(), text.end());
}

void put(Bytes& out, const Guid& guid) {
    out.insert(out.end(), guid.bytes.begin(), guid.bytes.end());
}

/// Takes values off the front; what is missing makes it not ok, and reads as zero.
class Reader {
public:
    explicit Reader(ByteView bytes) : bytes_(bytes) {}

    template <typename Integer>
    Integer integer() {
        std::uint64_t value = 0;
        const ByteView part = take(sizeof(Integer));
        for (std::size_t i = 0; i < part.size(); ++i) {
            value |= static_cast<std::uint64_t>(part[i]) << (8 * i);
        }
        return static_cast<Integer>(value);
    }
    std::string text() { return std::string(as_text(take(integer<std::uint16_t>()))); }
    Guid guid() {
        Guid guid;
        const ByteView part = take(guid.bytes.size());
        std::copy(part.begin(), part.end(), guid.bytes.begin());
        return guid;
    }
    Time time() { return Time{Microseconds{integer<std::int64_t>()}}; }
    [[nodiscard]] bool done() const { return ok_ && bytes_.empty(); }

private:
    ByteView take(std::size_t count) {
        if (bytes_.size() < count) {
            ok_ = false;
            bytes_ = {};
            return {};
        }
        const ByteView part = bytes_.first(count);
        bytes_ = bytes_.subspan(count);
        return part;
    }

    ByteView bytes_;
    bool ok_ = true;
};

void check(int answer) {
    if (answer != 1) {
        throw std::runtime_error("OpenSSL could not seal a cookie.");
    }
}

template <typename Cookie>
Sealer::Opened<Cookie> unless_expired(Cookie cookie, const Reader& in, Time now) {
    if (!in.done()) {
        return std::unexpected(CookieFault::kInvalidCookie);
    }
    if (cookie.expires < now) {
        return std::unexpected(CookieFault::kCookieExpired);
    }
    return cookie;
}

}  // namespace

Sealer::Sealer(Guid server_id, std::vector<Key> keys)
    : server_id_(server_id), keys_(std::move(keys)) {
    if (keys_.empty() ||
        std::ranges::any_of(keys_, [](const Key& key) { return key.bytes.size() != kKeySize; })) {
        throw std::invalid_argument("Cookies need a key of 32 bytes.");
    }
}

void Sealer::add_key(Key key) {
    const std::unique_lock lock(mutex_);
    keys_.push_back(std::move(key));
    if (keys_.size() > kMaxKeys) {
        keys_.erase(keys_.begin());
    }
}

Bytes Sealer::seal(const AgentAuthorization& cookie) const {
    Bytes payload;
    put(payload, cookie.expires.time_since_epoch().count());
    put(payload, cookie.computer_id);
    return seal_payload(CookieKind::kAgentAuthorization, payload);
}

Bytes Sealer::seal(const AgentCookie& cookie) const {
    Bytes payload;
    put(payload, cookie.expires.time_since_epoch().count());
    for (const Shown& shown : {cookie.scan, cookie.filtered_scan}) {
        put(payload, shown.change);
        put(payload, shown.scope);
    }
    put(payload, cookie.config);
    put(payload, cookie.computer_id);
    return seal_payload(CookieKind::kAgent, payload);
}

Bytes Sealer::seal(CookieKind kind, const DownstreamCookie& cookie) const {
    Bytes payload;
    put(payload, cookie.expires.time_since_epoch().count());
    put(payload, cookie.account);
    put(payload, cookie.protocol_major);
    put(payload, cookie.protocol_minor);
    return seal_payload(kind, payload);
}

Sealer::Opened<AgentAuthorization> Sealer::open_agent_authorization(ByteView data, Time now) const {
    const auto payload = open_payload(CookieKind::kAgentAuthorization, data);
    if (!payload) {
        return std::unexpected(payload.error());
    }
    Reader in(*payload);
    AgentAuthorization cookie;
    cookie.expires = in.time();
    cookie.computer_id = in.text();
    return unless_expired(std::move(cookie), in, now);
}

Sealer::Opened<AgentCookie> Sealer::open_agent(ByteView data, Time now) const {
    const auto payload = open_payload(CookieKind::kAgent, data);
    if (!payload) {
        return std::unexpected(payload.error());
    }
    Reader in(*payload);
    AgentCookie cookie;
    cookie.expires = in.time();
    for (Shown* shown : {&cookie.scan, &cookie.filtered_scan}) {
        shown->change = in.integer<std::uint64_t>();
        shown->scope = in.integer<std::uint64_t>();
    }
    cookie.config = in.integer<std::int64_t>();
    cookie.computer_id = in.text();
    return unless_expired(std::move(cookie), in, now);
}

Sealer::Opened<DownstreamCookie> Sealer::open_downstream(CookieKind kind, ByteView data,
                                                         Time now) const {
    const auto payload = open_payload(kind, data);
    if (!payload) {
        return std::unexpected(payload.error());
    }
    Reader in(*payload);
    DownstreamCookie cookie;
    cookie.expires = in.time();
    cookie.account = in.guid();
    cookie.protocol_major = in.integer<std::uint16_t>();
    cookie.protocol_minor = in.integer<std::uint16_t>();
    return unless_expired(cookie, in, now);
}

Bytes Sealer::seal_payload(CookieKind kind, const Bytes& payload) const {
    const std::shared_lock lock(mutex_);
    const Key& key = keys_.back();
    Bytes out = {'H', 'W', kVersion, static_cast<std::uint8_t>(kind)};
    put(out, key.id);
    put(out, server_id_);
    const Bytes nonce = random_bytes(kNonceSize);
    out.insert(out.end(), nonce.begin(), nonce.end());
    const std::size_t body = out.size();
    out.resize(body + payload.size() + kTagSize);

    thread_local const Cipher cipher(EVP_CIPHER_CTX_new());
    int length = 0;
    check(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(),
                             nonce.data()));
    check(EVP_EncryptUpdate(cipher.get(), nullptr, &length, out.data(),
                            static_cast<int>(kHeaderSize)));
    check(EVP_EncryptUpdate(cipher.get(), out.data() + body, &length, payload.data(),
                            static_cast<int>(payload.size())));
    check(EVP_EncryptFinal_ex(cipher.get(), out.data() + body + length, &length));
    check(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagSize),
                              out.data() + body + payload.size()));
    return out;
}

Sealer::Opened<Bytes> Sealer::open_payload(CookieKind kind, ByteView data) const {
    const auto invalid = std::unexpected(CookieFault::kInvalidCookie);
    if (data.size() < kHeaderSize + kNonceSize + kTagSize || data.size() > kMaxCookie ||
        data[0] != 'H' || data[1] != 'W' || data[2] != kVersion ||
        data[3] != static_cast<std::uint8_t>(kind)) {
        return invalid;
    }
    Reader header(data.subspan(4, kHeaderSize - 4));
    const auto key_id = header.integer<std::uint32_t>();
    if (header.guid() != server_id_) {
        return std::unexpected(CookieFault::kServerChanged);
    }
    const std::shared_lock lock(mutex_);
    const auto key = std::ranges::find(keys_, key_id, &Key::id);
    if (key == keys_.end()) {
        return invalid;
    }
    const ByteView nonce = data.subspan(kHeaderSize, kNonceSize);
    const ByteView sealed =
        data.subspan(kHeaderSize + kNonceSize, data.size() - kHeaderSize - kNonceSize - kTagSize);
    Bytes tag(data.end() - kTagSize, data.end());
    Bytes payload(sealed.size());

    thread_local const Cipher cipher(EVP_CIPHER_CTX_new());
    int length = 0;
    check(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key->bytes.data(),
                             nonce.data()));
    check(EVP_DecryptUpdate(cipher.get(), nullptr, &length, data.data(),
                            static_cast<int>(kHeaderSize)));
    if (EVP_DecryptUpdate(cipher.get(), payload.data(), &length, sealed.data(),
                          static_cast<int>(sealed.size())) != 1) {
        return invalid;
    }
    check(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagSize),
                              tag.data()));
    if (EVP_DecryptFinal_ex(cipher.get(), payload.data() + length, &length) != 1) {
        return invalid;
    }
    return payload;
}

}  // namespace headwater::protocol
