#include "agent_world.hpp"

#include <stdexcept>

#include "cli/sample_data.hpp"
#include "policy/administration.hpp"
#include "protocol/client.hpp"
#include "simulation/agent.hpp"

namespace headwater::bench {
namespace {

std::string path_of(const std::string& url) {
    const std::size_t slash = url.find('/', url.find("//") + 2);
    return slash == std::string::npos ? "/" : url.substr(slash);
}

std::string action_of(std::string_view operation) {
    return '"' + std::string(protocol::client::kNamespace) + "/" + std::string(operation) + '"';
}

std::size_t count(std::string_view text, std::string_view word) {
    std::size_t found = 0;
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + word.size())) {
        ++found;
    }
    return found;
}

}  // namespace

void approve_newest(store::Store& store, policy::Publisher& publisher, std::size_t updates,
                    Rest rest) {
    const SystemClock clock;
    const auto view = publisher.view();
    std::vector<Guid> chosen;
    std::vector<Guid> others;
    for (auto index = static_cast<catalog::Index>(view->catalog().size()); index-- > 0;) {
        const catalog::Published& published = view->catalog().at(index);
        if (published.revision.explicitly_deployable &&
            published.revision.type == catalog::UpdateType::kSoftware &&
            published.revision.publication_state == catalog::PublicationState::kPublished &&
            view->catalog().newest(published.update) == index) {
            const bool good =
                chosen.size() < updates && !view->catalog().is_superseded(published.update);
            (good ? chosen : others).push_back(published.revision.identity.update_id);
        }
    }
    policy::Administration administration(store, publisher, clock);
    must(administration.approve(chosen, std::array{policy::kAllComputers},
                                store::ApprovalAction::kInstall, std::nullopt, "bench"));
    if (rest == Rest::kDeclined) {
        must(administration.decline(others, true, "bench"));
    }
}

AgentWorld::AgentWorld(std::uint32_t revisions, std::size_t approved, Rest rest) {
    must(cli::write_sample({.updates = revisions}, folder_.path(), false));
    store_ = must(store::open_sqlite(folder_.path() / "headwater.db"));
    publisher_ = std::make_unique<policy::Publisher>(*store_);
    must(publisher_->load());
    approve_newest(*store_, *publisher_, approved, rest);
    sealer_ = std::make_unique<protocol::Sealer>(
        Guid::random(), std::vector<protocol::Sealer::Key>{{1, Bytes(32, 7)}});
    services_ = std::make_unique<agents::Services>(
        agents::Context{*store_, *publisher_, *sealer_, clock_, clock_.now(),
                        [](bool) { return std::uint16_t{8530}; }});
    scan();
}

void AgentWorld::scan() {
    std::string last_details;
    std::vector<std::string> syncs;
    const auto transport = [&](const net::ClientRequest& request) -> Result<net::ClientResponse> {
        const std::string action(request.headers.get("SOAPAction").value_or(""));
        if (action == action_of("SyncUpdates")) {
            syncs.push_back(request.body);
        } else if (action == action_of("GetExtendedUpdateInfo")) {
            last_details = request.body;
        }
        soap::Exchange exchange;
        exchange.content_type = request.headers.get("Content-Type").value_or("");
        exchange.soap_action = action;
        exchange.body = request.body;
        exchange.host = "127.0.0.1:8530";
        exchange.remote_address = "127.0.0.1";
        const std::string path = path_of(request.url);
        const auto* service = &services_->client();
        for (const auto* candidate : {&services_->authorization(), &services_->reporting()}) {
            service = candidate->options().path == path ? candidate : service;
        }
        soap::Reply reply = service->handle(exchange);
        net::ClientResponse response;
        response.status = static_cast<unsigned>(reply.status);
        response.headers.add("Content-Type", reply.content_type);
        response.body = std::move(reply.body);
        return response;
    };
    simulation::AgentOptions options;
    options.download = false;
    options.report = false;
    const auto run = [&] {
        must(simulation::Agent(transport, "http://127.0.0.1:8530", simulation::Facts{},
                               folder_.path() / "agent", clock_, options)
                 .scan());
    };
    run();
    requests_.first_scan = syncs.at(0);
    requests_.details = last_details;
    syncs.clear();
    run();
    requests_.nothing_new = syncs.at(0);
    requests_.held_ids = count(requests_.nothing_new, "<int>");
}

std::size_t AgentWorld::call(std::string_view operation, const std::string& body) const {
    soap::Exchange exchange;
    exchange.content_type = "text/xml; charset=utf-8";
    exchange.soap_action = action_of(operation);
    exchange.body = body;
    exchange.host = "127.0.0.1:8530";
    const soap::Reply reply = services_->client().handle(exchange);
    if (reply.status != 200) {
        throw std::runtime_error(reply.body);
    }
    return reply.body.size();
}

}  // namespace headwater::bench
