#include "upstream/late_files.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace headwater::upstream {
namespace {

constexpr std::string_view kMessage = "Message ";

bool says_missing(const Error& error) {
    return error.code == "upstream.fault" && !error.causes.empty() &&
           error.causes.front() == "ErrorCode FileDigestsMissing";
}

/// Those of the digests that the fault names, joined by '|', in base64 or in hex.
std::vector<Sha1> named_in(const Error& error, std::span<const Sha1> digests) {
    std::vector<Sha1> named;
    const auto message = std::ranges::find_if(
        error.causes, [](const std::string& cause) { return cause.starts_with(kMessage); });
    if (message == error.causes.end()) {
        return named;
    }
    std::string_view rest = std::string_view(*message).substr(kMessage.size());
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('|'), rest.size());
        const std::string_view text = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        for (const auto& bytes : {from_base64(text), from_hex(text)}) {
            const auto sha1 = bytes ? Sha1::from(*bytes) : std::nullopt;
            if (sha1 && std::ranges::find(digests, *sha1) != digests.end()) {
                named.push_back(*sha1);
                break;
            }
        }
    }
    return named;
}

}  // namespace

Result<std::vector<Sha1>> ask_for_files(Session& session, std::span<const Sha1> digests) {
    const auto asked = session.download_files(digests);
    if (asked) {
        return std::vector<Sha1>{};
    }
    if (!says_missing(asked.error())) {
        return std::unexpected(asked.error());
    }
    auto unknown = named_in(asked.error(), digests);
    if (!unknown.empty() || digests.empty()) {
        return unknown;
    }
    if (digests.size() == 1) {
        return std::vector<Sha1>{digests.front()};
    }
    // A fault that does not say which: the halves tell.
    auto first = ask_for_files(session, digests.first(digests.size() / 2));
    if (!first) {
        return first;
    }
    auto second = ask_for_files(session, digests.subspan(digests.size() / 2));
    if (second) {
        second->insert(second->end(), first->begin(), first->end());
    }
    return second;
}

}  // namespace headwater::upstream
