// Its threads, and what they do with one file after another.

#include "content/transfer.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/log.hpp"
#include "content/transfer_errors.hpp"

namespace headwater::content {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kRefill = 256;
/// How many files [MS-WSUSSS] DownloadFiles takes.
constexpr std::size_t kMaxAsked = 100;
constexpr std::chrono::seconds kLimitHolds{1};

}  // namespace

Transfer::Transfer(store::Store& store, const Shelf& shelf, net::Client& client, const Clock& clock,
                   SourceOf source_of, TransferOptions options)
    : store_(store),
      shelf_(shelf),
      client_(client),
      clock_(clock),
      source_of_(std::move(source_of)),
      options_(std::move(options)) {
    if (!options_.minute_of_day) {
        options_.minute_of_day = [this] { return policy::local_minute(clock_.now()); };
    }
}

Transfer::~Transfer() {
    stop();
}

void Transfer::start() {
    const std::scoped_lock one(running_);
    load_mode();
    is_started_ = true;
    begin();
}

void Transfer::stop() {
    const std::scoped_lock one(running_);
    is_started_ = false;
    end();
}

Result<> Transfer::while_held(const std::function<Result<>()>& work) {
    const std::scoped_lock one(running_);
    end();
    auto done = work();
    if (is_started_) {
        begin();
    }
    return done;
}

Result<> Transfer::restart() {
    const std::scoped_lock one(running_);
    if (!is_started_) {
        return {};
    }
    end();
    apply_mode(TransferMode::kRunning);
    auto queued = retry_failed();
    begin();
    return queued;
}

/// Starts the threads, unless the service is stopped.
void Transfer::begin() {
    {
        const std::scoped_lock lock(mutex_);
        if (mode_ == TransferMode::kStopped) {
            return;
        }
        stopping_ = false;
        look_again_ = true;
        queue_.clear();
        failures_.clear();
        disk_full_until_.reset();
    }
    for (unsigned i = 0; i < options_.threads; ++i) {
        threads_.emplace_back([this, i] {
            if (i == 0) {
                look_for_lost_files();
            }
            work();
        });
    }
}

void Transfer::end() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        waits_for_space_ = false;
    }
    drop([](const Sha1&) { return true; });
    attempt_made_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void Transfer::work() {
    while (const auto active = take_next()) {
        const store::FileRecord& file = active->file;
        auto result = shelf_.connect();
        if (result && !shelf_.holds(file.sha1, file.extension, file.size)) {
            result = fetch(active);
        }
        finish(*active, result);
    }
}

void Transfer::refill() {
    look_again_ = false;
    auto waiting = store_.files_in_state(store::FileState::kWaiting, kRefill + active_.size());
    if (!waiting) {
        log::error("The transfer queue cannot be read: " + waiting.error().text());
        return;
    }
    // A full page may not be all; the rest is read when this is done.
    look_again_ = waiting->size() >= kRefill + active_.size();
    std::unordered_set<Sha1> under_way;
    for (const auto& active : active_) {
        under_way.insert(active->file.sha1);
    }
    queue_ = std::move(*waiting);
    std::erase_if(queue_,
                  [&](const store::FileRecord& file) { return under_way.contains(file.sha1); });
}

/// The first of the queue that need not wait; `next` becomes the time when another one is.
std::vector<store::FileRecord>::iterator Transfer::first_ready(SteadyTime now, SteadyTime& next) {
    return std::ranges::find_if(queue_, [&](const store::FileRecord& file) {
        const auto failure = failures_.find(file.sha1);
        if (failure == failures_.end() || failure->second.not_before <= now) {
            return true;
        }
        next = std::min(next, failure->second.not_before);
        return false;
    });
}

