#include "diagnosis/health_options.hpp"

#include <array>

namespace headwater::diagnosis {
namespace {

namespace json = boost::json;

constexpr const char* kSetting = "options.health";

using O = HealthOptions;

constexpr std::array kFields = {
    HealthField{"interval_minutes", &O::interval_minutes, 1, 1440, "Minutes between two checks"},
    HealthField{"disk_warning_percent", &O::disk_warning_percent, 0, 100,
                "Event 10042: less than this share of the disk is free, and less than "
                "disk_warning_gib"},
    HealthField{"disk_warning_gib", &O::disk_warning_gib, 0, 1'000'000,
                "Event 10042: less than so many GiB are free"},
    HealthField{"disk_error_percent", &O::disk_error_percent, 0, 100,
                "Event 10041: less than this share of the disk is free, and less than "
                "disk_error_gib"},
    HealthField{"disk_error_gib", &O::disk_error_gib, 0, 1'000'000,
                "Event 10041: less than so many GiB are free"},
    HealthField{"synchronization_days", &O::synchronization_days, 0, 3650,
                "Event 10022: days without a good synchronization"},
    HealthField{"failed_files_warning", &O::failed_files_warning, 0, 1'000'000,
                "Event 10032: so many files have failed"},
    HealthField{"failed_files_error", &O::failed_files_error, 0, 1'000'000,
                "Event 10031: so many files have failed"},
    HealthField{"silent_days", &O::silent_days, 1, 3650,
                "Days after which a computer that does not report is silent"},
    HealthField{"silent_warning_percent", &O::silent_warning_percent, 0, 100,
                "Event 13032: more than this share of the computers is silent"},
    HealthField{"silent_error_percent", &O::silent_error_percent, 0, 100,
                "Event 13031: more than this share of the computers is silent"},
    HealthField{"installation_days", &O::installation_days, 1, 365,
                "Days whose installations are counted"},
    HealthField{"installation_least", &O::installation_least, 1, 1'000'000,
                "Fewer installations than these say nothing"},
    HealthField{"installation_warning_percent", &O::installation_warning_percent, 0, 100,
                "Event 13002: more than this share of the installations fails"},
    HealthField{"installation_error_percent", &O::installation_error_percent, 0, 100,
                "Event 13001: more than this share of the installations fails"},
    HealthField{"no_computer_hours", &O::no_computer_hours, 0, 87'600,
                "Event 13051: hours after the first start without any computer"},
    HealthField{"event_days", &O::event_days, 1, 3650, "Days for which events are kept"},
};

}  // namespace

std::span<const HealthField> health_fields() {
    return kFields;
}

json::object to_json(const HealthOptions& options) {
    json::object object;
    for (const HealthField& field : kFields) {
        object[field.name] = options.*field.value;
    }
    return object;
}

Result<HealthOptions> load_health_options(const store::Store& store) {
    const auto stored = store.setting(kSetting);
    if (!stored) {
        return std::unexpected(stored.error());
    }
    HealthOptions options;
    if (!*stored) {
        return options;
    }
    json::error_code error;
    const json::value value = json::parse(**stored, error);
    if (error || !value.is_object()) {
        return fail("store.corrupt", "The stored setting options.health is no JSON object.",
                    "Set the options again.", {error.message()});
    }
    for (const HealthField& field : kFields) {
        const json::value* number = value.get_object().if_contains(field.name);
        json::error_code wrong;
        const auto read = number == nullptr ? 0U : number->to_number<unsigned>(wrong);
        if (number != nullptr && !wrong && read >= field.least && read <= field.most) {
            options.*field.value = read;
        }
    }
    return options;
}

Result<> save_health_options(store::Store& store, const HealthOptions& options) {
    for (const HealthField& field : kFields) {
        const unsigned value = options.*field.value;
        if (value < field.least || value > field.most) {
            return fail("options.invalid", "The option '" + std::string(field.name) +
                                               "' has to be from " + std::to_string(field.least) +
                                               " to " + std::to_string(field.most) + ".");
        }
    }
    return store.put_setting(kSetting, json::serialize(to_json(options)));
}

}  // namespace headwater::diagnosis
