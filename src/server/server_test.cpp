// The whole server, started and asked over its sockets.

#include "server/server.hpp"

#include <gmock/gmock.h>

#include "net/test_sockets.hpp"
#include "server/identity.hpp"
#include "server/server_testing.hpp"

namespace headwater::server {
namespace {

using test_help::code_of;
using test_help::value_of;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kSync = "/ServerSyncWebService/ServerSyncWebService.asmx";
constexpr const char* kClient = "/ClientWebService/client.asmx";

class ServerTest : public WithServer {
protected:
    net::ClientResponse ask(const std::string& method, const std::string& path,
                            std::string body = "", const std::string& content_type = "",
                            const std::string& action = "") {
        net::ClientRequest request;
        request.method = method;
        request.url = "http://127.0.0.1:" + std::to_string(server_->port()) + path;
        request.body = std::move(body);
        if (!content_type.empty()) {
            request.headers.add("Content-Type", content_type);
        }
        if (!action.empty()) {
            request.headers.add("SOAPAction", action);
        }
        return value_of(client_.fetch(request));
    }
    net::ClientResponse call(const std::string& path, const std::string& body,
                             const std::string& action,
                             const std::string& type = "text/xml; charset=utf-8") {
        return ask("POST", path, body, type, action);
    }
    static std::string envelope(const std::string& content) {
        return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>" +
               content + "</s:Body></s:Envelope>";
    }
    static std::string get_config(const std::string& inside = "") {
        return envelope(
            "<GetConfig xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/"
            "ClientWebService\"><protocolVersion>1.8</protocolVersion>" +
            inside + "</GetConfig>");
    }

