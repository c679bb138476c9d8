#pragma once
// Update documents for tests: hand-written ones, and the recorded ones where the shared fixtures
// are on the machine.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace headwater::catalog::test {

inline std::filesystem::path fixtures() {
    if (const char* shared = std::getenv("HEADWATER_SHARED")) {
        return std::filesystem::path(shared) / "fixtures";
    }
#ifdef HEADWATER_SOURCE_DIR
    return std::filesystem::path(HEADWATER_SOURCE_DIR) / "../shared/fixtures";
#else
    return "../shared/fixtures";
#endif
}

inline std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

inline constexpr std::string_view kHead =
    R"(<u:Update xmlns:u="http://schemas.microsoft.com/msus/2002/12/Update">)"
    R"(<u:UpdateIdentity UpdateID="11111111-1111-1111-1111-111111111111" RevisionNumber="3"/>)";
inline constexpr std::string_view kSoftware = R"(<u:Properties UpdateType="Software"/>)";
/// The attributes that every File has, with the digests of a recorded file.
inline constexpr std::string_view kFile =
    R"(Digest="vXidQqLgJwCO4+fE++5nIN1txMk=" DigestAlgorithm="SHA1" Size="12" )";

/// A document with these elements (prefix `u`) after its identity.
inline std::string document(std::string_view rest) {
    return std::string(kHead) + std::string(rest) + "</u:Update>";
}

/// One with these elements after its properties.
inline std::string software(std::string_view rest) {
    return document(std::string(kSoftware) + std::string(rest));
}

}  // namespace headwater::catalog::test
