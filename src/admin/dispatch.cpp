#include "admin/dispatch.hpp"

#include <algorithm>
#include <exception>

#include "admin/problem.hpp"
#include "base/log.hpp"
#include "base/utf.hpp"

namespace headwater::admin {
namespace {

constexpr std::string_view kPlaceholder = "{}";
constexpr unsigned kMethodNotAllowed = 405;

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        if (end != 0) {
            parts.push_back(path.substr(0, end));
        }
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

/// The parts below /api/v1; nothing for another path. They are cut before they are decoded, so that
/// a name may hold a '/'.
std::optional<std::vector<std::string>> path_of(const net::Request& request) {
    std::vector<std::string> parts;
    for (const std::string_view part :
         split(std::string_view(request.target).substr(0, request.target.find('?')))) {
        auto decoded = percent_decode(part, false);
        if (!decoded) {
            return std::nullopt;
        }
        parts.push_back(std::move(*decoded));
    }
    if (parts.size() < 2 || !equal_ignoring_case(parts[0], "api") ||
        !equal_ignoring_case(parts[1], "v1")) {
        return std::nullopt;
    }
    parts.erase(parts.begin(), parts.begin() + 2);
    return parts;
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
    return std::ranges::equal(pattern, path, [](const std::string& place, const std::string& part) {
        return place == kPlaceholder || place == part;
    });
}

auto placeholders(const std::vector<std::string>& pattern) {
    return std::ranges::count(pattern, kPlaceholder);
}

std::unexpected<Error> no_such_path(const net::Request& request) {
    return fail("request.unknown",
                "There is nothing at " + request.method + " " + request.target + ".",
                "The paths are described in docs/api.md.");
}

net::Response to_response(const Reply& reply) {
    net::Response response;
    response.status = reply.status;
    response.headers.set("Content-Type", "application/json");
    response.headers.set("Cache-Control", "no-store");
    response.body = boost::json::serialize(reply.body);
    return response;
}

}  // namespace

Result<> require_administrator(const Caller& caller) {
    if (caller.role != store::Role::kAdministrator) {
        return fail("session.role", "'" + caller.name + "' is a reporter, and may change nothing.",
                    "Ask an administrator of this server.");
    }
    return {};
}

void Dispatch::add(std::string method, std::string_view pattern, Operation operation) {
    const auto least = method == "GET" ? store::Role::kReporter : store::Role::kAdministrator;
    add(std::move(method), pattern, least, std::move(operation));
}

void Dispatch::add(std::string method, std::string_view pattern, store::Role least,
                   Operation operation) {
    Entry entry{std::move(method), {}, least, std::move(operation)};
    for (const std::string_view part : split(pattern)) {
        entry.pattern.emplace_back(part);
    }
    entries_.push_back(std::move(entry));
}

Dispatch::Match Dispatch::match(std::string_view method,
                                const std::vector<std::string>& path) const {
    Match match;
    for (const Entry& entry : entries_) {
        if (!fits(entry.pattern, path)) {
            continue;
        }
        match.allowed += (match.allowed.empty() ? "" : ", ") + entry.method;
        if (entry.method == method &&
            (match.entry == nullptr ||
             placeholders(entry.pattern) < placeholders(match.entry->pattern))) {
            match.entry = &entry;
        }
    }
    return match;
}

std::vector<std::string> Dispatch::operations() const {
    std::vector<std::string> all;
    for (const Entry& entry : entries_) {
        std::string text = entry.method + ' ';
        for (const std::string& part : entry.pattern) {
            text += (text.ends_with(' ') ? "" : "/") + part;
        }
        all.push_back(std::move(text));
    }
    return all;
}

Result<Reply> Dispatch::run(const net::Request& request, const Caller& caller) const {
    const auto path = path_of(request);
    if (!path) {
        return no_such_path(request);
    }
    const Match found = match(request.method, *path);
    if (found.allowed.empty()) {
        return no_such_path(request);
    }
    if (found.entry == nullptr) {
        return fail("request.method",
                    request.method + " is not possible at " + request.target + ".",
                    "Possible is: " + found.allowed + ".");
    }
    if (found.entry->least == store::Role::kAdministrator) {
        if (auto may = require_administrator(caller); !may) {
            return std::unexpected(may.error());
        }
    }
    auto query = Query::parse(request.query);
    if (!query) {
        return std::unexpected(query.error());
    }
    Call call{request, {}, std::move(*query), caller};
    for (std::size_t i = 0; i < path->size(); ++i) {
        if (found.entry->pattern[i] == kPlaceholder) {
            call.ids.push_back((*path)[i]);
        }
    }
    return found.entry->operation(call);
}

net::Response Dispatch::answer(const net::Request& request, const Caller& caller) const {
    try {
        const auto reply = run(request, caller);
        if (reply) {
            return to_response(*reply);
        }
        net::Response refused = problem(reply.error());
        if (const auto path = path_of(request); path && refused.status == kMethodNotAllowed) {
            refused.headers.set("Allow", match(request.method, *path).allowed);
        }
        return refused;
    } catch (const std::exception& exception) {
        const Error error{"api.internal",
                          "The server failed to answer " + request.method + ".",
                          "Its log says more.",
                          {exception.what()}};
        log::error(request.target + ": " + error.text());
        return problem(error);
    }
}

}  // namespace headwater::admin
