#pragma once
// What an administrator decides about the files of updates, kept in the store as JSON and changed
// while the server runs. Values; the functions may be called from any thread.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "store/store.hpp"

namespace headwater::policy {

/// A part of each local day with a limit of its own; it may go over midnight.
struct RateWindow {
    unsigned from_minute = 0;   ///< of the local day, 0 to 1439
    unsigned until_minute = 0;  ///< the first one that is no longer in it
    std::uint64_t kib_per_second = 0;
    bool operator==(const RateWindow&) const = default;
};

/// The minute of the day, 0 to 1439, in the time zone of the process: what its clocks on the wall
/// show, also on days on which they are put forward or back.
[[nodiscard]] unsigned local_minute(Time at);

struct ContentOptions {
    /// False: agents are sent to Microsoft Update for files, and none is fetched.
    bool store_here = true;
    /// False: files are fetched as soon as their update is synchronized.
    bool only_approved = true;
    bool express = false;
    /// Of all transfers together; 0 for no limit. The first window that holds goes before it.
    std::uint64_t kib_per_second = 0;
    std::vector<RateWindow> windows;
    bool operator==(const ContentOptions&) const = default;

    /// Bytes per second at this minute of the local day; 0 for no limit.
    [[nodiscard]] std::uint64_t rate_at(unsigned minute) const;
};

[[nodiscard]] Result<ContentOptions> load_content_options(const store::Store& store);
/// Errors: "options.invalid" for what is out of its range, with the sentence.
[[nodiscard]] Result<> save_content_options(store::Store& store, const ContentOptions& options);

/// Changes what is stored, one change at a time. Errors: those of `change`, and as above.
[[nodiscard]] Result<ContentOptions> change_content_options(
    store::Store& store, const std::function<Result<>(ContentOptions&)>& change);

}  // namespace headwater::policy
