#pragma once
// Serves the shelves at /Content, as BITS, Delivery Optimization and every HTTP client asks: GET,
// HEAD, ranges, conditions. [MS-WUSP] 2.2.2.5, RFC 9110 sections 13 and 14. Owned by the
// composition; any thread.

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "content/admission.hpp"
#include "content/shelf.hpp"
#include "net/http.hpp"

namespace headwater::content {

/// The digest in "/Content/AB/…AB.exe" (any letter case, extension required); nothing if it is no
/// such path or the folder is not the digest's.
[[nodiscard]] std::optional<Sha1> parse_content_path(std::string_view path);

class Serving {
public:
    /// The extension and the time of a file that the catalog knows; nothing for an unknown one.
    struct Known {
        std::string extension;
        std::uint64_t size = 0;
    };
    using Lookup = std::function<std::optional<Known>(const Sha1&)>;

    /// Called for a known file that is not on its shelf; may be empty.
    using Missing = std::function<void(const Sha1&)>;

    /// Beyond the limits the answer is 503 with Retry-After.
    Serving(const Shelf& shelf, Lookup lookup, Missing missing = {}, AdmissionLimits limits = {});

    [[nodiscard]] net::Response answer(const net::Request& request) const;
    /// The same answer where it needs neither the database nor the disk: for a file that answer()
    /// has served before and that is still open. A download by ranges asks thousands of times.
    [[nodiscard]] std::optional<net::Response> answer_at_once(const net::Request& request) const;

private:
    static constexpr std::size_t kRemembered = 4096;
    static constexpr std::chrono::seconds kRetryAfter{10};

    [[nodiscard]] std::optional<Known> remembered(const Sha1& sha1) const;
    [[nodiscard]] std::optional<Known> look_up(const Sha1& sha1) const;
    /// Of a file that is in a bucket, and not here.
    [[nodiscard]] net::Response from_bucket(const net::Request& request, const Sha1& sha1,
                                            const Known& known) const;
    [[nodiscard]] net::Response not_here(const Sha1& sha1) const;
    /// The answer with its lease, or 503.
    [[nodiscard]] net::Response admitted(const net::Request& request, net::Response response) const;

    const Shelf& shelf_;
    Lookup lookup_;
    Missing missing_;
    mutable Admission admission_;
    mutable std::mutex mutex_;
    mutable std::unordered_map<Sha1, Known> known_;  // a digest's size and extension never change
};

}  // namespace headwater::content
