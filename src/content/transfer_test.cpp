// The transfer service: what is wanted comes, whatever the server does.

#include "content/transfer_testing.hpp"

namespace headwater::content {
namespace {

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
    store::FileReason reason;
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
    EXPECT_EQ(record(original).reason, trouble.reason);
    EXPECT_NE(record(original).failing_since, std::nullopt);
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
    EXPECT_EQ(record(original).reason, store::FileReason::kNone);
    EXPECT_EQ(record(original).failing_since, std::nullopt) << "the mark goes away";
    expect_shelves_right();
}

net::Response answer_with(unsigned status, std::string body) {
    net::Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

using enum store::FileReason;

const Trouble kTroubles[] = {
    {"NotFound", [](auto&, auto&) { return answer_with(404, "no"); }, "does not have the file",
     kLate, 1},
    {"NotFoundWithALongPage",
     [](auto&, const Original& original) {
         return answer_with(404, std::string(original.body.size() * 4, 'x'));
     },
     "does not have the file", kLate, 1},
    {"Forbidden", [](auto&, auto&) { return answer_with(403, "no"); }, "403", kDenied, 3},
    {"ServerError", [](auto&, auto&) { return answer_with(500, "no"); }, "500", kUpstream, 3},
    {"ErrorPage", [](auto&, auto&) { return answer_with(200, "<html>sign in</html>"); },
     "announced", kWrongContent, 3},
    {"Redirect",
     [](auto&, auto&) {
         net::Response response = answer_with(302, "");
         response.headers.add("Location", "file:///etc/passwd");
         return response;
     },
     "redirect", kUpstream, 3},
    {"WrongDigest",
     [](auto&, const Original& original) {
         return answer_with(200, std::string(original.body.size(), 'x'));
     },
     "wrong SHA-1", kWrongContent, 3},
    {"Shorter",
     [](auto&, const Original& original) {
         return answer_with(200, original.body.substr(0, original.body.size() - 1));
     },
     "49999 bytes announced", kWrongContent, 3},
    {"Longer",
     [](auto&, const Original& original) { return answer_with(200, original.body + "x"); },
     "50001 bytes announced", kWrongContent, 3},
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

TEST_F(TransferTest, APartThatIsLongerThanTheFileOfTheServerIsThrownAway) {
    answer_ = [&](const net::Request& request, const Original& original, int nth) {
        return nth == 1 ? half(original) : nth == 2 ? with(416, "") : whole(request, original);
    };
    const Original& original = add(text_of(100'000, 'a'));
    start();
    approve(original);
    wait_until(original, FileState::kPresent);
    EXPECT_EQ(ranges_, (std::vector<std::string>{"whole", "bytes=50000-", "whole"}));
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
    std::atomic<int> told = 0;
    options.out_of_space = [&] { ++told; };
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
    EXPECT_EQ(told, 1) << "not with every attempt";
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
