#pragma once
// The one interface to the database: it names what the rooms need, not SQL, so that SQLite and
// PostgreSQL can stand behind it. Owned by the composition, outlives every room. Any thread may
// call any function: reads run on connections of their own; writes are queued to one writer that
// commits them in groups, and return when their group is on disk.
//
// Errors of every function: "store.full" (no space), "store.io", "store.corrupt", "store.closed".

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/guid.hpp"
#include "base/time.hpp"
#include "catalog/document.hpp"
#include "catalog/revision.hpp"
#include "store/file_records.hpp"

namespace headwater::store {

using catalog::ChangeNumber;
using catalog::RevisionId;
using catalog::RevisionIdentity;

// ── The catalog ──────────────────────────────────────────────────────────────────────────────────

/// A file as its documents describe it, with the address from which Microsoft serves it.
struct NewFile {
    Sha1 sha1;
    std::optional<Sha256> sha256;
    std::uint64_t size = 0;
    std::string name;
    std::string extension;
    std::string mu_url;
};

struct NewRevision {
    catalog::Revision revision;  ///< without id, change and imported: the store gives them
    std::string document;        ///< the XML as received
    std::vector<NewFile> files;
};

// ── Policy ───────────────────────────────────────────────────────────────────────────────────────

struct TargetGroup {
    Guid id;
    std::string name;
    std::optional<Guid> parent;
    bool is_builtin = false;
};

enum class ApprovalAction : std::uint8_t {
    kInstall,
    kUninstall,
    kNotApproved,
    kOptionalInstall,
    kBlock
};

/// What an administrator decided for an update and a group.
struct Approval {
    std::uint32_t deployment_id = 0;  ///< given by the store; kept when the approval changes
    Guid update_id;
    Guid group_id;
    ApprovalAction action = ApprovalAction::kNotApproved;
    std::optional<Time> deadline;
    std::string administrator;
    Time changed;
    ChangeNumber change = 0;
};

struct Decline {
    Guid update_id;
    std::string administrator;
    Time changed;
    ChangeNumber change = 0;
};

// ── Computers ────────────────────────────────────────────────────────────────────────────────────

/// As RegisterComputer tells it. [MS-WUSP] 2.2.2.2.3
struct ComputerDetails {
    std::string os_version;  ///< "10.0.26200"
    std::string os_description;
    std::string os_locale;
    std::string architecture;
    std::string manufacturer;
    std::string model;
    std::string bios_version;
    std::string client_version;
};

struct Computer {
    std::string id;  ///< the clientId, at most 255 bytes
    std::string dns_name;
    std::string ip_address;
    std::string requested_group;  ///< targetGroupName, as the computer's policy says
    std::vector<Guid> groups;     ///< direct memberships; empty: Unassigned Computers
    bool registered = false;
    ComputerDetails details;
    Time first_contact;
    Time last_contact;
    std::optional<Time> last_scan;
    std::optional<Time> last_report;
};

/// An event that an agent reported. [MS-WUSP] 2.2.2.3.1
struct ReportedEvent {
    std::string computer_id;
    Guid instance_id;  ///< a repeated one is stored once
    std::int32_t event_id = 0;
    std::int32_t source_id = 0;
    std::optional<RevisionIdentity> update;
    std::int32_t result = 0;  ///< Win32HResult
    Time time_at_target;
    Time received;
    std::vector<std::string> replacement_strings;
    std::vector<std::string> misc_data;
    std::string app_name;
};

enum class UpdateStatus : std::uint8_t {
    kUnknown,
    kNotApplicable,
    kNeeded,
    kDownloaded,
    kInstalled,
    kFailed,
    kPendingReboot,
};

struct ComputerUpdateStatus {
    std::string computer_id;
    Guid update_id;
    UpdateStatus status = UpdateStatus::kUnknown;
    std::int32_t result = 0;
    Time changed;
};

/// Event 156: what is needed and what is installed, as the computer found it.
inline constexpr std::int32_t kClientStatusEvent = 156;

/// An event and what follows from it. One whose instance is here already changes nothing.
struct Report {
    ReportedEvent event;
    /// Rows to set.
    std::vector<ComputerUpdateStatus> statuses;
    /// Of a client status: rows of this computer that neither `statuses` nor this names are
    /// removed.
    std::vector<Guid> unchanged;
};

/// One upload: written together, in this order.
struct ReportBatch {
    std::string computer_id;
    Time received;
    std::vector<Report> reports;
};

// ── Synchronization ──────────────────────────────────────────────────────────────────────────────

enum class RunResult : std::uint8_t { kRunning, kSucceeded, kFailed, kCancelled, kInterrupted };

struct SyncRun {
    std::int64_t id = 0;
    std::string kind;      ///< "manual", "scheduled", "retry"
    std::string upstream;  ///< its address
    Time started;
    std::optional<Time> ended;
    RunResult result = RunResult::kRunning;
    std::uint64_t new_updates = 0;
    std::uint64_t revised_updates = 0;
    std::uint64_t expired_updates = 0;
    std::uint64_t revisions = 0;  ///< stored by this run
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;
    /// JSON: [{"stage":…,"seconds":…,"requests":…,"bytes":…,"upstream_wait_seconds":…}]
    std::string stages;
    std::string error;  ///< JSON of the full error; empty without one
};

/// What a revision is to the catalog into which a run brings it.
enum class UpdateChange : std::uint8_t {
    kNew,      ///< the first revision of its update
    kRevised,  ///< another revision of an update that is here
    kExpired,  ///< a revision that its publisher has expired
};

struct RunUpdate {
    RevisionIdentity identity;
    UpdateChange change = UpdateChange::kNew;
    bool operator==(const RunUpdate&) const = default;
};

/// A page of what a run brought.
struct RunUpdates {
    std::uint64_t total = 0;  ///< on all pages
    std::vector<RunUpdate> updates;
};

/// What a run brought: all revisions, and the updates among them by their change. Categories,
/// detectoids and members of bundles are revisions alone (catalog::is_listed).
struct ChangeCounts {
    std::uint64_t revisions = 0;
    std::uint64_t new_updates = 0;
    std::uint64_t revised_updates = 0;
    std::uint64_t expired_updates = 0;
    bool operator==(const ChangeCounts&) const = default;
};

struct DownstreamServer {
    Guid account_guid;
    std::string account_name;
    Time last_contact;
};

struct SealingKey {
    std::uint32_t id = 0;
    Bytes key;  ///< 32 bytes
    Time created;
};

// ── Events of the server itself ──────────────────────────────────────────────────────────────────

enum class EventSeverity : std::uint8_t { kInformation, kWarning, kError };

/// One numbered event, as diagnosis/event_table.hpp defines the numbers.
struct ServerEvent {
    std::int64_t id = 0;  ///< given by the store; a later event has a greater one, for ever
    std::uint32_t number = 0;
    Time time;
    EventSeverity severity = EventSeverity::kInformation;
    bool over = false;  ///< tells that a condition is healthy again
    std::string text;
    std::vector<std::string> evidence;
    std::string remedy;
};

/// What an event does to the conditions that stand open.
enum class ConditionChange : std::uint8_t { kNone, kBegins, kEnds };

struct EventToStore {
    ServerEvent event;
    ConditionChange change = ConditionChange::kNone;
};

/// Which events; what is left out does not restrict.
struct EventFilter {
    std::int64_t after = 0;   ///< only greater ids
    std::int64_t before = 0;  ///< only smaller ids; 0 for all
    std::size_t limit = 100;  ///< the newest so many; 0 for all
    std::optional<EventSeverity> severity = std::nullopt;
    std::optional<std::uint32_t> number = std::nullopt;
};

/// What the health monitor compares with its thresholds.
struct HealthFacts {
    std::optional<Time> last_success;  ///< when the last good synchronization ended
    std::uint64_t computers = 0;
    std::uint64_t silent_computers = 0;
    std::uint64_t installations = 0;  ///< reported as done or as failed
    std::uint64_t failed_installations = 0;
};

/// What a look at the whole database found.
struct DatabaseState {
    std::uint64_t bytes = 0;               ///< of its file, with the log that is not merged yet
    std::uint64_t free_bytes = 0;          ///< inside the file, for reuse
    int version = 0;                       ///< of its tables
    int newest_version = 0;                ///< that this program knows
    std::vector<std::string> damage = {};  ///< the first findings; empty for none
};

// ── Who administers ──────────────────────────────────────────────────────────────────────────────

enum class Role : std::uint8_t {
    kReporter,       ///< sees everything, changes nothing
    kAdministrator,  ///< of this server
};

/// Somebody who signs in to the console.
struct User {
    std::string name;  ///< one, in whatever letter case
    Role role = Role::kReporter;
    std::string password_hash;  ///< Argon2id, as libsodium writes it
    Time created;
    std::optional<Time> last_sign_in;
};

/// A sign-in that holds. The token itself is known to the browser alone.
struct UserSession {
    Sha256 token;  ///< its digest
    std::string user;
    Time created;
    Time last_used;
};

class Store {
public:
    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    // The catalog

