#pragma once
// The console's files, built into the program, and how a browser gets them. Pure but for the random
// nonce; any thread.

#include <span>
#include <string_view>

#include "net/http.hpp"

namespace headwater::admin {

struct ConsoleFile {
    std::string_view path;  ///< "/assets/index-4f2a.js"
    std::string_view content;
    std::string_view compressed;  ///< by gzip
};

/// What the build made of `console/`; empty for a program that was built without it.
[[nodiscard]] std::span<const ConsoleFile> console_files();

/// One file, or "/" for the page itself, whose "__NONCE__" becomes a number used once. Every answer
/// forbids the browser to load anything from another host.
[[nodiscard]] net::Response console_answer(std::span<const ConsoleFile> files,
                                           const net::Request& request);

/// Against guessing of types, framing and leaking addresses; for every answer of the listener.
void add_security_headers(net::Response& response);

}  // namespace headwater::admin
