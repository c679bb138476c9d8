#include <algorithm>
#include <unordered_map>

#include "base/utf.hpp"
#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/requests.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

struct NewRule {
    std::string name;
    std::vector<std::string> groups;
    std::string products;
    std::string classifications;
    bool disabled = false;
};

using Titles = std::unordered_map<std::string, std::string>;

/// The titles of products and classifications by their ids.
Result<Titles> titles_of(Session& session, const std::string& noun) {
    const auto answer = session.api.call({.path = noun});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    Titles titles;
    for (const json::value& category : list(*answer, noun)) {
        titles[field(category, "id")] = field(category, "title");
    }
    return titles;
}

std::vector<std::string> values_of(const Titles& titles) {
    std::vector<std::string> values;
    for (const auto& [id, title] : titles) {
        values.push_back(title);
    }
    return values;
}

std::string choice_text(const json::value& choice, const Titles& titles) {
    if (flag(choice, "all")) {
        return "all";
    }
    std::vector<std::string> names;
    for (const json::value& id : list(choice, "ids")) {
        const std::string text = id.is_string() ? std::string(id.get_string()) : std::string{};
        const auto known = titles.find(text);
        names.push_back(known == titles.end() ? text : known->second);
    }
    return names.empty() ? "none" : joined(names);
}

Result<> print_rules(Session& session, const Result<json::value>& answer) {
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    const auto products = titles_of(session, "products");
    const auto classifications = products ? titles_of(session, "classifications") : products;
    if (!classifications) {
        return std::unexpected(classifications.error());
    }
    Table table({{"NAME", Fit::kCut},
                 {"ENABLED"},
                 {"CLASSIFICATIONS", Fit::kCut},
                 {"PRODUCTS", Fit::kCut},
                 {"GROUPS", Fit::kCut}});
    for (const json::value& rule : list(*answer, "rules")) {
        table.add({field(rule, "name"), flag(rule, "enabled") ? "yes" : "no",
                   choice_text(at(rule, "classifications"), *classifications),
                   choice_text(at(rule, "products"), *products),
                   joined(fields_of(list(rule, "groups"), "name"))});
    }
    table.print(session.output);
    return {};
}

/// The rules as they are, in the form in which PUT takes them: groups by their ids.
Result<json::array> present_rules(Session& session) {
    const auto answer = session.api.call({.path = "rules"});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    json::array rules = list(*answer, "rules");
    for (json::value& rule : rules) {
        if (rule.is_object()) {
            rule.get_object()["groups"] = json_texts(fields_of(list(rule, "groups"), "id"));
        }
    }
    return rules;
}

bool is_named(const json::value& rule, const std::string& name) {
    return equal_ignoring_case(field(rule, "name"), name);
}

Result<> put_rules(Session& session, json::array rules) {
    return print_rules(
        session,
        session.api.call(
            {.method = "PUT", .path = "rules", .body = json::object{{"rules", std::move(rules)}}}));
}

Result<> add(Session& session, const NewRule& wanted) {
    const auto products = titles_of(session, "products");
    const auto classifications = products ? titles_of(session, "classifications") : products;
    if (!classifications) {
        return std::unexpected(classifications.error());
    }
    auto rules = present_rules(session);
    if (!rules) {
        return std::unexpected(rules.error());
    }
    rules->push_back(json::object{
        {"name", wanted.name},
        {"enabled", !wanted.disabled},
        {"classifications", choice_of(wanted.classifications, values_of(*classifications))},
        {"products", choice_of(wanted.products, values_of(*products))},
        {"groups", json_texts(wanted.groups)}});
    return put_rules(session, std::move(*rules));
}

Result<> remove(Session& session, const std::string& name) {
    auto rules = present_rules(session);
    if (!rules) {
        return std::unexpected(rules.error());
    }
    json::array kept;
    for (json::value& rule : *rules) {
        if (!is_named(rule, name)) {
            kept.push_back(std::move(rule));
        }
    }
    if (kept.size() == rules->size()) {
        return fail("rule.unknown", "There is no rule '" + name + "'.",
                    "List them with `headwater rules list`.");
    }
    return put_rules(session, std::move(kept));
}

Result<> apply(Session& session) {
    const auto answer = session.api.call({.method = "POST", .path = "rules/apply"});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!session.print_json(*answer)) {
        session.output.out << "The rules approved "
                           << counted(number(*answer, "approved_updates"), "update") << ".\n";
    }
    return {};
}

void add_adding(CLI::App& rules, Environment& environment, int& status) {
    auto wanted = std::make_shared<NewRule>();
    CLI::App& command = add_command(rules, environment, status, "add",
                                    "Add a rule; it acts after each synchronization",
                                    "headwater rules add 'Security for all' --classifications "
                                    "'Security Updates,Critical Updates' "
                                    "--products all --group 'All Computers'",
                                    [wanted](Session& session) { return add(session, *wanted); });
    command.add_option("name", wanted->name, "Its name")->required();
    command
        .add_option("--classifications", wanted->classifications,
                    "all, or names and ids between commas")
        ->required();
    command.add_option("--products", wanted->products, "all, or names and ids between commas")
        ->required();
    command.add_option("--group", wanted->groups, "A group, by name or id; once for each")
        ->required()
        ->allow_extra_args(false);
    command.add_flag("--disabled", wanted->disabled, "Keep it without effect");
}

}  // namespace

void add_rules(CLI::App& app, Environment& environment, int& status) {
    CLI::App& rules = add_family(app, "rules", "Automatic approvals", "headwater rules list");
    add_command(rules, environment, status, "list", "The rules of automatic approval",
                "headwater rules list", [](Session& session) {
                    return print_rules(session, session.api.call({.path = "rules"}));
                });
    add_adding(rules, environment, status);
    auto name = std::make_shared<std::string>();
    CLI::App& removing = add_command(rules, environment, status, "remove",
                                     "Remove a rule; what it approved stays approved",
                                     "headwater rules remove 'Security for all'",
                                     [name](Session& session) { return remove(session, *name); });
    removing.add_option("name", *name, "Its name")->required();
    add_command(rules, environment, status, "apply",
                "Apply the enabled rules now, to all updates that nobody decided about",
                "headwater rules apply", apply);
}

}  // namespace headwater::cli
