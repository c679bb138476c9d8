#include "cli/secret_input.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace headwater::cli {
namespace {

constexpr std::size_t kMaxPassword = 1024;

/// The terminal shows nothing that is typed, until the end of this.
class NoEcho {
public:
    NoEcho() {
        ::tcgetattr(STDIN_FILENO, &before_);
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~NoEcho() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

private:
    termios before_{};
};

}  // namespace

Result<std::string> read_password() {
    std::string line;
    if (!std::getline(std::cin, line) || line.size() > kMaxPassword) {
        return fail("input.password", "No password came on standard input.",
                    "Pipe it in, on one line of at most 1024 bytes.");
    }
    if (line.ends_with('\r')) {
        line.pop_back();
    }
    return line;
}

Result<std::string> ask_password(const std::string& prompt) {
    if (::isatty(STDIN_FILENO) == 0) {
        return fail("input.no_terminal", "There is no terminal to ask for the password.",
                    "Use --password-stdin and pipe it in.");
    }
    std::cerr << prompt << ": " << std::flush;
    auto password = [] {
        const NoEcho silent;
        return read_password();
    }();
    std::cerr << '\n';
    return password;
}

}  // namespace headwater::cli
