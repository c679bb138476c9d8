#include "downstream/services.hpp"

#include <algorithm>
#include <charconv>

#include "base/utf.hpp"
#include "catalog/cabinet.hpp"
#include "catalog/languages.hpp"
#include "downstream/revision_list.hpp"
#include "downstream/session.hpp"
#include "policy/options.hpp"
#include "protocol/dss_auth.hpp"
#include "protocol/server_sync.hpp"
#include "soap/write.hpp"

namespace headwater::downstream {
namespace {

namespace wire = protocol::server_sync;
namespace auth = protocol::dss_auth;

using protocol::CookieKind;
using protocol::DownstreamCookie;
using soap::Call;
using soap::make_fault;

constexpr std::chrono::minutes kCookieLifetime{240};
constexpr std::string_view kPlugIn = "DssTargeting";
// From this size on (bytes of UTF-16) a document travels in a cabinet, as a Microsoft server does
// it.
constexpr std::size_t kPlainDocument = 5'120;
constexpr std::size_t kMaxAccountName = 255;
// Of GetUpdateData, as a Microsoft server keeps it: what would go over is left out, and asked for
// again. The envelope fits into the difference.
constexpr std::size_t kMaxAnswer = 2'000'000;
constexpr std::size_t kMaxItems = kMaxAnswer - 2'000;

/// "1.20" as two numbers.
std::optional<std::pair<std::uint16_t, std::uint16_t>> parse_version(std::string_view text) {
    std::pair<std::uint16_t, std::uint16_t> version;
    const char* end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.first);
    if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') {
        return std::nullopt;
    }
    const auto minor = std::from_chars(major.ptr + 1, end, version.second);
    return minor.ec == std::errc{} && minor.ptr == end ? std::optional(version) : std::nullopt;
}

std::optional<std::vector<FilterId>> filter_ids(
    const soap::Optional<soap::Array<wire::IdAndDelta>>& ids) {
    if (!ids) {
        return std::nullopt;
    }
    std::vector<FilterId> list;
    for (const wire::IdAndDelta& id : *ids) {
        list.push_back({id.id, id.delta});
    }
    return list;
}

/// All languages, those enabled that this server synchronizes.
Answer<soap::Array<wire::ServerSyncLanguageData>> language_list(const store::Store& store) {
    const auto options = policy::load_sync_options(store);
    if (!options) {
        return std::unexpected(fault_of(options.error()));
    }
    const std::vector<std::string>& chosen = options->languages;
    soap::Array<wire::ServerSyncLanguageData> list;
    for (const catalog::Language& language : catalog::languages()) {
        const bool enabled = chosen.empty()
                                 ? language.id == 0
                                 : std::ranges::find(chosen, language.short_name) != chosen.end();
        list.push_back({language.id, std::string(language.short_name),
                        std::string(language.long_name), enabled});
    }
    return list;
}

/// A number for which languages are enabled: the counter of a configuration's anchor, so that a
/// downstream server is told of another choice. FNV-1a.
std::uint64_t choice_of(const soap::Array<wire::ServerSyncLanguageData>& languages) {
    std::uint32_t hash = 2'166'136'261U;
    for (const wire::ServerSyncLanguageData& language : languages) {
        hash = (hash ^ (language.enabled ? 1U : 0U)) * 16'777'619U;
    }
    return hash;
}

/// Nothing where the filter asks for all languages.
std::optional<std::vector<FilterLanguage>> filter_languages(
    const soap::Optional<soap::Array<wire::LanguageAndDelta>>& languages) {
    if (!languages || languages->empty()) {
        return std::nullopt;
    }
    std::vector<FilterLanguage> list;
    for (const wire::LanguageAndDelta& asked : *languages) {
        if (asked.id == 0) {
            return std::nullopt;
        }
        if (const catalog::Language* language = catalog::find_language(asked.id)) {
            list.push_back({std::string(language->short_name), asked.delta});
        }
    }
    return list;
}

