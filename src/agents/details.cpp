// GetExtendedUpdateInfo, GetExtendedUpdateInfo2, GetFileLocations.

#include <algorithm>
#include <span>
#include <unordered_map>

#include "agents/fragment_cache.hpp"
#include "agents/session.hpp"
#include "base/log.hpp"
#include "base/utf.hpp"

namespace headwater::agents {
namespace {

namespace wire = protocol::client;

using catalog::Index;
using soap::Call;
using Type = wire::XmlUpdateFragmentType;
using Types = soap::Array<Type>;
using Locales = soap::Array<std::string>;
using Localized = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kMaxDigests = 1000;

bool wants(const Types& types, Type type) {
    return std::ranges::find(types, type) != types.end();
}

/// The fragment of the first locale that has one, its language alone counting too; else the English
/// one, else the first.
const std::string* in_locale(const Localized& fragments, const Locales& locales) {
    const auto find = [&fragments](std::string_view language) -> const std::string* {
        const auto found = std::ranges::find_if(fragments, [language](const auto& fragment) {
            return equal_ignoring_case(fragment.first, language);
        });
        return found == fragments.end() ? nullptr : &found->second;
    };
    for (const std::string& locale : locales) {
        if (const std::string* fragment = find(locale)) {
            return fragment;
        }
        if (const std::string* fragment =
                find(std::string_view(locale).substr(0, locale.find('-')))) {
            return fragment;
        }
    }
    if (const std::string* english = find("en")) {
        return english;
    }
    return fragments.empty() ? nullptr : &fragments.front().second;
}

/// Adds where an agent fetches these files: here, or at Microsoft where files are left there.
Answer<void> locate(const Context& context, const Call& call, const policy::View& view,
                    std::span<const catalog::RevisionFile> files,
                    soap::Array<wire::FileLocation>& locations) {
    std::unordered_map<Sha1, std::string> at_microsoft;
    if (!view.decisions().content.store_here) {
        std::vector<Sha1> digests;
        for (const catalog::RevisionFile& file : files) {
            digests.push_back(file.sha1);
        }
        const auto records = context.store.files(digests);
        if (!records) {
            return std::unexpected(fault_of(records.error()));
        }
        for (const store::FileRecord& record : *records) {
            at_microsoft.emplace(record.sha1, record.mu_url);
        }
    }
    for (const catalog::RevisionFile& file : files) {
        wire::FileLocation location;
        location.file_digest = Bytes(file.sha1.bytes.begin(), file.sha1.bytes.end());
        const auto elsewhere = at_microsoft.find(file.sha1);
        location.url = elsewhere != at_microsoft.end() && !elsewhere->second.empty()
                           ? elsewhere->second
                           : content_url(context, call, file.sha1, file.extension);
        locations.push_back(std::move(location));
    }
    return {};
}

struct Asked {
    const Types& types;
    const Locales& locales;
};

Answer<void> check(const soap::Optional<Types>& types, const soap::Optional<Locales>& locales) {
    if (!types) {
        return refuse("InvalidParameters", "infoTypes");
    }
    if (!locales && (wants(*types, Type::kLocalizedProperties) || wants(*types, Type::kEula))) {
        return refuse("InvalidParameters", "locales");
    }
    return {};
}

class Collector {
public:
    Collector(const Context& context, FragmentCache& cache, const policy::View& view,
              const Call& call, Asked asked)
        : context_(context), cache_(cache), view_(view), call_(call), asked_(asked) {}

    Answer<void> add(Index index) {
        const catalog::Revision& revision = view_.catalog().revision(index);
        const auto found = cache_.get(revision.id, context_.store);
        if (!found) {
            log::error("Revision " + std::to_string(revision.id) +
                       " cannot be described: " + found.error().text());
            return std::unexpected(fault_of(found.error()));
        }
        const catalog::Fragments& fragments = **found;
        const auto id = static_cast<std::int32_t>(revision.id);
        const auto put = [&](std::size_t kind, Type type, const std::string* xml) {
            if (xml != nullptr && !xml->empty() && wants(asked_.types, type)) {
                updates_[kind].push_back({id, *xml});
            }
        };
        put(0, Type::kCore, &fragments.core);
        put(1, Type::kExtended, &fragments.extended);
        put(2, Type::kLocalizedProperties,
            in_locale(fragments.localized_properties, asked_.locales));
        put(3, Type::kEula, in_locale(fragments.eulas, asked_.locales));
        return locate(context_, call_, view_, revision.files, locations_);
    }

