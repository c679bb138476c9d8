// A bucket: its names, what refusals mean, and how files go there, asked of a small fake server.

#include "content/bucket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "base/testing.hpp"
#include "content/bucket_shelf.hpp"
#include "content/shelf.hpp"
#include "net/server.hpp"

namespace headwater::content {
namespace {

using test_help::TemporaryFolder;
using test_help::value_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(BucketPlace, HasABucketAndAPrefixThatAPathAndASignatureReadInOneWay) {
    EXPECT_EQ(value_of(parse_bucket_place("s3://updates/a/b-c/")).text(), "s3://updates/a/b-c");
    EXPECT_EQ(value_of(parse_bucket_place("s3://updates")).text(), "s3://updates");
    for (const std::string_view text :
         {"s3://", "s3://UP/x", "s3://ab", "s3://updates//x", "s3://updates/../x",
          "s3://updates/a b", "s3://updates/%2f", "s3://up_dates", "/srv/updates", "s3://a..b/x"}) {
        EXPECT_FALSE(parse_bucket_place(text)) << text;
    }
}

std::string refusal(unsigned status, const std::string& code) {
    return describe_refusal({"updates", ""}, status,
                            code.empty() ? "" : "<Error><Code>" + code + "</Code></Error>")
        .code;
}

TEST(BucketRefusal, IsToldApartByTheCodeOfTheServer) {
    EXPECT_EQ(refusal(403, "InvalidAccessKeyId"), "bucket.key");
    EXPECT_EQ(refusal(403, "SignatureDoesNotMatch"), "bucket.secret");
    EXPECT_EQ(refusal(403, "RequestTimeTooSkewed"), "bucket.clock");
    EXPECT_EQ(refusal(403, "AccessDenied"), "bucket.denied");
    EXPECT_EQ(refusal(404, "NoSuchBucket"), "bucket.missing");
    EXPECT_EQ(refusal(400, "AuthorizationHeaderMalformed"), "bucket.region");
    EXPECT_EQ(refusal(301, ""), "bucket.region");
    EXPECT_EQ(refusal(404, ""), "bucket.not_found");
    EXPECT_EQ(refusal(500, "InternalError"), "bucket.answer");
    EXPECT_EQ(refusal(200, ""), "bucket.answer");
}

/// Objects in memory, of one bucket named "updates"; it looks at no signature.
class FakeS3 : public testing::Test {
protected:
    void SetUp() override {
        auto router = std::make_shared<net::Router>();
        router->prefix("/updates", net::Router::Where::kWorker,
                       [this](const net::Request& request) { return answer(request); });
        port_ = value_of(server_.listen({"127.0.0.1", 0, {}, router}));
        server_.start();
    }
    void TearDown() override { server_.stop(); }

    net::Response answer(const net::Request& request) {
        const std::scoped_lock lock(mutex_);
        requests_.push_back(request.method + " " + request.target);
        if (failures_ > 0) {
            --failures_;
            return net::text_response(503, "<Error><Code>SlowDown</Code></Error>");
        }
        if (request.query == "uploads=") {
            return net::text_response(200,
                                      "<InitiateMultipartUploadResult><UploadId>a/b"
                                      "</UploadId></InitiateMultipartUploadResult>");
        }
        if (request.query.starts_with("uploadId=")) {
            if (request.method == "POST" && completes_) {
                objects_[request.path] = std::exchange(parts_, {});
            }
            return net::text_response(200, completes_
                                               ? "<CompleteMultipartUploadResult><ETag>e</ETag>"
                                                 "</CompleteMultipartUploadResult>"
                                               : "<Error><Code>InternalError</Code></Error>");
        }
        if (request.query.starts_with("list-type")) {
            return net::text_response(200, list());
        }
        return object(request);
    }

