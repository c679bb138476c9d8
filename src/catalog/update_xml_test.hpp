#pragma once
// Update documents for tests: hand-written ones, and the recorded ones where the shared fixtures
// are on the machine.

#include <filesystem>
#include <string>
#include <string_view>

#include "base/testing.hpp"

namespace headwater::catalog::test {

using test_help::fixtures;

inline std::string read(const std::filesystem::path& path) {
    return test_help::read_file(path);
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
