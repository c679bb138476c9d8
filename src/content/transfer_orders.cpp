// What an administrator orders of the transfer service, and what it tells him.

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "content/transfer.hpp"

namespace headwater::content {
namespace {

using enum store::FileState;
using SteadyClock = std::chrono::steady_clock;

constexpr const char* kModeSetting = "transfers.mode";
constexpr std::array<std::string_view, 3> kModes = {"running", "paused", "stopped"};

}  // namespace

void Transfer::load_mode() {
    const auto stored = store_.setting(kModeSetting);
    if (!stored) {
        log::error("The mode of the transfer service cannot be read: " + stored.error().text());
        return;
    }
    const auto known = std::ranges::find(kModes, stored->value_or("running"));
    const std::scoped_lock lock(mutex_);
    mode_ = known == kModes.end() ? TransferMode::kRunning
                                  : static_cast<TransferMode>(known - kModes.begin());
}

/// Stores it too; a mode that cannot be stored holds all the same, until the next start.
void Transfer::apply_mode(TransferMode mode) {
    {
        const std::scoped_lock lock(mutex_);
        mode_ = mode;
    }
    const std::string name(kModes.at(static_cast<std::size_t>(mode)));
    if (auto stored = store_.put_setting(kModeSetting, name); !stored) {
        log::error("The mode of the transfer service cannot be stored: " + stored.error().text());
    }
}

bool Transfer::waits_for_space() const {
    const std::scoped_lock lock(mutex_);
    return waits_for_space_;
}

TransferMode Transfer::mode() const {
    const std::scoped_lock lock(mutex_);
    return mode_;
}

Result<> Transfer::set_mode(TransferMode mode) {
    const std::scoped_lock one(running_);
    const TransferMode before = this->mode();
    apply_mode(mode);
    if (mode == before) {
        return {};
    }
    if (mode == TransferMode::kStopped) {
        end();
    } else if (before == TransferMode::kStopped && is_started_) {
        begin();
    } else if (mode == TransferMode::kPaused) {
        drop([](const Sha1&) { return true; });
    }
    look_again();
    return {};
}

/// Ends what is under way, and forgets what is queued, until the store is looked into again.
void Transfer::drop(const std::function<bool(const Sha1&)>& chosen) {
    const std::scoped_lock lock(mutex_);
    for (const auto& active : active_) {
        if (chosen(active->file.sha1)) {
            active->dropped = true;
            active->cancel->cancel();
        }
    }
    // Else one of the threads begins it again before it looks into the store.
    std::erase_if(queue_, [&](const store::FileRecord& file) { return chosen(file.sha1); });
    look_again_ = is_news_ = true;
    wake_.notify_all();
}

void Transfer::look_again() {
    const std::scoped_lock lock(mutex_);
    look_again_ = is_news_ = true;
    wake_.notify_all();
}

Result<std::vector<Sha1>> Transfer::in_states(const Chosen& files,
                                              std::span<const store::FileState> states) {
    std::vector<Sha1> found;
    const auto take = [&](const Result<std::vector<store::FileRecord>>& records) -> Result<> {
        if (!records) {
            return std::unexpected(records.error());
        }
        for (const store::FileRecord& file : *records) {
            if (std::ranges::find(states, file.state) != states.end()) {
                found.push_back(file.sha1);
            }
        }
        return {};
    };
    Result<> done;
    if (files) {
        done = take(store_.files(*files));
    } else {
        for (const store::FileState state : states) {
            done = done ? take(store_.files_in_state(state, 0)) : done;
        }
    }
    if (!done) {
        return std::unexpected(done.error());
    }
    return found;
}

Result<std::size_t> Transfer::move(const Chosen& files, std::span<const store::FileState> from,
                                   store::FileState to) {
    const auto found = in_states(files, from);
    if (!found) {
        return std::unexpected(found.error());
    }
    {
        const std::scoped_lock lock(mutex_);
        for (const Sha1& sha1 : *found) {
            failures_.erase(sha1);
        }
    }
    auto stored = in_chunks(*found, [&](std::span<const Sha1> part) {
        return store_.move_files(part, from, {.state = to}, clock_.now());
    });
    if (!stored) {
        return std::unexpected(stored.error());
    }
    if (to != kWaiting) {
        const std::unordered_set<Sha1> all(found->begin(), found->end());
        drop([&](const Sha1& sha1) { return all.contains(sha1); });
    }
    look_again();
    return found->size();
}

Result<std::size_t> Transfer::pause(const Chosen& files) {
    if (!files) {
        if (auto set = set_mode(TransferMode::kPaused); !set) {
            return std::unexpected(set.error());
        }
        const auto waiting = store_.file_totals();
        return waiting && waiting->contains(kWaiting) ? waiting->at(kWaiting).count : 0;
    }
    constexpr std::array kFrom = {kWaiting};
    return move(files, kFrom, kPaused);
}

Result<std::size_t> Transfer::resume(const Chosen& files) {
    if (!files) {
        if (auto set = set_mode(TransferMode::kRunning); !set) {
            return std::unexpected(set.error());
        }
    }
    constexpr std::array kFrom = {kPaused};
    return move(files, kFrom, kWaiting);
}

Result<std::size_t> Transfer::cancel(const Chosen& files) {
    constexpr std::array kFrom = {kWaiting, kPaused, kFailed};
    return move(files, kFrom, kCancelled);
}

Result<std::size_t> Transfer::retry(const Chosen& files) {
    constexpr std::array kFrom = {kFailed, kCancelled};
    return move(files, files ? std::span(kFrom) : std::span(kFrom).first(1), kWaiting);
}

Result<> Transfer::retry_failed() {
    const auto retried = retry(std::nullopt);
    return retried ? Result<>{} : std::unexpected(retried.error());
}

Result<TransferStatus> Transfer::status() const {
    const auto totals = store_.file_totals();
    if (!totals) {
        return std::unexpected(totals.error());
    }
    const auto total = [&](store::FileState state) {
        const auto at = totals->find(state);
        return at == totals->end() ? store::FileTotals{} : at->second;
    };
    TransferStatus status;
    status.waiting = total(kWaiting).count;
    status.waiting_bytes = total(kWaiting).bytes;
    status.present = total(kPresent).count;
    status.present_bytes = total(kPresent).bytes;
    status.failed = total(kFailed).count;
    status.paused = total(kPaused).count;
    status.cancelled = total(kCancelled).count;
    const std::scoped_lock lock(mutex_);
    status.mode = mode_;
    status.transferred_bytes = transferred_bytes_;
    status.rate = rate_.per_second(SteadyClock::now());
    status.limit = rate_limit_->get();
    status.disk_full = waits_for_space_;
    return status;
}

std::vector<TransferProgress> Transfer::active() const {
    const auto now = SteadyClock::now();
    std::vector<TransferProgress> all;
    const std::scoped_lock lock(mutex_);
    for (const auto& active : active_) {
        all.push_back({active->file, active->transferred, active->rate.per_second(now)});
    }
    return all;
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
        const auto is_over = [this] { return stopping_ || mode_ == TransferMode::kStopped; };
        const bool changed = attempt_made_.wait_until(
            lock, until, [&] { return attempts_made_ != seen || is_over(); });
        if (!changed || is_over()) {
            return false;
        }
    }
}

}  // namespace headwater::content
