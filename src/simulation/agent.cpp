#include "simulation/agent.hpp"

#include <array>
#include <optional>
#include <utility>

#include "simulation/details.hpp"
#include "simulation/installer.hpp"
#include "simulation/rounds.hpp"

namespace headwater::simulation {
namespace {

namespace client = protocol::client;

std::string_view action_name(DeploymentAction action) {
    constexpr std::array<std::string_view, 7> kNames = {
        "OptionalInstall", "Install",  "Uninstall", "PreDeploymentCheck",
        "Block",           "Evaluate", "Bundle"};
    const auto place = static_cast<std::size_t>(action);
    return place < kNames.size() ? kNames[place] : "Unknown";
}

bool is_offered(const CachedRevision& revision) {
    return revision.action == DeploymentAction::kInstall ||
           revision.action == DeploymentAction::kOptionalInstall;
}

std::string count(std::size_t number, std::string_view what) {
    return std::to_string(number) + ' ' + std::string(what);
}

}  // namespace

class Agent::Impl {
public:
    Impl(Transport transport, std::string server, Facts facts, std::filesystem::path cache,
         const Clock& clock, AgentOptions options)
        : transport_(std::move(transport)),
          server_(std::move(server)),
          facts_(std::move(facts)),
          cache_(std::move(cache)),
          clock_(clock),
          options_(std::move(options)) {}

    Result<ScanReport> scan() {
        if (auto loaded = load(); !loaded) {
            return std::unexpected(std::move(loaded.error()));
        }
        Caller caller(transport_, server_);
        Session session(caller, *state_, facts_, clock_, options_.patience);
        ScanReport report;
        auto done = run(session, report);
        report.requests += caller.traffic().requests;
        report.sent_bytes = caller.traffic().sent_bytes;
        report.received_bytes = caller.traffic().received_bytes;
        report.faults = session.faults();
        count_cached(report);
        if (auto saved = save(); done && !saved) {
            done = std::move(saved);
        }
        if (!done) {
            return std::unexpected(std::move(done.error()));
        }
        return report;
    }

private:
    Result<> load() {
        if (!state_) {
            auto loaded = cache_.empty() ? AgentState{} : load_state(cache_);
            if (!loaded) {
                return std::unexpected(std::move(loaded.error()));
            }
            state_ = std::move(*loaded);
            learn(*state_, facts_);
        }
        if (facts_.client_id && facts_.client_id != state_->client_id) {
            state_->client_id = facts_.client_id;
            state_->cookie.reset();
            state_->registration.clear();
        }
        if (!state_->client_id) {
            state_->client_id = Guid::random();
        }
        state_->revisions.evaluate(facts_);
        return {};
    }

    [[nodiscard]] Result<> save() const {
        return cache_.empty() ? Result<>{} : save_state(*state_, cache_);
    }

    /// Runs one step and reports it; it returns its figures.
    template <typename Work>
    Result<> step(ScanReport& report, std::string name, Work work) {
        const Time begin = clock_.now();
        Result<std::string> figures = work();
        if (!figures) {
            return std::unexpected(std::move(figures.error()));
        }
        const std::chrono::duration<double> seconds = clock_.now() - begin;
        report.steps.push_back({std::move(name), std::move(*figures), seconds.count()});
        if (options_.on_step) {
            options_.on_step(report.steps.back());
        }
        return {};
    }

    Result<> run(Session& session, ScanReport& report) {
        std::vector<Guid> categories;
        if (auto done =
                step(report, "handshake", [&] { return handshake(session, report, categories); });
            !done) {
            return done;
        }
        Rounds rounds(session, *state_, facts_, std::move(categories));
        RoundsResult software;
        if (auto done =
                step(report, "software", [&] { return synchronize(rounds, report, software); });
            !done) {
            return done;
        }
        if (!software.drivers_not_needed) {
            if (auto done = step(report, "drivers", [&] { return drivers(rounds, report); });
                !done) {
                return done;
            }
        }
        if (auto done =
                step(report, "details", [&] { return details(session, report, software.outside); });
            !done) {
            return done;
        }
        return act(session, report);
    }

    Result<std::string> handshake(Session& session, ScanReport& report,
                                  std::vector<Guid>& categories) {
        if (auto opened = session.open(); !opened) {
            return std::unexpected(std::move(opened.error()));
        }
        std::string known = "server protocol " + state_->config->protocol_version + ", " +
                            count(state_->revisions.all().size(), "updates cached");
        if (options_.categories.empty()) {
            return known;
        }
        if (!state_->config->has_category_scans()) {
            return fail("agent.category_scan",
                        "The server speaks protocol " + state_->config->protocol_version +
                            ", which has no category scans: they come with 3.2.",
                        "Scan without categories.");
        }
        client::StartCategoryScan request;
        for (std::size_t i = 0; i < options_.categories.size(); ++i) {
            request.requested_categories.ensure().push_back(
                {static_cast<std::int32_t>(i), options_.categories[i]});
        }
        const auto answer = session.call_without_cookie<client::StartCategoryScanResponse>(
            client_operation("StartCategoryScan"), request);
        if (!answer) {
            return std::unexpected(answer.error());
        }
        categories = answer->preferred_category_ids.or_default();
        report.unknown_categories = answer->requested_category_ids_in_error.or_default();
        if (categories.empty()) {
            return fail("agent.category_scan", "The server knows none of the categories.",
                        "Check their identifiers, and that the server synchronizes them.");
        }
        return known + ", " + count(categories.size(), "categories");
    }

