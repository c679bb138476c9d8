#include "content/transfer.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/log.hpp"
#include "content/download.hpp"
#include "content/wanted.hpp"

namespace headwater::content {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kRefill = 256;
constexpr std::size_t kChunk = 500;

template <typename Act>
Result<> in_chunks(const std::vector<Sha1>& digests, const Act& act) {
    for (std::size_t from = 0; from < digests.size(); from += kChunk) {
        const auto part = std::span(digests).subspan(from, std::min(kChunk, digests.size() - from));
        if (auto done = act(part); !done) {
            return done;
        }
    }
    return {};
}

}  // namespace

Transfer::Transfer(store::Store& store, const Shelf& shelf, net::Client& client, const Clock& clock,
                   SourceOf source_of, TransferOptions options)
    : store_(store),
      shelf_(shelf),
      client_(client),
      clock_(clock),
      source_of_(std::move(source_of)),
      options_(std::move(options)),
      cancel_(std::make_shared<net::CancelToken>()) {}

Transfer::~Transfer() {
    stop();
}

void Transfer::start() {
    const std::scoped_lock one(running_);
    is_started_ = true;
    begin();
}

void Transfer::stop() {
    const std::scoped_lock one(running_);
    is_started_ = false;
    end();
}

Result<> Transfer::restart() {
    const std::scoped_lock one(running_);
    if (!is_started_) {
        return {};
    }
    end();
    auto queued = retry_failed();
    begin();
    return queued;
}

void Transfer::begin() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = false;
        look_again_ = true;
        queue_.clear();
        failures_.clear();
        disk_full_until_.reset();
        cancel_ = std::make_shared<net::CancelToken>();
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
        cancel_->cancel();
    }
    wake_.notify_all();
    attempt_made_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void Transfer::look_for_lost_files() {
    const auto present = store_.files_in_state(store::FileState::kPresent, 0);
    if (!present) {
        log::error("The files that are here cannot be listed: " + present.error().text());
        return;
    }
    std::vector<Sha1> missing;
    for (const store::FileRecord& file : *present) {
        if (!shelf_.holds(file.sha1, file.extension, file.size)) {
            missing.push_back(file.sha1);
        }
    }
    if (!missing.empty()) {
        log::warning(std::to_string(missing.size()) + " files are missing from " +
                     shelf_.root().string() + " and are fetched again.");
        fetch_again(missing);
    }
}

void Transfer::lost(const Sha1& sha1) {
    const auto file = store_.file(sha1);
    if (file && *file && (*file)->state == store::FileState::kPresent) {
        log::warning("The file " + (*file)->name + " (" + shelf_name(sha1, (*file)->extension) +
                     ") is missing from " + shelf_.root().string() + " and is fetched again.");
        const std::vector<Sha1> one = {sha1};
        fetch_again(one);
    }
}

