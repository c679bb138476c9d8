#include "admin/gate.hpp"

#include <openssl/crypto.h>

#include <exception>

#include "admin/problem.hpp"
#include "admin/values.hpp"
#include "base/log.hpp"
#include "base/utf.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

/// Cookies are sent to every port of a host: two servers on one machine need two names.
std::string cookie_name(const net::Request& request) {
    const std::size_t colon = request.host.find_last_of(":]");
    const bool has_port = colon != std::string::npos && request.host[colon] == ':';
    std::string port = has_port ? request.host.substr(colon + 1) : std::string();
    const bool is_number =
        port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
    return "headwater_session" + (port.empty() || !is_number ? "" : "_" + port);
}

std::string cookie_of(const net::Request& request) {
    const std::string name = cookie_name(request) + "=";
    for (const auto& [field, value] : request.headers.fields()) {
        if (!equal_ignoring_case(field, "Cookie")) {
            continue;
        }
        std::string_view left = value;
        while (!left.empty()) {
            const std::size_t end = std::min(left.find(';'), left.size());
            std::string_view one = left.substr(0, end);
            one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
            if (one.starts_with(name)) {
                return std::string(one.substr(name.size()));
            }
            left.remove_prefix(std::min(end + 1, left.size()));
        }
    }
    return {};
}

void set_cookie(net::Response& response, const net::Request& request, const std::string& token) {
    response.headers.add(
        "Set-Cookie", cookie_name(request) + "=" + token + "; Path=/; HttpOnly; SameSite=Strict" +
                          (request.tls ? "; Secure" : "") + (token.empty() ? "; Max-Age=0" : ""));
}

net::Response json_response(const json::object& body) {
    net::Response response;
    response.headers.set("Content-Type", "application/json");
    response.headers.set("Cache-Control", "no-store");
    response.body = json::serialize(body);
    return response;
}

net::Response no_content() {
    net::Response response;
    response.status = 204;
    response.headers.set("Cache-Control", "no-store");
    return response;
}

std::unexpected<Error> nobody() {
    return fail("session.none", "Nobody is signed in.", "Sign in; a session ends when it is idle.");
}

bool changes_something(const net::Request& request) {
    return request.method != "GET" && request.method != "HEAD";
}

}  // namespace

Result<Gate::Session> Gate::session_of(const net::Request& request) const {
    std::string token = cookie_of(request);
    const auto caller = accounts_.who(token);
    if (!caller) {
        return std::unexpected(caller.error());
    }
    if (!*caller) {
        return nobody();
    }
    return Session{std::move(token), **caller};
}

Result<Gate::Session> Gate::may_change(const net::Request& request) const {
    auto session = session_of(request);
    if (!session) {
        return session;
    }
    const std::string expected = Accounts::csrf_of(session->token);
    const std::string_view sent = request.headers.get("X-Headwater-CSRF").value_or("");
    if (sent.size() != expected.size() ||
        CRYPTO_memcmp(sent.data(), expected.data(), expected.size()) != 0) {
        return fail("session.csrf", "The request does not carry this session's token.",
                    "Send the `csrf` of GET /api/v1/session as the field X-Headwater-CSRF.");
    }
    return session;
}

net::Response Gate::answer(const net::Request& request) const {
    try {
        if (auto answered = answer_about_session(request)) {
            return std::move(*answered);
        }
        const auto session = changes_something(request) ? may_change(request) : session_of(request);
        return session ? dispatch_->answer(request, session->caller) : problem(session.error());
    } catch (const std::exception& exception) {
        log::error("A request of a session failed: " + std::string(exception.what()));
        return problem({"api.internal", "The server failed to answer.", "Its log says more.", {}});
    }
}

std::optional<net::Response> Gate::answer_about_session(const net::Request& request) const {
    struct Route {
        std::string_view method;
        std::string_view path;
        Result<net::Response> (Gate::*answer)(const net::Request&) const;
    };
    static constexpr std::array kRoutes = {
        Route{"GET", "/api/v1/session", &Gate::show},
        Route{"POST", "/api/v1/session", &Gate::sign_in},
        Route{"DELETE", "/api/v1/session", &Gate::sign_out},
        Route{"PUT", "/api/v1/session/password", &Gate::change_password},
        Route{"POST", "/api/v1/setup", &Gate::set_up}};
    for (const Route& route : kRoutes) {
        if (route.method == request.method && equal_ignoring_case(route.path, request.path)) {
            auto answered = (this->*route.answer)(request);
            return answered ? std::move(*answered) : problem(answered.error());
        }
    }
    return std::nullopt;
}

Result<net::Response> Gate::show_session(const std::optional<Session>& session) const {
    const auto needed = accounts_.is_setup_needed();
    if (!needed) {
        return std::unexpected(needed.error());
    }
    json::object body = {{"signed_in", session.has_value()},
                         {"setup_needed", *needed},
                         {"user", nullptr},
                         {"version", session ? json_text(version_) : json::value(nullptr)},
                         {"csrf", nullptr}};
    if (session) {
        body["user"] = json::object{{"name", json_text(session->caller.name)},
                                    {"role", json_text(name_of(session->caller.role))}};
        body["csrf"] = json_text(Accounts::csrf_of(session->token));
    }
    return json_response(body);
}

Result<net::Response> Gate::show(const net::Request& request) const {
    auto session = session_of(request);
    if (!session && session.error().code != "session.none") {
        return std::unexpected(session.error());
    }
    return show_session(session ? std::optional(std::move(*session)) : std::nullopt);
}

Result<net::Response> Gate::begun(const net::Request& request, Accounts::SignedIn signed_in) const {
    auto response = show_session(Session{signed_in.token, std::move(signed_in.caller)});
    if (response) {
        set_cookie(*response, request, signed_in.token);
    }
    return response;
}

Result<net::Response> Gate::sign_in(const net::Request& request) const {
    auto fields = Fields::parse(request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const std::string name = fields->text("name");
    const std::string password = fields->text("password");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    auto signed_in = accounts_.sign_in(name, password, request.remote_address);
    if (!signed_in) {
        return std::unexpected(signed_in.error());
    }
    return begun(request, std::move(*signed_in));
}

Result<net::Response> Gate::set_up(const net::Request& request) const {
    auto fields = Fields::parse(request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const std::string code = fields->text("code");
    const std::string name = fields->text("name");
    const std::string password = fields->text("password");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    auto signed_in = accounts_.set_up(code, name, password, request.remote_address);
    if (!signed_in) {
        return std::unexpected(signed_in.error());
    }
    return begun(request, std::move(*signed_in));
}

Result<net::Response> Gate::sign_out(const net::Request& request) const {
    const auto session = may_change(request);
    if (!session) {
        return std::unexpected(session.error());
    }
    if (auto ended = accounts_.sign_out(session->token); !ended) {
        return std::unexpected(ended.error());
    }
    net::Response response = no_content();
    set_cookie(response, request, {});
    return response;
}

Result<net::Response> Gate::change_password(const net::Request& request) const {
    const auto session = may_change(request);
    if (!session) {
        return std::unexpected(session.error());
    }
    auto fields = Fields::parse(request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const std::string old = fields->text("old");
    const std::string fresh = fields->text("new");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    if (auto changed =
            accounts_.change_own_password(session->token, old, fresh, request.remote_address);
        !changed) {
        return std::unexpected(changed.error());
    }
    return no_content();
}

}  // namespace headwater::admin
