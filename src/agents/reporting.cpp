// ReportEventBatch: what agents say of their updates, and what follows from it for their status.

#include "agents/session.hpp"
#include "protocol/client_reporting.hpp"

namespace headwater::agents {
namespace {

namespace wire = protocol::client_reporting;

using soap::Call;
using store::UpdateStatus;

constexpr std::int32_t kClientStatus = 156;
constexpr std::int32_t kInstallationFailed = 182;
constexpr std::size_t kMaxEvents = 1000;
constexpr std::size_t kMaxText = 4096;
constexpr std::size_t kMaxStatuses = 20'000;

/// Each update id of "A;B;C".
template <typename Take>
void for_each_id(std::string_view list, const Take& take) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(';'), list.size());
        if (const auto id = Guid::parse(list.substr(0, end))) {
            take(*id);
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

std::vector<std::string> bounded(const soap::Optional<soap::Array<std::string>>& texts) {
    std::vector<std::string> kept;
    for (const std::string& text : texts.or_default()) {
        kept.push_back(text.substr(0, kMaxText));
    }
    return kept;
}

/// Installed and NotInstalled come from the client status alone, Failed from a failed installation;
/// all other events are kept as they are and change no status.
void add_statuses(store::ReportBatch& batch, const wire::BasicData& basic,
                  const wire::ExtendedData& extended) {
    const auto add = [&](const Guid& update, UpdateStatus status, std::int32_t result) {
        if (batch.statuses.size() < kMaxStatuses) {
            batch.statuses.push_back({batch.computer_id, update, status, result, batch.received});
        }
    };
    if (basic.event_id == kClientStatus) {
        batch.replaces_detection = true;
        for (const std::string& item : extended.misc_data.or_default()) {
            if (item.starts_with("U=")) {
                for_each_id(std::string_view(item).substr(2),
                            [&](const Guid& id) { add(id, UpdateStatus::kNeeded, 0); });
            } else if (item.starts_with("V=")) {
                for_each_id(std::string_view(item).substr(2),
                            [&](const Guid& id) { add(id, UpdateStatus::kInstalled, 0); });
            }
        }
    } else if (basic.event_id == kInstallationFailed && basic.update_id) {
        add(basic.update_id->update_id, UpdateStatus::kFailed, basic.win32_hresult);
    }
}

store::ReportedEvent stored_event(const store::ReportBatch& batch, const wire::BasicData& basic,
                                  const wire::ExtendedData& extended) {
    store::ReportedEvent event;
    event.computer_id = batch.computer_id;
    event.instance_id = basic.event_instance_id;
    event.event_id = basic.event_id;
    event.source_id = basic.source_id;
    if (basic.update_id) {
        event.update =
            catalog::RevisionIdentity{basic.update_id->update_id,
                                      static_cast<std::uint32_t>(basic.update_id->revision_number)};
    }
    event.result = basic.win32_hresult;
    event.time_at_target = basic.time_at_target;
    event.received = batch.received;
    event.app_name = basic.app_name.or_default().substr(0, kMaxText);
    // Of a client status only the instance is kept, which tells a repeated upload: its lists are
    // statuses.
    if (basic.event_id != kClientStatus) {
        event.replacement_strings = bounded(extended.replacement_strings);
        event.misc_data = bounded(extended.misc_data);
    }
    return event;
}

Answer<wire::ReportEventBatchResponse> report(const Context& context,
                                              const wire::ReportEventBatch& request) {
    const auto cookie = open_cookie(context, request.cookie);
    if (!cookie) {
        return std::unexpected(cookie.error());
    }
    if (!request.event_batch || request.event_batch->size() > kMaxEvents) {
        return refuse("InvalidParameters", "eventBatch");
    }
    store::ReportBatch batch;
    // The cookie says who reports; a TargetID is only what the computer writes.
    batch.computer_id = cookie->computer_id;
    batch.received = context.clock.now();
    for (const wire::ReportingEvent& event : *request.event_batch) {
        const wire::BasicData& basic = event.basic_data.or_default();
        const wire::ExtendedData& extended = event.extended_data.or_default();
        batch.events.push_back(stored_event(batch, basic, extended));
        add_statuses(batch, basic, extended);
    }
    if (auto stored = context.store.put_report(batch); !stored) {
        return std::unexpected(fault_of(stored.error()));
    }
    return wire::ReportEventBatchResponse{true};
}

}  // namespace

void add_reporting(const Context& context, soap::Service& reporting) {
    reporting.operation<wire::ReportEventBatch, wire::ReportEventBatchResponse>(
        "ReportEventBatch", [&context](const wire::ReportEventBatch& request, const Call&) {
            return report(context, request);
        });
}

}  // namespace headwater::agents