void Transfer::fetch_again(const std::vector<Sha1>& digests) {
    auto stored = in_chunks(digests, [&](std::span<const Sha1> part) {
        return store_.set_file_state(part, store::FileState::kWaiting, "", clock_.now());
    });
    if (!stored) {
        log::error("Missing files cannot be queued: " + stored.error().text());
    }
    const std::scoped_lock lock(mutex_);
    look_again_ = true;
    wake_.notify_all();
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

Result<> Transfer::want(const policy::View& view) {
    const std::vector<Sha1> wanted = wanted_files(view);
    std::vector<Sha1> to_fetch;
    std::vector<Sha1> here;
    auto sorted = in_chunks(wanted, [&](std::span<const Sha1> part) -> Result<> {
        auto records = store_.files(part);
        if (!records) {
            return std::unexpected(records.error());
        }
        for (const store::FileRecord& file : *records) {
            if (file.state == store::FileState::kPresent ||
                file.state == store::FileState::kFailed) {
                continue;
            }
            const bool on_shelf = shelf_.holds(file.sha1, file.extension, file.size);
            if (on_shelf || file.state != store::FileState::kWaiting) {
                (on_shelf ? here : to_fetch).push_back(file.sha1);
            }
        }
        return {};
    });
    if (!sorted) {
        return sorted;
    }
    std::vector<Sha1> unwanted;
    for (const auto state : {store::FileState::kWaiting, store::FileState::kFailed}) {
        const auto files = store_.files_in_state(state, 0);
        if (!files) {
            return std::unexpected(files.error());
        }
        for (const store::FileRecord& file : *files) {
            if (!std::ranges::binary_search(wanted, file.sha1)) {
                unwanted.push_back(file.sha1);
            }
        }
    }
    const Time now = clock_.now();
    using State = store::FileState;
    for (const auto& [digests, state] :
         {std::pair{&to_fetch, State::kWaiting}, std::pair{&here, State::kPresent},
          std::pair{&unwanted, State::kNotWanted}}) {
        auto stored = in_chunks(*digests, [&, target = state](std::span<const Sha1> part) {
            return store_.set_file_state(part, target, "", now);
        });
        if (!stored) {
            return stored;
        }
    }
    const std::scoped_lock lock(mutex_);
    look_again_ = true;
    for (const Sha1& digest : unwanted) {
        failures_.erase(digest);
    }
    std::erase_if(queue_, [&](const store::FileRecord& file) {
        return !std::ranges::binary_search(wanted, file.sha1);
    });
    wake_.notify_all();
    return {};
}

Result<> Transfer::retry_failed() {
    const auto failed = store_.files_in_state(store::FileState::kFailed, 0);
    if (!failed) {
        return std::unexpected(failed.error());
    }
    std::vector<Sha1> digests;
    for (const store::FileRecord& file : *failed) {
        digests.push_back(file.sha1);
    }
    {
        const std::scoped_lock lock(mutex_);
        for (const Sha1& digest : digests) {
            failures_.erase(digest);
        }
    }
    auto stored = in_chunks(digests, [&](std::span<const Sha1> part) {
        return store_.set_file_state(part, store::FileState::kWaiting, "", clock_.now());
    });
    const std::scoped_lock lock(mutex_);
    look_again_ = true;
    wake_.notify_all();
    return stored;
}

Result<TransferStatus> Transfer::status() const {
    const auto totals = store_.file_totals();
    if (!totals) {
        return std::unexpected(totals.error());
    }
    TransferStatus status;
    for (const auto& [state, total] : *totals) {
        switch (state) {
            case store::FileState::kWaiting:
                status.waiting += total.count;
                status.waiting_bytes += total.bytes;
                break;
            case store::FileState::kPresent:
                status.present = total.count;
                status.present_bytes = total.bytes;
                break;
            case store::FileState::kFailed:
                status.failed = total.count;
                break;
            case store::FileState::kNotWanted:
                break;
        }
    }
    const std::scoped_lock lock(mutex_);
    status.transferred_bytes = transferred_bytes_;
    status.disk_full = disk_full_until_.has_value();
    return status;
}

std::vector<store::FileRecord> Transfer::active() const {
    const std::scoped_lock lock(mutex_);
    return active_;
}

bool Transfer::wait_until_done(std::chrono::milliseconds at_most) const {
    const auto until = SteadyClock::now() + at_most;
    for (;;) {
        std::uint64_t seen = 0;
        {
            const std::scoped_lock lock(mutex_);
            seen = attempts_made_;
        }
        const auto now = status();
        if (!now || now->waiting == 0) {
            return now.has_value();
        }
        std::unique_lock lock(mutex_);
        const bool changed = attempt_made_.wait_until(
            lock, until, [&] { return attempts_made_ != seen || stopping_; });
        if (!changed || stopping_) {
            return false;
        }
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
    std::unordered_set<Sha1> known;
    for (const auto* files : {&active_, &queue_}) {
        for (const store::FileRecord& file : *files) {
            known.insert(file.sha1);
        }
    }
    for (store::FileRecord& file : *waiting) {
        if (!known.contains(file.sha1)) {
            queue_.push_back(std::move(file));
        }
    }
}

std::optional<store::FileRecord> Transfer::take_next() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (queue_.empty() && look_again_) {
            refill();
        }
        const auto now = SteadyClock::now();
        if (disk_full_until_ && *disk_full_until_ <= now) {
            disk_full_until_.reset();
        }
        SteadyClock::time_point next = disk_full_until_.value_or(now + std::chrono::hours{1});
        const auto ready = std::ranges::find_if(queue_, [&](const store::FileRecord& file) {
            const auto failure = failures_.find(file.sha1);
            if (failure == failures_.end() || failure->second.not_before <= now) {
                return true;
            }
            next = std::min(next, failure->second.not_before);
            return false;
        });
        if (ready != queue_.end() && !disk_full_until_) {
            store::FileRecord file = std::move(*ready);
            queue_.erase(ready);
            active_.push_back(file);
            return file;
        }
        wake_.wait_until(lock, next);
    }
    return std::nullopt;
}

Result<> Transfer::fetch(const store::FileRecord& file) {
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
    return download(client_, shelf_, file,
                    {source->url, source->proxy, cancel_, options_.stall_timeout},
                    [this](std::uint64_t bytes) {
                        const std::scoped_lock lock(mutex_);
                        transferred_bytes_ += bytes;
                    });
}

void Transfer::work() {
    while (const auto file = take_next()) {
        Result<> result;
        if (!shelf_.holds(file->sha1, file->extension, file->size)) {
            result = fetch(*file);
        }
        finish(*file, result);
    }
}

void Transfer::finish(const store::FileRecord& file, const Result<>& result) {
    std::uint32_t attempts = 0;
    bool is_full = false;
    {
        const std::scoped_lock lock(mutex_);
        std::erase_if(active_,
                      [&](const store::FileRecord& other) { return other.sha1 == file.sha1; });
        if (stopping_ && !result) {
            return;
        }
        is_full = !result && result.error().code == "content.disk_full";
        if (is_full) {
            disk_full_until_ = SteadyClock::now() + options_.disk_full_delay;
            queue_.push_back(file);
        } else if (!result) {
            Failure& failure = failures_[file.sha1];
            attempts = ++failure.attempts;
            failure.not_before =
                SteadyClock::now() + options_.retry_delay * (1U << std::min(attempts - 1, 10U));
        } else {
            failures_.erase(file.sha1);
        }
    }
    const bool gives_up =
        !result && !is_full &&
        (attempts >= options_.max_attempts || result.error().code == "content.not_found" ||
         result.error().code == "content.no_source");
    const store::FileState state = result     ? store::FileState::kPresent
                                   : gives_up ? store::FileState::kFailed
                                              : store::FileState::kWaiting;
    if (!result) {
        log::warning(result.error().text());
    }
    const std::string error = result ? "" : result.error().text();
    if (auto stored = store_.set_file_state(std::span(&file.sha1, 1), state, error, clock_.now());
        !stored) {
        log::error("The state of " + file.name + " cannot be stored: " + stored.error().text());
    }
    {
        const std::scoped_lock lock(mutex_);
        if (!result && !gives_up && !is_full) {
            queue_.push_back(file);
        }
        ++attempts_made_;
        wake_.notify_all();
        attempt_made_.notify_all();
    }
    if (options_.attempted) {
        options_.attempted(file.sha1);
    }
}

}  // namespace headwater::content
