#include "diagnosis/event_table.hpp"

#include <algorithm>
#include <array>

namespace headwater::diagnosis {
namespace {

using enum EventKind;
using enum store::EventSeverity;

constexpr std::string_view kServiceRemedy =
    "Look for errors of this time in the log of the server; if it goes on, restart the server.";

constexpr std::array kTable = {
    EventDefinition{event::kFileStarted, "file_started", kInformation, kSilent,
                    "The download of a file has started; `headwater content status` shows it, and "
                    "no event is written for each file.",
                    ""},
    EventDefinition{event::kFileSucceeded, "file_succeeded", kInformation, kSilent,
                    "A file was downloaded and verified; `headwater content status` counts it, and "
                    "no event is written for each file.",
                    ""},
    EventDefinition{event::kFileFailed, "file_failed", kError, kNote,
                    "A file could not be downloaded, and is not tried again by itself before the "
                    "next synchronization.",
                    "Mend what the evidence names, then try again with `headwater content retry`."},
    EventDefinition{event::kSynchronizationScheduled, "synchronization_scheduled", kInformation,
                    kNote, "A synchronization was started by the schedule.", ""},
    EventDefinition{event::kSynchronizationManual, "synchronization_manual", kInformation, kNote,
                    "A synchronization was started by an administrator.", ""},
    EventDefinition{event::kSynchronizationSucceeded, "synchronization_succeeded", kInformation,
                    kNote, "A synchronization has succeeded.", ""},
    EventDefinition{event::kSynchronizationFailed, "synchronization_failed", kError, kNote,
                    "A synchronization has failed; the evidence is its whole error.",
                    "See the error with `headwater sync history` and `headwater sync show`."},
    EventDefinition{event::kSynchronizationCancelled, "synchronization_cancelled", kInformation,
                    kNote, "A synchronization was cancelled; what it had stored stays.",
                    "Start another one with `headwater sync now`."},
    EventDefinition{event::kOptionChanged, "option_changed", kInformation, kNote,
                    "An administrator has changed an option; the evidence tells from what to what.",
                    ""},
    EventDefinition{event::kContentPermissions, "content_permissions", kError, kCondition,
                    "The server may not read or may not write its content folder.",
                    "Give the folder to the user of the server; the evidence has the command."},
    EventDefinition{event::kContentExposed, "content_exposed", kWarning, kCondition,
                    "Every user of the system may write to the content folder.",
                    "Take the permission away; the evidence has the command."},
    EventDefinition{event::kLastSynchronizationFailed, "last_synchronization_failed", kError,
                    kCondition, "The last synchronization of the catalog has failed.",
                    "See its error with `headwater sync history` and `headwater sync show`, mend "
                    "what it names, and synchronize again."},
    EventDefinition{event::kSynchronizationOverdue, "synchronization_overdue", kWarning, kCondition,
                    "No synchronization has succeeded for longer than the threshold.",
                    "Synchronize with `headwater sync now`, and check the schedule."},
    EventDefinition{event::kManyFilesFailed, "many_files_failed", kError, kCondition,
                    "Many files of updates could not be downloaded.",
                    "See why with `headwater content status`, then `headwater content retry`."},
    EventDefinition{event::kSomeFilesFailed, "some_files_failed", kWarning, kCondition,
                    "Some files of updates could not be downloaded.",
                    "See why with `headwater content status`, then `headwater content retry`."},
    EventDefinition{event::kDiskAlmostFull, "disk_almost_full", kError, kCondition,
                    "The disk of the content folder is almost full.",
                    "Free space on it or make it larger; transfers wait where it is full, and go "
                    "on by themselves."},
    EventDefinition{event::kDiskLow, "disk_low", kWarning, kCondition,
                    "Space on the disk of the content folder is low.",
                    "Free space on it or make it larger before it is full."},
    EventDefinition{event::kReportingService, "reporting_service", kError, kCondition,
                    "The reporting service does not answer.", kServiceRemedy},
    EventDefinition{event::kAdministrationService, "administration_service", kError, kCondition,
                    "The administrators' API does not answer.", kServiceRemedy},
    EventDefinition{event::kClientService, "client_service", kError, kCondition,
                    "The service for Windows Update agents does not answer.", kServiceRemedy},
    EventDefinition{event::kServerSyncService, "server_sync_service", kError, kCondition,
                    "The service for downstream servers does not answer.", kServiceRemedy},
    EventDefinition{event::kSimpleAuthService, "simple_auth_service", kError, kCondition,
                    "The service that authorizes Windows Update agents does not answer.",
                    kServiceRemedy},
    EventDefinition{event::kDssAuthService, "dss_auth_service", kError, kCondition,
                    "The service that authorizes downstream servers does not answer.",
                    kServiceRemedy},
    EventDefinition{event::kContentMissing, "content_missing", kError, kCondition,
                    "The content folder is not there, or cannot be opened.",
                    "Bring its file system back, or make the folder again; lost files are fetched "
                    "again by themselves."},
    EventDefinition{event::kInstallationsFailOften, "installations_fail_often", kError, kCondition,
                    "Computers install updates with a failure rate above the upper threshold.",
                    "Look for what the failed updates or computers have in common in "
                    "`headwater computers list` and `headwater updates list`."},
    EventDefinition{event::kInstallationsFail, "installations_fail", kWarning, kCondition,
                    "Computers install updates with a failure rate above the lower threshold.",
                    "Look for what the failed updates or computers have in common in "
                    "`headwater computers list` and `headwater updates list`."},
    EventDefinition{event::kManyComputersSilent, "many_computers_silent", kError, kCondition,
                    "A large share of the computers has not reported for longer than the "
                    "threshold.",
                    "Check on one of them that it reaches this server, and that its policy names "
                    "it in WUServer and WUStatusServer."},
    EventDefinition{event::kComputersSilent, "computers_silent", kWarning, kCondition,
                    "Some computers have not reported for longer than the threshold.",
                    "Check on one of them that it reaches this server, and that its policy names "
                    "it in WUServer and WUStatusServer."},
    EventDefinition{event::kSelfUpdate, "self_update", kError, kSilent,
                    "Self-update does not work; agents of Windows 10 and later update themselves "
                    "with the system, so there is nothing to watch here.",
                    ""},
    EventDefinition{event::kNoComputer, "no_computer", kError, kCondition,
                    "No computer and no downstream server has ever contacted this server.",
                    "Point a computer at it by policy, as README.md shows, and check that the "
                    "firewall lets it through."},
};

static_assert(std::ranges::is_sorted(kTable, {}, &EventDefinition::number));

std::string_view told(EventKind kind) {
    switch (kind) {
        case kNote:
            return "each time";
        case kCondition:
            return "begins, over";
        case kSilent:
            return "never";
    }
    return "";
}

}  // namespace

std::span<const EventDefinition> event_table() {
    return kTable;
}

const EventDefinition* find_event(std::uint32_t number) {
    const auto* const at = std::ranges::lower_bound(kTable, number, {}, &EventDefinition::number);
    return at != kTable.end() && at->number == number ? &*at : nullptr;
}

std::string_view name_of(store::EventSeverity severity) {
    switch (severity) {
        case kInformation:
            return "information";
        case kWarning:
            return "warning";
        case kError:
            return "error";
    }
    return "";
}

std::string event_document() {
    std::string text = R"(# Events

This page is printed by `headwater events --document`. The numbers are those that WSUS administrators know.

Events go to the database (`headwater events`), to the log, and to syslog(3), where journald and a syslog daemon find
them: `journalctl -t headwater`. A condition is told once when it begins and once, as information, when it is over;
`headwater health` lists what stands open, and its exit status is for monitoring. The thresholds are those of
`headwater health options`.

| number | name | severity | told | meaning | what to do |
| --- | --- | --- | --- | --- | --- |
)";
    for (const EventDefinition& definition : kTable) {
        text += "| " + std::to_string(definition.number) + " | `" + std::string(definition.name) +
                "` | " + std::string(name_of(definition.severity)) + " | " +
                std::string(told(definition.kind)) + " | " + std::string(definition.meaning) +
                " | " + std::string(definition.remedy.empty() ? "-" : definition.remedy) + " |\n";
    }
    return text;
}

}  // namespace headwater::diagnosis
