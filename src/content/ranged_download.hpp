#pragma once
// Private to content/: one large file by several ranges at once, each under the tag of the first.

#include "content/download.hpp"

namespace headwater::content {

/// As download(). Further error: "content.no_ranges", where the server answers no range under a
/// strong tag; nothing is kept then.
[[nodiscard]] Result<> download_ranged(net::Client& client, const Shelf& shelf,
                                       const store::FileRecord& file, const DownloadSource& source,
                                       const Progress& progress, const RangesOptions& options);

}  // namespace headwater::content
