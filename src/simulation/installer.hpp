#pragma once
// What the agent does with what is offered: chooses the parts of bundles, downloads their files and
// "installs" them by changing the facts. One thread at a time.

#include <cstddef>
#include <string>
#include <vector>

#include "simulation/download.hpp"
#include "simulation/events.hpp"
#include "simulation/session.hpp"

namespace headwater::simulation {

/// One deployed update that is to be installed, and what of it has to be.
struct Offer {
    RevisionId id = 0;
    std::vector<RevisionId> parts = {};  ///< itself, or members of a bundle, at any depth
    bool downloaded = false;
};

/// The installable updates whose Action is Install. Of a clause of a bundle the first installable
/// member is taken, as one is enough.
[[nodiscard]] std::vector<Offer> offers(const Revisions& revisions);

struct InstallerFigures {
    std::size_t downloaded_files = 0;
    std::uint64_t downloaded_bytes = 0;
    std::size_t failed_downloads = 0;
    std::size_t installations = 0;
    std::size_t failed_installations = 0;
    std::size_t marked_only = 0;
};

class Installer {
public:
    /// All that is given by reference outlives the Installer.
    Installer(Session& session, AgentState& state, Facts& facts, Events& events,
              Downloader& downloader);

    /// Fetches all files of each offer but deltas, which stand in for whole ones. A location that
    /// no longer holds is asked for anew, once.
    void download(std::vector<Offer>& offers);
    /// What was downloaded and is still needed becomes installed.
    void install(const std::vector<Offer>& offers);

    [[nodiscard]] const InstallerFigures& figures() const { return figures_; }

private:
    [[nodiscard]] Result<std::uint64_t> download(const Offer& offer);
    [[nodiscard]] Result<std::uint64_t> download(RevisionId part, const Sha1& digest);
    [[nodiscard]] Result<std::uint64_t> fetch(RevisionId part, const Sha1& digest);
    /// Those that are wanted of a part.
    [[nodiscard]] std::vector<Sha1> files_of(RevisionId part);
    /// @return true if a part was still needed
    bool install_parts(const Offer& offer);

    Session& session_;
    AgentState& state_;
    Facts& facts_;
    Events& events_;
    Downloader& downloader_;
    bool located_ = false;
    InstallerFigures figures_;
};

}  // namespace headwater::simulation
