#include "base/thread_priority.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace headwater {
namespace {

struct Scheduling {
    int policy = -1;
    int niceness = 0;
    int processors = 0;
};

Scheduling mine() {
    cpu_set_t processors;
    ::sched_getaffinity(0, sizeof processors, &processors);
    return {::sched_getscheduler(0), ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())),
            CPU_COUNT(&processors)};
}

TEST(ThreadPriority, PutsAThreadAndThoseItBeginsIntoTheBackgroundAndNoOther) {
    const Scheduling before = mine();
    Scheduling inside;
    Scheduling below;
    std::thread([&] {
        become_background_thread();
        inside = mine();
        std::thread([&] { below = mine(); }).join();
    }).join();
    EXPECT_EQ(inside.policy, SCHED_BATCH);
    EXPECT_EQ(inside.niceness, std::min(before.niceness + 10, 19));
    EXPECT_EQ(inside.processors, std::max(before.processors - 1, 1));
    EXPECT_EQ(below.policy, SCHED_BATCH);
    EXPECT_EQ(below.processors, inside.processors);
    EXPECT_EQ(mine().policy, before.policy);
    EXPECT_EQ(mine().processors, before.processors);
}

TEST(ThreadPriority, LetsASteadyThreadLeaveAProcessorAndKeepsItsShare) {
    const Scheduling before = mine();
    Scheduling inside;
    std::thread([&] {
        become_steady_thread();
        inside = mine();
    }).join();
    EXPECT_EQ(inside.policy, before.policy);
    EXPECT_EQ(inside.niceness, before.niceness);
    EXPECT_EQ(inside.processors, std::max(before.processors - 1, 1));
}

TEST(ThreadPriority, LeavesAPromptThreadItsPolicyAndItsProcessors) {
    const Scheduling before = mine();
    Scheduling inside;
    std::thread([&] {
        become_prompt_thread();
        inside = mine();
    }).join();
    EXPECT_EQ(inside.policy, before.policy);
    EXPECT_EQ(inside.niceness, before.niceness);
    EXPECT_EQ(inside.processors, before.processors);
}

}  // namespace
}  // namespace headwater
