#include "server/file_source.hpp"

#include <gtest/gtest.h>

#include "base/testing.hpp"
#include "policy/options.hpp"

namespace headwater::server {
namespace {

class FileSourceTest : public testing::Test {
protected:
    FileSourceTest() {
        options_.upstream = "http://upstream.corp:8530";
        file_.extension = ".cab";
        file_.mu_url = "http://download.windowsupdate.com/c/a.cab";
    }
    content::Transfer::Source source() {
        EXPECT_TRUE(policy::save_sync_options(*store_, options_));
        return test_help::value_of(files_.of(file_));
    }

    test_help::TemporaryFolder folder_;
    SystemClock clock_;
    std::unique_ptr<store::Store> store_ =
        test_help::value_of(store::open_sqlite(folder_.path() / "headwater.db"));
    SecretBox secrets_{SecretBox::Key{}};
    net::Client client_;
    FileSource files_{*store_, secrets_, client_, clock_};
    policy::SyncOptions options_;
    store::FileRecord file_;
};

TEST_F(FileSourceTest, FilesOfMicrosoftComeByHttpsAndByTheProxyForIt) {
    options_.content_from = policy::ContentSource::kMicrosoft;
    options_.proxy.enabled = true;
    options_.proxy.server = {"proxy.corp", 3128};
    options_.proxy.tls = policy::Endpoint{"tls-proxy.corp", 3129};
    const auto from = source();
    EXPECT_EQ(from.url, "https://download.windowsupdate.com/c/a.cab");
    EXPECT_EQ(from.proxy->host, "tls-proxy.corp");
    EXPECT_EQ(from.plain_url, "http://download.windowsupdate.com/c/a.cab");
    EXPECT_EQ(from.plain_proxy->host, "proxy.corp");
}

TEST_F(FileSourceTest, OtherFilesComeAsTheirAddressSays) {
    EXPECT_TRUE(source().url.starts_with("http://upstream.corp:8530/Content/00/"));
    EXPECT_EQ(source().plain_url, "");
    options_.content_from = policy::ContentSource::kMicrosoft;
    file_.mu_url = "http://mirror.corp/a.cab";
    EXPECT_EQ(source().url, "http://mirror.corp/a.cab");
    EXPECT_EQ(source().plain_url, "");
}

}  // namespace
}  // namespace headwater::server
