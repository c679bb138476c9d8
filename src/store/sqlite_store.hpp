#pragma once
// The Store on SQLite. Private to this room and its tests; others use store.hpp.

#include "store/sqlite_database.hpp"
#include "store/sqlite_pool.hpp"
#include "store/sqlite_writer.hpp"
#include "store/store.hpp"

namespace headwater::store {

/// Keeps other processes away from a database for as long as it lives (flock on "<file>.lock").
class FileLock {
public:
    [[nodiscard]] static Result<FileLock> take(const std::filesystem::path& database);
    ~FileLock();
    FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;

private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

class SqliteStore final : public Store {
public:
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(
        const std::filesystem::path& file);
    SqliteStore(std::filesystem::path file, FileLock lock, Connection writer);

    Result<std::vector<RevisionId>> put_revisions(std::span<const NewRevision> revisions,
                                                  Time now) override;
    Result<> replace_derived(RevisionId id, const catalog::Revision& revision) override;
    Result<> for_each_revision(ChangeNumber after,
                               const std::function<void(catalog::Revision&&)>& take) const override;
    Result<std::vector<std::pair<RevisionId, RevisionIdentity>>> revision_ids() const override;
    Result<std::optional<std::string>> document(RevisionId id) const override;
    Result<ChangeNumber> last_change() const override;
    Result<ChangeNumber> last_decision() const override;

    Result<std::optional<FileRecord>> file(const Sha1& sha1) const override;
    Result<std::vector<FileRecord>> files(std::span<const Sha1> digests) const override;
    Result<std::vector<FileRecord>> files_in_state(FileState state,
                                                   std::size_t limit) const override;
    Result<std::unordered_map<FileState, FileTotals>> file_totals() const override;
    Result<std::vector<FileRecord>> failing_files(std::size_t limit) const override;
    Result<> move_files(std::span<const Sha1> digests, std::span<const FileState> from,
                        const FileOutcome& outcome, Time now) override;
    Result<> want_files(std::span<const FileWish> wishes, Time now) override;
    Result<> request_files(std::span<const Sha1> digests, Time now) override;
    Result<std::vector<std::pair<Sha1, Time>>> requested_files() const override;

    Result<std::vector<TargetGroup>> groups() const override;
    Result<> put_group(const TargetGroup& group) override;
    Result<> remove_group(const Guid& id) override;
    Result<std::vector<Approval>> approvals() const override;
    Result<ChangeNumber> put_approvals(std::span<const Approval> approvals) override;
    Result<std::vector<Decline>> declines() const override;
    Result<std::unordered_map<Guid, ChangeNumber>> declines_taken_back() const override;
    Result<ChangeNumber> set_declined(std::span<const Guid> updates, bool declined,
                                      const std::string& administrator, Time now) override;
    Result<std::optional<std::string>> setting(const std::string& name) const override;
    Result<> put_setting(const std::string& name, const std::string& value) override;
    Result<> put_settings(std::span<const std::pair<std::string, std::string>> settings) override;

    Result<std::optional<Computer>> computer(const std::string& id) const override;
    Result<std::vector<Computer>> computers(std::size_t offset, std::size_t limit) const override;
    Result<std::uint64_t> computer_count() const override;
    Result<> touch_computer(const Computer& computer) override;
    Result<> register_computer(const std::string& id, const std::string& dns_name,
                               const ComputerDetails& details, Time now) override;
    Result<> set_computer_groups(const std::string& id, std::span<const Guid> groups) override;
    void note_scan(const std::string& computer_id, Time now) override;
    Result<> put_report(const ReportBatch& batch) override;
    Result<std::vector<ReportedEvent>> events(const std::string& computer_id,
                                              std::size_t limit) const override;
    Result<std::vector<ComputerUpdateStatus>> statuses_of_computer(
        const std::string& computer_id) const override;
    Result<std::vector<ComputerUpdateStatus>> statuses_of_update(
        const Guid& update_id) const override;

