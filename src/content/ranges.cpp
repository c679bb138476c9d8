#include "content/ranges.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/utf.hpp"

namespace headwater::content {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

/// One of the header's ranges: malformed (nothing), or its part of the file, which may be empty.
std::optional<ByteRange> parse_one(std::string_view spec, std::uint64_t size) {
    const std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view first = without_blanks(spec.substr(0, dash));
    const std::string_view last = without_blanks(spec.substr(dash + 1));
    if (first.empty()) {
        const auto suffix = number(last);
        if (!suffix) {
            return std::nullopt;
        }
        const std::uint64_t length = std::min(*suffix, size);
        return ByteRange{size - length, length};
    }
    const auto from = number(first);
    const auto to = last.empty() ? from : number(last);
    if (!from || !to || *to < *from) {
        return std::nullopt;
    }
    if (*from >= size) {
        return ByteRange{size, 0};
    }
    const std::uint64_t end = last.empty() ? size : std::min(*to, size - 1) + 1;
    return ByteRange{*from, end - *from};
}

bool touches(const ByteRange& a, const ByteRange& b) {
    return a.offset <= b.offset + b.length && b.offset <= a.offset + a.length;
}

/// Adds a range, which swallows those that it touches and stands in the place of the first of them.
void add(std::vector<ByteRange>& ranges, const ByteRange& added) {
    const auto touches_added = [&](const ByteRange& range) { return touches(range, added); };
    const auto first = std::ranges::find_if(ranges, touches_added);
    if (first == ranges.end()) {
        ranges.push_back(added);
        return;
    }
    std::uint64_t begin = added.offset;
    std::uint64_t end = added.offset + added.length;
    for (auto at = first; at != ranges.end(); ++at) {
        if (touches_added(*at)) {
            begin = std::min(begin, at->offset);
            end = std::max(end, at->offset + at->length);
        }
    }
    ranges.erase(std::remove_if(first + 1, ranges.end(), touches_added), ranges.end());
    *first = {begin, end - begin};
}

}  // namespace

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view kBlanks = " \t";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

RangeAnswer parse_ranges(std::string_view header, std::uint64_t size) {
    constexpr std::string_view kUnit = "bytes=";
    header = without_blanks(header);
    if (!equal_ignoring_case(header.substr(0, kUnit.size()), kUnit)) {
        return {};
    }
    RangeAnswer answer{RangeKind::kUnsatisfiable, {}};
    std::size_t count = 0;
    for (std::size_t from = kUnit.size(); from <= header.size();) {
        const std::size_t comma = std::min(header.find(',', from), header.size());
        const std::string_view spec = without_blanks(header.substr(from, comma - from));
        from = comma + 1;
        if (spec.empty()) {
            continue;  // a list may have empty elements, RFC 9110 section 5.6.1
        }
        const auto range = parse_one(spec, size);
        if (!range || ++count > kMaxRanges) {
            return {};
        }
        if (range->length > 0) {
            add(answer.ranges, *range);
            answer.kind = RangeKind::kParts;
        }
    }
    return count == 0 ? RangeAnswer{} : answer;
}

std::string content_range(const ByteRange& range, std::uint64_t size) {
    return "bytes " + std::to_string(range.offset) + "-" +
           std::to_string(range.offset + range.length - 1) + "/" + std::to_string(size);
}

}  // namespace headwater::content