std::shared_ptr<Transfer::Active> Transfer::take_next() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (look_again_ && (queue_.empty() || is_news_)) {
            is_news_ = false;
            refill();
        }
        const auto now = SteadyClock::now();
        if (disk_full_until_ && *disk_full_until_ <= now) {
            disk_full_until_.reset();
        }
        SteadyTime next = disk_full_until_.value_or(now + std::chrono::hours{1});
        const bool is_held = disk_full_until_ || mode_ == TransferMode::kPaused;
        const auto ready = is_held ? queue_.end() : first_ready(now, next);
        if (ready != queue_.end()) {
            auto active = std::make_shared<Active>();
            active->file = std::move(*ready);
            active->cancel = std::make_shared<net::CancelToken>();
            queue_.erase(ready);
            active_.push_back(active);
            return active;
        }
        const bool is_idle = active_.empty() && queue_.empty();
        waits_for_space_ = waits_for_space_ && !is_idle;
        if (!late_.empty() && !is_asking_ && (is_idle || late_.size() >= kMaxAsked)) {
            ask_about_late_files(lock);
            continue;
        }
        wake_.wait_until(lock, next);
    }
    return nullptr;
}

Result<> Transfer::check_space(const store::FileRecord& file) const {
    const auto free = options_.free_space ? options_.free_space() : shelf_.free_space();
    if (!free || *free >= file.size + options_.reserve) {
        return {};
    }
    constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
    return fail("content.disk_full",
                "There is no space for " + file.name + " in " + shelf_.root().string() +
                    ": it has " + std::to_string(file.size / kMiB) + " MiB, " +
                    std::to_string(*free / kMiB) + " MiB are free, and " +
                    std::to_string(options_.reserve / kMiB) + " MiB stay free for the system.",
                "Free space on the file system of the content folder; the transfer goes on by "
                "itself.");
}

Result<> Transfer::fetch(const std::shared_ptr<Active>& active) {
    const store::FileRecord& file = active->file;
    if (auto space = check_space(file); !space) {
        return space;
    }
    // Somebody may have removed the folder under the server.
    if (auto prepared = shelf_.prepare(); !prepared) {
        return prepared;
    }
    const auto source = source_of_(file);
    if (!source) {
        return std::unexpected(source.error());
    }
    {
        const std::scoped_lock lock(mutex_);
        apply_limit();
    }
    return source->plain_url.empty() ? fetch_from(active, *source)
                                     : fetch_securely_if_possible(active, *source);
}

Result<> Transfer::fetch_from(const std::shared_ptr<Active>& active, const Source& source) {
    return download(
        client_, shelf_, active->file,
        {source.url, source.proxy, active->cancel, options_.stall_timeout, rate_limit_},
        [&](std::uint64_t bytes) { count(*active, bytes); }, options_.ranges);
}

/// Without https, nothing but the digests tells a file from what somebody on the way makes of it,
/// and SHA-1 alone is not enough for that.
Result<> Transfer::fetch_securely_if_possible(const std::shared_ptr<Active>& active,
                                              const Source& source) {
    const bool may_be_plain = active->file.sha256.has_value();
    if (!may_be_plain || !insecure_hosts_.knows(source.url, SteadyClock::now())) {
        auto done = fetch_from(active, source);
        if (done || !has_no_secure_way(done.error()) || has_begun(*active)) {
            return done;
        }
        if (!may_be_plain) {
            done.error().causes.emplace_back(
                "By http it is not fetched: the catalog has no SHA-256 of it to check it by.");
            return done;
        }
        insecure_hosts_.remember(source.url, SteadyClock::now());
        log::warning(done.error().text() + " Files with a SHA-256 are fetched by http from there.");
    }
    return fetch_from(active, {source.plain_url, source.plain_proxy});
}

bool Transfer::has_begun(const Active& active) const {
    const std::scoped_lock lock(mutex_);
    return active.transferred > 0;
}

void Transfer::count(Active& active, std::uint64_t bytes) {
    const auto now = SteadyClock::now();
    const std::scoped_lock lock(mutex_);
    transferred_bytes_ += bytes;
    active.transferred += bytes;
    active.rate.add(bytes, now);
    rate_.add(bytes, now);
    if (now - limit_applied_ >= kLimitHolds) {
        apply_limit();
    }
}

void Transfer::apply_limit() {
    limit_applied_ = SteadyClock::now();
    rate_limit_->set(content_options_.rate_at(options_.minute_of_day()));
}

