#pragma once
// What the tests of every room share: a folder that removes itself, the recorded fixtures, and
// short ways to a result's value and code. Not part of the program.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace headwater::test_help {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "headwater-test-XXXXXX").string();
        path_ = ::mkdtemp(name.data()) == nullptr ? std::string() : name;
        EXPECT_FALSE(path_.empty()) << "No temporary folder can be made.";
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Where the recorded exchanges and documents are, if they are on this machine.
inline std::filesystem::path fixtures() {
    const char* shared = std::getenv("HEADWATER_SHARED");
    return std::filesystem::path(shared != nullptr ? shared : "../shared") / "fixtures";
}

/// The bytes of a file; empty if it cannot be read.
inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

inline void write_file(const std::filesystem::path& path, std::string_view content) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << content;
    EXPECT_TRUE(file.flush()) << path;
}

/// Empty for a value.
template <typename T>
std::string code_of(const Result<T>& result) {
    return result ? "" : result.error().code;
}

/// The value, or a failed expectation and a value of no meaning.
template <typename T>
T value_of(Result<T> result) {
    EXPECT_TRUE(result.has_value()) << result.error().text();
    return result ? std::move(*result) : T{};
}

}  // namespace headwater::test_help
