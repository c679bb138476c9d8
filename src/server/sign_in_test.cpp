// The administrators' listener as a browser meets it: sign-in, sessions, roles, the stream.

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "server/server_testing.hpp"

namespace headwater::server {
namespace {

namespace json = boost::json;

using test_help::value_of;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPassword = "a long enough password";

/// What one browser keeps: its cookie, and the token of its page.
struct Browser {
    std::string cookie;
    std::string csrf;
};

class SignIn : public WithServer {
protected:
    void SetUp() override { start(); }

    net::ClientResponse ask(const Browser& browser, const std::string& method,
                            const std::string& path, const std::string& body = "") {
        net::ClientRequest request;
        request.method = method;
        request.url = server_->console_url() + path;
        request.body = body;
        if (!browser.cookie.empty()) {
            request.headers.add("Cookie", "other=1; " + browser.cookie);
        }
        if (!browser.csrf.empty()) {
            request.headers.add("X-Headwater-CSRF", browser.csrf);
        }
        return value_of(client_.fetch(request));
    }
    static std::string type_of(const net::ClientResponse& response) {
        const json::value problem = json::parse(response.body);
        return std::string(problem.at("type").as_string());
    }
    static Browser browser_of(const net::ClientResponse& response) {
        EXPECT_EQ(response.status, 200U) << response.body;
        const std::string cookie(response.headers.get("Set-Cookie").value_or(""));
        EXPECT_THAT(cookie, HasSubstr("; HttpOnly; SameSite=Strict"));
        const json::value session = json::parse(response.body);
        return {cookie.substr(0, cookie.find(';')), std::string(session.at("csrf").as_string())};
    }
    Browser set_up() {
        const json::object body = {{"code", server_->setup_code().value_or("")},
                                   {"name", "anna"},
                                   {"password", kPassword}};
        return browser_of(ask({}, "POST", "api/v1/setup", json::serialize(body)));
    }
    Browser sign_in(const std::string& name) {
        const json::object body = {{"name", name}, {"password", kPassword}};
        return browser_of(ask({}, "POST", "api/v1/session", json::serialize(body)));
    }
};

TEST_F(SignIn, NothingIsToldWithoutASession) {
    for (const char* path : {"status", "updates", "computers", "users", "events", "stream"}) {
        const auto answer = ask({}, "GET", "api/v1/" + std::string(path));
        EXPECT_EQ(answer.status, 401U) << path;
        EXPECT_EQ(type_of(answer), "urn:headwater:error:session.none") << path;
        EXPECT_EQ(answer.headers.get("X-Content-Type-Options"), "nosniff");
    }
    EXPECT_EQ(ask({}, "POST", "api/v1/synchronization").status, 401U);
    const json::value session = json::parse(ask({}, "GET", "api/v1/session").body);
    EXPECT_FALSE(session.at("signed_in").as_bool());
    EXPECT_TRUE(session.at("setup_needed").as_bool());
    EXPECT_TRUE(session.at("version").is_null());
}

TEST_F(SignIn, TheFirstAdministratorIsMadeWithTheCodeAndStaysSignedInOverARestart) {
    ASSERT_TRUE(server_->setup_code());
    const Browser anna = set_up();
    EXPECT_EQ(ask(anna, "GET", "api/v1/status").status, 200U);
    // On the same port, since a browser keeps a cookie for each.
    config_.admin_port = static_cast<std::uint16_t>(
        std::stoi(server_->console_url().substr(server_->console_url().rfind(':') + 1)));
    start();
    EXPECT_EQ(server_->setup_code(), std::nullopt);
    EXPECT_EQ(ask(anna, "GET", "api/v1/status").status, 200U);
}

TEST_F(SignIn, AChangeNeedsTheTokenOfThePage) {
    Browser anna = set_up();
    const std::string csrf = std::exchange(anna.csrf, "");
    const auto refused = ask(anna, "POST", "api/v1/groups", R"({"name":"Servers"})");
    EXPECT_EQ(refused.status, 403U);
    EXPECT_EQ(type_of(refused), "urn:headwater:error:session.csrf");
    anna.csrf = std::string(csrf.size(), 'a');
    EXPECT_EQ(ask(anna, "POST", "api/v1/groups", R"({"name":"Servers"})").status, 403U);
    anna.csrf = csrf;
    EXPECT_EQ(ask(anna, "POST", "api/v1/groups", R"({"name":"Servers"})").status, 201U);
}

TEST_F(SignIn, AReporterSeesAndChangesNothing) {
    const Browser anna = set_up();
    const json::object body = {{"name", "rita"}, {"role", "reporter"}, {"password", kPassword}};
    EXPECT_EQ(ask(anna, "POST", "api/v1/users", json::serialize(body)).status, 201U);
    const Browser rita = sign_in("rita");
    EXPECT_EQ(ask(rita, "GET", "api/v1/synchronization/runs").status, 200U);
    EXPECT_EQ(ask(rita, "POST", "api/v1/doctor/checks/database").status, 200U);
    for (const auto& [method, path, sent] :
         {std::tuple{"POST", "api/v1/synchronization", ""},
          std::tuple{"PUT", "api/v1/options/synchronization", R"({"upstream":"http://x"})"},
          std::tuple{"POST", "api/v1/doctor/checks/database", R"({"fix":true})"},
          std::tuple{"PUT", "api/v1/users/rita", R"({"role":"administrator"})"}}) {
        const auto refused = ask(rita, method, path, sent);
        EXPECT_EQ(refused.status, 403U) << path;
        EXPECT_EQ(type_of(refused), "urn:headwater:error:session.role") << path;
    }
    EXPECT_EQ(ask(anna, "DELETE", "api/v1/users/rita").status, 200U);
    EXPECT_EQ(ask(rita, "GET", "api/v1/synchronization/runs").status, 401U);
}

TEST_F(SignIn, WhoChangedSomethingIsToldByName) {
    const Browser anna = set_up();
    EXPECT_EQ(
        ask(anna, "PUT", "api/v1/options/synchronization", R"({"upstream":"http://127.0.0.1:9"})")
            .status,
        200U);
    std::string told;
    for (int i = 0; i < 50 && told.find("389") == std::string::npos; ++i) {
        told = ask(anna, "GET", "api/v1/events?number=389&wait=2000").body;
    }
    EXPECT_THAT(told, HasSubstr("anna"));
}

TEST_F(SignIn, SigningOutEndsTheSessionAndClearsTheCookie) {
    const Browser anna = set_up();
    const auto out = ask(anna, "DELETE", "api/v1/session");
    EXPECT_EQ(out.status, 204U);
    EXPECT_THAT(std::string(out.headers.get("Set-Cookie").value_or("")), HasSubstr("Max-Age=0"));
    EXPECT_EQ(ask(anna, "GET", "api/v1/status").status, 401U);
    EXPECT_EQ(ask(sign_in("ANNA"), "GET", "api/v1/status").status, 200U);
}

TEST_F(SignIn, GarbageInTheCookieIsNobody) {
    for (const std::string& cookie :
         {std::string("headwater_session"), std::string("headwater_session="),
          "headwater_session=" + std::string(5000, 'x'), std::string(";;;=;"),
          std::string("headwater_session_99999999=1")}) {
        EXPECT_EQ(ask({cookie, ""}, "GET", "api/v1/status").status, 401U) << cookie;
    }
}

TEST_F(SignIn, NothingThatManagesAnswersToAgents) {
    net::ClientRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/api/v1/session";
    EXPECT_EQ(value_of(client_.fetch(request)).status, 404U);
}

TEST_F(SignIn, ItsDescriptionIsThereForEverybody) {
    const auto answer = ask({}, "GET", "api/v1/openapi.json");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(json::parse(answer.body).at("openapi").as_string(), "3.1.0");
}

TEST_F(SignIn, TheStreamSaysHowThingsStandAndThenWhatChanges) {
    const Browser anna = set_up();
    net::ClientRequest request;
    request.url = server_->console_url() + "api/v1/stream";
    request.headers.add("Cookie", anna.cookie);
    std::string heard;
    bool has_started = false;
    // The client has one thread, which calls the sink: what the sink asks needs another client.
    net::Client listener;
    const auto ended = listener.stream(
        request,
        [](unsigned status, const net::Headers& headers) {
            return status == 200 && headers.get("Content-Type") == "text/event-stream";
        },
        [&](ByteView data) {
            heard += as_text(data);
            if (!has_started && heard.find("\"running\":false") != std::string::npos) {
                has_started = true;
                EXPECT_EQ(ask(anna, "PUT", "api/v1/options/synchronization",
                              R"({"upstream":"http://127.0.0.1:1"})")
                              .status,
                          200U);
                EXPECT_EQ(ask(anna, "POST", "api/v1/synchronization").status, 202U);
            }
            return heard.find("\"result\":\"failed\"") == std::string::npos;
        });
    EXPECT_EQ(test_help::code_of(ended), "net.sink");
    EXPECT_THAT(heard, HasSubstr("event: synchronization\ndata: {"));
    EXPECT_THAT(heard, HasSubstr("event: events\ndata: {\"last\":"));
}

TEST_F(SignIn, AServerThatStopsEndsTheStreams) {
    const Browser anna = set_up();
    net::ClientRequest request;
    request.url = server_->console_url() + "api/v1/stream";
    request.headers.add("Cookie", anna.cookie);
    std::thread stopper;
    const auto ended = client_.stream(
        request, [](unsigned, const net::Headers&) { return true; },
        [&](ByteView) {
            if (!stopper.joinable()) {
                stopper = std::thread([this] { server_.reset(); });
            }
            return true;
        });
    stopper.join();
    EXPECT_TRUE(ended) << ended.error().text();
}

}  // namespace
}  // namespace headwater::server
