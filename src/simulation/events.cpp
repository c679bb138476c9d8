#include "simulation/events.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/bytes.hpp"

namespace headwater::simulation {
namespace {

namespace reporting = protocol::client_reporting;

constexpr std::size_t kBatch = 100;
constexpr std::int16_t kClientAgent = 101;
constexpr std::string_view kClientVersion = "G=1507.2601.30012.0";
constexpr std::int32_t kEnglish = 1033;

std::string upper_text(const Guid& guid) {
    std::string text = guid.text();
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

void append_id(std::string& list, const Guid& guid) {
    if (!list.ends_with('=')) {
        list += ';';
    }
    list += upper_text(guid);
}

std::string hresult_text(std::uint32_t hresult) {
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes.at(i) = static_cast<std::uint8_t>(hresult >> (24U - 8U * i));
    }
    return "0x" + to_hex_upper(bytes);
}

reporting::ProcessorArchitecture architecture_of(const Facts& facts) {
    switch (facts.architecture) {
        case Architecture::kX86:
            return reporting::ProcessorArchitecture::kX86Compatible;
        case Architecture::kX64:
            return reporting::ProcessorArchitecture::kAmd64Compatible;
        case Architecture::kArm64:
            break;
    }
    return reporting::ProcessorArchitecture::kUnknown;
}

}  // namespace

bool is_deployed(const CachedRevision& revision) {
    return revision.action != DeploymentAction::kBundle &&
           revision.action != DeploymentAction::kEvaluate &&
           revision.action != DeploymentAction::kBlock;
}

Events::Events(const AgentState& state, const Facts& facts, const Clock& clock)
    : state_(state), facts_(facts), clock_(clock) {}

reporting::ReportingEvent& Events::add(EventId id) {
    reporting::ReportingEvent& event = pending_.emplace_back();
    reporting::BasicData& basic = event.basic_data.ensure();
    basic.target_id.ensure().sid = state_.client_id.value_or(Guid{}).text();
    basic.time_at_target = clock_.now();
    basic.event_instance_id = Guid::random();
    basic.namespace_id = 1;
    basic.event_id = static_cast<std::int16_t>(id);
    basic.source_id = kClientAgent;
    basic.update_id.ensure();
    reporting::ExtendedData& extended = event.extended_data.ensure();
    extended.misc_data.ensure().emplace_back(kClientVersion);
    extended.computer_brand = "Headwater";
    extended.computer_model = "Simulated PC";
    extended.bios_revision = "unknown";
    extended.processor_architecture = architecture_of(facts_);
    extended.os_version.major = static_cast<std::int32_t>(facts_.os.major);
    extended.os_version.minor = static_cast<std::int32_t>(facts_.os.minor);
    extended.os_version.build = static_cast<std::int32_t>(facts_.os.build);
    extended.os_locale_id = kEnglish;
    event.private_data.ensure();
    return event;
}

void Events::detected(std::size_t updates) {
    const std::string count = std::to_string(updates);
    reporting::ReportingEvent& event = add(EventId::kDetected);
    event.extended_data->replacement_strings.ensure().push_back(count);
    event.extended_data->misc_data->push_back("D=" + count);
}

void Events::status() {
    std::string installable = "U=";
    std::string installed = "V=";
    for (const auto& [id, revision] : state_.revisions.all()) {
        if (!revision.leaf || revision.type != UpdateType::kSoftware || !is_deployed(revision)) {
            continue;
        }
        if (revision.state == State::kInstallable) {
            append_id(installable, revision.update_id);
        } else if (revision.state == State::kInstalled) {
            append_id(installed, revision.update_id);
        }
    }
    soap::Array<std::string>& misc = *add(EventId::kStatus).extended_data->misc_data;
    misc.push_back(std::move(installable));
    misc.push_back(std::move(installed));
}

void Events::of_update(EventId id, const CachedRevision& revision, std::uint32_t hresult,
                       std::vector<std::string> misc) {
    reporting::ReportingEvent& event = add(id);
    event.basic_data->update_id =
        reporting::UpdateRevisionIdentifier{revision.update_id, revision.revision_number};
    event.basic_data->win32_hresult = static_cast<std::int32_t>(hresult);
    reporting::ExtendedData& extended = *event.extended_data;
    if (hresult != 0) {
        extended.replacement_strings.ensure().push_back(hresult_text(hresult));
    }
    extended.replacement_strings.ensure().push_back(revision.title);
    extended.misc_data->push_back(revision.is_bundle ? "Q=2" : "Q=1");
    if (revision.type == UpdateType::kDriver) {
        extended.device_id = "1";
    }
    std::ranges::move(misc, std::back_inserter(*extended.misc_data));
}

Result<std::size_t> Events::send(Session& session) {
    const std::size_t count = pending_.size();
    for (std::size_t begin = 0; begin < count; begin += kBatch) {
        const std::size_t end = std::min(begin + kBatch, count);
        const auto answer = session.call<reporting::ReportEventBatchResponse>(
            {reporting::kNamespace, reporting::kPath, "ReportEventBatch"},
            [&](const protocol::Cookie& cookie) {
                reporting::ReportEventBatch request{.cookie = cookie, .client_time = clock_.now()};
                request.event_batch.ensure().assign(
                    pending_.begin() + static_cast<std::ptrdiff_t>(begin),
                    pending_.begin() + static_cast<std::ptrdiff_t>(end));
                return request;
            });
        if (!answer) {
            return std::unexpected(answer.error());
        }
        if (!answer->result) {
            return fail("agent.not_reported", "The server did not take a batch of events.",
                        "Look at the server's log for the reason.");
        }
    }
    pending_.clear();
    return count;
}

}  // namespace headwater::simulation
