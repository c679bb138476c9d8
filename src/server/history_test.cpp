// The history of synchronizations, as an administrator reads it over the local socket.

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "server/server_testing.hpp"

namespace headwater::server {
namespace {

namespace json = boost::json;

using test_help::value_of;

class ServerHistory : public WithServer {
protected:
    void SetUp() override {
        write_history();
        start();
    }

    /// Three runs; the second brought two updates and another revision of one of them.
    void write_history() {
        const auto store = open_store();
        for (int i = 0; i < 3; ++i) {
            store::SyncRun run;
            run.kind = "manual";
            run.upstream = "http://up";
            run.started = clock_.now();
            run.result = store::RunResult::kSucceeded;
            run.id = value_of(store->start_run(run));
            if (i == 1) {
                const std::array brought = {revision(1, 1), revision(2, 1), revision(1, 2)};
                value_of(store->put_revisions_of_run(run.id, brought, clock_.now()));
            }
        }
    }
    static store::NewRevision revision(std::uint8_t update, std::uint32_t number) {
        store::NewRevision made;
        made.revision.identity.update_id.bytes.back() = update;
        made.revision.identity.revision_number = number;
        made.revision.explicitly_deployable = true;
        made.revision.title = "Update " + std::to_string(update);
        made.revision.core = "<UpdateIdentity />";
        made.document = "<Update />";
        return made;
    }
    net::ClientResponse get(const std::string& path) {
        return ask("GET", "synchronization/runs" + path);
    }
};

TEST_F(ServerHistory, ListsWhatARunBroughtPageByPage) {
    const json::value first = json::parse(get("/2/updates?limit=2").body);
    EXPECT_EQ(first.at("total").to_number<int>(), 3);
    EXPECT_EQ(first.at("updates").as_array().size(), 2U);
    const json::value revised = json::parse(get("/2/updates?change=revised").body);
    EXPECT_EQ(revised.at("total").to_number<int>(), 1);
    EXPECT_EQ(revised.at("updates").at(0),
              json::parse(R"({"update_id":"00000000-0000-0000-0000-000000000001",)"
                          R"("revision_number":2,"title":"Update 1","change":"revised"})"));
    EXPECT_TRUE(json::parse(get("/2/updates?offset=3").body).at("updates").as_array().empty());
    EXPECT_EQ(json::parse(get("/1/updates").body).at("total").to_number<int>(), 0);
}

TEST_F(ServerHistory, CountsWhatItLists) {
    const json::value run = json::parse(get("/2").body);
    EXPECT_EQ(run.at("new_updates").to_number<int>(), 2);
    EXPECT_EQ(run.at("revised_updates").to_number<int>(), 1);
    EXPECT_EQ(run.at("expired_updates").to_number<int>(), 0);
    EXPECT_EQ(run.at("revisions").to_number<int>(), 3);
}

TEST_F(ServerHistory, GoesBackFromARun) {
    const json::value page = json::parse(get("?before=3&limit=1").body);
    ASSERT_EQ(page.at("runs").as_array().size(), 1U);
    EXPECT_EQ(page.at("runs").at(0).at("id").to_number<int>(), 2);
    EXPECT_TRUE(json::parse(get("?before=1").body).at("runs").as_array().empty());
}

TEST_F(ServerHistory, RefusesWhatIsNotThere) {
    EXPECT_EQ(get("/9/updates").status, 404U);
    EXPECT_EQ(get("/x/updates").status, 404U);
    EXPECT_EQ(get("/2/updates?change=old").status, 400U);
    EXPECT_EQ(get("/2/updates?limit=1000000").status, 400U);
    EXPECT_EQ(get("?before=-1").status, 400U);
}

}  // namespace
}  // namespace headwater::server
