#pragma once
// The fragments that a server sends of an update, as the agent reads them: Core with its rules, and
// Extended with its files. They come from a socket: sizes and depths are bounded. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/guid.hpp"
#include "simulation/facts.hpp"

namespace headwater::simulation {

enum class UpdateType : std::uint8_t { kSoftware, kDriver, kCategory, kDetectoid };

/// How a rule compares what the computer has with what the rule says.
enum class Comparison : std::uint8_t {
    kLess,
    kLessOrEqual,
    kEqual,
    kGreaterOrEqual,
    kGreater,
    kBeginsWith,
    kContains,
    kEndsWith
};

/// One rule, or some joined. What a kind does not use stays empty.
struct Rule {
    enum class Kind : std::uint8_t {
        kFalse,
        kTrue,
        kAnd,
        kOr,
        kNot,
        kWindowsVersion,   ///< numbers: major, minor, build, service pack; product_type
        kProcessor,        ///< number: the architecture as Windows numbers it
        kWindowsLanguage,  ///< text
        kRegDword,         ///< key, value, comparison, number
        kRegSz,            ///< key, value, comparison, text
        kRegSzToVersion,   ///< key, value, comparison, version
        kRegKeyExists,     ///< key
        kRegValueExists,   ///< key, value; text: the type, or empty for any
        kFileExists,       ///< path; with key and value the folder that the value names
        kFileVersion,      ///< as kFileExists, with comparison and version
        kDriver,           ///< one of the fragment's hardware ids is a device of the computer
        kUnknown           ///< of a kind that the simulation does not know: false
    };
    Kind kind = Kind::kUnknown;
    Comparison comparison = Comparison::kEqual;
    std::string key = {};
    std::string value = {};
    std::string text = {};
    std::string path = {};
    std::uint32_t number = 0;
    FileVersion version = {};
    std::vector<std::optional<std::uint32_t>> numbers = {};
    std::optional<std::uint32_t> product_type = {};
    std::vector<Rule> children = {};
};

/// Members of a bundle of which one is enough.
using BundleClause = std::vector<Guid>;

struct CoreFragment {
    Guid update_id = {};
    std::int32_t revision_number = 0;
    UpdateType type = UpdateType::kSoftware;
    bool has_rules = false;
    std::optional<Rule> is_installed = {};
    std::optional<Rule> is_installable = {};
    std::optional<Rule> is_superseded = {};
    std::vector<BundleClause> bundled = {};
    std::vector<std::string> hardware_ids = {};  ///< of a driver, as written
};

/// Errors: those of xml::Document::parse, "fragment.incomplete" (no identity or no type).
[[nodiscard]] Result<CoreFragment> parse_core(std::string_view xml);

struct UpdateFile {
    Sha1 sha1 = {};
    std::optional<Sha256> sha256 = {};
    std::string name = {};
    std::uint64_t size = 0;
    bool express = false;  ///< a delta, which takes the place of the whole file
    std::string url = {};  ///< where to get it; not in the fragment, told beside it
    bool operator==(const UpdateFile&) const = default;
};

/// What an Extended or a LocalizedProperties fragment says.
struct ExtendedFragment {
    std::vector<UpdateFile> files = {};
    std::string title = {};
};

/// Errors: those of xml::Document::parse, "fragment.file" (a file without a digest or a size).
[[nodiscard]] Result<ExtendedFragment> parse_extended(std::string_view xml);

}  // namespace headwater::simulation
