#pragma once
// The files of updates as the store keeps them: values of store.hpp.

#include <cstdint>
#include <optional>
#include <string>

#include "base/digest.hpp"
#include "base/time.hpp"

namespace headwater::store {

/// As stored; 2 was used by no release.
enum class FileState : std::uint8_t {
    kNotWanted = 0,
    kWaiting = 1,
    kPresent = 3,
    kFailed = 4,
    kPaused = 5,     ///< by an administrator, until it is resumed
    kCancelled = 6,  ///< by an administrator: wanted, but not fetched until it is tried again
};

/// Why a file could not be had. As stored.
enum class FileReason : std::uint8_t {
    kNone = 0,
    kLate = 1,           ///< the upstream knows it, and does not hold it yet
    kNotOnUpstream = 2,  ///< the upstream knows nothing of it
    kDenied = 3,         ///< the upstream, or a proxy, refuses us
    kWrongContent = 4,   ///< another length or digest than the catalog says
    kNoSpace = 5,
    kNetwork = 6,
    kUpstream = 7,  ///< it answered something that is no file
    kNoSource = 8,  ///< no upstream is set, or no address is known
    kFolder = 9,    ///< the content folder cannot be written
};

struct FileRecord {
    Sha1 sha1;
    std::optional<Sha256> sha256;
    std::uint64_t size = 0;
    std::string name;
    std::string extension;
    std::string mu_url;
    FileState state = FileState::kNotWanted;
    std::uint32_t attempts = 0;
    std::string error;  ///< of the last attempt
    Time changed;
    FileReason reason = FileReason::kNone;  ///< of the last attempt that failed
    /// When it first counted as failed; kept while it is tried again, gone once it is here.
    std::optional<Time> failing_since;
    std::optional<Time> deadline;  ///< of the approval that wants it first
    Time asked;                    ///< when that approval, or a downstream server, asked for it
};

/// What becomes of a file.
struct FileOutcome {
    FileState state = FileState::kWaiting;
    std::string error = {};
    FileReason reason = FileReason::kNone;
    /// False: what is told was learnt later, and is no attempt of its own.
    bool is_attempt = true;
};

/// A file that should be here, with its place in the queue.
struct FileWish {
    Sha1 sha1;
    std::optional<Time> deadline;
    Time asked;
    auto operator<=>(const FileWish&) const = default;
};

struct FileTotals {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
};

}  // namespace headwater::store
