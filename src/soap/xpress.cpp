#include "soap/xpress.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace headwater::soap {
namespace {

// body   = block*
// block  = original:u32 compressed:u32 data        data is raw where the two lengths are equal
// data   = (flags:u32 item{32})*                   the highest bit belongs to the first item
// item   = literal:u8                              bit 0
//        | pair:u16 longer?                        bit 1; pair = (offset - 1) << 3 | min(length -
//        3, 7)
// longer = half [u8 [u16 [u32]]]                   where pair has 7; half: 4 bits, two share a byte
//
// In `longer` the half and the u8 count on top of what precedes them, the u16 and the u32 hold all
// of length - 3. The bits behind the last item are ones, and there is at least one of them.

constexpr std::size_t kLargestBlock = 65'535;
constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kWindow = 8192;
constexpr std::size_t kShortestMatch = 3;
constexpr std::uint32_t kPairLimit = 7;
constexpr std::uint32_t kHalfLimit = 15;
constexpr std::uint32_t kByteLimit = 255;
constexpr std::uint32_t kFlagBits = 32;

std::size_t equal_bytes(std::uint64_t difference) {
    const int bits = std::endian::native == std::endian::little ? std::countr_zero(difference)
                                                                : std::countl_zero(difference);
    return static_cast<std::size_t>(bits) / 8;
}

std::uint64_t load64(const std::uint8_t* at) {
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}

/// How far the texts at two positions of the block agree; `earlier` < `later`.
std::size_t common_length(ByteView block, std::size_t earlier, std::size_t later) {
    const std::size_t most = block.size() - later;
    const std::uint8_t* a = block.data() + earlier;
    const std::uint8_t* b = block.data() + later;
    std::size_t length = 0;
    for (; most - length >= sizeof(std::uint64_t); length += sizeof(std::uint64_t)) {
        const std::uint64_t difference = load64(a + length) ^ load64(b + length);
        if (difference != 0) {
            return length + equal_bytes(difference);
        }
    }
    while (length < most && a[length] == b[length]) {
        ++length;
    }
    return length;
}

struct Match {
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// Where three bytes were seen before in one block: for each hash a chain, the nearest first.
class History {
public:
    void begin(ByteView block) {
        block_ = block;
        nearest_.fill(kNowhere);
    }

    [[nodiscard]] Match find_and_add(std::size_t at) {
        Match best{0, kShortestMatch - 1};
        if (!can_hash(at)) {
            return best;
        }
        std::uint16_t& nearest = nearest_[hash(at)];
        std::size_t candidate = nearest;
        add_to(nearest, at);
        for (int probe = 0; probe < kProbes; ++probe) {
            if (candidate == kNowhere || at - candidate > kWindow) {
                break;
            }
            if (block_[candidate + best.length] == block_[at + best.length]) {
                const std::size_t length = common_length(block_, candidate, at);
                if (length > best.length) {
                    best = {at - candidate, length};
                    if (length >= kGoodEnough || at + length == block_.size()) {
                        break;
                    }
                }
            }
            candidate = before_[candidate % kWindow];
        }
        return best;
    }

    void add(std::size_t at) {
        if (can_hash(at)) {
            add_to(nearest_[hash(at)], at);
        }
    }

private:
    static constexpr int kProbes = 8;
    static constexpr std::size_t kGoodEnough = 64;
    static constexpr unsigned kHashBits = 12;
    /// No position of a block can be hashed that is this large: four bytes follow each.
    static constexpr std::uint16_t kNowhere = 65'535;

    /// One byte more than is hashed, so that a single load does.
    [[nodiscard]] bool can_hash(std::size_t at) const { return block_.size() - at >= 4; }

    [[nodiscard]] std::size_t hash(std::size_t at) const {
        std::uint32_t bytes = 0;
        std::memcpy(&bytes, block_.data() + at, sizeof bytes);
        if constexpr (std::endian::native == std::endian::little) {
            bytes <<= 8U;
        } else {
            bytes &= 0xFFFF'FF00U;
        }
        return (bytes * 2'654'435'761U) >> (32U - kHashBits);
    }

    void add_to(std::uint16_t& nearest, std::size_t at) {
        before_[at % kWindow] = nearest;
        nearest = static_cast<std::uint16_t>(at);
    }

    ByteView block_;
    std::array<std::uint16_t, std::size_t{1} << kHashBits> nearest_{};
    std::array<std::uint16_t, kWindow> before_{};
};

/// Writes one block after another; keeps its memory between them.
class BlockEncoder {
public:
    explicit BlockEncoder(std::size_t block_size)
        // A match never takes more than its bytes would, so the worst is literals only.
        : out_(block_size + (block_size / kFlagBits + 2) * sizeof(std::uint32_t)) {}

