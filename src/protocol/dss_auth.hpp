#pragma once
// DssAuthWebService: the authorization of downstream servers. [MS-WSUSSS] 3.1.4.2. Values; any
// thread.

#include <string>
#include <string_view>

#include "protocol/common.hpp"

namespace headwater::protocol::dss_auth {

inline constexpr std::string_view kName = "DssAuthWebService";
inline constexpr std::string_view kNamespace =
    "http://www.microsoft.com/SoftwareDistribution/Server/DssAuthWebService";
inline constexpr std::string_view kPath = "/DssAuthWebService/DssAuthWebService.asmx";

struct GetAuthorizationCookie {
    soap::Optional<std::string> account_name = {};
    soap::Optional<std::string> account_guid = {};
    soap::Optional<soap::Array<Guid>> program_keys = {};
    bool operator==(const GetAuthorizationCookie&) const = default;
};

struct GetAuthorizationCookieResponse {
    soap::Optional<AuthorizationCookie> result = {};
    bool operator==(const GetAuthorizationCookieResponse&) const = default;
};

const soap::Type& wire_type(soap::Tag<GetAuthorizationCookie>);
const soap::Type& wire_type(soap::Tag<GetAuthorizationCookieResponse>);

}  // namespace headwater::protocol::dss_auth
