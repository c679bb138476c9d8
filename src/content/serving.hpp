#pragma once
// Serves the shelves at /Content, as BITS, Delivery Optimization and every HTTP client asks: GET,
// HEAD, a range. [MS-WUSP] 2.2.2.5, RFC 9110 section 14. Owned by the composition; any thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

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

    Serving(const Shelf& shelf, Lookup lookup);

    [[nodiscard]] net::Response answer(const net::Request& request) const;

private:
    const Shelf& shelf_;
    Lookup lookup_;
};

}  // namespace headwater::content
