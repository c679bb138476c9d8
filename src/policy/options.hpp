#pragma once
// What an administrator decides about synchronization, kept in the store as JSON and changed while
// the server runs. Values; the functions may be called from any thread.

#include <cstdint>
#include <optional>
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

/// The public server-to-server service of Microsoft Update.
inline constexpr const char* kMicrosoftUpdate = "https://sws.update.microsoft.com";

enum class Source : std::uint8_t { kServer, kMicrosoft };
enum class ContentSource : std::uint8_t { kUpstream, kMicrosoft };

struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
};

struct ProxyOptions {
    bool enabled = false;
    Endpoint server = {"", 3128};
    std::string user;
    std::string domain;
    /// The password as SecretBox sealed it; empty for none.
    std::string sealed_password;
    /// Basic authentication sends the password in clear text.
    bool allow_basic = false;
    /// Another one for https.
    std::optional<Endpoint> tls;
    /// Names and addresses that are reached without it: "*.corp.example", "10.*", "<local>" for
    /// names without a dot.
    std::vector<std::string> bypass;
    bool operator==(const ProxyOptions&) const = default;
};

/// When synchronizations start by themselves.
struct ScheduleOptions {
    bool automatic = false;
    unsigned first_minute = 3 * 60;  ///< of the local day, 0 to 1439
    unsigned per_day = 1;            ///< 1 to 24, evenly
    unsigned random_minutes = 30;    ///< each start is put off by up to so many; 0 to 30
    bool operator==(const ScheduleOptions&) const = default;
};

struct SyncOptions {
    Source source = Source::kServer;
    /// "http://upstream.corp:8530"; empty until it is set, and not used with kMicrosoft.
    std::string upstream;
    ContentSource content_from = ContentSource::kUpstream;
    ProxyOptions proxy;
    ScheduleOptions schedule;
    /// How long the history keeps a run; 1 to 3650.
    unsigned history_days = 180;
    Choice products;
    Choice classifications;
    /// "en", "de" ...; empty for all languages.
    std::vector<std::string> languages;
    /// Requests for documents that are under way at once; 1 to 16.
    unsigned parallel_requests = 4;
    bool operator==(const SyncOptions&) const = default;

    /// Where the catalog comes from; empty while nothing is set.
    [[nodiscard]] std::string address() const {
        return source == Source::kMicrosoft ? kMicrosoftUpdate : upstream;
    }
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
/// Errors: "options.invalid" for an address that is no http or https URL, and for everything else
/// that is out of its range, with the sentence.
[[nodiscard]] Result<> save_sync_options(store::Store& store, const SyncOptions& options);
[[nodiscard]] Result<std::vector<ApprovalRule>> load_rules(const store::Store& store);
[[nodiscard]] Result<> save_rules(store::Store& store, const std::vector<ApprovalRule>& rules);

}  // namespace headwater::policy
