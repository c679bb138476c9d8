#pragma once
// The WSDL 1.1 description of a service, made from the field tables of its messages. Pure; any
// thread.

#include <span>
#include <string>
#include <string_view>

#include "soap/type.hpp"

namespace headwater::soap {

struct DescribedOperation {
    std::string_view name;
    const Type* request;
    const Type* response;  ///< its element is named "<name>Response"
};

/// A complete document: schema, messages, port type, SOAP 1.1 and 1.2 bindings, service.
/// @param name     of the service, as "Client"; the port type is "ClientSoap"
/// @param address  the absolute URL at which the service answers
[[nodiscard]] std::string describe(std::string_view name, std::string_view name_space,
                                   std::string_view address,
                                   std::span<const DescribedOperation> operations);

}  // namespace headwater::soap
