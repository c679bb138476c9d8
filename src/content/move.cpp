// Moves the shelves to another folder while they are served:
//
//   copy     every known file, digests checked; what was copied before and is right stays
//   switch   while no file is transferred: what has come meanwhile, the begun files, and then the
//            place of the shelves, in one commit with the folder that is left
//   remove   the known files in the folder that was left; what else is there stays
//
// A server that is killed before the commit is still in the old folder, and moving again goes on
// where it was. One that is killed after it finds the folder that it has to leave, and leaves it.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <unordered_set>

#include "base/log.hpp"
#include "content/descriptor.hpp"
#include "content/premises.hpp"

namespace headwater::content {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "content.folder";
constexpr const char* kLeft = "content.folder_left";

std::string text_of(const Result<std::optional<std::string>>& setting) {
    return setting && *setting ? **setting : std::string();
}

/// The known file that this is; nothing for a stranger.
Result<std::optional<store::FileRecord>> record_of(const store::Store& store,
                                                   const ShelfEntry& entry) {
    if (!entry.sha1) {
        return std::nullopt;
    }
    auto known = store.file(*entry.sha1);
    if (known && *known && (*known)->extension != entry.extension) {
        return std::nullopt;
    }
    return known;
}

class Move {
public:
    Move(const Premises& premises, const Shelf& there) : premises_(premises), there_(there) {}

    Result<> run() {
        if (auto copied = copy_all(); !copied) {
            return copied;
        }
        return premises_.hooks.while_nothing_comes([this]() -> Result<> {
            if (auto copied = copy_all(); !copied) {
                return copied;
            }
            premises_.board.stage("switch", 0, 0);
            copy_parts();
            return switch_over(premises_, there_, premises_.shelf.place());
        });
    }

    static Result<> switch_over(const Premises& premises, const Shelf& there,
                                const fs::path& left) {
        const fs::path to = there.place();
        const std::array<std::pair<std::string, std::string>, 2> settings = {
            std::pair{std::string(kFolder), to.string()},
            std::pair{std::string(kLeft), left.string()}};
        if (auto stored = premises.store.put_settings(settings); !stored) {
            return stored;
        }
        premises.shelf.switch_to(there);
        log::info("The content folder is " + to.string() + " now.");
        return {};
    }

private:
    Result<> copy_all() {
        const auto entries = premises_.shelf.list();
        if (!entries) {
            return std::unexpected(entries.error());
        }
        std::uint64_t bytes = 0;
        for (const ShelfEntry& entry : *entries) {
            bytes += entry.size;
        }
        premises_.board.stage("copy", entries->size(), bytes);
        return for_each_at_once(premises_, entries->size(), [&](std::size_t i) -> Result<> {
            auto done = bring((*entries)[i]);
            premises_.board.done();
            return done;
        });
    }

    Result<> bring(const ShelfEntry& entry) {
        const auto file = record_of(premises_.store, entry);
        if (!file) {
            return std::unexpected(file.error());
        }
        if (!*file) {
            premises_.board.found(
                Finding::kStrange,
                entry.path.string() + " is no file that is known here; it stays.");
            return {};
        }
        if (is_there(**file)) {
            premises_.board.read(entry.size);
            return {};
        }
        if (auto space = check_space(entry); !space) {
            return space;
        }
        return copy(**file);
    }

    /// What this move has copied, or an earlier one that was cut off, or somebody else.
    bool is_there(const store::FileRecord& file) {
        if (!there_.holds(file.sha1, file.extension, file.size)) {
            return false;
        }
        {
            const std::scoped_lock lock(mutex_);
            if (copied_.contains(file.sha1)) {
                return true;
            }
        }
        const auto digests =
            there_.read(file.sha1, file.extension, [&](std::uint64_t) { return goes_on(); });
        if (!digests || !is_right(file, *digests)) {
            return false;
        }
        remember(file.sha1);
        return true;
    }

    Result<> copy(const store::FileRecord& file) {
        const fs::path part = there_.partial_path(file.sha1);
        const auto digests =
            premises_.shelf.copy(file.sha1, file.extension, part, [&](std::uint64_t bytes) {
                premises_.board.read(bytes);
                return goes_on();
            });
        if (!digests) {
            ::unlink(part.c_str());
            return std::unexpected(digests.error());
        }
        if (!is_right(file, *digests)) {
            ::unlink(part.c_str());
            premises_.board.found(Finding::kWrong, name_of(file) +
                                                       " has the wrong digest, and is not brought "
                                                       "along; it is fetched again.");
            return throw_away(file);
        }
        if (auto shelved = there_.shelve(file.sha1, file.extension); !shelved) {
            return shelved;
        }
        // The time is what a client compares that goes on with a download.
        if (!there_.in_bucket()) {
            copy_time(file);
        }
        premises_.board.found(Finding::kCopied, "");
        remember(file.sha1);
        return {};
    }

