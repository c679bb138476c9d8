// DownloadFiles between both roles of ours: what the upstream knows it gets, what it does not know
// it names.

#include <gmock/gmock.h>

#include "hostile_upstream.hpp"
#include "upstream/late_files.hpp"

namespace headwater::integration {
namespace {

using test_help::code_of;
using test_help::value_of;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class LateFiles : public testing::Test {
protected:
    void SetUp() override {
        for (const store::FileRecord& file :
             value_of(upstream_.store().files_in_state(store::FileState::kNotWanted, 3))) {
            known_.push_back(file.sha1);
        }
        ASSERT_EQ(known_.size(), 3U);
        session_ = std::make_unique<upstream::Session>(
            client_, clock_,
            upstream::SessionOptions{.upstream = upstream_.url(),
                                     .account = Guid::random(),
                                     .account_name = "late.example",
                                     .cancel = nullptr,
                                     .proxy = nullptr});
    }

    HostileUpstream upstream_;
    SystemClock clock_;
    net::Client client_;
    std::unique_ptr<upstream::Session> session_;
    std::vector<Sha1> known_;
    const Sha1 unknown_ = Sha1::of(as_bytes("unknown"));
    const Sha1 other_ = Sha1::of(as_bytes("unknown, too"));
};

TEST_F(LateFiles, AreAskedForInOneCall) {
    EXPECT_THAT(value_of(upstream::ask_for_files(*session_, known_)), IsEmpty());
    EXPECT_EQ(upstream_.calls("DownloadFiles"), 1);
}

TEST_F(LateFiles, ThatTheUpstreamDoesNotKnowAreNamedByItsFault) {
    std::vector<Sha1> asked = known_;
    asked.push_back(unknown_);
    asked.push_back(other_);
    EXPECT_THAT(value_of(upstream::ask_for_files(*session_, asked)),
                UnorderedElementsAre(unknown_, other_));
    EXPECT_EQ(upstream_.calls("DownloadFiles"), 1);
}

TEST_F(LateFiles, AreFoundByHalvesWhereTheFaultDoesNotSayWhich) {
    upstream_.bend_answers([](const std::string& operation, int, net::Response& response) {
        const std::size_t from = response.body.find("<Message>");
        const std::size_t to = response.body.find("</Message>");
        if (operation == "DownloadFiles" && to != std::string::npos) {
            response.body.replace(from, to - from, "<Message>some of them");
        }
    });
    std::vector<Sha1> asked = known_;
    asked.insert(asked.begin() + 1, unknown_);
    asked.push_back(other_);
    EXPECT_THAT(value_of(upstream::ask_for_files(*session_, asked)),
                UnorderedElementsAre(unknown_, other_));
    EXPECT_LE(upstream_.calls("DownloadFiles"), 9);
}

TEST_F(LateFiles, OfAnUpstreamThatFailsAreNotTakenAsUnknown) {
    upstream_.answer_instead([](const std::string& operation, int, const net::Request&) {
        return operation == "DownloadFiles" ? std::optional(net::text_response(503, "later"))
                                            : std::nullopt;
    });
    EXPECT_EQ(code_of(upstream::ask_for_files(*session_, known_)), "upstream.busy");
}

}  // namespace
}  // namespace headwater::integration
