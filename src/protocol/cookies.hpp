#pragma once
// Cookies: what a server gives to a client to bring back. Fixed layouts, encrypted and
// authenticated with AES-256-GCM; there is nothing in one to deserialize. A Sealer is shared by all
// services; any thread.
//
//   "HW" · version 1 (u8) · kind (u8) · key id (u32) · server id (16) · nonce (12) · sealed payload
//   · tag (16)
//
// Integers are little-endian; everything before the nonce is authenticated with the payload.

#include <cstdint>
#include <expected>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/guid.hpp"
#include "base/time.hpp"

namespace headwater::protocol {

/// Why a cookie is refused; the names are the ErrorCodes of [MS-WUSP] 2.2.2.4.
enum class CookieFault : std::uint8_t { kInvalidCookie, kServerChanged, kCookieExpired };

enum class CookieKind : std::uint8_t {
    kAgentAuthorization = 1,
    kAgent = 2,
    kDownstreamAuthorization = 3,
    kDownstream = 4,
};

/// AuthorizationCookie of an agent: who it says to be.
struct AgentAuthorization {
    Time expires;
    std::string computer_id;
    bool operator==(const AgentAuthorization&) const = default;
};

/// What an agent was shown last.
struct Shown {
    std::uint64_t change = 0;  ///< the published change
    std::uint64_t scope = 0;   ///< policy::Scope::mark then
    bool operator==(const Shown&) const = default;
};

/// Cookie of an agent.
struct AgentCookie {
    Time expires;
    Shown scan;
    Shown filtered_scan;      ///< limited to categories: it shows nothing of the others
    std::int64_t config = 0;  ///< GetConfig's LastChange (µs) as the agent knows it
    std::string computer_id;
    bool operator==(const AgentCookie&) const = default;
};

/// Both cookies of a downstream server.
struct DownstreamCookie {
    Time expires;
    Guid account;
    std::uint16_t protocol_major = 0;
    std::uint16_t protocol_minor = 0;
    bool operator==(const DownstreamCookie&) const = default;
};

class Sealer {
public:
    struct Key {
        std::uint32_t id = 0;
        Bytes bytes;  ///< 32
    };

    /// The last key seals; all of them open. At least one.
    Sealer(Guid server_id, std::vector<Key> keys);

    /// The new key seals from now on; keys beyond the newest four are forgotten.
    void add_key(Key key);

    [[nodiscard]] Bytes seal(const AgentAuthorization& cookie) const;
    [[nodiscard]] Bytes seal(const AgentCookie& cookie) const;
    [[nodiscard]] Bytes seal(CookieKind kind, const DownstreamCookie& cookie) const;

    template <typename Cookie>
    using Opened = std::expected<Cookie, CookieFault>;

    /// Forged or cut: kInvalidCookie. From another server: kServerChanged. Older than `now`:
    /// kCookieExpired.
    [[nodiscard]] Opened<AgentAuthorization> open_agent_authorization(ByteView data,
                                                                      Time now) const;
    [[nodiscard]] Opened<AgentCookie> open_agent(ByteView data, Time now) const;
    [[nodiscard]] Opened<DownstreamCookie> open_downstream(CookieKind kind, ByteView data,
                                                           Time now) const;

private:
    [[nodiscard]] Bytes seal_payload(CookieKind kind, const Bytes& payload) const;
    [[nodiscard]] Opened<Bytes> open_payload(CookieKind kind, ByteView data) const;

    Guid server_id_;
    mutable std::shared_mutex mutex_;
    std::vector<Key> keys_;
};

}  // namespace headwater::protocol
