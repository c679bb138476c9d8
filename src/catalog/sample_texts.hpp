#pragma once
// The words of the sample in 25 languages. Constants and pure functions; any thread.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace headwater::catalog::sample {

/// What a title calls its update; kName stands for titles that are a name in every language.
enum class Noun : std::uint8_t {
    kName,
    kCumulative,
    kSecurity,
    kDefinition,
    kUpdate,
    kServicePack,
    kDriver,
    kFeaturePack,
};

/// A title and description before they are put into a language.
struct Wording {
    Noun noun = Noun::kName;
    std::string prefix;   ///< "2026-09 "
    std::string subject;  ///< "Sample Windows 11"
    std::string suffix;   ///< " (KB5000123)"
};

inline constexpr std::size_t kLanguageCount = 25;
inline constexpr std::size_t kEnglish = 5;  ///< index of "en"

/// The code of a language, as documents write it: "en", "pt-br".
[[nodiscard]] std::string_view language_code(std::size_t language);
[[nodiscard]] std::string title_in(std::size_t language, const Wording& wording);
[[nodiscard]] std::string description_in(std::size_t language, const Wording& wording);
[[nodiscard]] std::string_view uninstall_notes_in(std::size_t language);

}  // namespace headwater::catalog::sample
