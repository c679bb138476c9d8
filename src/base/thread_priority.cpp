#include "base/thread_priority.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "base/log.hpp"

namespace headwater {
namespace {

/// As sched_setattr(2) takes it; the C library has no name for it.
struct SchedulingAttributes {
    std::uint32_t size = sizeof(SchedulingAttributes);
    std::uint32_t policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0;  ///< nanoseconds
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;
};

void set_scheduling(const SchedulingAttributes& attributes) {
    if (::syscall(SYS_sched_setattr, ::gettid(), &attributes, 0U) != 0) {
        log::debug("A thread cannot choose how it is scheduled.");
    }
}

/// One processor stays free of background work: who wakes up where another thread runs may have to
/// wait for the next tick of the clock, whatever the priorities.
void leave_a_processor() {
    cpu_set_t processors;
    if (::sched_getaffinity(0, sizeof processors, &processors) != 0 || CPU_COUNT(&processors) < 2) {
        return;
    }
    std::size_t first = 0;
    while (!CPU_ISSET(first, &processors)) {
        ++first;
    }
    CPU_CLR(first, &processors);
    static_cast<void>(::sched_setaffinity(0, sizeof processors, &processors));
}

int niceness() {
    return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
}

}  // namespace

void become_background_thread() {
    // On Linux a thread has a niceness of its own: ten more gives it a tenth of what another gets.
    constexpr int kNicer = 10;
    constexpr int kNicest = 19;
    SchedulingAttributes attributes;
    // It takes no processor away by waking up.
    attributes.policy = SCHED_BATCH;
    attributes.nice = std::min(niceness() + kNicer, kNicest);
    set_scheduling(attributes);
    leave_a_processor();
}

void become_steady_thread() {
    leave_a_processor();
}

void become_prompt_thread() {
    // Who wakes up with a shorter turn than the one who runs need not wait for the end of that
    // turn, which without a high-resolution tick may be 4 ms away.
    if (::sched_getscheduler(0) != SCHED_OTHER) {
        return;  // whoever started the program chose another way for all of it
    }
    SchedulingAttributes attributes;
    attributes.policy = SCHED_OTHER;
    attributes.nice = niceness();
    attributes.runtime = 100'000;
    set_scheduling(attributes);
}

}  // namespace headwater
