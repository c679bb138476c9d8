#pragma once
// What the tests of synchronizations share: an upstream that a test bends, a store that is
// synchronized from it, and the history as an administrator reads it.

#include <gmock/gmock.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "catalog/parsed_document.hpp"
#include "hostile_upstream.hpp"
#include "policy/options.hpp"
#include "protocol/server_sync.hpp"
#include "soap/call.hpp"
#include "upstream/run_error.hpp"
#include "upstream/synchronizer.hpp"

namespace headwater::integration {

namespace wire = protocol::server_sync;

inline net::Response page(unsigned status, std::string body, std::string type = "text/html") {
    net::Response response;
    response.status = status;
    response.headers.add("Content-Type", std::move(type));
    response.body = std::move(body);
    return response;
}

inline net::Response fault(const std::string& code, const std::string& message = "") {
    return page(
        500,
        soap::write_fault(soap::make_fault(code, message), soap::Version::k11, soap::Style::kAsmx),
        "text/xml; charset=utf-8");
}

template <typename Message>
Message message_of(const net::Response& response) {
    auto message = soap::read_response<Message>(static_cast<int>(response.status),
                                                "text/xml; charset=utf-8", response.body);
    EXPECT_TRUE(message.has_value());
    return message ? std::move(*message) : Message{};
}

template <typename Message>
std::string text_of(const std::string& name, const Message& message) {
    std::string out;
    soap::begin_envelope(out, soap::Version::k11, soap::Style::kAsmx);
    soap::write(out, soap::Style::kAsmx, name, wire::kNamespace, message);
    soap::end_envelope(out, soap::Style::kAsmx);
    return out;
}

/// Changes the documents of an answer to GetUpdateData.
inline void change_updates(
    net::Response& response,
    const std::function<void(soap::Array<wire::ServerSyncUpdateData>&)>& change) {
    auto message = message_of<wire::GetUpdateDataResponse>(response);
    ASSERT_TRUE(message.result);
    change(message.result->updates);
    response.body = text_of("GetUpdateDataResponse", message);
}

class Synchronization : public testing::Test {
protected:
    void SetUp() override {
        log::set_level(log::Level::kOff);
        store_ = test_help::value_of(store::open_sqlite(folder_.path() / "headwater.db"));
        publisher_ = std::make_unique<policy::Publisher>(*store_);
        ASSERT_TRUE(publisher_->load());
        make_synchronizer();
        choose(upstream_.url());
    }
    void TearDown() override {
        synchronizer_.reset();
        log::set_level(log::Level::kInfo);
    }

    void make_synchronizer(upstream::SynchronizerOptions options = {
                               .stall_timeout = std::chrono::seconds{30}}) {
        synchronizer_.reset();
        synchronizer_ = std::make_unique<upstream::Synchronizer>(
            *store_, *publisher_, client_, secrets_, clock_, upstream::SynchronizerHooks{},
            options);
    }

    void choose(const std::string& url) {
        policy::SyncOptions options;
        options.upstream = url;
        options.products.all = true;
        options.classifications.all = true;
        options.parallel_requests = 2;
        ASSERT_TRUE(policy::save_sync_options(*store_, options));
    }

    void start() {
        const auto id = synchronizer_->start("manual");
        ASSERT_TRUE(id) << id.error().text();
    }
    /// The history's newest entry, once its run has ended.
    store::SyncRun wait() {
        upstream::Progress progress = synchronizer_->progress();
        while (progress.running) {
            progress = synchronizer_->wait_for_progress(progress.version, std::chrono::seconds{60});
        }
        auto runs = test_help::value_of(store_->runs(1));
        EXPECT_EQ(runs.size(), 1U);
        return runs.empty() ? store::SyncRun{} : runs.front();
    }
    store::SyncRun run() {
        start();
        return wait();
    }
    void succeeds() {
        const store::SyncRun record = run();
        EXPECT_EQ(record.result, store::RunResult::kSucceeded) << record.error;
    }

