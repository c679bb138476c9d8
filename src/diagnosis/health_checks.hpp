#pragma once
// What the health monitor finds, as pure functions of what was measured: each tells of its
// conditions whether they hold. Any thread.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "diagnosis/health_options.hpp"
#include "store/store.hpp"

namespace headwater::diagnosis {

/// Whether one condition holds, with the sentence for its beginning, or else for its end.
struct Finding {
    std::uint32_t number = 0;
    bool holds = false;
    std::string text;
    std::vector<std::string> evidence = {};
};

struct DiskSpace {
    std::uint64_t free = 0;
    std::uint64_t total = 0;
    bool is_awaited = false;  ///< transfers wait for more of it
};

/// Nothing where the file system cannot be asked.
[[nodiscard]] std::optional<DiskSpace> disk_space(const std::filesystem::path& folder);

/// What this process may do with a folder.
struct FolderState {
    int error = 0;  ///< errno of looking at it; 0 where it is a folder that can be reached
    bool is_readable = true;
    bool is_writable = true;
    bool is_exposed = false;  ///< every user may write to it
    std::string access = {};  ///< "owner root, mode 755"
};

[[nodiscard]] FolderState look_at_folder(const std::filesystem::path& folder);

/// 10041, 10042
[[nodiscard]] std::vector<Finding> check_disk(const HealthOptions& options, const DiskSpace& disk,
                                              const std::filesystem::path& folder);
/// 10011, 10012, 12072
[[nodiscard]] std::vector<Finding> check_folder(const FolderState& state,
                                                const std::filesystem::path& folder);
/// 10022
/// @param since  when this server began to look, for one that was never synchronized
[[nodiscard]] std::vector<Finding> check_synchronization(const HealthOptions& options,
                                                         const store::HealthFacts& facts,
                                                         Time since, Time now);
/// 10031, 10032
[[nodiscard]] std::vector<Finding> check_files(const HealthOptions& options, std::uint64_t failed);
/// 13001, 13002
[[nodiscard]] std::vector<Finding> check_installations(const HealthOptions& options,
                                                       const store::HealthFacts& facts);
/// 13031, 13032
[[nodiscard]] std::vector<Finding> check_silence(const HealthOptions& options,
                                                 const store::HealthFacts& facts);
/// 13051
/// @param clients  computers and downstream servers that ever came
[[nodiscard]] std::vector<Finding> check_contact(const HealthOptions& options,
                                                 std::uint64_t clients, Time since, Time now);
/// 12002 to 12052
[[nodiscard]] Finding check_service(std::uint32_t number, std::string_view name,
                                    const Result<>& answer);

}  // namespace headwater::diagnosis
