#pragma once
// The faults of the update services: [MS-WUSP] 2.2.2.4 and [MS-WSUSSS] 2.2.9, in the shapes that a
// WSUS writes them in. Pure functions; any thread.

#include <string>
#include <string_view>

#include "base/guid.hpp"
#include "soap/envelope.hpp"

namespace headwater::soap {

struct Fault {
    /// "InvalidCookie"; empty for a fault of SOAP itself, which ends the protocol.
    std::string error_code = {};
    /// What the code is about: the path of a parameter, digests; or a sentence for people.
    std::string message = {};
    /// Of this instance; zero for one that is chosen when it is written.
    Guid id = {};
    /// The action's URL, without the quotes that are around it on the wire.
    std::string method = {};
    /// The service's URL; empty for services that do not say it.
    std::string actor = {};
    /// The fault is ours: soap:Server instead of soap:Client.
    bool server_side = false;
    /// The faultstring.
    std::string text = "Fault occurred";

    bool operator==(const Fault&) const = default;
};

/// A fault by its code, as "InvalidParameters" about "parameters.InstalledNonLeafUpdateIDs".
/// InternalServerError becomes server_side.
[[nodiscard]] Fault make_fault(std::string error_code, std::string message = {});
/// A fault of SOAP itself, without an ErrorCode.
[[nodiscard]] Fault protocol_fault(std::string sentence);

/// The whole message, envelope included. The client service (Indigo) calls every fault Client.
[[nodiscard]] std::string write_fault(const Fault& fault, Version version, Style style);

/// Reads either version and any prefix; what is missing stays empty.
/// @param fault  the Fault element, as Envelope::content is where is_fault()
[[nodiscard]] Fault read_fault(const pugi::xml_node& fault);

}  // namespace headwater::soap
