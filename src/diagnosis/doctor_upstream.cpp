#include <algorithm>
#include <unordered_set>

#include "catalog/languages.hpp"
#include "content/wanted.hpp"
#include "diagnosis/doctor_checks.hpp"
#include "upstream/account.hpp"

namespace headwater::diagnosis {
namespace {

namespace wire = protocol::server_sync;
using SteadyClock = std::chrono::steady_clock;

/// Of the files that do not come.
constexpr std::size_t kMaxFiles = 10'000;
/// Updates that the upstream is asked for.
constexpr std::size_t kMaxAsked = 200;
constexpr std::size_t kMaxShown = 50;
constexpr std::int32_t kAllLanguages = 0;

CheckResult no_upstream() {
    return {CheckState::kWarning,
            "No upstream is set.",
            {},
            "Set one: `headwater sync options --upstream http://wsus.corp.example:8530`, or "
            "`--microsoft-update`."};
}

Result<std::unique_ptr<upstream::Session>> open_session(const CheckContext& context) {
    auto options = upstream::session_options(
        context.sources.store, context.sources.secrets, context.options, context.options.address(),
        context.cancel, std::chrono::ceil<std::chrono::seconds>(context.sources.patience));
    if (!options) {
        return std::unexpected(options.error());
    }
    options->connect_timeout = context.sources.patience;
    return std::make_unique<upstream::Session>(context.sources.client, context.sources.clock,
                                               std::move(*options));
}

std::chrono::milliseconds since(SteadyClock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start);
}

bool is_unknown_there(const Error& error) {
    return error.code == "upstream.fault" && !error.causes.empty() &&
           error.causes.front() == "ErrorCode InternalServerError";
}

/// An update that is approved here and whose files do not come.
struct Wanted {
    catalog::RevisionIdentity identity;
    std::string title;
    std::string file_error;
};

/// What is approved and has one of these files, which failed at least once.
std::vector<Wanted> updates_with(const policy::View& view,
                                 const std::vector<store::FileRecord>& files) {
    std::unordered_map<Sha1, const store::FileRecord*> by_digest;
    for (const store::FileRecord& file : files) {
        by_digest.emplace(file.sha1, &file);
    }
    const catalog::Snapshot& catalog = view.catalog();
    std::vector<Wanted> wanted;
    std::unordered_set<Guid> seen;
    for (const store::Approval& approval : view.decisions().approvals) {
        const catalog::Index index = catalog.newest(approval.update_id);
        if (index == catalog::kNone || !seen.insert(approval.update_id).second) {
            continue;
        }
        for (const catalog::RevisionFile& file : content::files_of(catalog, index)) {
            const auto found = by_digest.find(file.sha1);
            if (found != by_digest.end()) {
                const catalog::Revision& revision = catalog.revision(index);
                wanted.push_back({revision.identity, revision.title, found->second->error});
                break;
            }
        }
    }
    return wanted;
}

Result<std::vector<store::FileRecord>> files_that_do_not_come(const store::Store& store) {
    auto files = store.files_in_state(store::FileState::kFailed, kMaxFiles);
    auto waiting = store.files_in_state(store::FileState::kWaiting, kMaxFiles);
    if (!files || !waiting) {
        return std::unexpected(files ? waiting.error() : files.error());
    }
    std::ranges::copy_if(*waiting, std::back_inserter(*files),
                         [](const store::FileRecord& file) { return !file.error.empty(); });
    return files;
}

/// Why the upstream may not know what it once gave.
std::string cause_of_absence(const CheckContext& context) {
    const auto runs = context.sources.store.runs(100);
    if (runs) {
        const auto other = std::ranges::find_if(*runs, [&](const store::SyncRun& run) {
            return run.result == store::RunResult::kSucceeded &&
                   run.upstream != context.options.address();
        });
        if (other != runs->end()) {
            return "this server had another upstream before (" + other->upstream + ")";
        }
    }
    return "the upstream was rebuilt or cleaned up, or synchronizes fewer products than before";
}

}  // namespace

CheckResult check_services(const CheckContext& context) {
    if (context.options.address().empty()) {
        return no_upstream();
    }
    auto session = open_session(context);
    if (!session) {
        return failed(session.error());
    }
    std::vector<std::string> evidence;
    auto start = SteadyClock::now();
    if (auto connected = (*session)->connect(); !connected) {
        return failed(connected.error());
    }
    evidence.push_back("GetAuthConfig, GetAuthorizationCookie and GetCookie: " +
                       milliseconds_text(since(start)));
    start = SteadyClock::now();
    const auto config = (*session)->config_data();
    if (!config) {
        return failed(config.error(), std::move(evidence));
    }
    evidence.push_back("GetConfigData: " + milliseconds_text(since(start)));
    evidence.push_back("protocol version " + config->protocol_version.or_default());
    evidence.push_back("updates in one request: " +
                       std::to_string(config->max_number_of_updates_per_request));
    if (config->catalog_only_sync) {
        evidence.emplace_back("it gives the catalog alone: files come from Microsoft Update");
    }
    const bool has_no_files = config->catalog_only_sync &&
                              context.options.source == policy::Source::kServer &&
                              context.options.content_from == policy::ContentSource::kUpstream;
    if (has_no_files) {
        return {CheckState::kWarning, "The services of the upstream answer, but it holds no files.",
                std::move(evidence),
                "Take the files from Microsoft Update: `headwater sync options --files-from "
                "microsoft`."};
    }
    return {CheckState::kOk, "The services of the upstream answer.", std::move(evidence)};
}

