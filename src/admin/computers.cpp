#include <algorithm>
#include <map>

#include "admin/names.hpp"
#include "admin/nouns.hpp"
#include "admin/values.hpp"
#include "base/utf.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kDefaultLimit = 100;
constexpr std::uint64_t kMaxLimit = 10'000;
constexpr std::uint64_t kMaxOffset = 0xffffffffU;
constexpr std::size_t kPage = 1'000;
constexpr std::size_t kLastEvents = 50;

/// Without a membership of its own a computer is in Unassigned Computers.
json::array memberships(const store::Computer& computer, const policy::View& view) {
    return computer.groups.empty() ? groups_json(std::span(&policy::kUnassignedComputers, 1), view)
                                   : groups_json(computer.groups, view);
}

json::object row(const store::Computer& computer, const policy::View& view) {
    return {{"id", json_text(computer.id)},
            {"name", json_text(computer.dns_name)},
            {"ip_address", json_text(computer.ip_address)},
            {"groups", memberships(computer, view)},
            {"os_version", json_text(computer.details.os_version)},
            {"os_description", json_text(computer.details.os_description)},
            {"registered", computer.registered},
            {"first_contact", to_json(computer.first_contact)},
            {"last_contact", to_json(computer.last_contact)},
            {"last_scan", to_json(computer.last_scan)},
            {"last_report", to_json(computer.last_report)}};
}

Result<Reply> list(const Services& services, const Call& call) {
    if (auto known = call.query.allow({"offset", "limit"}); !known) {
        return std::unexpected(known.error());
    }
    const auto offset = call.query.number("offset", 0, kMaxOffset);
    const auto limit = call.query.number("limit", kDefaultLimit, kMaxLimit);
    if (!offset || !limit) {
        return std::unexpected(offset ? limit.error() : offset.error());
    }
    const auto total = services.store.computer_count();
    if (!total) {
        return std::unexpected(total.error());
    }
    // The store takes a limit of 0 for "all of them".
    const auto computers = *limit == 0 ? Result<std::vector<store::Computer>>{}
                                       : services.store.computers(*offset, *limit);
    if (!computers) {
        return std::unexpected(computers.error());
    }
    const auto view = services.publisher.view();
    json::array rows;
    for (const store::Computer& computer : *computers) {
        rows.push_back(row(computer, *view));
    }
    return Reply{
        json::object{{"total", *total}, {"offset", *offset}, {"computers", std::move(rows)}}};
}

/// By its id, else by its name in any letter case.
Result<store::Computer> find_computer(const store::Store& store, const std::string& name) {
    const auto by_id = store.computer(name);
    if (!by_id) {
        return std::unexpected(by_id.error());
    }
    if (*by_id) {
        return **by_id;
    }
    std::vector<store::Computer> found;
    for (std::size_t offset = 0;; offset += kPage) {
        const auto page = store.computers(offset, kPage);
        if (!page) {
            return std::unexpected(page.error());
        }
        std::ranges::copy_if(*page, std::back_inserter(found),
                             [&](const store::Computer& computer) {
                                 return equal_ignoring_case(computer.dns_name, name);
                             });
        if (page->size() < kPage) {
            break;
        }
    }
    if (found.empty()) {
        return fail("computer.unknown", "There is no computer '" + name + "' here.",
                    "List them with `headwater computers list`.");
    }
    if (found.size() > 1) {
        std::vector<std::string> causes;
        for (const store::Computer& computer : found) {
            causes.push_back(computer.id);
        }
        return fail("computer.ambiguous",
                    std::to_string(found.size()) + " computers are named '" + name + "'.",
                    "Name the one that you mean by its id.", std::move(causes));
    }
    return found.front();
}

