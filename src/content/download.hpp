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
    std::shared_ptr<net::RateLimit> rate_limit = nullptr;  ///< null for none
};

/// How a large file is fetched by several ranges at once.
struct RangesOptions {
    std::uint64_t threshold = std::uint64_t{64} << 20U;  ///< smaller files come in one stream
    std::uint64_t chunk = std::uint64_t{8} << 20U;
    unsigned connections = 4;
};

/// Bytes of the body, as they come; called from several threads.
using Progress = std::function<void(std::uint64_t bytes)>;

/// A large file comes by several ranges where the server answers them under a strong tag; else, and
/// a smaller one, in one stream. Both go on where an earlier attempt ended.
/// Errors: those of net::Client; "content.not_found" (404, 410), "content.denied" (401, 403),
/// "content.status" (any other status but 200 and 206), "content.redirect", "content.length"
/// (shorter, longer, or another size announced), "content.changed" (between two ranges),
/// "content.digest", "content.disk_full", "content.io". After "content.length", "content.changed"
/// and "content.digest" the part is thrown away; after the others it stays for the next attempt.
[[nodiscard]] Result<> download(net::Client& client, const Shelf& shelf,
                                const store::FileRecord& file, const DownloadSource& source,
                                const Progress& progress, const RangesOptions& ranges = {});

}  // namespace headwater::content
