#pragma once
// Private to net/: what a request's head means and how an answer's head is written, as pure
// functions over our own values. Any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace headwater::net {

/// Each "%41" becomes "A", once; nothing for a malformed escape.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// Fills path and query from the target, and host from a target in absolute form. False where the
/// target is none that a server has to understand.
[[nodiscard]] bool apply_target(Request& request);

/// Whether two readers of this head have to agree on where the request ends and whom it is for.
[[nodiscard]] bool has_sound_framing(const Headers& headers, bool is_http_1_0);

/// A field name or a method: RFC 9110 section 5.6.2.
[[nodiscard]] bool is_token(std::string_view text);
/// Whether a field of this value stays one line.
[[nodiscard]] bool is_field_value(std::string_view text);

/// Whether an answer can be sent as it is: its status, its fields, its parts of files.
[[nodiscard]] bool is_sendable(const Response& response);
/// Bytes of the body and of all parts.
[[nodiscard]] std::uint64_t body_length(const Response& response);
/// Whether this status has a body at all.
[[nodiscard]] bool has_body(unsigned status);
/// Whether the answer's own fields ask to close the connection.
[[nodiscard]] bool asks_to_close(const Response& response);

enum class Persistence {
    kClose,
    kKeep,
    kKeepSaidAloud,  ///< to a client of HTTP/1.0, which has to be told
};

/// Status line, fields and the empty line. Fields about framing are the server's own: those of the
/// answer are left out.
[[nodiscard]] std::string format_head(const Response& response, Persistence persistence);

}  // namespace headwater::net