    /// Stores revisions in one commit, those already here (same identity) left alone. All get the
    /// same new change number and import time. Returns the ids, in the order given.
    [[nodiscard]] virtual Result<std::vector<RevisionId>> put_revisions(
        std::span<const NewRevision> revisions, Time now) = 0;
    /// Replaces what is derived of a revision; its id, change and import time stay.
    [[nodiscard]] virtual Result<> replace_derived(RevisionId id,
                                                   const catalog::Revision& revision) = 0;
    /// All revisions of changes after this one, in the order of their ids. A row that cannot be
    /// unpacked ends with "store.corrupt" naming its id and `headwater catalog rebuild`.
    [[nodiscard]] virtual Result<> for_each_revision(
        ChangeNumber after, const std::function<void(catalog::Revision&&)>& take) const = 0;
    /// The ids and identities alone, for a rebuild that cannot trust what is derived.
    [[nodiscard]] virtual Result<std::vector<std::pair<RevisionId, RevisionIdentity>>>
    revision_ids() const = 0;
    /// The XML as received; nothing for an unknown id.
    [[nodiscard]] virtual Result<std::optional<std::string>> document(RevisionId id) const = 0;
    /// The highest change number committed.
    [[nodiscard]] virtual Result<ChangeNumber> last_change() const = 0;
    /// The highest among those of groups, approvals and declines.
    [[nodiscard]] virtual Result<ChangeNumber> last_decision() const = 0;

