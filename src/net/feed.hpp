#pragma once
// A body without an end: whoever has something to say pushes it, and the connection sends it on.
// Shared by both; every function may be called from any thread.

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::net {

class Feed {
public:
    /// A client that lets more than this wait is too slow: its feed ends.
    static constexpr std::size_t kMaxWaitingBytes = std::size_t{1} << 20U;

    Feed() = default;
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    /// False where nobody will get it: the feed has ended, the client has left or is too slow.
    bool push(std::string_view text);
    /// What was pushed before is still sent.
    void end();
    [[nodiscard]] bool is_open() const;

    /// For the connection: `wake` is called, on any thread, when there is something to take.
    void attach(std::function<void()> wake);
    /// For the connection, when its client is gone: ends the feed, and calls `wake` no more.
    void detach();
    /// All that waits; empty where nothing does; no value where nothing ever will.
    [[nodiscard]] std::optional<std::string> take();

private:
    mutable std::mutex mutex_;
    std::string waiting_;
    bool is_open_ = true;
    std::function<void()> wake_;
};

}  // namespace headwater::net
