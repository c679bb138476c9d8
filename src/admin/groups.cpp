#include "admin/names.hpp"
#include "admin/nouns.hpp"
#include "admin/values.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

Result<Reply> list(const Services& services) {
    const auto view = services.publisher.view();
    json::array groups;
    for (const store::TargetGroup& group : view->decisions().groups) {
        groups.push_back(to_json(group));
    }
    return Reply{json::object{{"groups", std::move(groups)}}};
}

Result<Reply> create(Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const std::string name = fields->text("name");
    const auto parent_name = fields->optional_text("parent");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    std::optional<Guid> parent;
    if (parent_name) {
        const auto found = find_group(*services.publisher.view(), *parent_name);
        if (!found) {
            return std::unexpected(found.error());
        }
        parent = *found;
    }
    const auto group = services.administration.create_group(name, parent);
    if (!group) {
        return std::unexpected(group.error());
    }
    return Reply{to_json(*group), 201};
}

Result<Reply> remove(Services& services, const Call& call) {
    const auto view = services.publisher.view();
    const auto id = find_group(*view, call.ids.front());
    if (!id) {
        return std::unexpected(id.error());
    }
    const json::object removed = to_json(*view->group(*id));
    if (auto done = services.administration.remove_group(*id); !done) {
        return std::unexpected(done.error());
    }
    return Reply{removed};
}

}  // namespace

void add_groups(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "groups", [&services](const Call&) { return list(services); });
    dispatch.add("POST", "groups",
                 [&services](const Call& call) { return create(services, call); });
    dispatch.add("DELETE", "groups/{}",
                 [&services](const Call& call) { return remove(services, call); });
}

}  // namespace headwater::admin
