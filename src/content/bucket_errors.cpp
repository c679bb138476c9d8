// What a server that speaks S3 means by its refusals, and what to do about each.

#include <algorithm>
#include <array>

#include "base/xml.hpp"
#include "content/bucket.hpp"

namespace headwater::content {
namespace {

constexpr std::size_t kShown = 300;

struct Meaning {
    std::string_view said;  ///< the Code of the answer
    std::string_view code;
    std::string_view sentence;
    std::string_view remedy;
};

constexpr std::array<Meaning, 8> kMeanings = {
    {{"InvalidAccessKeyId", "bucket.key", "does not know the access key",
      "Set `access_key` under [s3] in headwater.toml to one of that server, and restart."},
     {"SignatureDoesNotMatch", "bucket.secret",
      "refuses the signature: the secret does not belong to the access key",
      "Put the secret of this access key into the file that `secret_file` under [s3] names, and "
      "restart. If it is right, see whether a proxy before the S3 server changes requests."},
     {"NoSuchBucket", "bucket.missing", "has no such bucket",
      "Make the bucket, or move the content elsewhere with `headwater content move`."},
     {"RequestTimeTooSkewed", "bucket.clock", "has another time than this machine",
      "Set the clocks of both machines right, for instance by timedatectl set-ntp true."},
     {"AuthorizationHeaderMalformed", "bucket.region", "is of another region",
      "Set `region` under [s3] in headwater.toml to that of the bucket, and restart."},
     {"PermanentRedirect", "bucket.region", "is of another region",
      "Set `region` and `endpoint` under [s3] in headwater.toml to those of the bucket, and "
      "restart."},
     {"AccessDenied", "bucket.denied", "does not let this access key do that",
      "Give the access key the rights s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject, "
      "s3:DeleteObject and s3:AbortMultipartUpload on what is in it."},
     {"NoSuchKey", "bucket.not_found", "does not hold the object",
      "`headwater content verify` has what is missing fetched again."}}};

/// What an answer to HEAD means, which has no body.
std::string_view code_of_status(unsigned status) {
    switch (status) {
        case 301:
            return "PermanentRedirect";
        case 403:
            return "AccessDenied";
        case 404:
            return "NoSuchKey";
        default:
            return "";
    }
}

}  // namespace

Error describe_refusal(const BucketPlace& place, unsigned status, const std::string& body) {
    std::string said;
    std::string message;
    if (const auto document = xml::Document::parse(body, {.max_bytes = std::size_t{1} << 20U})) {
        const pugi::xml_node error = document->root();
        said = xml::text_of(xml::child(error, "Code")).substr(0, kShown);
        message = xml::text_of(xml::child(error, "Message")).substr(0, kShown);
    }
    const std::string_view known = said.empty() ? code_of_status(status) : std::string_view(said);
    const auto meaning = std::ranges::find(kMeanings, known, &Meaning::said);
    Error error;
    error.causes.push_back("HTTP " + std::to_string(status) + " " + said);
    if (!message.empty()) {
        error.causes.push_back(message);
    }
    const std::string who = "The S3 server of " + place.text() + " ";
    if (meaning == kMeanings.end()) {
        error.code = "bucket.answer";
        error.sentence = who + "answered with HTTP status " + std::to_string(status) + ".";
        error.remedy = "See its log; what was to be done is tried again.";
        return error;
    }
    error.code = meaning->code;
    error.sentence = who + std::string(meaning->sentence) + ".";
    error.remedy = meaning->remedy;
    return error;
}

Error describe_unreachable(const BucketPlace& place, const Error& error) {
    if (error.code == "net.cancelled" || error.code == "net.sink") {
        return error;
    }
    Error told{"bucket.unreachable",
               "The S3 server of " + place.text() + " cannot be reached: " + error.sentence,
               "Check `endpoint` under [s3] in headwater.toml, the network and that server.",
               error.causes};
    if (!error.remedy.empty()) {
        told.causes.push_back(error.remedy);
    }
    return told;
}

}  // namespace headwater::content
