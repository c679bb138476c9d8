#pragma once
// For the tests of the transfer service: it runs over a real store and real sockets, against a
// server that does what it is told to.

#include <fcntl.h>
#include <gmock/gmock.h>

#include <deque>
#include <latch>
#include <map>

#include "base/log.hpp"
#include "base/testing.hpp"
#include "catalog/parsed_document.hpp"
#include "content/transfer.hpp"
#include "net/server.hpp"
#include "policy/administration.hpp"
#include "policy/publisher.hpp"

namespace headwater::content {

using std::chrono::milliseconds;
using store::FileState;
using ::testing::HasSubstr;

/// A file of an update, as the upstream has it.
struct Original {
    std::string body;
    Sha1 sha1;
    Guid update;
};

class TransferTest : public testing::Test {
protected:
    using Answer = std::function<net::Response(const net::Request&, const Original&, int nth)>;

    void SetUp() override {
        log::set_level(log::Level::kOff);
        ASSERT_TRUE(shelf_.prepare());
        store_ = test_help::value_of(store::open_sqlite(folder_.path() / "headwater.db"));
        publisher_ = std::make_unique<policy::Publisher>(*store_);
        publisher_->on_publish([this](const std::shared_ptr<const policy::View>& view) {
            if (transfer_) {
                EXPECT_TRUE(transfer_->want(*view));
            }
        });
        ASSERT_TRUE(publisher_->load());
        administration_ = std::make_unique<policy::Administration>(*store_, *publisher_, clock_);
        auto router = std::make_shared<net::Router>();
        router->prefix("/f", net::Router::Where::kWorker, [this](const net::Request& request) {
            const Original& original = originals_.at(std::stoul(request.path.substr(3)));
            const std::scoped_lock lock(mutex_);
            ranges_.push_back(std::string(request.headers.get("Range").value_or("whole")));
            return answer_(request, original, ++asked_[original.sha1]);
        });
        port_ = test_help::value_of(server_.listen({"127.0.0.1", 0, {}, router}));
        server_.start();
    }
    void TearDown() override {
        transfer_.reset();
        server_.stop();
        log::set_level(log::Level::kInfo);
    }

