#pragma once
// Serves the shelves at /Content, as BITS, Delivery Optimization and every HTTP client asks: GET,
// HEAD, a range. [MS-WUSP] 2.2.2.5, RFC 9110 section 14. Owned by the composition; any thread.

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "content/shelf.hpp"
#include "net/http.hpp"

namespace headwater::content {

/// One range of a file, both ends within it.
struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    bool operator==(const ByteRange&) const = default;
};

enum class RangeKind : std::uint8_t { kWhole, kPart, kUnsatisfiable };

struct RangeAnswer {
    RangeKind kind = RangeKind::kWhole;
    ByteRange range;
    bool operator==(const RangeAnswer&) const = default;
};

/// What a Range header asks of a file of this size. Several ranges, another unit, or a malformed
/// header are answered with the whole file, as RFC 9110 section 14.2 allows.
[[nodiscard]] RangeAnswer parse_range(std::string_view header, std::uint64_t size);

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

    Serving(const Shelf& shelf, Lookup lookup, Missing missing = {});

    [[nodiscard]] net::Response answer(const net::Request& request) const;
    /// The same answer where it needs neither the database nor the disk: for a file that answer()
    /// has served before and that is still open. A download by ranges asks thousands of times.
    [[nodiscard]] std::optional<net::Response> answer_at_once(const net::Request& request) const;

private:
    static constexpr std::size_t kRemembered = 4096;

    [[nodiscard]] std::optional<Known> remembered(const Sha1& sha1) const;
    [[nodiscard]] std::optional<Known> look_up(const Sha1& sha1) const;

    const Shelf& shelf_;
    Lookup lookup_;
    Missing missing_;
    mutable std::mutex mutex_;
    mutable std::unordered_map<Sha1, Known> known_;  // a digest's size and extension never change
};

}  // namespace headwater::content
