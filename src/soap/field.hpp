#pragma once
// The words in which a field table is written; included where tables are defined, not where
// messages are used. Constant data; any thread.
//
//     const soap::Type& wire_type(soap::Tag<Cookie>) {
//         static constexpr std::array kFields{soap::field<&Cookie::expiration>("Expiration"),
//                                             soap::field<&Cookie::encrypted_data>("EncryptedData")};
//         static constexpr auto kType = soap::structure("Cookie", kFields);
//         return kType;
//     }

#include <array>
#include <span>
#include <string_view>
#include <type_traits>

#include "soap/type.hpp"

namespace headwater::soap {

namespace detail {

template <typename M>
struct Member;
template <typename S, typename V>
struct Member<V S::*> {
    using Structure = S;
    using Value = V;
};

/// The value as its place among the names. An unknown name is the fallback, where there is one.
template <typename E>
bool parse_enumeration(const Type& self, std::string_view text, void* value) {
    for (std::size_t i = 0; i < self.names.size(); ++i) {
        if (self.names[i] == text) {
            *static_cast<E*>(value) = static_cast<E>(i);
            return true;
        }
    }
    return !self.fallback.empty() && text != self.fallback &&
           parse_enumeration<E>(self, self.fallback, value);
}

template <typename E>
void format_enumeration(const Type& self, const void* value, Place /*place*/, std::string& out) {
    out += self.names[static_cast<std::size_t>(*static_cast<const E*>(value))];
}

}  // namespace detail

/// A member as an element. A plain member is minOccurs="1", an Optional one minOccurs="0".
template <auto kMember>
[[nodiscard]] constexpr Field field(std::string_view name) {
    using Of = detail::Member<decltype(kMember)>;
    return {.name = name,
            .type = &detail::Wire<typename Of::Value>::type,
            .member = [](void* structure) -> void* {
                return &(static_cast<typename Of::Structure*>(structure)->*kMember);
            }};
}

/// A member of a simple type (or an Optional of one) as an attribute.
template <auto kMember>
[[nodiscard]] constexpr Field attribute(std::string_view name) {
    Field as_attribute = field<kMember>(name);
    as_attribute.is_attribute = true;
    return as_attribute;
}

/// The fields have to live as long as the program.
[[nodiscard]] constexpr Type structure(std::string_view name, std::span<const Field> fields) {
    return {.shape = Shape::kStructure, .name = name, .is_reference = true, .fields = fields};
}

/// @param names     in the order of the values, which count from 0; live as long as the program
/// @param fallback  the name as which an unknown one is read; without it that is an error
template <typename E>
[[nodiscard]] constexpr Type enumeration(std::string_view name,
                                         std::span<const std::string_view> names,
                                         std::string_view fallback = {}) {
    static_assert(std::is_enum_v<E>);
    return {.name = name,
            .parse = &detail::parse_enumeration<E>,
            .format = &detail::format_enumeration<E>,
            .names = names,
            .fallback = fallback};
}

}  // namespace headwater::soap