/// What is to be stored of an attempt; under mutex_.
store::FileOutcome Transfer::outcome_of(const store::FileRecord& file, const Result<>& result) {
    if (result) {
        waits_for_space_ = false;
        failures_.erase(file.sha1);
        return {.state = store::FileState::kPresent};
    }
    store::FileOutcome outcome{.state = store::FileState::kWaiting,
                               .error = result.error().text(),
                               .reason = reason_of(result.error())};
    if (outcome.reason == store::FileReason::kNoSpace) {
        waits_for_space_ = true;
        disk_full_until_ = SteadyClock::now() + options_.disk_full_delay;
        return outcome;
    }
    Failure& failure = failures_[file.sha1];
    const std::uint32_t attempts = ++failure.attempts;
    failure.not_before =
        SteadyClock::now() + options_.retry_delay * (1U << std::min(attempts - 1, 10U));
    if (attempts >= options_.max_attempts || !is_worth_a_retry(result.error())) {
        outcome.state = store::FileState::kFailed;
    }
    if (outcome.reason == store::FileReason::kLate && options_.ask_upstream) {
        late_.push_back(file.sha1);
    }
    return outcome;
}

void Transfer::finish(Active& active, const Result<>& result) {
    using enum store::FileState;
    store::FileOutcome outcome;
    bool is_out_of_space = false;
    {
        const std::scoped_lock lock(mutex_);
        if (active.dropped && !result) {
            std::erase_if(active_, [&](const auto& other) { return other.get() == &active; });
            is_news_ = look_again_ = true;
            wake_.notify_all();
            return;
        }
        const bool was_out_of_space = waits_for_space_;
        outcome = outcome_of(active.file, result);
        is_out_of_space = waits_for_space_ && !was_out_of_space;
    }
    if (is_out_of_space && options_.out_of_space) {
        options_.out_of_space();
    }
    if (!result) {
        log::warning(result.error().text());
    }
    // What was paused or cancelled meanwhile stays so, unless the file is here all the same.
    constexpr std::array kHere = {kWaiting, kFailed, kPaused, kCancelled};
    const auto from = result ? std::span(kHere) : std::span(kHere).first(1);
    if (auto stored =
            store_.move_files(std::span(&active.file.sha1, 1), from, outcome, clock_.now());
        !stored) {
        log::error("The state of " + active.file.name +
                   " cannot be stored: " + stored.error().text());
    }
    {
        const std::scoped_lock lock(mutex_);
        std::erase_if(active_, [&](const auto& other) { return other.get() == &active; });
        if (active.dropped) {
            is_news_ = look_again_ = true;
        } else if (outcome.state == kWaiting) {
            queue_.push_back(active.file);
        }
        ++attempts_made_;
        wake_.notify_all();
        attempt_made_.notify_all();
    }
    if (options_.attempted) {
        options_.attempted(active.file.sha1);
    }
}

/// Those that the upstream does not know at all are told apart from those that it will have.
void Transfer::ask_about_late_files(std::unique_lock<std::mutex>& lock) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(late_.size(), kMaxAsked));
    const std::vector<Sha1> asked(late_.begin(), late_.begin() + count);
    late_.erase(late_.begin(), late_.begin() + count);
    is_asking_ = true;
    lock.unlock();
    const auto unknown = options_.ask_upstream(asked);
    if (!unknown) {
        log::warning("The upstream cannot be asked for " + std::to_string(asked.size()) +
                     " files that it does not hold: " + unknown.error().text());
    } else if (!unknown->empty()) {
        constexpr std::array kFrom = {store::FileState::kFailed};
        const store::FileOutcome outcome{
            .state = store::FileState::kFailed,
            .error =
                "The upstream knows nothing of this file: the update is not there. Choose its "
                "product and classification on the upstream, and synchronize both.",
            .reason = store::FileReason::kNotOnUpstream,
            .is_attempt = false};
        if (auto stored = store_.move_files(*unknown, kFrom, outcome, clock_.now()); !stored) {
            log::error("The reason of failed files cannot be stored: " + stored.error().text());
        }
    }
    if (options_.upstream_asked) {
        options_.upstream_asked();
    }
    lock.lock();
    is_asking_ = false;
}

}  // namespace headwater::content
