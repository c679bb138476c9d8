#include "admin/dispatch.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "admin/problem.hpp"
#include "admin/values.hpp"
#include "base/log.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

class Dispatching : public testing::Test {
protected:
    Dispatching() {
        dispatch_.add("GET", "things",
                      [](const Call&) { return Reply{json::object{{"all", true}}}; });
        dispatch_.add("GET", "things/{}", [](const Call& call) {
            return Reply{json::object{{"id", json_text(call.ids.at(0))}}};
        });
        dispatch_.add("POST", "things/{}/parts", [](const Call& call) {
            return Reply{json::object{{"parts_of", json_text(call.ids.at(0))}}, 202};
        });
        dispatch_.add("GET", "things/special",
                      [](const Call&) { return Reply{json::object{{"special", true}}}; });
        dispatch_.add("DELETE", "things/{}", [](const Call&) -> Result<Reply> {
            throw std::runtime_error("a broken shelf");
        });
    }
    [[nodiscard]] net::Response send(std::string method, const std::string& target) const {
        net::Request request;
        request.method = std::move(method);
        request.target = target;
        const std::size_t mark = target.find('?');
        request.path = target.substr(0, mark);
        request.query = mark == std::string::npos ? "" : target.substr(mark + 1);
        return dispatch_.answer(request, caller_);
    }
    static json::value body(const net::Response& response) { return json::parse(response.body); }

    Dispatch dispatch_;
    Caller caller_{"anna", store::Role::kAdministrator};
};

TEST_F(Dispatching, FindsTheOperationOfAMethodAndAPath) {
    EXPECT_TRUE(body(send("GET", "/api/v1/things")).at("all").as_bool());
    EXPECT_EQ(body(send("GET", "/API/V1/things/7?x=1")).at("id").as_string(), "7");
    const auto parts = send("POST", "/api/v1/things/7/parts");
    EXPECT_EQ(parts.status, 202U);
    EXPECT_EQ(parts.headers.get("Content-Type"), "application/json");
}

TEST_F(Dispatching, ANameInThePathMayHoldASlash) {
    EXPECT_EQ(body(send("GET", "/api/v1/things/a%2Fb%20c")).at("id").as_string(), "a/b c");
}

TEST_F(Dispatching, ANameWinsOverAPlaceholder) {
    EXPECT_TRUE(body(send("GET", "/api/v1/things/special")).at("special").as_bool());
}

TEST_F(Dispatching, AnUnknownPathIsAProblemOfItsOwn) {
    for (const char* target :
         {"/api/v1/other", "/api/v1/things/7/parts/8", "/api/v2/things", "/%zz"}) {
        const auto response = send("GET", target);
        EXPECT_EQ(response.status, 404U) << target;
        EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
        EXPECT_EQ(body(response).at("type").as_string(), "urn:headwater:error:request.unknown");
    }
}

TEST_F(Dispatching, AWrongMethodIsToldWhatIsPossible) {
    const auto response = send("PUT", "/api/v1/things/7");
    EXPECT_EQ(response.status, 405U);
    EXPECT_EQ(response.headers.get("Allow"), "GET, DELETE");
}

TEST_F(Dispatching, AReporterSeesEverythingAndChangesNothing) {
    caller_ = {"rita", store::Role::kReporter};
    EXPECT_EQ(send("GET", "/api/v1/things").status, 200U);
    const auto refused = send("POST", "/api/v1/things/7/parts");
    EXPECT_EQ(refused.status, 403U);
    EXPECT_EQ(body(refused).at("type").as_string(), "urn:headwater:error:session.role");
}

TEST_F(Dispatching, AnExceptionBecomesAProblem) {
    log::set_level(log::Level::kOff);
    const auto response = send("DELETE", "/api/v1/things/7");
    log::set_level(log::Level::kInfo);
    EXPECT_EQ(response.status, 500U);
    EXPECT_EQ(body(response).at("causes").as_array().at(0).as_string(), "a broken shelf");
}

TEST(Problem, MapsCodesToStatuses) {
    EXPECT_EQ(status_of("update.unknown"), 404U);
    EXPECT_EQ(status_of("sync.running"), 409U);
    EXPECT_EQ(status_of("group.exists"), 409U);
    EXPECT_EQ(status_of("request.field"), 400U);
    EXPECT_EQ(status_of("options.invalid"), 400U);
    EXPECT_EQ(status_of("request.too_large"), 413U);
    EXPECT_EQ(status_of("store.full"), 507U);
    EXPECT_EQ(status_of("upstream.proxy_refused"), 502U);
    EXPECT_EQ(status_of("net.connect"), 502U);
    EXPECT_EQ(status_of("store.io"), 500U);
}

TEST(Problem, TellsSentenceRemedyAndCauses) {
    const auto response =
        problem({"store.full", "The disk is full.", "Make room.", {"ENOSPC", "\xff"}});
    const auto told = json::parse(response.body);
    EXPECT_EQ(response.status, 507U);
    EXPECT_EQ(told.at("type").as_string(), "urn:headwater:error:store.full");
    EXPECT_EQ(told.at("title").as_string(), "The disk is full.");
    EXPECT_EQ(told.at("status").as_int64(), 507);
    EXPECT_EQ(told.at("detail").as_string(), "Make room.");
    EXPECT_EQ(told.at("causes").as_array().at(1).as_string(), "?");
}

TEST(Values, NamesOfActionsAreReadBack) {
    using enum store::ApprovalAction;
    for (const auto action : {kInstall, kUninstall, kNotApproved, kOptionalInstall}) {
        EXPECT_EQ(action_named(name_of(action)), action);
    }
    EXPECT_EQ(action_named("block"), std::nullopt);
    EXPECT_EQ(action_named("Install"), std::nullopt);
}

TEST(Values, ARunTellsItsFullErrorAndTheChecksThatAreWorthRunning) {
    store::SyncRun run;
    EXPECT_TRUE(to_json(run).at("error").is_null());
    EXPECT_TRUE(to_json(run).at("checks").as_array().empty());
    EXPECT_TRUE(to_json(run).at("stages").as_array().empty());
    run.error = R"({"code":"net.proxy_denied","message":"It is refused.","remedy":"Allow it.",)"
                R"("causes":["HTTP 403"],"stage":"connect","request":"GetCookie to http://up"})";
    EXPECT_EQ(to_json(run).at("error"), json::parse(run.error));
    EXPECT_EQ(to_json(run).at("checks"), json::parse(R"(["proxy","ports"])"));
    run.error = "not JSON";
    EXPECT_EQ(to_json(run).at("error").at("message").as_string(), "not JSON");
}

}  // namespace
}  // namespace headwater::admin
