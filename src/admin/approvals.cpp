#include "admin/names.hpp"
#include "admin/nouns.hpp"
#include "admin/values.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

json::array ids_json(std::span<const Guid> ids) {
    json::array list;
    for (const Guid& id : ids) {
        list.push_back(to_json(id));
    }
    return list;
}

std::unexpected<Error> nothing_named(const char* field) {
    return fail("request.field", std::string("The field '") + field + "' is empty.",
                "Name at least one of them.");
}

struct Approving {
    std::vector<std::string> updates;
    bool all_matches = false;
    std::vector<std::string> groups;
    store::ApprovalAction action = store::ApprovalAction::kNotApproved;
    std::optional<Time> deadline;
};

Result<Approving> read_approving(std::string_view body) {
    auto fields = Fields::parse(body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    Approving approving;
    approving.updates = fields->texts("updates");
    approving.all_matches = fields->flag("all_matches", false);
    approving.groups = fields->texts("groups");
    const std::string action = fields->text("action");
    const auto deadline = fields->optional_text("deadline");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    const auto known = action_named(action);
    if (!known) {
        return fail("request.field", "There is no action '" + action + "'.",
                    "There are install, uninstall, notapproved and optional.");
    }
    approving.action = *known;
    if (deadline) {
        approving.deadline = from_xml_time(*deadline);
        if (!approving.deadline) {
            return fail("request.field", "'" + *deadline + "' is no time for a deadline.",
                        "Write it as 2026-11-01T03:00:00Z.");
        }
    }
    if (approving.updates.empty() || approving.groups.empty()) {
        return nothing_named(approving.updates.empty() ? "updates" : "groups");
    }
    return approving;
}

Result<Reply> approve(Services& services, const Call& call) {
    const auto wanted = read_approving(call.request.body);
    if (!wanted) {
        return std::unexpected(wanted.error());
    }
    const auto view = services.publisher.view();
    const auto updates = find_updates(*view, wanted->updates, wanted->all_matches);
    if (!updates) {
        return std::unexpected(updates.error());
    }
    const auto groups = find_groups(*view, wanted->groups);
    if (!groups) {
        return std::unexpected(groups.error());
    }
    if (auto approved = services.administration.approve(*updates, *groups, wanted->action,
                                                        wanted->deadline, call.caller.name);
        !approved) {
        return std::unexpected(approved.error());
    }
    return Reply{json::object{{"updates", ids_json(*updates)},
                              {"groups", groups_json(*groups, *view)},
                              {"action", name_of(wanted->action)},
                              {"deadline", to_json(wanted->deadline)}}};
}

Result<Reply> decline(Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const auto names = fields->texts("updates");
    const bool all_matches = fields->flag("all_matches", false);
    const bool declined = fields->flag("declined", true);
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    if (names.empty()) {
        return nothing_named("updates");
    }
    const auto updates = find_updates(*services.publisher.view(), names, all_matches);
    if (!updates) {
        return std::unexpected(updates.error());
    }
    if (auto done = services.administration.decline(*updates, declined, call.caller.name); !done) {
        return std::unexpected(done.error());
    }
    return Reply{json::object{{"updates", ids_json(*updates)}, {"declined", declined}}};
}

}  // namespace

void add_approvals(Dispatch& dispatch, Services& services) {
    dispatch.add("POST", "updates/approvals",
                 [&services](const Call& call) { return approve(services, call); });
    dispatch.add("POST", "updates/declines",
                 [&services](const Call& call) { return decline(services, call); });
}

}  // namespace headwater::admin
