#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "diagnosis/doctor_checks.hpp"
#include "diagnosis/health_checks.hpp"
#include "upstream/run_error.hpp"

namespace headwater::diagnosis {
namespace {

namespace fs = std::filesystem;

/// Of folders and files that are looked at; more are not needed to see what is wrong.
constexpr std::size_t kMaxLooked = 50'000;
constexpr std::size_t kMaxShown = 20;
constexpr std::size_t kMaxFiles = 10'000;
constexpr std::chrono::minutes kStuckAfter{30};
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;

/// The full error of a run as the history keeps it.
CheckResult failed_run(const store::SyncRun& run) {
    const upstream::RunError error = upstream::parse_run_error(run.error);
    CheckResult result{
        CheckState::kError,
        "The synchronization " + std::to_string(run.id) + " failed: " + error.message,
        {"started " + to_xml_time(run.started) + ", " + run.kind + ", from " + run.upstream,
         "stage " + error.stage, "code " + error.code},
        error.remedy};
    if (!error.request.empty()) {
        result.evidence.push_back("request " + error.request);
    }
    result.evidence.insert(result.evidence.end(), error.causes.begin(), error.causes.end());
    return result;
}

std::string user_name(uid_t user) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    ::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
    return found != nullptr ? found->pw_name : std::to_string(user);
}

/// What is wrong with permissions, the commands that grant them, and what was mended.
class Permissions {
public:
    explicit Permissions(bool fix) : fix_(fix) {}

    /// A folder above the content folder: it has to let the service through.
    void passage(const fs::path& folder) {
        if (::faccessat(AT_FDCWD, folder.c_str(), X_OK, AT_EACCESS) != 0) {
            complain("chmod a+x " + shell_quoted(folder));
        }
    }

    void look(const fs::path& path) {
        struct stat status{};
        if (++looked_ > kMaxLooked || ::lstat(path.c_str(), &status) != 0 ||
            S_ISLNK(status.st_mode)) {
            return;
        }
        const bool is_folder = S_ISDIR(status.st_mode);
        const mode_t needed = is_folder ? S_IRWXU : S_IRUSR | S_IWUSR;
        const bool is_ours = status.st_uid == ::geteuid();
        const int wanted = is_folder ? R_OK | W_OK | X_OK : R_OK | W_OK;
        const bool is_usable = ::faccessat(AT_FDCWD, path.c_str(), wanted, AT_EACCESS) == 0;
        if (!is_ours && !is_usable) {
            complain("chown " + user_name(::geteuid()) + " " + shell_quoted(path));
        }
        const bool lacks = (status.st_mode & needed) != needed && (is_ours || !is_usable);
        // The group of the service has nobody else in it, as systemd and adduser make it.
        const mode_t others = S_IWOTH | (status.st_gid == ::getegid() ? 0U : mode_t{S_IWGRP});
        const mode_t exposed = status.st_mode & others;
        if (!lacks && exposed == 0) {
            return;
        }
        const mode_t mended = ((status.st_mode | needed) & ~others) & 07777U;
        if (fix_ && is_ours && ::chmod(path.c_str(), mended) == 0) {
            mended_.push_back("mended: " + path.string());
            return;
        }
        fixable_ = fixable_ || is_ours;
        complain("chmod " + std::string(lacks ? (is_folder ? "u+rwx" : "u+rw") : "") +
                 (lacks && exposed != 0 ? "," : "") + taken_away(exposed) + " " +
                 shell_quoted(path));
    }

    [[nodiscard]] const std::vector<std::string>& commands() const { return commands_; }
    [[nodiscard]] const std::vector<std::string>& mended() const { return mended_; }
    [[nodiscard]] bool is_fixable() const { return fixable_; }

private:
    /// As chmod takes it: "go-w".
    static std::string taken_away(mode_t exposed) {
        const std::string from = std::string((exposed & S_IWGRP) != 0 ? "g" : "") +
                                 ((exposed & S_IWOTH) != 0 ? "o" : "");
        return from.empty() ? "" : from + "-w";
    }

    void complain(std::string command) {
        if (std::ranges::find(commands_, command) == commands_.end()) {
            commands_.push_back(std::move(command));
        }
    }

