#include <unordered_map>

#include "cli/command.hpp"
#include "cli/commands.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

/// How deep the tree is followed; what a server says is no reason to go on forever.
constexpr int kDeepest = 8;

struct Tree {
    explicit Tree(const json::array& categories) {
        std::unordered_map<std::string, bool> is_here;
        for (const json::value& category : categories) {
            is_here[field(category, "id")] = true;
        }
        for (const json::value& category : categories) {
            const std::string parent = field(category, "parent");
            children[is_here.contains(parent) ? parent : std::string{}].push_back(&category);
        }
    }
    std::unordered_map<std::string, std::vector<const json::value*>> children;
};

void add_rows(const Tree& tree, const std::string& parent, int depth, bool indented, Table& table) {
    const auto at_parent = tree.children.find(parent);
    if (at_parent == tree.children.end() || depth > kDeepest) {
        return;
    }
    for (const json::value* category : at_parent->second) {
        const auto indent = static_cast<std::size_t>(indented ? 2 * depth : 0);
        table.add({flag(*category, "chosen") ? "x" : "", field(*category, "id"),
                   field(*category, "updates"), field(*category, "type"),
                   std::string(indent, ' ') + field(*category, "title")});
        add_rows(tree, field(*category, "id"), depth + 1, indented, table);
    }
}

Result<> show(Session& session, const std::string& noun) {
    const auto answer = session.api.call({.path = noun});
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (session.print_json(*answer)) {
        return {};
    }
    const json::array& categories = list(*answer, noun);
    if (categories.empty() && session.output.is_terminal) {
        session.output.out << "There are none yet: the first synchronization brings them.\n";
        return {};
    }
    Table table({{"CHOSEN"}, {"ID"}, {"UPDATES"}, {"TYPE"}, {"TITLE", Fit::kCut}});
    add_rows(Tree(categories), {}, 0, session.output.is_terminal, table);
    table.print(session.output);
    return {};
}

}  // namespace

void add_categories(CLI::App& app, Environment& environment, int& status) {
    add_command(app, environment, status, "products",
                "Companies, families and products, with the number of their updates",
                "headwater products", [](Session& session) { return show(session, "products"); });
    add_command(app, environment, status, "classifications",
                "Classifications, with the number of their updates", "headwater classifications",
                [](Session& session) { return show(session, "classifications"); });
}

}  // namespace headwater::cli
