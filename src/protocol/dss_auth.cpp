// The tables of DssAuthWebService, in the order of the WSDL.

#include "protocol/dss_auth.hpp"

#include <array>

#include "soap/field.hpp"

namespace headwater::protocol::dss_auth {

using soap::field;

const soap::Type& wire_type(soap::Tag<GetAuthorizationCookie>) {
    static constexpr std::array kFields{
        field<&GetAuthorizationCookie::account_name>("accountName"),
        field<&GetAuthorizationCookie::account_guid>("accountGuid"),
        field<&GetAuthorizationCookie::program_keys>("programKeys")};
    static constexpr soap::Type kType = soap::structure("GetAuthorizationCookie", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<GetAuthorizationCookieResponse>) {
    static constexpr std::array kFields{
        field<&GetAuthorizationCookieResponse::result>("GetAuthorizationCookieResult")};
    static constexpr soap::Type kType = soap::structure("GetAuthorizationCookieResponse", kFields);
    return kType;
}

}  // namespace headwater::protocol::dss_auth