    /// Adds an update that has one file; approve() makes it wanted.
    const Original& add(const std::string& body, std::optional<Sha256> sha256 = std::nullopt) {
        const Guid id = Guid::random();
        const Sha1 sha1 = Sha1::of(as_bytes(body));
        const std::string xml =
            R"(<u:Update xmlns:u="http://schemas.microsoft.com/msus/2002/12/Update">)"
            R"(<u:UpdateIdentity UpdateID=")" +
            id.text() +
            R"(" RevisionNumber="1"/><u:Properties UpdateType="Software" ExplicitlyDeployable="true"/><u:Files><u:File Digest=")" +
            to_base64(sha1.bytes) + R"(" DigestAlgorithm="SHA1" FileName="update.cab" Size=")" +
            std::to_string(body.size()) + R"("/></u:Files></u:Update>)";
        auto digested = test_help::value_of(catalog::digest_document(xml));
        store::NewRevision made;
        made.revision = catalog::make_revision(digested.document, std::move(digested.core));
        made.document = xml;
        if (has_sha256_ && !sha256) {
            sha256 = Sha256::of(as_bytes(body));
        }
        made.files.push_back({sha1, sha256, body.size(), "update.cab", ".cab", ""});
        EXPECT_TRUE(store_->put_revisions({&made, 1}, clock_.now()));
        EXPECT_TRUE(publisher_->refresh());
        originals_.push_back({body, sha1, id});
        return originals_.back();
    }
    void approve(const Original& original) {
        const auto done =
            administration_->approve({&original.update, 1}, {&policy::kAllComputers, 1},
                                     store::ApprovalAction::kInstall, std::nullopt, "tester");
        ASSERT_TRUE(done) << done.error().text();
    }
    void decline(const Original& original) {
        ASSERT_TRUE(administration_->decline({&original.update, 1}, true, "tester"));
    }

    static TransferOptions quick() {
        return {.threads = 3,
                .max_attempts = 3,
                .retry_delay = milliseconds{1},
                .disk_full_delay = milliseconds{20},
                .stall_timeout = std::chrono::seconds{1}};
    }
    void start(TransferOptions options = quick()) {
        transfer_.reset();
        options.attempted = [this](const Sha1&) {
            const std::scoped_lock lock(attempts_mutex_);
            attempted_.notify_all();
        };
        transfer_ = std::make_unique<Transfer>(
            *store_, shelf_, client_, clock_,
            [this](const store::FileRecord& file) -> Result<Transfer::Source> {
                for (std::size_t i = 0; i < originals_.size(); ++i) {
                    if (originals_[i].sha1 == file.sha1) {
                        const std::string path = "/f/" + std::to_string(i);
                        const std::string url = "http://127.0.0.1:" + std::to_string(port_) + path;
                        return secure_.empty()
                                   ? Transfer::Source{url, nullptr, {}, nullptr}
                                   : Transfer::Source{secure_ + path, nullptr, url, nullptr};
                    }
                }
                return fail("content.no_source", "Nobody has it.", "Set the upstream.");
            },
            options);
        ASSERT_TRUE(transfer_->want(*publisher_->view()));
        transfer_->start();
    }

    store::FileRecord record(const Original& original) {
        const auto file = test_help::value_of(store_->file(original.sha1));
        return file.value_or(store::FileRecord{});
    }
    /// Waits until this is true, looking again after each attempt of a file.
    template <typename Condition>
    void wait_for(const Condition& condition) {
        std::unique_lock lock(attempts_mutex_);
        const bool came = attempted_.wait_for(lock, std::chrono::seconds{30}, condition);
        EXPECT_TRUE(came);
    }
    void wait_until(const Original& original, FileState state) {
        wait_for([&] { return record(original).state == state; });
        EXPECT_EQ(record(original).state, state) << record(original).error;
    }
    [[nodiscard]] bool on_shelf(const Original& original) const {
        return shelf_.holds(original.sha1, ".cab", original.body.size());
    }
    /// What a shelf holds is right, whatever happened before.
    void expect_shelves_right() const {
        for (const Original& original : originals_) {
            if (on_shelf(original)) {
                EXPECT_EQ(test_help::read_file(shelf_.root() / shelf_name(original.sha1, ".cab")),
                          original.body);
            }
        }
    }
    int asked(const Original& original) {
        const std::scoped_lock lock(mutex_);
        return asked_[original.sha1];
    }

    static net::Response with(unsigned status, std::string body) {
        net::Response response;
        response.status = status;
        response.body = std::move(body);
        return response;
    }
    static net::Response whole(const net::Request& request, const Original& original) {
        net::Response response = with(200, original.body);
        response.headers.add("ETag", "\"1\"");
        const auto range = request.headers.get("Range");
        if (range) {
            const std::size_t from = std::stoul(std::string(range->substr(6)));
            response.status = 206;
            response.body = original.body.substr(from);
            response.headers.add("Content-Range", "bytes " + std::to_string(from) + "-" +
                                                      std::to_string(original.body.size() - 1) +
                                                      "/" + std::to_string(original.body.size()));
        }
        return response;
    }
    /// The first half of the file, then the end of the connection.
    net::Response half(const Original& original) {
        test_help::write_file(folder_.path() / "half",
                              original.body.substr(0, original.body.size() / 2));
        const int descriptor = ::open((folder_.path() / "half").c_str(), O_RDONLY | O_CLOEXEC);
        net::Response response;
        response.headers.add("ETag", "\"1\"");
        response.parts = {{"", std::make_shared<net::File>(descriptor, original.body.size()), 0,
                           original.body.size()}};
        return response;
    }

    test_help::TemporaryFolder folder_;
    SystemClock clock_;
    Shelf shelf_{folder_.path() / "content"};
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<policy::Publisher> publisher_;
    std::unique_ptr<policy::Administration> administration_;
    net::Client client_;
    std::deque<Original> originals_;
    std::mutex attempts_mutex_;
    std::condition_variable attempted_;
    std::mutex mutex_;
    std::map<Sha1, int> asked_;
    std::vector<std::string> ranges_;
    Answer answer_ = [](const net::Request& request, const Original& original, int) {
        return whole(request, original);
    };
    bool has_sha256_ = true;  // of the files that are added without naming one
    std::string secure_;      // tried before the server; empty for none
    std::uint16_t port_ = 0;
    net::Server server_;
    std::unique_ptr<Transfer> transfer_;
};

inline std::string text_of(std::size_t size, char seed) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += static_cast<char>(seed + static_cast<char>(i % 23));
    }
    return text;
}

}  // namespace headwater::content
