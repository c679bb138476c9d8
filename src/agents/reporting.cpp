// ReportEventBatch: what agents say of their updates, and what follows from it for their status.

#include "agents/session.hpp"
#include "protocol/client_reporting.hpp"

namespace headwater::agents {
namespace {

namespace wire = protocol::client_reporting;

using soap::Call;
using store::UpdateStatus;

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

/// Event 156 lists updates by what they are: "U=A;B" needed, "V=C" installed. The others that a
/// computer may list ([MS-WUSP] 2.2.2.3.1: g failed, h downloaded, W waits for a restart) say no
/// more than the events of these updates do.
void read_client_status(store::Report& report, const wire::ExtendedData& extended) {
    const auto add = [&report](UpdateStatus status) {
        return [&report, status](const Guid& update) {
            if (report.statuses.size() < kMaxStatuses) {
                report.statuses.push_back(
                    {report.event.computer_id, update, status, 0, report.event.received});
            }
        };
    };
    for (const std::string& item : extended.misc_data.or_default()) {
        const std::string_view list =
            std::string_view(item).substr(std::min<std::size_t>(2, item.size()));
        if (item.starts_with("U=")) {
            for_each_id(list, add(UpdateStatus::kNeeded));
        } else if (item.starts_with("V=")) {
            for_each_id(list, add(UpdateStatus::kInstalled));
        } else if (item.starts_with("g=") || item.starts_with("h=") || item.starts_with("W=")) {
            for_each_id(list, [&report](const Guid& update) {
                if (report.unchanged.size() < kMaxStatuses) {
                    report.unchanged.push_back(update);
                }
            });
        }
    }
}

/// A client status is about software alone: what is known of drivers stays.
Answer<void> keep_drivers(const Context& context, store::Report& report) {
    const auto known = context.store.statuses_of_computer(report.event.computer_id);
    if (!known) {
        return std::unexpected(fault_of(known.error()));
    }
    const auto view = context.publisher.view();
    for (const store::ComputerUpdateStatus& status : *known) {
        const catalog::Index index = view->catalog().newest(status.update_id);
        if (index != catalog::kNone &&
            view->catalog().revision(index).type == catalog::UpdateType::kDriver) {
            report.unchanged.push_back(status.update_id);
        }
    }
    return {};
}

store::ReportedEvent stored_event(const store::ReportBatch& batch, const wire::BasicData& basic,
                                  const wire::ExtendedData& extended) {
    store::ReportedEvent event;
    event.computer_id = batch.computer_id;
    event.instance_id = basic.event_instance_id;
    event.event_id = basic.event_id;
    event.source_id = basic.source_id;
    // "If the event is not associated with any particular update", this is zero.
    if (basic.update_id && basic.update_id->update_id != Guid{}) {
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
    if (basic.event_id != store::kClientStatusEvent) {
        event.replacement_strings = bounded(extended.replacement_strings);
        event.misc_data = bounded(extended.misc_data);
    }
    return event;
}

/// Installed and NotInstalled come from the client status alone, Failed from a failed installation;
/// all other events are kept as they are and change no status.
Answer<store::Report> report_of(const Context& context, const store::ReportBatch& batch,
                                const wire::ReportingEvent& reported) {
    const wire::BasicData& basic = reported.basic_data.or_default();
    const wire::ExtendedData& extended = reported.extended_data.or_default();
    store::Report report{stored_event(batch, basic, extended), {}, {}};
    if (basic.event_id == store::kClientStatusEvent) {
        read_client_status(report, extended);
        if (auto kept = keep_drivers(context, report); !kept) {
            return std::unexpected(kept.error());
        }
    } else if (basic.event_id == kInstallationFailed && report.event.update) {
        report.statuses.push_back({batch.computer_id, report.event.update->update_id,
                                   UpdateStatus::kFailed, basic.win32_hresult, batch.received});
    }
    return report;
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
        auto report = report_of(context, batch, event);
        if (!report) {
            return std::unexpected(report.error());
        }
        batch.reports.push_back(std::move(*report));
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
