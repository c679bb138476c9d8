#pragma once
// Private to downstream/: what the calls have in common: the cookie, and errors as faults. Pure;
// any thread.

#include <expected>

#include "base/error.hpp"
#include "base/time.hpp"
#include "protocol/common.hpp"
#include "protocol/cookies.hpp"
#include "soap/fault.hpp"

namespace headwater::downstream {

template <typename T>
using Answer = std::expected<T, soap::Fault>;

[[nodiscard]] soap::Fault fault_of(const Error& error);

/// What a downstream server's cookie says. Faults: InvalidCookie, ServerChanged.
[[nodiscard]] Answer<protocol::DownstreamCookie> check(
    const protocol::Sealer& sealer, const soap::Optional<protocol::Cookie>& cookie, Time now);

}  // namespace headwater::downstream
