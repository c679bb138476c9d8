#pragma once
// What an administrator decides about synchronization, kept in the store as JSON and changed while
// the server runs. Values; the functions may be called from any thread.

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/guid.hpp"
#include "store/store.hpp"

namespace headwater::policy {

/// A choice among categories: all of them, or these.
struct Choice {
    bool all = false;
    std::vector<Guid> ids;
    bool operator==(const Choice&) const = default;
};

struct SyncOptions {
    /// "http://upstream.corp:8530"; empty until it is set.
    std::string upstream;
    Choice products;
    Choice classifications;
    /// "en", "de" ...; empty for all languages.
    std::vector<std::string> languages;
    /// Requests for documents that are under way at once; 1 to 16.
    unsigned parallel_requests = 4;
    bool operator==(const SyncOptions&) const = default;
};

/// An automatic approval: updates of these classifications and products are approved for these
/// groups.
struct ApprovalRule {
    std::string name;
    bool enabled = true;
    Choice classifications;
    Choice products;
    std::vector<Guid> groups;
    bool operator==(const ApprovalRule&) const = default;
};

[[nodiscard]] Result<SyncOptions> load_sync_options(const store::Store& store);
/// Errors: "options.invalid" for an address that is no http or https URL, with the sentence.
[[nodiscard]] Result<> save_sync_options(store::Store& store, const SyncOptions& options);
[[nodiscard]] Result<std::vector<ApprovalRule>> load_rules(const store::Store& store);
[[nodiscard]] Result<> save_rules(store::Store& store, const std::vector<ApprovalRule>& rules);

}  // namespace headwater::policy