    net::Response object(const net::Request& request) {
        if (request.method == "PUT") {
            EXPECT_EQ(request.headers.get("x-amz-content-sha256"),
                      to_hex_lower(Sha256::of(as_bytes(request.body)).bytes));
            (request.query.empty() ? objects_[request.path] : parts_) += request.body;
            net::Response taken = net::text_response(200, "");
            taken.headers.add("ETag", "\"tag\"");
            return taken;
        }
        const auto at = objects_.find(request.path);
        if (at == objects_.end()) {
            return net::text_response(404, "<Error><Code>NoSuchKey</Code></Error>");
        }
        net::Response response = net::text_response(200, at->second);
        response.headers.add("Last-Modified", "Thu, 26 Nov 2026 10:00:00 GMT");
        if (request.method == "DELETE") {
            objects_.erase(at);
        }
        return response;
    }

    std::string list() const {
        std::string text = "<ListBucketResult>";
        for (const auto& [path, body] : objects_) {
            text += "<Contents><Key>" + path.substr(std::string("/updates/").size()) +
                    "</Key><Size>" + std::to_string(body.size()) +
                    "</Size><LastModified>2026-11-26T10:00:00.000Z</LastModified></Contents>";
        }
        return text + "<IsTruncated>false</IsTruncated></ListBucketResult>";
    }

    BucketAccount account() const {
        return {"http://127.0.0.1:" + std::to_string(port_), {"us-east-1", "key", "secret"}};
    }
    Bucket bucket(std::uint64_t part = 64) {
        return {client_, account(), {"updates", "below"}, {part, part}};
    }
    std::filesystem::path file(const std::string& text) {
        const auto path = folder_.path() / "file";
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

    TemporaryFolder folder_;
    net::Client client_;
    net::Server server_{{}};
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::map<std::string, std::string> objects_;
    std::string parts_;
    std::vector<std::string> requests_;
    unsigned failures_ = 0;
    bool completes_ = true;
};

TEST_F(FakeS3, TakesASmallFileInOneRequestAndALargeOneInParts) {
    const std::string small(64, 's');
    EXPECT_EQ(value_of(bucket().put("small", file(small), nullptr)).size, 64U);
    EXPECT_EQ(objects_.at("/updates/below/small"), small);
    requests_.clear();
    const std::string large = std::string(64, 'a') + std::string(64, 'b') + "c";
    EXPECT_EQ(value_of(bucket().put("large", file(large), nullptr)).size, large.size());
    EXPECT_EQ(objects_.at("/updates/below/large"), large);
    EXPECT_THAT(requests_, ElementsAre("POST /updates/below/large?uploads=",
                                       "PUT /updates/below/large?partNumber=1&uploadId=a%2Fb",
                                       "PUT /updates/below/large?partNumber=2&uploadId=a%2Fb",
                                       "PUT /updates/below/large?partNumber=3&uploadId=a%2Fb",
                                       "POST /updates/below/large?uploadId=a%2Fb",
                                       "HEAD /updates/below/large"));
}

TEST_F(FakeS3, AbortsAnUploadWhoseEndFailsWithStatus200) {
    completes_ = false;
    const auto put = bucket().put("large", file(std::string(100, 'x')), nullptr);
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, "bucket.answer");
    EXPECT_EQ(requests_.back(), "DELETE /updates/below/large?uploadId=a%2Fb");
}

TEST_F(FakeS3, IsAskedAgainWhileItIsBusyAndNeverToldOfTheSecret) {
    failures_ = 2;
    EXPECT_TRUE(bucket().probe());
    EXPECT_TRUE(objects_.empty());
    failures_ = 4;
    const auto refused = bucket().list();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text(), AllOf(HasSubstr("503"), Not(HasSubstr("secret"))));
}

TEST_F(FakeS3, KeepsOfItsFilesHereOnlyThoseAskedForLast) {
    const auto access = std::make_shared<const BucketAccess>(
        client_, account(), folder_.path() / "cache", 250U, Bucket::Sizes{});
    const Shelf shelf("s3://updates/below", access);
    ASSERT_TRUE(shelf.prepare());
    ASSERT_TRUE(shelf.connect());
    std::vector<Sha1> files;
    for (const char letter : {'a', 'b', 'c'}) {
        const std::string body(100, letter);
        files.push_back(Sha1::of(as_bytes(body)));
        ASSERT_TRUE(shelf.put(files.back(), ".cab", as_bytes(body)));
    }
    EXPECT_EQ(objects_.size(), 3U);
    const auto is_here = [&](const Sha1& sha1) {
        return std::filesystem::exists(shelf.path_of(sha1, ".cab"));
    };
    EXPECT_FALSE(is_here(files[0]));
    EXPECT_TRUE(is_here(files[1]) && is_here(files[2]));
    EXPECT_TRUE(shelf.open(files[1], ".cab"));
    EXPECT_EQ(shelf.bring(files[0], ".cab", true), std::nullopt);
    EXPECT_TRUE(is_here(files[0]) && is_here(files[1]));
    EXPECT_FALSE(is_here(files[2]));
    EXPECT_TRUE(shelf.holds(files[2], ".cab", 100));
}

TEST_F(FakeS3, ServesNoFileThatWasChangedInTheBucket) {
    const auto access = std::make_shared<const BucketAccess>(
        client_, account(), folder_.path() / "cache", 250U, Bucket::Sizes{});
    const Sha1 sha1 = Sha1::of(as_bytes(std::string_view("right")));
    // Before the shelf, which lists the bucket as soon as it is there.
    objects_["/updates/" + shelf_name(sha1, ".cab")] = "wrong";
    const Shelf shelf("s3://updates", access);
    ASSERT_TRUE(shelf.connect());
    EXPECT_TRUE(shelf.holds(sha1, ".cab", 5));
    EXPECT_TRUE(shelf.bring(sha1, ".cab", true));
    EXPECT_FALSE(shelf.holds(sha1, ".cab", 5));
    EXPECT_EQ(shelf.open(sha1, ".cab"), nullptr);
}

/// Against a real server that checks signatures, which tests/s3/s3.py starts and names.
class RealS3 : public testing::Test {
protected:
    void SetUp() override {
        const char* endpoint = std::getenv("HEADWATER_S3_ENDPOINT");
        if (endpoint == nullptr) {
            GTEST_SKIP() << "tests/s3/s3.py says where the server is";
        }
        account_ = {endpoint, {"us-east-1", "S3RVER", "S3RVER"}};
    }

