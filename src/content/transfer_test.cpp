// The transfer service over a real store and real sockets, against a server that does what it is
// told to.

#include "content/transfer.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <deque>
#include <latch>
#include <map>

#include "base/log.hpp"
#include "base/testing.hpp"
#include "catalog/parsed_document.hpp"
#include "net/server.hpp"
#include "policy/administration.hpp"
#include "policy/publisher.hpp"

namespace headwater::content {
namespace {

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
        made.files.push_back({sha1, sha256 ? sha256 : Sha256::of(as_bytes(body)), body.size(),
                              "update.cab", ".cab", ""});
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
                        return Transfer::Source{
                            "http://127.0.0.1:" + std::to_string(port_) + "/f/" + std::to_string(i),
                            nullptr};
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
    std::uint16_t port_ = 0;
    net::Server server_;
    std::unique_ptr<Transfer> transfer_;
};

std::string text_of(std::size_t size, char seed) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += static_cast<char>(seed + static_cast<char>(i % 23));
    }
    return text;
}

TEST_F(TransferTest, FetchesWhatIsApprovedAndNothingElse) {
    std::vector<const Original*> approved;
    for (char i = 0; i < 20; ++i) {
        const Original& original = add(text_of(1000 + static_cast<std::size_t>(i), 'a') + i);
        if (i % 2 == 0) {
            approved.push_back(&original);
        }
    }
    start();
    for (const Original* original : approved) {
        approve(*original);
    }
    for (const Original* original : approved) {
        wait_until(*original, FileState::kPresent);
    }
    for (const Original& original : originals_) {
        EXPECT_EQ(on_shelf(original), asked(original) == 1);
        EXPECT_LE(asked(original), 1);
    }
    expect_shelves_right();
    const auto status = test_help::value_of(transfer_->status());
    EXPECT_EQ(status.present, approved.size());
    EXPECT_EQ(status.waiting, 0U);
    EXPECT_EQ(status.failed, 0U);
}

TEST_F(TransferTest, TakesBackWhatIsDeclinedBeforeItCame) {
    const Original& original = add("never fetched");
    const Original& failing = add("never there");
    answer_ = [](const net::Request&, const Original&, int) { return with(404, ""); };
    start();
    approve(failing);
    wait_until(failing, FileState::kFailed);
    transfer_->stop();
    approve(original);
    EXPECT_EQ(record(original).state, FileState::kWaiting);
    decline(original);
    decline(failing);
    EXPECT_EQ(record(original).state, FileState::kNotWanted);
    EXPECT_EQ(record(failing).state, FileState::kNotWanted);
    EXPECT_EQ(asked(original), 0);
}

TEST_F(TransferTest, AFailedFileThatIsApprovedAnewIsTriedAnew) {
    const Original& original = add("late");
    answer_ = [](const net::Request&, const Original&, int) { return with(404, ""); };
    start();
    approve(original);
    wait_until(original, FileState::kFailed);
    decline(original);
    {
        const std::scoped_lock lock(mutex_);
        answer_ = [](const net::Request& request, const Original& from, int) {
            return whole(request, from);
        };
    }
    ASSERT_TRUE(administration_->decline({&original.update, 1}, false, "tester"));
    approve(original);
    wait_until(original, FileState::kPresent);
}

struct Trouble {
    const char* name;
    std::function<net::Response(const net::Request&, const Original&)> answer;
    std::string part_of_the_error;
    int attempts;
};

class TroubleWithAFile : public TransferTest, public testing::WithParamInterface<Trouble> {};