CheckResult check_parent(const CheckContext& context) {
    if (context.options.source == policy::Source::kMicrosoft) {
        return {CheckState::kSkipped,
                "Microsoft Update has every language, and approvals are this server's own."};
    }
    if (context.options.address().empty()) {
        return no_upstream();
    }
    auto session = open_session(context);
    if (!session) {
        return failed(session.error());
    }
    const auto config = (*session)->config_data();
    if (!config) {
        return failed(config.error());
    }
    std::unordered_set<std::int32_t> enabled;
    std::vector<std::string> evidence = {"approvals and groups are this server's own (autonomous)"};
    std::string offered;
    for (const wire::ServerSyncLanguageData& language : config->language_update_list.or_default()) {
        if (language.enabled) {
            enabled.insert(language.language_id);
            offered += (offered.empty() ? "" : ", ") + language.short_language.or_default();
        }
    }
    evidence.push_back("languages of the upstream: " + (offered.empty() ? "not told" : offered));
    // "all" is a language of its own; of an upstream that tells none nothing is known.
    const bool has_all = enabled.empty() || enabled.contains(kAllLanguages);
    std::string lacking;
    for (const std::string& name : context.options.languages) {
        const catalog::Language* language = catalog::find_language(name);
        if (language != nullptr && !has_all && !enabled.contains(language->id)) {
            lacking += (lacking.empty() ? "" : ", ") + name;
        }
    }
    if (!lacking.empty()) {
        return {CheckState::kWarning,
                "The upstream does not have these languages that are chosen here: " + lacking + ".",
                std::move(evidence),
                "Choose them on the upstream and synchronize it, or take them out here with "
                "`headwater sync options --languages`."};
    }
    return {CheckState::kOk, "The upstream has every language that is chosen here.",
            std::move(evidence)};
}

CheckResult check_not_on_upstream(const CheckContext& context) {
    const auto files = files_that_do_not_come(context.sources.store);
    if (!files) {
        return failed(files.error());
    }
    auto wanted = updates_with(*context.sources.publisher.view(), *files);
    if (wanted.empty()) {
        return {CheckState::kOk,
                "The files of every update that is approved are here or on their way."};
    }
    auto session = open_session(context);
    if (!session) {
        return failed(session.error());
    }
    const std::string cause = cause_of_absence(context);
    const std::size_t all = wanted.size();
    wanted.resize(std::min(all, kMaxAsked));
    std::vector<std::string> absent;
    std::vector<std::string> late;
    for (const Wanted& update : wanted) {
        const protocol::UpdateIdentity id{
            update.identity.update_id, static_cast<std::int32_t>(update.identity.revision_number)};
        const auto data = (*session)->update_data(std::span(&id, 1));
        if (!data && !is_unknown_there(data.error())) {
            return failed(data.error());
        }
        const std::string line = update.title + " (" + update.identity.update_id.text() + "): ";
        if (data) {
            late.push_back(line +
                           "the upstream has it, and not yet its files: " + update.file_error);
        } else {
            absent.push_back(line + "not on the upstream; " + cause);
        }
    }
    std::vector<std::string> evidence = absent;
    evidence.insert(evidence.end(), late.begin(), late.end());
    const std::size_t left_out = all - std::min(evidence.size(), kMaxShown);
    evidence.resize(std::min(evidence.size(), kMaxShown));
    if (left_out > 0) {
        evidence.push_back("and " + std::to_string(left_out) + " more");
    }
    const std::string count = std::to_string(all);
    if (absent.empty()) {
        return {CheckState::kWarning,
                count + " approved update" + (all == 1 ? " waits" : "s wait") +
                    " for files that the upstream does not have yet.",
                std::move(evidence),
                "Let the upstream fetch its own files first; they are tried again after each "
                "synchronization, and now with `headwater content retry`."};
    }
    return {
        CheckState::kError,
        std::to_string(absent.size()) + " approved update" +
            (absent.size() == 1 ? " is" : "s are") + " not on the upstream any more.",
        std::move(evidence),
        "Three ways out: choose their products and classifications on the upstream, synchronize "
        "it, then synchronize here; or take the files from Microsoft Update with `headwater "
        "sync options --files-from microsoft`; or decline what is not needed any more with "
        "`headwater updates decline`."};
}

}  // namespace headwater::diagnosis
