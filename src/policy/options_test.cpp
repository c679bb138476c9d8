#include "policy/options.hpp"

#include <gtest/gtest.h>

#include "policy/policy_testing.hpp"

namespace headwater::policy {
namespace {

using test_help::code_of;
using test_help::value_of;
using Options = PolicyTest;

TEST_F(Options, AreKept) {
    EXPECT_EQ(value_of(load_sync_options(*store_)), SyncOptions{});
    SyncOptions options;
    options.upstream = "https://wsus.corp.example:8531";
    options.products = {false, {guid_of(1), guid_of(2)}};
    options.classifications.all = true;
    options.languages = {"en", "pt-br"};
    options.parallel_requests = 16;
    options.source = Source::kMicrosoft;
    options.content_from = ContentSource::kMicrosoft;
    options.proxy = {true,
                     {"proxy.corp.example", 8080},
                     "sync",
                     "CORP",
                     "c2VhbGVk",
                     true,
                     Endpoint{"::1", 8443},
                     {"*.corp.example", "<local>"}};
    options.schedule = {true, 150, 24, 0};
    options.history_days = 30;
    ASSERT_TRUE(save_sync_options(*store_, options));
    EXPECT_EQ(value_of(load_sync_options(*store_)), options);
}

TEST_F(Options, WithAnAddressThatIsNoneAreRefused) {
    for (const char* upstream :
         {"wsus.corp.example", "ftp://wsus", "http://", "http:///x", "http://:8530",
          "http://user:password@wsus", "http://a b", "http://a\"b", "file:///etc/passwd",
          "http://a\nb", "http://a\\b"}) {
        SyncOptions options;
        options.upstream = upstream;
        EXPECT_EQ(code_of(save_sync_options(*store_, options)), "options.invalid") << upstream;
    }
    for (const char* upstream : {"http://wsus", "HTTP://WSUS:8530", "http://[::1]:8530",
                                 "https://wsus.corp.example/sub", "http://10.0.0.1"}) {
        SyncOptions options;
        options.upstream = upstream;
        EXPECT_EQ(code_of(save_sync_options(*store_, options)), "") << upstream;
    }
    for (const unsigned parallel : {0U, 17U}) {
        SyncOptions options;
        options.parallel_requests = parallel;
        EXPECT_EQ(code_of(save_sync_options(*store_, options)), "options.invalid");
    }
}

TEST_F(Options, OfAProxyThatIsNoneAreRefused) {
    const auto refused = [&](const std::function<void(SyncOptions&)>& change) {
        SyncOptions options;
        options.proxy.enabled = true;
        options.proxy.server = {"proxy", 3128};
        change(options);
        return code_of(save_sync_options(*store_, options)) == "options.invalid";
    };
    EXPECT_FALSE(refused([](SyncOptions&) {}));
    for (const char* host : {"", "http://proxy", "proxy/", "a b", "user@proxy", "pro\nxy"}) {
        EXPECT_TRUE(refused([&](SyncOptions& options) { options.proxy.server.host = host; }))
            << host;
    }
    EXPECT_TRUE(refused([](SyncOptions& options) { options.proxy.server.port = 0; }));
    EXPECT_TRUE(refused([](SyncOptions& options) { options.proxy.tls = Endpoint{"", 3128}; }));
    EXPECT_TRUE(refused([](SyncOptions& options) { options.proxy.user = "a:b"; }));
    EXPECT_TRUE(refused([](SyncOptions& options) { options.proxy.domain = "a\nb"; }));
    EXPECT_TRUE(refused([](SyncOptions& options) { options.proxy.bypass = {"http://x"}; }));
    EXPECT_TRUE(refused([](SyncOptions& options) { options.proxy.bypass = {""}; }));
}

TEST_F(Options, OfAScheduleThatNoClockKnowsAreRefused) {
    for (const ScheduleOptions schedule :
         {ScheduleOptions{true, 1440, 1, 0}, ScheduleOptions{true, 0, 0, 0},
          ScheduleOptions{true, 0, 25, 0}, ScheduleOptions{true, 0, 1, 31}}) {
        SyncOptions options;
        options.schedule = schedule;
        EXPECT_EQ(code_of(save_sync_options(*store_, options)), "options.invalid");
    }
    for (const unsigned days : {0U, 3651U}) {
        SyncOptions options;
        options.history_days = days;
        EXPECT_EQ(code_of(save_sync_options(*store_, options)), "options.invalid");
    }
}

TEST_F(Options, ThatWereSpoiledAreNotGuessed) {
    ASSERT_TRUE(store_->put_setting("options.synchronization", "{\"upstream\":"));
    EXPECT_EQ(code_of(load_sync_options(*store_)), "store.corrupt");
    ASSERT_TRUE(store_->put_setting("options.synchronization", "[1,2]"));
    EXPECT_EQ(value_of(load_sync_options(*store_)), SyncOptions{});
    ASSERT_TRUE(store_->put_setting(
        "options.synchronization",
        R"({"upstream":7,"products":{"all":"yes","ids":[1,"x"]},"parallel_requests":9999,"proxy":[],
            "schedule":{"per_day":99,"first_minute":-5},"history_days":"x"})"));
    const SyncOptions read = value_of(load_sync_options(*store_));
    EXPECT_EQ(read.upstream, "");
    EXPECT_EQ(read.products, Choice{});
    EXPECT_EQ(read.parallel_requests, 16U);
    EXPECT_EQ(read.proxy, ProxyOptions{});
    EXPECT_EQ(read.schedule.per_day, 24U);
    EXPECT_EQ(read.schedule.first_minute, 0U);
    EXPECT_EQ(read.history_days, 180U);
}

TEST_F(Options, OfRulesAreKept) {
    EXPECT_TRUE(value_of(load_rules(*store_)).empty());
    const std::vector<ApprovalRule> rules = {
        {"Security for all", true, {false, {guid_of(1)}}, {true, {}}, {kAllComputers}},
        {"Later", false, {true, {}}, {false, {guid_of(2)}}, {guid_of(3), guid_of(4)}}};
    ASSERT_TRUE(save_rules(*store_, rules));
    EXPECT_EQ(value_of(load_rules(*store_)), rules);
    EXPECT_EQ(code_of(save_rules(*store_, {{}})), "options.invalid");
}

}  // namespace
}  // namespace headwater::policy
