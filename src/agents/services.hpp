#pragma once
// What Windows Update agents call: authorization, the client service, reporting. [MS-WUSP] 3.1.5.
// Owned by the composition; handle() of the three services may be called from any thread.

#include <cstdint>
#include <functional>

#include "agents/fragment_cache.hpp"
#include "base/time.hpp"
#include "policy/publisher.hpp"
#include "protocol/cookies.hpp"
#include "soap/service.hpp"
#include "store/store.hpp"

namespace headwater::agents {

struct Context {
    store::Store& store;
    const policy::Publisher& publisher;
    const protocol::Sealer& sealer;
    const Clock& clock;
    /// GetConfig's LastChange: an agent that knows another one is told ConfigChanged.
    Time config_changed;
    /// The port of our content, with or without TLS; asked once the listeners are open.
    std::function<std::uint16_t(bool tls)> port;
    soap::RequestLimits limits = {};
};

class Services {
public:
    explicit Services(Context context);

    [[nodiscard]] const soap::Service& authorization() const { return authorization_; }
    [[nodiscard]] const soap::Service& client() const { return client_; }
    [[nodiscard]] const soap::Service& reporting() const { return reporting_; }

    static constexpr std::size_t kMaxExtendedUpdates = 50;
    static constexpr std::size_t kMaxRequestedCategories = 200;

private:
    Context context_;
    FragmentCache fragments_;
    soap::Service authorization_;
    soap::Service client_;
    soap::Service reporting_;
};

}  // namespace headwater::agents
