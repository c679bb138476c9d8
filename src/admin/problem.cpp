#include "admin/problem.hpp"

#include <array>
#include <boost/json.hpp>

#include "admin/values.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

struct Mapping {
    std::string_view code;
    unsigned status;
};

constexpr std::array kMappings = {
    Mapping{"request.method", 405},     Mapping{"request.too_large", 413},
    Mapping{"sync.running", 409},       Mapping{"sync.not_running", 409},
    Mapping{"sync.no_upstream", 409},   Mapping{"group.exists", 409},
    Mapping{"group.builtin", 409},      Mapping{"update.declined", 409},
    Mapping{"update.expired", 409},     Mapping{"store.conflict", 409},
    Mapping{"rule.exists", 409},        Mapping{"options.invalid", 400},
    Mapping{"group.name", 400},         Mapping{"update.not_deployable", 400},
    Mapping{"update.ambiguous", 400},   Mapping{"category.ambiguous", 400},
    Mapping{"computer.ambiguous", 400}, Mapping{"store.full", 507},
    Mapping{"store.closed", 503},       Mapping{"health.busy", 503},
    Mapping{"doctor.busy", 503},        Mapping{"options.missing", 501},
    Mapping{"session.none", 401},       Mapping{"session.refused", 401},
    Mapping{"session.throttled", 429},  Mapping{"session.role", 403},
    Mapping{"session.csrf", 403},       Mapping{"setup.code", 401},
    Mapping{"setup.done", 409},         Mapping{"user.name", 400},
    Mapping{"user.password", 400},      Mapping{"stream.busy", 503},
    Mapping{"content.busy", 409},       Mapping{"content.no_task", 409},
    Mapping{"content.folder", 400},     Mapping{"content.disk_full", 507},
    Mapping{"transfer.ambiguous", 400},
};

}  // namespace

unsigned status_of(std::string_view code) {
    for (const Mapping& mapping : kMappings) {
        if (mapping.code == code) {
            return mapping.status;
        }
    }
    if (code.ends_with(".unknown")) {
        return 404;
    }
    if (code.starts_with("request.")) {
        return 400;
    }
    if (code.starts_with("upstream.") || code.starts_with("net.")) {
        return 502;
    }
    return 500;
}

net::Response problem(const Error& error) {
    const unsigned status = status_of(error.code);
    json::array causes;
    for (const std::string& cause : error.causes) {
        causes.push_back(json_text(cause));
    }
    json::object body = {{"type", json_text("urn:headwater:error:" + error.code)},
                         {"title", json_text(error.sentence)},
                         {"status", status}};
    if (!error.remedy.empty()) {
        body["detail"] = json_text(error.remedy);
    }
    body["causes"] = std::move(causes);
    net::Response response;
    response.status = status;
    response.headers.set("Content-Type", "application/problem+json");
    response.headers.set("Cache-Control", "no-store");
    response.body = json::serialize(body);
    return response;
}

}  // namespace headwater::admin
