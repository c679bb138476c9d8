#pragma once
// A conversation with an upstream server: the handshake, the cookie kept fresh, and each call with
// its full error. [MS-WSUSSS] 3.2.4. Any thread may call; calls of several threads run at once.

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "net/client.hpp"
#include "protocol/dss_auth.hpp"
#include "protocol/server_sync.hpp"
#include "soap/call.hpp"
#include "upstream/wait_meter.hpp"

namespace headwater::upstream {

struct SessionOptions {
    std::string upstream;      ///< "http://host:8530"
    Guid account;              ///< who we are, the same for ever
    std::string account_name;  ///< our name
    std::shared_ptr<const net::CancelToken> cancel;
    std::shared_ptr<const net::Proxy> proxy;  ///< null for none
    std::chrono::seconds stall_timeout{120};
    std::chrono::milliseconds connect_timeout{20'000};
};

/// Begins the cause that tells the request of an error: the operation and its address follow.
inline constexpr std::string_view kRequestMark = "in the request ";

/// Errors of all calls, with the request as their last cause:
/// - those of net::Client;
/// - of an answer that is no SOAP, with its status and first bytes: "upstream.denied" (401, 403),
///   "upstream.not_found" (404), "upstream.busy" (429, 503), "upstream.failed" (other 5xx),
///   "upstream.not_soap" (anything else: a sign-in page, another program);
/// - "upstream.redirect"; "upstream.fault" (with code, message, id and method);
///   "upstream.unreadable".
class Session {
public:
    Session(net::Client& client, const Clock& clock, SessionOptions options);

    /// GetAuthConfig, GetAuthorizationCookie, GetCookie.
    [[nodiscard]] Result<> connect();

    [[nodiscard]] Result<protocol::server_sync::ServerSyncConfigData> config_data();
    [[nodiscard]] Result<protocol::server_sync::RevisionIdList> revision_ids(
        const protocol::server_sync::ServerSyncFilter& filter);
    [[nodiscard]] Result<protocol::server_sync::ServerUpdateData> update_data(
        std::span<const protocol::UpdateIdentity> ids);
    /// DownloadFiles: asks it to get files that it knows and does not hold; at most 100.
    [[nodiscard]] Result<> download_files(std::span<const Sha1> digests);

    [[nodiscard]] std::uint64_t requests() const { return requests_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] WaitMeter& waits() { return waits_; }

private:
    template <typename Response, typename Request>
    Result<Response> call(std::string_view path, std::string_view name_space,
                          std::string_view operation, const Request& request);
    template <typename Response, typename Request>
    Result<Response> call_once(std::string_view path, std::string_view name_space,
                               std::string_view operation, const Request& request);
    template <typename Response, typename Request>
    Result<Response> call_with_cookie(std::string_view operation, Request request);
    [[nodiscard]] Result<net::ClientResponse> post(std::string_view path, std::string action,
                                                   std::string body);
    [[nodiscard]] Result<protocol::Cookie> cookie();
    [[nodiscard]] Result<> handshake();

    net::Client& client_;
    const Clock& clock_;
    SessionOptions options_;
    std::mutex mutex_;
    protocol::Cookie cookie_;
    std::atomic<std::uint64_t> requests_ = 0;
    std::atomic<std::uint64_t> bytes_ = 0;
    WaitMeter waits_;
};

}  // namespace headwater::upstream