    TemporaryFolder folder_;
    net::Client client_;
    BucketAccount account_;
};

TEST_F(RealS3, HasALargeFileInPartsAsItWas) {
    const char* mib = std::getenv("HEADWATER_S3_MIB");
    const std::uint64_t size = (mib == nullptr ? 12U : std::stoull(mib)) << 20U;
    const auto path = folder_.path() / "large";
    std::ofstream(path, std::ios::binary) << std::string(4'000'000, 'x') << "y";
    std::filesystem::resize_file(path, size);
    constexpr std::uint64_t kPart = std::uint64_t{5} << 20U;
    const Bucket bucket(client_, account_, {"headwater", "large"},
                        {kPart, std::max(kPart, size / 20)});
    EXPECT_EQ(value_of(bucket.put("file", path, nullptr)).size, size);
    FileHasher hasher;
    ASSERT_TRUE(bucket.get(
        "file", size,
        [&](ByteView part) {
            hasher.update(part);
            return true;
        },
        nullptr));
    const auto digests = value_of(read_digests(path, [](std::uint64_t) { return true; }));
    EXPECT_EQ(hasher.finish().sha1, digests.sha1);
    EXPECT_TRUE(bucket.remove("file"));
    EXPECT_FALSE(value_of(bucket.look("file")));
}

TEST_F(RealS3, ListsWhatHasMoreThanOnePage) {
    const Bucket bucket(client_, account_, {"headwater", "pages"});
    const auto path = folder_.path() / "small";
    std::ofstream(path) << "small";
    constexpr std::size_t kFiles = 1'020;
    for (std::size_t i = 0; i < kFiles; ++i) {
        ASSERT_TRUE(bucket.put("file" + std::to_string(i), path, nullptr));
    }
    std::set<std::string> names;
    for (const Bucket::Object& object : value_of(bucket.list())) {
        EXPECT_EQ(object.size, 5U);
        names.insert(object.name);
    }
    EXPECT_EQ(names.size(), kFiles);
}

}  // namespace
}  // namespace headwater::content
