#pragma once
// Server-sent events for browsers: the progress of synchronization and the news of the journal, to
// everybody who follows. One thread of its own, which starts with the first follower. Any thread
// may call it.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "admin/api.hpp"
#include "net/feed.hpp"
#include "net/http.hpp"

namespace headwater::admin {

class Stream {
public:
    static constexpr std::size_t kMaxFollowers = 64;

    explicit Stream(Services& services) : services_(services) {}
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// An answer that says at once how things stand, and then each change, until the session ends.
    /// A problem "stream.busy" for a follower too many.
    /// @param token  of the session
    [[nodiscard]] net::Response follow(const std::string& token);
    /// Ends all of them and those to come.
    void stop();

private:
    struct Follower {
        std::string token;
        std::shared_ptr<net::Feed> feed;
    };

    void work();
    /// Under the lock.
    void push(const std::string& text);
    void end_lost_sessions();
    [[nodiscard]] std::string synchronization_event(const upstream::Progress& progress) const;

    Services& services_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool is_stopping_ = false;
    std::vector<Follower> followers_;
    std::thread thread_;
};

}  // namespace headwater::admin
