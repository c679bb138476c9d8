#pragma once
// Which files are wanted here: computed from what is decided, never remembered. Pure; any thread.

#include <vector>

#include "policy/view.hpp"

namespace headwater::content {

/// The files that the decisions want here, through bundles to the leaves that hold them; each once,
/// ascending, with the earliest deadline and the earliest time of all that want it. None where
/// files are left at Microsoft Update. Revisions for languages that are not chosen, expired and
/// declined ones are left out, and express files unless they are chosen.
/// Cost: a walk through what is approved, or through the catalog where all of it is wanted.
[[nodiscard]] std::vector<store::FileWish> wanted_files(const policy::View& view);

/// The files of one revision and of everything it bundles; each once.
[[nodiscard]] std::vector<catalog::RevisionFile> files_of(const catalog::Snapshot& catalog,
                                                          catalog::Index index);

}  // namespace headwater::content
