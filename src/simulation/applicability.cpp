#include "simulation/applicability.hpp"

#include <algorithm>
#include <limits>

#include "base/utf.hpp"

namespace headwater::simulation {
namespace {

using Kind = Rule::Kind;

template <typename T>
bool compare(const T& have, Comparison comparison, const T& want) {
    switch (comparison) {
        case Comparison::kLess:
            return have < want;
        case Comparison::kLessOrEqual:
            return have <= want;
        case Comparison::kEqual:
            return have == want;
        case Comparison::kGreaterOrEqual:
            return have >= want;
        case Comparison::kGreater:
            return have > want;
        default:
            return false;
    }
}

bool compare_texts(std::string_view have, Comparison comparison, std::string_view want) {
    const std::string left = to_lower_ascii(have);
    const std::string right = to_lower_ascii(want);
    switch (comparison) {
        case Comparison::kBeginsWith:
            return left.starts_with(right);
        case Comparison::kContains:
            return left.contains(right);
        case Comparison::kEndsWith:
            return left.ends_with(right);
        default:
            return compare(left, comparison, right);
    }
}

/// The parts that the rule names, the first first, as one number after the other.
bool windows_version(const Rule& rule, const OperatingSystem& os) {
    if (rule.product_type && *rule.product_type != os.product_type) {
        return false;
    }
    const std::array<std::uint32_t, 5> all = {os.major, os.minor, os.build, os.service_pack_major,
                                              os.service_pack_minor};
    std::vector<std::uint32_t> have;
    std::vector<std::uint32_t> want;
    for (std::size_t i = 0; i < all.size() && i < rule.numbers.size(); ++i) {
        if (rule.numbers[i]) {
            have.push_back(all[i]);
            want.push_back(*rule.numbers[i]);
        }
    }
    return want.empty() || compare(have, rule.comparison, want);
}

/// As SYSTEM_INFO numbers them.
std::uint32_t architecture_number(Architecture architecture) {
    switch (architecture) {
        case Architecture::kX64:
            return 9;
        case Architecture::kArm64:
            return 12;
        case Architecture::kX86:
            break;
    }
    return 0;
}

/// "en" asks for English of any region; "en-US" for that one.
bool has_language(const Facts& facts, std::string_view wanted) {
    return std::ranges::any_of(facts.languages, [wanted](std::string_view language) {
        return equal_ignoring_case(language, wanted) ||
               equal_ignoring_case(language.substr(0, language.find('-')), wanted);
    });
}

template <typename T>
const T* registry_value(const Rule& rule, const Facts& facts) {
    const RegistryValue* value = facts.registry.find(rule.key, rule.value);
    return value == nullptr ? nullptr : std::get_if<T>(value);
}

bool value_exists(const Rule& rule, const Facts& facts) {
    const RegistryValue* value = facts.registry.find(rule.key, rule.value);
    if (value == nullptr || rule.text.empty()) {
        return value != nullptr;
    }
    return std::holds_alternative<std::uint32_t>(*value)
               ? rule.text == "REG_DWORD"
               : rule.text == "REG_SZ" || rule.text == "REG_EXPAND_SZ";
}

/// Nothing if a registry value should name the folder and does not exist.
std::optional<std::string> path_of(const Rule& rule, const Facts& facts) {
    if (rule.key.empty()) {
        return rule.path;
    }
    const auto* folder = registry_value<std::string>(rule, facts);
    return folder == nullptr ? std::nullopt : std::optional(*folder + '\\' + rule.path);
}

const FileVersion* file_of(const Rule& rule, const Facts& facts) {
    const auto path = path_of(rule, facts);
    return path ? facts.files.find(*path) : nullptr;
}

bool has_device(const std::vector<std::string>& ids, const Facts& facts) {
    const std::vector<std::string> devices = facts.devices();
    return std::ranges::any_of(ids, [&devices](const std::string& id) {
        return std::ranges::find(devices, to_lower_ascii(id)) != devices.end();
    });
}

class Evaluation {
public:
    Evaluation(const CoreFragment& core, const Facts& facts) : core_(core), facts_(facts) {}

    [[nodiscard]] bool holds(const Rule& rule) const {
        const auto holds_too = [this](const Rule& child) { return holds(child); };
        switch (rule.kind) {
            case Kind::kTrue:
                return true;
            case Kind::kFalse:
            case Kind::kUnknown:
                return false;
            case Kind::kAnd:
                return std::ranges::all_of(rule.children, holds_too);
            case Kind::kOr:
                return std::ranges::any_of(rule.children, holds_too);
            case Kind::kNot:
                return !holds(rule.children.front());
            default:
                return fact_holds(rule);
        }
    }

private:
    [[nodiscard]] bool fact_holds(const Rule& rule) const {
        switch (rule.kind) {
            case Kind::kWindowsVersion:
                return windows_version(rule, facts_.os);
            case Kind::kProcessor:
                return rule.number == architecture_number(facts_.architecture);
            case Kind::kWindowsLanguage:
                return has_language(facts_, rule.text);
            case Kind::kFileExists:
                return file_of(rule, facts_) != nullptr;
            case Kind::kFileVersion: {
                const FileVersion* have = file_of(rule, facts_);
                return have != nullptr && compare(*have, rule.comparison, rule.version);
            }
            case Kind::kDriver:
                return has_device(core_.hardware_ids, facts_);
            default:
                return registry_holds(rule);
        }
    }

