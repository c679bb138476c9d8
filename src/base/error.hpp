#pragma once
// Failures that belong to the work, as values. Any thread; an Error owns its texts.

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace headwater {

/// What went wrong, said once for people and once for programs.
struct Error {
    /// Stable and dotted, for programs, as "upstream.proxy_refused".
    std::string code;
    /// What happened, to what: one full sentence.
    std::string sentence;
    /// What to do about it, one sentence; empty where there is nothing to do.
    std::string remedy = {};
    /// What stood behind it, the nearest first, as "HTTP 407 Proxy Authentication Required".
    std::vector<std::string> causes = {};

    /// The sentence, the causes in parentheses, the remedy: one line.
    [[nodiscard]] std::string text() const;
};

template <typename T = void>
using Result = std::expected<T, Error>;

/// An Error ready to be returned from a function that returns a Result.
[[nodiscard]] inline std::unexpected<Error> fail(std::string code, std::string sentence,
                                                 std::string remedy = {},
                                                 std::vector<std::string> causes = {}) {
    return std::unexpected(
        Error{std::move(code), std::move(sentence), std::move(remedy), std::move(causes)});
}

/// The sentence for an errno value, as "No space left on device (28)".
[[nodiscard]] std::string describe_errno(int number);

}  // namespace headwater
