#pragma once
// What stands between the network and the API: sign-in, sessions in a cookie, and a token against
// requests that another site makes a browser send. Any thread.

#include <memory>
#include <optional>
#include <string>

#include "admin/accounts.hpp"
#include "admin/dispatch.hpp"

namespace headwater::admin {

class Gate {
public:
    /// @param version  of the program, for whoever signs in
    Gate(Accounts& accounts, std::shared_ptr<const Dispatch> dispatch, std::string version)
        : accounts_(accounts), dispatch_(std::move(dispatch)), version_(std::move(version)) {}

    /// Everything below /api/v1. Further problems: "session.none" without a session, "session.csrf"
    /// for a change without the token.
    [[nodiscard]] net::Response answer(const net::Request& request) const;

    struct Session {
        std::string token;
        Caller caller;
    };
    /// Errors: "session.none".
    [[nodiscard]] Result<Session> session_of(const net::Request& request) const;

private:
    [[nodiscard]] std::optional<net::Response> answer_about_session(
        const net::Request& request) const;
    [[nodiscard]] Result<net::Response> show(const net::Request& request) const;
    [[nodiscard]] Result<net::Response> sign_in(const net::Request& request) const;
    [[nodiscard]] Result<net::Response> set_up(const net::Request& request) const;
    [[nodiscard]] Result<net::Response> sign_out(const net::Request& request) const;
    [[nodiscard]] Result<net::Response> change_password(const net::Request& request) const;
    [[nodiscard]] Result<net::Response> show_session(const std::optional<Session>& session) const;
    [[nodiscard]] Result<net::Response> begun(const net::Request& request,
                                              Accounts::SignedIn signed_in) const;
    /// Errors: "session.none", "session.csrf".
    [[nodiscard]] Result<Session> may_change(const net::Request& request) const;

    Accounts& accounts_;
    std::shared_ptr<const Dispatch> dispatch_;
    std::string version_;
};

}  // namespace headwater::admin
