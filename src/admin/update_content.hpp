#pragma once
// The mark of updates whose files could not be had. Read for one request; one thread.

#include <boost/json.hpp>
#include <unordered_map>

#include "base/error.hpp"
#include "catalog/snapshot.hpp"
#include "store/store.hpp"

namespace headwater::admin {

class FailingFiles {
public:
    /// Errors: those of the store.
    [[nodiscard]] static Result<FailingFiles> load(const store::Store& store);

    /// {"state":"failed","reason":…,"since":…,"error":…,"files":…} of a revision with all that it
    /// bundles, told by the file that fails for longest; null where none does.
    [[nodiscard]] boost::json::value mark(const catalog::Snapshot& catalog,
                                          catalog::Index index) const;
    [[nodiscard]] bool empty() const { return files_.empty(); }

private:
    std::unordered_map<Sha1, store::FileRecord> files_;
};

}  // namespace headwater::admin
