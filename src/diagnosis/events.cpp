#include "diagnosis/events.hpp"

#include <set>
#include <string_view>

#include "upstream/run_error.hpp"

namespace headwater::diagnosis {
namespace {

namespace json = boost::json;

Telling telling_of(const store::SyncRun& run) {
    const upstream::RunError error = upstream::parse_run_error(run.error);
    Telling telling{"Synchronization " + std::to_string(run.id) + " with " + run.upstream +
                        " failed. " + error.message,
                    {},
                    error.remedy};
    const auto add = [&](const char* what, const std::string& value) {
        if (!value.empty()) {
            telling.evidence.push_back(what + value);
        }
    };
    add("code: ", error.code);
    add("stage: ", error.stage);
    add("request: ", error.request);
    telling.evidence.insert(telling.evidence.end(), error.causes.begin(), error.causes.end());
    return telling;
}

std::string counts_of(const store::SyncRun& run) {
    return std::to_string(run.new_updates) + " new, " + std::to_string(run.revised_updates) +
           " revised, " + std::to_string(run.expired_updates) + " expired updates";
}

std::string field_text(const json::object& object, const std::string& name) {
    constexpr std::size_t kMost = 500;
    const json::value* value = object.if_contains(name);
    std::string text = value == nullptr ? "nothing" : json::serialize(*value);
    if (text.size() > kMost) {
        std::size_t end = kMost;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        text.resize(end);
        text += "…";
    }
    return text;
}

}  // namespace

void tell_started(Journal& journal, const store::SyncRun& run) {
    const bool is_manual = run.kind == "manual";
    journal.record(
        is_manual ? event::kSynchronizationManual : event::kSynchronizationScheduled,
        {"Synchronization " + std::to_string(run.id) + " with " + run.upstream + " has started" +
         (is_manual             ? ", by hand."
          : run.kind == "retry" ? ", as another try."
                                : ", by schedule.")});
}

void tell_finished(Journal& journal, const store::SyncRun& run) {
    const std::string name = "Synchronization " + std::to_string(run.id) + " with " + run.upstream;
    switch (run.result) {
        case store::RunResult::kSucceeded:
            journal.record(event::kSynchronizationSucceeded,
                           {name + " has succeeded: " + counts_of(run) + "."});
            journal.end(event::kLastSynchronizationFailed,
                        name + " has succeeded: the last synchronization is a good one again.");
            break;
        case store::RunResult::kCancelled:
            journal.record(event::kSynchronizationCancelled, {name + " was cancelled."});
            break;
        case store::RunResult::kFailed: {
            const Telling telling = telling_of(run);
            journal.record(event::kSynchronizationFailed, telling);
            journal.begin(event::kLastSynchronizationFailed, telling);
            break;
        }
        case store::RunResult::kRunning:
        case store::RunResult::kInterrupted:
            break;
    }
}

void tell_file(Journal& journal, const store::FileRecord& file) {
    if (file.state == store::FileState::kFailed) {
        journal.record(event::kFileFailed, {"The file " + file.name + " could not be downloaded.",
                                            {file.error, "SHA-1: " + to_hex_lower(file.sha1.bytes),
                                             "size: " + std::to_string(file.size) + " bytes",
                                             "attempts: " + std::to_string(file.attempts)}});
    }
}

void tell_option_changed(Journal& journal, const std::string& what,
                         const std::string& administrator, const json::value& before,
                         const json::value& after) {
    static const json::object nothing;
    const json::object& old_fields = before.is_object() ? before.get_object() : nothing;
    const json::object& new_fields = after.is_object() ? after.get_object() : nothing;
    std::set<std::string> names;
    for (const json::object* fields : {&old_fields, &new_fields}) {
        for (const auto& field : *fields) {
            names.emplace(field.key());
        }
    }
    Telling telling{what + " were changed by '" + administrator + "'."};
    for (const std::string& name : names) {
        const json::value* was = old_fields.if_contains(name);
        const json::value* is = new_fields.if_contains(name);
        if (was == nullptr || is == nullptr || *was != *is) {
            telling.evidence.push_back(name + ": " + field_text(old_fields, name) + " → " +
                                       field_text(new_fields, name));
        }
    }
    if (!telling.evidence.empty()) {
        journal.record(event::kOptionChanged, std::move(telling));
    }
}

}  // namespace headwater::diagnosis