    [[nodiscard]] bool registry_holds(const Rule& rule) const {
        switch (rule.kind) {
            case Kind::kRegKeyExists:
                return facts_.registry.has_key(rule.key);
            case Kind::kRegValueExists:
                return value_exists(rule, facts_);
            case Kind::kRegDword: {
                const auto* have = registry_value<std::uint32_t>(rule, facts_);
                return have != nullptr && compare(*have, rule.comparison, rule.number);
            }
            case Kind::kRegSz: {
                const auto* have = registry_value<std::string>(rule, facts_);
                return have != nullptr && compare_texts(*have, rule.comparison, rule.text);
            }
            case Kind::kRegSzToVersion: {
                const auto* text = registry_value<std::string>(rule, facts_);
                const auto have = text == nullptr ? std::nullopt : parse_version(*text);
                return have && compare(*have, rule.comparison, rule.version);
            }
            default:
                return false;
        }
    }

    const CoreFragment& core_;
    const Facts& facts_;
};

std::size_t count_unknown(const Rule& rule) {
    std::size_t unknown = rule.kind == Kind::kUnknown ? 1 : 0;
    for (const Rule& child : rule.children) {
        unknown += count_unknown(child);
    }
    return unknown;
}

/// Nothing for a number that would have to be below 0 or over the largest.
std::optional<std::uint32_t> satisfying(std::uint32_t number, Comparison comparison) {
    if (comparison == Comparison::kGreater) {
        return number == std::numeric_limits<std::uint32_t>::max() ? std::nullopt
                                                                   : std::optional(number + 1);
    }
    if (comparison == Comparison::kLess) {
        return number == 0 ? std::nullopt : std::optional(number - 1);
    }
    return number;
}

std::optional<FileVersion> satisfying(const FileVersion& version, Comparison comparison) {
    const auto last = satisfying(version[3], comparison);
    if (!last || *last > std::numeric_limits<std::uint16_t>::max()) {
        return std::nullopt;
    }
    FileVersion result = version;
    result[3] = static_cast<std::uint16_t>(*last);
    return result;
}

bool satisfy_value(const Rule& rule, Facts& facts) {
    if (rule.kind == Kind::kRegDword) {
        const auto number = satisfying(rule.number, rule.comparison);
        if (number) {
            facts.registry.set(rule.key, rule.value, *number);
        }
        return number.has_value();
    }
    if (rule.kind == Kind::kRegSz) {
        facts.registry.set(rule.key, rule.value, rule.text);
        return true;
    }
    const auto version = satisfying(rule.version, rule.comparison);
    const auto path = path_of(rule, facts);
    if (version && path) {
        facts.files.set(*path, *version);
    }
    return version && path;
}

bool satisfy(const Rule& rule, const Evaluation& evaluation, Facts& facts) {
    if (evaluation.holds(rule)) {
        return true;
    }
    switch (rule.kind) {
        case Kind::kRegDword:
        case Kind::kRegSz:
        case Kind::kFileVersion:
            return satisfy_value(rule, facts);
        case Kind::kAnd:
            return std::ranges::all_of(rule.children, [&](const Rule& child) {
                return satisfy(child, evaluation, facts);
            });
        case Kind::kOr:
            return std::ranges::any_of(rule.children, [&](const Rule& child) {
                return satisfy(child, evaluation, facts);
            });
        default:
            return false;
    }
}

void raise_levels(const Rule& rule, Facts& facts) {
    if (rule.kind == Kind::kAnd) {
        for (const Rule& child : rule.children) {
            raise_levels(child, facts);
        }
    }
    if (rule.kind != Kind::kNot || rule.children.front().kind != Kind::kRegDword ||
        rule.children.front().comparison != Comparison::kGreater) {
        return;
    }
    const Rule& level = rule.children.front();
    const auto* have = registry_value<std::uint32_t>(level, facts);
    if (have == nullptr || *have < level.number) {
        facts.registry.set(level.key, level.value, level.number);
    }
}

}  // namespace

Applicability evaluate(const CoreFragment& core, const Facts& facts) {
    const Evaluation evaluation(core, facts);
    Applicability result;
    for (const auto* rule : {&core.is_installed, &core.is_installable, &core.is_superseded}) {
        result.unknown_rules += *rule ? count_unknown(**rule) : 0;
    }
    result.installed = core.is_installed && evaluation.holds(*core.is_installed);
    const bool can_be_installed =
        core.type == UpdateType::kSoftware || core.type == UpdateType::kDriver;
    result.installable = can_be_installed && core.has_rules &&
                         (!core.is_installable || evaluation.holds(*core.is_installable)) &&
                         !(core.is_superseded && evaluation.holds(*core.is_superseded));
    return result;
}

State bundle_state(std::span<const BundleClause> clauses, const StateOf& state_of) {
    bool met = false;
    for (const BundleClause& clause : clauses) {
        State best = State::kNotApplicable;
        for (const Guid& member : clause) {
            best = std::max(best, state_of(member));
        }
        if (best == State::kInstallable) {
            return State::kInstallable;
        }
        met = met || best == State::kInstalled;
    }
    return met ? State::kInstalled : State::kNotApplicable;
}

bool install(const CoreFragment& core, Facts& facts) {
    const Evaluation evaluation(core, facts);
    if (core.is_installed) {
        satisfy(*core.is_installed, evaluation, facts);
    }
    if (core.is_installable) {
        raise_levels(*core.is_installable, facts);
    }
    return core.is_installed && evaluation.holds(*core.is_installed);
}

}  // namespace headwater::simulation