Bytes bytes_of(const Sha1& sha1) {
    return {sha1.bytes.begin(), sha1.bytes.end()};
}

/// One document with the digests of its files, and the addresses of those.
Answer<wire::ServerSyncUpdateData> update_data(const store::Store& store,
                                               const catalog::Revision& revision) {
    const auto document = store.document(revision.id);
    if (!document || !*document) {
        return std::unexpected(make_fault("InternalServerError"));
    }
    wire::ServerSyncUpdateData data;
    data.id = protocol::UpdateIdentity{
        revision.identity.update_id, static_cast<std::int32_t>(revision.identity.revision_number)};
    if (utf16le_size(**document) > kPlainDocument) {
        auto cabinet = catalog::write_document_cabinet(**document);
        if (!cabinet) {
            return std::unexpected(fault_of(cabinet.error()));
        }
        data.xml_update_blob_compressed = std::move(*cabinet);
    } else {
        data.xml_update_blob = **document;
    }
    if (!revision.files.empty()) {
        auto& digests = data.file_digest_list.ensure();
        for (const catalog::RevisionFile& file : revision.files) {
            digests.push_back(bytes_of(file.sha1));
        }
    }
    return data;
}

Answer<soap::Array<wire::ServerSyncUrlData>> file_urls(const store::Store& store,
                                                       const catalog::Revision& revision) {
    soap::Array<wire::ServerSyncUrlData> urls;
    std::vector<Sha1> digests;
    for (const catalog::RevisionFile& file : revision.files) {
        digests.push_back(file.sha1);
    }
    const auto files = store.files(digests);
    if (!files) {
        return std::unexpected(fault_of(files.error()));
    }
    for (const store::FileRecord& file : *files) {
        wire::ServerSyncUrlData url;
        url.file_digest = bytes_of(file.sha1);
        // "MUST NOT be present if no such location is available."
        if (!file.mu_url.empty()) {
            url.mu_url = file.mu_url;
        }
        url.uss_url = std::string{};
        urls.push_back(std::move(url));
    }
    return urls;
}

/// Indexes of what is asked for; nothing if one of them is unknown.
std::optional<std::vector<catalog::Index>> find_all(
    const catalog::Snapshot& catalog, const soap::Array<protocol::UpdateIdentity>& ids) {
    std::vector<catalog::Index> indexes;
    for (const protocol::UpdateIdentity& id : ids) {
        indexes.push_back(catalog.find(catalog::RevisionIdentity{
            id.update_id, static_cast<std::uint32_t>(id.revision_number)}));
        if (indexes.back() == catalog::kNone) {
            return std::nullopt;
        }
    }
    return indexes;
}

/// As many of these documents, from the first on, as fit into an answer; one at least.
Answer<wire::ReadyServerUpdateData> documents(const store::Store& store,
                                              const catalog::Snapshot& catalog,
                                              const std::vector<catalog::Index>& indexes) {
    wire::ReadyServerUpdateData data;
    std::size_t size = 0;
    for (const catalog::Index index : indexes) {
        const auto update = update_data(store, catalog.revision(index));
        if (!update) {
            return std::unexpected(update.error());
        }
        auto urls = file_urls(store, catalog.revision(index));
        if (!urls) {
            return std::unexpected(urls.error());
        }
        std::string item;
        soap::write(item, soap::Style::kAsmx, "ServerSyncUpdateData", *update);
        std::string addresses;
        soap::write(addresses, soap::Style::kAsmx, "fileUrls", *urls);
        size += item.size() + addresses.size();
        if (!data.updates.xml.empty() && size > kMaxItems) {
            break;
        }
        data.updates.xml += item;
        std::ranges::move(*urls, std::back_inserter(data.file_urls));
    }
    return data;
}

}  // namespace

