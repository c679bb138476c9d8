// The tables of SimpleAuth, in the order of the WSDL.

#include "protocol/simple_auth.hpp"

#include <array>

#include "soap/field.hpp"

namespace headwater::protocol::simple_auth {

using soap::field;

const soap::Type& wire_type(soap::Tag<GetAuthorizationCookie>) {
    static constexpr std::array kFields{
        field<&GetAuthorizationCookie::client_id>("clientId"),
        field<&GetAuthorizationCookie::target_group_name>("targetGroupName"),
        field<&GetAuthorizationCookie::dns_name>("dnsName")};
    static constexpr soap::Type kType = soap::structure("GetAuthorizationCookie", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetAuthorizationCookieResponse>) {
    static constexpr std::array kFields{
        field<&GetAuthorizationCookieResponse::result>("GetAuthorizationCookieResult")};
    static constexpr soap::Type kType = soap::structure("GetAuthorizationCookieResponse", kFields);
    return kType;
}

}  // namespace headwater::protocol::simple_auth