    Result<std::int64_t> start_run(const SyncRun& run) override;
    Result<> update_run(const SyncRun& run) override;
    Result<std::vector<SyncRun>> runs(std::size_t limit) const override;
    Result<std::vector<SyncRun>> runs_before(std::int64_t id, std::size_t limit) const override;
    Result<std::optional<SyncRun>> run(std::int64_t id) const override;
    Result<ChangeCounts> put_revisions_of_run(std::int64_t run,
                                              std::span<const NewRevision> revisions,
                                              Time now) override;
    Result<RunUpdates> run_updates(std::int64_t run, std::optional<UpdateChange> change,
                                   std::size_t offset, std::size_t limit) const override;
    Result<std::size_t> remove_runs_before(Time time) override;
    Result<std::size_t> close_interrupted_runs(Time now) override;

    Result<> touch_downstream(const DownstreamServer& server) override;
    Result<std::vector<DownstreamServer>> downstream_servers() const override;
    Result<std::vector<SealingKey>> sealing_keys() const override;
    Result<> put_sealing_key(const SealingKey& key) override;

    Result<std::int64_t> put_server_events(std::span<const EventToStore> events) override;
    Result<std::vector<ServerEvent>> server_events(const EventFilter& filter) const override;
    Result<std::int64_t> last_server_event() const override;
    Result<std::vector<ServerEvent>> open_conditions() const override;
    Result<std::size_t> prune_server_events(Time older_than) override;
    Result<HealthFacts> health_facts(Time silent_before, Time installed_since) const override;

    Result<std::vector<User>> users() const override;
    Result<std::optional<User>> user(const std::string& name) const override;
    Result<> add_user(const User& user, bool has_to_be_first) override;
    Result<> update_user(const User& user) override;
    Result<> remove_user(const std::string& name) override;
    Result<> put_session(const UserSession& session) override;
    Result<std::optional<UserSession>> session(const Sha256& token) const override;
    void note_session_used(const Sha256& token, Time now) override;
    Result<> remove_session(const Sha256& token) override;
    Result<> remove_sessions_of(const std::string& user,
                                const std::optional<Sha256>& except) override;
    Result<> prune_sessions(Time used_before, Time created_before) override;

    Result<DatabaseState> check() const override;
    Result<> backup(const std::filesystem::path& to) const override;

    /// For tests of a full disk: the database grows to no more pages than this; 0 for no limit.
    [[nodiscard]] Result<> limit_pages(std::uint64_t pages);
    /// For tests: any change of their own, made like all others.
    [[nodiscard]] Writer& writer() { return writer_; }

private:
    /// Calls `take` with a connection for reading.
    template <typename Take>
    std::invoke_result_t<Take, Connection&> read(Take take) const {
        auto lease = pool_.lend();
        if (!lease) {
            return std::unexpected(std::move(lease).error());
        }
        return take(**lease);
    }

    std::filesystem::path file_;
    FileLock lock_;
    mutable ReadPool pool_;
    Writer writer_;  ///< last: it ends first, and what it still does uses the others
};

/// A query whose rows become values. `make` takes a Row& and returns one.
template <typename Make, typename... Args>
auto collect(Connection& connection, std::string_view sql, Make make, const Args&... args)
    -> Result<std::vector<std::invoke_result_t<Make, Row&>>> {
    std::vector<std::invoke_result_t<Make, Row&>> values;
    auto done = connection.query(sql, [&](Row& row) { values.push_back(make(row)); }, args...);
    if (!done) {
        return std::unexpected(std::move(done).error());
    }
    return values;
}

/// A query of at most one row.
template <typename Make, typename... Args>
auto find_one(Connection& connection, std::string_view sql, Make make, const Args&... args)
    -> Result<std::optional<std::invoke_result_t<Make, Row&>>> {
    std::optional<std::invoke_result_t<Make, Row&>> value;
    auto done = connection.query(sql, [&](Row& row) { value = make(row); }, args...);
    if (!done) {
        return std::unexpected(std::move(done).error());
    }
    return value;
}

/// For LIMIT, where the contracts say 0 for all.
[[nodiscard]] inline std::int64_t sql_limit(std::size_t limit) {
    return limit == 0 ? -1 : static_cast<std::int64_t>(limit);
}

/// The next change number, taken inside a change.
[[nodiscard]] Result<ChangeNumber> next_change(Connection& connection);
/// The same, of a change of groups, approvals or declines.
[[nodiscard]] Result<ChangeNumber> next_decision(Connection& connection);

}  // namespace headwater::store
