#include "content/bucket_shelf.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/log.hpp"
#include "content/descriptor.hpp"
#include "content/shelf.hpp"

namespace headwater::content {
namespace {

namespace fs = std::filesystem;

/// Files that come from the bucket at once.
constexpr unsigned kThreads = 3;
/// Files that may wait to come; more are asked for again by those who want them.
constexpr std::size_t kMostWanted = 256;
/// A worker of the server's waits no longer for a file, and no more of them do: the others answer.
constexpr std::chrono::seconds kPatience{4};
constexpr unsigned kMostWaiting = 3;
/// What an agent waits before it asks again; the longer, the larger the file is.
constexpr std::chrono::seconds kShortest{5};
constexpr std::chrono::seconds kLongest{120};
/// Between two tries to list a bucket that cannot be reached.
constexpr std::chrono::seconds kReconnect{15};
constexpr std::uint64_t kBytesPerSecond = std::uint64_t{20} << 20U;

std::chrono::seconds estimate(std::uint64_t size) {
    return std::clamp(std::chrono::seconds(size / kBytesPerSecond), kShortest, kLongest);
}

void set_modified(const fs::path& path, Time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
    const std::array<timespec, 2> times = {
        timespec{.tv_sec = 0, .tv_nsec = UTIME_NOW},
        timespec{.tv_sec = static_cast<time_t>(seconds.count()), .tv_nsec = 0}};
    ::utimensat(AT_FDCWD, path.c_str(), times.data(), 0);
}

}  // namespace

BucketShelf::BucketShelf(const Bucket& bucket, fs::path folder, std::uint64_t most)
    : folder_(std::move(folder)), most_(most), bucket_(bucket.cancelled_by(cancel_)) {
    find_what_is_here();
    for (unsigned i = 0; i < kThreads; ++i) {
        threads_.emplace_back([this, i] {
            if (i == 0) {
                connect_at_last();
            }
            work();
        });
    }
}

BucketShelf::~BucketShelf() {
    stop();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

void BucketShelf::stop() {
    cancel_->cancel();
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
}

/// In no order: nobody knows any more what was asked for last.
void BucketShelf::find_what_is_here() {
    const auto entries = list_shelves(folder_);
    for (const ShelfEntry& entry : entries.value_or(std::vector<ShelfEntry>{})) {
        if (entry.sha1) {
            came(*entry.sha1, entry.extension, entry.size);
        }
    }
    for (const fs::path& part : list_parts(folder_)) {
        if (part.filename().string().starts_with(kFetched)) {
            ::unlink(part.c_str());
        }
    }
}

Result<> BucketShelf::connect() {
    if (is_connected()) {
        return {};
    }
    const auto listed = list();
    return listed ? Result<>{} : std::unexpected(listed.error());
}

/// A server that starts while the bucket cannot be reached finds it later.
void BucketShelf::connect_at_last() {
    for (;;) {
        const auto connected = connect();
        std::unique_lock lock(mutex_);
        if (connected || stopping_) {
            return;
        }
        log::warning(connected.error().text());
        changed_.wait_for(lock, kReconnect, [this] { return stopping_ || is_connected_; });
    }
}

bool BucketShelf::is_connected() const {
    const std::scoped_lock lock(mutex_);
    return is_connected_;
}

Result<std::vector<ShelfEntry>> BucketShelf::list() {
    std::uint64_t began = 0;
    {
        const std::scoped_lock lock(mutex_);
        began = changes_;
    }
    const auto objects = bucket_.list();
    if (!objects) {
        return std::unexpected(objects.error());
    }
    std::vector<ShelfEntry> entries;
    std::unordered_map<Sha1, Held> listed;
    for (const Bucket::Object& object : *objects) {
        ShelfEntry entry = entry_named(object.name);
        entry.path = bucket_.place().text() + "/" + object.name;
        entry.size = object.size;
        if (entry.sha1) {
            listed[*entry.sha1] = {entry.extension, object.size, object.modified, began};
        }
        entries.push_back(std::move(entry));
    }
    const std::scoped_lock lock(mutex_);
    // What came meanwhile may have come too late for the list.
    for (const auto& [sha1, held] : held_) {
        if (held.since > began) {
            listed[sha1] = held;
        }
    }
    held_ = std::move(listed);
    is_connected_ = true;
    return entries;
}

std::optional<BucketShelf::Held> BucketShelf::held(const Sha1& sha1,
                                                   std::string_view extension) const {
    const std::scoped_lock lock(mutex_);
    const auto at = held_.find(sha1);
    const bool is_held = at != held_.end() && at->second.extension == extension;
    return is_held ? std::optional(at->second) : std::nullopt;
}

Result<Time> BucketShelf::put(const Sha1& sha1, std::string_view extension, const fs::path& file) {
    const auto put = bucket_.put(shelf_name(sha1, extension), file, cancel_);
    if (!put) {
        return std::unexpected(put.error());
    }
    set_modified(file, put->modified);
    const std::scoped_lock lock(mutex_);
    held_[sha1] = {std::string(extension), put->size, put->modified, ++changes_};
    return put->modified;
}

Result<bool> BucketShelf::remove(const Sha1& sha1, std::string_view extension) {
    const bool was_held = held(sha1, extension).has_value();
    if (auto removed = bucket_.remove(shelf_name(sha1, extension)); !removed) {
        return std::unexpected(removed.error());
    }
    forget_held(sha1);
    const std::scoped_lock lock(mutex_);
    forget_here(sha1);
    ::unlink(path_of(sha1, extension).c_str());
    return was_held;
}

void BucketShelf::forget_held(const Sha1& sha1) {
    const std::scoped_lock lock(mutex_);
    held_.erase(sha1);
}

Result<FileHasher::Digests> BucketShelf::read(const Sha1& sha1, std::string_view extension,
                                              const fs::path& to, const GoOn& go_on) {
    const std::string name = shelf_name(sha1, extension);
    const auto known = held(sha1, extension);
    if (!known) {
        return fail("bucket.not_found", name + " is not in " + bucket_.place().text() + ".");
    }
    const Descriptor copy(
        to.empty()
            ? -1
            : ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!to.empty() && copy.get() < 0) {
        return std::unexpected(file_error("make", to, errno));
    }
    FileHasher hasher;
    Result<> written;
    const auto got = bucket_.get(
        name, known->size,
        [&](ByteView part) {
            hasher.update(part);
            if (!to.empty()) {
                written = write_all(copy.get(), part, to);
            }
            return written && go_on(part.size());
        },
        cancel_);
    if (!written) {
        return std::unexpected(written.error());
    }
    if (!got) {
        return got.error().code == "net.sink"
                   ? fail("content.cancelled", "The reading of " + name + " was ended.")
                   : std::unexpected(got.error());
    }
    if (!to.empty() && ::fsync(copy.get()) != 0) {
        return std::unexpected(file_error("write to disk", to, errno));
    }
    return hasher.finish();
}

std::optional<std::chrono::seconds> BucketShelf::bring(const Sha1& sha1, std::string_view extension,
                                                       bool waits) {
    const auto known = held(sha1, extension);
    if (!known) {
        return kShortest;
    }
    std::unique_lock lock(mutex_);
    if (!coming_.contains(sha1)) {
        if (wanted_.size() >= kMostWanted) {
            return kLongest;
        }
        coming_.insert(sha1);
        wanted_.push_back({sha1, std::string(extension), known->size});
        changed_.notify_all();
    }
    if (waits && waiting_ < kMostWaiting && known->size / kBytesPerSecond < 1) {
        ++waiting_;
        changed_.wait_for(lock, kPatience, [&] { return !coming_.contains(sha1) || stopping_; });
        --waiting_;
    }
    return here_by_digest_.contains(sha1) ? std::nullopt : std::optional(estimate(known->size));
}

void BucketShelf::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || !wanted_.empty(); });
        if (stopping_) {
            return;
        }
        const Wanted next = std::move(wanted_.front());
        wanted_.pop_front();
        lock.unlock();
        if (auto fetched = fetch(next); !fetched && !cancel_->cancelled()) {
            log::warning(fetched.error().text());
        }
        lock.lock();
        coming_.erase(next.sha1);
        changed_.notify_all();
    }
}

