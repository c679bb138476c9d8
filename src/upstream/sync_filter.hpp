#pragma once
// What a run asks its upstream for: the anchor that was kept, and the choice as a filter. Pure but
// for what is read from the store; any thread. [MS-WSUSSS] 3.1.4.5

#include <set>
#include <string>
#include <vector>

#include "catalog/snapshot.hpp"
#include "policy/options.hpp"
#include "protocol/server_sync.hpp"
#include "store/store.hpp"

namespace headwater::upstream {

/// Before the name of a language among what was chosen.
inline constexpr const char* kLanguageMark = "language:";

/// An anchor as it is kept: with the upstream that gave it, and the choice that it stands for.
struct StoredAnchor {
    std::string anchor;
    std::set<std::string> chosen;
};

[[nodiscard]] std::string anchor_to_json(const std::string& upstream, const std::string& anchor,
                                         const std::vector<std::string>& chosen);
/// An empty one where none is kept, or another upstream gave it. Errors: the store's.
[[nodiscard]] Result<StoredAnchor> load_anchor(const store::Store& store, const char* name,
                                               const std::string& upstream);
[[nodiscard]] bool has_chosen_languages(const StoredAnchor& anchor);

/// The ids of a choice, with all below them; all of a kind that the catalog has where it says
/// "all".
[[nodiscard]] std::vector<Guid> ids_of(const catalog::Snapshot& catalog,
                                       const policy::Choice& choice, bool classifications);
/// What was chosen when the anchor was given is asked for from there on, the rest as a whole.
[[nodiscard]] soap::Array<protocol::server_sync::IdAndDelta> filter_of(const std::vector<Guid>& ids,
                                                                       const StoredAnchor& before);
/// All languages, which is said by saying nothing, unless some are chosen.
[[nodiscard]] soap::Optional<soap::Array<protocol::server_sync::LanguageAndDelta>> languages_of(
    const std::vector<std::string>& chosen, const StoredAnchor& before);

}  // namespace headwater::upstream
