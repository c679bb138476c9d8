#pragma once
// The upstream role: what downstream servers call. [MS-WSUSSS] 3.1. Owned by the composition;
// handle() of both services may be called from any thread, and waits for the database.

#include "base/time.hpp"
#include "policy/publisher.hpp"
#include "protocol/cookies.hpp"
#include "soap/service.hpp"
#include "store/store.hpp"

namespace headwater::downstream {

class Services {
public:
    /// @param config_changed  when the configuration that GetConfigData shows last changed
    Services(store::Store& store, const policy::Publisher& publisher,
             const protocol::Sealer& sealer, const Clock& clock, Time config_changed,
             const soap::RequestLimits& limits = {});

    [[nodiscard]] const soap::Service& synchronization() const { return sync_; }
    [[nodiscard]] const soap::Service& authorization() const { return auth_; }

    static constexpr std::size_t kMaxUpdatesPerRequest = 100;

private:
    void add_handshake();
    void add_synchronization();

    store::Store& store_;
    const policy::Publisher& publisher_;
    const protocol::Sealer& sealer_;
    const Clock& clock_;
    Time config_changed_;
    soap::Service sync_;
    soap::Service auth_;
};

}  // namespace headwater::downstream
