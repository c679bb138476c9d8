#pragma once
// What every call of an agent begins with: its cookie opened, the agent found. Private to the room;
// any thread.

#include <expected>
#include <string>
#include <vector>

#include "agents/services.hpp"
#include "protocol/client.hpp"

namespace headwater::agents {

template <typename T>
using Answer = std::expected<T, soap::Fault>;

[[nodiscard]] soap::Fault fault_of(const Error& error);
[[nodiscard]] std::unexpected<soap::Fault> refuse(std::string code, std::string message = {});

/// Faults: InvalidCookie, ServerChanged, CookieExpired.
[[nodiscard]] Answer<protocol::AgentCookie> open_cookie(
    const Context& context, const soap::Optional<protocol::Cookie>& cookie);

/// An agent whose cookie is good, that is registered, and that knows our configuration.
struct Agent {
    protocol::AgentCookie cookie;
    std::vector<Guid> groups;
    std::optional<Time> last_scan;  ///< as noted in the store
};
/// Faults: as open_cookie, and ConfigChanged, RegistrationRequired.
[[nodiscard]] Answer<Agent> identify(const Context& context,
                                     const soap::Optional<protocol::Cookie>& cookie);

/// The cookie sealed again: its time of expiry stays.
[[nodiscard]] protocol::Cookie renew(const Context& context, const protocol::AgentCookie& cookie);

[[nodiscard]] protocol::client::Deployment wire_deployment(const policy::Deployment& deployment);

/// The address of a file under the name by which the agent called us.
[[nodiscard]] std::string content_url(const Context& context, const soap::Call& call,
                                      const Sha1& sha1, std::string_view extension);

void add_handshake(const Context& context, soap::Service& authorization, soap::Service& client);
void add_scan(const Context& context, soap::Service& client);
void add_details(const Context& context, FragmentCache& cache, soap::Service& client);
void add_reporting(const Context& context, soap::Service& reporting);

}  // namespace headwater::agents
