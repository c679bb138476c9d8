#pragma once
// Which files are wanted here: computed from what is approved, never remembered. Pure; any thread.

#include <vector>

#include "policy/view.hpp"

namespace headwater::content {

/// The files of everything approved for installation or removal in any group, through bundles to
/// the leaves that hold them; each once, ascending. Express files are left out.
[[nodiscard]] std::vector<Sha1> wanted_files(const policy::View& view);

/// The files of one revision and of everything it bundles; each once.
[[nodiscard]] std::vector<catalog::RevisionFile> files_of(const catalog::Snapshot& catalog,
                                                          catalog::Index index);

}  // namespace headwater::content
