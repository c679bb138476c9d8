#include "admin/console.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/bytes.hpp"
#include "base/digest.hpp"

namespace headwater::admin {
namespace {

constexpr std::string_view kPage = "/index.html";
constexpr std::string_view kNonceMark = "__NONCE__";

struct Type {
    std::string_view ending;
    std::string_view type;
};
constexpr std::array kTypes = {
    Type{".html", "text/html; charset=utf-8"},
    Type{".js", "text/javascript; charset=utf-8"},
    Type{".css", "text/css; charset=utf-8"},
    Type{".svg", "image/svg+xml"},
    Type{".png", "image/png"},
    Type{".ico", "image/x-icon"},
    Type{".woff2", "font/woff2"},
    Type{".json", "application/json"},
};

std::string_view type_of(std::string_view path) {
    const auto* const found = std::ranges::find_if(
        kTypes, [path](const Type& type) { return path.ends_with(type.ending); });
    return found == kTypes.end() ? "application/octet-stream" : found->type;
}

std::string random_nonce() {
    std::array<std::uint8_t, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("OpenSSL has no random numbers");
    }
    return to_hex_lower(bytes);
}

std::string content_policy(const std::string& nonce) {
    return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce +
           "'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; "
           "base-uri 'none'; form-action 'self'";
}

net::Response page(const ConsoleFile& file) {
    const std::string nonce = random_nonce();
    std::string text(file.content);
    for (std::size_t at = text.find(kNonceMark); at != std::string::npos;
         at = text.find(kNonceMark, at + nonce.size())) {
        text.replace(at, kNonceMark.size(), nonce);
    }
    net::Response response;
    response.headers.set("Content-Type", std::string(type_of(file.path)));
    response.headers.set("Content-Security-Policy", content_policy(nonce));
    response.headers.set("Cache-Control", "no-store");
    response.body = std::move(text);
    return response;
}

net::Response asset(const ConsoleFile& file, const net::Request& request) {
    net::Response response;
    const std::string tag =
        '"' + to_hex_lower(Sha256::of(as_bytes(file.content)).bytes).substr(0, 32) + '"';
    response.headers.set("ETag", tag);
    response.headers.set("Vary", "Accept-Encoding");
    // Names of assets hold a digest of what is in them.
    response.headers.set("Cache-Control", file.path.starts_with("/assets/")
                                              ? "public, max-age=31536000, immutable"
                                              : "no-cache");
    if (request.headers.get("If-None-Match").value_or("") == tag) {
        response.status = 304;
        return response;
    }
    response.headers.set("Content-Type", std::string(type_of(file.path)));
    const bool takes_gzip = request.headers.get("Accept-Encoding").value_or("").contains("gzip") &&
                            !file.compressed.empty();
    if (takes_gzip) {
        response.headers.set("Content-Encoding", "gzip");
    }
    response.body = takes_gzip ? file.compressed : file.content;
    return response;
}

}  // namespace

void add_security_headers(net::Response& response) {
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("X-Frame-Options", "DENY");
    response.headers.set("Referrer-Policy", "no-referrer");
    response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
    response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
}

net::Response console_answer(std::span<const ConsoleFile> files, const net::Request& request) {
    if (request.method != "GET" && request.method != "HEAD") {
        return net::text_response(405, "Only GET and HEAD are possible here.\n");
    }
    const std::string_view path = request.path == "/" ? kPage : std::string_view(request.path);
    const auto found = std::ranges::find(files, path, &ConsoleFile::path);
    if (found != files.end()) {
        return path == kPage ? page(*found) : asset(*found, request);
    }
    if (path == kPage) {
        return net::text_response(
            404, "This program was built without the console; its API is at /api/v1.\n");
    }
    return net::text_response(404, "There is nothing at this address.\n");
}

}  // namespace headwater::admin
