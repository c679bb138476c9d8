#pragma once
// For the tests of the long tasks: a real store and real folders, with what the rest of the house
// does played.

#include <gtest/gtest.h>

#include "base/log.hpp"
#include "base/testing.hpp"
#include "catalog/parsed_document.hpp"
#include "content/upkeep.hpp"

namespace headwater::content {

namespace fs = std::filesystem;
using store::FileState;
using test_help::value_of;

/// A shelf of six files: 0 to 3 are present, 4 waits, 5 is wanted by nobody.
class UpkeepTest : public testing::Test {
protected:
    void SetUp() override {
        log::set_level(log::Level::kOff);
        ASSERT_TRUE(shelf_.prepare());
        store_ = value_of(store::open_sqlite(folder_.path() / "headwater.db"));
        store::NewRevision made;
        auto digested = value_of(catalog::digest_document(document()));
        made.revision = catalog::make_revision(digested.document, std::move(digested.core));
        made.document = document();
        for (const std::string& body : bodies_) {
            made.files.push_back(
                {sha1_of(body), Sha256::of(as_bytes(body)), body.size(), "update.cab", ".cab", ""});
        }
        ASSERT_TRUE(store_->put_revisions({&made, 1}, clock_.now()));
        for (std::size_t i = 0; i < 4; ++i) {
            ASSERT_TRUE(shelf_.put(sha1(i), ".cab", as_bytes(bodies_[i])));
            set(i, FileState::kPresent);
        }
        set(4, FileState::kWaiting);
        make();
    }
    void TearDown() override {
        upkeep_.reset();
        log::set_level(log::Level::kInfo);
    }

    /// As a server that starts does.
    void make() {
        upkeep_.reset();
        shelf_.switch_to(value_of(content_folder(*store_, folder_.path() / "content")));
        upkeep_ = std::make_unique<Upkeep>(
            *store_, shelf_, clock_,
            UpkeepHooks{.lost =
                            [this](const Sha1& sha1) {
                                const auto file = value_of(store_->file(sha1));
                                if (file && file->state == FileState::kPresent) {
                                    set_state(sha1, FileState::kWaiting);
                                }
                            },
                        .needed = [this]() -> Result<std::vector<Sha1>> {
                            return std::vector<Sha1>{sha1(0), sha1(1), sha1(4)};
                        },
                        .want_again = [this] { return want_again_(); },
                        .while_nothing_comes =
                            [this](const std::function<Result<>()>& act) { return around_(act); }},
            UpkeepOptions{.threads = 2, .reserve = reserve_});
    }
    TaskStatus finished() { return upkeep_->wait(std::chrono::seconds{30}); }
    TaskStatus verify(bool deep) {
        EXPECT_TRUE(upkeep_->verify(deep));
        return finished();
    }
    TaskStatus move_to(const fs::path& to, bool skip_copy = false) {
        const auto begun = upkeep_->move({to, skip_copy});
        EXPECT_TRUE(begun) << begun.error().text();
        return finished();
    }
    /// Nothing is wrong, whatever happened before.
    void expect_right() {
        const TaskStatus status = verify(true);
        EXPECT_EQ(status.state, TaskState::kSucceeded);
        EXPECT_EQ(status.notes, std::vector<std::string>());
    }

    static Sha1 sha1_of(const std::string& body) { return Sha1::of(as_bytes(body)); }
    [[nodiscard]] Sha1 sha1(std::size_t i) const { return sha1_of(bodies_[i]); }
    [[nodiscard]] fs::path path(std::size_t i) const { return shelf_.path_of(sha1(i), ".cab"); }
    void set_state(const Sha1& sha1, FileState state) {
        const std::vector<Sha1> one = {sha1};
        ASSERT_TRUE(store_->set_file_state(one, state, "", clock_.now()));
    }
    void set(std::size_t i, FileState state) { set_state(sha1(i), state); }
    FileState state(std::size_t i) { return value_of(store_->file(sha1(i)))->state; }

    static std::string document() {
        return R"(<u:Update xmlns:u="http://schemas.microsoft.com/msus/2002/12/Update">)"
               R"(<u:UpdateIdentity UpdateID="11111111-2222-3333-4444-555555555555" )"
               R"(RevisionNumber="1"/><u:Properties UpdateType="Software"/></u:Update>)";
    }

    test_help::TemporaryFolder folder_;
    SystemClock clock_;
    std::vector<std::string> bodies_ = {"zero",  "one!", std::string(3 << 20U, 'x'),
                                        "three", "four", "five"};
    std::unique_ptr<store::Store> store_;
    Shelf shelf_{folder_.path() / "content"};
    std::uint64_t reserve_ = 0;
    std::function<Result<>()> want_again_ = []() -> Result<> { return {}; };
    std::function<Result<>(const std::function<Result<>()>&)> around_ =
        [](const std::function<Result<>()>& act) { return act(); };
    std::unique_ptr<Upkeep> upkeep_;
};

}  // namespace headwater::content
