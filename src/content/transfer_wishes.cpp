// What the transfer service is wanted for: the files of what is decided, those that downstream
// servers ask for, and those that were lost.

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "content/transfer.hpp"
#include "content/wanted.hpp"

namespace headwater::content {
namespace {

using enum store::FileState;

constexpr std::array kNotHere = {kWaiting, kFailed, kPaused, kCancelled};

using Wishes = std::vector<store::FileWish>;

const store::FileWish* find(const Wishes& wishes, const Sha1& sha1) {
    const auto at = std::ranges::lower_bound(wishes, sha1, {}, &store::FileWish::sha1);
    return at == wishes.end() || at->sha1 != sha1 ? nullptr : &*at;
}

/// Adds what is requested to what is wanted; both stay sorted.
void add_requests(Wishes& wishes, const std::unordered_map<Sha1, Time>& requested) {
    Wishes added;
    for (const auto& [sha1, time] : requested) {
        if (find(wishes, sha1) == nullptr) {
            added.push_back({sha1, std::nullopt, time});
        }
    }
    wishes.insert(wishes.end(), added.begin(), added.end());
    std::ranges::sort(wishes);
}

}  // namespace

Result<> Transfer::load_requests() {
    if (requested_) {
        return {};
    }
    const auto stored = store_.requested_files();
    if (!stored) {
        return std::unexpected(stored.error());
    }
    requested_.emplace(stored->begin(), stored->end());
    return {};
}

Result<Wishes> Transfer::wishes_of(const policy::View& view) {
    if (auto loaded = load_requests(); !loaded) {
        return std::unexpected(loaded.error());
    }
    Wishes wishes = wanted_files(view);
    if (view.decisions().content.store_here) {
        add_requests(wishes, *requested_);
    }
    return wishes;
}

Result<std::vector<Sha1>> Transfer::needed(const policy::View& view) {
    const std::scoped_lock wishing(wishing_);
    const auto wishes = wishes_of(view);
    if (!wishes) {
        return std::unexpected(wishes.error());
    }
    std::vector<Sha1> digests;
    for (const store::FileWish& wish : *wishes) {
        digests.push_back(wish.sha1);
    }
    return digests;
}

Result<> Transfer::want(const policy::View& view) {
    const std::scoped_lock wishing(wishing_);
    return want_difference(view);
}

Result<> Transfer::want_anew(const policy::View& view) {
    const std::scoped_lock wishing(wishing_);
    wishes_.reset();
    return want_difference(view);
}

/// Under wishing_.
Result<> Transfer::want_difference(const policy::View& view) {
    auto computed = wishes_of(view);
    if (!computed) {
        return std::unexpected(computed.error());
    }
    Wishes& wishes = *computed;
    stores_here_ = view.decisions().content.store_here;
    Wishes added;
    std::ranges::set_difference(wishes, wishes_.value_or(Wishes{}), std::back_inserter(added));
    std::vector<Sha1> unwanted;
    if (wishes_) {
        for (const store::FileWish& wish : *wishes_) {
            if (find(wishes, wish.sha1) == nullptr) {
                unwanted.push_back(wish.sha1);
            }
        }
    } else {
        auto found = unwanted_at_first(wishes);
        if (!found) {
            return std::unexpected(found.error());
        }
        unwanted = std::move(*found);
    }
    if (auto done = queue(added); !done) {
        return done;
    }
    if (auto done = take_back(unwanted); !done) {
        return done;
    }
    wishes_ = std::move(wishes);
    const std::scoped_lock lock(mutex_);
    content_options_ = view.decisions().content;
    apply_limit();
    return {};
}

/// Of an earlier start: what was on its way, and nothing wants any more.
Result<std::vector<Sha1>> Transfer::unwanted_at_first(const Wishes& wishes) const {
    std::vector<Sha1> unwanted;
    for (const store::FileState state : kNotHere) {
        const auto files = store_.files_in_state(state, 0);
        if (!files) {
            return std::unexpected(files.error());
        }
        for (const store::FileRecord& file : *files) {
            if (find(wishes, file.sha1) == nullptr) {
                unwanted.push_back(file.sha1);
            }
        }
    }
    return unwanted;
}

Result<> Transfer::queue(const Wishes& added) {
    if (added.empty()) {
        return {};
    }
    std::vector<Sha1> digests;
    for (const store::FileWish& wish : added) {
        digests.push_back(wish.sha1);
    }
    std::vector<Sha1> here;
    auto done = in_chunks(digests, [&](std::span<const Sha1> part) -> Result<> {
        const auto files = store_.files(part);
        if (!files) {
            return std::unexpected(files.error());
        }
        for (const store::FileRecord& file : *files) {
            if ((file.state == kNotWanted || file.state == kWaiting) &&
                shelf_.holds(file.sha1, file.extension, file.size)) {
                here.push_back(file.sha1);
            }
        }
        return {};
    });
    const Time now = clock_.now();
    done = done ? in_chunks(here,
                            [&](std::span<const Sha1> part) {
                                return store_.set_file_state(part, kPresent, "", now);
                            })
                : done;
    done = done ? in_chunks(added,
                            [&](std::span<const store::FileWish> part) {
                                return store_.want_files(part, now);
                            })
                : done;
    look_again();
    return done;
}

Result<> Transfer::take_back(const std::vector<Sha1>& unwanted) {
    if (unwanted.empty()) {
        return {};
    }
    auto done = in_chunks(unwanted, [&](std::span<const Sha1> part) {
        return store_.move_files(part, kNotHere, {.state = kNotWanted}, clock_.now());
    });
    {
        const std::scoped_lock lock(mutex_);
        for (const Sha1& sha1 : unwanted) {
            failures_.erase(sha1);
        }
    }
    const std::unordered_set<Sha1> all(unwanted.begin(), unwanted.end());
    drop([&](const Sha1& sha1) { return all.contains(sha1); });
    look_again();
    return done;
}

Result<> Transfer::request(std::span<const Sha1> digests) {
    const auto known = store_.files(digests);
    if (!known) {
        return std::unexpected(known.error());
    }
    const std::scoped_lock wishing(wishing_);
    if (auto loaded = load_requests(); !loaded) {
        return loaded;
    }
    const Time now = clock_.now();
    std::vector<Sha1> new_ones;
    for (const store::FileRecord& file : *known) {
        if (requested_->emplace(file.sha1, now).second) {
            new_ones.push_back(file.sha1);
        }
    }
    if (new_ones.empty()) {
        return {};
    }
    if (auto stored = store_.request_files(new_ones, now); !stored) {
        return stored;
    }
    // Before the first publication nothing is known to be wanted: want() adds these, too.
    if (!stores_here_ || !wishes_) {
        return {};
    }
    Wishes added;
    for (const Sha1& sha1 : new_ones) {
        if (find(*wishes_, sha1) == nullptr) {
            added.push_back({sha1, std::nullopt, now});
        }
    }
    wishes_->insert(wishes_->end(), added.begin(), added.end());
    std::ranges::sort(*wishes_);
    return queue(added);
}

void Transfer::look_for_lost_files() {
    if (auto connected = shelf_.connect(); !connected) {
        log::warning("Whether files are missing is not known: " + connected.error().text());
        return;
    }
    const auto present = store_.files_in_state(kPresent, 0);
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
    lost(missing);
}

void Transfer::lost(std::span<const Sha1> digests) {
    constexpr std::array kFrom = {kPresent};
    std::vector<Sha1> wanted;
    std::vector<Sha1> unwanted;
    {
        const std::scoped_lock wishing(wishing_);
        for (const Sha1& sha1 : digests) {
            const bool is_one = !wishes_ || find(*wishes_, sha1) != nullptr;
            (is_one ? wanted : unwanted).push_back(sha1);
        }
    }
    if (!digests.empty()) {
        log::warning("Missing from " + shelf_.place().string() +
                     ", or not right: " + std::to_string(digests.size()) + " files, of which " +
                     std::to_string(wanted.size()) + " are wanted and fetched again.");
    }
    for (const auto& [files, state] :
         {std::pair(&wanted, kWaiting), std::pair(&unwanted, kNotWanted)}) {
        auto stored = in_chunks(*files, [&, target = state](std::span<const Sha1> part) {
            return store_.move_files(part, kFrom, {.state = target}, clock_.now());
        });
        if (!stored) {
            log::error("Missing files cannot be queued: " + stored.error().text());
        }
    }
    look_again();
}

}  // namespace headwater::content
