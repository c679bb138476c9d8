#include "simulation/rounds.hpp"

#include <utility>

namespace headwater::simulation {
namespace {

namespace client = protocol::client;

std::string os_version(const Facts& facts) {
    return std::to_string(facts.os.major) + '.' + std::to_string(facts.os.minor);
}

std::string_view architecture_text(const Facts& facts) {
    return facts.architecture == Architecture::kArm64 ? "ARM64"
           : facts.architecture == Architecture::kX64 ? "AMD64"
                                                      : "X86";
}

std::string matching_key(const Facts& facts) {
    return std::string(architecture_text(facts)) + '.' + os_version(facts);
}

/// A real agent leaves empty lists out.
void put(soap::Optional<soap::Array<std::int32_t>>& list, std::vector<RevisionId> ids) {
    if (!ids.empty()) {
        list = std::move(ids);
    }
}

}  // namespace

std::string device_attributes(const Facts& facts) {
    const std::string version = os_version(facts) + '.' + std::to_string(facts.os.build);
    return "App=WU_OS;AppVer=1507.2601.30012.0;DeviceFamily=Windows.Desktop;InstallationType=" +
           std::string(facts.os.product_type == 1 ? "Client" : "Server") +
           ";OSArchitecture=" + std::string(architecture_text(facts)) + ";OSVersion=" + version +
           ".0;ProductType=" + (facts.os.product_type == 1 ? "WinNT" : "ServerNT") + ";";
}

Rounds::Rounds(Session& session, AgentState& state, const Facts& facts,
               std::vector<Guid> categories)
    : session_(session), state_(state), facts_(facts), categories_(std::move(categories)) {}

Result<RoundsResult> Rounds::synchronize_software() {
    return synchronize(Pass::kSoftware);
}

Result<RoundsResult> Rounds::synchronize_drivers() {
    return synchronize(Pass::kDrivers);
}

Result<RoundsResult> Rounds::synchronize(Pass pass) {
    RoundsResult result;
    while (result.rounds < kMaxRounds) {
        const auto answer = session_.call<client::SyncUpdatesResponse>(
            client_operation("SyncUpdates"),
            [&](const protocol::Cookie& cookie) { return request(cookie, pass); });
        if (!answer) {
            return std::unexpected(answer.error());
        }
        ++result.rounds;
        const auto again = apply(answer->result.or_default(), pass, result);
        if (!again) {
            return std::unexpected(again.error());
        }
        if (!*again) {
            result.outside = outside_;
            return result;
        }
    }
    return fail("agent.endless",
                "The server still sent updates after " + std::to_string(kMaxRounds) +
                    " calls of SyncUpdates.",
                "Look whether it sends the same revisions again and again.");
}

client::SyncUpdates Rounds::request(const protocol::Cookie& cookie, Pass pass) const {
    client::SyncUpdates request;
    request.cookie = cookie;
    client::SyncUpdateParameters& parameters = request.parameters.ensure();
    Revisions::Lists lists = state_.revisions.lists(outside_);
    put(parameters.installed_non_leaf_update_ids, std::move(lists.installed_non_leaves));
    put(parameters.cached_driver_ids, std::move(lists.drivers));
    if (pass == Pass::kSoftware) {
        put(parameters.other_cached_update_ids, std::move(lists.others));
    } else {
        add_system(parameters);
    }
    parameters.skip_software_sync = pass == Pass::kDrivers;
    for (const Guid& category : categories_) {
        parameters.filter_category_ids.ensure().push_back({category});
    }
    if (state_.config && state_.config->has_category_scans()) {
        parameters.need_two_group_out_of_scope_updates = true;
        parameters.also_perform_regular_sync = false;
    }
    parameters.computer_spec.ensure();
    if (pass == Pass::kDrivers && !facts_.computer_hardware_ids.empty()) {
        parameters.computer_spec.ensure().hardware_ids = facts_.computer_hardware_ids;
    }
    if (pass == Pass::kDrivers) {
        parameters.feature_score_matching_key = matching_key(facts_);
    }
    client::ProductsParameters& products = parameters.products_parameters.ensure();
    products.device_attributes = device_attributes(facts_);
    products.caller_attributes = "Interactive=0;SheddingAware=1;Id=Headwater;";
    products.products = "";
    return request;
}

void Rounds::add_system(client::SyncUpdateParameters& parameters) const {
    soap::Array<client::Device>& devices = parameters.system_spec.ensure();
    for (std::string& id : facts_.devices()) {
        devices.emplace_back().hardware_ids.ensure().push_back(std::move(id));
    }
}

Result<bool> Rounds::apply(const client::SyncInfo& answer, Pass pass, RoundsResult& result) {
    const Revisions::Lists before = state_.revisions.lists(outside_);
    bool non_leaf_came = false;
    if (answer.new_cookie) {
        state_.cookie = *answer.new_cookie;
    }
    for (const RevisionId id : answer.out_of_scope_revision_ids.or_default()) {
        result.out_of_scope += state_.revisions.remove(id) ? 1U : 0U;
    }
    for (const RevisionId id : answer.deployed_out_of_scope_revision_ids.or_default()) {
        if (state_.revisions.contains(id)) {
            outside_.insert(id);
        }
    }
    for (const client::UpdateInfo& info : answer.changed_updates.or_default()) {
        result.changed += state_.revisions.change(info) ? 1U : 0U;
    }
    for (const client::UpdateInfo& info : answer.new_updates.or_default()) {
        result.new_updates += state_.revisions.add(info, facts_) ? 1U : 0U;
        outside_.erase(info.id);
        non_leaf_came = non_leaf_came || !info.is_leaf;
    }
    state_.revisions.settle_bundles();
    result.drivers_not_needed = answer.driver_sync_not_needed.or_default() == "true";

    const bool nothing_new = answer.new_updates.or_default().empty();
    const bool lists_changed = state_.revisions.lists(outside_) != before;
    if (answer.truncated && nothing_new && !lists_changed) {
        return fail("agent.no_progress",
                    "The server says that more updates follow, but sends none.",
                    "Look at its answer to SyncUpdates: Truncated is true and NewUpdates empty.");
    }
    if (pass == Pass::kDrivers) {
        return answer.truncated;
    }
    const bool installed_changed =
        state_.revisions.lists(outside_).installed_non_leaves != before.installed_non_leaves;
    return answer.truncated || (!nothing_new && non_leaf_came) || installed_changed;
}

}  // namespace headwater::simulation
