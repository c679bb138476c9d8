#include "agents/services.hpp"

#include "agents/session.hpp"
#include "protocol/client_reporting.hpp"
#include "protocol/simple_auth.hpp"

namespace headwater::agents {

namespace client = protocol::client;
namespace auth = protocol::simple_auth;
namespace reporting = protocol::client_reporting;

Services::Services(Context context)
    : context_(std::move(context)),
      authorization_({.name = std::string(auth::kName),
                      .name_space = std::string(auth::kNamespace),
                      .path = std::string(auth::kPath),
                      .limits = context_.limits}),
      client_({.name = std::string(client::kName),
               .name_space = std::string(client::kNamespace),
               .path = std::string(client::kPath),
               .style = soap::Style::kIndigo,
               .limits = context_.limits}),
      reporting_({.name = std::string(reporting::kName),
                  .name_space = std::string(reporting::kNamespace),
                  .path = std::string(reporting::kPath),
                  .limits = context_.limits}) {
    add_handshake(context_, authorization_, client_);
    add_scan(context_, client_);
    add_details(context_, fragments_, client_);
    add_reporting(context_, reporting_);
    client_.missing("SyncPrinterCatalog");
    for (const char* name : {"ReportEventBatch2", "GetRequiredInventoryType", "ReportInventory",
                             "GetRollupConfiguration", "RollupDownstreamServers", "RollupComputers",
                             "GetOutOfSyncComputers", "RollupComputerStatus"}) {
        reporting_.missing(name);
    }
}

}  // namespace headwater::agents
