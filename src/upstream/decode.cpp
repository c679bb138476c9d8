#include "upstream/decode.hpp"

#include "base/utf.hpp"
#include "catalog/cabinet.hpp"
#include "catalog/parsed_document.hpp"

namespace headwater::upstream {
namespace {

namespace wire = protocol::server_sync;

constexpr std::size_t kMaxUrl = 2048;

std::unexpected<Error> bad_document(const protocol::UpdateIdentity& id, const std::string& what,
                                    std::vector<std::string> causes = {}) {
    return fail(
        "upstream.document",
        "The upstream sent for the revision " + id.update_id.text() + " " +
            std::to_string(id.revision_number) + " " + what + ".",
        "The other revisions are stored; this one is asked for again by the next synchronization.",
        std::move(causes));
}

Result<std::string> document_of(const wire::ServerSyncUpdateData& update) {
    const protocol::UpdateIdentity& id = *update.id;
    if (update.xml_update_blob) {
        return *update.xml_update_blob;
    }
    if (!update.xml_update_blob_compressed) {
        return bad_document(id, "no document");
    }
    auto document = catalog::read_document_cabinet(*update.xml_update_blob_compressed);
    if (!document) {
        return bad_document(id, "a cabinet that cannot be read", {document.error().text()});
    }
    return std::move(*document);
}

}  // namespace

FileUrls file_urls(const wire::ServerUpdateData& data) {
    FileUrls urls;
    for (const wire::ServerSyncUrlData& url : data.file_urls) {
        const auto sha1 = Sha1::from(url.file_digest.or_default());
        const std::string lower = to_lower_ascii(url.mu_url.or_default().substr(0, 8));
        if (sha1 && url.mu_url.or_default().size() <= kMaxUrl &&
            (lower.starts_with("http://") || lower == "https://")) {
            urls[*sha1] = *url.mu_url;
        }
    }
    return urls;
}

Result<store::NewRevision> decode_update(const wire::ServerSyncUpdateData& update,
                                         const FileUrls& urls) {
    if (!update.id) {
        return fail("upstream.document",
                    "The upstream sent a document without saying of which revision.");
    }
    auto text = document_of(update);
    if (!text) {
        return std::unexpected(text.error());
    }
    auto digested = catalog::digest_document(*text);
    if (!digested) {
        return bad_document(*update.id, "a document that cannot be read",
                            {digested.error().text()});
    }
    const catalog::Document& document = digested->document;
    if (document.identity.update_id != update.id->update_id ||
        static_cast<std::int64_t>(document.identity.revision_number) !=
            update.id->revision_number) {
        return bad_document(
            *update.id, "the document of another revision (" + document.identity.update_id.text() +
                            " " + std::to_string(document.identity.revision_number) + ")");
    }
    store::NewRevision revision;
    for (const catalog::DocumentFile& file : document.files) {
        const auto url = urls.find(file.sha1);
        revision.files.push_back({file.sha1, file.sha256, file.size, file.name,
                                  catalog::content_extension(file.name),
                                  url == urls.end() ? std::string{} : url->second});
    }
    revision.revision = catalog::make_revision(document, std::move(digested->core));
    revision.document = std::move(*text);
    return revision;
}

}  // namespace headwater::upstream
