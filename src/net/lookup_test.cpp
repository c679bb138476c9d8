#include "net/lookup.hpp"

#include <gmock/gmock.h>

#include "base/testing.hpp"
#include "net/server.hpp"

namespace headwater::net {
namespace {

using test_help::value_of;
using namespace std::chrono_literals;

TEST(Lookup, AsksTheSystemItsFileAndTheNameServersInTurn) {
    const auto lookups = look_up("localhost");
    ASSERT_EQ(lookups.size(), 3U);
    EXPECT_EQ(lookups[0].way, "the system");
    EXPECT_THAT(lookups[0].addresses, testing::Not(testing::IsEmpty()));
    EXPECT_EQ(lookups[1].way, "/etc/hosts");
    EXPECT_EQ(lookups[2].way, "DNS");
}

TEST(Lookup, SaysWhyANameHasNoAddress) {
    const Lookup system = look_up("no-such-host.invalid").front();
    EXPECT_THAT(system.addresses, testing::IsEmpty());
    EXPECT_FALSE(system.error.empty());
}

TEST(ConnectTo, TellsAPortThatListensFromOneThatDoesNot) {
    Server server(ServerOptions{});
    const auto port = value_of(server.listen({"127.0.0.1", 0, {}, std::make_shared<Router>()}));
    server.start();
    EXPECT_TRUE(connect_to("127.0.0.1", port, 5s));
    server.stop();
    EXPECT_EQ(connect_to("127.0.0.1", port, 5s).error().code, "net.connect");
    EXPECT_EQ(connect_to("no address", port, 5s).error().code, "net.connect");
}

TEST(AddressOf, NamesTheSchemesPortWhereTheUrlHasNone) {
    EXPECT_EQ(address_of("https://wsus.corp/path").port, 443);
    EXPECT_TRUE(address_of("https://wsus.corp/path").tls);
    EXPECT_EQ(address_of("http://[::1]:8530").host, "::1");
    EXPECT_EQ(address_of("http://[::1]:8530").port, 8530);
    EXPECT_EQ(address_of("nonsense").host, "");
}

}  // namespace
}  // namespace headwater::net
