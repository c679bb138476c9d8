#pragma once
// What comes in with a request, checked field by field: nothing is taken that was not asked for,
// and what nobody asked for is refused by its name. Values of one request; one thread.

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace headwater::admin {

inline constexpr std::size_t kMaxBodyBytes = std::size_t{1} << 20U;
inline constexpr std::size_t kMaxBodyDepth = 16;
/// Of one text in a body or a query.
inline constexpr std::size_t kMaxTextBytes = 4096;
/// Of one list in a body.
inline constexpr std::size_t kMaxItems = 10'000;

/// "%41" is "A"; with `plus_is_space` "+" is " ". Nothing for a '%' without two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// The parameters after '?'.
class Query {
public:
    /// Errors: "request.query" for a broken escape or a parameter that stands twice.
    [[nodiscard]] static Result<Query> parse(std::string_view raw);

    /// Refuses every parameter that is not one of these: "request.query".
    [[nodiscard]] Result<> allow(std::initializer_list<std::string_view> names) const;
    /// Nothing where it is absent or empty.
    [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const;
    [[nodiscard]] Result<std::uint64_t> number(std::string_view name, std::uint64_t otherwise,
                                               std::uint64_t at_most) const;

private:
    std::vector<std::pair<std::string, std::string>> parameters_;
};

/// The fields of one JSON object. A wrong field does not end the reading: its value is a default,
/// and finish() tells of it.
class Fields {
public:
    /// The body of a request; an empty one is an empty object. Errors: "request.too_large",
    /// "request.json".
    [[nodiscard]] static Result<Fields> parse(std::string_view body);
    /// @param where  what the object is, for sentences: "rules[2]"; empty for the body itself
    Fields(boost::json::object object, std::string where);

    [[nodiscard]] bool has(std::string_view name) const;
    /// True where it is there and null, which says "none" of what may be an object.
    [[nodiscard]] bool is_null(std::string_view name);
    /// Required.
    [[nodiscard]] std::string text(std::string_view name);
    /// Nothing where it is absent or null.
    [[nodiscard]] std::optional<std::string> optional_text(std::string_view name);
    [[nodiscard]] bool flag(std::string_view name, bool otherwise);
    [[nodiscard]] std::uint64_t number(std::string_view name, std::uint64_t otherwise,
                                       std::uint64_t at_most);
    /// Required.
    [[nodiscard]] std::vector<std::string> texts(std::string_view name);
    /// Nothing where it is absent.
    [[nodiscard]] std::optional<Fields> object(std::string_view name);
    /// Required; each of them has to be finished by the caller.
    [[nodiscard]] std::vector<Fields> objects(std::string_view name);

    /// Refuses what was wrong, and what was not asked for: "request.field".
    [[nodiscard]] Result<> finish() const;

private:
    [[nodiscard]] const boost::json::value* take(std::string_view name);
    [[nodiscard]] const boost::json::array* take_list(std::string_view name);
    void wrong(std::string_view name, std::string_view problem);

    boost::json::object object_;
    std::string where_;
    std::set<std::string, std::less<>> asked_;
    std::optional<Error> error_;
};

}  // namespace headwater::admin
