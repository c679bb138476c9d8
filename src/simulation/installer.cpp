#include "simulation/installer.hpp"

#include <algorithm>
#include <utility>

#include "simulation/applicability.hpp"

namespace headwater::simulation {
namespace {

constexpr unsigned kMaxDepth = 32;

void collect_parts(const Revisions& revisions, const CachedRevision& revision, unsigned depth,
                   std::vector<RevisionId>& parts) {
    if (!revision.is_bundle) {
        if (std::ranges::find(parts, revision.id) == parts.end()) {
            parts.push_back(revision.id);
        }
        return;
    }
    for (const BundleClause& clause : revision.bundled) {
        const auto installed = [&](const Guid& member) {
            return revisions.state_of(member) == State::kInstalled;
        };
        if (depth == kMaxDepth || std::ranges::any_of(clause, installed)) {
            continue;
        }
        const auto chosen = std::ranges::find_if(clause, [&](const Guid& member) {
            return revisions.state_of(member) == State::kInstallable;
        });
        if (chosen != clause.end()) {
            collect_parts(revisions, *revisions.find(*chosen), depth + 1, parts);
        }
    }
}

std::uint32_t hresult_of(const Error& error) {
    return error.code == "agent.digest"            ? kWrongDigest
           : error.code == "agent.download_status" ? kNotFound
                                                   : kNotDownloaded;
}

}  // namespace

std::vector<Offer> offers(const Revisions& revisions) {
    std::vector<Offer> offers;
    for (const auto& [id, revision] : revisions.all()) {
        if (revision.action == DeploymentAction::kInstall &&
            revision.state == State::kInstallable) {
            collect_parts(revisions, revision, 0, offers.emplace_back(Offer{.id = id}).parts);
        }
    }
    return offers;
}

Installer::Installer(Session& session, AgentState& state, Facts& facts, Events& events,
                     Downloader& downloader)
    : session_(session), state_(state), facts_(facts), events_(events), downloader_(downloader) {}

void Installer::download(std::vector<Offer>& offers) {
    for (Offer& offer : offers) {
        const CachedRevision* revision = state_.revisions.find(offer.id);
        if (revision == nullptr) {
            continue;
        }
        events_.of_update(EventId::kDownloadStarted, *revision);
        const auto bytes = download(offer);
        revision = state_.revisions.find(offer.id);
        if (revision == nullptr) {
            continue;
        }
        offer.downloaded = bytes.has_value();
        if (bytes) {
            events_.of_update(EventId::kDownloadSucceeded, *revision, 0,
                              {"B=" + std::to_string(*bytes)});
        } else {
            ++figures_.failed_downloads;
            events_.of_update(EventId::kDownloadFailed, *revision, hresult_of(bytes.error()));
        }
    }
}

Result<std::uint64_t> Installer::download(const Offer& offer) {
    std::uint64_t bytes = 0;
    for (const RevisionId part : offer.parts) {
        for (const Sha1& file : files_of(part)) {
            const auto fetched = download(part, file);
            if (!fetched) {
                return fetched;
            }
            bytes += *fetched;
        }
    }
    return bytes;
}

std::vector<Sha1> Installer::files_of(RevisionId part) {
    std::vector<Sha1> files;
    const CachedRevision* revision = state_.revisions.find(part);
    if (revision == nullptr) {
        return files;
    }
    const bool only_deltas =
        std::ranges::all_of(revision->files, [](const UpdateFile& file) { return file.express; });
    for (const UpdateFile& file : revision->files) {
        if (only_deltas || !file.express) {
            files.push_back(file.sha1);
        }
    }
    return files;
}

Result<std::uint64_t> Installer::download(RevisionId part, const Sha1& digest) {
    auto fetched = fetch(part, digest);
    if (!fetched && fetched.error().code == "agent.download_status" &&
        !std::exchange(located_, true)) {
        if (auto located = session_.locate_files(); !located) {
            return std::unexpected(std::move(located.error()));
        }
        fetched = fetch(part, digest);
    }
    if (fetched && *fetched > 0) {
        ++figures_.downloaded_files;
        figures_.downloaded_bytes += *fetched;
    }
    return fetched;
}

Result<std::uint64_t> Installer::fetch(RevisionId part, const Sha1& digest) {
    if (const CachedRevision* revision = state_.revisions.find(part)) {
        const auto file = std::ranges::find(revision->files, digest, &UpdateFile::sha1);
        if (file != revision->files.end() && !file->url.empty()) {
            return downloader_.fetch(*file, session_.caller().resolve(file->url));
        }
    }
    return fail("agent.no_location", "The server names no location for a file of an update.",
                "Look at its answer to GetFileLocations.");
}

bool Installer::install_parts(const Offer& offer) {
    bool needed = false;
    for (const RevisionId part : offer.parts) {
        CachedRevision* revision = state_.revisions.find(part);
        if (revision == nullptr) {
            continue;
        }
        const auto core = parse_core(revision->core);
        // An installation before this one may have superseded it.
        if (!core || evaluate(*core, facts_).state() != State::kInstallable) {
            continue;
        }
        needed = true;
        if (!simulation::install(*core, facts_)) {
            revision->marked_installed = true;
            ++figures_.marked_only;
        }
    }
    return needed;
}

void Installer::install(const std::vector<Offer>& offers) {
    const Facts before = facts_;
    for (const Offer& offer : offers) {
        const CachedRevision* revision = state_.revisions.find(offer.id);
        if (!offer.downloaded || revision == nullptr) {
            continue;
        }
        if (std::ranges::find(facts_.failing_updates, revision->update_id) !=
            facts_.failing_updates.end()) {
            events_.of_update(EventId::kInstallationStarted, *revision);
            events_.of_update(EventId::kInstallationFailed, *revision, kInstallFailed);
            ++figures_.failed_installations;
        } else if (install_parts(offer)) {
            events_.of_update(EventId::kInstallationStarted, *revision);
            events_.of_update(EventId::kInstallationSucceeded, *revision);
            ++figures_.installations;
        }
    }
    remember(before, facts_, state_);
    state_.revisions.evaluate(facts_);
}

}  // namespace headwater::simulation
