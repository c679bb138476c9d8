#pragma once
// The program: `headwater serve` is the server, every other subcommand is its command line.

namespace headwater::cli {

/// Returns the exit status: 0 done, 1 failed (the error is on standard error), 2 wrong usage.
int run(int argc, char** argv);

}  // namespace headwater::cli
