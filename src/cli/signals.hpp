#pragma once
// Waits for SIGINT or SIGTERM. Made before any other thread starts, so that all of them leave both
// to it.

#include <csignal>

namespace headwater::cli {

class Signals {
public:
    Signals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }

    void wait() const {
        int number = 0;
        sigwait(&set_, &number);
    }

private:
    sigset_t set_{};
};

}  // namespace headwater::cli
