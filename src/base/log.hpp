#pragma once
// The program's log: one line an event, to standard error. Any thread.

#include <string_view>

namespace headwater::log {

enum class Level { kDebug, kInfo, kWarning, kError, kOff };

/// What is below it is not written. The default is kInfo.
void set_level(Level level);

void debug(std::string_view message);
void info(std::string_view message);
void warning(std::string_view message);
void error(std::string_view message);

}  // namespace headwater::log