/// A file that is not right is as good as none: whoever asks next has it fetched anew.
Result<> BucketShelf::fetch(const Wanted& wanted) {
    const fs::path part =
        folder_ / kPartialFolder / (std::string(kFetched) + to_hex_upper(wanted.sha1.bytes));
    const fs::path to = path_of(wanted.sha1, wanted.extension);
    std::error_code error;
    fs::create_directories(part.parent_path(), error);
    fs::create_directories(to.parent_path(), error);
    {
        const std::scoped_lock lock(mutex_);
        make_room(wanted.size);
    }
    const auto known = held(wanted.sha1, wanted.extension);
    const auto digests =
        read(wanted.sha1, wanted.extension, part, [](std::uint64_t) { return true; });
    if (!digests || digests->sha1 != wanted.sha1) {
        ::unlink(part.c_str());
        if (digests || digests.error().code == "bucket.not_found") {
            forget_held(wanted.sha1);
        }
        return digests ? fail("content.digest",
                              "The file " + to.filename().string() + " in " +
                                  bucket_.place().text() + " has the wrong SHA-1 digest.",
                              "It is fetched again.")
                       : std::unexpected(digests.error());
    }
    set_modified(part, known ? known->modified : Time{});
    if (::rename(part.c_str(), to.c_str()) != 0) {
        return std::unexpected(file_error("shelve", to, errno));
    }
    came(wanted.sha1, wanted.extension, wanted.size);
    return {};
}

