#include "store/sqlite_writer.hpp"

#include "base/log.hpp"
#include "base/thread_priority.hpp"

namespace headwater::store {
namespace {

/// Beyond this, what nobody waits for is dropped: a stalled disk must not fill the memory.
constexpr std::size_t kMostWaiting = 10'000;

class PostedChange final : public Change {
public:
    explicit PostedChange(std::function<Result<>(Connection&)> make) : make_(std::move(make)) {}

    [[nodiscard]] Result<> run(Connection& connection) override {
        outcome_ = make_(connection);
        return outcome_;
    }
    void settle(const Error* error) noexcept override {
        if (error != nullptr || !outcome_) {
            log::debug("A note was not stored: " +
                       (error != nullptr ? *error : outcome_.error()).text());
        }
    }

private:
    std::function<Result<>(Connection&)> make_;
    Result<> outcome_;
};

}  // namespace

Writer::Writer(Connection connection)
    : connection_(std::move(connection)), thread_([this] {
          become_steady_thread();
          work();
      }) {}

Writer::~Writer() {
    {
        const std::scoped_lock lock(mutex_);
        is_closed_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

void Writer::post(std::function<Result<>(Connection&)> make) {
    submit(std::make_unique<PostedChange>(std::move(make)), kMostWaiting);
}

void Writer::submit(std::unique_ptr<Change> change, std::size_t most) {
    std::unique_lock lock(mutex_);
    if (!is_closed_ && queue_.size() < most) {
        queue_.push_back(std::move(change));
        lock.unlock();
        arrived_.notify_one();
        return;
    }
    lock.unlock();
    const Error error{"store.closed", "The database is closed: Headwater is stopping.",
                      "Repeat the operation when it runs again."};
    change->settle(&error);
}

void Writer::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        arrived_.wait(lock, [this] { return is_closed_ || !queue_.empty(); });
        if (queue_.empty()) {
            break;
        }
        const auto group = std::exchange(queue_, {});
        lock.unlock();
        commit_group(group);
        lock.lock();
    }
    lock.unlock();
    // So that the next start finds statistics for its queries and a single file without a log.
    static_cast<void>(connection_.script("PRAGMA optimize"));
    static_cast<void>(connection_.script("PRAGMA wal_checkpoint(TRUNCATE)"));
}

void Writer::commit_group(std::span<const std::unique_ptr<Change>> group) {
    std::vector<Change*> made;
    const auto lose = [&](const Error& error) {
        for (Change* change : made) {
            change->settle(&error);
        }
        made.clear();
        if (connection_.in_transaction()) {
            static_cast<void>(connection_.script("ROLLBACK"));
        }
    };
    for (const std::unique_ptr<Change>& change : group) {
        if (!connection_.in_transaction()) {
            if (const auto begun = connection_.execute("BEGIN IMMEDIATE"); !begun) {
                change->settle(&begun.error());
                continue;
            }
        }
        made.push_back(change.get());
        if (const auto ran = run_one(*change); !ran) {
            lose(ran.error());
        }
    }
    if (!connection_.in_transaction()) {
        return;
    }
    if (const auto committed = connection_.execute("COMMIT"); !committed) {
        lose(committed.error());
    }
    for (Change* change : made) {
        change->settle(nullptr);
    }
}

/// Fails only where the whole transaction is lost; a change that failed alone knows it itself.
Result<> Writer::run_one(Change& change) {
    if (auto saved = connection_.execute("SAVEPOINT change"); !saved) {
        return saved;
    }
    if (auto ran = change.run(connection_); !ran) {
        if (!connection_.in_transaction()) {
            return ran;
        }
        if (auto undone = connection_.execute("ROLLBACK TO change"); !undone) {
            return undone;
        }
    }
    return connection_.execute("RELEASE change");
}

}  // namespace headwater::store
