#include "base/background.hpp"

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

}  // namespace

void become_background_thread() {
    // On Linux a thread has a niceness of its own: ten more gives it a tenth of what another gets.
    constexpr int kNicer = 10;
    constexpr int kNicest = 19;
    const auto thread = static_cast<id_t>(::gettid());
    SchedulingAttributes attributes;
    // It takes no processor away by waking up; and since Linux 6.12 its turns are so short that
    // who wakes up beside it hardly waits for their end.
    attributes.policy = SCHED_BATCH;
    attributes.nice = std::min(::getpriority(PRIO_PROCESS, thread) + kNicer, kNicest);
    attributes.runtime = 100'000;
    if (::syscall(SYS_sched_setattr, thread, &attributes, 0U) != 0) {
        log::debug("A thread cannot be put into the background.");
    }
}

}  // namespace headwater
