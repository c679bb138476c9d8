#include "base/time.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace headwater {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hh_mm_ss;
using std::chrono::year_month_day;

constexpr std::array<const char*, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Parts {
    year_month_day date;
    hh_mm_ss<Microseconds> clock;
};

Parts split(Time time) {
    const auto day = floor<days>(time);
    return {year_month_day{day}, hh_mm_ss<Microseconds>{time - day}};
}

template <typename... Args>
std::string print(const char* format, Args... args) {
    std::array<char, 64> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format, args...);
    return {buffer.data(), static_cast<std::size_t>(length)};
}

/// Reads digits and marks from the front of a text, and remembers whether all of it fitted.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    int number(std::size_t digits) {
        int value = 0;
        if (text_.size() < digits) {
            ok_ = false;
            return 0;
        }
        const char* last = text_.data() + digits;
        const auto [end, error] = std::from_chars(text_.data(), last, value);
        ok_ = ok_ && error == std::errc{} && end == last && text_.front() != '-';
        text_.remove_prefix(digits);
        return value;
    }
    bool accept(char c) {
        if (text_.empty() || text_.front() != c) {
            return false;
        }
        text_.remove_prefix(1);
        return true;
    }
    void expect(char c) { ok_ = accept(c) && ok_; }
    template <typename Names>
    int name(const Names& names) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (text_.starts_with(names[i])) {
                text_.remove_prefix(3);
                return static_cast<int>(i) + 1;
            }
        }
        ok_ = false;
        return 0;
    }
    Microseconds fraction() {
        std::int64_t value = 0;
        int digits = 0;
        bool any = false;
        while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9') {
            if (digits < 6) {
                value = value * 10 + (text_.front() - '0');
                ++digits;
            }
            any = true;
            text_.remove_prefix(1);
        }
        for (; digits < 6; ++digits) {
            value *= 10;
        }
        ok_ = ok_ && any;
        return Microseconds{value};
    }
    [[nodiscard]] bool done() const { return ok_ && text_.empty(); }
    [[nodiscard]] bool empty() const { return text_.empty(); }

private:
    std::string_view text_;
    bool ok_ = true;
};

std::optional<Time> join(int year, int month, int day, int hour, int minute, int second,
                         Microseconds rest) {
    const year_month_day date{std::chrono::year{year},
                              std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    return Time{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
           std::chrono::minutes{minute} + std::chrono::seconds{second} + rest;
}

std::string date_text(const year_month_day& date) {
    return print("%04d-%02u-%02u", static_cast<int>(date.year()),
                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string clock_text(const hh_mm_ss<Microseconds>& clock) {
    return print("%02d:%02d:%02d", static_cast<int>(clock.hours().count()),
                 static_cast<int>(clock.minutes().count()),
                 static_cast<int>(clock.seconds().count()));
}

}  // namespace

Time SystemClock::now() const {
    return floor<Microseconds>(std::chrono::system_clock::now());
}

Time ManualClock::now() const {
    const std::scoped_lock lock(mutex_);
    return now_;
}

void ManualClock::advance(Microseconds by) {
    const std::scoped_lock lock(mutex_);
    now_ += by;
}

void ManualClock::set(Time to) {
    const std::scoped_lock lock(mutex_);
    now_ = to;
}

std::string to_xml_time(Time time) {
    const Parts parts = split(time);
    std::string text = date_text(parts.date) + "T" + clock_text(parts.clock);
    if (const auto rest = parts.clock.subseconds().count(); rest != 0) {
        std::string digits = print(".%06d", static_cast<int>(rest));
        digits.erase(digits.find_last_not_of('0') + 1);
        text += digits;
    }
    return text + "Z";
}

std::optional<Time> from_xml_time(std::string_view text) {
    Reader in(text);
    const int year = in.number(4);
    in.expect('-');
    const int month = in.number(2);
    in.expect('-');
    const int day = in.number(2);
    in.expect('T');
    const int hour = in.number(2);
    in.expect(':');
    const int minute = in.number(2);
    in.expect(':');
    const int second = in.number(2);
    const Microseconds rest = in.accept('.') ? in.fraction() : Microseconds{0};
    Microseconds offset{0};
    if (!in.accept('Z') && !in.empty()) {
        const bool west = in.accept('-');
        if (!west) {
            in.expect('+');
        }
        const int hours = in.number(2);
        in.expect(':');
        const int minutes = in.number(2);
        offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
        offset = west ? -offset : offset;
    }
    if (!in.done()) {
        return std::nullopt;
    }
    const auto time = join(year, month, day, hour, minute, second, rest);
    return time ? std::optional(*time - offset) : std::nullopt;
}

std::string to_date(Time time) {
    return date_text(split(time).date);
}

std::string to_http_date(Time time) {
    const Parts parts = split(time);
    const std::chrono::weekday weekday{std::chrono::sys_days{parts.date}};
    return print("%s, %02u %s %04d ", kWeekdays.at(weekday.c_encoding()),
                 static_cast<unsigned>(parts.date.day()),
                 kMonths.at(static_cast<unsigned>(parts.date.month()) - 1),
                 static_cast<int>(parts.date.year())) +
           clock_text(parts.clock) + " GMT";
}

std::optional<Time> from_http_date(std::string_view text) {
    if (!text.ends_with(" GMT")) {
        return std::nullopt;
    }
    text.remove_suffix(4);
    Reader in(text);
    in.name(kWeekdays);
    in.expect(',');
    in.expect(' ');
    const int day = in.number(2);
    in.expect(' ');
    const int month = in.name(kMonths);
    in.expect(' ');
    const int year = in.number(4);
    in.expect(' ');
    const int hour = in.number(2);
    in.expect(':');
    const int minute = in.number(2);
    in.expect(':');
    const int second = in.number(2);
    return in.done() ? join(year, month, day, hour, minute, second, Microseconds{0}) : std::nullopt;
}

std::string to_anchor_time(Time time) {
    const Parts parts = split(time);
    return date_text(parts.date) + " " + clock_text(parts.clock) +
           print(".%03d", static_cast<int>(parts.clock.subseconds().count() / 1000));
}

std::optional<Time> from_anchor_time(std::string_view text) {
    Reader in(text);
    const int year = in.number(4);
    in.expect('-');
    const int month = in.number(2);
    in.expect('-');
    const int day = in.number(2);
    in.expect(' ');
    const int hour = in.number(2);
    in.expect(':');
    const int minute = in.number(2);
    in.expect(':');
    const int second = in.number(2);
    in.expect('.');
    const Microseconds rest = in.fraction();
    return in.done() ? join(year, month, day, hour, minute, second, rest) : std::nullopt;
}

}  // namespace headwater
