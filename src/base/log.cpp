#include "base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace headwater::log {
namespace {

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = spdlog::stderr_color_mt("headwater");
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
        return made;
    }();
    return *instance;
}

spdlog::level::level_enum convert(Level level) {
    switch (level) {
        case Level::kDebug:
            return spdlog::level::debug;
        case Level::kInfo:
            return spdlog::level::info;
        case Level::kWarning:
            return spdlog::level::warn;
        case Level::kError:
            return spdlog::level::err;
        case Level::kOff:
            break;
    }
    return spdlog::level::off;
}

}  // namespace

void set_level(Level level) {
    logger().set_level(convert(level));
}

void debug(std::string_view message) {
    logger().debug("{}", message);
}

void info(std::string_view message) {
    logger().info("{}", message);
}

void warning(std::string_view message) {
    logger().warn("{}", message);
}

void error(std::string_view message) {
    logger().error("{}", message);
}

}  // namespace headwater::log
