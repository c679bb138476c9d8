#include "admin/update_content.hpp"

#include "admin/values.hpp"
#include "content/wanted.hpp"

namespace headwater::admin {

namespace json = boost::json;

/// More than these are no trouble with single updates.
constexpr std::size_t kMaxFailing = 100'000;

Result<FailingFiles> FailingFiles::load(const store::Store& store) {
    auto files = store.failing_files(kMaxFailing);
    if (!files) {
        return std::unexpected(files.error());
    }
    FailingFiles failing;
    for (store::FileRecord& file : *files) {
        const Sha1 sha1 = file.sha1;
        failing.files_.emplace(sha1, std::move(file));
    }
    return failing;
}

json::value FailingFiles::mark(const catalog::Snapshot& catalog, catalog::Index index) const {
    if (files_.empty()) {
        return nullptr;
    }
    const store::FileRecord* first = nullptr;
    std::uint64_t count = 0;
    for (const catalog::RevisionFile& file : content::files_of(catalog, index)) {
        const auto failing = files_.find(file.sha1);
        if (failing != files_.end()) {
            ++count;
            if (first == nullptr || failing->second.failing_since < first->failing_since) {
                first = &failing->second;
            }
        }
    }
    if (first == nullptr) {
        return nullptr;
    }
    return json::object{{"state", "failed"},
                        {"reason", json_text(name_of(first->reason))},
                        {"since", to_json(first->failing_since)},
                        {"error", json_text(first->error)},
                        {"files", count}};
}

}  // namespace headwater::admin
