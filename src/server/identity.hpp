#pragma once
// What makes a server itself across restarts: its id, the keys of its cookies, the time of its
// configuration. Kept in the store. Used by one thread, at the start.

#include "base/time.hpp"
#include "protocol/cookies.hpp"
#include "store/store.hpp"

namespace headwater::server {

struct Identity {
    Guid id;
    std::vector<protocol::Sealer::Key> keys;
    Time config_changed;
};

/// Reads it, or makes it on the first start; a key older than a day gets a successor.
[[nodiscard]] Result<Identity> load_identity(store::Store& store, const Clock& clock);

}  // namespace headwater::server
