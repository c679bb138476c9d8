#pragma once
// Passwords as people enter them: on the terminal without an echo, or on standard input. They never
// stand on a command line, where every user of the machine could read them. One thread.

#include <string>

#include "base/error.hpp"

namespace headwater::cli {

/// Asks on the terminal. Errors: "input.no_terminal", "input.password".
[[nodiscard]] Result<std::string> ask_password(const std::string& prompt);
/// The first line of standard input. Errors: "input.password" (none, or longer than 1 KiB).
[[nodiscard]] Result<std::string> read_password();

}  // namespace headwater::cli
