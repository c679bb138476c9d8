#pragma once
// Files of Microsoft by https, although their documents say http: which addresses that holds for,
// and when http is gone back to. docs/content.md has the reasons.

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace headwater::content {

/// The https address of an http one on a download domain of Microsoft's; nothing for all others,
/// and for those that name a port.
[[nodiscard]] std::optional<std::string> secure_address(std::string_view url);

/// True where no trusted way to the server was found, as against what it said or how it went on.
[[nodiscard]] bool has_no_secure_way(const Error& error);

/// Hosts that were not reached by https a while ago, so that not every file waits for it. Any
/// thread.
class InsecureHosts {
public:
    using SteadyTime = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::minutes kRemembered{60};

    /// @param url  the https address that could not be gone to
    void remember(std::string_view url, SteadyTime now);
    [[nodiscard]] bool knows(std::string_view url, SteadyTime now);

private:
    static constexpr std::size_t kMost = 256;

    std::mutex mutex_;
    std::map<std::string, SteadyTime, std::less<>> until_;
};

}  // namespace headwater::content
