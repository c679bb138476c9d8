#pragma once
// A bucket of a server that speaks S3, as far as the shelves need it: whole objects below a prefix.
// Bodies go from and to files, never through memory as a whole. A value over the client; any
// thread.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "net/client.hpp"

namespace headwater::content {

/// "s3://bucket/prefix".
struct BucketPlace {
    std::string bucket;
    std::string prefix;  ///< without slashes at its ends; may be empty

    [[nodiscard]] std::string text() const;
};

[[nodiscard]] bool is_bucket_place(std::string_view text);
/// Errors: "content.folder". Names that a signature or a path could read in two ways are refused.
[[nodiscard]] Result<BucketPlace> parse_bucket_place(std::string_view text);

/// Who we are to the server, and where it is.
struct BucketAccount {
    /// "https://s3.example.org:9000"; empty for Amazon's own by its region.
    std::string endpoint;
    net::AwsLogin login;
};

/// The errors of all calls: "bucket.unreachable" (with the error of net::Client), "bucket.key"
/// (unknown), "bucket.secret" (wrong), "bucket.missing" (the bucket), "bucket.clock",
/// "bucket.region", "bucket.denied", "bucket.not_found" (the object), "bucket.answer" (anything
/// else).
class Bucket {
public:
    /// How a large file is sent: above the first in parts of the second, both bytes.
    struct Sizes {
        std::uint64_t single = std::uint64_t{64} << 20U;
        std::uint64_t part = std::uint64_t{64} << 20U;
    };
    struct Object {
        std::string name;  ///< without the prefix
        std::uint64_t size = 0;
        Time modified;
    };
    using Sink = std::function<bool(ByteView)>;

    Bucket(net::Client& client, BucketAccount account, BucketPlace place);
    Bucket(net::Client& client, BucketAccount account, BucketPlace place, Sizes sizes);

    [[nodiscard]] const BucketPlace& place() const { return place_; }
    /// The same, whose every request this ends.
    [[nodiscard]] Bucket cancelled_by(std::shared_ptr<const net::CancelToken> cancel) const;

    /// There is the whole object afterwards, or what was there before. Errors also: "content.io".
    [[nodiscard]] Result<Object> put(const std::string& name, const std::filesystem::path& file,
                                     const std::shared_ptr<const net::CancelToken>& cancel) const;
    /// Hands all of it to the sink; more than `size` bytes are an error. Returns when it was put.
    [[nodiscard]] Result<Time> get(const std::string& name, std::uint64_t size, const Sink& sink,
                                   const std::shared_ptr<const net::CancelToken>& cancel) const;
    /// Nothing where it is not there.
    [[nodiscard]] Result<std::optional<Object>> look(const std::string& name) const;
    /// One that is not there is removed, too.
    [[nodiscard]] Result<> remove(const std::string& name) const;
    [[nodiscard]] Result<std::vector<Object>> list() const;
    /// Puts, reads and removes a small object: whether this server may use the bucket.
    [[nodiscard]] Result<> probe() const;
    /// Where an object is; for messages and tests.
    [[nodiscard]] std::string url_of(const std::string& name) const;

private:
    [[nodiscard]] net::ClientRequest request(std::string method, const std::string& name,
                                             const std::string& query, ByteView body = {}) const;
    /// The answer, if its status is 200 to 299.
    [[nodiscard]] Result<net::ClientResponse> ask(const net::ClientRequest& request) const;
    [[nodiscard]] Result<> put_whole(const std::string& name,
                                     const std::shared_ptr<const net::File>& file,
                                     const std::shared_ptr<const net::CancelToken>& cancel) const;
    [[nodiscard]] Result<> put_in_parts(
        const std::string& name, const std::shared_ptr<const net::File>& file,
        const std::shared_ptr<const net::CancelToken>& cancel) const;
    [[nodiscard]] Result<std::string> send_parts(
        const std::string& name, const std::string& upload,
        const std::shared_ptr<const net::File>& file,
        const std::shared_ptr<const net::CancelToken>& cancel) const;
    [[nodiscard]] Result<> complete(const std::string& name, const std::string& upload,
                                    std::string parts) const;
    [[nodiscard]] Result<net::ClientResponse> send(net::ClientRequest request,
                                                   const std::shared_ptr<const net::File>& file,
                                                   std::uint64_t offset,
                                                   std::uint64_t length) const;
    [[nodiscard]] std::string key_of(const std::string& name) const;
    [[nodiscard]] std::string base_url() const;

    net::Client* client_;
    BucketAccount account_;
    BucketPlace place_;
    Sizes sizes_;
    std::shared_ptr<const net::AwsLogin> login_;
    std::shared_ptr<const net::CancelToken> cancel_;
};

/// As a signature wants it: everything but letters, digits and -._~
[[nodiscard]] std::string url_encoded(std::string_view text);
/// What a refusal means, by its status and the code in its XML. Never has the secret in it.
[[nodiscard]] Error describe_refusal(const BucketPlace& place, unsigned status,
                                     const std::string& body);
[[nodiscard]] Error describe_unreachable(const BucketPlace& place, const Error& error);

}  // namespace headwater::content