    /// While it lies there, it is believed to be here.
    Result<> throw_away(const store::FileRecord& file) {
        if (auto removed = premises_.shelf.remove(file.sha1, file.extension); !removed) {
            premises_.board.found(Finding::kUnreadable, removed.error().text());
        }
        premises_.hooks.lost(file.sha1);
        return {};
    }

    /// A begun file is checked once it is complete, so that a copy that fails costs only its bytes.
    void copy_parts() {
        for (const fs::path& part : list_parts(premises_.shelf.root())) {
            std::error_code error;
            fs::copy_file(part, there_.root() / kPartialFolder / part.filename(),
                          fs::copy_options::overwrite_existing, error);
        }
    }

    void copy_time(const store::FileRecord& file) {
        std::array<timespec, 2> times{};
        if (premises_.shelf.in_bucket()) {
            const auto from = premises_.shelf.look(file.sha1, file.extension);
            if (!from || !*from) {
                return;
            }
            const auto time = std::chrono::floor<std::chrono::seconds>((*from)->modified);
            times.fill({.tv_sec = time.time_since_epoch().count(), .tv_nsec = 0});
        } else {
            struct stat status{};
            if (::stat(premises_.shelf.path_of(file.sha1, file.extension).c_str(), &status) != 0) {
                return;
            }
            times = {status.st_atim, status.st_mtim};
        }
        ::utimensat(AT_FDCWD, there_.path_of(file.sha1, file.extension).c_str(), times.data(), 0);
    }

    static bool is_right(const store::FileRecord& file, const FileHasher::Digests& digests) {
        return digests.sha1 == file.sha1 && (!file.sha256 || digests.sha256 == *file.sha256);
    }

    Result<> check_space(const ShelfEntry& entry) const {
        const auto free = there_.free_space();
        if (!free || *free >= entry.size + premises_.options.reserve) {
            return {};
        }
        return std::unexpected(file_error("copy to", there_.root(), ENOSPC));
    }

    bool goes_on() const { return !premises_.board.is_cancelled(); }
    void remember(const Sha1& sha1) {
        const std::scoped_lock lock(mutex_);
        copied_.insert(sha1);
    }

    const Premises& premises_;
    const Shelf& there_;
    std::mutex mutex_;
    std::unordered_set<Sha1> copied_;
};

}  // namespace

Result<fs::path> content_folder(const store::Store& store, const fs::path& otherwise) {
    const auto setting = store.setting(kFolder);
    if (!setting) {
        return std::unexpected(setting.error());
    }
    const std::string folder = text_of(setting);
    return folder.empty() ? otherwise : fs::path(folder);
}

Result<> move_shelves(const Premises& premises, const MoveRequest& request) {
    // Where this one goes may be what an earlier one has not left yet.
    if (auto left = leave_former_folder(premises); !left) {
        return left;
    }
    const auto there = premises.shelf.elsewhere(request.folder);
    if (!there) {
        return std::unexpected(there.error());
    }
    if (auto prepared = (*there)->prepare(); !prepared) {
        return prepared;
    }
    if (auto connected = (*there)->connect(); !connected) {
        return connected;
    }
    if (request.skip_copy) {
        return premises.hooks.while_nothing_comes(
            [&] { return Move::switch_over(premises, **there, {}); });
    }
    if (auto moved = Move(premises, **there).run(); !moved) {
        return moved;
    }
    return leave_former_folder(premises);
}

bool has_former_folder(const store::Store& store) {
    return !text_of(store.setting(kLeft)).empty();
}

Result<> leave_former_folder(const Premises& premises) {
    const fs::path left = text_of(premises.store.setting(kLeft));
    if (left.empty() || left == premises.shelf.place()) {
        return {};
    }
    const auto former = premises.shelf.elsewhere(left);
    if (!former) {
        return std::unexpected(former.error());
    }
    const auto entries = (*former)->list();
    if (!entries) {
        return std::unexpected(entries.error());
    }
    premises.board.stage("remove", entries->size(), 0);
    for (const ShelfEntry& entry : *entries) {
        const auto known = record_of(premises.store, entry);
        if (!known) {
            return std::unexpected(known.error());
        }
        if (*known) {
            if (auto removed = (*former)->remove((*known)->sha1, entry.extension); !removed) {
                premises.board.found(Finding::kUnreadable, removed.error().text());
            }
        }
        premises.board.done();
    }
    for (const fs::path& part : list_parts((*former)->root())) {
        ::unlink(part.c_str());
    }
    remove_empty_folders((*former)->root());
    return premises.store.put_setting(kLeft, "");
}

}  // namespace headwater::content
