#pragma once
// Which revisions a downstream server is told of. [MS-WSUSSS] 3.1.4.5. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "catalog/snapshot.hpp"

namespace headwater::downstream {

/// One id of a filter. `delta`: only what is newer than the anchor; otherwise all of it.
struct FilterId {
    Guid id;
    bool delta = false;
};

/// One language of a filter, as documents name it; `delta` as above.
struct FilterLanguage {
    std::string name;
    bool delta = false;
};

struct RevisionFilter {
    bool categories_only = false;    ///< GetConfig
    std::optional<Time> after = {};  ///< the anchor's time; nothing for the first time
    std::optional<std::vector<FilterId>> categories = {};
    std::optional<std::vector<FilterId>> classifications = {};
    /// Nothing: all languages. An update that names no language is for all of them.
    std::optional<std::vector<FilterLanguage>> languages = {};
};

/// Indexes in the catalog, ascending. A revision of an update is listed if it has one of the
/// categories and one of the classifications; with it all that it bundles, which need not have
/// either, in any language.
[[nodiscard]] std::vector<catalog::Index> list_revisions(const catalog::Snapshot& catalog,
                                                         const RevisionFilter& filter);

/// "<counter>,<yyyy-MM-dd HH:mm:ss.fff>", or the time alone.
[[nodiscard]] std::string make_anchor(catalog::ChangeNumber counter, Time time);
[[nodiscard]] std::optional<Time> parse_anchor(std::string_view anchor);

}  // namespace headwater::downstream
