#include "downstream/session.hpp"

namespace headwater::downstream {

using protocol::CookieKind;
using soap::make_fault;

soap::Fault fault_of(const Error& error) {
    return make_fault(error.code == "store.full" ? "ServerBusy" : "InternalServerError");
}

Answer<protocol::DownstreamCookie> check(const protocol::Sealer& sealer,
                                         const soap::Optional<protocol::Cookie>& cookie, Time now) {
    if (!cookie || !cookie->encrypted_data) {
        return std::unexpected(make_fault("InvalidCookie"));
    }
    auto opened = sealer.open_downstream(CookieKind::kDownstream, *cookie->encrypted_data, now);
    if (!opened) {
        return std::unexpected(make_fault(opened.error() == protocol::CookieFault::kServerChanged
                                              ? "ServerChanged"
                                              : "InvalidCookie"));
    }
    return *opened;
}

}  // namespace headwater::downstream
