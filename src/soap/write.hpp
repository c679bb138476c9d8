#pragma once
// From a message to XML, by the message's field table: literal, in the order of the WSDL. Appends
// to one string. Pure functions; any thread.
//
// A nil element is written with the prefix xsi, which the envelope declares.

#include <string>
#include <string_view>

#include "soap/names.hpp"
#include "soap/type.hpp"

namespace headwater::soap {

namespace detail {
void write(std::string& out, Style style, std::string_view name, std::string_view name_space,
           const Type& type, const void* value);
void write_content(std::string& out, Style style, const Type& type, const void* value,
                   std::string_view item_name = {});
}  // namespace detail

/// Appends an element without a namespace declaration, as for the items that a Raw is made of.
template <typename T>
void write(std::string& out, Style style, std::string_view name, const T& value) {
    detail::write(out, style, name, {}, type_of<T>(), &value);
}

/// Appends an element that declares its namespace as the default one.
template <typename T>
void write(std::string& out, Style style, std::string_view name, std::string_view name_space,
           const T& value) {
    detail::write(out, style, name, name_space, type_of<T>(), &value);
}

}  // namespace headwater::soap
