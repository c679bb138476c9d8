#include "admin/stream.hpp"

#include <exception>

#include "admin/nouns.hpp"
#include "admin/problem.hpp"
#include "admin/values.hpp"
#include "base/log.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

using SteadyClock = std::chrono::steady_clock;

/// What changes faster is told this often.
constexpr std::chrono::milliseconds kPause{100};
constexpr std::chrono::milliseconds kLook{250};
/// Proxies end connections that say nothing.
constexpr std::chrono::seconds kPing{15};

std::string event(std::string_view name, const json::object& data) {
    return "event: " + std::string(name) + "\ndata: " + json::serialize(data) + "\n\n";
}

}  // namespace

Stream::~Stream() {
    stop();
}

void Stream::stop() {
    {
        const std::scoped_lock lock(mutex_);
        is_stopping_ = true;
        for (const Follower& follower : followers_) {
            follower.feed->end();
        }
        followers_.clear();
        woken_.notify_all();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

std::string Stream::synchronization_event(const upstream::Progress& progress) const {
    return event("synchronization", synchronization_state(services_, progress));
}

net::Response Stream::follow(const std::string& token) {
    auto feed = std::make_shared<net::Feed>();
    // Before it is among the followers: what they are told later is newer.
    feed->push(synchronization_event(services_.synchronizer.progress()) +
               event("events", {{"last", services_.journal.last_id()}}));
    const std::scoped_lock lock(mutex_);
    std::erase_if(followers_, [](const Follower& follower) { return !follower.feed->is_open(); });
    if (is_stopping_ || followers_.size() >= kMaxFollowers) {
        return problem({"stream.busy",
                        "Too many browsers follow this server already.",
                        "Close some of them.",
                        {}});
    }
    followers_.push_back({token, feed});
    if (!thread_.joinable()) {
        thread_ = std::thread([this] { work(); });
    }
    woken_.notify_all();
    net::Response response;
    response.headers.set("Content-Type", "text/event-stream");
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("X-Accel-Buffering", "no");
    response.feed = std::move(feed);
    return response;
}

void Stream::push(const std::string& text) {
    std::erase_if(followers_, [&](const Follower& follower) { return !follower.feed->push(text); });
}

void Stream::end_lost_sessions() {
    std::erase_if(followers_, [this](const Follower& follower) {
        const auto caller = services_.accounts.who(follower.token, Accounts::Use::kDoesNotCount);
        const bool is_lost = caller && !*caller;
        if (is_lost) {
            follower.feed->end();
        }
        return is_lost;
    });
}

void Stream::work() {
    std::uint64_t version = services_.synchronizer.progress().version;
    std::int64_t last_event = services_.journal.last_id();
    json::object outlook = to_json(services_.scheduler.outlook());
    auto ping_at = SteadyClock::now() + kPing;
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        woken_.wait(lock, [this] { return is_stopping_ || !followers_.empty(); });
        lock.unlock();
        std::string news;
        try {
            const auto progress = services_.synchronizer.wait_for_progress(version, kLook);
            json::object next = to_json(services_.scheduler.outlook());
            const std::int64_t newest = services_.journal.last_id();
            if (progress.version != version || next != outlook) {
                news += synchronization_event(progress);
            }
            if (newest != last_event) {
                news += event("events", {{"last", newest}});
            }
            version = progress.version;
            outlook = std::move(next);
            last_event = newest;
        } catch (const std::exception& exception) {
            log::error("What happens could not be told to browsers: " +
                       std::string(exception.what()));
        }
        lock.lock();
        if (SteadyClock::now() >= ping_at) {
            end_lost_sessions();
            news += ": ping\n\n";
            ping_at = SteadyClock::now() + kPing;
        }
        if (!news.empty()) {
            push(news);
        }
        woken_.wait_for(lock, kPause, [this] { return is_stopping_; });
    }
}

}  // namespace headwater::admin
