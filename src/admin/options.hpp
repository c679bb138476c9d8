#pragma once
// Private to admin/: the options of synchronization as a request would change them. Any thread.

#include "admin/api.hpp"
#include "admin/dispatch.hpp"
#include "policy/options.hpp"

namespace headwater::admin {

/// The stored options with what the body of this request changes; nothing is stored. Errors: those
/// of the body, "options.invalid", those of the store.
[[nodiscard]] Result<policy::SyncOptions> read_sync_options(const Services& services,
                                                            const Call& call);

}  // namespace headwater::admin
