// A synchronization from upstreams of every kind: over real sockets, into the real store, read back
// from the history as an administrator would.

#include <fcntl.h>
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <latch>
#include <regex>
#include <set>

#include "base/log.hpp"
#include "base/utf.hpp"
#include "catalog/cabinet.hpp"
#include "catalog/cabinet_testing.hpp"
#include "catalog/parsed_document.hpp"
#include "hostile_upstream.hpp"
#include "net/test_sockets.hpp"
#include "policy/options.hpp"
#include "protocol/server_sync.hpp"
#include "soap/call.hpp"
#include "upstream/synchronizer.hpp"

namespace headwater::integration {
namespace {

namespace json = boost::json;
namespace wire = protocol::server_sync;

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

net::Response page(unsigned status, std::string body, std::string type = "text/html") {
    net::Response response;
    response.status = status;
    response.headers.add("Content-Type", std::move(type));
    response.body = std::move(body);
    return response;
}

net::Response fault(const std::string& code, const std::string& message = "") {
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
void change_updates(net::Response& response,
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

    void make_synchronizer(std::chrono::seconds stall_timeout = std::chrono::seconds{30}) {
        synchronizer_.reset();
        synchronizer_ = std::make_unique<upstream::Synchronizer>(
            *store_, *publisher_, client_, secrets_, clock_, upstream::SynchronizerHooks{},
            upstream::SynchronizerOptions{.stall_timeout = stall_timeout});
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

    static std::string field(const store::SyncRun& record, const char* name) {
        if (record.error.empty()) {
            return "(no error)";
        }
        const json::value error = json::parse(record.error);
        return std::string(error.as_object().at(name).as_string());
    }
    static std::vector<std::string> causes(const store::SyncRun& record) {
        std::vector<std::string> all;
        if (!record.error.empty()) {
            const json::value error = json::parse(record.error);
            for (const json::value& cause : error.as_object().at("causes").as_array()) {
                all.emplace_back(cause.as_string());
            }
        }
        return all;
    }
    void expect_failure(const store::SyncRun& record, const std::string& code,
                        const std::string& stage) {
        EXPECT_EQ(record.result, store::RunResult::kFailed);
        EXPECT_EQ(field(record, "code"), code) << record.error;
        EXPECT_EQ(field(record, "stage"), stage) << record.error;
        EXPECT_NE(field(record, "sentence"), "");
        EXPECT_TRUE(record.ended);
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

TEST_F(Synchronization, BringsEverythingOnceAndThenOnlyAsksForLists) {
    const store::SyncRun first = run();
    EXPECT_EQ(first.result, store::RunResult::kSucceeded) << first.error;
    expect_everything_here();
    EXPECT_EQ(first.revisions, upstream_.revisions());
    EXPECT_EQ(first.new_updates + first.revised_updates + first.expired_updates, first.revisions);
    EXPECT_EQ(first.error, "");
    upstream_.forget();
    const store::SyncRun second = run();
    EXPECT_EQ(second.result, store::RunResult::kSucceeded) << second.error;
    EXPECT_EQ(second.revisions, 0U);
    EXPECT_EQ(upstream_.calls("GetUpdateData"), 0);
    EXPECT_EQ(upstream_.calls("GetRevisionIdList"), 2);
    // Handshake (3), configuration, two lists.
    EXPECT_EQ(second.requests, 6U);
}

TEST_F(Synchronization, StoresEveryDocumentByteForByte) {
    succeeds();
    std::map<catalog::RevisionIdentity, std::string> theirs;
    for (const auto& [id, identity] : test_help::value_of(upstream_.store().revision_ids())) {
        theirs[identity] = *test_help::value_of(upstream_.store().document(id));
    }
    for (const auto& [id, identity] : test_help::value_of(store_->revision_ids())) {
        EXPECT_EQ(*test_help::value_of(store_->document(id)), theirs[identity]);
    }
}

TEST_F(Synchronization, NextTimeBringsOnlyWhatIsNewRevisedAndExpired) {
    succeeds();
    // A newer revision of an update, an expiry of another, and a new one, made of a real document.
    const auto view = upstream_.publisher().view();
    std::vector<catalog::Index> deployable;
    for (catalog::Index index = 0; index < view->catalog().size(); ++index) {
        const catalog::Revision& revision = view->catalog().revision(index);
        if (revision.category_type == catalog::CategoryType::kNone && revision.files.empty() &&
            revision.bundled.empty() &&
            view->catalog().newest(revision.identity.update_id) == index) {
            deployable.push_back(index);
        }
    }
    ASSERT_GE(deployable.size(), 2U);
    const auto derived = [&](catalog::Index from, const Guid& id, const std::string& number,
                             bool expired) {
        const catalog::Revision& revision = view->catalog().revision(from);
        std::string xml = *test_help::value_of(upstream_.store().document(revision.id));
        xml = std::regex_replace(xml, std::regex(R"(UpdateID="[^"]*" RevisionNumber="[^"]*")"),
                                 "UpdateID=\"" + id.text() + "\" RevisionNumber=\"" + number + "\"",
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
        return made;
    };
    const std::vector<store::NewRevision> added = {
        derived(deployable[0], view->catalog().revision(deployable[0]).identity.update_id, "900",
                false),
        derived(deployable[1], view->catalog().revision(deployable[1]).identity.update_id, "901",
                true),
        derived(deployable[0], Guid::random(), "1", false),
    };
    ASSERT_TRUE(upstream_.store().put_revisions(added, upstream_.clock.now()));
    ASSERT_TRUE(upstream_.publisher().refresh());
    upstream_.forget();
    const store::SyncRun record = run();
    EXPECT_EQ(record.result, store::RunResult::kSucceeded) << record.error;
    EXPECT_EQ(record.new_updates, 1U);
    EXPECT_EQ(record.revised_updates, 1U);
    EXPECT_EQ(record.expired_updates, 1U);
    EXPECT_EQ(upstream_.calls("GetUpdateData"), 1);
    expect_everything_here();
}

TEST_F(Synchronization, AChosenFamilyBringsTheProductsThatItGetsLater) {
    const auto view = upstream_.publisher().view();
    const catalog::Snapshot& catalog = view->catalog();
    const auto names = [](const catalog::Revision& revision, const Guid& id) {
        return std::ranges::any_of(revision.prerequisites, [&](const auto& clause) {
            return std::ranges::find(clause.alternatives, id) != clause.alternatives.end();
        });
    };
    // An update, its product, and the family of that.
    const catalog::Revision* family = nullptr;
    const catalog::Revision* product = nullptr;
    const catalog::Revision* update = nullptr;
    for (const catalog::Index index : catalog.categories()) {
        const catalog::Revision& above = catalog.revision(index);
        if (above.category_type != catalog::CategoryType::kProductFamily) {
            continue;
        }
        for (catalog::Index i = 0; i < catalog.size(); ++i) {
            const catalog::Revision& revision = catalog.revision(i);
            const bool is_product = revision.category_type == catalog::CategoryType::kProduct;
            if (is_product && names(revision, above.identity.update_id)) {
                family = &above;
                product = &revision;
            } else if (product != nullptr && revision.explicitly_deployable &&
                       revision.bundled.empty() && names(revision, product->identity.update_id)) {
                update = &revision;
            }
        }
        if (update != nullptr) {
            break;
        }
    }
    ASSERT_NE(update, nullptr);
    auto options = test_help::value_of(policy::load_sync_options(*store_));
    options.products = {false, {family->identity.update_id}};
    ASSERT_TRUE(policy::save_sync_options(*store_, options));
    succeeds();
    EXPECT_TRUE(all_of(*store_).contains(update->identity));

    const Guid new_product = Guid::random();
    const auto made_of = [&](const catalog::Revision& revision, const Guid& id) {
        std::string xml = *test_help::value_of(upstream_.store().document(revision.id));
        xml = std::regex_replace(xml, std::regex(R"(UpdateID="[^"]*")"),
                                 "UpdateID=\"" + id.text() + "\"",
                                 std::regex_constants::format_first_only);
        xml = std::regex_replace(xml,
                                 std::regex(product->identity.update_id.text(), std::regex::icase),
                                 new_product.text());
        auto digested = test_help::value_of(catalog::digest_document(xml));
        store::NewRevision made;
        made.revision = catalog::make_revision(digested.document, std::move(digested.core));
        made.document = xml;
        return made;
    };
    const std::vector<store::NewRevision> added = {made_of(*product, new_product),
                                                   made_of(*update, Guid::random())};
    ASSERT_TRUE(upstream_.store().put_revisions(added, upstream_.clock.now()));
    ASSERT_TRUE(upstream_.publisher().refresh());
    succeeds();
    EXPECT_TRUE(all_of(*store_).contains(added[0].revision.identity));
    EXPECT_TRUE(all_of(*store_).contains(added[1].revision.identity));
}

TEST_F(Synchronization, BringsTheChosenLanguagesAndWhatIsForAll) {
    const auto choose_languages = [&](std::vector<std::string> languages) {
        auto options = test_help::value_of(policy::load_sync_options(*store_));
        options.languages = std::move(languages);
        ASSERT_TRUE(policy::save_sync_options(*store_, options));
    };
    // Three updates that are for German alone.
    const auto view = upstream_.publisher().view();
    std::vector<store::NewRevision> german;
    for (catalog::Index index = 0; index < view->catalog().size() && german.size() < 3; ++index) {
        const catalog::Revision& revision = view->catalog().revision(index);
        if (revision.category_type == catalog::CategoryType::kNone && revision.files.empty() &&
            revision.explicitly_deployable) {
            std::string xml = *test_help::value_of(upstream_.store().document(revision.id));
            xml = std::regex_replace(xml, std::regex(R"(UpdateID="[^"]*")"),
                                     "UpdateID=\"" + Guid::random().text() + "\"",
                                     std::regex_constants::format_first_only);
            auto digested = test_help::value_of(catalog::digest_document(xml));
            digested.document.languages = {"de"};
            store::NewRevision made;
            made.revision = catalog::make_revision(digested.document, std::move(digested.core));
            made.document = xml;
            german.push_back(std::move(made));
        }
    }
    ASSERT_EQ(german.size(), 3U);
    ASSERT_TRUE(upstream_.store().put_revisions(german, upstream_.clock.now()));
    ASSERT_TRUE(upstream_.publisher().refresh());
    choose_languages({"en"});
    succeeds();
    EXPECT_EQ(here() + 3, upstream_.revisions());
    choose_languages({"en", "de"});
    const store::SyncRun added = run();
    EXPECT_EQ(added.result, store::RunResult::kSucceeded) << added.error;
    EXPECT_EQ(added.revisions, 3U);
    expect_everything_here();
    succeeds();
    choose_languages({"fr"});
    succeeds();
    choose_languages({});
    EXPECT_EQ(run().revisions, 0U);
}

TEST_F(Synchronization, SaysThatAnUpstreamHangsAndGoesOnNextTime) {
    make_synchronizer(std::chrono::seconds{1});
    std::latch released(1);
    upstream_.answer_instead([&](const std::string& operation, int nth, const net::Request&) {
        if (operation == "GetUpdateData" && nth == 2) {
            released.wait();
        }
        return std::optional<net::Response>();
    });
    const store::SyncRun record = run();
    released.count_down();
    expect_failure(record, "net.timeout", "documents");
    EXPECT_THAT(causes(record), Contains("in the request GetUpdateData"));
    EXPECT_THAT(field(record, "sentence"), HasSubstr("fewer than 1 byte/s for 1 s"));
    const std::size_t kept = here();
    upstream_.answer_instead(nullptr);
    upstream_.forget();
    const store::SyncRun second = run();
    EXPECT_EQ(second.result, store::RunResult::kSucceeded) << second.error;
    EXPECT_EQ(second.revisions + kept, upstream_.revisions());
    expect_everything_here();
}

TEST_F(Synchronization, IsNotFooledByARevisionThatIsSentTwice) {
    wire::ServerSyncUpdateData first;
    upstream_.bend_answers([&](const std::string& operation, int nth, net::Response& response) {
        if (operation != "GetUpdateData") {
            return;
        }
        change_updates(response, [&](soap::Array<wire::ServerSyncUpdateData>& updates) {
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
    EXPECT_THAT(field(record, "sentence"), HasSubstr("1 document of the upstream"));
    EXPECT_THAT(causes(record), Contains(AllOf(HasSubstr(sent_for),
                                               HasSubstr("the document of another revision"))));
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
    int spoiled = 0;
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
            updates.erase(updates.begin() + 6);
            spoiled = 7;
        });
    });
    const store::SyncRun record = run();
    expect_failure(record, "sync.documents", "publish");
    EXPECT_THAT(field(record, "sentence"), HasSubstr("7 documents of the upstream"));
    EXPECT_EQ(here() + 7, upstream_.revisions());
    upstream_.bend_answers(nullptr);
    succeeds();
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
    EXPECT_THAT(causes(record), Contains(HasSubstr("UTF-16")));
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
    EXPECT_THAT(causes(record), Contains(HasSubstr("sent nothing for the revision")));
    EXPECT_LE(causes(record).size(), 5U);
    EXPECT_EQ(here(), 0U);
    upstream_.bend_answers(nullptr);
    succeeds();
    expect_everything_here();
}

TEST_F(Synchronization, FindsTheOneRevisionForWhichTheUpstreamFails) {
    // The real WSUS answers a whole batch with InternalServerError for one that it does not have.
    std::string unlucky;
    upstream_.answer_instead([&](const std::string& operation, int nth,
                                 const net::Request& request) -> std::optional<net::Response> {
        if (operation != "GetUpdateData" || nth == 1) {
            return std::nullopt;
        }
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

struct Nonsense {
    const char* name;
    std::function<net::Response()> answer;
    std::string code;
    std::string part_of_the_error;
};

class NonsenseInPlaceOfAnAnswer : public Synchronization,
                                  public testing::WithParamInterface<Nonsense> {};

TEST_P(NonsenseInPlaceOfAnAnswer, FailsTheRunWithTheRequestNamedAndLosesNothing) {
    upstream_.answer_instead([&](const std::string& operation, int nth, const net::Request&) {
        return operation == "GetUpdateData" && nth == 2 ? std::optional(GetParam().answer())
                                                        : std::nullopt;
    });
    const store::SyncRun record = run();
    expect_failure(record, GetParam().code, "documents");
    EXPECT_THAT(record.error, HasSubstr(GetParam().part_of_the_error));
    EXPECT_THAT(record.error, HasSubstr("GetUpdateData"));
    upstream_.answer_instead(nullptr);
    succeeds();
    expect_everything_here();
}

net::Response cut_in_the_middle() {
    net::Response response;
    response.headers.add("Content-Type", "text/xml");
    test_help::TemporaryFolder folder;
    test_help::write_file(folder.path() / "part", "<soap:Envelope");
    const int descriptor = ::open((folder.path() / "part").c_str(), O_RDONLY | O_CLOEXEC);
    response.file = std::make_shared<net::File>(descriptor, 5000);
    response.file_length = 5000;
    return response;
}

const Nonsense kNonsense[] = {
    {"Html", [] { return page(200, "<html>Please sign in to the WLAN</html>"); },
     "upstream.not_soap", "Please sign in"},
    {"Http500", [] { return page(500, "<html>Runtime Error</html>"); }, "upstream.failed", "500"},
    {"Http401", [] { return page(401, "who?"); }, "upstream.denied", "401"},
    {"Http403", [] { return page(403, "<html>Blocked</html>"); }, "upstream.denied", "403"},
    {"Http404", [] { return page(404, "none"); }, "upstream.not_found", "404"},
    {"Http503RetryAfter",
     [] {
         net::Response busy = page(503, "busy", "text/plain");
         busy.headers.add("Retry-After", "120");
         return busy;
     },
     "upstream.busy", "Retry-After: 120"},
    {"Http503", [] { return page(503, "busy", "text/plain"); }, "upstream.busy", "503"},
    {"Redirect",
     [] {
         net::Response response = page(302, "");
         response.headers.add("Location", "http://127.0.0.1:1/elsewhere");
         return response;
     },
     "upstream.redirect", "http://127.0.0.1:1/elsewhere"},
    {"Nothing", [] { return page(200, "", "text/xml"); }, "upstream.not_soap", "200"},
    {"OtherXml", [] { return page(200, "<rss/>", "text/xml"); }, "upstream.not_soap", "200"},
    {"AnswerToAnother",
     [] { return page(200, text_of("GetCookieResponse", wire::GetCookieResponse{}), "text/xml"); },
     "upstream.unreadable", "cannot be read"},
    {"TruncatedXml",
     [] {
         const std::string whole = text_of("GetUpdateDataResponse", wire::GetUpdateDataResponse{});
         return page(200, whole.substr(0, whole.size() / 2), "text/xml");
     },
     "upstream.not_soap", "200"},
    {"ConnectionCut", cut_in_the_middle, "net.reset", "ended early"},
    {"DeepXml",
     [] {
         std::string deep;
         for (int i = 0; i < 100'000; ++i) {
             deep += "<a>";
         }
         return page(200, deep, "text/xml");
     },
     "upstream.not_soap", "200"},
    {"BillionLaughs",
     [] {
         return page(200, "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><a>&b;</a>",
                     "text/xml");
     },
     "upstream.not_soap", "200"},
    {"Busy", [] { return fault("ServerBusy"); }, "upstream.fault", "synchronize again later"},
    {"Incompatible", [] { return fault("IncompatibleProtocolVersion"); }, "upstream.fault",
     "another version of the protocol"},
    {"InvalidParameters", [] { return fault("InvalidParameters", "updateIds"); }, "upstream.fault",
     "InvalidParameters"},
};

INSTANTIATE_TEST_SUITE_P(Answers, NonsenseInPlaceOfAnAnswer, testing::ValuesIn(kNonsense),
                         [](const testing::TestParamInfo<Nonsense>& param) {
                             return std::string(param.param.name);
                         });

TEST_F(Synchronization, NamesAnUpstreamThatIsNotThere) {
    const net::testing::ClosedPort closed;
    choose("http://127.0.0.1:" + std::to_string(closed.port()));
    const store::SyncRun refused = run();
    expect_failure(refused, "net.connect", "connect");
    EXPECT_THAT(causes(refused), Contains("in the request GetAuthConfig"));
    choose("http://no-such-host.invalid:8530");
    expect_failure(run(), "net.resolve", "connect");
}

TEST_F(Synchronization, RefusesAListLongerThanAnyCatalog) {
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request&) -> std::optional<net::Response> {
        if (operation != "GetRevisionIdList") {
            return std::nullopt;
        }
        wire::GetRevisionIdListResponse message;
        auto& ids = message.result.ensure().new_revisions;
        for (int i = 0; i < 1'000'001; ++i) {
            ids.push_back({Guid{}, i});
        }
        return page(200, text_of("GetRevisionIdListResponse", message), "text/xml");
    });
    const store::SyncRun record = run();
    EXPECT_EQ(record.result, store::RunResult::kFailed);
    EXPECT_THAT(record.error, HasSubstr("GetRevisionIdList"));
    EXPECT_EQ(here(), 0U);
}

TEST_F(Synchronization, IgnoresRevisionNumbersThatCannotBe) {
    upstream_.bend_answers([&](const std::string& operation, int, net::Response& response) {
        if (operation == "GetRevisionIdList") {
            auto message = message_of<wire::GetRevisionIdListResponse>(response);
            message.result.ensure().new_revisions.push_back({Guid::random(), -5});
            response.body = text_of("GetRevisionIdListResponse", message);
        }
    });
    succeeds();
    expect_everything_here();
}

TEST_F(Synchronization, ShakesHandsAgainWhenTheCookieIsRefusedInTheMiddle) {
    for (const char* code : {"InvalidCookie", "InvalidAuthorizationCookie", "CookieExpired"}) {
        int refused = 0;
        upstream_.forget();
        upstream_.answer_instead([&](const std::string& operation, int,
                                     const net::Request&) -> std::optional<net::Response> {
            if (operation != "GetRevisionIdList" || refused > 0) {
                return std::nullopt;
            }
            ++refused;
            return fault(code);
        });
        succeeds();
        EXPECT_EQ(refused, 1) << code;
        EXPECT_EQ(upstream_.calls("GetCookie"), 2) << code;
    }
    expect_everything_here();
}

TEST_F(Synchronization, DoesNotShakeHandsForEver) {
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request&) -> std::optional<net::Response> {
        return operation == "GetRevisionIdList" ? std::optional(fault("InvalidCookie"))
                                                : std::nullopt;
    });
    const store::SyncRun record = run();
    expect_failure(record, "upstream.fault", "categories");
    EXPECT_THAT(field(record, "remedy"), HasSubstr("one name leads to one server"));
    EXPECT_EQ(upstream_.calls("GetCookie"), 2);
}

TEST_F(Synchronization, RenewsACookieBeforeItExpires) {
    // The upstream's cookies live for hours; half a day passes between two of its answers.
    upstream_.bend_answers([&](const std::string& operation, int nth, net::Response&) {
        if (operation == "GetUpdateData" && nth == 1) {
            upstream_.clock.advance(std::chrono::hours{24});
            clock_.advance(std::chrono::hours{24});
        }
    });
    succeeds();
    EXPECT_GE(upstream_.calls("GetCookie"), 2);
    expect_everything_here();
}

TEST_F(Synchronization, BeginsAnewWithAnUpstreamThatWasReplaced) {
    succeeds();
    // The same address, another server: its list has to be asked for whole.
    bool replaced = false;
    upstream_.bend_answers([&](const std::string& operation, int, net::Response&) {
        if (operation == "GetConfigData" && !replaced) {
            replaced = true;
            upstream_.be_replaced();
        }
    });
    upstream_.forget();
    succeeds();
    EXPECT_TRUE(replaced);
    EXPECT_EQ(upstream_.calls("GetCookie"), 2);
    expect_everything_here();
}

TEST_F(Synchronization, ForgetsItsAnchorsOnceWhenTheUpstreamSaysServerChanged) {
    succeeds();
    std::vector<bool> with_anchor;
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request& request) -> std::optional<net::Response> {
        if (operation != "GetRevisionIdList") {
            return std::nullopt;
        }
        with_anchor.push_back(request.body.contains("<Anchor>"));
        return with_anchor.back() ? std::optional(fault("ServerChanged")) : std::nullopt;
    });
    succeeds();
    EXPECT_EQ(with_anchor, (std::vector{true, false, false}));
    // One that says it always ends the run, not us in a circle.
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request&) -> std::optional<net::Response> {
        return operation == "GetRevisionIdList" ? std::optional(fault("ServerChanged"))
                                                : std::nullopt;
    });
    const store::SyncRun record = run();
    expect_failure(record, "upstream.fault", "categories");
    EXPECT_THAT(record.error, HasSubstr("ServerChanged"));
}

TEST_F(Synchronization, AsksForTheWholeListWhenTheAnchorIsRefused) {
    succeeds();
    upstream_.answer_instead([&](const std::string& operation, int,
                                 const net::Request& request) -> std::optional<net::Response> {
        return operation == "GetRevisionIdList" && request.body.contains("<Anchor>")
                   ? std::optional(fault("InvalidParameters", "filter"))
                   : std::nullopt;
    });
    upstream_.forget();
    succeeds();
    EXPECT_EQ(upstream_.calls("GetRevisionIdList"), 4);
    EXPECT_EQ(upstream_.calls("GetUpdateData"), 0);
}

TEST_F(Synchronization, CancelledKeepsWhatIsHereAndTheNextRunFetchesTheRest) {
    upstream_.bend_answers([&](const std::string& operation, int nth, net::Response&) {
        if (operation == "GetUpdateData" && nth == 2) {
            EXPECT_TRUE(synchronizer_->cancel());
        }
    });
    const store::SyncRun record = run();
    EXPECT_EQ(record.result, store::RunResult::kCancelled);
    const std::size_t kept = here();
    EXPECT_LT(kept, upstream_.revisions());
    upstream_.bend_answers(nullptr);
    upstream_.forget();
    const store::SyncRun second = run();
    EXPECT_EQ(second.result, store::RunResult::kSucceeded) << second.error;
    EXPECT_EQ(second.revisions + kept, upstream_.revisions());
    expect_everything_here();
}

TEST_F(Synchronization, OnlyOneRunsAtATime) {
    std::latch released(1);
    std::latch reached(1);
    upstream_.answer_instead([&](const std::string& operation, int nth, const net::Request&) {
        if (operation == "GetConfigData" && nth == 1) {
            reached.count_down();
            released.wait();
        }
        return std::optional<net::Response>();
    });
    start();
    reached.wait();
    const auto second = synchronizer_->start("manual");
    EXPECT_EQ(test_help::code_of(second), "sync.running");
    released.count_down();
    EXPECT_EQ(wait().result, store::RunResult::kSucceeded);
    EXPECT_EQ(test_help::value_of(store_->runs(10)).size(), 1U);
    EXPECT_EQ(test_help::code_of(synchronizer_->cancel()), "sync.not_running");
}

TEST_F(Synchronization, WithoutAnUpstreamSaysHowToSetOne) {
    policy::SyncOptions none;
    ASSERT_TRUE(policy::save_sync_options(*store_, none));
    const auto started = synchronizer_->start("manual");
    EXPECT_EQ(test_help::code_of(started), "sync.no_upstream");
    EXPECT_THAT(started.error().remedy, HasSubstr("headwater sync options --upstream"));
}

}  // namespace
}  // namespace headwater::integration
