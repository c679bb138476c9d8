#include "base/utf.hpp"
#include "net/server.hpp"

namespace headwater::net {
namespace {

bool is_below(std::string_view path, std::string_view prefix) {
    if (path.size() < prefix.size() || !equal_ignoring_case(path.substr(0, prefix.size()), prefix))
        return false;
    return path.size() == prefix.size() || prefix.ends_with('/') || path[prefix.size()] == '/';
}

}  // namespace

void Router::exact(std::string_view path, Where where, Handler handler) {
    routes_.push_back({to_lower_ascii(path), false, where, std::move(handler), {}});
}

void Router::prefix(std::string_view path, Where where, Handler handler, Quick quick) {
    routes_.push_back({to_lower_ascii(path), true, where, std::move(handler), std::move(quick)});
}

const Router::Route* Router::find(std::string_view path) const {
    const Route* best = nullptr;
    for (const Route& route : routes_) {
        if (!route.is_prefix && equal_ignoring_case(path, route.pattern))
            return &route;
        if (route.is_prefix && is_below(path, route.pattern) &&
            (best == nullptr || best->pattern.size() < route.pattern.size()))
            best = &route;
    }
    return best;
}

}  // namespace headwater::net