    /// The full error of a run.
    static upstream::RunError error_of(const store::SyncRun& record) {
        return upstream::parse_run_error(record.error);
    }
    static void expect_failure(const store::SyncRun& record, const std::string& code,
                               const std::string& stage) {
        EXPECT_EQ(record.result, store::RunResult::kFailed);
        EXPECT_EQ(error_of(record).code, code) << record.error;
        EXPECT_EQ(error_of(record).stage, stage) << record.error;
        EXPECT_NE(error_of(record).message, "");
        EXPECT_TRUE(record.ended);
    }
    /// The request as the history names it.
    [[nodiscard]] std::string request_to(const std::string& operation) const {
        return operation + " to " + upstream_.url() +
               "/ServerSyncWebService/ServerSyncWebService.asmx";
    }

    static std::set<catalog::RevisionIdentity> all_of(const store::Store& store) {
        std::set<catalog::RevisionIdentity> identities;
        for (const auto& [id, identity] : test_help::value_of(store.revision_ids())) {
            identities.insert(identity);
        }
        return identities;
    }
    /// The id of an update that no bundle asks for a second time.
    [[nodiscard]] std::string some_update() {
        const auto view = upstream_.publisher().view();
        for (catalog::Index index = 0; index < view->catalog().size(); ++index) {
            const catalog::Revision& revision = view->catalog().revision(index);
            if (!revision.bundled.empty() &&
                view->catalog().newest(revision.identity.update_id) == index) {
                return revision.identity.update_id.text();
            }
        }
        ADD_FAILURE() << "The sample has no bundle.";
        return "";
    }

    /// The newest published revisions of the upstream's updates that fit.
    template <typename Fits>
    [[nodiscard]] std::vector<catalog::Revision> updates_that(Fits fits) {
        const auto view = upstream_.publisher().view();
        std::vector<catalog::Revision> found;
        for (catalog::Index index = 0; index < view->catalog().size(); ++index) {
            const catalog::Revision& revision = view->catalog().revision(index);
            if (revision.category_type == catalog::CategoryType::kNone && fits(revision) &&
                revision.publication_state == catalog::PublicationState::kPublished &&
                view->catalog().newest(revision.identity.update_id) == index) {
                found.push_back(revision);
            }
        }
        EXPECT_GE(found.size(), 2U);
        return found;
    }
    /// The upstream gets a copy of a revision under this identity, expired or not.
    void give_upstream(const catalog::Revision& like, const catalog::RevisionIdentity& identity,
                       bool expired = false) {
        std::string xml = *test_help::value_of(upstream_.store().document(like.id));
        xml =
            std::regex_replace(xml, std::regex(R"(UpdateID="[^"]*" RevisionNumber="[^"]*")"),
                               "UpdateID=\"" + identity.update_id.text() + "\" RevisionNumber=\"" +
                                   std::to_string(identity.revision_number) + "\"",
                               std::regex_constants::format_first_only);
        if (expired) {
            xml = std::regex_replace(xml, std::regex("Properties "),
                                     "Properties PublicationState=\"Expired\" ",
                                     std::regex_constants::format_first_only);
        }
        auto digested = test_help::value_of(catalog::digest_document(xml));
        store::NewRevision made;
        made.revision = catalog::make_revision(digested.document, std::move(digested.core));
        made.document = xml;
        ASSERT_TRUE(upstream_.store().put_revisions({&made, 1}, upstream_.clock.now()));
        ASSERT_TRUE(upstream_.publisher().refresh());
    }

    [[nodiscard]] std::size_t here() const { return all_of(*store_).size(); }
    void expect_everything_here() { EXPECT_EQ(all_of(*store_), all_of(upstream_.store())); }

    HostileUpstream upstream_;
    test_help::TemporaryFolder folder_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<policy::Publisher> publisher_;
    net::Client client_;
    SettableClock clock_;
    SecretBox secrets_{SecretBox::Key{}};
    std::unique_ptr<upstream::Synchronizer> synchronizer_;
};

}  // namespace headwater::integration
