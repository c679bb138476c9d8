// SyncUpdates and RefreshCache.

#include "agents/scan.hpp"
#include "agents/session.hpp"
#include "soap/write.hpp"

namespace headwater::agents {
namespace {

namespace wire = protocol::client;

using catalog::Index;
using soap::Call;

constexpr soap::Style kStyle = soap::Style::kIndigo;

/// An UpdateInfo as bytes; the core fragment was made ready when the catalog was published.
void append_update(std::string& out, const catalog::Snapshot& catalog,
                   const policy::Deployment& deployment, bool with_xml) {
    const catalog::Published& published = catalog.at(deployment.index);
    out += "<UpdateInfo><ID>";
    out += std::to_string(published.revision.id);
    out += "</ID>";
    soap::write(out, kStyle, "Deployment", wire_deployment(deployment));
    out += catalog.is_leaf(deployment.index) ? "<IsLeaf>true</IsLeaf>" : "<IsLeaf>false</IsLeaf>";
    if (with_xml) {
        out += published.xml_element;
    }
    out += "</UpdateInfo>";
}

soap::Optional<soap::Raw<soap::Array<wire::UpdateInfo>>> updates(const catalog::Snapshot& catalog,
                                                                 const policy::Scope& scope,
                                                                 const std::vector<Index>& indexes,
                                                                 bool with_xml) {
    if (indexes.empty()) {
        return {};
    }
    soap::Raw<soap::Array<wire::UpdateInfo>> raw;
    for (const Index index : indexes) {
        append_update(raw.xml, catalog, *scope.find(index), with_xml);
    }
    return raw;
}

std::vector<Guid> filter_of(const wire::SyncUpdateParameters& parameters) {
    std::vector<Guid> filter;
    for (const wire::CategoryIdentifier& category : parameters.filter_category_ids.or_default()) {
        filter.push_back(category.id);
    }
    return filter;
}

Answer<void> check(const wire::SyncUpdateParameters& parameters) {
    if (parameters.installed_non_leaf_update_ids.or_default().size() >
        Scan::kMaxInstalledNonLeaves) {
        return refuse("InvalidParameters", "parameters.InstalledNonLeafUpdateIDs");
    }
    if (parameters.system_spec && !parameters.skip_software_sync) {
        return refuse("InvalidParameters", "parameters.SystemSpec");
    }
    if (parameters.filter_category_ids.or_default().size() >= Services::kMaxRequestedCategories) {
        return refuse("InvalidParameters", "parameters.FilterCategoryIds");
    }
    return {};
}

/// A scan has many rounds, and a fleet scans at once: one note a minute says as much as all of
/// them, and leaves the disk to what nobody can ask for again.
void note_scan(const Context& context, const Agent& agent) {
    constexpr std::chrono::minutes kBetweenNotes{1};
    const Time now = context.clock.now();
    if (!agent.last_scan || now - *agent.last_scan >= kBetweenNotes) {
        context.store.note_scan(agent.cookie.computer_id, now);
    }
}

Answer<wire::ReadySyncUpdatesResponse> sync_updates(const Context& context,
                                                    const wire::SyncUpdates& request) {
    auto agent = identify(context, request.cookie);
    if (!agent) {
        return std::unexpected(agent.error());
    }
    if (!request.parameters) {
        return refuse("InvalidParameters", "parameters");
    }
    const wire::SyncUpdateParameters& parameters = *request.parameters;
    if (auto good = check(parameters); !good) {
        return std::unexpected(good.error());
    }
    const auto view = context.publisher.view();
    wire::ReadySyncInfo info;
    const std::vector<Guid> filter = filter_of(parameters);
    if (parameters.skip_software_sync) {
        info.driver_sync_not_needed = std::string("true");
    } else {
        const auto scope = view->scope(agent->groups, filter);
        protocol::Shown& shown = filter.empty() ? agent->cookie.scan : agent->cookie.filtered_scan;
        const ScanAnswer answer = Scan(view->catalog(), *scope)
                                      .next({parameters.installed_non_leaf_update_ids.or_default(),
                                             parameters.other_cached_update_ids.or_default()},
                                            shown.scope == scope->mark() ? shown.change : 0);
        info.new_updates = updates(view->catalog(), *scope, answer.new_updates, true);
        info.changed_updates = updates(view->catalog(), *scope, answer.changed, false);
        if (!answer.out_of_scope.empty()) {
            info.out_of_scope_revision_ids = answer.out_of_scope;
        }
        info.truncated = answer.truncated;
        info.driver_sync_not_needed = std::string(filter.empty() ? "false" : "true");
        shown = {view->change(), scope->mark()};
    }
    info.new_cookie = renew(context, agent->cookie);
    note_scan(context, *agent);
    return wire::ReadySyncUpdatesResponse{std::move(info)};
}

Answer<wire::RefreshCacheResponse> refresh_cache(const Context& context,
                                                 const wire::RefreshCache& request) {
    const auto agent = identify(context, request.cookie);
    if (!agent) {
        return std::unexpected(agent.error());
    }
    if (!request.global_ids) {
        return refuse("InvalidParameters", "globalIDs");
    }
    const auto view = context.publisher.view();
    const auto scope = view->scope(agent->groups);
    wire::RefreshCacheResponse response;
    auto& results = response.result.ensure();
    for (const protocol::UpdateIdentity& id : *request.global_ids) {
        const Index index = view->catalog().find(catalog::RevisionIdentity{
            id.update_id, static_cast<std::uint32_t>(id.revision_number)});
        const policy::Deployment* deployment =
            index == catalog::kNone ? nullptr : scope->find(index);
        if (deployment != nullptr && deployment->action != policy::Action::kBundle) {
            results.push_back({static_cast<std::int32_t>(view->catalog().revision(index).id), id,
                               view->catalog().is_leaf(index), wire_deployment(*deployment)});
        }
    }
    return response;
}

}  // namespace

void add_scan(const Context& context, soap::Service& client) {
    client.operation<wire::SyncUpdates, wire::ReadySyncUpdatesResponse>(
        "SyncUpdates", [&context](const wire::SyncUpdates& request, const Call&) {
            return sync_updates(context, request);
        });
    client.operation<wire::RefreshCache, wire::RefreshCacheResponse>(
        "RefreshCache", [&context](const wire::RefreshCache& request, const Call&) {
            return refresh_cache(context, request);
        });
}

}  // namespace headwater::agents