    bool fix_;
    std::size_t looked_ = 0;
    bool fixable_ = false;
    std::vector<std::string> commands_;
    std::vector<std::string> mended_;
};

void shorten(std::vector<std::string>& lines) {
    if (lines.size() > kMaxShown) {
        const std::size_t more = lines.size() - kMaxShown;
        lines.resize(kMaxShown);
        lines.push_back("and " + std::to_string(more) + " more");
    }
}

/// What speaks against the file system; empty for nothing.
std::string doubt_of(const fs::path& folder) {
    constexpr unsigned kTmpfs = 0x01021994;
    constexpr unsigned kNfs = 0x6969;
    constexpr unsigned kSmb = 0xFF534D42;
    constexpr unsigned kSmb2 = 0xFE534D42;
    struct statfs system{};
    if (::statfs(folder.c_str(), &system) != 0) {
        return {};
    }
    switch (static_cast<unsigned>(system.f_type)) {
        case kTmpfs:
            return "it lies in memory (tmpfs): every file is lost when the machine restarts";
        case kNfs:
        case kSmb:
        case kSmb2:
            return "it lies on a network file system: the server waits whenever that does";
        default:
            return {};
    }
}

bool is_read_only(const fs::path& folder) {
    struct statvfs system{};
    return ::statvfs(folder.c_str(), &system) == 0 && (system.f_flag & ST_RDONLY) != 0;
}

CheckResult missing_folder(const CheckContext& context, const fs::path& folder) {
    if (context.fix) {
        std::error_code error;
        fs::create_directories(folder / ".partial", error);
        if (!error) {
            return {CheckState::kOk,
                    "The content folder " + folder.string() + " was missing, and is made again.",
                    {"files that were in it are fetched again"}};
        }
    }
    return {CheckState::kError,
            "The content folder " + folder.string() + " cannot be opened.",
            {describe_errno(errno)},
            "Mount or make it: mkdir -p " + shell_quoted(folder) + " && chown " +
                user_name(::geteuid()) + " " + shell_quoted(folder),
            true};
}

Permissions look_through(const CheckContext& context, const fs::path& folder) {
    Permissions permissions(context.fix);
    for (fs::path above = folder.parent_path(); above != above.parent_path();
         above = above.parent_path()) {
        permissions.passage(above);
    }
    permissions.look(folder);
    std::error_code error;
    auto entry = fs::recursive_directory_iterator(
        folder, fs::directory_options::skip_permission_denied, error);
    std::size_t looked = 0;
    while (!error && entry != fs::recursive_directory_iterator() && ++looked < kMaxLooked) {
        permissions.look(entry->path());
        entry.increment(error);
    }
    return permissions;
}

/// A line that says whether systemd starts the service with the machine.
std::string boot_text(const fs::path& units, bool& is_enabled) {
    is_enabled = true;
    std::error_code error;
    if (!fs::is_directory("/run/systemd/system", error)) {
        return "this machine has no systemd: whoever starts the server has to do so after a boot";
    }
    for (auto entry = fs::directory_iterator(units, error);
         !error && entry != fs::directory_iterator(); entry.increment(error)) {
        if (entry->path().extension() == ".wants" &&
            fs::is_symlink(entry->path() / "headwater.service", error)) {
            return "starts with the machine (systemd)";
        }
    }
    is_enabled = false;
    return "does not start with the machine: systemctl enable headwater.service";
}

}  // namespace

CheckResult check_last_synchronization(const CheckContext& context) {
    const auto runs = context.sources.store.runs(2);
    if (!runs) {
        return failed(runs.error());
    }
    const auto last = std::ranges::find_if(
        *runs, [](const store::SyncRun& run) { return run.result != store::RunResult::kRunning; });
    if (last == runs->end()) {
        return {CheckState::kWarning,
                runs->empty() ? "This server was never synchronized."
                              : "The first synchronization is running.",
                {},
                runs->empty() ? "Synchronize now: `headwater sync now`." : ""};
    }
    if (last->result == store::RunResult::kFailed) {
        return failed_run(*last);
    }
    std::vector<std::string> evidence = {
        "ended " + to_xml_time(last->ended.value_or(last->started)) + ", " + last->kind +
            ", from " + last->upstream,
        std::to_string(last->new_updates) + " new, " + std::to_string(last->revised_updates) +
            " revised, " + std::to_string(last->expired_updates) + " expired"};
    const std::string number = std::to_string(last->id);
    if (last->result == store::RunResult::kSucceeded) {
        return {CheckState::kOk, "The synchronization " + number + " succeeded.",
                std::move(evidence)};
    }
    const bool is_cancelled = last->result == store::RunResult::kCancelled;
    return {CheckState::kWarning,
            "The synchronization " + number +
                (is_cancelled ? " was cancelled." : " was cut off: the server ended meanwhile."),
            std::move(evidence), "Synchronize again; what is stored is not fetched twice."};
}

