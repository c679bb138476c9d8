#pragma once
// Secrets that have to be kept and read again, such as a proxy's password: sealed with AES-256-GCM
// under a key that lies in a file of its own, so that a copy of the database does not give them
// away. A value; any thread.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace headwater {

class SecretBox {
public:
    using Key = std::array<std::uint8_t, 32>;

    explicit SecretBox(const Key& key) : key_(key) {}

    /// Reads the key from a file, which is made (mode 0600) where there is none. Errors:
    /// "secret.key" (unreadable, of a wrong size, or readable by others).
    [[nodiscard]] static Result<SecretBox> from_file(const std::filesystem::path& file);

    /// Base64, another text each time.
    [[nodiscard]] std::string seal(std::string_view secret) const;
    /// Errors: "secret.sealed" for what was changed, or sealed under another key.
    [[nodiscard]] Result<std::string> open(std::string_view sealed) const;

private:
    Key key_;
};

}  // namespace headwater