    // Files

    [[nodiscard]] virtual Result<std::optional<FileRecord>> file(const Sha1& sha1) const = 0;
    [[nodiscard]] virtual Result<std::vector<FileRecord>> files(
        std::span<const Sha1> digests) const = 0;
    /// In the order of the queue: by deadline, then by the time at which they were asked for, then
    /// the small ones first. `limit` 0 for all.
    [[nodiscard]] virtual Result<std::vector<FileRecord>> files_in_state(
        FileState state, std::size_t limit) const = 0;
    /// Those with failing_since, the oldest first.
    [[nodiscard]] virtual Result<std::vector<FileRecord>> failing_files(
        std::size_t limit) const = 0;
    [[nodiscard]] virtual Result<std::unordered_map<FileState, FileTotals>> file_totals() const = 0;
    /// Sets the state of files; `error` is kept with kFailed and kWaiting. Attempts grow by one
    /// with an error and with kPresent.
    [[nodiscard]] Result<> set_file_state(std::span<const Sha1> digests, FileState state,
                                          const std::string& error, Time now) {
        return move_files(digests, {}, {.state = state, .error = error}, now);
    }
    /// The same, for those files alone that are in one of these states; in any where there is none.
    [[nodiscard]] virtual Result<> move_files(std::span<const Sha1> digests,
                                              std::span<const FileState> from,
                                              const FileOutcome& outcome, Time now) = 0;
    /// Gives files their place in the queue; those that were not wanted become kWaiting.
    [[nodiscard]] virtual Result<> want_files(std::span<const FileWish> wishes, Time now) = 0;
    /// What downstream servers asked for by DownloadFiles; a file that is asked for again keeps its
    /// time.
    [[nodiscard]] virtual Result<> request_files(std::span<const Sha1> digests, Time now) = 0;
    [[nodiscard]] virtual Result<std::vector<std::pair<Sha1, Time>>> requested_files() const = 0;

    // Policy

