#include "diagnosis/doctor.hpp"

#include <algorithm>
#include <array>

#include "diagnosis/doctor_checks.hpp"

namespace headwater::diagnosis {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Check {
    CheckInfo info;
    CheckResult (*run)(const CheckContext&);
    bool tests_options;  ///< says whether new options would work
};

constexpr std::array<Check, 12> kChecks = {{
    {{"last_synchronization", "The last synchronization"}, check_last_synchronization, false},
    {{"proxy", "The proxy server"}, check_proxy, true},
    {{"ports", "Ports and domains"}, check_ports, false},
    {{"upstream_name", "The upstream's name"}, check_upstream_name, true},
    {{"content_folder", "The content folder and its permissions"}, check_content_folder, false},
    {{"transfer", "The transfer service"}, check_transfer, false},
    {{"not_on_upstream", "Updates that are not on the upstream"}, check_not_on_upstream, false},
    {{"parent", "Approvals and languages against the upstream"}, check_parent, false},
    {{"clock", "The clock against the upstream's"}, check_clock, true},
    {{"tls", "TLS: chain, name and expiry"}, check_tls, true},
    {{"database", "The database"}, check_database, false},
    {{"services", "The services of the upstream"}, check_services, true},
}};

constexpr auto kInfos = [] {
    std::array<CheckInfo, kChecks.size()> infos;
    std::ranges::transform(kChecks, infos.begin(), &Check::info);
    return infos;
}();

CheckReport report(const Check& check, const CheckContext& context) {
    const auto start = SteadyClock::now();
    CheckResult result = check.run(context);
    return {check.info, std::move(result),
            std::chrono::duration<double>(SteadyClock::now() - start).count()};
}

}  // namespace

std::string_view name_of(CheckState state) {
    switch (state) {
        case CheckState::kOk:
            return "ok";
        case CheckState::kWarning:
            return "warning";
        case CheckState::kError:
            return "error";
        case CheckState::kSkipped:
            return "skipped";
    }
    return "";
}

CheckResult failed(const Error& error, std::vector<std::string> evidence) {
    evidence.push_back("code " + error.code);
    evidence.insert(evidence.end(), error.causes.begin(), error.causes.end());
    return {CheckState::kError, error.sentence, std::move(evidence), error.remedy};
}

std::string milliseconds_text(std::chrono::milliseconds time) {
    return std::to_string(time.count()) + " ms";
}

std::string shell_quoted(const std::filesystem::path& path) {
    std::string text = "'";
    for (const char c : path.string()) {
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return text + "'";
}

Doctor::Doctor(DoctorSources sources) : sources_(std::move(sources)) {}

std::span<const CheckInfo> Doctor::checks() {
    return kInfos;
}

Result<CheckReport> Doctor::check(std::string_view name, bool fix) const {
    const auto found =
        std::ranges::find(kChecks, name, [](const Check& check) { return check.info.name; });
    if (found == kChecks.end()) {
        return fail("doctor.unknown", "There is no check '" + std::string(name) + "'.",
                    "List them with `headwater doctor --list`.");
    }
    const auto options = policy::load_sync_options(sources_.store);
    if (!options) {
        return std::unexpected(options.error());
    }
    return report(*found, {sources_, *options, fix, cancel_});
}

std::vector<CheckReport> Doctor::test(const policy::SyncOptions& options) const {
    std::vector<CheckReport> reports;
    for (const Check& check : kChecks) {
        if (check.tests_options) {
            reports.push_back(report(check, {sources_, options, false, cancel_}));
        }
    }
    return reports;
}

void Doctor::cancel() {
    cancel_->cancel();
}

}  // namespace headwater::diagnosis
