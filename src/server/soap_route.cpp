#include "server/soap_route.hpp"

#include "base/utf.hpp"
#include "soap/xpress.hpp"

namespace headwater::server {
namespace {

// A shorter answer gains nothing worth the work.
constexpr std::size_t kSmallestCompressed = 512;

bool wants_xpress(const net::Request& request) {
    const auto accepted = request.headers.get("Accept-Encoding");
    return accepted && to_lower_ascii(*accepted).find("xpress") != std::string::npos;
}

net::Response wsdl(const soap::Service& service, const net::Request& request) {
    net::Response response;
    response.headers.add("Content-Type", "text/xml; charset=utf-8");
    response.body =
        service.wsdl((request.tls ? "https://" : "http://") + request.host + request.path);
    return response;
}

net::Response answer(const soap::Service& service, const net::Request& request) {
    if (request.method == "GET" || request.method == "HEAD") {
        return equal_ignoring_case(request.query, "wsdl")
                   ? wsdl(service, request)
                   : net::text_response(
                         200, "This is a service of Headwater; its description is at ?wsdl.\n");
    }
    if (request.method != "POST") {
        net::Response refused = net::text_response(405, "A SOAP service is called with POST.\n");
        refused.headers.set("Allow", "GET, HEAD, POST");
        return refused;
    }
    soap::Exchange exchange;
    exchange.content_type = request.headers.get("Content-Type").value_or("");
    exchange.soap_action = request.headers.get("SOAPAction").value_or("");
    exchange.body = request.body;
    exchange.host = request.host;
    exchange.remote_address = request.remote_address;
    exchange.tls = request.tls;
    soap::Reply reply = service.handle(exchange);

    net::Response response;
    response.status = static_cast<unsigned>(reply.status);
    response.headers.add("Content-Type", reply.content_type);
    response.headers.add("Cache-Control", service.options().style == soap::Style::kIndigo
                                              ? "private"
                                              : "private, max-age=0");
    response.headers.add("Vary", "Accept-Encoding");
    response.close = reply.status != 200;
    if (reply.status == 200 && reply.body.size() >= kSmallestCompressed && wants_xpress(request)) {
        const Bytes packed = soap::xpress_compress(as_bytes(reply.body));
        response.headers.add("Content-Encoding", "xpress");
        response.body = as_text(packed);
    } else {
        response.body = std::move(reply.body);
    }
    return response;
}

}  // namespace

void add_service(net::Router& router, const soap::Service& service) {
    add_service(router, service.options().path, service);
}

void add_service(net::Router& router, std::string_view path, const soap::Service& service) {
    router.exact(path, net::Router::Where::kWorker,
                 [&service](const net::Request& request) { return answer(service, request); });
}

}  // namespace headwater::server
