#include "diagnosis/health_checks.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "diagnosis/event_table.hpp"

namespace headwater::diagnosis {
namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;

/// A condition in two degrees: the error takes the place of the warning.
std::vector<Finding> in_two_degrees(std::uint32_t error_number, bool is_error,
                                    std::uint32_t warning_number, bool is_warning,
                                    const std::string& text,
                                    const std::vector<std::string>& evidence) {
    Finding error{error_number, is_error, text, evidence};
    Finding warning{warning_number, is_warning && !is_error, text, evidence};
    if (is_error) {
        warning.text = "This has become the error " + std::to_string(error_number) + ". " + text;
    }
    return {std::move(error), std::move(warning)};
}

std::string gib_text(std::uint64_t bytes) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f GiB",
                  static_cast<double>(bytes) / static_cast<double>(kGiB));
    return text.data();
}

/// More than `percent` of a hundred; 0 is never.
bool is_above(std::uint64_t part, std::uint64_t whole, unsigned percent) {
    return percent != 0 && static_cast<double>(part) * 100 > static_cast<double>(whole) * percent;
}

std::string percent_text(std::uint64_t part, std::uint64_t whole) {
    const auto share = static_cast<double>(part) * 100 / static_cast<double>(whole);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %%", share);
    return text.data();
}

std::string user_name(uid_t user) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
        return found->pw_name;
    }
    return std::to_string(user);
}

/// As a shell takes it.
std::string quoted(const std::filesystem::path& path) {
    std::string text = "'";
    for (const char c : path.string()) {
        text += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return text + "'";
}

}  // namespace

std::optional<DiskSpace> disk_space(const std::filesystem::path& folder) {
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    if (error || space.capacity == 0) {
        return std::nullopt;
    }
    return DiskSpace{space.available, space.capacity};
}

FolderState look_at_folder(const std::filesystem::path& folder) {
    FolderState state;
    struct stat status{};
    if (::stat(folder.c_str(), &status) != 0) {
        state.error = errno;
        return state;
    }
    if (!S_ISDIR(status.st_mode)) {
        state.error = ENOTDIR;
        return state;
    }
    state.is_readable = ::faccessat(AT_FDCWD, folder.c_str(), R_OK | X_OK, AT_EACCESS) == 0;
    state.is_writable = ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
    state.is_exposed = (status.st_mode & S_IWOTH) != 0;
    std::array<char, 16> mode{};
    std::snprintf(mode.data(), mode.size(), "%03o", status.st_mode & 07777U);
    state.access = "owner " + user_name(status.st_uid) + ", mode " + mode.data();
    return state;
}

std::vector<Finding> check_disk(const HealthOptions& options, const DiskSpace& disk,
                                const std::filesystem::path& folder) {
    const auto is_below = [&](unsigned percent, unsigned gib) {
        return disk.free < gib * kGiB &&
               static_cast<double>(disk.free) * 100 < static_cast<double>(disk.total) * percent;
    };
    return in_two_degrees(
        event::kDiskAlmostFull,
        disk.is_awaited || is_below(options.disk_error_percent, options.disk_error_gib),
        event::kDiskLow, is_below(options.disk_warning_percent, options.disk_warning_gib),
        gib_text(disk.free) + " (" + percent_text(disk.free, disk.total) +
            ") are free on the disk of " + folder.string() +
            (disk.is_awaited ? ", too little for the files that are wanted." : "."),
        {"size of the disk: " + gib_text(disk.total)});
}

std::vector<Finding> check_folder(const FolderState& state, const std::filesystem::path& folder) {
    const bool is_there = state.error == 0;
    Finding missing{event::kContentMissing, !is_there,
                    "The content folder " + folder.string() + " is there again."};
    if (!is_there) {
        missing.text = "The content folder " + folder.string() + " cannot be opened.";
        missing.evidence = {describe_errno(state.error)};
        return {std::move(missing)};
    }
    Finding permissions{
        event::kContentPermissions, !state.is_readable || !state.is_writable,
        "The server may read and write its content folder " + folder.string() + " again."};
    if (permissions.holds) {
        permissions.text = "The server may not " +
                           std::string(state.is_readable   ? "write"
                                       : state.is_writable ? "read"
                                                           : "read or write") +
                           " its content folder " + folder.string() + ".";
        permissions.evidence = {state.access,
                                "chown -R " + user_name(::geteuid()) + " " + quoted(folder),
                                "chmod -R u+rwX " + quoted(folder)};
    }
    Finding exposed{
        event::kContentExposed, state.is_exposed,
        "Not every user may write to the content folder " + folder.string() + " any more."};
    if (exposed.holds) {
        exposed.text = "Every user may write to the content folder " + folder.string() + ".";
        exposed.evidence = {state.access, "chmod -R o-w " + quoted(folder)};
    }
    return {std::move(missing), std::move(permissions), std::move(exposed)};
}