    /// By kind, and within a kind in the order of the revisions, as a Microsoft server answers.
    soap::Array<wire::UpdateData> updates() {
        soap::Array<wire::UpdateData> all;
        for (auto& kind : updates_) {
            std::ranges::move(kind, std::back_inserter(all));
        }
        return all;
    }
    soap::Array<wire::FileLocation>& locations() { return locations_; }

private:
    const Context& context_;
    FragmentCache& cache_;
    const policy::View& view_;
    const Call& call_;
    Asked asked_;
    std::array<soap::Array<wire::UpdateData>, 4> updates_;
    soap::Array<wire::FileLocation> locations_;
};

Answer<wire::GetExtendedUpdateInfoResponse> extended_info(
    const Context& context, FragmentCache& cache, const wire::GetExtendedUpdateInfo& request,
    const Call& call) {
    const auto agent = identify(context, request.cookie);
    if (!agent) {
        return std::unexpected(agent.error());
    }
    if (!request.revision_ids || request.revision_ids->size() > Services::kMaxExtendedUpdates) {
        return refuse("InvalidParameters", "revisionIDs");
    }
    if (auto good = check(request.info_types, request.locales); !good) {
        return std::unexpected(good.error());
    }
    const auto view = context.publisher.view();
    const auto scope = view->scope(agent->groups);
    Collector collector(context, cache, *view, call,
                        {*request.info_types, request.locales.or_default()});
    wire::ExtendedUpdateInfo info;
    for (const std::int32_t id : *request.revision_ids) {
        const Index index =
            id > 0 ? view->catalog().find(static_cast<catalog::RevisionId>(id)) : catalog::kNone;
        // A scan that was limited to a category offers the category, which nothing else may deploy.
        const bool is_category =
            index != catalog::kNone && view->catalog().categories().contains(index);
        if (index == catalog::kNone || (scope->find(index) == nullptr && !is_category)) {
            info.out_of_scope_revision_ids.ensure().push_back(id);
        } else if (auto added = collector.add(index); !added) {
            return std::unexpected(added.error());
        }
    }
    info.updates = collector.updates();
    if (!collector.locations().empty()) {
        info.file_locations = std::move(collector.locations());
    }
    return wire::GetExtendedUpdateInfoResponse{std::move(info)};
}

Answer<wire::GetExtendedUpdateInfo2Response> extended_info2(
    const Context& context, FragmentCache& cache, const wire::GetExtendedUpdateInfo2& request,
    const Call& call) {
    const auto agent = identify(context, request.cookie);
    if (!agent) {
        return std::unexpected(agent.error());
    }
    if (!request.update_ids || request.update_ids->size() > Services::kMaxExtendedUpdates) {
        return refuse("InvalidParameters", "updateIDs");
    }
    if (auto good = check(request.info_types, request.locales); !good) {
        return std::unexpected(good.error());
    }
    const auto view = context.publisher.view();
    const auto scope = view->scope(agent->groups);
    Collector collector(context, cache, *view, call,
                        {*request.info_types, request.locales.or_default()});
    wire::ExtendedUpdateInfo2 info;
    for (const protocol::UpdateIdentity& id : *request.update_ids) {
        const Index index = view->catalog().find(catalog::RevisionIdentity{
            id.update_id, static_cast<std::uint32_t>(id.revision_number)});
        if (index == catalog::kNone || scope->find(index) == nullptr) {
            continue;
        }
        if (auto added = collector.add(index); !added) {
            return std::unexpected(added.error());
        }
        info.update_encryption_details.ensure().push_back({id, false});
    }
    info.updates = collector.updates();
    info.file_locations = std::move(collector.locations());
    return wire::GetExtendedUpdateInfo2Response{std::move(info)};
}

Answer<wire::GetFileLocationsResponse> file_locations(const Context& context,
                                                      const wire::GetFileLocations& request,
                                                      const Call& call) {
    const auto agent = identify(context, request.cookie);
    if (!agent) {
        return std::unexpected(agent.error());
    }
    std::vector<Sha1> digests;
    for (const Bytes& bytes : request.file_digests.or_default()) {
        const auto sha1 = Sha1::from(bytes);
        if (!sha1) {
            return refuse("InvalidParameters", "fileDigests");
        }
        digests.push_back(*sha1);
    }
    if (!request.file_digests || digests.size() > kMaxDigests) {
        return refuse("InvalidParameters", "fileDigests");
    }
    const auto files = context.store.files(digests);
    if (!files) {
        return std::unexpected(fault_of(files.error()));
    }
    wire::GetFileLocationsResults results;
    auto& locations = results.file_locations.ensure();
    std::vector<catalog::RevisionFile> known;
    for (const store::FileRecord& file : *files) {
        known.push_back({file.sha1, file.size, file.extension, false});
    }
    if (auto located = locate(context, call, *context.publisher.view(), known, locations);
        !located) {
        return std::unexpected(located.error());
    }
    results.new_cookie = renew(context, agent->cookie);
    return wire::GetFileLocationsResponse{std::move(results)};
}

}  // namespace

void add_details(const Context& context, FragmentCache& cache, soap::Service& client) {
    client.operation<wire::GetExtendedUpdateInfo, wire::GetExtendedUpdateInfoResponse>(
        "GetExtendedUpdateInfo",
        [&context, &cache](const wire::GetExtendedUpdateInfo& request, const Call& call) {
            return extended_info(context, cache, request, call);
        });
    client.operation<wire::GetExtendedUpdateInfo2, wire::GetExtendedUpdateInfo2Response>(
        "GetExtendedUpdateInfo2",
        [&context, &cache](const wire::GetExtendedUpdateInfo2& request, const Call& call) {
            return extended_info2(context, cache, request, call);
        });
    client.operation<wire::GetFileLocations, wire::GetFileLocationsResponse>(
        "GetFileLocations", [&context](const wire::GetFileLocations& request, const Call& call) {
            return file_locations(context, request, call);
        });
}

}  // namespace headwater::agents
