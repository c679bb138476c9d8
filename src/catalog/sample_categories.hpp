#pragma once
// The companies, families, products, classifications and detectoids of the sample, and the facts
// that make them installed. Immutable after construction; any thread.
//
// Facts of a machine that make a product applicable. Windows is 10.0 with a build number;
// ProductType is 1 for a client and 3 for a server. "..." stands for
// HKEY_LOCAL_MACHINE\SOFTWARE\Headwater\Sample.
//
//   Sample Windows 11                    build >= 22000, client
//     , version 24H2 / 25H2              build 26100 to 26199 / build >= 26200, client
//     Drivers                            build >= 22000, client
//   Sample Windows 10, version 22H2      build 19045 to 21999, client; its Drivers: 10240 to 21999
//   Sample Windows Server 2022 / 2025    build 20348 to 26099 / build >= 26100, server
//   Sample Defender Antivirus            the key ...\Products\Defender exists
//   Sample Office 2024                   ...\Products\Office, text value Version is "16.0"
//   Brookside Draw & Paint               Program Files\Brookside\draw.exe, version 4.0.0.0 or later
//   Brookside Mail                       Program Files\Brookside\mail.exe exists
//   every further product                the key ...\Products\<title> exists
//   companies, families, classifications always
//
// Facts of detectoids: processor architecture 9 (x64) or 12 (arm64), the Windows language, and for
// a component "Brookside Component n" the DWORD value n in ...\Components.
//
// Facts of updates: installing a leaf or driver writes the Data of every RegDword in its rules to
// its place; that makes IsInstalled true. Those places are ...\Installed (value: the KB number,
// "-2" and so on appended for further parts, or "D" and the WHQL number; data 1) and ...\Levels
// (value: a line of updates that replace each other; data: grows). A leaf whose line has a higher
// level is superseded and not installable. Of a definition update the level alone tells that it is
// installed. Variants after the first in a nested cumulative update want
// System32\sample\variant<n>.dll. A driver is installable where
// SYSTEM\CurrentControlSet\Enum\<hardware id> exists; the device number d has the id
// "pci\ven_5a4d&dev_" and d as four lower case hexadecimal digits (for two devices in three also
// the same with "&rev_01" behind it, and so on). A bundle has no rules: its members tell.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guid.hpp"
#include "base/time.hpp"
#include "catalog/sample_writer.hpp"

namespace headwater::catalog::sample {

inline constexpr std::string_view kInstalledKey = R"(SOFTWARE\Headwater\Sample\Installed)";
inline constexpr std::string_view kLevelsKey = R"(SOFTWARE\Headwater\Sample\Levels)";

/// In the order of the documents.
enum class Classification : std::uint8_t {
    kCritical,
    kDefinition,
    kDrivers,
    kDriverSets,
    kFeaturePacks,
    kSecurity,
    kServicePacks,
    kTools,
    kRollups,
    kUpdates,
    kUpgrades,
    kApplications,
};

[[nodiscard]] Guid classification_id(Classification classification);

/// Places in Categories::products.
namespace product {
inline constexpr std::uint32_t kWindows11 = 0;
inline constexpr std::uint32_t kWindows11Version24H2 = 1;
inline constexpr std::uint32_t kWindows11Version25H2 = 2;
inline constexpr std::uint32_t kWindows11Drivers = 3;
inline constexpr std::uint32_t kWindows10 = 4;
inline constexpr std::uint32_t kWindows10Drivers = 5;
inline constexpr std::uint32_t kServer2022 = 6;
inline constexpr std::uint32_t kServer2025 = 7;
inline constexpr std::uint32_t kDefender = 8;
inline constexpr std::uint32_t kOffice = 9;
}  // namespace product

/// Places in Categories::detectoids.
namespace detectoid {
inline constexpr std::uint32_t kX64 = 0;
inline constexpr std::uint32_t kArm64 = 1;
inline constexpr std::uint32_t kWindows11X64 = 2;
inline constexpr std::uint32_t kWindows11Arm64 = 3;
}  // namespace detectoid

class Categories {
public:
    struct Named {
        Guid id;
        std::string title;
        std::vector<Guid> needs;
        std::string rule;
    };
    struct Language {
        std::size_t place = 0;  ///< for language_code and the like
        std::string_view code;
        Guid detectoid;
    };

    /// @param updates  the revisions of the whole catalog; the more, the more categories
    Categories(std::uint64_t seed, std::uint32_t updates);

    [[nodiscard]] const std::vector<Named>& products() const { return products_; }
    [[nodiscard]] const std::vector<Named>& detectoids() const { return detectoids_; }
    /// The languages that have a detectoid; never empty.
    [[nodiscard]] const std::vector<Language>& languages() const { return languages_; }

    /// All of them as drafts, prerequisites first; without publisher and creation date.
    [[nodiscard]] std::vector<Draft> drafts() const;

private:
    Guid next_id();
    void add_fixed();
    void add_fixed_products();
    void add_fixed_detectoids();
    void add_further(std::uint32_t number);
    void add_language(std::size_t language);
    void add_product(std::size_t family, std::string title, std::string rule);

    std::uint64_t seed_;
    std::uint64_t made_ = 0;
    std::vector<Named> companies_;
    std::vector<Named> families_;
    std::vector<Named> products_;
    std::vector<Named> detectoids_;
    std::vector<Language> languages_;
};

}  // namespace headwater::catalog::sample
