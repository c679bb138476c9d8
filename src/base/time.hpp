#pragma once
// The one clock, and times as the protocols write them. Times are UTC with microseconds.

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace headwater {

using Microseconds = std::chrono::microseconds;
/// A moment in UTC.
using Time = std::chrono::sys_time<Microseconds>;

/// Where the time comes from; injected, so that schedules and expiries are tested without waiting.
/// Any thread may call it.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    [[nodiscard]] virtual Time now() const = 0;
};

/// The system's.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Time now() const override;
};

/// One that stands until it is moved, for tests.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Time start) : now_(start) {}
    [[nodiscard]] Time now() const override;
    void advance(Microseconds by);
    void set(Time to);

private:
    mutable std::mutex mutex_;
    Time now_;
};

/// xs:dateTime with `Z`; a fraction of up to 6 digits only where there is one.
[[nodiscard]] std::string to_xml_time(Time time);
/// xs:dateTime: any fraction (cut after microseconds), `Z`, an offset, or none (taken as UTC).
[[nodiscard]] std::optional<Time> from_xml_time(std::string_view text);
/// The date alone, "2026-10-04".
[[nodiscard]] std::string to_date(Time time);
/// An HTTP date, "Sun, 04 Oct 2026 15:03:36 GMT" (RFC 9110 section 5.6.7).
[[nodiscard]] std::string to_http_date(Time time);
[[nodiscard]] std::optional<Time> from_http_date(std::string_view text);
/// "2026-10-04 16:33:26.668", as anchors hold it.
[[nodiscard]] std::string to_anchor_time(Time time);
[[nodiscard]] std::optional<Time> from_anchor_time(std::string_view text);

}  // namespace headwater
