#include "admin/api.hpp"

#include "admin/nouns.hpp"

namespace headwater::admin {

void add_routes(net::Router& router, Services& services) {
    auto dispatch = std::make_shared<Dispatch>();
    add_status(*dispatch, services);
    add_options(*dispatch, services);
    const auto waiting = std::make_shared<std::atomic<int>>(0);
    add_synchronization(*dispatch, services, waiting);
    add_categories(*dispatch, services);
    add_updates(*dispatch, services);
    add_update_details(*dispatch, services);
    add_approvals(*dispatch, services);
    add_rules(*dispatch, services);
    add_groups(*dispatch, services);
    add_computers(*dispatch, services);
    add_content(*dispatch, services, waiting);
    add_doctor(*dispatch, services, waiting);
    add_events(*dispatch, services, waiting);
    router.prefix("/api/v1", net::Router::Where::kWorker,
                  [dispatch](const net::Request& request) { return dispatch->answer(request); });
}

}  // namespace headwater::admin
