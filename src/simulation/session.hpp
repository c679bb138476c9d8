#pragma once
// The agent's standing with its server: configuration, cookie, registration and revision ids, made
// when they are missing and made again when a fault says so. [MS-WUSP] 2.2.2.4, 3.2.5.
// One thread at a time.

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "protocol/client.hpp"
#include "simulation/caller.hpp"
#include "simulation/facts.hpp"
#include "simulation/state.hpp"

namespace headwater::simulation {

/// An operation of the client service.
[[nodiscard]] constexpr Operation client_operation(std::string_view name) {
    return {protocol::client::kNamespace, protocol::client::kPath, name};
}

/// How often a call is saved after a fault, and how long to wait where the server is to blame.
struct Patience {
    unsigned recoveries = 6;                      ///< of one call
    std::chrono::milliseconds first_wait{1'000};  ///< doubled each time, up to a minute
    /// Waits; by default the thread sleeps.
    std::function<void(std::chrono::milliseconds)> wait = {};
};

class Session {
public:
    /// All that is given by reference outlives the session; the state has its client_id already.
    Session(Caller& caller, AgentState& state, const Facts& facts, const Clock& clock,
            Patience patience);

    /// Sees that there is a configuration, a valid cookie and a registration.
    [[nodiscard]] Result<> open();

    /// Calls, and calls again after each fault that can be remedied.
    /// @param make  the request from the cookie; called anew each time, as revision ids may change
    template <typename Response, typename Make>
    [[nodiscard]] Result<Response> call(const Operation& operation, Make make) {
        while (true) {
            if (auto opened = prepare(); !opened) {
                return std::unexpected(std::move(opened.error()));
            }
            auto answer = caller_.call<Response>(operation, make(*state_.cookie));
            if (answer) {
                recoveries_ = 0;
                return std::move(*answer);
            }
            if (auto remedied = remedy(answer.error()); !remedied) {
                return std::unexpected(std::move(remedied.error()));
            }
        }
    }

    /// As a call that needs no cookie.
    template <typename Response, typename Request>
    [[nodiscard]] Result<Response> call_without_cookie(const Operation& operation,
                                                       const Request& request) {
        return call<Response>(operation, [&](const protocol::Cookie&) { return request; });
    }

    /// GetFileLocations for all files that are known; what has none keeps what it had.
    [[nodiscard]] Result<> locate_files();

    /// Faults that came, by their code.
    [[nodiscard]] const std::map<std::string, unsigned>& faults() const { return faults_; }
    [[nodiscard]] Caller& caller() { return caller_; }

private:
    enum class Step { kDone, kConfigure, kAuthorize, kRefresh, kLocate, kRegister };
    [[nodiscard]] Step next_step() const;
    [[nodiscard]] Result<> prepare();
    [[nodiscard]] Answer<void> take(Step step);
    [[nodiscard]] Answer<void> configure();
    [[nodiscard]] Answer<void> authorize();
    [[nodiscard]] Answer<void> register_computer();
    [[nodiscard]] Answer<void> refresh_cache();
    [[nodiscard]] Answer<void> refresh_file_locations();
    /// Undoes what the fault says is no longer good, so that the steps make it again.
    [[nodiscard]] Result<> remedy(const CallError& error);
    [[nodiscard]] protocol::client::ComputerInfo computer_info() const;
    /// A digest of who this is and what RegisterComputer would tell.
    [[nodiscard]] std::string registration() const;

    Caller& caller_;
    AgentState& state_;
    const Facts& facts_;
    const Clock& clock_;
    Patience patience_;
    std::string registration_;
    unsigned recoveries_ = 0;
    bool renew_cookie_ = false;
    bool locations_stale_ = false;
    std::map<std::string, unsigned> faults_;
};

}  // namespace headwater::simulation
