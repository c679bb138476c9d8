#pragma once
// For the tests of this room: a whole server on a free port, in a folder of its own.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "base/testing.hpp"
#include "catalog/parsed_document.hpp"
#include "net/client.hpp"
#include "policy/view.hpp"
#include "server/server.hpp"
#include "store/store.hpp"

namespace headwater::server {

class WithServer : public testing::Test {
protected:
    WithServer() {
        log::set_level(log::Level::kOff);
        config_.data = folder_.path() / "data";
        config_.address = "127.0.0.1";
        config_.port = 0;
        config_.syslog = false;
    }
    ~WithServer() override { log::set_level(log::Level::kInfo); }

    /// Starts it, or ends it and starts it again with what it kept.
    void start() {
        server_.reset();
        server_ = test_help::value_of(Server::start(config_, clock_));
        ASSERT_NE(server_, nullptr);
    }
    /// Over the local socket.
    net::ClientResponse ask(const std::string& method, const std::string& path,
                            const std::string& body = "") {
        net::ClientRequest request;
        request.method = method;
        request.url = "http://localhost/api/v1/" + path;
        request.local_socket = config_.socket_path().string();
        request.body = body;
        return test_help::value_of(client_.fetch(request));
    }
    /// The database, while no server has it.
    [[nodiscard]] std::unique_ptr<store::Store> open_store() const {
        std::filesystem::create_directories(config_.data);
        return test_help::value_of(store::open_sqlite(config_.data / "headwater.db"));
    }
    /// Stores one update with one file, approved for all; while no server has the database.
    void put_approved_update(const std::string& id, std::string_view file) {
        const Sha1 sha1 = Sha1::of(as_bytes(file));
        const std::string xml =
            R"(<u:Update xmlns:u="http://schemas.microsoft.com/msus/2002/12/Update">)"
            R"(<u:UpdateIdentity UpdateID=")" +
            id +
            R"(" RevisionNumber="1"/><u:Properties UpdateType="Software" )"
            R"(ExplicitlyDeployable="true"/><u:Files><u:File Digest=")" +
            to_base64(sha1.bytes) + R"(" DigestAlgorithm="SHA1" FileName="update.cab" Size=")" +
            std::to_string(file.size()) + R"("/></u:Files></u:Update>)";
        const auto store = open_store();
        auto digested = test_help::value_of(catalog::digest_document(xml));
        store::NewRevision made;
        made.revision = catalog::make_revision(digested.document, std::move(digested.core));
        made.document = xml;
        made.files.push_back({sha1, std::nullopt, file.size(), "update.cab", ".cab", ""});
        test_help::value_of(store->put_revisions({&made, 1}, clock_.now()));
        store::Approval approval;
        approval.update_id = made.revision.identity.update_id;
        approval.group_id = policy::kAllComputers;
        approval.action = store::ApprovalAction::kInstall;
        test_help::value_of(store->put_approvals({&approval, 1}));
    }

    test_help::TemporaryFolder folder_;
    SystemClock clock_;
    Config config_;
    net::Client client_;
    std::unique_ptr<Server> server_;
};

}  // namespace headwater::server