TEST_P(TroubleWithAFile, FailsItInTheEndWithItsReasonAndShelvesNothing) {
    const Trouble& trouble = GetParam();
    answer_ = [&](const net::Request& request, const Original& original, int) {
        return trouble.answer(request, original);
    };
    const Original& original = add(text_of(50'000, 'a'));
    start();
    approve(original);
    wait_until(original, FileState::kFailed);
    EXPECT_THAT(record(original).error, HasSubstr(trouble.part_of_the_error));
    EXPECT_EQ(asked(original), trouble.attempts);
    EXPECT_FALSE(on_shelf(original));
    EXPECT_EQ(test_help::value_of(transfer_->status()).failed, 1U);
    // Once the upstream is right again, a retry brings it.
    {
        const std::scoped_lock lock(mutex_);
        answer_ = [](const net::Request& request, const Original& from, int) {
            return whole(request, from);
        };
    }
    ASSERT_TRUE(transfer_->retry_failed());
    wait_until(original, FileState::kPresent);
    EXPECT_EQ(record(original).error, "");
    expect_shelves_right();
}

net::Response answer_with(unsigned status, std::string body) {
    net::Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

const Trouble kTroubles[] = {
    {"NotFound", [](auto&, auto&) { return answer_with(404, "no"); }, "does not have the file", 1},
    {"Forbidden", [](auto&, auto&) { return answer_with(403, "no"); }, "403", 3},
    {"ServerError", [](auto&, auto&) { return answer_with(500, "no"); }, "500", 3},
    {"ErrorPage", [](auto&, auto&) { return answer_with(200, "<html>sign in</html>"); },
     "announced", 3},
    {"Redirect",
     [](auto&, auto&) {
         net::Response response = answer_with(302, "");
         response.headers.add("Location", "file:///etc/passwd");
         return response;
     },
     "redirect", 3},
    {"WrongDigest",
     [](auto&, const Original& original) {
         return answer_with(200, std::string(original.body.size(), 'x'));
     },
     "wrong SHA-1", 3},
    {"Shorter",
     [](auto&, const Original& original) {
         return answer_with(200, original.body.substr(0, original.body.size() - 1));
     },
     "49999 bytes announced", 3},
    {"Longer",
     [](auto&, const Original& original) { return answer_with(200, original.body + "x"); },
     "50001 bytes announced", 3},
};

INSTANTIATE_TEST_SUITE_P(Answers, TroubleWithAFile, testing::ValuesIn(kTroubles),
                         [](const testing::TestParamInfo<Trouble>& param) {
                             return std::string(param.param.name);
                         });

TEST_F(TransferTest, DoesNotTrustASha1AloneWhereThereIsAStrongerDigest) {
    const Original& original = add("right by SHA-1", Sha256::of(as_bytes(std::string("other"))));
    start();
    approve(original);
    wait_until(original, FileState::kFailed);
    EXPECT_THAT(record(original).error, HasSubstr("SHA-256"));
    EXPECT_FALSE(on_shelf(original));
}

TEST_F(TransferTest, GoesOnAtTheByteAfterTheConnectionEnded) {
    answer_ = [&](const net::Request& request, const Original& original, int nth) {
        return nth == 1 ? half(original) : whole(request, original);
    };
    const Original& original = add(text_of(100'000, 'a'));
    start();
    approve(original);
    wait_until(original, FileState::kPresent);
    EXPECT_EQ(ranges_, (std::vector<std::string>{"whole", "bytes=50000-"}));
    expect_shelves_right();
}

TEST_F(TransferTest, ARangeThatIsNotTheOneAskedForIsThrownAway) {
    answer_ = [&](const net::Request& request, const Original& original, int nth) {
        if (nth == 1) {
            return half(original);
        }
        if (nth == 2) {
            net::Response response = with(206, original.body.substr(7));
            response.headers.add("Content-Range",
                                 "bytes 7-99999/" + std::to_string(original.body.size()));
            return response;
        }
        return whole(request, original);
    };
    const Original& original = add(text_of(100'000, 'a'));
    start();
    approve(original);
    wait_until(original, FileState::kPresent);
    EXPECT_EQ(ranges_, (std::vector<std::string>{"whole", "bytes=50000-", "whole"}));
    expect_shelves_right();
}

TEST_F(TransferTest, AServerThatHangsIsGivenUpAndTriedAgain) {
    std::latch released(1);
    auto router = std::make_shared<net::Router>();
    answer_ = [](const net::Request& request, const Original& original, int) {
        return whole(request, original);
    };
    const Original& original = add(text_of(1000, 'a'));
    std::atomic<int> calls = 0;
    router->prefix("/", net::Router::Where::kWorker, [&](const net::Request& request) {
        if (++calls == 1) {
            released.wait();
        }
        return whole(request, original);
    });
    net::Server hanging;
    const auto good = port_;
    port_ = test_help::value_of(hanging.listen({"127.0.0.1", 0, {}, router}));
    hanging.start();
    start();
    approve(original);
    wait_until(original, FileState::kPresent);
    EXPECT_EQ(calls, 2);
    released.count_down();
    transfer_->stop();
    hanging.stop();
    port_ = good;
}

TEST_F(TransferTest, StoppedInTheMiddleGoesOnAtTheByteAfterARestart) {
    const Original& original = add(text_of(100'000, 'a'));
    answer_ = [&](const net::Request&, const Original& from, int) { return half(from); };
    TransferOptions patient = quick();
    patient.retry_delay = std::chrono::hours{1};
    start(patient);
    approve(original);
    wait_for([&] { return test_help::value_of(transfer_->status()).transferred_bytes >= 50'000; });
    transfer_.reset();
    EXPECT_EQ(record(original).state, FileState::kWaiting);
    {
        const std::scoped_lock lock(mutex_);
        answer_ = [](const net::Request& request, const Original& from, int) {
            return whole(request, from);
        };
    }
    start();
    wait_until(original, FileState::kPresent);
    EXPECT_EQ(ranges_.back(), "bytes=50000-");
    expect_shelves_right();
}

TEST_F(TransferTest, AFullDiskPausesTheQueueAndItGoesOnByItself) {
    const Original& original = add(text_of(10'000, 'a'));
    const Original& other = add(text_of(9'000, 'b'));
    std::atomic<std::uint64_t> free = 1'010'000 - 1;
    TransferOptions options = quick();
    options.reserve = 1'000'000;
    options.free_space = [&] { return std::optional(free.load()); };
    start(options);
    approve(original);
    wait_for([&] {
        return test_help::value_of(transfer_->status()).disk_full &&
               record(original).error.contains("no space");
    });
    EXPECT_EQ(record(original).state, FileState::kWaiting);
    approve(other);
    EXPECT_EQ(asked(original), 0);
    free = 1'010'000;
    wait_until(original, FileState::kPresent);
    wait_until(other, FileState::kPresent);
    EXPECT_FALSE(test_help::value_of(transfer_->status()).disk_full);
    EXPECT_EQ(record(original).error, "");
    expect_shelves_right();
}

TEST_F(TransferTest, APresentFileThatIsGoneIsFetchedAgain) {
    const Original& original = add(text_of(10'000, 'a'));
    start();
    approve(original);
    wait_until(original, FileState::kPresent);
    transfer_.reset();
    std::filesystem::remove(shelf_.root() / shelf_name(original.sha1, ".cab"));
    start();
    wait_for([&] { return on_shelf(original) && record(original).state == FileState::kPresent; });
    EXPECT_EQ(asked(original), 2);
}

TEST_F(TransferTest, WithoutASourceKeepsWhatToDo) {
    const Original& original = add("no upstream");
    originals_.clear();
    originals_.push_back({"", Sha1{}, original.update});
    const Original copy{"no upstream", Sha1::of(as_bytes(std::string("no upstream"))),
                        originals_.front().update};
    start();
    approve(copy);
    wait_until(copy, FileState::kFailed);
    EXPECT_THAT(record(copy).error, HasSubstr("Set the upstream"));
}

}  // namespace
}  // namespace headwater::content