Result<> add_statuses(const Services& services, const policy::View& view, const std::string& id,
                      json::object& into) {
    const auto statuses = services.store.statuses_of_computer(id);
    if (!statuses) {
        return std::unexpected(statuses.error());
    }
    std::map<std::string_view, std::uint64_t> counts;
    json::array list;
    for (const store::ComputerUpdateStatus& status : *statuses) {
        ++counts[name_of(status.status)];
        const catalog::Index index = view.catalog().newest(status.update_id);
        list.push_back(json::object{
            {"update", to_json(status.update_id)},
            {"title", index == catalog::kNone ? json::value(nullptr)
                                              : json_text(view.catalog().revision(index).title)},
            {"status", name_of(status.status)},
            {"result", status.result},
            {"changed", to_json(status.changed)}});
    }
    json::object summary;
    for (const auto& [name, count] : counts) {
        summary[name] = count;
    }
    into["summary"] = std::move(summary);
    into["statuses"] = std::move(list);
    return {};
}

Result<> add_events(const Services& services, const std::string& id, json::object& into) {
    const auto events = services.store.events(id, kLastEvents);
    if (!events) {
        return std::unexpected(events.error());
    }
    json::array list;
    for (const store::ReportedEvent& event : *events) {
        json::array replacements;
        for (const std::string& text : event.replacement_strings) {
            replacements.push_back(json_text(text));
        }
        list.push_back(json::object{
            {"event_id", event.event_id},
            {"source_id", event.source_id},
            {"update", event.update ? to_json(event.update->update_id) : json::value(nullptr)},
            {"result", event.result},
            {"time", to_json(event.time_at_target)},
            {"received", to_json(event.received)},
            {"texts", std::move(replacements)},
            {"app", json_text(event.app_name)}});
    }
    into["events"] = std::move(list);
    return {};
}

json::object details_json(const store::ComputerDetails& details) {
    return {{"os_version", json_text(details.os_version)},
            {"os_description", json_text(details.os_description)},
            {"os_locale", json_text(details.os_locale)},
            {"architecture", json_text(details.architecture)},
            {"manufacturer", json_text(details.manufacturer)},
            {"model", json_text(details.model)},
            {"bios_version", json_text(details.bios_version)},
            {"client_version", json_text(details.client_version)}};
}

Result<Reply> show(const Services& services, const Call& call) {
    const auto computer = find_computer(services.store, call.ids.front());
    if (!computer) {
        return std::unexpected(computer.error());
    }
    const auto view = services.publisher.view();
    json::object answer = row(*computer, *view);
    answer["requested_group"] = json_text(computer->requested_group);
    answer["details"] = details_json(computer->details);
    for (const auto& added : {add_statuses(services, *view, computer->id, answer),
                              add_events(services, computer->id, answer)}) {
        if (!added) {
            return std::unexpected(added.error());
        }
    }
    return Reply{std::move(answer)};
}

/// The memberships to store: none of its own for Unassigned Computers alone.
Result<std::vector<Guid>> direct_groups(std::vector<Guid> groups) {
    if (std::ranges::find(groups, policy::kAllComputers) != groups.end()) {
        return fail("request.field", "Every computer belongs to All Computers already.",
                    "Name groups of your own, or Unassigned Computers alone.");
    }
    if (groups.size() == 1 && groups.front() == policy::kUnassignedComputers) {
        groups.clear();
    }
    if (std::ranges::find(groups, policy::kUnassignedComputers) != groups.end()) {
        return fail("request.field", "A computer of Unassigned Computers has no other group.",
                    "Name groups of your own, or Unassigned Computers alone.");
    }
    return groups;
}

Result<Reply> move(Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const auto names = fields->texts("groups");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    const auto view = services.publisher.view();
    auto named = find_groups(*view, names);
    if (!named) {
        return std::unexpected(named.error());
    }
    const auto groups = direct_groups(std::move(*named));
    if (!groups) {
        return std::unexpected(groups.error());
    }
    auto computer = find_computer(services.store, call.ids.front());
    if (!computer) {
        return std::unexpected(computer.error());
    }
    if (auto moved = services.administration.move_computer(computer->id, *groups); !moved) {
        return std::unexpected(moved.error());
    }
    computer->groups = *groups;
    return Reply{row(*computer, *view)};
}

}  // namespace

void add_computers(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "computers",
                 [&services](const Call& call) { return list(services, call); });
    dispatch.add("GET", "computers/{}",
                 [&services](const Call& call) { return show(services, call); });
    dispatch.add("PUT", "computers/{}/groups",
                 [&services](const Call& call) { return move(services, call); });
}

}  // namespace headwater::admin
