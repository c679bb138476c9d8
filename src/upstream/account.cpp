#include "upstream/account.hpp"

#include <unistd.h>

#include <array>

#include "upstream/proxies.hpp"

namespace headwater::upstream {
namespace {

constexpr const char* kAccount = "server.account";

/// Our name as a downstream server: a valid DNS name, whatever the machine is called.
std::string account_name() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    std::string text(name.data());
    std::erase_if(text, [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '.');
    });
    return text.empty() ? "headwater" : text;
}

Result<Guid> account_guid(store::Store& store) {
    const auto stored = store.setting(kAccount);
    if (!stored) {
        return std::unexpected(stored.error());
    }
    if (const auto known = *stored ? Guid::parse(**stored) : std::nullopt) {
        return *known;
    }
    const Guid made = Guid::random();
    if (auto saved = store.put_setting(kAccount, made.text()); !saved) {
        return std::unexpected(saved.error());
    }
    return made;
}

}  // namespace

Result<SessionOptions> session_options(store::Store& store, const SecretBox& secrets,
                                       const policy::SyncOptions& options,
                                       const std::string& upstream,
                                       std::shared_ptr<const net::CancelToken> cancel,
                                       std::chrono::seconds stall_timeout) {
    const auto account = account_guid(store);
    if (!account) {
        return std::unexpected(account.error());
    }
    auto proxy = proxy_for(options.proxy, upstream, secrets);
    if (!proxy) {
        return std::unexpected(proxy.error());
    }
    SessionOptions session;
    session.upstream = upstream;
    session.account = *account;
    session.account_name = account_name();
    session.cancel = std::move(cancel);
    session.proxy = std::move(*proxy);
    session.stall_timeout = stall_timeout;
    return session;
}

}  // namespace headwater::upstream
