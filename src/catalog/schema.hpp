#pragma once
// Names of the 2002/12 schema of update documents. Constants; any thread.

#include <string_view>

namespace headwater::catalog::schema {

inline constexpr std::string_view kUpdate = "http://schemas.microsoft.com/msus/2002/12/Update";
inline constexpr std::string_view kBaseRules =
    "http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules";
inline constexpr std::string_view kMsiRules =
    "http://schemas.microsoft.com/msus/2002/12/MsiApplicabilityRules";
inline constexpr std::string_view kWindowsDriver =
    "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver";
inline constexpr std::string_view kCategory =
    "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Category";

}  // namespace headwater::catalog::schema
