#pragma once
// Who this server is for its upstream: an account that it keeps for ever, and a session that uses
// it. Any thread.

#include <chrono>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/secret_box.hpp"
#include "policy/options.hpp"
#include "store/store.hpp"
#include "upstream/session.hpp"

namespace headwater::upstream {

/// What a session with this upstream needs, through the proxy that the options say: account, name,
/// login. Errors: those of the store, and of a proxy's password that cannot be opened.
/// @param upstream  its address, "http://host:8530"
[[nodiscard]] Result<SessionOptions> session_options(store::Store& store, const SecretBox& secrets,
                                                     const policy::SyncOptions& options,
                                                     const std::string& upstream,
                                                     std::shared_ptr<const net::CancelToken> cancel,
                                                     std::chrono::seconds stall_timeout);

}  // namespace headwater::upstream
