#pragma once
// Types that several of the update services share, and how to read the tables of this room:
//
// A member is named as its element. An Optional is minOccurs="0": `or_default()` reads it when
// absent and empty mean the same. The tables stand in the .cpp files. Values; any thread.

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/guid.hpp"
#include "base/time.hpp"
#include "soap/type.hpp"

namespace headwater::protocol {

/// A sealed state that the other side keeps for us; see protocol/cookies.hpp.
struct Cookie {
    Time expiration = {};
    soap::Optional<Bytes> encrypted_data = {};
    bool operator==(const Cookie&) const = default;
};

struct AuthorizationCookie {
    soap::Optional<std::string> plug_in_id = {};
    soap::Optional<Bytes> cookie_data = {};
    bool operator==(const AuthorizationCookie&) const = default;
};

/// Where to get an AuthorizationCookie.
struct AuthPlugInInfo {
    soap::Optional<std::string> plug_in_id = {};
    soap::Optional<std::string> service_url = {};  ///< relative to the server's root
    soap::Optional<std::string> parameter = {};
    bool operator==(const AuthPlugInInfo&) const = default;
};

struct UpdateIdentity {
    Guid update_id = {};
    std::int32_t revision_number = 0;
    bool operator==(const UpdateIdentity&) const = default;
};

const soap::Type& wire_type(soap::Tag<Cookie>);
const soap::Type& wire_type(soap::Tag<AuthorizationCookie>);
const soap::Type& wire_type(soap::Tag<AuthPlugInInfo>);
const soap::Type& wire_type(soap::Tag<UpdateIdentity>);

}  // namespace headwater::protocol
