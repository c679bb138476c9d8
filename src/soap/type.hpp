#pragma once
// What is known of a C++ type on the wire: one table of functions a type, from which messages are
// read, written and described, without a template in the reader or the writer. Constant data; any
// thread.
//
// A struct (or enum) takes part by a function that is found beside it:
//     const soap::Type& wire_type(soap::Tag<Cookie>);
// declared in its header and defined in a .cpp with the tables of soap/field.hpp.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/guid.hpp"
#include "base/time.hpp"
#include "soap/value.hpp"

namespace headwater::soap {

struct Type;
/// Stands for T where only the type counts.
template <typename T>
struct Tag {};
/// Later called, so that tables in different files can name each other.
using TypeOf = const Type& (*)();

enum class Shape : std::uint8_t { kSimple, kStructure, kArray, kOptional, kRaw };
/// Where a text is written; decides what is escaped.
enum class Place : std::uint8_t { kContent, kAttribute };

/// One member of a struct: an element, or an attribute of the struct's own element.
struct Field {
    std::string_view name;
    TypeOf type;
    void* (*member)(void* structure);
    std::string_view item_name = {};  ///< of an array's items; empty for the name of their type
    bool is_attribute = false;
    bool is_nillable = false;
    bool is_minor = false;  ///< minOccurs="0" although the member is always written

    /// The array's items have another name than their type.
    [[nodiscard]] constexpr Field items(std::string_view item) const {
        Field field = *this;
        field.item_name = item;
        return field;
    }
    [[nodiscard]] constexpr Field nillable() const {
        Field field = *this;
        field.is_nillable = true;
        return field;
    }
    /// Others may leave it out; we always write it.
    [[nodiscard]] constexpr Field minor() const {
        Field field = *this;
        field.is_minor = true;
        return field;
    }
};

struct Type {
    Shape shape = Shape::kSimple;
    std::string_view name = {};  ///< of the XML Schema type, without namespace

    // A simple type. `parse` gets the whole text and returns false for one that it cannot take.
    bool (*parse)(const Type& self, std::string_view text, void* value) = nullptr;
    void (*format)(const Type& self, const void* value, Place place, std::string& out) = nullptr;
    std::span<const std::string_view> names =
        {};                          ///< of an enumeration, in the order of its values
    std::string_view fallback = {};  ///< what an unknown name of an enumeration is read as
    bool is_reference = false;       ///< .NET may say null where one is an item

    // A structure, in the order of the WSDL.
    std::span<const Field> fields = {};

    // What an array, an optional or a raw value holds.
    TypeOf inner = nullptr;

    // An array.
    std::size_t (*size)(const void* array) = nullptr;
    const void* (*item)(const void* array, std::size_t index) = nullptr;
    void* (*append)(void* array) = nullptr;

    // An optional. `value` is null for an absent and for a nil one.
    const void* (*value)(const void* optional) = nullptr;
    void* (*ensure)(void* optional) = nullptr;
    void (*set_nil)(void* optional) = nullptr;
    bool (*is_nil)(const void* optional) = nullptr;

    // Ready XML.
    std::string& (*raw)(void* value) = nullptr;
    std::shared_ptr<void> (*make)() = nullptr;
};

namespace detail {

/// The built-in types; defined in simple.cpp.
extern const Type kBool, kInt8, kUint8, kInt16, kInt32, kInt64, kUint32, kString, kBytes, kGuid,
    kTime;

template <typename T>
struct Wire {
    static const Type& type() { return wire_type(Tag<T>{}); }
};
template <const Type& kType>
struct Simple {
    static const Type& type() { return kType; }
};
template <>
struct Wire<bool> : Simple<kBool> {};
template <>
struct Wire<std::int8_t> : Simple<kInt8> {};
template <>
struct Wire<std::uint8_t> : Simple<kUint8> {};
template <>
struct Wire<std::int16_t> : Simple<kInt16> {};
template <>
struct Wire<std::int32_t> : Simple<kInt32> {};
template <>
struct Wire<std::int64_t> : Simple<kInt64> {};
template <>
struct Wire<std::uint32_t> : Simple<kUint32> {};
template <>
struct Wire<std::string> : Simple<kString> {};
template <>
struct Wire<Bytes> : Simple<kBytes> {};
template <>
struct Wire<Guid> : Simple<kGuid> {};
template <>
struct Wire<Time> : Simple<kTime> {};

template <typename T>
struct Wire<std::vector<T>> {
    static const Type& type() {
        using Self = std::vector<T>;
        static constexpr Type kType{
            .shape = Shape::kArray,
            .is_reference = true,
            .inner = &Wire<T>::type,
            .size = [](const void* array) { return static_cast<const Self*>(array)->size(); },
            .item = [](const void* array, std::size_t index) -> const void* {
                return &(*static_cast<const Self*>(array))[index];
            },
            .append = [](void* array) -> void* {
                return &static_cast<Self*>(array)->emplace_back();
            }};
        return kType;
    }
};

template <typename T>
struct Wire<Optional<T>> {
    static const Type& type() {
        using Self = Optional<T>;
        static constexpr Type kType{
            .shape = Shape::kOptional,
            .inner = &Wire<T>::type,
            .value = [](const void* optional) -> const void* {
                const Self& self = *static_cast<const Self*>(optional);
                return self ? &*self : nullptr;
            },
            .ensure = [](void* optional) -> void* {
                return &static_cast<Self*>(optional)->ensure();
            },
            .set_nil = [](void* optional) { *static_cast<Self*>(optional) = Self::nil(); },
            .is_nil =
                [](const void* optional) { return static_cast<const Self*>(optional)->is_nil(); }};
        return kType;
    }
};

template <typename T>
struct Wire<Raw<T>> {
    static const Type& type() {
        static constexpr Type kType{
            .shape = Shape::kRaw,
            .is_reference = true,
            .inner = &Wire<T>::type,
            .raw = [](void* value) -> std::string& { return static_cast<Raw<T>*>(value)->xml; },
            .make = []() -> std::shared_ptr<void> { return std::make_shared<T>(); }};
        return kType;
    }
};

}  // namespace detail

/// The description of a type; lives as long as the program.
template <typename T>
[[nodiscard]] const Type& type_of() {
    return detail::Wire<T>::type();
}

/// The name of an enumeration's value; empty for a value that it does not have.
template <typename E>
[[nodiscard]] std::string_view name_of(E value) {
    const std::span<const std::string_view> names = type_of<E>().names;
    const auto index = static_cast<std::size_t>(value);
    return index < names.size() ? names[index] : std::string_view{};
}

}  // namespace headwater::soap
