#pragma once
// Whether an update is installed on a computer or could be, as the Windows Update Agent decides it
// from the rules of the Core fragment; and what installing it changes. Pure; any thread.

#include <cstddef>
#include <functional>
#include <span>

#include "simulation/facts.hpp"
#include "simulation/fragment.hpp"

namespace headwater::simulation {

enum class State : std::uint8_t { kNotApplicable, kInstallable, kInstalled };

struct Applicability {
    bool installed = false;
    /// The rules allow the installation: IsInstallable holds, or there is none and the update has
    /// rules; and IsSuperseded does not hold. Never of categories and detectoids.
    bool installable = false;
    /// Rules that the simulation does not know, wherever they stand; each counts as false.
    std::size_t unknown_rules = 0;

    /// What is installed is never installable too.
    [[nodiscard]] State state() const {
        return installed ? State::kInstalled
                         : (installable ? State::kInstallable : State::kNotApplicable);
    }
};

/// Of an update without rules nothing holds: a bundle's state is what bundle_state says.
[[nodiscard]] Applicability evaluate(const CoreFragment& core, const Facts& facts);

/// The state of a member, by its update id; kNotApplicable for one that the agent was not sent.
using StateOf = std::function<State(const Guid& update)>;

/// The state of a bundle from its members. A clause is met if a member of it is installed, open if
/// none is and one is installable, and otherwise does not concern this computer (another edition,
/// another language, superseded). A bundle is installable if a clause is open, installed if one is
/// met and none is open, and not applicable if no clause concerns the computer.
[[nodiscard]] State bundle_state(std::span<const BundleClause> clauses, const StateOf& state_of);

/// Makes the facts such that IsInstalled becomes true, where it is made of comparisons of registry
/// values and file versions joined by And and Or. Rules of IsInstallable of the form "not greater
/// than n", by which updates replace each other, raise their value to n.
/// False if IsInstalled does not hold afterwards: then the installation is only remembered.
bool install(const CoreFragment& core, Facts& facts);

}  // namespace headwater::simulation
