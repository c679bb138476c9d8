#include "content/upkeep.hpp"

#include <unistd.h>

#include "base/log.hpp"
#include "content/premises.hpp"

namespace headwater::content {
namespace {

namespace fs = std::filesystem;

bool is_within(const fs::path& inner, const fs::path& outer) {
    const auto [in, out] = std::ranges::mismatch(inner, outer);
    return out == outer.end();
}

std::unexpected<Error> unusable(const fs::path& folder, const std::string& why) {
    return fail("content.folder",
                "The content cannot be moved to " + folder.string() + ": " + why + ".",
                "Give the full path of a folder of its own, where the service's user may write.");
}

/// The path without links and dots, if the shelves can be moved there.
Result<fs::path> check_folder(const MoveRequest& request, const fs::path& from) {
    const fs::path& folder = request.folder;
    if (folder.native().find('\0') != std::string::npos) {
        return unusable(fs::path(folder.native().substr(0, folder.native().find('\0'))),
                        "its name has a NUL in it");
    }
    if (!folder.is_absolute()) {
        return unusable(folder, "that is no full path");
    }
    std::error_code error;
    fs::path to = fs::weakly_canonical(folder, error);
    const fs::path old = error ? from : fs::weakly_canonical(fs::absolute(from), error);
    if (error) {
        return unusable(folder, error.message());
    }
    if (!to.has_filename()) {
        to = to.parent_path();
    }
    if (is_within(to, old) || is_within(old, to)) {
        return unusable(folder, to == old ? "it is there" : "one of the folders is in the other");
    }
    if (request.skip_copy && !fs::is_directory(to, error)) {
        return unusable(folder, "it is no folder, and nothing is to be copied");
    }
    if (auto prepared = Shelf(to).prepare(); !prepared) {
        return std::unexpected(prepared.error());
    }
    if (::access((to / kPartialFolder).c_str(), W_OK | X_OK) != 0) {
        return unusable(folder, describe_errno(errno));
    }
    return to;
}

/// The bucket by its one name, if the shelves can be moved there.
Result<fs::path> check_bucket(const fs::path& place, const Shelf& shelf) {
    if (shelf.in_bucket()) {
        return unusable(place, shelf.place() == place ? "it is there"
                                                      : "it is in a bucket; move it to a folder "
                                                        "first");
    }
    auto there = shelf.elsewhere(place);
    if (!there) {
        return std::unexpected(there.error());
    }
    std::error_code error;
    const fs::path old = fs::weakly_canonical(fs::absolute(shelf.root()), error);
    const fs::path cache = fs::weakly_canonical(fs::absolute((*there)->root()), error);
    if (is_within(cache, old) || is_within(old, cache)) {
        return unusable(place,
                        "`folder` under [s3] and the present folder are one, or one is in "
                        "the other");
    }
    if (auto prepared = (*there)->prepare(); !prepared) {
        return std::unexpected(prepared.error());
    }
    if (auto usable = (*there)->probe(); !usable) {
        return std::unexpected(usable.error());
    }
    return (*there)->place();
}

Result<fs::path> check_target(const MoveRequest& request, const Shelf& shelf) {
    return is_bucket_place(request.folder.native()) ? check_bucket(request.folder, shelf)
                                                    : check_folder(request, shelf.root());
}

}  // namespace

Upkeep::Upkeep(store::Store& store, Shelf& shelf, const Clock& clock, UpkeepHooks hooks,
               UpkeepOptions options)
    : store_(store),
      shelf_(shelf),
      clock_(clock),
      hooks_(std::move(hooks)),
      options_(options),
      board_(clock) {}

Upkeep::~Upkeep() {
    stop();
}

void Upkeep::resume() {
    if (has_former_folder(store_)) {
        std::ignore = begin(TaskKind::kMove, [this] {
            return leave_former_folder({store_, shelf_, clock_, hooks_, options_, board_});
        });
    }
}

Result<> Upkeep::verify(bool deep) {
    return begin(TaskKind::kVerify, [this, deep] {
        return content::verify({store_, shelf_, clock_, hooks_, options_, board_}, deep);
    });
}

Result<> Upkeep::reset() {
    return begin(TaskKind::kReset, [this]() -> Result<> {
        auto verified = content::verify({store_, shelf_, clock_, hooks_, options_, board_}, true);
        return verified ? hooks_.want_again() : verified;
    });
}

Result<> Upkeep::clean_up() {
    return begin(TaskKind::kCleanup, [this] {
        return content::clean_up({store_, shelf_, clock_, hooks_, options_, board_});
    });
}

Result<> Upkeep::move(MoveRequest request) {
    auto to = check_target(request, shelf_);
    if (!to) {
        return std::unexpected(to.error());
    }
    request.folder = std::move(*to);
    return begin(TaskKind::kMove, [this, request = std::move(request)] {
        return move_shelves({store_, shelf_, clock_, hooks_, options_, board_}, request);
    });
}

Result<> Upkeep::cancel() {
    if (!board_.cancel()) {
        return fail("content.no_task", "No task on the content is running.");
    }
    return {};
}

void Upkeep::stop() {
    const std::scoped_lock lock(mutex_);
    is_stopped_ = true;
    board_.cancel();
    if (thread_.joinable()) {
        thread_.join();
    }
}

Result<> Upkeep::begin(TaskKind kind, std::function<Result<>()> work) {
    const std::scoped_lock lock(mutex_);
    if (is_stopped_ || !board_.begin(kind)) {
        return fail("content.busy", "Another task on the content is running.",
                    "Watch it with `headwater content task`, or end it with "
                    "`headwater content task --cancel`.");
    }
    if (thread_.joinable()) {
        thread_.join();  // it has ended
    }
    thread_ = std::thread([this, work = std::move(work)] {
        const Result<> result = work();
        if (!result) {
            log::error("A task on the content failed: " + result.error().text());
        }
        board_.end(result);
    });
    return {};
}

}  // namespace headwater::content