Services::Services(store::Store& store, const policy::Publisher& publisher,
                   const protocol::Sealer& sealer, const Clock& clock, Time config_changed,
                   const soap::RequestLimits& limits, RequestFiles request_files)
    : store_(store),
      publisher_(publisher),
      sealer_(sealer),
      clock_(clock),
      config_changed_(config_changed),
      request_files_(std::move(request_files)),
      sync_({.name = std::string(wire::kName),
             .name_space = std::string(wire::kNamespace),
             .path = std::string(wire::kPath),
             .faults_name_actor = true,
             .limits = limits}),
      auth_({.name = std::string(auth::kName),
             .name_space = std::string(auth::kNamespace),
             .path = std::string(auth::kPath),
             .faults_name_actor = true,
             .limits = limits}) {
    add_handshake();
    add_synchronization();
    add_files();
    for (const char* name :
         {"GetDeployments", "GetRelatedRevisionsForUpdates", "GetUpdateDecryptionData",
          "GetDriverIdList", "GetDriverSetData", "Ping"}) {
        sync_.missing(name);
    }
}

void Services::add_handshake() {
    sync_.operation<wire::GetAuthConfig, wire::GetAuthConfigResponse>(
        "GetAuthConfig",
        [this](const wire::GetAuthConfig&, const Call&) -> Answer<wire::GetAuthConfigResponse> {
            wire::ServerAuthConfig config;
            config.last_change = config_changed_;
            config.auth_info.ensure().push_back(
                {std::string(kPlugIn), std::string(auth::kPath.substr(1)), std::string{}});
            return wire::GetAuthConfigResponse{std::move(config)};
        });

    auth_.operation<auth::GetAuthorizationCookie, auth::GetAuthorizationCookieResponse>(
        "GetAuthorizationCookie",
        [this](const auth::GetAuthorizationCookie& request,
               const Call&) -> Answer<auth::GetAuthorizationCookieResponse> {
            const std::string& name = request.account_name.or_default();
            if (name.empty() || name.size() > kMaxAccountName) {
                return std::unexpected(make_fault("InvalidParameters", "machineName"));
            }
            const auto account = Guid::parse(request.account_guid.or_default());
            if (!account) {
                return std::unexpected(make_fault("InvalidParameters", "accountGuid"));
            }
            if (auto stored = store_.touch_downstream({*account, name, clock_.now()}); !stored) {
                return std::unexpected(fault_of(stored.error()));
            }
            const Bytes sealed = sealer_.seal(CookieKind::kDownstreamAuthorization,
                                              {clock_.now() + kCookieLifetime, *account, 0, 0});
            return auth::GetAuthorizationCookieResponse{
                protocol::AuthorizationCookie{std::string(kPlugIn), sealed}};
        });

    sync_.operation<wire::GetCookie, wire::GetCookieResponse>(
        "GetCookie",
        [this](const wire::GetCookie& request, const Call&) -> Answer<wire::GetCookieResponse> {
            if (!request.auth_cookies || request.auth_cookies->size() != 1) {
                return std::unexpected(make_fault("InvalidParameters", "authCookies"));
            }
            const auto version = parse_version(request.protocol_version.or_default());
            if (!version) {
                return std::unexpected(make_fault("InvalidParameters", "protocolVersion"));
            }
            if (version->first != 1) {
                return std::unexpected(make_fault("IncompatibleProtocolVersion"));
            }
            const auto opened = sealer_.open_downstream(
                CookieKind::kDownstreamAuthorization,
                request.auth_cookies->front().cookie_data.or_default(), clock_.now());
            if (!opened) {
                return std::unexpected(make_fault("InvalidAuthorizationCookie"));
            }
            const DownstreamCookie cookie{clock_.now() + kCookieLifetime, opened->account,
                                          version->first, version->second};
            return wire::GetCookieResponse{
                protocol::Cookie{cookie.expires, sealer_.seal(CookieKind::kDownstream, cookie)}};
        });
}

