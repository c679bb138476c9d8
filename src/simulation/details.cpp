#include "simulation/details.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "simulation/rounds.hpp"

namespace headwater::simulation {
namespace {

namespace client = protocol::client;

/// A server may allow more; what it allows beyond these is not used.
constexpr std::uint32_t kMaxBatch = 1'000;

std::vector<Guid> wanted(const AgentState& state, const std::set<RevisionId>& left_out) {
    std::vector<Guid> updates;
    for (const auto& [id, revision] : state.revisions.all()) {
        if (!revision.has_details && revision.state != State::kNotApplicable &&
            revision.type != UpdateType::kDetectoid && !left_out.contains(id)) {
            updates.push_back(revision.update_id);
        }
    }
    return updates;
}

/// Made anew for each call, as a fault may have given the revisions other ids.
client::GetExtendedUpdateInfo request(const protocol::Cookie& cookie, const AgentState& state,
                                      const Facts& facts, std::span<const Guid> batch) {
    client::GetExtendedUpdateInfo request;
    request.cookie = cookie;
    for (const Guid& update : batch) {
        if (const CachedRevision* revision = state.revisions.find(update)) {
            request.revision_ids.ensure().push_back(revision->id);
        }
    }
    request.info_types.ensure() = {client::XmlUpdateFragmentType::kExtended,
                                   client::XmlUpdateFragmentType::kLocalizedProperties};
    request.locales = facts.languages;
    request.device_attributes = device_attributes(facts);
    request.geo_id = "USA";
    return request;
}

class Batch {
public:
    Batch(AgentState& state, DetailsResult& result) : state_(state), result_(result) {}

    void apply(const client::ExtendedUpdateInfo& info) {
        for (const RevisionId id : info.out_of_scope_revision_ids.or_default()) {
            result_.out_of_scope += state_.revisions.remove(id) ? 1U : 0U;
        }
        for (const client::UpdateData& data : info.updates.or_default()) {
            apply(data);
        }
        for (const client::FileLocation& location : info.file_locations.or_default()) {
            if (const auto sha1 = Sha1::from(location.file_digest.or_default())) {
                urls_.insert_or_assign(*sha1, location.url.or_default());
            }
        }
        place();
    }

private:
    void apply(const client::UpdateData& data) {
        CachedRevision* revision = state_.revisions.find(data.id);
        if (revision == nullptr) {
            return;
        }
        auto extended = parse_extended(data.xml.or_default());
        if (!extended) {
            ++result_.unreadable;
            return;
        }
        touched_.insert(data.id);
        if (!extended->title.empty()) {
            revision->title = std::move(extended->title);
        }
        if (!extended->files.empty()) {
            revision->files = std::move(extended->files);
        }
    }

    /// The locations stand beside the updates, in any order.
    void place() {
        for (const RevisionId id : touched_) {
            for (UpdateFile& file : state_.revisions.find(id)->files) {
                if (const auto url = urls_.find(file.sha1); url != urls_.end()) {
                    file.url = url->second;
                }
            }
        }
    }

    AgentState& state_;
    DetailsResult& result_;
    std::set<RevisionId> touched_;
    std::map<Sha1, std::string> urls_;
};

std::size_t count_missing(const AgentState& state) {
    std::size_t missing = 0;
    for (const auto& [id, revision] : state.revisions.all()) {
        missing += static_cast<std::size_t>(std::ranges::count_if(
            revision.files, [](const auto& file) { return file.url.empty(); }));
    }
    return missing;
}

}  // namespace

Result<DetailsResult> fetch_details(Session& session, AgentState& state, const Facts& facts,
                                    const std::set<RevisionId>& left_out) {
    DetailsResult result;
    const std::vector<Guid> updates = wanted(state, left_out);
    std::span<const Guid> rest = updates;
    while (!rest.empty()) {
        const std::uint32_t allowed = state.config ? state.config->max_extended_updates : 1;
        const auto batch = rest.first(
            std::min<std::size_t>(rest.size(), std::clamp<std::uint32_t>(allowed, 1, kMaxBatch)));
        const auto answer = session.call<client::GetExtendedUpdateInfoResponse>(
            client_operation("GetExtendedUpdateInfo"),
            [&](const protocol::Cookie& cookie) { return request(cookie, state, facts, batch); });
        if (!answer) {
            return std::unexpected(answer.error());
        }
        for (const Guid& update : batch) {
            if (CachedRevision* revision = state.revisions.find(update)) {
                revision->has_details = true;
            }
        }
        Batch(state, result).apply(answer->result.or_default());
        result.requested += batch.size();
        rest = rest.subspan(batch.size());
    }
    if (result.requested > 0 && count_missing(state) > 0) {
        if (auto located = session.locate_files(); !located) {
            return std::unexpected(located.error());
        }
    }
    result.missing_locations = count_missing(state);
    return result;
}

}  // namespace headwater::simulation
