#pragma once
// For the tests of this room: a real store with updates made of a few words.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "base/testing.hpp"
#include "policy/administration.hpp"
#include "policy/publisher.hpp"
#include "store/store.hpp"

namespace headwater::policy {

/// The id that ends with this number.
inline Guid guid_of(std::uint8_t number) {
    Guid guid;
    guid.bytes.back() = number;
    guid.bytes.front() = 0xA0;
    return guid;
}

class PolicyTest : public testing::Test {
protected:
    void SetUp() override {
        store_ = test_help::value_of(store::open_sqlite(folder_.path() / "headwater.db"));
        publisher_ = std::make_unique<Publisher>(*store_);
        ASSERT_TRUE(publisher_->load());
        administration_ = std::make_unique<Administration>(*store_, *publisher_, clock_);
    }

    /// A software update that can be approved.
    static catalog::Revision update(const Guid& id, std::uint32_t number = 1) {
        catalog::Revision made;
        made.identity = {id, number};
        made.explicitly_deployable = true;
        made.title = "Update " + id.text().substr(34);
        made.core = "<UpdateIdentity/>";
        return made;
    }
    void add(catalog::Revision revision, bool alone = false) {
        store::NewRevision made;
        made.revision = std::move(revision);
        made.document = "<Update/>";
        ASSERT_TRUE(store_->put_revisions({&made, 1}, clock_.now()));
        ASSERT_TRUE(alone ? publisher_->refresh_revisions() : publisher_->refresh());
    }

    std::string approve(const Guid& update, const Guid& group = kAllComputers,
                        store::ApprovalAction action = store::ApprovalAction::kInstall) {
        return test_help::code_of(
            administration_->approve({&update, 1}, {&group, 1}, action, std::nullopt, "tester"));
    }
    std::string decline(const Guid& update, bool declined = true) {
        return test_help::code_of(administration_->decline({&update, 1}, declined, "tester"));
    }
    Guid group(const std::string& name, std::optional<Guid> parent = std::nullopt) {
        return test_help::value_of(administration_->create_group(name, parent)).id;
    }
    [[nodiscard]] std::optional<Action> offered(const Guid& update,
                                                std::vector<Guid> groups = {}) const {
        const auto view = publisher_->view();
        const auto scope = view->scope(groups);
        const Deployment* deployment = scope->find(view->catalog().newest(update));
        return deployment == nullptr ? std::nullopt : std::optional(deployment->action);
    }

    test_help::TemporaryFolder folder_;
    SystemClock clock_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Publisher> publisher_;
    std::unique_ptr<Administration> administration_;
};

}  // namespace headwater::policy
