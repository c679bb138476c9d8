#pragma once
// Private to content/: what a shelf in a bucket has besides its folder here. The bucket holds every
// file; the folder holds those that were asked for last, within a bound, and is what agents are
// served from. What the bucket holds is listed once, and kept in memory. Any thread.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "content/bucket.hpp"
#include "content/inventory.hpp"
#include "content/reading.hpp"

namespace headwater::content {

class BucketShelf {
public:
    /// @param folder  of the files that are here too
    /// @param most  bytes that they may have
    BucketShelf(const Bucket& bucket, std::filesystem::path folder, std::uint64_t most);
    ~BucketShelf();
    BucketShelf(const BucketShelf&) = delete;
    BucketShelf& operator=(const BucketShelf&) = delete;

    struct Held {
        std::string extension;
        std::uint64_t size = 0;
        Time modified;
        std::uint64_t since = 0;  ///< the number of the change that brought it
    };

    /// Ends all that is under way; nothing is put or brought any more.
    void stop();
    [[nodiscard]] const Bucket& bucket() const { return bucket_; }
    /// Lists the bucket, if that was not done yet; it is tried in the background, too. Errors:
    /// those of the bucket.
    [[nodiscard]] Result<> connect();
    [[nodiscard]] bool is_connected() const;
    /// Lists it anew.
    [[nodiscard]] Result<std::vector<ShelfEntry>> list();
    [[nodiscard]] std::optional<Held> held(const Sha1& sha1, std::string_view extension) const;

    /// Puts a whole, verified file; returns when it was put by the server's clock.
    [[nodiscard]] Result<Time> put(const Sha1& sha1, std::string_view extension,
                                   const std::filesystem::path& file);
    /// False where it was not there.
    [[nodiscard]] Result<bool> remove(const Sha1& sha1, std::string_view extension);
    /// Reads all of it from the bucket, to a file too unless that is empty.
    [[nodiscard]] Result<FileHasher::Digests> read(const Sha1& sha1, std::string_view extension,
                                                   const std::filesystem::path& to,
                                                   const GoOn& go_on);

    // The files that are here, too

    /// Has a file brought here in the background, unless it is under way; waits a little for one
    /// that is small. Nothing where it is here; else how long its asker had better wait.
    [[nodiscard]] std::optional<std::chrono::seconds> bring(const Sha1& sha1,
                                                            std::string_view extension, bool waits);
    /// Says that it was asked for: it stays the longest.
    void used(const Sha1& sha1);
    /// Says that a file came into the folder, and removes others until all are within the bound.
    void came(const Sha1& sha1, std::string_view extension, std::uint64_t size);
    /// False where there is a copy and it was not right; it is removed then.
    [[nodiscard]] bool check_copy(const Sha1& sha1, std::string_view extension, const GoOn& go_on);
    [[nodiscard]] std::uint64_t bytes_here() const;

    /// Names of begun files in the folder of parts; those of an earlier process are removed.
    static constexpr std::string_view kFetched = "from-bucket-";

private:
    struct Here {
        Sha1 sha1;
        std::string extension;
        std::uint64_t size = 0;
    };
    struct Wanted {
        Sha1 sha1;
        std::string extension;
        std::uint64_t size = 0;
    };

    void find_what_is_here();
    void connect_at_last();
    void work();
    [[nodiscard]] Result<> fetch(const Wanted& wanted);
    void forget_held(const Sha1& sha1);
    void make_room(std::uint64_t bytes);
    void forget_here(const Sha1& sha1);
    [[nodiscard]] std::filesystem::path path_of(const Sha1& sha1, std::string_view extension) const;

    const std::filesystem::path folder_;
    const std::uint64_t most_;
    const std::shared_ptr<net::CancelToken> cancel_ = std::make_shared<net::CancelToken>();
    const Bucket bucket_;

    mutable std::mutex mutex_;
    bool is_connected_ = false;
    std::unordered_map<Sha1, Held> held_;
    std::uint64_t changes_ = 0;

    std::list<Here> here_;  // what was asked for last stands first
    std::unordered_map<Sha1, std::list<Here>::iterator> here_by_digest_;
    std::uint64_t bytes_here_ = 0;

    std::condition_variable changed_;
    std::deque<Wanted> wanted_;
    std::unordered_set<Sha1> coming_;  // waiting in wanted_, or under way
    unsigned waiting_ = 0;             // askers
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace headwater::content
