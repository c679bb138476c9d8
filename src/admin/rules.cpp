#include <algorithm>

#include "admin/names.hpp"
#include "admin/nouns.hpp"
#include "admin/values.hpp"
#include "base/utf.hpp"
#include "diagnosis/events.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxRules = 1'000;

json::object rules_json(std::span<const policy::ApprovalRule> rules, const policy::View& view) {
    json::array list;
    for (const policy::ApprovalRule& rule : rules) {
        list.push_back(json::object{{"name", json_text(rule.name)},
                                    {"enabled", rule.enabled},
                                    {"classifications", to_json(rule.classifications)},
                                    {"products", to_json(rule.products)},
                                    {"groups", groups_json(rule.groups, view)}});
    }
    return {{"rules", std::move(list)}};
}

Result<policy::Choice> required_choice(const policy::View& view, CategoryKind kind,
                                       std::optional<Fields>& fields, const char* name) {
    if (!fields) {
        return fail("request.field", std::string("A rule has no ") + name + ".",
                    "Give {\"all\": true} or {\"ids\": […]}.");
    }
    return read_choice(view, kind, *fields);
}

Result<policy::ApprovalRule> read_rule(const policy::View& view, Fields& fields) {
    policy::ApprovalRule rule;
    rule.name = fields.text("name");
    rule.enabled = fields.flag("enabled", true);
    auto classifications = fields.object("classifications");
    auto products = fields.object("products");
    const auto names = fields.texts("groups");
    if (auto read = fields.finish(); !read) {
        return std::unexpected(read.error());
    }
    auto chosen_classifications =
        required_choice(view, CategoryKind::kClassification, classifications, "classifications");
    if (!chosen_classifications) {
        return std::unexpected(chosen_classifications.error());
    }
    auto chosen_products = required_choice(view, CategoryKind::kProduct, products, "products");
    if (!chosen_products) {
        return std::unexpected(chosen_products.error());
    }
    auto groups = find_groups(view, names);
    if (!groups) {
        return std::unexpected(groups.error());
    }
    rule.classifications = std::move(*chosen_classifications);
    rule.products = std::move(*chosen_products);
    rule.groups = std::move(*groups);
    return rule;
}

Result<std::vector<policy::ApprovalRule>> read_rules(const policy::View& view,
                                                     std::string_view body) {
    auto fields = Fields::parse(body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    auto items = fields->objects("rules");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    if (items.size() > kMaxRules) {
        return fail("request.field", "There are more than 1000 rules.",
                    "Put some of them together.");
    }
    std::vector<policy::ApprovalRule> rules;
    for (Fields& item : items) {
        auto rule = read_rule(view, item);
        if (!rule) {
            return std::unexpected(rule.error());
        }
        const bool repeated = std::ranges::any_of(rules, [&](const policy::ApprovalRule& other) {
            return equal_ignoring_case(other.name, rule->name);
        });
        if (repeated) {
            return fail("rule.exists", "There are two rules named '" + rule->name + "'.",
                        "Give each rule a name of its own.");
        }
        rules.push_back(std::move(*rule));
    }
    return rules;
}

Result<Reply> show(const Services& services) {
    const auto rules = policy::load_rules(services.store);
    if (!rules) {
        return std::unexpected(rules.error());
    }
    return Reply{rules_json(*rules, *services.publisher.view())};
}

Result<Reply> replace(Services& services, const Call& call) {
    const auto view = services.publisher.view();
    const auto rules = read_rules(*view, call.request.body);
    if (!rules) {
        return std::unexpected(rules.error());
    }
    const auto before = policy::load_rules(services.store);
    if (!before) {
        return std::unexpected(before.error());
    }
    if (auto saved = policy::save_rules(services.store, *rules); !saved) {
        return std::unexpected(saved.error());
    }
    json::object shown = rules_json(*rules, *view);
    diagnosis::tell_option_changed(services.journal, "The automatic approval rules",
                                   call.caller.name, rules_json(*before, *view), shown);
    return Reply{std::move(shown)};
}

Result<Reply> apply(Services& services) {
    const auto approved = services.administration.apply_rules();
    if (!approved) {
        return std::unexpected(approved.error());
    }
    return Reply{json::object{{"approved_updates", *approved}}};
}

}  // namespace

void add_rules(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "rules", [&services](const Call&) { return show(services); });
    dispatch.add("PUT", "rules", [&services](const Call& call) { return replace(services, call); });
    dispatch.add("POST", "rules/apply", [&services](const Call&) { return apply(services); });
}

}  // namespace headwater::admin