    [[nodiscard]] virtual Result<std::vector<TargetGroup>> groups() const = 0;
    /// Inserts or replaces by id. Errors: "store.conflict" where another group has the name.
    [[nodiscard]] virtual Result<> put_group(const TargetGroup& group) = 0;
    /// With its memberships and approvals. Built-in groups stay ("store.conflict").
    [[nodiscard]] virtual Result<> remove_group(const Guid& id) = 0;
    [[nodiscard]] virtual Result<std::vector<Approval>> approvals() const = 0;
    /// Inserts or replaces by (update, group); all get one new change number, which is returned.
    [[nodiscard]] virtual Result<ChangeNumber> put_approvals(
        std::span<const Approval> approvals) = 0;
    [[nodiscard]] virtual Result<std::vector<Decline>> declines() const = 0;
    /// The change with which an update's latest decline was taken back.
    [[nodiscard]] virtual Result<std::unordered_map<Guid, ChangeNumber>> declines_taken_back()
        const = 0;
    /// Declines, or takes declines back. Declining removes the approvals of the updates.
    [[nodiscard]] virtual Result<ChangeNumber> set_declined(std::span<const Guid> updates,
                                                            bool declined,
                                                            const std::string& administrator,
                                                            Time now) = 0;

    /// Options and state by name: small JSON or text values.
    [[nodiscard]] virtual Result<std::optional<std::string>> setting(
        const std::string& name) const = 0;
    [[nodiscard]] virtual Result<> put_setting(const std::string& name,
                                               const std::string& value) = 0;
    /// Several at once, in one commit.
    [[nodiscard]] virtual Result<> put_settings(
        std::span<const std::pair<std::string, std::string>> settings) = 0;

    // Computers

    [[nodiscard]] virtual Result<std::optional<Computer>> computer(const std::string& id) const = 0;
    /// Ordered by name; `limit` 0 for all.
    [[nodiscard]] virtual Result<std::vector<Computer>> computers(std::size_t offset,
                                                                  std::size_t limit) const = 0;
    [[nodiscard]] virtual Result<std::uint64_t> computer_count() const = 0;
    /// A contact through GetAuthorizationCookie: inserts, or updates name, address, requested group
    /// and last_contact. The first call for an id sets first_contact and puts it into `groups`.
    [[nodiscard]] virtual Result<> touch_computer(const Computer& computer) = 0;
    /// What RegisterComputer told; the computer becomes registered.
    [[nodiscard]] virtual Result<> register_computer(const std::string& id,
                                                     const std::string& dns_name,
                                                     const ComputerDetails& details, Time now) = 0;
    [[nodiscard]] virtual Result<> set_computer_groups(const std::string& id,
                                                       std::span<const Guid> groups) = 0;
    /// Queued without waiting for its commit: a lost one costs nothing.
    virtual void note_scan(const std::string& computer_id, Time now) = 0;
    [[nodiscard]] virtual Result<> put_report(const ReportBatch& batch) = 0;
    /// The newest first; 0 for all. Of events that name no update the newest of each kind is kept,
    /// of client statuses none.
    [[nodiscard]] virtual Result<std::vector<ReportedEvent>> events(const std::string& computer_id,
                                                                    std::size_t limit) const = 0;
    [[nodiscard]] virtual Result<std::vector<ComputerUpdateStatus>> statuses_of_computer(
        const std::string& computer_id) const = 0;
    [[nodiscard]] virtual Result<std::vector<ComputerUpdateStatus>> statuses_of_update(
        const Guid& update_id) const = 0;

    // Synchronization

    [[nodiscard]] virtual Result<std::int64_t> start_run(const SyncRun& run) = 0;
    [[nodiscard]] virtual Result<> update_run(const SyncRun& run) = 0;
    /// The newest first.
    [[nodiscard]] virtual Result<std::vector<SyncRun>> runs(std::size_t limit) const = 0;
    /// Those with a smaller id than this, the newest first.
    [[nodiscard]] virtual Result<std::vector<SyncRun>> runs_before(std::int64_t id,
                                                                   std::size_t limit) const = 0;
    [[nodiscard]] virtual Result<std::optional<SyncRun>> run(std::int64_t id) const = 0;
    /// As put_revisions; the same commit adds those that are new here to the counts of this run,
    /// and keeps the updates among them. Returns what it added.
    [[nodiscard]] virtual Result<ChangeCounts> put_revisions_of_run(
        std::int64_t run, std::span<const NewRevision> revisions, Time now) = 0;
    /// What a run brought, by change and then as it was stored; all changes where none is named.
    [[nodiscard]] virtual Result<RunUpdates> run_updates(std::int64_t run,
                                                         std::optional<UpdateChange> change,
                                                         std::size_t offset,
                                                         std::size_t limit) const = 0;
    /// Forgets the runs that started before, with what is known of their updates; the newest run
    /// always stays. Returns how many.
    [[nodiscard]] virtual Result<std::size_t> remove_runs_before(Time time) = 0;
    /// Runs that a crash left "running" become kInterrupted; returns how many.
    [[nodiscard]] virtual Result<std::size_t> close_interrupted_runs(Time now) = 0;

