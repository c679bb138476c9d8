#pragma once
// The full error of a run, as the history keeps it and everybody shows it. Pure functions; any
// thread.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace headwater::upstream {

struct RunError {
    std::string code;
    std::string message;  ///< the sentence
    std::string remedy;
    /// What stood behind it, the nearest first: the words of curl and OpenSSL, a fault with its
    /// ids, the HTTP status and the first bytes of what came instead of an answer.
    std::vector<std::string> causes;
    std::string stage;    ///< of the run; may be empty
    std::string request;  ///< the operation and its address; empty where none was under way

    bool operator==(const RunError&) const = default;
};

/// Takes the request out of the causes (see Session). Texts that an upstream may have had its hand
/// in become valid UTF-8 without control characters, of bounded size and number.
[[nodiscard]] RunError run_error(const Error& error, const std::string& stage);

/// {"code","message","remedy","causes":[…],"stage","request"}
[[nodiscard]] std::string to_stored(const RunError& error);
/// Of what to_stored() made; any other text is a message without a code.
[[nodiscard]] RunError parse_run_error(const std::string& stored);

/// True for failures after which another try makes sense without anybody's doing: the upstream, or
/// the way to it, is away. False for what stays as it is until it is changed: a refused login, a
/// certificate, a wrong address.
[[nodiscard]] bool is_not_available(const RunError& error);

/// How long the upstream asked to be left alone (Retry-After, in seconds or as a date); nothing
/// where it did not ask. At most a day is believed.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const RunError& error, Time now);

}  // namespace headwater::upstream
