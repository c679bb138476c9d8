// The tables of the shared types, in the order of the WSDL.

#include "protocol/common.hpp"

#include <array>

#include "soap/field.hpp"

namespace headwater::protocol {

using soap::field;

const soap::Type& wire_type(soap::Tag<Cookie>) {
    static constexpr std::array kFields{field<&Cookie::expiration>("Expiration"),
                                        field<&Cookie::encrypted_data>("EncryptedData")};
    static constexpr soap::Type kType = soap::structure("Cookie", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<AuthorizationCookie>) {
    static constexpr std::array kFields{field<&AuthorizationCookie::plug_in_id>("PlugInId"),
                                        field<&AuthorizationCookie::cookie_data>("CookieData")};
    static constexpr soap::Type kType = soap::structure("AuthorizationCookie", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<AuthPlugInInfo>) {
    static constexpr std::array kFields{field<&AuthPlugInInfo::plug_in_id>("PlugInID"),
                                        field<&AuthPlugInInfo::service_url>("ServiceUrl"),
                                        field<&AuthPlugInInfo::parameter>("Parameter")};
    static constexpr soap::Type kType = soap::structure("AuthPlugInInfo", kFields);
    return kType;
}

const soap::Type& wire_type(soap::Tag<UpdateIdentity>) {
    static constexpr std::array kFields{field<&UpdateIdentity::update_id>("UpdateID"),
                                        field<&UpdateIdentity::revision_number>("RevisionNumber")};
    static constexpr soap::Type kType = soap::structure("UpdateIdentity", kFields);
    return kType;
}

}  // namespace headwater::protocol
