#pragma once
// When synchronizations start by themselves, as pure functions and one small state: the daily times
// in the server's time zone, and the two further tries after an upstream was not available. Not
// locked; used by the Scheduler.

#include <optional>
#include <string>

#include "base/guid.hpp"
#include "base/time.hpp"
#include "policy/options.hpp"
#include "store/store.hpp"

namespace headwater::upstream {

/// The first daily time after `after`, in the time zone of the process, without the random offset.
/// A time that a daylight-saving change leaves out is taken when the clock has gone on by as much;
/// one that comes twice is taken once.
[[nodiscard]] Time next_due(const policy::ScheduleOptions& schedule, Time after);

/// By how much the start of this time is put off: the same for the same server and time, so that a
/// restart does not draw again.
[[nodiscard]] std::chrono::seconds offset_of(const policy::ScheduleOptions& schedule, Time due,
                                             const Guid& server);

/// A further try that is waited for.
struct Retry {
    Time at;
    unsigned attempt = 1;  ///< 1 or 2
    std::string reason;    ///< the sentence of the failure
    bool operator==(const Retry&) const = default;
};

class Plan {
public:
    static constexpr unsigned kRetries = 2;
    static constexpr std::chrono::minutes kRetryAfter{15};
    /// After a start that finds a run cut off by a crash: the machine may still be coming up.
    static constexpr std::chrono::minutes kResumeAfter{1};

    /// @param stored  what to_json() gave; anything else is a plan that knows nothing
    static Plan from_json(const std::string& stored);
    [[nodiscard]] std::string to_json() const;

    /// Takes note of the options: daily times before a change of the schedule are not made up.
    void use(const policy::ScheduleOptions& schedule, const Guid& server, Time now);

    /// What has to start now: "retry", "scheduled", or nothing. Several daily times that were
    /// missed are made up by one run.
    [[nodiscard]] std::optional<std::string> due(Time now) const;
    /// The next start by itself; nothing while there is none.
    [[nodiscard]] std::optional<Time> next() const;
    [[nodiscard]] const std::optional<Retry>& retry() const { return retry_; }

    /// A run of this kind has begun. One by hand clears the wait, and asks the upstream again that
    /// asked to be left alone.
    void begun(const std::string& kind, Time now);
    void ended(const store::SyncRun& run, Time now);
    /// The last run before this start was cut off.
    void was_interrupted(Time now);

    bool operator==(const Plan&) const = default;

private:
    [[nodiscard]] std::optional<Time> next_scheduled() const;

    policy::ScheduleOptions schedule_;
    Guid server_;
    Time handled_;     ///< daily times up to here are done with
    Time not_before_;  ///< until then the upstream asked to be left alone (Retry-After)
    std::optional<Retry> retry_;
    unsigned attempt_ = 0;  ///< of the run that is under way
};

}  // namespace headwater::upstream
