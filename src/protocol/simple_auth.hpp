#pragma once
// SimpleAuth: the authorization of Windows Update agents. [MS-WUSP] 2.2.2.1, 3.1.5.5. Values; any
// thread.

#include <string>
#include <string_view>

#include "protocol/common.hpp"

namespace headwater::protocol::simple_auth {

inline constexpr std::string_view kName = "SimpleAuth";
inline constexpr std::string_view kNamespace =
    "http://www.microsoft.com/SoftwareDistribution/Server/SimpleAuthWebService";
inline constexpr std::string_view kPath = "/SimpleAuthWebService/SimpleAuth.asmx";

struct GetAuthorizationCookie {
    soap::Optional<std::string> client_id = {};
    soap::Optional<std::string> target_group_name = {};
    soap::Optional<std::string> dns_name = {};
    bool operator==(const GetAuthorizationCookie&) const = default;
};

struct GetAuthorizationCookieResponse {
    soap::Optional<AuthorizationCookie> result = {};
    bool operator==(const GetAuthorizationCookieResponse&) const = default;
};

const soap::Type& wire_type(soap::Tag<GetAuthorizationCookie>);
const soap::Type& wire_type(soap::Tag<GetAuthorizationCookieResponse>);

}  // namespace headwater::protocol::simple_auth
