#pragma once
// The server's own events: told to the database, to the log and to syslog, and followed by whoever
// waits for them. Owned by the composition, outlives every room that tells something; any thread
// may call it. Telling never waits for the disk: a thread of the journal writes. What the disk does
// not take waits (a bounded number) and is written later; the log and syslog have it before.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "diagnosis/event_table.hpp"
#include "store/store.hpp"

namespace headwater::diagnosis {

struct JournalOptions {
    /// Also to syslog(3), from where journald and syslog daemons have it.
    bool syslog = true;
    /// How long the journal waits before it offers the disk again what it did not take.
    std::chrono::milliseconds retry_delay{30'000};
};

/// What is said beyond the number. Texts are cut to a few KiB and freed of control characters.
struct Telling {
    std::string text;  ///< one full sentence
    std::vector<std::string> evidence = {};
    std::string remedy = {};  ///< empty: that of the table
};

class Journal {
public:
    Journal(store::Store& store, const Clock& clock, JournalOptions options = {});
    /// Writes what is queued, if the disk takes it.
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// Reads the conditions that an earlier process left open, so that they are not told again.
    [[nodiscard]] Result<> load();

    /// Tells an event; the number stands in the table.
    void record(std::uint32_t number, Telling telling);
    /// Tells that a condition begins. One that is open already is told no second time; what is
    /// known of it is brought up to date.
    void begin(std::uint32_t number, Telling telling);
    /// Tells that a condition is over; nothing where it is not open.
    void end(std::uint32_t number, std::string text);

    [[nodiscard]] bool is_open(std::uint32_t number) const;
    /// What is wrong now, by number; the time is when it began.
    [[nodiscard]] std::vector<store::ServerEvent> conditions() const;

    /// The id of the newest event in the database.
    [[nodiscard]] std::int64_t last_id() const;
    /// Waits until there is an event after this id in the database, or for so long; returns the
    /// newest id.
    [[nodiscard]] std::int64_t wait_for(std::int64_t after,
                                        std::chrono::milliseconds at_most) const;
    /// Ends all waits, and those to come: for a server that stops.
    void release();
    /// Waits until the disk was offered all that was told before this call.
    void flush();

private:
    /// Under the lock.
    void tell(store::ServerEvent event, store::ConditionChange change);
    void work();
    void write_lines(const store::ServerEvent& event) const;
    /// Takes out what the disk took; returns the id of its last one, or 0.
    [[nodiscard]] std::int64_t store_all(std::deque<store::EventToStore>& events);

    store::Store& store_;
    const Clock& clock_;
    const JournalOptions options_;

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    mutable std::condition_variable stored_;
    std::deque<store::EventToStore> fresh_;
    std::map<std::uint32_t, store::ServerEvent> open_;
    std::uint64_t told_ = 0;
    std::uint64_t offered_ = 0;  ///< of told_, what the disk was offered
    std::int64_t last_id_ = 0;
    bool is_released_ = false;
    bool is_ending_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace headwater::diagnosis
