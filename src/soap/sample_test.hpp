#pragma once
// A small service's messages, for the tests of this room.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "soap/field.hpp"

namespace headwater::soap::sample {

inline constexpr std::string_view kNamespace = "http://example.invalid/shop";

enum class Colour : std::uint8_t { kRed, kGreen };
enum class Grade : std::uint8_t { kUnknown, kBest };

struct Stamp {
    Time made = {};
    std::uint32_t number = 0;
    Optional<std::string> note = {};
    bool operator==(const Stamp&) const = default;
};

struct Part {
    std::int32_t id = 0;
    Optional<std::string> label = {};
    bool operator==(const Part&) const = default;
};

struct Order {
    bool urgent = false;
    std::int8_t tiny = 0;
    std::uint8_t small = 0;
    std::int16_t medium = 0;
    std::int32_t plain = 0;
    std::int64_t large = 0;
    std::uint32_t natural = 0;
    std::string name = {};
    Bytes data = {};
    Guid guid = {};
    Time time = {};
    Colour colour = Colour::kRed;
    Grade grade = Grade::kUnknown;
    Optional<Stamp> stamp = {};
    Optional<Array<std::int32_t>> numbers = {};
    Optional<Array<std::string>> words = {};
    Optional<Array<Part>> parts = {};
    Optional<std::string> remark = {};
    bool operator==(const Order&) const = default;
};

struct OrderResponse {
    std::int32_t total = 0;
    Optional<Raw<Array<Part>>> parts = {};
    bool operator==(const OrderResponse&) const = default;
};

struct Outer {
    Optional<Order> order = {};
    bool operator==(const Outer&) const = default;
};

inline const Type& wire_type(Tag<Colour>) {
    static constexpr std::array<std::string_view, 2> kNames{"Red", "Green"};
    static constexpr Type kType = enumeration<Colour>("Colour", kNames);
    return kType;
}

inline const Type& wire_type(Tag<Grade>) {
    static constexpr std::array<std::string_view, 2> kNames{"Unknown", "Best"};
    static constexpr Type kType = enumeration<Grade>("Grade", kNames, "Unknown");
    return kType;
}

inline const Type& wire_type(Tag<Stamp>) {
    static constexpr std::array kFields{attribute<&Stamp::made>("Made"),
                                        attribute<&Stamp::number>("Number"),
                                        attribute<&Stamp::note>("Note")};
    static constexpr Type kType = structure("Stamp", kFields);
    return kType;
}

inline const Type& wire_type(Tag<Part>) {
    static constexpr std::array kFields{field<&Part::id>("Id"), field<&Part::label>("Label")};
    static constexpr Type kType = structure("Part", kFields);
    return kType;
}

inline const Type& wire_type(Tag<Order>) {
    static constexpr std::array kFields{
        field<&Order::urgent>("Urgent"),   field<&Order::tiny>("Tiny"),
        field<&Order::small>("Small"),     field<&Order::medium>("Medium"),
        field<&Order::plain>("Plain"),     field<&Order::large>("Large"),
        field<&Order::natural>("Natural"), field<&Order::name>("Name"),
        field<&Order::data>("Data"),       field<&Order::guid>("Guid"),
        field<&Order::time>("Time"),       field<&Order::colour>("Colour"),
        field<&Order::grade>("Grade"),     field<&Order::stamp>("Stamp"),
        field<&Order::numbers>("Numbers"), field<&Order::words>("Words").items("Word"),
        field<&Order::parts>("Parts"),     field<&Order::remark>("Remark").nillable()};
    static constexpr Type kType = structure("Order", kFields);
    return kType;
}

inline const Type& wire_type(Tag<OrderResponse>) {
    static constexpr std::array kFields{field<&OrderResponse::total>("Total"),
                                        field<&OrderResponse::parts>("Parts")};
    static constexpr Type kType = structure("OrderResponse", kFields);
    return kType;
}

inline const Type& wire_type(Tag<Outer>) {
    static constexpr std::array kFields{field<&Outer::order>("order")};
    static constexpr Type kType = structure("Outer", kFields);
    return kType;
}

/// An order with something in every field.
inline Order full_order() {
    using namespace std::chrono_literals;
    return {.urgent = true,
            .tiny = -128,
            .small = 255,
            .medium = -32768,
            .plain = -2145099769,
            .large = 9'223'372'036'854'775'807,
            .natural = 4'294'967'295U,
            .name = "a <b> & \"c\" – d",
            .data = {0, 1, 254, 255},
            .guid = "dd78b8a1-0b20-45c1-add6-4da72e9364cf"_guid,
            .time = Time{std::chrono::sys_days{std::chrono::year{2026} / 10 / 4}} + 15h + 590ms,
            .colour = Colour::kGreen,
            .grade = Grade::kBest,
            .stamp = Stamp{.made = Time{}, .number = 7, .note = "\"quoted\" & <marked>"},
            .numbers = Array<std::int32_t>{1, -2, 3},
            .words = Array<std::string>{"one", "", "three\r\nlines\r"},
            .parts = Array<Part>{{.id = 1, .label = "x"}, {.id = 2}},
            .remark = Optional<std::string>::nil()};
}

}  // namespace headwater::soap::sample
