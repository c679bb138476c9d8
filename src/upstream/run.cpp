#include "upstream/run.hpp"

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <thread>

#include "upstream/decode.hpp"
#include "upstream/sync_filter.hpp"

namespace headwater::upstream {
namespace {

namespace json = boost::json;
namespace wire = protocol::server_sync;

using catalog::kNone;
using catalog::RevisionIdentity;

constexpr const char* kCategoryAnchor = "sync.anchor.categories";
constexpr const char* kUpdateAnchor = "sync.anchor.updates";
constexpr std::size_t kBadToName = 5;
constexpr std::size_t kBadToKeep = 1000;
constexpr std::size_t kMaxBatch = 500;

bool is_fault(const Error& error, std::string_view code) {
    return error.code == "upstream.fault" && !error.causes.empty() &&
           error.causes.front() == "ErrorCode " + std::string(code);
}

bool refuses_the_anchor(const Error& error) {
    return is_fault(error, "InvalidParameters") &&
           std::ranges::find(error.causes, "Message filter") != error.causes.end();
}

}  // namespace

Run::Run(store::Store& store, policy::Publisher& publisher, Session& session, ProgressBoard& board,
         const Clock& clock, std::shared_ptr<const net::CancelToken> cancel,
         policy::SyncOptions options)
    : store_(store),
      publisher_(publisher),
      session_(session),
      board_(board),
      clock_(clock),
      cancel_(std::move(cancel)),
      options_(std::move(options)) {}

Result<> Run::all_stages() {
    for (Result<> (Run::*stage)() :
         {&Run::connect, &Run::categories, &Run::updates, &Run::members_of_bundles, &Run::finish}) {
        if (auto done = (this->*stage)(); !done) {
            return done;
        }
    }
    return {};
}

Result<> Run::forget_anchors() {
    const std::vector<std::pair<std::string, std::string>> none = {{kCategoryAnchor, ""},
                                                                   {kUpdateAnchor, ""}};
    return store_.put_settings(none);
}

Result<> Run::execute(store::SyncRun& record) {
    run_id_ = record.id;
    works_.emplace(session_.waits());
    Result<> result = all_stages();
    if (!result && is_fault(result.error(), "ServerChanged")) {
        result = forget_anchors();
        if (result) {
            result = all_stages();
        }
    }
    end_stage();
    record.new_updates = counts_.new_updates;
    record.revised_updates = counts_.revised_updates;
    record.expired_updates = counts_.expired_updates;
    record.revisions = counts_.revisions;
    record.requests = session_.requests();
    record.bytes = session_.bytes();
    json::array stages;
    for (const Stage& stage : stages_) {
        stages.push_back(json::object{{"stage", stage.name},
                                      {"seconds", stage.seconds},
                                      {"requests", stage.requests},
                                      {"bytes", stage.bytes},
                                      {"upstream_wait_seconds", stage.waited}});
    }
    record.stages = json::serialize(stages);
    return result;
}

void Run::begin_stage(const std::string& name) {
    end_stage();
    stages_.push_back({.name = name,
                       .started = clock_.now(),
                       .requests = session_.requests(),
                       .bytes = session_.bytes(),
                       .waited = session_.waits().seconds()});
    board_.update([&](Progress& progress) {
        progress.stage = name;
        progress.done = 0;
        progress.total = 0;
        progress.stage_started = clock_.now();
    });
}

void Run::end_stage() {
    if (stages_.empty() || stages_.back().is_over) {
        return;
    }
    Stage& stage = stages_.back();
    stage.is_over = true;
    stage.seconds = std::chrono::duration<double>(clock_.now() - stage.started).count();
    stage.requests = session_.requests() - stage.requests;
    stage.bytes = session_.bytes() - stage.bytes;
    stage.waited = session_.waits().seconds() - stage.waited;
}

Result<> Run::connect() {
    begin_stage("connect");
    if (auto connected = session_.connect(); !connected) {
        return connected;
    }
    const auto config = session_.config_data();
    if (!config) {
        return std::unexpected(config.error());
    }
    const std::int32_t most = config->max_number_of_updates_per_request;
    batch_size_ = most > 0 ? std::min(static_cast<std::size_t>(most), kMaxBatch) : batch_size_;
    return {};
}

Result<> Run::categories() {
    begin_stage("categories");
    auto before = load_anchor(store_, kCategoryAnchor, options_.upstream);
    if (!before) {
        return std::unexpected(before.error());
    }
    wire::ServerSyncFilter filter;
    filter.get_config = true;
    if (!before->anchor.empty()) {
        filter.anchor = before->anchor;
    }
    auto list = session_.revision_ids(filter);
    if (!list && !before->anchor.empty() && refuses_the_anchor(list.error())) {
        filter.anchor.reset();
        list = session_.revision_ids(filter);
    }
    if (!list) {
        return std::unexpected(list.error());
    }
    category_anchor_ = list->anchor.or_default();
    if (auto fetched = fetch(missing(list->new_revisions)); !fetched) {
        return fetched;
    }
    return publisher_.refresh_revisions();
}

Result<> Run::updates() {
    begin_stage("updates");
    const bool nothing_chosen =
        (!options_.products.all && options_.products.ids.empty()) ||
        (!options_.classifications.all && options_.classifications.ids.empty());
    if (nothing_chosen) {
        return {};
    }
    auto before = load_anchor(store_, kUpdateAnchor, options_.upstream);
    if (!before) {
        return std::unexpected(before.error());
    }
    if (options_.languages.empty() && has_chosen_languages(*before)) {
        // What was left out for its language is anywhere: all of each id has to be listed again.
        before->chosen.clear();
    }
    const auto view = publisher_.view();
    const std::vector<Guid> products = ids_of(view->catalog(), options_.products, false);
    const std::vector<Guid> classifications =
        ids_of(view->catalog(), options_.classifications, true);
    wire::ServerSyncFilter filter;
    if (!before->anchor.empty()) {
        filter.anchor = before->anchor;
    }
    filter.categories = filter_of(products, *before);
    filter.classifications = filter_of(classifications, *before);
    filter.languages = languages_of(options_.languages, *before);
    auto list = session_.revision_ids(filter);
    if (!list && !before->anchor.empty() && refuses_the_anchor(list.error())) {
        filter.anchor.reset();
        filter.categories = filter_of(products, {});
        filter.classifications = filter_of(classifications, {});
        filter.languages = languages_of(options_.languages, {});
        list = session_.revision_ids(filter);
    }
    if (!list) {
        return std::unexpected(list.error());
    }
    update_anchor_ = list->anchor.or_default();
    std::vector<std::string> chosen;
    for (const auto* ids : {&products, &classifications}) {
        for (const Guid& id : *ids) {
            chosen.push_back(id.text());
        }
    }
    for (const std::string& language : options_.languages) {
        chosen.push_back(kLanguageMark + language);
    }
    chosen_ = anchor_to_json(options_.upstream, update_anchor_, chosen);
    begin_stage("documents");
    return fetch(missing(list->new_revisions));
}

Result<> Run::members_of_bundles() {
    // Members may be bundles themselves; a chain longer than this is no catalog's.
    constexpr int kMaxDepth = 16;
    std::set<RevisionIdentity> asked;
    for (int depth = 0; depth < kMaxDepth; ++depth) {
        if (auto published = publisher_.refresh_revisions(); !published) {
            return published;
        }
        const auto view = publisher_.view();
        Identities wanted;
        for (const RevisionIdentity& member : view->catalog().missing_members()) {
            if (asked.insert(member).second) {
                wanted.push_back(member);
            }
        }
        if (wanted.empty()) {
            return {};
        }
        if (auto fetched = fetch(wanted); !fetched) {
            return fetched;
        }
    }
    return {};
}

Result<> Run::finish() {
    begin_stage("publish");
    if (auto published = publisher_.refresh_revisions(); !published) {
        return published;
    }
    forget_bad_ones_that_came();
    if (!bad_.empty()) {
        Error error{"sync.documents",
                    std::to_string(bad_.size()) + " document" + (bad_.size() == 1 ? "" : "s") +
                        " of the upstream could not be used; everything else is stored.",
                    "Look at the first of them below, and at the upstream; the next "
                    "synchronization asks for "
                    "them again.",
                    {}};
        for (const auto& [identity, bad] : bad_errors_) {
            if (error.causes.size() < kBadToName) {
                error.causes.push_back(bad.text());
            }
        }
        return std::unexpected(std::move(error));
    }
    std::vector<std::pair<std::string, std::string>> anchors = {
        {kCategoryAnchor, anchor_to_json(options_.upstream, category_anchor_, {})}};
    if (!chosen_.empty()) {
        anchors.emplace_back(kUpdateAnchor, chosen_);
    }
    return store_.put_settings(anchors);
}

Run::Identities Run::missing(const std::vector<protocol::UpdateIdentity>& listed) const {
    const auto view = publisher_.view();
    Identities wanted;
    std::set<RevisionIdentity> seen;
    for (const protocol::UpdateIdentity& id : listed) {
        const RevisionIdentity identity{id.update_id,
                                        static_cast<std::uint32_t>(id.revision_number)};
        if (id.revision_number >= 0 && view->catalog().find(identity) == kNone &&
            seen.insert(identity).second) {
            wanted.push_back(identity);
        }
    }
    return wanted;
}

Result<> Run::fetch(const Identities& wanted) {
    board_.update([&](Progress& progress) { progress.total += wanted.size(); });
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    Result<> result;
    const auto work = [&] {
        const WaitMeter::Work works(session_.waits());
        for (;;) {
            const std::size_t from = next.fetch_add(batch_size_);
            if (from >= wanted.size()) {
                return;
            }
            const auto batch =
                std::span(wanted).subspan(from, std::min(batch_size_, wanted.size() - from));
            if (auto fetched = fetch_batch(batch); !fetched) {
                const std::scoped_lock lock(mutex);
                result = result ? fetched : result;
                next = wanted.size();
                return;
            }
        }
    };
    std::vector<std::thread> threads;
    const std::size_t batches = (wanted.size() + batch_size_ - 1) / batch_size_;
    for (std::size_t i = 1; i < std::min<std::size_t>(options_.parallel_requests, batches); ++i) {
        threads.emplace_back(work);
    }
    works_.reset();
    work();
    for (std::thread& thread : threads) {
        thread.join();
    }
    works_.emplace(session_.waits());
    return result;
}

Result<> Run::fetch_batch(std::span<const RevisionIdentity> batch) {
    if (cancel_->cancelled()) {
        return fail("sync.cancelled", "The synchronization was cancelled.");
    }
    std::vector<protocol::UpdateIdentity> ids;
    for (const RevisionIdentity& identity : batch) {
        ids.push_back({identity.update_id, static_cast<std::int32_t>(identity.revision_number)});
    }
    auto data = session_.update_data(ids);
    if (!data) {
        // One unknown revision fails a whole call: the halves tell which it is.
        if (!is_fault(data.error(), "InternalServerError")) {
            return std::unexpected(data.error());
        }
        if (batch.size() == 1) {
            note_bad(batch.front(), data.error());
            return {};
        }
        if (auto first = fetch_batch(batch.first(batch.size() / 2)); !first) {
            return first;
        }
        return fetch_batch(batch.subspan(batch.size() / 2));
    }
    const auto left_out = store_batch(batch, *data);
    if (!left_out) {
        return std::unexpected(left_out.error());
    }
    board_.update([&](Progress& progress) {
        progress.done += batch.size() - left_out->size();
        progress.requests = session_.requests();
        progress.bytes = session_.bytes();
    });
    data = {};
    return left_out->empty() ? Result<>{} : fetch_batch(*left_out);
}

Result<Run::Identities> Run::store_batch(std::span<const RevisionIdentity> batch,
                                         const wire::ServerUpdateData& data) {
    const FileUrls urls = file_urls(data);
    std::set<RevisionIdentity> asked(batch.begin(), batch.end());
    std::set<RevisionIdentity> left_out = asked;
    std::vector<store::NewRevision> revisions;
    for (const wire::ServerSyncUpdateData& update : data.updates) {
        const RevisionIdentity identity =
            update.id ? RevisionIdentity{update.id->update_id,
                                         static_cast<std::uint32_t>(update.id->revision_number)}
                      : RevisionIdentity{};
        if (!asked.contains(identity)) {
            continue;
        }
        left_out.erase(identity);
        auto revision = decode_update(update, urls);
        if (revision) {
            asked.erase(identity);
            revisions.push_back(std::move(*revision));
        } else {
            note_bad(identity, revision.error());
        }
    }
    if (!revisions.empty()) {
        const auto stored = store_.put_revisions_of_run(run_id_, revisions, clock_.now());
        if (!stored) {
            return std::unexpected(stored.error());
        }
        const std::scoped_lock lock(mutex_);
        counts_.revisions += stored->revisions;
        counts_.new_updates += stored->new_updates;
        counts_.revised_updates += stored->revised_updates;
        counts_.expired_updates += stored->expired_updates;
    }
    // A server keeps its answers small: what it left out is asked for again while anything comes.
    if (left_out.size() < batch.size()) {
        return Identities{left_out.begin(), left_out.end()};
    }
    for (const RevisionIdentity& identity : left_out) {
        note_bad(identity,
                 {"upstream.document",
                  "The upstream sent nothing for the revision " + identity.update_id.text() + " " +
                      std::to_string(identity.revision_number) + ".",
                  "",
                  {}});
    }
    return Identities{};
}

void Run::note_bad(const RevisionIdentity& identity, const Error& error) {
    const std::scoped_lock lock(mutex_);
    const bool is_first = bad_.insert(identity).second;
    if (is_first && bad_errors_.size() < kBadToKeep) {
        bad_errors_.emplace_back(identity, error);
    }
}

void Run::forget_bad_ones_that_came() {
    // A member of a bundle is asked for twice, and may come the second time.
    const auto view = publisher_.view();
    const auto is_here = [&](const RevisionIdentity& identity) {
        return view->catalog().find(identity) != kNone;
    };
    std::erase_if(bad_, is_here);
    std::erase_if(bad_errors_, [&](const auto& bad) { return is_here(bad.first); });
}

}  // namespace headwater::upstream
