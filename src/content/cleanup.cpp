// Frees the files that nothing needs any more.

#include <unistd.h>

#include <cerrno>
#include <unordered_set>

#include "content/premises.hpp"

namespace headwater::content {
namespace {

using store::FileState;

class CleanUp {
public:
    explicit CleanUp(const Premises& premises) : premises_(premises) {}

    Result<> run() {
        const auto entries = premises_.shelf.list();
        if (!entries) {
            return std::unexpected(entries.error());
        }
        const auto needed = premises_.hooks.needed();
        if (!needed) {
            return std::unexpected(needed.error());
        }
        needed_.insert(needed->begin(), needed->end());
        premises_.board.stage("remove", entries->size(), 0);
        for (const ShelfEntry& entry : *entries) {
            auto done = premises_.board.check_cancelled();
            if (done) {
                done = look_at(entry);
            }
            if (!done) {
                return done;
            }
            premises_.board.done();
        }
        if (auto cleaned = remove_parts(); !cleaned) {
            return cleaned;
        }
        return make_good();
    }

private:
    Result<> look_at(const ShelfEntry& entry) {
        if (!entry.sha1) {
            premises_.board.found(Finding::kStrange,
                                  entry.path.string() + " is no file that is known here.");
            return {};
        }
        if (needed_.contains(*entry.sha1)) {
            return {};
        }
        const auto known = premises_.store.file(*entry.sha1);
        if (!known) {
            return std::unexpected(known.error());
        }
        // One that waits was asked for after the list was made.
        const bool is_mine = *known && (*known)->extension == entry.extension;
        if (is_mine &&
            ((*known)->state == FileState::kPresent || (*known)->state == FileState::kNotWanted)) {
            return free_file(entry, **known);
        }
        return is_mine ? Result<>{} : remove(entry);
    }

    /// Given up first and removed then: killed between the two, the file is only here for nothing.
    Result<> free_file(const ShelfEntry& entry, const store::FileRecord& file) {
        const std::vector<Sha1> one = {file.sha1};
        if (auto stored = premises_.store.set_file_state(one, FileState::kNotWanted, "",
                                                         premises_.clock.now());
            !stored) {
            return stored;
        }
        freed_.push_back(file.sha1);
        return remove(entry);
    }

    Result<> remove(const ShelfEntry& entry) {
        const auto removed = premises_.shelf.remove(*entry.sha1, entry.extension);
        if (!removed) {
            premises_.board.found(Finding::kUnreadable, removed.error().text());
            return {};
        }
        premises_.board.found(Finding::kFreed, "", entry.size);
        return {};
    }

    /// The beginnings of files that nobody waits for.
    Result<> remove_parts() {
        for (const std::filesystem::path& part : list_parts(premises_.shelf.root())) {
            constexpr std::size_t kDigits = 40;
            const auto bytes = from_hex(part.filename().string().substr(0, kDigits));
            const auto sha1 = bytes ? Sha1::from(*bytes) : std::nullopt;
            if (!sha1) {
                continue;
            }
            const auto known = premises_.store.file(*sha1);
            if (!known) {
                return std::unexpected(known.error());
            }
            const bool is_awaited = *known && (*known)->state != FileState::kPresent &&
                                    (*known)->state != FileState::kNotWanted;
            std::error_code error;
            const std::uintmax_t size = std::filesystem::file_size(part, error);
            if (!is_awaited && !error && ::unlink(part.c_str()) == 0) {
                premises_.board.found(Finding::kFreed, "", size);
            }
        }
        return {};
    }

    /// Somebody may have approved meanwhile, and found a file here that is gone now.
    Result<> make_good() {
        if (auto wanted = premises_.hooks.want_again(); !wanted) {
            return wanted;
        }
        for (const Sha1& sha1 : freed_) {
            const auto known = premises_.store.file(sha1);
            if (!known) {
                return std::unexpected(known.error());
            }
            if (*known && (*known)->state == FileState::kPresent &&
                !premises_.shelf.holds(sha1, (*known)->extension, (*known)->size)) {
                premises_.hooks.lost(sha1);
            }
        }
        return {};
    }

    const Premises& premises_;
    std::unordered_set<Sha1> needed_;
    std::vector<Sha1> freed_;
};

}  // namespace

Result<> clean_up(const Premises& premises) {
    return CleanUp(premises).run();
}

}  // namespace headwater::content
