#include "admin/nouns.hpp"
#include "admin/values.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

json::object user_json(const store::User& user) {
    return {{"name", json_text(user.name)},
            {"role", json_text(name_of(user.role))},
            {"created", to_json(user.created)},
            {"last_sign_in", to_json(user.last_sign_in)}};
}

Result<Reply> list(const Services& services) {
    const auto users = services.accounts.users();
    if (!users) {
        return std::unexpected(users.error());
    }
    json::array all;
    for (const store::User& user : *users) {
        all.push_back(user_json(user));
    }
    return Reply{json::object{{"users", std::move(all)}}};
}

Result<Reply> show(const Services& services, const std::string& name, unsigned status) {
    const auto user = services.store.user(name);
    if (!user) {
        return std::unexpected(user.error());
    }
    if (!*user) {
        return fail("user.unknown", "There is no user '" + name + "'.",
                    "List them with `headwater users list`.");
    }
    return Reply{user_json(**user), status};
}

Result<store::Role> read_role(const std::string& name) {
    const auto role = role_named(name);
    if (!role) {
        return fail("request.field", "There is no role '" + name + "'.",
                    "There are administrator and reporter.");
    }
    return *role;
}

Result<Reply> add(Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const std::string name = fields->text("name");
    const std::string role_name = fields->optional_text("role").value_or("reporter");
    const std::string password = fields->text("password");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    const auto role = read_role(role_name);
    if (!role) {
        return std::unexpected(role.error());
    }
    if (auto added = services.accounts.add(name, *role, password); !added) {
        return std::unexpected(added.error());
    }
    return show(services, name, 201);
}

Result<Reply> change(Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const auto role_name = fields->optional_text("role");
    const auto password = fields->optional_text("password");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    std::optional<store::Role> role;
    if (role_name) {
        const auto known = read_role(*role_name);
        if (!known) {
            return std::unexpected(known.error());
        }
        role = *known;
    }
    if (auto changed = services.accounts.change(call.ids.front(), role, password); !changed) {
        return std::unexpected(changed.error());
    }
    return show(services, call.ids.front(), 200);
}

Result<Reply> remove(Services& services, const Call& call) {
    auto shown = show(services, call.ids.front(), 200);
    if (!shown) {
        return shown;
    }
    if (auto removed = services.accounts.remove(call.ids.front()); !removed) {
        return std::unexpected(removed.error());
    }
    return shown;
}

}  // namespace

void add_users(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "users", [&services](const Call&) { return list(services); });
    dispatch.add("POST", "users", [&services](const Call& call) { return add(services, call); });
    dispatch.add("PUT", "users/{}",
                 [&services](const Call& call) { return change(services, call); });
    dispatch.add("DELETE", "users/{}",
                 [&services](const Call& call) { return remove(services, call); });
}

}  // namespace headwater::admin
