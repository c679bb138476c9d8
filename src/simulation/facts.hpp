#pragma once
// What is true of a simulated computer: its Windows, registry, files and devices. Read from a small
// JSON file, and changed by what the simulated agent "installs". A value; one thread at a time.
//
//     {"client_id": "e1da06a3-…", "dns_name": "pc1.example", "target_group": "Pilots",
//      "os": {"major": 10, "minor": 0, "build": 26200, "product_type": 1, "description": "…"},
//      "architecture": "x64", "languages": ["en-US", "en"],
//      "registry": {"HKEY_LOCAL_MACHINE\\SOFTWARE\\Example": {"Count": 1, "Name": "text"}},
//      "files": {"C:\\Windows\\System32\\a.dll": {"version": "1.2.3.4"}},
//      "computer_hardware_ids": ["…"], "failing_updates": ["…"]}
//
// Every part may be left out; what is left out is as on a Windows 11 computer with x64. A key
// without values is {}. Devices are the keys below
// HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum.

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/guid.hpp"

namespace headwater::simulation {

using FileVersion = std::array<std::uint16_t, 4>;

/// "1.2.3.4", or with fewer parts, which are 0; nothing for another text.
[[nodiscard]] std::optional<FileVersion> parse_version(std::string_view text);
[[nodiscard]] std::string version_text(const FileVersion& version);

/// A REG_DWORD or a REG_SZ.
using RegistryValue = std::variant<std::uint32_t, std::string>;

/// Keys and names compare without regard to case. HKLM and the like stand for the long names.
class Registry {
public:
    using Values = std::map<std::string, RegistryValue>;  ///< by name in lower case

    /// Makes the key too. An empty name is the key's default value.
    void set(std::string_view key, std::string_view name, RegistryValue value);
    void add_key(std::string_view key);
    /// True too for a key that has only keys below it.
    [[nodiscard]] bool has_key(std::string_view key) const;
    /// Null without such a value; valid until the registry changes.
    [[nodiscard]] const RegistryValue* find(std::string_view key, std::string_view name) const;
    /// In lower case, in order.
    [[nodiscard]] const std::map<std::string, Values>& keys() const { return keys_; }

    bool operator==(const Registry&) const = default;

private:
    std::map<std::string, Values> keys_;
};

/// Paths compare without regard to case, with the usual %variables% in place.
class Files {
public:
    void set(std::string_view path, const FileVersion& version);
    /// Null without such a file; valid until the files change.
    [[nodiscard]] const FileVersion* find(std::string_view path) const;
    /// In lower case, in order.
    [[nodiscard]] const std::map<std::string, FileVersion>& all() const { return files_; }

    bool operator==(const Files&) const = default;

private:
    std::map<std::string, FileVersion> files_;
};

/// The path of one of the shell's folders, in lower case, as 37 for System32; empty for others.
[[nodiscard]] std::string_view shell_folder(std::uint32_t csidl);

enum class Architecture : std::uint8_t { kX86, kX64, kArm64 };

struct OperatingSystem {
    std::uint32_t major = 10;
    std::uint32_t minor = 0;
    std::uint32_t build = 26200;
    std::uint32_t service_pack_major = 0;
    std::uint32_t service_pack_minor = 0;
    std::uint32_t product_type = 1;  ///< 1 a client, 2 a domain controller, 3 a server
    std::string description = "Windows 11 Pro";
    bool operator==(const OperatingSystem&) const = default;
};

struct Facts {
    /// Without one, the agent makes one and keeps it in its cache.
    std::optional<Guid> client_id = {};
    std::string dns_name = "simulated-pc.example";
    std::string target_group = {};  ///< empty for none
    OperatingSystem os = {};
    Architecture architecture = Architecture::kX64;
    std::vector<std::string> languages = {"en-US", "en"};
    std::vector<Guid> computer_hardware_ids = {};
    Registry registry = {};
    Files files = {};
    /// Updates whose installation fails here, by their update id.
    std::vector<Guid> failing_updates = {};

    bool operator==(const Facts&) const = default;

    /// Errors: "facts.malformed" (not JSON), "facts.invalid" (a part that is not as it should be).
    [[nodiscard]] static Result<Facts> parse(std::string_view json);
    /// Also "facts.unreadable", "facts.too_large" (over 4 MiB).
    [[nodiscard]] static Result<Facts> load(const std::filesystem::path& path);

    /// The hardware ids of the devices, as "pci\ven_5a4d&dev_001f".
    [[nodiscard]] std::vector<std::string> devices() const;
};

}  // namespace headwater::simulation
