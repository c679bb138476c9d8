// What administrators and downstream servers order of the transfer service.

#include "content/transfer_testing.hpp"

namespace headwater::content {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class TransferOrders : public TransferTest {
protected:
    /// From now on each request waits until release().
    void hold() {
        answer_ = [this](const net::Request& request, const Original& original, int) {
            return held_.load() ? with(503, "later") : whole(request, original);
        };
        held_ = true;
    }
    static std::vector<Sha1> one(const Original& original) { return {original.sha1}; }
    /// The files in the order in which they were asked for.
    void note_order() {
        answer_ = [this](const net::Request& request, const Original& original, int) {
            order_.push_back(original.body);
            return whole(request, original);
        };
    }

    std::atomic<bool> held_ = false;
    std::vector<std::string> order_;
    // They outlive the server's threads.
    std::latch begun_{1};
    std::latch released_{1};
};

TEST_F(TransferOrders, ThePausedServiceHoldsTheQueueAlsoAfterARestart) {
    start();
    ASSERT_TRUE(transfer_->pause(std::nullopt));
    const Original& original = add("held");
    approve(original);
    start();
    EXPECT_EQ(transfer_->mode(), TransferMode::kPaused);
    EXPECT_EQ(record(original).state, FileState::kWaiting);
    EXPECT_EQ(asked(original), 0);
    ASSERT_TRUE(transfer_->resume(std::nullopt));
    wait_until(original, FileState::kPresent);
}

TEST_F(TransferOrders, TheStoppedServiceStaysSoUntilItIsStarted) {
    start();
    ASSERT_TRUE(transfer_->set_mode(TransferMode::kStopped));
    const Original& original = add("off");
    approve(original);
    start();
    EXPECT_EQ(test_help::value_of(transfer_->status()).mode, TransferMode::kStopped);
    EXPECT_FALSE(transfer_->wait_until_done(std::chrono::seconds{30})) << "nothing is to come";
    EXPECT_EQ(asked(original), 0);
    ASSERT_TRUE(transfer_->set_mode(TransferMode::kRunning));
    wait_until(original, FileState::kPresent);
}

TEST_F(TransferOrders, ARestartStartsAStoppedServiceAndTriesFailedFilesAnew) {
    answer_ = [](const net::Request&, const Original&, int) { return with(404, ""); };
    const Original& original = add("gone");
    start();
    approve(original);
    wait_until(original, FileState::kFailed);
    ASSERT_TRUE(transfer_->set_mode(TransferMode::kStopped));
    {
        const std::scoped_lock lock(mutex_);
        answer_ = [](const net::Request& request, const Original& from, int) {
            return whole(request, from);
        };
    }
    ASSERT_TRUE(transfer_->restart());
    EXPECT_EQ(transfer_->mode(), TransferMode::kRunning);
    wait_until(original, FileState::kPresent);
}

TEST_F(TransferOrders, OneFileIsPausedAndResumedTheOthersCome) {
    hold();
    const Original& original = add("paused");
    const Original& other = add("other");
    TransferOptions patient = quick();
    patient.max_attempts = 1'000'000;
    start(patient);
    approve(original);
    approve(other);
    wait_for([&] { return asked(original) > 0; });
    EXPECT_EQ(test_help::value_of(transfer_->pause(one(original))), 1U);
    EXPECT_EQ(record(original).state, FileState::kPaused);
    held_ = false;
    wait_until(other, FileState::kPresent);
    EXPECT_EQ(record(original).state, FileState::kPaused);
    EXPECT_EQ(test_help::value_of(transfer_->status()).paused, 1U);
    EXPECT_EQ(test_help::value_of(transfer_->resume(one(original))), 1U);
    wait_until(original, FileState::kPresent);
}

TEST_F(TransferOrders, ACancelledFileStaysAwayUntilItIsTriedAgainByName) {
    const Original& original = add("cancelled");
    const Original& failed = add("failed");
    answer_ = [](const net::Request&, const Original&, int) { return with(404, ""); };
    start();
    approve(original);
    approve(failed);
    wait_until(original, FileState::kFailed);
    wait_until(failed, FileState::kFailed);
    EXPECT_NE(record(original).failing_since, std::nullopt);
    EXPECT_EQ(test_help::value_of(transfer_->cancel(one(original))), 1U);
    EXPECT_EQ(record(original).failing_since, std::nullopt) << "the mark goes away";
    {
        const std::scoped_lock lock(mutex_);
        answer_ = [](const net::Request& request, const Original& from, int) {
            return whole(request, from);
        };
    }
    EXPECT_EQ(test_help::value_of(transfer_->retry(std::nullopt)), 1U);
    wait_until(failed, FileState::kPresent);
    EXPECT_EQ(record(original).state, FileState::kCancelled);
    EXPECT_EQ(test_help::value_of(transfer_->retry(one(original))), 1U);
    wait_until(original, FileState::kPresent);
}

TEST_F(TransferOrders, ADeclineEndsTheTransferThatIsUnderWay) {
    const Original& original = add(text_of(100'000, 'a'));
    // Nothing is answered: only the decline can end the request.
    answer_ = [this](const net::Request&, const Original&, int) {
        begun_.count_down();
        released_.wait();
        return with(503, "");
    };
    TransferOptions patient = quick();
    patient.stall_timeout = std::chrono::hours{1};
    start(patient);
    approve(original);
    begun_.wait();
    decline(original);
    EXPECT_EQ(record(original).state, FileState::kNotWanted);
    // Its worker is free again: with one that waits for ever this would not end.
    transfer_.reset();
    released_.count_down();
    EXPECT_EQ(record(original).state, FileState::kNotWanted);
}

TEST_F(TransferOrders, DeadlinesGoFirstThenTheOlderApprovals) {
    start();
    ASSERT_TRUE(transfer_->pause(std::nullopt));
    note_order();
    const Original& first = add("first approved");
    const Original& second = add("second approved");
    const Original& urgent = add("with a deadline");
    approve(first);
    approve(second);
    ASSERT_TRUE(administration_->approve({&urgent.update, 1}, {&policy::kAllComputers, 1},
                                         store::ApprovalAction::kInstall,
                                         clock_.now() + std::chrono::hours{1}, "tester"));
    TransferOptions one_thread = quick();
    one_thread.threads = 1;
    start(one_thread);
    ASSERT_TRUE(transfer_->resume(std::nullopt));
    for (const Original* original : {&first, &second, &urgent}) {
        wait_until(*original, FileState::kPresent);
    }
    EXPECT_THAT(order_, ElementsAre("with a deadline", "first approved", "second approved"));
}

TEST_F(TransferOrders, AFileThatADownstreamServerAskedForComesAndStaysWanted) {
    const Original& original = add("for downstream");
    start();
    const std::array asked_for = {original.sha1, Sha1::of(as_bytes("unknown"))};
    ASSERT_TRUE(transfer_->request(asked_for));
    wait_until(original, FileState::kPresent);
    const auto needed = [&] { return test_help::value_of(transfer_->needed(*publisher_->view())); };
    EXPECT_THAT(needed(), ElementsAre(original.sha1)) << "clean-up leaves it";
    start();
    EXPECT_THAT(needed(), ElementsAre(original.sha1)) << "also after a restart";
}

TEST_F(TransferOrders, TheUpstreamIsAskedForWhatItDoesNotHoldAndSaysWhatItDoesNotKnow) {
    const Original& late = add("late");
    const Original& unknown = add("unknown there");
    answer_ = [](const net::Request&, const Original&, int) { return with(404, ""); };
    std::vector<Sha1> asked_for;
    std::latch answered(2);
    TransferOptions options = quick();
    options.threads = 1;
    options.ask_upstream = [&](std::span<const Sha1> digests) -> Result<std::vector<Sha1>> {
        asked_for.insert(asked_for.end(), digests.begin(), digests.end());
        std::vector<Sha1> not_there;
        if (std::ranges::find(digests, unknown.sha1) != digests.end()) {
            not_there.push_back(unknown.sha1);
        }
        return not_there;
    };
    std::size_t stored = 0;
    options.upstream_asked = [&] {
        answered.count_down(static_cast<std::ptrdiff_t>(asked_for.size() - stored));
        stored = asked_for.size();
    };
    start(options);
    approve(late);
    approve(unknown);
    answered.wait();
    EXPECT_THAT(asked_for, UnorderedElementsAre(late.sha1, unknown.sha1));
    EXPECT_EQ(record(late).reason, store::FileReason::kLate);
    EXPECT_EQ(record(unknown).reason, store::FileReason::kNotOnUpstream);
    EXPECT_THAT(record(unknown).error, HasSubstr("knows nothing"));
    EXPECT_EQ(record(unknown).attempts, 1U);
}

TEST_F(TransferOrders, WhatACleanUpTookAwayIsFetchedAgainWhenItIsComputedAnew) {
    const Original& original = add("wanted after all");
    start();
    approve(original);
    wait_until(original, FileState::kPresent);
    ASSERT_TRUE(shelf_.remove(original.sha1, ".cab"));
    ASSERT_TRUE(
        store_->set_file_state({&original.sha1, 1}, FileState::kNotWanted, "", clock_.now()));
    ASSERT_TRUE(transfer_->want_anew(*publisher_->view()));
    wait_until(original, FileState::kPresent);
    EXPECT_EQ(asked(original), 2);
}

TEST_F(TransferOrders, NothingComesWhileItIsHeldAndTheServiceGoesOnAfterwards) {
    start();
    const Original& original = add("later");
    const auto held = transfer_->while_held([&]() -> Result<> {
        approve(original);
        EXPECT_FALSE(transfer_->wait_until_done(std::chrono::seconds{30})) << "nothing is to come";
        EXPECT_EQ(asked(original), 0);
        return fail("test.failed", "It failed.");
    });
    EXPECT_EQ(test_help::code_of(held), "test.failed");
    wait_until(original, FileState::kPresent);
}

TEST_F(TransferOrders, ALimitOfBandwidthHoldsForThePartOfTheDay) {
    policy::ContentOptions options;
    options.kib_per_second = 7;
    options.windows = {{480, 1080, 20}};
    ASSERT_TRUE(policy::save_content_options(*store_, options));
    ASSERT_TRUE(publisher_->refresh());
    unsigned minute = 500;
    TransferOptions at_a_time = quick();
    at_a_time.minute_of_day = [&] { return minute; };
    start(at_a_time);
    EXPECT_EQ(test_help::value_of(transfer_->status()).limit, 20U * 1024);
    minute = 1100;
    ASSERT_TRUE(transfer_->want(*publisher_->view()));
    EXPECT_EQ(test_help::value_of(transfer_->status()).limit, 7U * 1024);
}

}  // namespace
}  // namespace headwater::content
