#include "hostile_upstream.hpp"

namespace headwater::integration {
namespace {

/// "GetCookie" of "\"http://…/GetCookie\"".
std::string operation_of(const net::Request& request) {
    std::string action(request.headers.get("SOAPAction").value_or(""));
    std::erase(action, '"');
    return action.substr(action.rfind('/') + 1);
}

std::unique_ptr<protocol::Sealer> new_sealer() {
    const Bytes key(32, 7);
    return std::make_unique<protocol::Sealer>(Guid::random(),
                                              std::vector<protocol::Sealer::Key>{{1, key}});
}

}  // namespace

HostileUpstream::HostileUpstream(std::uint32_t revisions) : sealer_(new_sealer()) {
    EXPECT_TRUE(cli::write_sample({.updates = revisions}, folder_.path(), false));
    store_ = test_help::value_of(store::open_sqlite(folder_.path() / "headwater.db"));
    publisher_ = std::make_unique<policy::Publisher>(*store_);
    EXPECT_TRUE(publisher_->load());
    services_ =
        std::make_shared<downstream::Services>(*store_, *publisher_, *sealer_, clock, clock.now());
    auto router = std::make_shared<net::Router>();
    for (const soap::Service* service :
         {&services_->synchronization(), &services_->authorization()}) {
        const bool is_sync = service == &services_->synchronization();
        router->exact(service->options().path, net::Router::Where::kWorker,
                      [this, is_sync](const net::Request& request) {
                          std::shared_ptr<downstream::Services> services;
                          {
                              const std::scoped_lock lock(mutex_);
                              services = services_;
                          }
                          return answer(
                              is_sync ? services->synchronization() : services->authorization(),
                              request);
                      });
    }
    port_ = test_help::value_of(server_.listen({"127.0.0.1", 0, {}, router}));
    server_.start();
}

HostileUpstream::~HostileUpstream() {
    server_.stop();
}

void HostileUpstream::be_replaced() {
    const std::scoped_lock lock(mutex_);
    // Answers under way hold the old services, which refer to the old sealer: it has to stay.
    retired_.push_back(std::move(sealer_));
    sealer_ = new_sealer();
    services_ =
        std::make_shared<downstream::Services>(*store_, *publisher_, *sealer_, clock, clock.now());
}

void HostileUpstream::answer_instead(Instead instead) {
    std::unique_lock lock(mutex_);
    settled_.wait(lock, [this] { return under_way_ == 0; });
    instead_ = std::move(instead);
}

void HostileUpstream::bend_answers(Bend bend) {
    std::unique_lock lock(mutex_);
    settled_.wait(lock, [this] { return under_way_ == 0; });
    bend_ = std::move(bend);
}

int HostileUpstream::calls(const std::string& operation) const {
    const std::scoped_lock lock(mutex_);
    const auto at = calls_.find(operation);
    return at == calls_.end() ? 0 : at->second;
}

void HostileUpstream::forget() {
    const std::scoped_lock lock(mutex_);
    calls_.clear();
}

net::Response HostileUpstream::answer(const soap::Service& service, const net::Request& request) {
    const std::string operation = operation_of(request);
    int nth = 0;
    {
        const std::scoped_lock lock(mutex_);
        nth = ++calls_[operation];
        ++under_way_;
    }
    net::Response response = bent_answer(service, request, operation, nth);
    const std::scoped_lock lock(mutex_);
    --under_way_;
    settled_.notify_all();
    return response;
}

net::Response HostileUpstream::bent_answer(const soap::Service& service,
                                           const net::Request& request,
                                           const std::string& operation, int nth) {
    if (instead_) {
        if (auto other = instead_(operation, nth, request)) {
            return std::move(*other);
        }
    }
    soap::Exchange exchange;
    exchange.content_type = request.headers.get("Content-Type").value_or("");
    exchange.soap_action = request.headers.get("SOAPAction").value_or("");
    exchange.body = request.body;
    exchange.host = request.host;
    exchange.remote_address = request.remote_address;
    soap::Reply reply = service.handle(exchange);
    net::Response response;
    response.status = static_cast<unsigned>(reply.status);
    response.headers.add("Content-Type", reply.content_type);
    response.body = std::move(reply.body);
    if (bend_) {
        bend_(operation, nth, response);
    }
    return response;
}

}  // namespace headwater::integration