CheckResult check_content_folder(const CheckContext& context) {
    const auto bucket = context.sources.bucket ? context.sources.bucket() : std::nullopt;
    if (bucket && !bucket->usable) {
        return failed(bucket->usable.error(), {"the content is in " + bucket->place});
    }
    const fs::path folder = fs::absolute(context.sources.content());
    std::error_code error;
    errno = 0;
    if (!fs::is_directory(folder, error)) {
        errno = error ? error.value() : ENOENT;
        return missing_folder(context, folder);
    }
    std::vector<std::string> evidence = {folder.string() + ": " + look_at_folder(folder).access};
    if (bucket) {
        evidence.push_back("in " + bucket->place +
                           " a small object was put, read, listed and removed");
    }
    if (const auto disk = disk_space(folder)) {
        evidence.push_back(std::to_string(disk->free / kMiB) + " MiB of " +
                           std::to_string(disk->total / kMiB) + " MiB are free");
    }
    evidence.push_back("the service runs as " + user_name(::geteuid()));
    if (is_read_only(folder)) {
        return {CheckState::kError, "The content folder is on a file system that is read-only.",
                std::move(evidence), "Mount it for writing, and look why it is not."};
    }
    const Permissions permissions = look_through(context, folder);
    std::vector<std::string> commands = permissions.commands();
    std::vector<std::string> mended = permissions.mended();
    shorten(commands);
    shorten(mended);
    evidence.insert(evidence.end(), mended.begin(), mended.end());
    if (!commands.empty()) {
        evidence.insert(evidence.end(), commands.begin(), commands.end());
        return {CheckState::kError, "Permissions in the content folder are wrong.",
                std::move(evidence),
                "Run the commands above" +
                    std::string(permissions.is_fixable()
                                    ? ", or `headwater doctor --check content_folder --fix`."
                                    : "."),
                permissions.is_fixable()};
    }
    if (const std::string doubt = doubt_of(folder); !doubt.empty()) {
        evidence.push_back(doubt);
        return {CheckState::kWarning, "The content folder can be used, but " + doubt + ".",
                std::move(evidence), "Keep it on a local disk."};
    }
    return {CheckState::kOk,
            mended.empty() ? "The content folder is there, and its permissions are right."
                           : "Permissions in the content folder were wrong, and are mended.",
            std::move(evidence)};
}

CheckResult check_transfer(const CheckContext& context) {
    content::Transfer& transfer = context.sources.transfer;
    std::vector<std::string> evidence;
    if (context.fix) {
        if (auto restarted = transfer.restart(); !restarted) {
            return failed(restarted.error());
        }
        evidence.emplace_back("restarted, and failed files queued again");
    }
    const auto status = transfer.status();
    const auto waiting =
        context.sources.store.files_in_state(store::FileState::kWaiting, kMaxFiles);
    if (!status || !waiting) {
        return failed(status ? waiting.error() : status.error());
    }
    const std::size_t active = transfer.active().size();
    evidence.push_back(std::to_string(status->waiting) + " files are waiting, " +
                       std::to_string(active) + " of them under way; " +
                       std::to_string(status->failed) + " failed; " +
                       std::to_string(status->present) + " are here");
    bool is_enabled = true;
    evidence.push_back(boot_text(context.sources.units, is_enabled));
    const auto oldest = std::ranges::min_element(*waiting, {}, &store::FileRecord::changed);
    bool is_stuck = false;
    if (oldest != waiting->end()) {
        evidence.push_back("oldest waiting file: " + oldest->name + ", since " +
                           to_xml_time(oldest->changed) +
                           (oldest->error.empty() ? "" : ": " + oldest->error));
        is_stuck = active == 0 && context.sources.clock.now() - oldest->changed > kStuckAfter;
    }
    if (status->mode != content::TransferMode::kRunning) {
        const bool is_stopped = status->mode == content::TransferMode::kStopped;
        return {is_stopped ? CheckState::kError : CheckState::kWarning,
                std::string("The transfer service is ") + (is_stopped ? "stopped" : "paused") +
                    " by an administrator.",
                std::move(evidence),
                is_stopped ? "`headwater transfers start` starts it."
                           : "`headwater transfers resume --all` lets it go on.",
                true};
    }
    if (status->disk_full) {
        return {CheckState::kError, "The transfer of files waits for space on the disk.",
                std::move(evidence),
                "Free space on the file system of the content folder; it goes on by itself.", true};
    }
    const std::string restart = "`headwater doctor --check transfer --fix` restarts it.";
    if (is_stuck) {
        return {CheckState::kError, "Files wait, and none is under way for half an hour.",
                std::move(evidence), "See the error of the oldest file; " + restart, true};
    }
    if (status->failed > 0) {
        return {CheckState::kWarning,
                std::to_string(status->failed) + " files could not be fetched.",
                std::move(evidence), "See which with `headwater content status`; " + restart, true};
    }
    if (!is_enabled) {
        return {CheckState::kWarning, "The transfer service runs, but will not after a restart.",
                std::move(evidence), "systemctl enable headwater.service", true};
    }
    return {CheckState::kOk, "The transfer service runs.", std::move(evidence), "", true};
}

CheckResult check_database(const CheckContext& context) {
    const auto state = context.sources.store.check();
    if (!state) {
        return failed(state.error());
    }
    std::vector<std::string> evidence = {
        std::to_string(state->bytes / kMiB) + " MiB, " + std::to_string(state->free_bytes / kMiB) +
            " MiB of them free for reuse",
        "tables of version " + std::to_string(state->version) + "; this program writes " +
            std::to_string(state->newest_version)};
    if (!state->damage.empty()) {
        evidence.insert(evidence.end(), state->damage.begin(), state->damage.end());
        return {CheckState::kError, "The database is damaged.", std::move(evidence),
                "Stop the server, keep a copy of the file, and put the newest backup in its place; "
                "look at the disk and its log."};
    }
    return {CheckState::kOk, "The database is sound.", std::move(evidence)};
}

}  // namespace headwater::diagnosis