    static void add(const RoundsResult& result, ScanReport& report) {
        report.rounds += result.rounds;
        report.new_updates += result.new_updates;
        report.changed += result.changed;
        report.out_of_scope += result.out_of_scope;
    }

    static std::string figures_of(const RoundsResult& result) {
        return count(result.rounds, "rounds, ") + count(result.new_updates, "new, ") +
               count(result.changed, "changed, ") + count(result.out_of_scope, "out of scope");
    }

    Result<std::string> synchronize(Rounds& rounds, ScanReport& report, RoundsResult& software) {
        auto result = rounds.synchronize_software();
        if (!result) {
            return std::unexpected(std::move(result.error()));
        }
        software = std::move(*result);
        add(software, report);
        return figures_of(software);
    }

    Result<std::string> drivers(Rounds& rounds, ScanReport& report) {
        const auto result = rounds.synchronize_drivers();
        if (!result) {
            return std::unexpected(result.error());
        }
        add(*result, report);
        return figures_of(*result);
    }

    Result<std::string> details(Session& session, ScanReport& report,
                                const std::set<RevisionId>& outside) {
        const auto result = fetch_details(session, *state_, facts_, outside);
        if (!result) {
            return std::unexpected(result.error());
        }
        report.details = result->requested;
        report.out_of_scope += result->out_of_scope;
        report.unreadable += result->unreadable;
        for (const auto& [id, revision] : state_->revisions.all()) {
            if (is_deployed(revision) && revision.state == State::kInstallable) {
                ++report.applicable;
                report.offered += is_offered(revision) ? 1U : 0U;
            }
        }
        return count(result->requested, "asked for, ") + count(report.applicable, "applicable, ") +
               count(report.offered, "offered");
    }

    /// Downloads, installs and reports what the scan found.
    Result<> act(Session& session, ScanReport& report) {
        Events events(*state_, facts_, clock_);
        events.detected(report.applicable);
        Downloader downloader(transport_, cache_ / "files", options_.seed);
        Installer installer(session, *state_, facts_, events, downloader);
        if (options_.download && !cache_.empty()) {
            if (auto done = download_and_install(report, installer); !done) {
                return done;
            }
        }
        report.requests += downloader.figures().requests;
        take(installer.figures(), report);
        events.status();
        if (!options_.report) {
            return {};
        }
        return step(report, "report", [&]() -> Result<std::string> {
            const auto sent = events.send(session);
            if (!sent) {
                return std::unexpected(sent.error());
            }
            report.events = *sent;
            return count(*sent, "events");
        });
    }

    Result<> download_and_install(ScanReport& report, Installer& installer) {
        std::vector<Offer> offered = offers(state_->revisions);
        const InstallerFigures& figures = installer.figures();
        auto done = step(report, "download", [&]() -> Result<std::string> {
            installer.download(offered);
            return count(figures.downloaded_files, "files, ") +
                   std::to_string(figures.downloaded_bytes) + " bytes, " +
                   count(figures.failed_downloads, "updates failed");
        });
        if (!done || !options_.install) {
            return done;
        }
        return step(report, "install", [&]() -> Result<std::string> {
            installer.install(offered);
            return count(figures.installations, "installed, ") +
                   count(figures.failed_installations, "failed");
        });
    }

    static void take(const InstallerFigures& figures, ScanReport& report) {
        report.downloaded_files = figures.downloaded_files;
        report.downloaded_bytes = figures.downloaded_bytes;
        report.failed_downloads = figures.failed_downloads;
        report.installations = figures.installations;
        report.failed_installations = figures.failed_installations;
        report.marked_only = figures.marked_only;
    }

    void count_cached(ScanReport& report) const {
        for (const auto& [id, revision] : state_->revisions.all()) {
            ++report.cached;
            ++report.by_action[std::string(action_name(revision.action))];
            report.unknown_rules += revision.unknown_rules;
            report.unreadable += revision.readable ? 0U : 1U;
            if (is_deployed(revision) && revision.state == State::kInstalled) {
                ++report.installed;
            }
        }
    }

    Transport transport_;
    std::string server_;
    Facts facts_;
    std::filesystem::path cache_;
    const Clock& clock_;
    AgentOptions options_;
    std::optional<AgentState> state_;
};

Agent::Agent(Transport transport, std::string server, Facts facts, std::filesystem::path cache,
             const Clock& clock, AgentOptions options)
    : impl_(std::make_unique<Impl>(std::move(transport), std::move(server), std::move(facts),
                                   std::move(cache), clock, std::move(options))) {}

Agent::Agent(net::Client& client, std::string server, Facts facts, std::filesystem::path cache,
             const Clock& clock, AgentOptions options)
    : Agent(transport_of(client), std::move(server), std::move(facts), std::move(cache), clock,
            std::move(options)) {}

Agent::~Agent() = default;
Agent::Agent(Agent&&) noexcept = default;
Agent& Agent::operator=(Agent&&) noexcept = default;

Result<ScanReport> Agent::scan() {
    return impl_->scan();
}

}  // namespace headwater::simulation