std::vector<Finding> check_synchronization(const HealthOptions& options,
                                           const store::HealthFacts& facts, Time since, Time now) {
    const Time last = facts.last_success.value_or(since);
    const auto days = std::chrono::floor<std::chrono::days>(now - last).count();
    Finding overdue{event::kSynchronizationOverdue,
                    options.synchronization_days != 0 &&
                        now - last > std::chrono::days(options.synchronization_days),
                    "The synchronization is not overdue any more."};
    if (overdue.holds) {
        overdue.text = "No synchronization has succeeded for " + std::to_string(days) + " days.";
        overdue.evidence = {(facts.last_success ? "the last good one ended "
                                                : "none has succeeded since the first start, ") +
                            to_xml_time(std::chrono::floor<std::chrono::seconds>(last))};
    }
    return {std::move(overdue)};
}

std::vector<Finding> check_files(const HealthOptions& options, std::uint64_t failed) {
    const auto reaches = [failed](unsigned threshold) {
        return threshold != 0 && failed >= threshold;
    };
    const std::string text =
        failed == 0   ? "No file of an update has failed to download any more."
        : failed == 1 ? "1 file of an update has failed to download."
                      : std::to_string(failed) + " files of updates have failed to download.";
    return in_two_degrees(event::kManyFilesFailed, reaches(options.failed_files_error),
                          event::kSomeFilesFailed, reaches(options.failed_files_warning), text, {});
}

std::vector<Finding> check_installations(const HealthOptions& options,
                                         const store::HealthFacts& facts) {
    const std::uint64_t whole = facts.installations;
    const std::uint64_t failed = facts.failed_installations;
    const bool says_something = whole >= options.installation_least;
    const std::string text = std::to_string(failed) + " of " + std::to_string(whole) +
                             " installations of the last " +
                             std::to_string(options.installation_days) + " days have failed.";
    return in_two_degrees(
        event::kInstallationsFailOften,
        says_something && is_above(failed, whole, options.installation_error_percent),
        event::kInstallationsFail,
        says_something && is_above(failed, whole, options.installation_warning_percent), text, {});
}

std::vector<Finding> check_silence(const HealthOptions& options, const store::HealthFacts& facts) {
    const std::string text = std::to_string(facts.silent_computers) + " of " +
                             std::to_string(facts.computers) + " computers have not reported for " +
                             std::to_string(options.silent_days) + " days.";
    return in_two_degrees(
        event::kManyComputersSilent,
        is_above(facts.silent_computers, facts.computers, options.silent_error_percent),
        event::kComputersSilent,
        is_above(facts.silent_computers, facts.computers, options.silent_warning_percent), text,
        {});
}

std::vector<Finding> check_contact(const HealthOptions& options, std::uint64_t clients, Time since,
                                   Time now) {
    Finding nobody{event::kNoComputer,
                   options.no_computer_hours != 0 && clients == 0 &&
                       now - since > std::chrono::hours(options.no_computer_hours),
                   "Computers or downstream servers have contacted this server."};
    if (nobody.holds) {
        nobody.text = "No computer and no downstream server has ever contacted this server.";
        nobody.evidence = {"it has waited since " +
                           to_xml_time(std::chrono::floor<std::chrono::seconds>(since))};
    }
    return {std::move(nobody)};
}

Finding check_service(std::uint32_t number, std::string_view name, const Result<>& answer) {
    if (answer) {
        return {number, false, std::string(name) + " answers again."};
    }
    Finding silent{
        number, true, std::string(name) + " does not answer.", {answer.error().sentence}};
    silent.evidence.insert(silent.evidence.end(), answer.error().causes.begin(),
                           answer.error().causes.end());
    return silent;
}

}  // namespace headwater::diagnosis