void BucketShelf::used(const Sha1& sha1) {
    const std::scoped_lock lock(mutex_);
    if (const auto at = here_by_digest_.find(sha1); at != here_by_digest_.end()) {
        here_.splice(here_.begin(), here_, at->second);
    }
}

void BucketShelf::came(const Sha1& sha1, std::string_view extension, std::uint64_t size) {
    const std::scoped_lock lock(mutex_);
    forget_here(sha1);
    here_.push_front({sha1, std::string(extension), size});
    here_by_digest_[sha1] = here_.begin();
    bytes_here_ += size;
    make_room(0);
}

/// For so many more bytes; under mutex_. One stays, however large it is; those being sent are sent
/// to their end.
void BucketShelf::make_room(std::uint64_t bytes) {
    while (bytes_here_ + bytes > most_ && here_.size() > (bytes > 0 ? 0 : 1)) {
        const Here last = here_.back();
        forget_here(last.sha1);
        ::unlink(path_of(last.sha1, last.extension).c_str());
    }
}

/// Under mutex_.
void BucketShelf::forget_here(const Sha1& sha1) {
    if (const auto at = here_by_digest_.find(sha1); at != here_by_digest_.end()) {
        bytes_here_ -= at->second->size;
        here_.erase(at->second);
        here_by_digest_.erase(at);
    }
}

bool BucketShelf::check_copy(const Sha1& sha1, std::string_view extension, const GoOn& go_on) {
    const fs::path copy = path_of(sha1, extension);
    const auto digests = read_digests(copy, go_on);
    if (!digests || digests->sha1 == sha1) {
        return true;
    }
    const std::scoped_lock lock(mutex_);
    forget_here(sha1);
    ::unlink(copy.c_str());
    return false;
}

std::uint64_t BucketShelf::bytes_here() const {
    const std::scoped_lock lock(mutex_);
    return bytes_here_;
}

fs::path BucketShelf::path_of(const Sha1& sha1, std::string_view extension) const {
    return folder_ / shelf_name(sha1, extension);
}

}  // namespace headwater::content
