#include "admin/nouns.hpp"
#include "admin/values.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

Result<Reply> show_status(Services& services, const Call& call) {
    if (auto known = call.query.allow({}); !known) {
        return std::unexpected(known.error());
    }
    const auto computers = services.store.computer_count();
    if (!computers) {
        return std::unexpected(computers.error());
    }
    const auto transfer = services.transfer.status();
    if (!transfer) {
        return std::unexpected(transfer.error());
    }
    const auto view = services.publisher.view();
    const catalog::Snapshot& catalog = view->catalog();
    const Time now = services.clock.now();
    return Reply{
        json::object{{"version", json_text(services.version)},
                     {"now", to_json(now)},
                     {"catalog", json::object{{"revisions", catalog.size()},
                                              {"updates", catalog.update_count()},
                                              {"categories", catalog.categories().cardinality()},
                                              {"change", catalog.change()}}},
                     {"change", view->change()},
                     {"computers", *computers},
                     {"transfer", to_json(*transfer)},
                     {"synchronization", to_json(services.synchronizer.progress(), now)}}};
}

Result<Reply> rebuild(Services& services) {
    const auto revisions = services.rebuild_catalog();
    if (!revisions) {
        return std::unexpected(revisions.error());
    }
    return Reply{json::object{{"revisions", *revisions}}};
}

Result<Reply> back_up(Services& services) {
    const auto path = services.backup();
    if (!path) {
        return std::unexpected(path.error());
    }
    std::error_code unknown;
    const auto size = std::filesystem::file_size(*path, unknown);
    return Reply{json::object{{"file", json_text(path->string())}, {"bytes", unknown ? 0 : size}}};
}

}  // namespace

void add_status(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "status",
                 [&services](const Call& call) { return show_status(services, call); });
    dispatch.add("POST", "catalog/rebuild", [&services](const Call&) { return rebuild(services); });
    dispatch.add("POST", "backup", [&services](const Call&) { return back_up(services); });
}

}  // namespace headwater::admin