    // Downstream servers and keys

    [[nodiscard]] virtual Result<> touch_downstream(const DownstreamServer& server) = 0;
    [[nodiscard]] virtual Result<std::vector<DownstreamServer>> downstream_servers() const = 0;
    [[nodiscard]] virtual Result<std::vector<SealingKey>> sealing_keys() const = 0;
    [[nodiscard]] virtual Result<> put_sealing_key(const SealingKey& key) = 0;

    // Events of the server itself

    /// Stores events in one commit, in this order, with what they do to open conditions. Returns
    /// the id of the last one.
    [[nodiscard]] virtual Result<std::int64_t> put_server_events(
        std::span<const EventToStore> events) = 0;
    /// The newest first.
    [[nodiscard]] virtual Result<std::vector<ServerEvent>> server_events(
        const EventFilter& filter) const = 0;
    /// 0 where there never was one.
    [[nodiscard]] virtual Result<std::int64_t> last_server_event() const = 0;
    /// The events that began the conditions which are not over, by number. Pruning keeps them.
    [[nodiscard]] virtual Result<std::vector<ServerEvent>> open_conditions() const = 0;
    /// Returns how many were older, and are gone.
    [[nodiscard]] virtual Result<std::size_t> prune_server_events(Time older_than) = 0;
    /// A computer is silent whose last report (or, without any, first contact) is older than
    /// `silent_before`. Cost: one indexed aggregate each.
    [[nodiscard]] virtual Result<HealthFacts> health_facts(Time silent_before,
                                                           Time installed_since) const = 0;

    // Who administers

    /// Ordered by name.
    [[nodiscard]] virtual Result<std::vector<User>> users() const = 0;
    [[nodiscard]] virtual Result<std::optional<User>> user(const std::string& name) const = 0;
    /// @param has_to_be_first  as an administrator
    /// Errors: "store.conflict" where there is one of this name, or an administrator already.
    [[nodiscard]] virtual Result<> add_user(const User& user, bool has_to_be_first) = 0;
    /// Replaces role, hash and last sign-in. Errors: "store.unknown"; "store.conflict" where no
    /// administrator would be left.
    [[nodiscard]] virtual Result<> update_user(const User& user) = 0;
    /// With the sessions. Errors as update_user.
    [[nodiscard]] virtual Result<> remove_user(const std::string& name) = 0;
    [[nodiscard]] virtual Result<> put_session(const UserSession& session) = 0;
    [[nodiscard]] virtual Result<std::optional<UserSession>> session(const Sha256& token) const = 0;
    /// Queued without waiting for its commit.
    virtual void note_session_used(const Sha256& token, Time now) = 0;
    [[nodiscard]] virtual Result<> remove_session(const Sha256& token) = 0;
    /// All of a user but this one.
    [[nodiscard]] virtual Result<> remove_sessions_of(const std::string& user,
                                                      const std::optional<Sha256>& except) = 0;
    /// Those that were last used, or begun, before.
    [[nodiscard]] virtual Result<> prune_sessions(Time used_before, Time created_before) = 0;

    /// Reads the whole database and checks its structure; it goes on serving meanwhile.
    [[nodiscard]] virtual Result<DatabaseState> check() const = 0;
    /// A consistent copy of the database, taken while it serves.
    [[nodiscard]] virtual Result<> backup(const std::filesystem::path& to) const = 0;
};

/// Opens (or makes) the SQLite database in this file, migrating it forward. Further errors:
/// "store.newer" (written by a newer Headwater: the sentence names both versions), "store.locked".
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file);

}  // namespace headwater::store
