#pragma once
// Ranges of a file as a client asks for them and as they are answered. RFC 9110 section 14. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::content {

/// One range of a file, both ends within it.
struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    bool operator==(const ByteRange&) const = default;
};

enum class RangeKind : std::uint8_t { kWhole, kParts, kUnsatisfiable };

struct RangeAnswer {
    RangeKind kind = RangeKind::kWhole;
    std::vector<ByteRange> ranges;  ///< of kParts: one at least, none touches another
    bool operator==(const RangeAnswer&) const = default;
};

/// More ranges than this in one request are no download but an attack.
constexpr std::size_t kMaxRanges = 64;

/// What a Range header asks of a file of this size, in the order of the header. Ranges that overlap
/// or touch become one; those behind the end are left out, and where none is left, nothing can be
/// satisfied. Another unit, a malformed header, and more than kMaxRanges are answered with the
/// whole file, as section 14.2 allows.
[[nodiscard]] RangeAnswer parse_ranges(std::string_view header, std::uint64_t size);

/// Without the spaces and tabs at both ends, as they may stand around every element of a list.
[[nodiscard]] std::string_view without_blanks(std::string_view text);

/// "bytes 2-4/10", the value of Content-Range.
[[nodiscard]] std::string content_range(const ByteRange& range, std::uint64_t size);

}  // namespace headwater::content