void Services::add_synchronization() {
    sync_.operation<wire::GetConfigData, wire::GetConfigDataResponse>(
        "GetConfigData",
        [this](const wire::GetConfigData& request,
               const Call&) -> Answer<wire::GetConfigDataResponse> {
            if (const auto cookie = check(sealer_, request.cookie, clock_.now()); !cookie) {
                return std::unexpected(cookie.error());
            }
            wire::ServerSyncConfigData data;
            data.lazy_sync = true;
            data.max_number_of_updates_per_request = kMaxUpdatesPerRequest;
            data.max_updates_per_request_in_get_update_decryption_data = kMaxUpdatesPerRequest;
            data.protocol_version = std::string("1.20");
            auto languages = language_list(store_);
            if (!languages) {
                return std::unexpected(languages.error());
            }
            const std::uint64_t choice = choice_of(*languages);
            data.new_config_anchor = make_anchor(choice, clock_.now());
            const std::string& before = request.config_anchor.or_default();
            const auto anchor = parse_anchor(before);
            const bool is_known = anchor && *anchor >= config_changed_ &&
                                  before.starts_with(std::to_string(choice) + ",");
            data.language_update_list =
                is_known ? soap::Array<wire::ServerSyncLanguageData>{} : std::move(*languages);
            return wire::GetConfigDataResponse{std::move(data)};
        });

    sync_.operation<wire::GetRevisionIdList, wire::GetRevisionIdListResponse>(
        "GetRevisionIdList",
        [this](const wire::GetRevisionIdList& request,
               const Call&) -> Answer<wire::GetRevisionIdListResponse> {
            if (const auto cookie = check(sealer_, request.cookie, clock_.now()); !cookie) {
                return std::unexpected(cookie.error());
            }
            if (!request.filter) {
                return std::unexpected(make_fault("InvalidParameters", "filter"));
            }
            RevisionFilter filter;
            filter.categories_only = request.filter->get_config;
            filter.categories = filter_ids(request.filter->categories);
            filter.classifications = filter_ids(request.filter->classifications);
            filter.languages = filter_languages(request.filter->languages);
            if (const std::string& anchor = request.filter->anchor.or_default(); !anchor.empty()) {
                filter.after = parse_anchor(anchor);
                if (!filter.after) {
                    return std::unexpected(make_fault("InvalidParameters", "filter"));
                }
            }
            const auto view = publisher_.view();
            wire::RevisionIdList list;
            // Not the time of day: what is being committed while this is answered comes after it.
            list.anchor = make_anchor(view->change(), view->catalog().as_of());
            for (const catalog::Index index : list_revisions(view->catalog(), filter)) {
                const catalog::RevisionIdentity& identity =
                    view->catalog().revision(index).identity;
                list.new_revisions.push_back(
                    {identity.update_id, static_cast<std::int32_t>(identity.revision_number)});
            }
            return wire::GetRevisionIdListResponse{std::move(list)};
        });

    sync_.operation<wire::GetUpdateData, wire::ReadyGetUpdateDataResponse>(
        "GetUpdateData",
        [this](const wire::GetUpdateData& request,
               const Call&) -> Answer<wire::ReadyGetUpdateDataResponse> {
            if (const auto cookie = check(sealer_, request.cookie, clock_.now()); !cookie) {
                return std::unexpected(cookie.error());
            }
            if (!request.update_ids || request.update_ids->size() > kMaxUpdatesPerRequest) {
                return std::unexpected(make_fault("InvalidParameters", "updateIds"));
            }
            const auto view = publisher_.view();
            const auto indexes = find_all(view->catalog(), *request.update_ids);
            if (!indexes) {
                return std::unexpected(make_fault("InternalServerError"));
            }
            auto data = documents(store_, view->catalog(), *indexes);
            if (!data) {
                return std::unexpected(data.error());
            }
            return wire::ReadyGetUpdateDataResponse{std::move(*data)};
        });
}

}  // namespace headwater::downstream
