#pragma once
// Puts a SOAP service on the HTTP server: its path, its WSDL, compression as agents ask it. Any
// thread.

#include "net/server.hpp"
#include "soap/service.hpp"

namespace headwater::server {

/// The service has to outlive the router.
void add_service(net::Router& router, const soap::Service& service);
/// The same service at a further path.
void add_service(net::Router& router, std::string_view path, const soap::Service& service);

}  // namespace headwater::server