    static constexpr const char* kAction =
        "\"http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService/GetConfig\"";
};

TEST_F(ServerTest, AnswersAtEachServicesAddressInAnyLetterCase) {
    start();
    for (const char* path :
         {kSync, kClient, "/SimpleAuthWebService/SimpleAuth.asmx",
          "/ReportingWebService/ReportingWebService.asmx", "/ReportingWebService/WebService.asmx",
          "/DssAuthWebService/DssAuthWebService.asmx", "/CLIENTWEBSERVICE/CLIENT.ASMX"}) {
        const auto wsdl = ask("GET", std::string(path) + "?WSDL");
        EXPECT_EQ(wsdl.status, 200U) << path;
        EXPECT_THAT(wsdl.body, HasSubstr("definitions")) << path;
        EXPECT_THAT(wsdl.body, HasSubstr("http://127.0.0.1:" + std::to_string(server_->port())));
        EXPECT_EQ(ask("GET", path).status, 200U);
        EXPECT_EQ(ask("PUT", path).status, 405U);
    }
    EXPECT_EQ(ask("GET", "/SelfUpdate/wuident.cab").status, 404U);
    EXPECT_EQ(ask("GET", "/").status, 404U);
    EXPECT_EQ(ask("GET", "/api/v1/status").status, 404U) << "nothing that manages answers here";
}

TEST_F(ServerTest, AnswersACallAndRefusesWhatIsNone) {
    start();
    EXPECT_EQ(call(kClient, get_config(), kAction).status, 200U);
    const std::string good = get_config();
    const std::tuple<std::string, std::string, std::string> wrong[] = {
        {good,
         "\"http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService/GetCookie\"",
         "text/xml"},
        {good.substr(0, good.size() / 2), kAction, "text/xml"},
        {"", kAction, "text/xml"},
        {std::string(1000, '\0'), kAction, "text/xml"},
        {"<!DOCTYPE a [<!ENTITY x \"y\">]>" + good, kAction, "text/xml"},
        {envelope("<Nothing xmlns=\"urn:x\"/>"), "\"urn:x/Nothing\"", "text/xml"},
        {get_config(std::string(100'000, '<')), kAction, "text/xml"},
    };
    for (const auto& [body, action, type] : wrong) {
        const auto answer = call(kClient, body, action, type);
        EXPECT_EQ(answer.status, 500U) << body.substr(0, 60);
        EXPECT_THAT(answer.body, HasSubstr(":Fault>"));
        EXPECT_THAT(answer.body, Not(HasSubstr("Stack")));
    }
    const auto json = call(kClient, good, kAction, "application/json");
    EXPECT_THAT(json.status, AnyOf(415U, 500U));
    EXPECT_EQ(call(kClient, good, kAction).status, 200U) << "after all that";
}

TEST_F(ServerTest, KeepsToItsConfiguredLimits) {
    config_.connections.max_body_bytes = 64 * 1024;
    config_.messages.xml.max_depth = 20;
    config_.messages.xml.max_elements = 1000;
    config_.messages.xml.max_bytes = 32 * 1024;
    start();
    EXPECT_EQ(call(kClient, get_config(std::string(70'000, ' ')), kAction).status, 413U);
    std::string deep;
    std::string end;
    for (int i = 0; i < 30; ++i) {
        deep += "<a>";
        end += "</a>";
    }
    std::string wide;
    for (int i = 0; i < 1100; ++i) {
        wide += "<a/>";
    }
    for (const std::string& inside : {deep + end, wide, std::string(40'000, ' ')}) {
        const auto answer = call(kClient, get_config(inside), kAction);
        EXPECT_EQ(answer.status, 500U);
        EXPECT_THAT(answer.body, HasSubstr(":Fault>"));
    }
    EXPECT_EQ(call(kClient, get_config(), kAction).status, 200U);
}

TEST_F(ServerTest, SurvivesGarbageOnTheSocket) {
    start();
    for (const std::string& garbage :
         {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), std::string(5000, 'A'),
          std::string("GET\r\n\r\n"), std::string(300, '\0'),
          std::string("POST / HTTP/1.1\r\n\r\n")}) {
        auto socket = net::testing::RawSocket::connect(server_->port());
        socket.send(garbage);
        socket.send("\r\n\r\n");
        EXPECT_THAT(socket.read_until("\r\n"), AnyOf("", StartsWith("HTTP/1.1 4"))) << garbage;
    }
    EXPECT_EQ(call(kClient, get_config(), kAction).status, 200U);
}

TEST_F(ServerTest, LetsNoPathOfAClientReachTheDisk) {
    start();
    test_help::write_file(config_.data / "content" / "secret.txt", "secret");
    for (const char* path : {"/Content/secret.txt", "/Content/../headwater.db",
                             "/Content/%2e%2e/headwater.db", "/Content/..%2fheadwater.db",
                             "/Content/..%5cheadwater.db", "/Content/AB/../../headwater.db",
                             "/Content//etc/passwd", "/Content/%00", "/content/.partial/x"}) {
        const auto answer = ask("GET", path);
        EXPECT_EQ(answer.status, 404U) << path;
        EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
    }
}

TEST_F(ServerTest, RefusesASecondOneInItsFolderAndOnItsPort) {
    start();
    const auto same_folder = Server::start(config_, clock_);
    EXPECT_EQ(code_of(same_folder), "store.locked");
    Config same_port = config_;
    same_port.data = folder_.path() / "other";
    same_port.port = server_->port();
    const auto refused = Server::start(same_port, clock_);
    EXPECT_EQ(code_of(refused), "net.address_in_use");
    EXPECT_THAT(refused.error().text(), HasSubstr(std::to_string(server_->port())));
}

TEST_F(ServerTest, SaysWhatIsWrongWithItsFolder) {
    test_help::write_file(folder_.path() / "file", "");
    config_.data = folder_.path() / "file";
    const auto file = Server::start(config_, clock_);
    EXPECT_FALSE(file);
    EXPECT_NE(file.error().remedy, "");
    config_.data = folder_.path() / "file" / "below";
    EXPECT_EQ(code_of(Server::start(config_, clock_)), "server.data");
    config_.data = "/proc/headwater";
    EXPECT_EQ(code_of(Server::start(config_, clock_)), "server.data");
    config_.data = folder_.path() / "garbage";
    std::filesystem::create_directories(config_.data);
    test_help::write_file(config_.data / "headwater.db", std::string(5000, 'x'));
    EXPECT_EQ(code_of(Server::start(config_, clock_)), "store.corrupt");
}

TEST_F(ServerTest, BacksItsDatabaseUpWhileItServes) {
    start();
    net::ClientRequest request;
    request.method = "POST";
    request.url = "http://localhost/api/v1/backup";
    request.local_socket = config_.socket_path().string();
    const auto answer = value_of(client_.fetch(request));
    EXPECT_EQ(answer.status, 200U) << answer.body;
    std::size_t copies = 0;
    for (const auto& entry : std::filesystem::directory_iterator(config_.data / "backups")) {
        ++copies;
        EXPECT_THAT(answer.body, HasSubstr(entry.path().filename().string()));
        auto copy = value_of(store::open_sqlite(entry.path()));
        ASSERT_NE(copy, nullptr);
        EXPECT_EQ(value_of(copy->groups()).size(), 2U);
    }
    EXPECT_EQ(copies, 1U);
}

TEST_F(ServerTest, IsTheSameServerAfterARestart) {
    start();
    const auto first = ask("GET", std::string(kSync) + "?wsdl");
    server_.reset();
    auto store = value_of(store::open_sqlite(config_.data / "headwater.db"));
    const Identity before = value_of(load_identity(*store, clock_));
    store.reset();
    start();
    server_.reset();
    store = value_of(store::open_sqlite(config_.data / "headwater.db"));
    const Identity after = value_of(load_identity(*store, clock_));
    EXPECT_EQ(before.id, after.id);
    EXPECT_EQ(before.config_changed, after.config_changed);
    ASSERT_EQ(before.keys.size(), 1U);
    EXPECT_EQ(after.keys.front().bytes, before.keys.front().bytes);
}

TEST_F(ServerTest, GivesAnOldKeyASuccessorAndKeepsFour) {
    class Later : public Clock {
    public:
        [[nodiscard]] Time now() const override { return time; }
        Time time{std::chrono::sys_days{std::chrono::year{2026} / 10 / 5}};
    } clock;
    auto store = value_of(store::open_sqlite(folder_.path() / "headwater.db"));
    const auto first = value_of(load_identity(*store, clock)).keys;
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first.front().bytes.size(), 32U);
    clock.time += std::chrono::hours{23};
    EXPECT_EQ(value_of(load_identity(*store, clock)).keys.size(), 1U);
    for (int day = 0; day < 6; ++day) {
        clock.time += std::chrono::hours{25};
        const auto keys = value_of(load_identity(*store, clock)).keys;
        EXPECT_EQ(keys.size(), static_cast<std::size_t>(std::min(day + 2, 4)));
        EXPECT_EQ(keys.back().id, static_cast<std::uint32_t>(day + 2));
    }
}

}  // namespace
}  // namespace headwater::server
