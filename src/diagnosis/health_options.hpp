#pragma once
// The thresholds of the health monitor, kept in the store as JSON and changed while the server
// runs. Values; the functions may be called from any thread.

#include <boost/json.hpp>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "store/store.hpp"

namespace headwater::diagnosis {

/// A threshold of 0 switches its condition off.
struct HealthOptions {
    unsigned interval_minutes = 10;
    /// The disk is low where less is free than the share and than the amount: 5 % of a large disk
    /// is plenty.
    unsigned disk_warning_percent = 10;
    unsigned disk_warning_gib = 20;
    unsigned disk_error_percent = 5;
    unsigned disk_error_gib = 5;
    unsigned synchronization_days = 7;
    unsigned failed_files_warning = 1;
    unsigned failed_files_error = 50;
    unsigned silent_days = 30;
    unsigned silent_warning_percent = 10;
    unsigned silent_error_percent = 20;
    unsigned installation_days = 7;
    unsigned installation_least = 20;
    unsigned installation_warning_percent = 10;
    unsigned installation_error_percent = 25;
    unsigned no_computer_hours = 24;
    unsigned event_days = 180;
    bool operator==(const HealthOptions&) const = default;
};

/// One of them, as the API and the command line know it.
struct HealthField {
    std::string_view name;  ///< "disk_warning_percent"
    unsigned HealthOptions::* value;
    unsigned least;
    unsigned most;
    std::string_view meaning;
};

[[nodiscard]] std::span<const HealthField> health_fields();

[[nodiscard]] boost::json::object to_json(const HealthOptions& options);

[[nodiscard]] Result<HealthOptions> load_health_options(const store::Store& store);
/// Errors: "options.invalid" for a value out of its range, naming it.
[[nodiscard]] Result<> save_health_options(store::Store& store, const HealthOptions& options);

}  // namespace headwater::diagnosis
