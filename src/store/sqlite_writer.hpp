#pragma once
// The one writer of the database: takes all changes that wait, makes each in a savepoint of its own
// inside one transaction, and commits them with one flush to disk. Owned by SqliteStore; any thread
// may call write() and post().

#include <condition_variable>
#include <exception>
#include <functional>
#include <future>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "store/sqlite_database.hpp"

namespace headwater::store {

/// One change. Run once, then settled once, both on the writer's thread.
class Change {
public:
    Change() = default;
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;
    virtual ~Change() = default;

    /// An error where it failed by itself and must be rolled back.
    [[nodiscard]] virtual Result<> run(Connection& connection) = 0;
    /// Tells the outcome of run(), now on disk; or this error, which befell the group.
    virtual void settle(const Error* error) noexcept = 0;
};

class Writer {
public:
    explicit Writer(Connection connection);
    /// Commits what is queued, then ends.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Waits until the change is on disk. `make` takes a Connection& and returns a Result; it
    /// stands in a transaction and ends none.
    template <typename Make>
    [[nodiscard]] std::invoke_result_t<Make, Connection&> write(Make make);
    /// Does not wait, and does not tell; where very much waits already it is dropped.
    void post(std::function<Result<>(Connection&)> make);

private:
    void submit(std::unique_ptr<Change> change, std::size_t most);
    void work();
    void commit_group(std::span<const std::unique_ptr<Change>> group);
    [[nodiscard]] Result<> run_one(Change& change);

    Connection connection_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<std::unique_ptr<Change>> queue_;
    bool is_closed_ = false;
    std::thread thread_;  // last: it uses all of the above
};

/// A change whose caller waits for a value or an exception.
template <typename Make>
class AwaitedChange final : public Change {
public:
    using Outcome = std::invoke_result_t<Make, Connection&>;

    explicit AwaitedChange(Make make) : make_(std::move(make)) {}
    [[nodiscard]] std::future<Outcome> future() { return promise_.get_future(); }

    [[nodiscard]] Result<> run(Connection& connection) override {
        try {
            outcome_.emplace(make_(connection));
        } catch (...) {
            exception_ = std::current_exception();
            return fail("store.io", "A change of the database ended with an exception.");
        }
        return *outcome_ ? Result<>{} : std::unexpected(outcome_->error());
    }
    void settle(const Error* error) noexcept override {
        if (exception_) {
            promise_.set_exception(exception_);
        } else if (error != nullptr) {
            promise_.set_value(std::unexpected(*error));
        } else {
            promise_.set_value(std::move(*outcome_));
        }
    }

private:
    Make make_;
    std::promise<Outcome> promise_;
    std::optional<Outcome> outcome_;
    std::exception_ptr exception_;
};

template <typename Make>
std::invoke_result_t<Make, Connection&> Writer::write(Make make) {
    auto change = std::make_unique<AwaitedChange<Make>>(std::move(make));
    auto future = change->future();
    submit(std::move(change), std::numeric_limits<std::size_t>::max());
    return future.get();
}

}  // namespace headwater::store
