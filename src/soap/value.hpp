#pragma once
// What the fields of a message are made of, besides plain C++ types. Values; any thread.

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace headwater::soap {

/// A sequence of items inside one element. The name of an item is said by the field table.
template <typename T>
using Array = std::vector<T>;

/// An element that may be left out (minOccurs="0"): absent, present (perhaps empty), or xsi:nil.
template <typename T>
class Optional {
public:
    Optional() = default;
    template <typename U = T>
        requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, Optional>)
    Optional(U&& value) : value_(std::in_place, std::forward<U>(value)) {}

    /// The element with xsi:nil="true".
    [[nodiscard]] static Optional nil() {
        Optional value;
        value.nil_ = true;
        return value;
    }

    /// False for an absent and for a nil element.
    [[nodiscard]] bool has_value() const { return value_.has_value(); }
    [[nodiscard]] explicit operator bool() const { return value_.has_value(); }
    [[nodiscard]] bool is_nil() const { return nil_; }

    [[nodiscard]] T& operator*() { return *value_; }
    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] T* operator->() { return &*value_; }
    [[nodiscard]] const T* operator->() const { return &*value_; }

    /// The value, or an empty one that lives as long as the program.
    [[nodiscard]] const T& or_default() const {
        static const T kDefault{};
        return value_ ? *value_ : kDefault;
    }

    /// The value, made first where there is none; no longer nil.
    T& ensure() {
        nil_ = false;
        return value_ ? *value_ : value_.emplace();
    }
    void reset() { *this = Optional(); }

    bool operator==(const Optional&) const = default;

private:
    std::optional<T> value_;
    bool nil_ = false;
};

/// The content of an element that stands for a T, ready on the wire: escaped texts, written
/// elements. It is written as it is, so whoever fills it answers for it. Reading makes it anew from
/// the T it read.
template <typename T>
struct Raw {
    std::string xml;

    bool operator==(const Raw&) const = default;
};

}  // namespace headwater::soap
