#include "protocol/cookies.hpp"

#include <gtest/gtest.h>

namespace headwater::protocol {
namespace {

constexpr Guid kServer = "11111111-2222-3333-4444-555555555555"_guid;
constexpr Guid kOtherServer = "99999999-2222-3333-4444-555555555555"_guid;
const Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 10 / 4}};

Sealer sealer(Guid server = kServer, std::uint8_t fill = 7, std::uint32_t key_id = 1) {
    return Sealer(server, {{key_id, Bytes(32, fill)}});
}

AgentCookie cookie() {
    return {kNow + std::chrono::hours{1},
            {42, 99},
            {43, 98},
            123456789,
            "e1da06a3-5601-43c9-bac3-52d5db701494"};
}

TEST(Cookies, OpenToWhatWasSealed) {
    const Sealer seals = sealer();
    EXPECT_EQ(seals.open_agent(seals.seal(cookie()), kNow), cookie());
    const AgentAuthorization authorization{kNow + std::chrono::hours{1}, "computer"};
    EXPECT_EQ(seals.open_agent_authorization(seals.seal(authorization), kNow), authorization);
    const DownstreamCookie downstream{kNow + std::chrono::hours{4}, kOtherServer, 1, 20};
    EXPECT_EQ(seals.open_downstream(CookieKind::kDownstream,
                                    seals.seal(CookieKind::kDownstream, downstream), kNow),
              downstream);
}

TEST(Cookies, AreInvalidWhenAnyByteIsChangedOrCutOff) {
    const Sealer seals = sealer();
    const Bytes good = seals.seal(cookie());
    for (std::size_t i = 0; i < good.size(); ++i) {
        Bytes forged = good;
        forged[i] ^= 1U;
        const auto opened = seals.open_agent(forged, kNow);
        ASSERT_FALSE(opened) << "byte " << i;
        const bool in_server_id = i >= 8 && i < 24;
        EXPECT_EQ(opened.error(),
                  in_server_id ? CookieFault::kServerChanged : CookieFault::kInvalidCookie);
        EXPECT_FALSE(seals.open_agent(ByteView(good).first(i), kNow));
    }
}

TEST(Cookies, OfAnotherServerSayThatTheServerChanged) {
    const auto opened = sealer().open_agent(sealer(kOtherServer).seal(cookie()), kNow);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), CookieFault::kServerChanged);
}

TEST(Cookies, SealedWithAnotherKeyAreInvalid) {
    EXPECT_EQ(sealer().open_agent(sealer(kServer, 8).seal(cookie()), kNow).error(),
              CookieFault::kInvalidCookie);
    EXPECT_EQ(sealer().open_agent(sealer(kServer, 7, 2).seal(cookie()), kNow).error(),
              CookieFault::kInvalidCookie);
}

TEST(Cookies, ExpireAfterTheirTime) {
    const Sealer seals = sealer();
    const Bytes sealed = seals.seal(cookie());
    EXPECT_TRUE(seals.open_agent(sealed, kNow + std::chrono::hours{1}));
    EXPECT_EQ(seals.open_agent(sealed, kNow + std::chrono::hours{2}).error(),
              CookieFault::kCookieExpired);
}

TEST(Cookies, OfOneKindDoNotPassForAnother) {
    const Sealer seals = sealer();
    const Bytes authorization =
        seals.seal(AgentAuthorization{kNow + std::chrono::hours{1}, "computer"});
    EXPECT_EQ(seals.open_agent(authorization, kNow).error(), CookieFault::kInvalidCookie);
}

TEST(Cookies, OfAnOlderKeyStillOpenAfterTheKeyIsRotated) {
    Sealer seals = sealer();
    const Bytes old = seals.seal(cookie());
    seals.add_key({2, Bytes(32, 9)});
    EXPECT_TRUE(seals.open_agent(old, kNow));
    EXPECT_TRUE(seals.open_agent(seals.seal(cookie()), kNow));
    for (std::uint32_t id = 3; id < 6; ++id) {
        seals.add_key({id, Bytes(32, static_cast<std::uint8_t>(id))});
    }
    EXPECT_EQ(seals.open_agent(old, kNow).error(), CookieFault::kInvalidCookie);
}

TEST(Cookies, OfZeroBytesAreInvalid) {
    EXPECT_EQ(sealer().open_agent(Bytes(304, 0), kNow).error(), CookieFault::kInvalidCookie);
    EXPECT_EQ(sealer().open_agent({}, kNow).error(), CookieFault::kInvalidCookie);
}

}  // namespace
}  // namespace headwater::protocol
