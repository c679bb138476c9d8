#pragma once
// The upstream role: what downstream servers call. [MS-WSUSSS] 3.1. Owned by the composition;
// handle() of both services may be called from any thread, and waits for the database.

#include <functional>
#include <span>

#include "base/digest.hpp"
#include "base/time.hpp"
#include "policy/publisher.hpp"
#include "protocol/cookies.hpp"
#include "soap/service.hpp"
#include "store/store.hpp"

namespace headwater::downstream {

class Services {
public:
    /// Makes known files wanted here.
    using RequestFiles = std::function<Result<>(std::span<const Sha1>)>;

    /// @param config_changed  when the configuration that GetConfigData shows last changed
    /// @param request_files   what DownloadFiles does; empty: it is answered, and nothing done
    Services(store::Store& store, const policy::Publisher& publisher,
             const protocol::Sealer& sealer, const Clock& clock, Time config_changed,
             const soap::RequestLimits& limits = {}, RequestFiles request_files = {});

    [[nodiscard]] const soap::Service& synchronization() const { return sync_; }
    [[nodiscard]] const soap::Service& authorization() const { return auth_; }

    static constexpr std::size_t kMaxUpdatesPerRequest = 100;
    static constexpr std::size_t kMaxFilesPerRequest = 100;

private:
    void add_handshake();
    void add_synchronization();
    void add_files();

    store::Store& store_;
    const policy::Publisher& publisher_;
    const protocol::Sealer& sealer_;
    const Clock& clock_;
    Time config_changed_;
    RequestFiles request_files_;
    soap::Service sync_;
    soap::Service auth_;
};

}  // namespace headwater::downstream