    /// Valid until the next call. May be longer than the block.
    [[nodiscard]] ByteView encode(ByteView block) {
        history_.begin(block);
        start();
        std::size_t at = 0;
        while (at < block.size()) {
            const Match match = history_.find_and_add(at);
            if (match.length < kShortestMatch) {
                out_[end_++] = block[at++];
                add_flag(0);
                continue;
            }
            put_match(match);
            add_flag(1);
            const std::size_t next = at + match.length;
            while (++at < next) {
                history_.add(at);
            }
        }
        finish();
        return ByteView(out_).first(end_);
    }

private:
    void start() {
        end_ = 0;
        half_used_ = kNoHalf;
        begin_flags();
    }

    void begin_flags() {
        flags_ = 0;
        flags_used_ = 0;
        flags_at_ = end_;
        end_ += sizeof flags_;
    }

    void add_flag(std::uint32_t flag) {
        flags_ = flags_ << 1U | flag;
        if (++flags_used_ == kFlagBits) {
            put(flags_at_, flags_, sizeof flags_);
            begin_flags();
        }
    }

    void finish() {
        const std::uint32_t unused = kFlagBits - flags_used_;
        const std::uint64_t ones = (std::uint64_t{1} << unused) - 1;
        put(flags_at_, static_cast<std::uint32_t>(std::uint64_t{flags_} << unused | ones),
            sizeof flags_);
    }

    void put(std::size_t at, std::uint32_t value, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i) {
            out_[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
        }
    }

    void append(std::uint32_t value, std::size_t bytes) {
        put(end_, value, bytes);
        end_ += bytes;
    }

    void put_match(const Match& match) {
        const auto offset = static_cast<std::uint32_t>(match.offset - 1);
        const auto length = static_cast<std::uint32_t>(match.length - kShortestMatch);
        append(offset << 3U | std::min(length, kPairLimit), 2);
        if (length >= kPairLimit) {
            put_longer(length);
        }
    }

    /// A block has at most 65,535 bytes: the u32 is never needed.
    void put_longer(std::uint32_t length) {
        std::uint32_t rest = length - kPairLimit;
        put_half(std::min(rest, kHalfLimit));
        if (rest < kHalfLimit) {
            return;
        }
        rest -= kHalfLimit;
        append(std::min(rest, kByteLimit), 1);
        if (rest >= kByteLimit) {
            append(length, 2);
        }
    }

    void put_half(std::uint32_t half) {
        if (half_used_ == kNoHalf) {
            half_used_ = end_;
            append(half, 1);
        } else {
            out_[half_used_] = static_cast<std::uint8_t>(out_[half_used_] | half << 4U);
            half_used_ = kNoHalf;
        }
    }

    /// A block begins with its flags, so no half can stand there.
    static constexpr std::size_t kNoHalf = 0;

    History history_;
    Bytes out_;
    std::size_t end_ = 0;
    std::size_t flags_at_ = 0;
    std::uint32_t flags_ = 0;
    std::uint32_t flags_used_ = 0;
    std::size_t half_used_ = kNoHalf;
};

void append_u32(Bytes& out, std::size_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<std::uint8_t>(value >> shift));
    }
}

/// Reads one block. Once something is missing or too much, it stays broken.
class BlockDecoder {
public:
    BlockDecoder(ByteView in, std::span<std::uint8_t> out) : in_(in), out_(out) {}

    /// Whether exactly the whole of the output could be filled.
    [[nodiscard]] bool run() {
        std::uint32_t flags = 0;
        std::uint32_t flags_left = 0;
        while (!broken_) {
            if (flags_left == 0) {
                flags = take(sizeof flags);
                flags_left = kFlagBits;
            }
            --flags_left;
            if ((flags >> flags_left & 1U) == 0) {
                copy_literal();
            } else if (at_ == in_.size()) {
                return !broken_ && filled_ == out_.size();
            } else {
                copy_match();
            }
        }
        return false;
    }

private:
    [[nodiscard]] std::uint32_t take(std::size_t bytes) {
        if (in_.size() - at_ < bytes) {
            broken_ = true;
            return 0;
        }
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i) {
            value |= std::uint32_t{in_[at_ + i]} << (8 * i);
        }
        at_ += bytes;
        return value;
    }

