#pragma once
// The one HTTP client, on libcurl: bodies into memory, or streamed to a sink with resume by range.
// One Client serves any number of threads; it keeps connections and a thread of its own.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "net/http.hpp"
#include "net/rate_limit.hpp"

namespace headwater::net {

/// Asked for between two parts of an answer; once true, the work ends with "net.cancelled".
class CancelToken {
public:
    CancelToken() = default;
    /// @param parent  one that cancels this one, too; may be null
    explicit CancelToken(std::shared_ptr<const CancelToken> parent) : parent_(std::move(parent)) {}

    void cancel() { cancelled_ = true; }
    [[nodiscard]] bool cancelled() const {
        return cancelled_ || (parent_ != nullptr && parent_->cancelled());
    }

private:
    std::shared_ptr<const CancelToken> parent_;
    std::atomic<bool> cancelled_ = false;
};

/// An HTTP proxy on the way, with the login for it. Basic, Digest, NTLM and Negotiate, whichever of
/// them the proxy offers and is strongest.
struct Proxy {
    std::string host;
    std::uint16_t port = 0;
    /// "user", or "DOMAIN\\user"; empty for no login.
    std::string user;
    std::string password;  ///< never shown, never logged
    /// Basic sends the password in clear text: only where this is on.
    bool allow_basic = false;
    bool operator==(const Proxy&) const = default;
};

/// The login for a server that speaks S3: requests are signed by AWS Signature Version 4.
struct AwsLogin {
    std::string region;
    std::string access_key;
    std::string secret;  ///< never shown, never logged
};

/// A stretch of a file that is sent as the body.
struct Upload {
    std::shared_ptr<const File> file;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

struct ClientRequest {
    std::string method = "GET";
    std::string url;
    Headers headers;
    std::string body;
    /// Instead of the body, for PUT.
    std::optional<Upload> upload = {};
    /// Null: not signed. The URL's path and query have to be encoded and the query sorted, since
    /// they are signed as they stand; so is x-amz-content-sha256.
    std::shared_ptr<const AwsLogin> aws = {};
    std::chrono::milliseconds connect_timeout{20'000};
    /// Fewer than 1 byte/s for this long ends the request with "net.timeout".
    std::chrono::seconds stall_timeout{60};
    std::chrono::milliseconds total_timeout{0};  ///< 0: none
    /// More than this is "net.too_large" (bytes of the decoded body).
    std::uint64_t max_body_bytes = std::uint64_t{256} << 20U;
    /// Followed at most this often, http and https only; a redirect beyond is "net.redirect".
    unsigned max_redirects = 0;
    /// A local socket to connect to instead of the URL's host; empty for none.
    std::string local_socket;
    /// Null: straight to the server.
    std::shared_ptr<const Proxy> proxy;
    std::shared_ptr<const CancelToken> cancel;
    /// Null for none. While it has to wait for it, a request is never taken for stalled.
    std::shared_ptr<RateLimit> rate_limit;
};

/// A certificate of a server's chain.
struct Certificate {
    std::string subject;
    std::string issuer;
    std::vector<std::string> names;  ///< the alternative names of the subject
    Time from;
    Time until;
};

struct ClientResponse {
    unsigned status = 0;
    Headers headers;
    std::string body;
    std::string effective_url;
    std::vector<Certificate> certificates;  ///< of Client::certificates() alone
};

/// Takes a part of a body in its order. False ends the transfer with "net.sink".
using BodySink = std::function<bool(ByteView)>;
/// Sees the final status and headers (after redirects) before the first byte of the body. False
/// ends the transfer with "net.sink".
using HeadSink = std::function<bool(unsigned status, const Headers&)>;

/// How a whole client behaves.
struct ClientOptions {
    /// Certificates (PEM) that are trusted besides the machine's own; empty for none.
    std::string trusted_certificates;
    /// Its thread yields the processors to all others of the program: for a server, whose own
    /// clients wait for nothing that comes in here.
    bool is_background = false;
};

/// Errors of both calls, each with its chain of causes:
/// - of the way: "net.resolve", "net.connect", "net.timeout", "net.reset" (the connection ended
///   early), "net.redirect", "net.protocol";
/// - of TLS: "net.tls", "net.tls_expired", "net.tls_name", "net.tls_issuer", "net.tls_protocol";
/// - of the proxy: "net.proxy_resolve", "net.proxy_connect", "net.proxy_login" (407: the login was
///   refused), "net.proxy_login_missing" (it wants one), "net.proxy_basic" (it offers nothing but
///   Basic, which is not allowed), "net.proxy_denied" (its rules refuse this address),
///   "net.proxy_gateway" (it cannot reach the server), "net.proxy";
/// - our own: "net.too_large", "net.cancelled", "net.sink".
/// Any other HTTP status is an answer, not an error.
class Client {
public:
    explicit Client(ClientOptions options = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Waits for the whole answer. Many threads may wait at once.
    [[nodiscard]] Result<ClientResponse> fetch(const ClientRequest& request);

    /// As fetch, with the body handed to a sink as it comes; both sinks are called on another
    /// thread, one at a time, while the caller waits.
    [[nodiscard]] Result<ClientResponse> stream(const ClientRequest& request, const HeadSink& head,
                                                const BodySink& body);

    /// The chain that the server of an https URL shows, its own certificate first, trusted or not;
    /// nothing is sent to it. Errors as above, but for those of trust.
    [[nodiscard]] Result<std::vector<Certificate>> certificates(const ClientRequest& request);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace headwater::net
