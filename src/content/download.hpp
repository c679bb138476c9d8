#pragma once
// One file from a server to its shelf: resumed at the byte, bounded by its length, verified by both
// digests before anybody can be served from it. Any thread; one download of a file at a time.

#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "content/shelf.hpp"
#include "net/client.hpp"
#include "store/store.hpp"

namespace headwater::content {

struct DownloadSource {
    std::string url;
    std::shared_ptr<const net::Proxy> proxy;  ///< null for none
    std::shared_ptr<const net::CancelToken> cancel;
    std::chrono::seconds stall_timeout{60};
};

/// Bytes of the body, as they come.
using Progress = std::function<void(std::uint64_t bytes)>;

/// Errors: those of net::Client; "content.not_found" (404, 410), "content.status" (any other status
/// but 200 and 206), "content.redirect", "content.length" (shorter, longer, or another size
/// announced), "content.digest", "content.disk_full", "content.io". After "content.length" and
/// "content.digest" the part is thrown away; after the others it stays for the next attempt.
[[nodiscard]] Result<> download(net::Client& client, const Shelf& shelf,
                                const store::FileRecord& file, const DownloadSource& source,
                                const Progress& progress);

}  // namespace headwater::content
