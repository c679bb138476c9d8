// How a file goes into a bucket: in one request, or in parts where it is large. What is signed is
// the SHA-256 of each body, so that the server checks what came.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/log.hpp"
#include "base/xml.hpp"
#include "content/bucket.hpp"
#include "content/shelf.hpp"

namespace headwater::content {
namespace {

/// What S3 takes.
constexpr std::uint64_t kMaxParts = 10'000;
/// A server puts the parts together before it answers.
constexpr std::chrono::seconds kCompletion{600};

Result<std::shared_ptr<const net::File>> open_file(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) {
        return std::unexpected(file_error("read", path, errno));
    }
    struct stat status{};
    const bool is_known = ::fstat(descriptor, &status) == 0;
    return std::make_shared<const net::File>(
        descriptor, is_known ? static_cast<std::uint64_t>(status.st_size) : 0);
}

Result<Sha256> digest_of(const net::File& file, std::uint64_t offset, std::uint64_t length) {
    Bytes block(std::size_t{1} << 20U);
    FileHasher hasher;
    while (length > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), length));
        const ssize_t count =
            ::pread(file.descriptor(), block.data(), wanted, static_cast<off_t>(offset));
        if (count <= 0) {
            return std::unexpected(
                file_error("read", "a file to be put", count == 0 ? EIO : errno));
        }
        hasher.update({block.data(), static_cast<std::size_t>(count)});
        offset += static_cast<std::uint64_t>(count);
        length -= static_cast<std::uint64_t>(count);
    }
    return hasher.finish().sha256;
}

/// What an answer has under this name, if its root has the other.
Result<std::string> text_in(const std::string& body, const std::string& root,
                            const std::string& name, const BucketPlace& place) {
    const auto document = xml::Document::parse(body);
    const pugi::xml_node found = document ? document->root() : pugi::xml_node();
    std::string text = xml::text_of(xml::child(found, name));
    if (xml::local_name(found) != root || text.empty()) {
        return std::unexpected(describe_refusal(place, 200, body));
    }
    return text;
}

}  // namespace

Result<Bucket::Object> Bucket::put(const std::string& name, const std::filesystem::path& path,
                                   const std::shared_ptr<const net::CancelToken>& cancel) const {
    const auto file = open_file(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    const std::uint64_t size = (*file)->size();
    auto sent =
        size <= sizes_.single ? put_whole(name, *file, cancel) : put_in_parts(name, *file, cancel);
    if (!sent) {
        return std::unexpected(sent.error());
    }
    const auto there = look(name);
    if (!there) {
        return std::unexpected(there.error());
    }
    if (!*there || (*there)->size != size) {
        return fail("bucket.answer",
                    "The S3 server of " + place_.text() + " took " + name +
                        " and does not have it with its length.",
                    "See its log; the file is put again.");
    }
    return **there;
}

Result<net::ClientResponse> Bucket::send(net::ClientRequest request,
                                         const std::shared_ptr<const net::File>& file,
                                         std::uint64_t offset, std::uint64_t length) const {
    const auto digest = digest_of(*file, offset, length);
    if (!digest) {
        return std::unexpected(digest.error());
    }
    request.headers.set("x-amz-content-sha256", to_hex_lower(digest->bytes));
    request.upload = net::Upload{file, offset, length};
    return ask(request);
}

Result<> Bucket::put_whole(const std::string& name, const std::shared_ptr<const net::File>& file,
                           const std::shared_ptr<const net::CancelToken>& cancel) const {
    net::ClientRequest asked = request("PUT", name, "");
    asked.cancel = cancel;
    const auto sent = send(std::move(asked), file, 0, file->size());
    return sent ? Result<>{} : std::unexpected(sent.error());
}

Result<> Bucket::put_in_parts(const std::string& name, const std::shared_ptr<const net::File>& file,
                              const std::shared_ptr<const net::CancelToken>& cancel) const {
    const auto begun = ask(request("POST", name, "uploads="));
    if (!begun) {
        return std::unexpected(begun.error());
    }
    const auto upload = text_in(begun->body, "InitiateMultipartUploadResult", "UploadId", place_);
    if (!upload) {
        return std::unexpected(upload.error());
    }
    auto parts = send_parts(name, *upload, file, cancel);
    auto done = parts ? complete(name, *upload, std::move(*parts)) : std::unexpected(parts.error());
    if (!done) {
        // Else its parts cost money until somebody removes them.
        if (auto ended = ask(request("DELETE", name, "uploadId=" + url_encoded(*upload))); !ended) {
            log::warning("Parts of " + name + " stay in " + place_.text() + ": " +
                         ended.error().text());
        }
    }
    return done;
}

/// The list of the parts, as the completion wants it.
Result<std::string> Bucket::send_parts(
    const std::string& name, const std::string& upload,
    const std::shared_ptr<const net::File>& file,
    const std::shared_ptr<const net::CancelToken>& cancel) const {
    const std::uint64_t size = file->size();
    const std::uint64_t part = std::max(sizes_.part, size / kMaxParts + 1);
    std::string list;
    std::uint64_t number = 1;
    for (std::uint64_t offset = 0; offset < size; offset += part, ++number) {
        net::ClientRequest asked =
            request("PUT", name,
                    "partNumber=" + std::to_string(number) + "&uploadId=" + url_encoded(upload));
        asked.cancel = cancel;
        const auto sent = send(std::move(asked), file, offset, std::min(part, size - offset));
        if (!sent) {
            return std::unexpected(sent.error());
        }
        list += "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>";
        xml::append_text(list, sent->headers.get("ETag").value_or(""));
        list += "</ETag></Part>";
    }
    return list;
}

/// It may begin with status 200 and fail afterwards.
Result<> Bucket::complete(const std::string& name, const std::string& upload,
                          std::string parts) const {
    const std::string body =
        "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" +
        std::move(parts) + "</CompleteMultipartUpload>";
    net::ClientRequest asked =
        request("POST", name, "uploadId=" + url_encoded(upload), as_bytes(body));
    asked.headers.set("Content-Type", "application/xml");
    asked.stall_timeout = kCompletion;
    const auto answer = ask(asked);
    if (!answer) {
        return std::unexpected(answer.error());
    }
    const auto tag = text_in(answer->body, "CompleteMultipartUploadResult", "ETag", place_);
    return tag ? Result<>{} : std::unexpected(tag.error());
}

}  // namespace headwater::content
