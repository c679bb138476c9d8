#pragma once
// Files that the upstream was asked for and does not hold: it is told to get them. [MS-WSUSSS]
// 3.2.4. One thread a call.

#include <span>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "upstream/session.hpp"

namespace headwater::upstream {

/// Asks an upstream by DownloadFiles to get these files; at most 100 at once. Returns those of
/// which it knows nothing. Errors: those of Session.
[[nodiscard]] Result<std::vector<Sha1>> ask_for_files(Session& session,
                                                      std::span<const Sha1> digests);

}  // namespace headwater::upstream
