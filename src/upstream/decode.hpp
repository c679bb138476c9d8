#pragma once
// From what an upstream sends for a revision to what the store keeps. Everything in it is checked:
// an upstream is not trusted. Pure; any thread.

#include <string>
#include <unordered_map>

#include "base/error.hpp"
#include "protocol/server_sync.hpp"
#include "store/store.hpp"

namespace headwater::upstream {

using FileUrls = std::unordered_map<Sha1, std::string>;

/// The MUUrl of each file in an answer; addresses that are no http or https URL are left out.
[[nodiscard]] FileUrls file_urls(const protocol::server_sync::ServerUpdateData& data);

/// Errors: "upstream.document" (nothing in it, a corrupt cabinet, text that is not UTF-16, a
/// document that cannot be read or is of another revision), naming the revision.
[[nodiscard]] Result<store::NewRevision> decode_update(
    const protocol::server_sync::ServerSyncUpdateData& update, const FileUrls& urls);

}  // namespace headwater::upstream
