#include "store/sqlite_texts.hpp"

namespace headwater::store {
namespace {

constexpr std::size_t kLengthBytes = 4;

}  // namespace

Bytes pack_texts(const std::vector<std::string>& texts) {
    Bytes packed;
    for (const std::string& text : texts) {
        const auto size = static_cast<std::uint32_t>(text.size());
        for (std::size_t i = 0; i < kLengthBytes; ++i) {
            packed.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
        }
        packed.insert(packed.end(), text.begin(), text.end());
    }
    return packed;
}

std::vector<std::string> unpack_texts(Row& row, int column) {
    std::vector<std::string> texts;
    ByteView rest = row.blob(column);
    while (!rest.empty()) {
        std::size_t size = 0;
        for (std::size_t i = 0; i < kLengthBytes && i < rest.size(); ++i) {
            size |= std::size_t{rest[i]} << (8 * i);
        }
        if (rest.size() < kLengthBytes || size > rest.size() - kLengthBytes) {
            row.mark_damaged();
            break;
        }
        texts.emplace_back(as_text(rest.subspan(kLengthBytes, size)));
        rest = rest.subspan(kLengthBytes + size);
    }
    return texts;
}

}  // namespace headwater::store
