#include "diagnosis/doctor.hpp"

#include "admin/nouns.hpp"
#include "admin/options.hpp"
#include "admin/values.hpp"
#include "admin/waiting.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

json::object to_json(const diagnosis::CheckReport& report) {
    json::array evidence;
    for (const std::string& line : report.result.evidence) {
        evidence.push_back(json_text(line));
    }
    return {{"name", json_text(report.info.name)},
            {"title", json_text(report.info.title)},
            {"state", json_text(diagnosis::name_of(report.result.state))},
            {"finding", json_text(report.result.finding)},
            {"evidence", std::move(evidence)},
            {"remedy", json_text(report.result.remedy)},
            {"fixable", report.result.is_fixable},
            {"seconds", report.seconds}};
}

Reply list_checks() {
    json::array checks;
    for (const diagnosis::CheckInfo& check : diagnosis::Doctor::checks()) {
        checks.push_back(
            json::object{{"name", json_text(check.name)}, {"title", json_text(check.title)}});
    }
    return Reply{json::object{{"checks", std::move(checks)}}};
}

std::unexpected<Error> too_busy() {
    return fail("doctor.busy", "Too many requests wait already.", "Repeat this in a few seconds.");
}

/// A check waits for the network, and occupies a worker meanwhile.
Result<Reply> run_check(const Services& services, const Call& call, const Waiting::Count& waiting) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const bool fix = fields->flag("fix", false);
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    if (fix) {
        if (auto may = require_administrator(call.caller); !may) {
            return std::unexpected(may.error());
        }
    }
    const Waiting one(waiting);
    if (!one.allowed()) {
        return too_busy();
    }
    const auto report = services.doctor.check(call.ids.front(), fix);
    return report ? Result<Reply>(Reply{to_json(*report)}) : std::unexpected(report.error());
}

/// The options as they would be, and stored by nobody.
Result<Reply> test_options(const Services& services, const Call& call,
                           const Waiting::Count& waiting) {
    const auto options = read_sync_options(services, call);
    if (!options) {
        return std::unexpected(options.error());
    }
    const Waiting one(waiting);
    if (!one.allowed()) {
        return too_busy();
    }
    json::array checks;
    for (const diagnosis::CheckReport& report : services.doctor.test(*options)) {
        checks.push_back(to_json(report));
    }
    return Reply{json::object{{"checks", std::move(checks)}}};
}

}  // namespace

void add_doctor(Dispatch& dispatch, Services& services, const Waiting::Count& waiting) {
    dispatch.add("GET", "doctor", [](const Call&) -> Result<Reply> { return list_checks(); });
    dispatch.add(
        "POST", "doctor/checks/{}", store::Role::kReporter,
        [&services, waiting](const Call& call) { return run_check(services, call, waiting); });
    dispatch.add("POST", "options/synchronization/test", [&services, waiting](const Call& call) {
        return test_options(services, call, waiting);
    });
}

}  // namespace headwater::admin
