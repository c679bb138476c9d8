#pragma once
// Private to content/: what can be wrong with the answer of a server that should send a file, as
// errors with their sentences, and as the reasons that are stored. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "net/http.hpp"
#include "store/store.hpp"

namespace headwater::content {

struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t size = 0;  ///< of the whole file
};

/// "bytes 5-9/10"; nothing for what is no such range, or not of one known size.
[[nodiscard]] std::optional<ContentRange> parse_content_range(std::string_view text);

/// The tag of an answer if it is a promise about bytes (RFC 9110 section 8.8.1); else empty.
[[nodiscard]] std::string strong_tag(const net::Headers& headers);

/// "content.length"
[[nodiscard]] Error wrong_length(const store::FileRecord& file, const std::string& url,
                                 const std::string& what);
/// "content.changed": another file under the same address than before.
[[nodiscard]] Error changed_between(const store::FileRecord& file, const std::string& url);
/// "content.digest"
[[nodiscard]] Error wrong_digest(const store::FileRecord& file, const std::string& url,
                                 const Sha1& got);
/// "content.not_found", "content.denied", "content.redirect", "content.status"
[[nodiscard]] Error wrong_status(const store::FileRecord& file, const std::string& url,
                                 unsigned status, const net::Headers& headers);

/// True where what came is worth nothing, and is thrown away.
[[nodiscard]] bool spoils_the_part(const Error& error);
/// The reason that is stored for a failed attempt.
[[nodiscard]] store::FileReason reason_of(const Error& error);
/// False where the same attempt would fail again: it waits for the next synchronization.
[[nodiscard]] bool is_worth_a_retry(const Error& error);

}  // namespace headwater::content
