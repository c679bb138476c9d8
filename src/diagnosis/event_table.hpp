#pragma once
// Every numbered event that this server can tell, under the numbers that WSUS administrators know.
// A constant table, from which docs/events.md is printed; any thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "store/store.hpp"

namespace headwater::diagnosis {

enum class EventKind : std::uint8_t {
    kNote,       ///< told each time
    kCondition,  ///< told once when it begins, and once when it is over
    kSilent,     ///< a number of WSUS that is never told here; its meaning says why
};

struct EventDefinition {
    std::uint32_t number;
    std::string_view name;  ///< for programs: "synchronization_failed"
    store::EventSeverity severity;
    EventKind kind;
    std::string_view meaning;  ///< one line
    std::string_view remedy;   ///< one line; empty where there is nothing to do
};

/// The numbers, for those who tell them.
namespace event {
inline constexpr std::uint32_t kFileStarted = 361;
inline constexpr std::uint32_t kFileSucceeded = 363;
inline constexpr std::uint32_t kFileFailed = 364;
inline constexpr std::uint32_t kSynchronizationScheduled = 381;
inline constexpr std::uint32_t kSynchronizationManual = 382;
inline constexpr std::uint32_t kSynchronizationSucceeded = 384;
inline constexpr std::uint32_t kSynchronizationFailed = 386;
inline constexpr std::uint32_t kSynchronizationCancelled = 387;
inline constexpr std::uint32_t kOptionChanged = 389;
inline constexpr std::uint32_t kContentPermissions = 10011;
inline constexpr std::uint32_t kContentExposed = 10012;
inline constexpr std::uint32_t kLastSynchronizationFailed = 10021;
inline constexpr std::uint32_t kSynchronizationOverdue = 10022;
inline constexpr std::uint32_t kManyFilesFailed = 10031;
inline constexpr std::uint32_t kSomeFilesFailed = 10032;
inline constexpr std::uint32_t kDiskAlmostFull = 10041;
inline constexpr std::uint32_t kDiskLow = 10042;
inline constexpr std::uint32_t kReportingService = 12002;
inline constexpr std::uint32_t kAdministrationService = 12012;
inline constexpr std::uint32_t kClientService = 12022;
inline constexpr std::uint32_t kServerSyncService = 12032;
inline constexpr std::uint32_t kSimpleAuthService = 12042;
inline constexpr std::uint32_t kDssAuthService = 12052;
inline constexpr std::uint32_t kContentMissing = 12072;
inline constexpr std::uint32_t kInstallationsFailOften = 13001;
inline constexpr std::uint32_t kInstallationsFail = 13002;
inline constexpr std::uint32_t kManyComputersSilent = 13031;
inline constexpr std::uint32_t kComputersSilent = 13032;
inline constexpr std::uint32_t kSelfUpdate = 13042;
inline constexpr std::uint32_t kNoComputer = 13051;
}  // namespace event

/// In the order of their numbers.
[[nodiscard]] std::span<const EventDefinition> event_table();
/// Null for a number that is not in the table.
[[nodiscard]] const EventDefinition* find_event(std::uint32_t number);

/// "information", "warning", "error".
[[nodiscard]] std::string_view name_of(store::EventSeverity severity);

/// The whole of docs/events.md.
[[nodiscard]] std::string event_document();

}  // namespace headwater::diagnosis
