#include "server/config.hpp"

#include <gmock/gmock.h>

#include "base/testing.hpp"

namespace headwater::server {
namespace {

using test_help::code_of;
using ::testing::HasSubstr;

class ConfigTest : public testing::Test {
protected:
    Result<Config> load(const std::string& text) {
        test_help::write_file(folder_.path() / "headwater.toml", text);
        return load_config(folder_.path() / "headwater.toml");
    }
    test_help::TemporaryFolder folder_;
};

TEST_F(ConfigTest, LeavesEverythingThatIsNotSaid) {
    const Config config = test_help::value_of(load(""));
    EXPECT_EQ(config.data, "data");
    EXPECT_EQ(config.port, 8530);
    EXPECT_EQ(config.socket_path(), std::filesystem::path("data/headwater.sock"));
    EXPECT_EQ(config.admin_address, "127.0.0.1");
    EXPECT_EQ(config.admin_port_to_use(), 8532);
    EXPECT_EQ(config.connections.max_connections, net::ServerLimits{}.max_connections);
    EXPECT_EQ(config.messages.max_items, soap::RequestLimits{}.max_items);
}

TEST_F(ConfigTest, TakesTheSecretOfS3FromAFileThatNobodyElseReads) {
    const auto secret = folder_.path() / "secret";
    test_help::write_file(secret, "hidden\n");
    std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
    const std::string text =
        "[s3]\nendpoint = \"https://s3.example.org/\"\naccess_key = \"key\"\n"
        "cache_gib = 2\npart_mib = 5\nsecret_file = \"" +
        secret.string() + "\"\n";
    const Config config = test_help::value_of(load(text));
    ASSERT_TRUE(config.s3);
    EXPECT_EQ(config.s3->account.endpoint, "https://s3.example.org");
    EXPECT_EQ(config.s3->account.login.secret, "hidden");
    EXPECT_EQ(config.s3->account.login.region, "us-east-1");
    EXPECT_EQ(config.s3->cache_bytes, std::uint64_t{2} << 30U);
    EXPECT_EQ(config.s3->sizes.part, std::uint64_t{5} << 20U);
    std::filesystem::permissions(secret, std::filesystem::perms{0640});
    const auto open = load(text);
    ASSERT_FALSE(open);
    EXPECT_THAT(open.error().text(), HasSubstr("chmod 600"));
    for (const std::string_view wrong :
         {"[s3]\n", "[s3]\naccess_key = \"key\"\n", "[s3]\nendpoint = \"s3.example.org\"\n",
          "[s3]\nregion = \"A B\"\n", "[s3]\naccess_key = \"k\"\nsecret_file = \"/nowhere\"\n"}) {
        EXPECT_EQ(code_of(load(std::string(wrong))), "config.invalid") << wrong;
    }
}

TEST_F(ConfigTest, ReadsEverySetting) {
    const Config config = test_help::value_of(load(R"(
data = "/var/lib/headwater"
socket = "/run/headwater.sock"
trusted_certificates = "/etc/headwater/ca.pem"
syslog = false
[listen]
address = "::1"
port = 0
[admin]
address = "0.0.0.0"
port = 8443
[limits]
header_kib = 8
body_mib = 2
connections = 7
io_timeout_seconds = 3
keep_alive_seconds = 4
downloads = 8
downloads_per_client = 5
message_mib = 1
message_elements = 1000
message_depth = 16
message_attributes = 17
message_items = 1001
)"));
    EXPECT_EQ(config.data, "/var/lib/headwater");
    EXPECT_EQ(config.socket_path(), "/run/headwater.sock");
    EXPECT_EQ(config.trusted_certificates, "/etc/headwater/ca.pem");
    EXPECT_FALSE(config.syslog);
    EXPECT_EQ(config.address, "::1");
    EXPECT_EQ(config.port, 0);
    EXPECT_EQ(config.admin_address, "0.0.0.0");
    EXPECT_EQ(config.admin_port_to_use(), 8443);
    EXPECT_EQ(config.connections.max_header_bytes, 8U * 1024);
    EXPECT_EQ(config.connections.max_body_bytes, 2U << 20U);
    EXPECT_EQ(config.connections.max_connections, 7U);
    EXPECT_EQ(config.connections.io_timeout, std::chrono::seconds{3});
    EXPECT_EQ(config.connections.keep_alive, std::chrono::seconds{4});
    EXPECT_EQ(config.downloads.in_all, 8U);
    EXPECT_EQ(config.downloads.per_client, 5U);
    EXPECT_EQ(config.messages.xml.max_bytes, 1U << 20U);
    EXPECT_EQ(config.messages.xml.max_elements, 1000U);
    EXPECT_EQ(config.messages.xml.max_depth, 16U);
    EXPECT_EQ(config.messages.xml.max_attributes, 17U);
    EXPECT_EQ(config.messages.max_items, 1001U);
}

TEST_F(ConfigTest, NamesTheSettingThatIsWrong) {
    const std::pair<const char*, const char*> cases[] = {
        {"dta = \"x\"", "'dta' is no setting"},
        {"data = 7", "'data' has to be a text"},
        {"listen = 8530", "'listen' has to be a table"},
        {"[listen]\nprot = 8530", "'listen.prot' is no setting"},
        {"[listen]\nport = 65536", "'listen.port' has to be a whole number from 0 to 65535"},
        {"[listen]\nport = -1", "'listen.port' has to be a whole number"},
        {"[listen]\nport = \"8530\"", "'listen.port' has to be a whole number"},
        {"[limits]\nbody_mib = 0", "'limits.body_mib' has to be a whole number from 1"},
        {"[limits]\nbody_mib = 1.5", "'limits.body_mib'"},
        {"[limits]\nmessage_items = 9223372036854775807", "'limits.message_items'"},
    };
    for (const auto& [text, sentence] : cases) {
        const auto loaded = load(text);
        EXPECT_EQ(code_of(loaded), "config.invalid") << text;
        if (!loaded) {
            EXPECT_THAT(loaded.error().sentence, HasSubstr(sentence));
            EXPECT_THAT(loaded.error().remedy, HasSubstr("docs/configuration.md"));
        }
    }
}

TEST_F(ConfigTest, SaysWhereAFileCannotBeRead) {
    const auto broken = load("data = \"x\"\n[listen\n");
    EXPECT_EQ(code_of(broken), "config.unreadable");
    EXPECT_THAT(broken.error().text(), HasSubstr("line 2"));
    EXPECT_EQ(code_of(load_config(folder_.path() / "none.toml")), "config.unreadable");
    EXPECT_EQ(code_of(load_config(folder_.path())), "config.unreadable");
}

}  // namespace
}  // namespace headwater::server
