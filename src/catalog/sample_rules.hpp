#pragma once
// The applicability rules that the sample uses, as XML with the prefixes lar and bar. Pure; any
// thread.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace headwater::catalog::sample::rules {

[[nodiscard]] std::string always();
[[nodiscard]] std::string negate(std::string_view rule);
/// The parts joined by And; empty ones are left out, and one alone stands by itself.
[[nodiscard]] std::string all_of(std::initializer_list<std::string_view> parts);
/// The parts, already one text, joined by Or.
[[nodiscard]] std::string any_of(std::string_view parts);

/// Windows 10.0 from one build on, and before another (0: no end), of a product type (0: any).
[[nodiscard]] std::string windows(std::uint32_t from_build, std::uint32_t before_build,
                                  std::uint32_t product_type);
[[nodiscard]] std::string processor(std::uint32_t architecture);
[[nodiscard]] std::string windows_language(std::string_view language);
[[nodiscard]] std::string dword(std::string_view subkey, std::string_view value,
                                std::string_view comparison, std::uint32_t data);
[[nodiscard]] std::string text_value(std::string_view subkey, std::string_view value,
                                     std::string_view data);
[[nodiscard]] std::string key_exists(std::string_view subkey);
[[nodiscard]] std::string value_exists(std::string_view subkey, std::string_view value);
/// A file below one of the shell's folders (CSIDL 37: System32, 38: Program Files).
[[nodiscard]] std::string file_exists(std::uint32_t folder, std::string_view path);
[[nodiscard]] std::string file_version(std::uint32_t folder, std::string_view path,
                                       std::string_view version);

}  // namespace headwater::catalog::sample::rules