    void copy_literal() {
        if (at_ == in_.size() || filled_ == out_.size()) {
            broken_ = true;
            return;
        }
        out_[filled_++] = in_[at_++];
    }

    void copy_match() {
        const std::uint32_t pair = take(2);
        const std::size_t offset = (pair >> 3U) + 1;
        const std::uint32_t short_length = pair & kPairLimit;
        const std::size_t length =
            std::size_t{short_length == kPairLimit ? take_longer() : short_length} + kShortestMatch;
        if (broken_ || offset > filled_ || length > out_.size() - filled_) {
            broken_ = true;
            return;
        }
        std::uint8_t* to = out_.data() + filled_;
        filled_ += length;
        if (offset >= length) {
            std::memcpy(to, to - offset, length);
            return;
        }
        for (std::size_t i = 0; i < length; ++i) {
            to[i] = *(to + i - offset);
        }
    }

    [[nodiscard]] std::uint32_t take_longer() {
        const std::uint32_t half = take_half();
        if (half != kHalfLimit) {
            return kPairLimit + half;
        }
        const std::uint32_t byte = take(1);
        if (byte != kByteLimit) {
            return kPairLimit + kHalfLimit + byte;
        }
        std::uint32_t whole = take(2);
        if (whole == 0) {
            whole = take(4);
        }
        broken_ = broken_ || whole < kPairLimit + kHalfLimit;
        return whole;
    }

    [[nodiscard]] std::uint32_t take_half() {
        if (has_half_) {
            has_half_ = false;
            return half_;
        }
        const std::uint32_t both = take(1);
        has_half_ = true;
        half_ = both >> 4U;
        return both & 0x0FU;
    }

    ByteView in_;
    std::span<std::uint8_t> out_;
    std::size_t at_ = 0;
    std::size_t filled_ = 0;
    bool has_half_ = false;
    std::uint32_t half_ = 0;
    bool broken_ = false;
};

std::unexpected<Error> corrupt(std::size_t at, std::string_view what) {
    return fail("xpress.corrupt",
                "The Xpress block at byte " + std::to_string(at) +
                    " is damaged: " + std::string(what) + ".",
                "Ask for the answer again, without \"Accept-Encoding: xpress\" if it stays so.");
}

std::size_t read_u32(ByteView from) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) {
        value |= std::uint32_t{from[i]} << (8 * i);
    }
    return value;
}

}  // namespace

Bytes xpress_compress(ByteView body, std::size_t block_size) {
    block_size = std::clamp(block_size, std::size_t{1}, kLargestBlock);
    BlockEncoder encoder(std::min(block_size, body.size()));
    Bytes out;
    out.reserve(body.size() / 4 + kHeaderSize);
    while (!body.empty()) {
        const ByteView block = body.first(std::min(block_size, body.size()));
        const ByteView encoded = encoder.encode(block);
        const ByteView data = encoded.size() < block.size() ? encoded : block;
        append_u32(out, block.size());
        append_u32(out, data.size());
        out.insert(out.end(), data.begin(), data.end());
        body = body.subspan(block.size());
    }
    return out;
}

Result<Bytes> xpress_decompress(ByteView body, std::size_t limit) {
    Bytes out;
    for (std::size_t at = 0; at < body.size();) {
        const ByteView rest = body.subspan(at);
        if (rest.size() < kHeaderSize) {
            return corrupt(at, "its header is cut off");
        }
        const std::size_t original = read_u32(rest);
        const std::size_t compressed = read_u32(rest.subspan(4));
        if (original > kLargestBlock || compressed > kLargestBlock) {
            return corrupt(at, "a length is over 65,535 bytes");
        }
        if (compressed > rest.size() - kHeaderSize) {
            return corrupt(at, "its data is cut off");
        }
        if (original > limit - out.size()) {
            return fail("xpress.too_large", "The Xpress body expands to more than the " +
                                                std::to_string(limit) + " bytes that are allowed.");
        }
        const ByteView data = rest.subspan(kHeaderSize, compressed);
        const std::size_t done = out.size();
        out.resize(done + original);
        const std::span<std::uint8_t> room = std::span(out).subspan(done);
        if (original == compressed) {
            std::ranges::copy(data, room.begin());
        } else if (!BlockDecoder(data, room).run()) {
            return corrupt(at, "it does not expand to the length that it names");
        }
        at += kHeaderSize + compressed;
    }
    return out;
}

}  // namespace headwater::soap
