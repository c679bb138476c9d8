// DownloadFiles: a downstream server asks for files that this one does not hold yet. [MS-WSUSSS]
// 3.1.4

#include <algorithm>

#include "downstream/services.hpp"
#include "downstream/session.hpp"
#include "protocol/server_sync.hpp"

namespace headwater::downstream {
namespace {

namespace wire = protocol::server_sync;

using soap::Call;
using soap::make_fault;

/// Nothing where a digest is none, or there are too many.
std::optional<std::vector<Sha1>> digests_of(const wire::DownloadFiles& request) {
    if (!request.file_digest_list ||
        request.file_digest_list->size() > Services::kMaxFilesPerRequest) {
        return std::nullopt;
    }
    std::vector<Sha1> digests;
    for (const Bytes& bytes : *request.file_digest_list) {
        const auto sha1 = Sha1::from(bytes);
        if (!sha1) {
            return std::nullopt;
        }
        digests.push_back(*sha1);
    }
    return digests;
}

/// Those of which the catalog knows nothing, as the fault names them.
std::string missing(const std::vector<Sha1>& asked, const std::vector<store::FileRecord>& known) {
    std::string text;
    for (const Sha1& sha1 : asked) {
        if (std::ranges::find(known, sha1, &store::FileRecord::sha1) == known.end()) {
            text += (text.empty() ? "" : "|") + to_base64(sha1.bytes);
        }
    }
    return text;
}

}  // namespace

void Services::add_files() {
    sync_.operation<wire::DownloadFiles, wire::DownloadFilesResponse>(
        "DownloadFiles",
        [this](const wire::DownloadFiles& request,
               const Call&) -> Answer<wire::DownloadFilesResponse> {
            if (const auto cookie = check(sealer_, request.cookie, clock_.now()); !cookie) {
                return std::unexpected(cookie.error());
            }
            const auto digests = digests_of(request);
            if (!digests) {
                return std::unexpected(make_fault("InvalidParameters", "fileDigestList"));
            }
            const auto known = store_.files(*digests);
            if (!known) {
                return std::unexpected(fault_of(known.error()));
            }
            // What is known is fetched, even where the call is answered with a fault for the rest.
            if (request_files_) {
                if (auto requested = request_files_(*digests); !requested) {
                    return std::unexpected(fault_of(requested.error()));
                }
            }
            if (const std::string unknown = missing(*digests, *known); !unknown.empty()) {
                return std::unexpected(make_fault("FileDigestsMissing", unknown));
            }
            return wire::DownloadFilesResponse{};
        });
}

}  // namespace headwater::downstream
