#include "admin/times_of_day.hpp"

namespace headwater::admin {

std::optional<unsigned> minute_of_day(std::string_view text) {
    const auto digit = [&](std::size_t i) { return static_cast<unsigned>(text[i] - '0'); };
    const bool fits = text.size() == 5 && text[2] == ':' && digit(0) < 10 && digit(1) < 10 &&
                      digit(3) < 6 && digit(4) < 10;
    const unsigned hour = fits ? digit(0) * 10 + digit(1) : 24;
    return hour < 24 ? std::optional(hour * 60 + digit(3) * 10 + digit(4)) : std::nullopt;
}

std::string time_of_day(unsigned minute) {
    const auto two_digits = [](unsigned number) {
        return std::string(number < 10 ? "0" : "") + std::to_string(number);
    };
    return two_digits(minute / 60) + ':' + two_digits(minute % 60);
}

}  // namespace headwater::admin
