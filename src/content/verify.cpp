// Every file that the store knows against its shelf, and then what lies there and is none of them.

#include "content/premises.hpp"

namespace headwater::content {
namespace {

using store::FileState;

class Verification {
public:
    Verification(const Premises& premises, bool deep) : premises_(premises), deep_(deep) {}

    Result<> run() {
        // Somebody may have removed it all; what is fetched again needs a folder.
        if (auto prepared = premises_.shelf.prepare(); !prepared) {
            return prepared;
        }
        // Of a bucket, this is what is looked at afterwards.
        const auto entries = premises_.shelf.list();
        if (!entries) {
            return std::unexpected(entries.error());
        }
        const auto files = all_files(premises_.store);
        if (!files) {
            return std::unexpected(files.error());
        }
        premises_.board.stage("check", files->size(), deep_ ? bytes_of(*files) : 0);
        auto checked = for_each_at_once(premises_, files->size(), [&](std::size_t i) -> Result<> {
            auto done = check((*files)[i]);
            premises_.board.done();
            return done;
        });
        if (!checked) {
            return checked;
        }
        return report_strangers();
    }

private:
    Result<> check(const store::FileRecord& file) {
        const auto found = premises_.shelf.look(file.sha1, file.extension);
        if (!found || !*found) {
            premises_.board.read(deep_ ? file.size : 0);
            return found ? missing(file) : leave(file, found.error());
        }
        if (!(*found)->is_file || (*found)->size != file.size) {
            premises_.board.read(deep_ ? file.size : 0);
            return wrong(file, (*found)->is_file ? "has the wrong length" : "is no file");
        }
        return deep_ ? check_digests(file) : right(file);
    }

    Result<> check_digests(const store::FileRecord& file) {
        const auto digests =
            premises_.shelf.read(file.sha1, file.extension, [&](std::uint64_t bytes) {
                premises_.board.read(bytes);
                return !premises_.board.is_cancelled();
            });
        if (!digests) {
            return digests.error().code == "content.cancelled" ? std::unexpected(digests.error())
                                                               : leave(file, digests.error());
        }
        if (digests->sha1 != file.sha1) {
            return wrong(file, "has the wrong SHA-1 digest");
        }
        if (file.sha256 && digests->sha256 != *file.sha256) {
            return wrong(file, "has the wrong SHA-256 digest");
        }
        if (!premises_.shelf.check_copy(file.sha1, file.extension, [&](std::uint64_t) {
                return !premises_.board.is_cancelled();
            })) {
            premises_.board.found(Finding::kWrong, "The copy here of " + name_of(file) +
                                                       " had the wrong SHA-1 digest, and was "
                                                       "thrown away; it is brought again.");
        }
        return right(file);
    }

    /// The state as it is now: a transfer may have changed it since the list was made.
    Result<FileState> state_of(const store::FileRecord& file) const {
        const auto now = premises_.store.file(file.sha1);
        if (!now) {
            return std::unexpected(now.error());
        }
        return *now ? (*now)->state : FileState::kNotWanted;
    }

    Result<> right(const store::FileRecord& file) {
        if (file.state == FileState::kPresent) {
            return {};
        }
        const auto state = state_of(file);
        if (!state || *state == FileState::kPresent) {
            return state ? Result<>{} : std::unexpected(state.error());
        }
        premises_.board.found(Finding::kFound,
                              name_of(file) + " is here, and was not marked so; now it is.");
        const std::vector<Sha1> one = {file.sha1};
        return premises_.store.set_file_state(one, FileState::kPresent, "", premises_.clock.now());
    }

    Result<> missing(const store::FileRecord& file) {
        if (file.state != FileState::kPresent) {
            return {};
        }
        premises_.board.found(Finding::kMissing,
                              name_of(file) + " is missing, and is fetched again.");
        premises_.hooks.lost(file.sha1);
        return {};
    }

    /// Thrown away first and queued then: between the two, a server that is killed finds at its
    /// next start that the file is missing. The other way round it would believe the wrong file.
    Result<> wrong(const store::FileRecord& file, const std::string& how) {
        if (auto removed = premises_.shelf.remove(file.sha1, file.extension); !removed) {
            return leave(file, removed.error());
        }
        const bool fetched_again = file.state == FileState::kPresent;
        premises_.board.found(Finding::kWrong,
                              name_of(file) + " " + how + ", and was thrown away" +
                                  (fetched_again ? "; it is fetched again." : "."));
        premises_.hooks.lost(file.sha1);
        return {};
    }

    Result<> leave(const store::FileRecord& file, const Error& error) {
        premises_.board.found(Finding::kUnreadable, name_of(file) + ": " + error.text());
        return {};
    }

    Result<> report_strangers() {
        premises_.board.stage("list", 0, 0);
        const auto entries = premises_.shelf.list();
        if (!entries) {
            return std::unexpected(entries.error());
        }
        for (const ShelfEntry& entry : *entries) {
            const auto known = entry.sha1 ? premises_.store.file(*entry.sha1)
                                          : Result<std::optional<store::FileRecord>>{};
            if (!known) {
                return std::unexpected(known.error());
            }
            if (!*known || (*known)->extension != entry.extension) {
                premises_.board.found(Finding::kStrange,
                                      entry.path.string() + " is no file that is known here.");
            }
        }
        return premises_.board.check_cancelled();
    }

    const Premises& premises_;
    const bool deep_;
};

}  // namespace

Result<> verify(const Premises& premises, bool deep) {
    return Verification(premises, deep).run();
}

}  // namespace headwater::content
