#include "admin/api.hpp"

#include "admin/console.hpp"
#include "admin/gate.hpp"
#include "admin/nouns.hpp"
#include "admin/openapi.hpp"
#include "admin/problem.hpp"
#include "admin/stream.hpp"

namespace headwater::admin {
namespace {

constexpr std::string_view kRoot = "/api/v1";
constexpr std::string_view kStream = "/api/v1/stream";
constexpr std::string_view kDescription = "/api/v1/openapi.json";

std::shared_ptr<const Dispatch> make_dispatch(Services& services) {
    auto dispatch = std::make_shared<Dispatch>();
    const auto waiting = std::make_shared<std::atomic<int>>(0);
    add_status(*dispatch, services);
    add_options(*dispatch, services);
    add_synchronization(*dispatch, services, waiting);
    add_categories(*dispatch, services);
    add_updates(*dispatch, services);
    add_update_details(*dispatch, services);
    add_approvals(*dispatch, services);
    add_rules(*dispatch, services);
    add_groups(*dispatch, services);
    add_computers(*dispatch, services);
    add_content(*dispatch, services, waiting);
    add_content_tasks(*dispatch, services, waiting);
    add_content_options(*dispatch, services);
    add_transfers(*dispatch, services, waiting);
    add_doctor(*dispatch, services, waiting);
    add_events(*dispatch, services, waiting);
    add_users(*dispatch, services);
    return dispatch;
}

net::Response describe(const net::Request&) {
    net::Response response;
    response.headers.set("Content-Type", "application/json");
    response.body = openapi_document();
    return response;
}

}  // namespace

class Api::Impl {
public:
    explicit Impl(Services& services)
        : dispatch_(make_dispatch(services)),
          gate_(services.accounts, dispatch_, services.version),
          stream_(services) {}

    void add_local_routes(net::Router& router) {
        router.prefix(kRoot, net::Router::Where::kWorker,
                      [dispatch = dispatch_](const net::Request& request) {
                          static const Caller kLocal{kLocalAdministrator,
                                                     store::Role::kAdministrator};
                          return dispatch->answer(request, kLocal);
                      });
        router.exact(kDescription, net::Router::Where::kIo, describe);
    }

    void add_network_routes(net::Router& router) {
        router.prefix(kRoot, net::Router::Where::kWorker, [this](const net::Request& request) {
            return secured(gate_.answer(request));
        });
        router.exact(kStream, net::Router::Where::kWorker, [this](const net::Request& request) {
            const auto session = gate_.session_of(request);
            return secured(session ? stream_.follow(session->token) : problem(session.error()));
        });
        router.exact(kDescription, net::Router::Where::kIo,
                     [](const net::Request& request) { return secured(describe(request)); });
        router.prefix("/", net::Router::Where::kWorker, [](const net::Request& request) {
            return secured(console_answer(console_files(), request));
        });
    }

    void stop() { stream_.stop(); }
    [[nodiscard]] std::vector<std::string> operations() const { return dispatch_->operations(); }

private:
    static net::Response secured(net::Response response) {
        add_security_headers(response);
        return response;
    }

    std::shared_ptr<const Dispatch> dispatch_;
    Gate gate_;
    Stream stream_;
};

Api::Api(Services& services) : impl_(std::make_unique<Impl>(services)) {}
Api::~Api() = default;

void Api::add_local_routes(net::Router& router) {
    impl_->add_local_routes(router);
}

void Api::add_network_routes(net::Router& router) {
    impl_->add_network_routes(router);
}

void Api::stop() {
    impl_->stop();
}

std::vector<std::string> Api::operations() const {
    return impl_->operations();
}

}  // namespace headwater::admin
