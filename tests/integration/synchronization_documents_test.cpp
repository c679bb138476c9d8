// A synchronization from an upstream whose documents are not what they should be: what cannot be
// used is named in the history, and everything else is stored.

#include <mutex>

#include "base/utf.hpp"
#include "catalog/cabinet.hpp"
#include "catalog/cabinet_testing.hpp"
#include "synchronization_testing.hpp"

namespace headwater::integration {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

TEST_F(Synchronization, IsNotFooledByARevisionThatIsSentTwice) {
    std::mutex mutex;  // the upstream answers on several threads
    wire::ServerSyncUpdateData first;
    upstream_.bend_answers([&](const std::string& operation, int nth, net::Response& response) {
        if (operation != "GetUpdateData") {
            return;
        }
        change_updates(response, [&](soap::Array<wire::ServerSyncUpdateData>& updates) {
            const std::scoped_lock lock(mutex);
            if (nth == 1) {
                first = updates.front();
            }
            // In the same answer, and in every later one.
            updates.push_back(first);
            updates.push_back(updates.front());
        });
    });
    const store::SyncRun record = run();
    EXPECT_EQ(record.result, store::RunResult::kSucceeded) << record.error;
    EXPECT_EQ(record.revisions, upstream_.revisions());
    expect_everything_here();
}

TEST_F(Synchronization, NamesADocumentThatIsAnothersAndKeepsTheRest) {
    const std::string sent_for = some_update();
    const std::string others = *test_help::value_of(
        upstream_.store().document(upstream_.publisher().view()->catalog().revision(0).id));
    upstream_.bend_answers([&](const std::string& operation, int, net::Response& response) {
        if (operation == "GetUpdateData") {
            change_updates(response, [&](soap::Array<wire::ServerSyncUpdateData>& updates) {
                for (wire::ServerSyncUpdateData& update : updates) {
                    if (update.id->update_id.text() == sent_for) {
                        update.xml_update_blob_compressed = {};
                        update.xml_update_blob = others;
                    }
                }
            });
        }
    });
    const store::SyncRun record = run();
    expect_failure(record, "sync.documents", "publish");
    EXPECT_THAT(error_of(record).message, HasSubstr("1 document of the upstream"));
    EXPECT_THAT(
        error_of(record).causes,
        Contains(AllOf(HasSubstr(sent_for), HasSubstr("the document of another revision"))));
    EXPECT_EQ(here(), upstream_.revisions() - 1);
    upstream_.bend_answers(nullptr);
    upstream_.forget();
    const store::SyncRun second = run();
    EXPECT_EQ(second.result, store::RunResult::kSucceeded) << second.error;
    EXPECT_EQ(second.revisions, 1U);
    EXPECT_EQ(upstream_.calls("GetUpdateData"), 1);
    expect_everything_here();
}

TEST_F(Synchronization, NamesDocumentsThatCannotBeReadAndKeepsTheRest) {
    const Bytes bomb = test_help::value_of(
        catalog::write_document_cabinet(std::string(std::size_t{40} << 20U, ' ')));
    upstream_.bend_answers([&](const std::string& operation, int nth, net::Response& response) {
        if (operation != "GetUpdateData" || nth != 2) {
            return;
        }
        change_updates(response, [&](soap::Array<wire::ServerSyncUpdateData>& updates) {
            ASSERT_GE(updates.size(), 7U);
            const auto plain = [&](std::size_t i, const std::string& text) {
                updates[i].xml_update_blob_compressed = {};
                updates[i].xml_update_blob = text;
            };
            const auto cabinet = [&](std::size_t i, const Bytes& bytes) {
                updates[i].xml_update_blob = {};
                updates[i].xml_update_blob_compressed = bytes;
            };
            plain(0, "");
            plain(1, "<html>Please sign in</html>");
            plain(2, "<a><b></a>");
            cabinet(3, Bytes(3000, 0x4D));
            cabinet(4, bomb);
            updates[5].xml_update_blob = {};
            updates[5].xml_update_blob_compressed = {};
            // The one that is left out comes when it is asked for again.
            updates.erase(updates.begin() + 6);
        });
    });
    const store::SyncRun record = run();
    expect_failure(record, "sync.documents", "publish");
    EXPECT_THAT(error_of(record).message, HasSubstr("6 documents of the upstream"));
    EXPECT_EQ(here() + 6, upstream_.revisions());
    upstream_.bend_answers(nullptr);
    succeeds();
    expect_everything_here();
}

TEST_F(Synchronization, AsksAgainForWhatTheUpstreamLeftOutToKeepItsAnswerSmall) {
    upstream_.bend_answers([&](const std::string& operation, int, net::Response& response) {
        if (operation == "GetUpdateData") {
            change_updates(response, [&](soap::Array<wire::ServerSyncUpdateData>& updates) {
                updates.resize(std::min<std::size_t>(updates.size(), 30));
            });
        }
    });
    const store::SyncRun record = run();
    EXPECT_EQ(record.result, store::RunResult::kSucceeded) << record.error;
    EXPECT_EQ(record.revisions, upstream_.revisions());
    expect_everything_here();
}

TEST_F(Synchronization, NamesADocumentThatIsNotUtf16) {
    // A cabinet that is sound, of a text that is not.
    const Bytes cabinet = catalog::stored({'<', 0, 0x00, 0xD8, '>', 0});
    const std::string spoiled = some_update();
    upstream_.bend_answers([&](const std::string& operation, int, net::Response& response) {
        if (operation != "GetUpdateData") {
            return;
        }
        change_updates(response, [&](soap::Array<wire::ServerSyncUpdateData>& updates) {
            for (wire::ServerSyncUpdateData& update : updates) {
                if (update.id->update_id.text() == spoiled) {
                    update.xml_update_blob = {};
                    update.xml_update_blob_compressed = cabinet;
                }
            }
        });
    });
    const store::SyncRun record = run();
    expect_failure(record, "sync.documents", "publish");
    EXPECT_THAT(error_of(record).causes, Contains(HasSubstr("UTF-16")));
    EXPECT_EQ(here() + 1, upstream_.revisions());
}

TEST_F(Synchronization, NamesEveryRevisionForWhichNothingCame) {
    upstream_.bend_answers([&](const std::string& operation, int, net::Response& response) {
        if (operation == "GetUpdateData") {
            change_updates(response, [&](auto& updates) { updates.clear(); });
        }
    });
    const store::SyncRun record = run();
    expect_failure(record, "sync.documents", "publish");
    EXPECT_THAT(error_of(record).causes, Contains(HasSubstr("sent nothing for the revision")));
    EXPECT_LE(error_of(record).causes.size(), 5U);
    EXPECT_EQ(here(), 0U);
    upstream_.bend_answers(nullptr);
    succeeds();
    expect_everything_here();
}

TEST_F(Synchronization, FindsTheOneRevisionForWhichTheUpstreamFails) {
    // The real WSUS answers a whole batch with InternalServerError for one that it does not have.
    std::mutex mutex;  // the upstream answers on several threads
    std::string unlucky;
    upstream_.answer_instead([&](const std::string& operation, int nth,
                                 const net::Request& request) -> std::optional<net::Response> {
        if (operation != "GetUpdateData" || nth == 1) {
            return std::nullopt;
        }
        const std::scoped_lock lock(mutex);
        if (unlucky.empty()) {
            // With its number: another revision of the same update is to arrive.
            const std::size_t from = request.body.find("UpdateID>");
            unlucky = request.body.substr(from, request.body.find("/RevisionNumber>", from) - from);
        }
        return request.body.contains(unlucky) ? std::optional(fault("InternalServerError"))
                                              : std::nullopt;
    });
    const store::SyncRun record = run();
    expect_failure(record, "sync.documents", "publish");
    EXPECT_EQ(here() + 1, upstream_.revisions());
    upstream_.answer_instead(nullptr);
    succeeds();
    expect_everything_here();
}

}  // namespace
}  // namespace headwater::integration
