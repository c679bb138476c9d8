#pragma once
// The namespaces in scope while a tree is walked from its root downward: each declaration is read
// once, where xml::resolve would walk up the tree again for every element. Belongs to one walk.

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "base/xml.hpp"

namespace headwater::catalog {

/// True for `xmlns` and `xmlns:...`.
[[nodiscard]] inline bool declares_namespace(std::string_view attribute) {
    return attribute.starts_with("xmlns") && (attribute.size() == 5 || attribute[5] == ':');
}

/// Holds views into the tree, which outlives it.
class Scopes {
public:
    /// Brings the declarations of an element into scope; leave() takes what this returns.
    std::size_t enter(const pugi::xml_node& element) {
        const std::size_t mark = declared_.size();
        for (const pugi::xml_attribute& attribute : element.attributes()) {
            const std::string_view name = attribute.name();
            if (declares_namespace(name)) {
                declared_.emplace_back(name.size() > 6 ? name.substr(6) : std::string_view{},
                                       attribute.value());
            }
        }
        return mark;
    }
    void leave(std::size_t mark) { declared_.resize(mark); }

    /// The namespace of an element that was entered; empty for none.
    [[nodiscard]] std::string_view namespace_of(const pugi::xml_node& element) const {
        const std::string_view prefix = xml::prefix(element.name());
        for (auto at = declared_.rbegin(); at != declared_.rend(); ++at) {
            if (at->first == prefix) {
                return at->second;
            }
        }
        return {};
    }

    /// Calls for each child element of this name and namespace, in scope; an empty name is any.
    template <typename Take>
    void for_each(const pugi::xml_node& parent, std::string_view name, std::string_view space,
                  const Take& take) {
        for (const pugi::xml_node& child : parent.children()) {
            if (child.type() != pugi::node_element ||
                (!name.empty() && xml::local_name(child) != name)) {
                continue;
            }
            const std::size_t mark = enter(child);
            if (namespace_of(child) == space) {
                take(child);
            }
            leave(mark);
        }
    }

    /// As for_each, for the first such child alone; false without one.
    template <typename Take>
    bool first(const pugi::xml_node& parent, std::string_view name, std::string_view space,
               const Take& take) {
        bool found = false;
        for_each(parent, name, space, [&](const pugi::xml_node& child) {
            if (!found) {
                found = true;
                take(child);
            }
        });
        return found;
    }

private:
    std::vector<std::pair<std::string_view, std::string_view>> declared_;
};

}  // namespace headwater::catalog
