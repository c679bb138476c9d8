#include "server/file_source.hpp"

#include <utility>

#include "content/secure_first.hpp"
#include "content/shelf.hpp"
#include "policy/options.hpp"
#include "upstream/account.hpp"
#include "upstream/late_files.hpp"
#include "upstream/proxies.hpp"

namespace headwater::server {
namespace {

constexpr std::chrono::seconds kAskTimeout{60};

std::string without_slash(std::string url) {
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

bool is_microsoft(const policy::SyncOptions& options) {
    return options.source == policy::Source::kMicrosoft ||
           options.content_from == policy::ContentSource::kMicrosoft;
}

}  // namespace

FileSource::FileSource(store::Store& store, const SecretBox& secrets, net::Client& client,
                       const Clock& clock)
    : store_(store), secrets_(secrets), client_(client), clock_(clock) {}

Result<content::Transfer::Source> FileSource::of(const store::FileRecord& file) const {
    const auto options = policy::load_sync_options(store_);
    if (!options) {
        return std::unexpected(options.error());
    }
    content::Transfer::Source source;
    if (is_microsoft(*options)) {
        source.url = file.mu_url;
    } else if (!options->upstream.empty()) {
        source.url = without_slash(options->upstream) + "/Content/" +
                     content::shelf_name(file.sha1, file.extension);
    }
    if (source.url.empty()) {
        return fail("content.no_source",
                    "No upstream is set from which " + file.name + " could be fetched.",
                    "Set the upstream, and synchronize.");
    }
    if (auto secure = content::secure_address(source.url); secure && is_microsoft(*options)) {
        source.plain_url = std::exchange(source.url, std::move(*secure));
    }
    for (const auto& [url, way] : {std::pair(&source.url, &source.proxy),
                                   std::pair(&source.plain_url, &source.plain_proxy)}) {
        auto proxy = upstream::proxy_for(options->proxy, *url, secrets_);
        if (!proxy) {
            return std::unexpected(proxy.error());
        }
        *way = std::move(*proxy);
    }
    return source;
}

Result<std::vector<Sha1>> FileSource::ask(std::span<const Sha1> digests) const {
    const auto options = policy::load_sync_options(store_);
    if (!options) {
        return std::unexpected(options.error());
    }
    if (is_microsoft(*options) || options->upstream.empty()) {
        return std::vector<Sha1>{};
    }
    auto with = upstream::session_options(store_, secrets_, *options, options->upstream, cancel_,
                                          kAskTimeout);
    if (!with) {
        return std::unexpected(with.error());
    }
    upstream::Session session(client_, clock_, std::move(*with));
    return upstream::ask_for_files(session, digests);
}

}  // namespace headwater::server
