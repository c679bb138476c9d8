#pragma once
// Typed values out of an update document. The first one that is not what its type says is
// remembered and stands for the whole document, so that reading goes on in one line each.
// Belongs to one reading.

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/guid.hpp"
#include "base/time.hpp"
#include "base/xml.hpp"
#include "catalog/document.hpp"

namespace headwater::catalog {

/// Without the white space around it, as the types of XML Schema ignore it.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kSpace);
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// The start of a text from outside, short enough for a sentence, cut between characters.
[[nodiscard]] inline std::string excerpt(std::string_view text) {
    constexpr std::size_t kMost = 100;
    if (text.size() <= kMost) {
        return std::string(text);
    }
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return std::string(text.substr(0, end));
}

class Values {
public:
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

    void invalid(const std::string& what, std::string_view value) {
        if (!error_) {
            error_ =
                Error{"catalog.invalid",
                      "The update document has an invalid " + what + ": '" + excerpt(value) + "'.",
                      "Nothing can be done here: the upstream's document is wrong.",
                      {}};
        }
    }

    /// A decimal number of at most `most`.
    template <typename Integer>
    Integer number(const std::string& what, std::string_view text, Integer most) {
        const std::string_view digits = trimmed(text);
        Integer value = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() ||
            value > most) {
            invalid(what, text);
            return 0;
        }
        return value;
    }

    /// 0 without the attribute.
    std::uint64_t optional_number(const pugi::xml_node& node, const char* name,
                                  std::uint64_t most) {
        const pugi::xml_attribute attribute = node.attribute(name);
        return attribute ? number<std::uint64_t>(name, attribute.value(), most) : 0;
    }

    /// xs:boolean; false without the attribute.
    bool flag(const pugi::xml_node& node, const char* name) {
        const pugi::xml_attribute attribute = node.attribute(name);
        const std::string_view text = trimmed(attribute.value());
        const bool is_true = text == "true" || text == "1";
        if (attribute && !is_true && text != "false" && text != "0") {
            invalid(name, text);
        }
        return is_true;
    }

    Guid guid(const pugi::xml_node& node, const char* name) {
        const std::string_view text = node.attribute(name).value();
        const auto guid = Guid::parse(trimmed(text));
        if (!guid) {
            invalid(name, text);
        }
        return guid.value_or(Guid{});
    }

    std::optional<Guid> optional_guid(const pugi::xml_node& node, const char* name) {
        return node.attribute(name) ? std::optional(guid(node, name)) : std::nullopt;
    }

    std::optional<Time> optional_time(const pugi::xml_node& node, const char* name) {
        const pugi::xml_attribute attribute = node.attribute(name);
        const auto time = from_xml_time(trimmed(attribute.value()));
        if (attribute && !time) {
            invalid(name, attribute.value());
        }
        return time;
    }

    RevisionIdentity identity(const pugi::xml_node& node) {
        return {guid(node, "UpdateID"),
                number<std::uint32_t>("RevisionNumber", node.attribute("RevisionNumber").value(),
                                      std::numeric_limits<std::int32_t>::max())};
    }

private:
    std::optional<Error> error_;
};

}  // namespace headwater::catalog
