#include "catalog/sample_units.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "base/time.hpp"
#include "base/xml.hpp"
#include "catalog/sample_random.hpp"
#include "catalog/sample_rules.hpp"

namespace headwater::catalog::sample {
namespace {

constexpr std::uint32_t kFirstKb = 5'000'000;
constexpr std::string_view kDefinitionKb = "2999999";
constexpr std::uint32_t kFirstWhqlId = 1'000'000;
constexpr std::uint32_t kSystem32 = 37;

constexpr std::array<std::string_view, 4> kSeverities = {"Critical", "Important", "Moderate",
                                                         "Low"};
constexpr std::array<std::string_view, 8> kDeviceClasses = {
    "Net", "Display", "Media", "Bluetooth", "Printer", "USB", "System", "HIDClass"};
constexpr std::array<std::string_view, 5> kMakers = {
    "Brookside Systems", "Millpond Devices", "Fernhill Audio", "Oakbridge Networks", "Weir & Sons"};

template <std::size_t Size>
std::string_view pick(const std::array<std::string_view, Size>& from, std::uint32_t number) {
    return from[number % Size];
}

/// "pci\ven_5a4d&dev_001f", as the facts in sample_categories.hpp say.
std::string hardware_id(std::uint32_t device) {
    std::array<char, 32> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "pci\\ven_5a4d&dev_%04x", device & 0xffffU);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string month_prefix(Time time) {
    return to_date(time).substr(0, 7) + ' ';
}

}  // namespace

std::vector<Draft> UnitBuilder::build(const Unit& unit) {
    unit_ = &unit;
    kb_ = unit.kind == Kind::kDefinition ? std::string(kDefinitionKb)
                                         : std::to_string(kFirstKb + unit.number);
    next_file_ = unit.first_file;
    drafts_.clear();
    switch (unit.kind) {
        case Kind::kCumulative:
            build_cumulative();
            break;
        case Kind::kDefinition:
        case Kind::kBundled:
            build_bundle();
            break;
        case Kind::kLanguages:
            build_languages();
            break;
        case Kind::kStandalone:
            build_standalone();
            break;
        case Kind::kDriver:
            build_driver();
            break;
    }
    return std::move(drafts_);
}

RevisionIdentity UnitBuilder::identity(std::uint32_t part) const {
    return {make_guid(seed_, Domain::kIdentity, (std::uint64_t{unit_->number} << 8U) + part),
            unit_->revision};
}

/// Part 0 is what is deployed, the others are members.
Draft UnitBuilder::begin(std::uint32_t part) const {
    Draft draft;
    draft.identity = identity(part);
    draft.expired = unit_->expired;
    draft.created = unit_->created;
    draft.modified = unit_->released - std::chrono::days{3};
    draft.explicitly_deployable = part == 0;
    draft.kb = kb_;
    draft.wording = {unit_->noun, {}, unit_->subject, unit_->note + " (KB" + kb_ + ')'};
    if (unit_->kind == Kind::kCumulative) {
        draft.wording.prefix = month_prefix(unit_->released);
    }
    return draft;
}

void UnitBuilder::add_product(Draft& draft, DraftClause::Form form) const {
    draft.prerequisites.push_back({form, categories_.products()[unit_->product].id});
    const bool windows11 = unit_->product <= product::kWindows11Drivers;
    const std::uint32_t place =
        windows11 ? (unit_->arm64 ? detectoid::kWindows11Arm64 : detectoid::kWindows11X64)
                  : detectoid::kX64;
    draft.prerequisites.push_back({DraftClause::Form::kBare, categories_.detectoids()[place].id});
}

/// What distinguishes the document that is deployed from a member of a bundle.
void UnitBuilder::mark_deployable(Draft& draft) const {
    draft.with_links = unit_->kind != Kind::kDriver;
    draft.auto_select = !unit_->optional;
    draft.browse_only = unit_->optional;
    draft.os_upgrade = unit_->classification == Classification::kUpgrades;
    draft.superseded = unit_->superseded;
    if (unit_->classification == Classification::kSecurity) {
        draft.severity = pick(kSeverities, unit_->number);
        draft.bulletin = "HW" + to_date(unit_->released).substr(2, 2) + '-' +
                         std::to_string(100 + unit_->number % 900);
    }
    draft.prerequisites.push_back(
        {DraftClause::Form::kCategory, classification_id(unit_->classification)});
    add_product(draft, DraftClause::Form::kCategory);
}

Draft UnitBuilder::bundle(std::uint32_t part) const {
    Draft draft = begin(part);
    if (part == 0) {
        mark_deployable(draft);
        return draft;
    }
    draft.wording.prefix = "HIDDEN: " + draft.wording.prefix;
    draft.prerequisites.push_back(
        {DraftClause::Form::kAtLeastOne, classification_id(unit_->classification)});
    draft.prerequisites.push_back(
        {DraftClause::Form::kAtLeastOne, categories_.products()[unit_->product].id});
    return draft;
}

std::string UnitBuilder::installed_fact(std::uint32_t place) const {
    if (unit_->kind == Kind::kDefinition) {
        return rules::dword(kLevelsKey, unit_->line, "GreaterThanOrEqualTo", unit_->number);
    }
    const std::string value = place == 0 ? kb_ : kb_ + '-' + std::to_string(place + 1);
    return rules::dword(kInstalledKey, value, "EqualTo", 1);
}

std::string UnitBuilder::not_superseded() const {
    return unit_->line.empty()
               ? std::string{}
               : rules::negate(rules::dword(kLevelsKey, unit_->line, "GreaterThan", unit_->number));
}

/// @param place  leaves of the same place install the same thing
Draft UnitBuilder::leaf(std::uint32_t part, std::uint32_t place) {
    Draft draft = begin(part);
    draft.wording.suffix += unit_->arm64 ? " - arm64 package " : " - x64 package ";
    draft.wording.suffix += std::to_string(part);
    add_product(draft, DraftClause::Form::kAtLeastOne);
    draft.is_installed = installed_fact(place);
    draft.is_installable =
        rules::all_of({categories_.products()[unit_->product].rule, not_superseded()});
    add_packages(draft, "part" + std::to_string(part));
    return draft;
}

/// The files, and the handler that installs them: packages of Windows by cbs, others by a command.
void UnitBuilder::add_packages(Draft& draft, const std::string& name) {
    const std::string stem = "sample-kb" + kb_ + (unit_->arm64 ? "-arm64-" : "-x64-") + name;
    const bool cbs = unit_->kind == Kind::kCumulative;
    const std::string file = stem + (cbs ? ".cab" : ".exe");
    draft.may_restart = cbs || unit_->number % 3 == 0;
    draft.files.push_back({next_file_++, file, false});
    if (unit_->express) {
        draft.files.push_back({next_file_++, stem + "-express.psf", true});
    }
    draft.handler = cbs ? Handler::kCbs : Handler::kCommandLine;
    draft.handler_data =
        cbs ? "<cbs:CbsData PackageIdentity=\"Package_for_KB" + kb_ + "~sample~" +
                  (unit_->arm64 ? "arm64" : "amd64") + "~~1." + std::to_string(unit_->number) +
                  ".0.0\" PackageFile=\"" + file + "\" />"
            : "<cmd:InstallCommand Program=\"" + file +
                  "\" Arguments=\"/quiet /norestart\"><cmd:ReturnCode Code=\"0\" "
                  "Result=\"Succeeded\" /><cmd:ReturnCode Code=\"3010\" Result=\"Succeeded\" "
                  "Reboot=\"true\" /></cmd:InstallCommand>";
}

void UnitBuilder::add_eula(Draft& draft) {
    if (!unit_->eula) {
        return;
    }
    draft.eula_id = make_guid(seed_, Domain::kEula, unit_->number);
    for (const Categories::Language& language : categories_.languages()) {
        if (draft.eulas.size() == 3) {
            break;
        }
        draft.eulas.push_back(
            {language.place,
             {next_file_++, "eula-kb" + kb_ + '-' + std::string(language.code) + ".txt", false}});
    }
}

/// Nested: all leaves but the last are alternatives of one thing in a hidden bundle.
void UnitBuilder::build_cumulative() {
    const std::uint32_t leaves = unit_->leaves;
    const std::uint32_t alternatives = unit_->nested ? leaves - 1 : 0;
    Draft top = bundle(0);
    BundleClause variants;
    for (std::uint32_t i = 0; i < leaves; ++i) {
        const bool variant = i < alternatives;
        Draft draft = leaf(i + 1, variant ? 0 : (unit_->nested ? 1 : i));
        (variant ? variants.alternatives : top.bundled.emplace_back().alternatives)
            .push_back(draft.identity);
        if (variant && i > 0) {
            draft.is_installable =
                rules::all_of({draft.is_installable,
                               rules::file_exists(
                                   kSystem32, "sample\\variant" + std::to_string(i + 1) + ".dll")});
        }
        drafts_.push_back(std::move(draft));
    }
    if (unit_->nested) {
        Draft hidden = bundle(leaves + 1);
        hidden.bundled.push_back(std::move(variants));
        top.bundled.insert(top.bundled.begin(), {{hidden.identity}});
        drafts_.push_back(std::move(hidden));
    }
    drafts_.push_back(std::move(top));
}

void UnitBuilder::build_bundle() {
    Draft draft = leaf(1, 0);
    Draft top = bundle(0);
    top.bundled.push_back({{draft.identity}});
    add_eula(top);
    drafts_.push_back(std::move(draft));
    drafts_.push_back(std::move(top));
}

void UnitBuilder::build_languages() {
    Draft top = bundle(0);
    BundleClause any;
    const auto& languages = categories_.languages();
    for (std::uint32_t i = 0; i < unit_->leaves; ++i) {
        const auto& language = languages[(unit_->number + i) % languages.size()];
        Draft draft = leaf(i + 1, i);
        draft.language = language.code;
        draft.prerequisites.push_back({DraftClause::Form::kBare, language.detectoid});
        any.alternatives.push_back(draft.identity);
        drafts_.push_back(std::move(draft));
    }
    top.bundled.push_back(std::move(any));
    add_eula(top);
    drafts_.push_back(std::move(top));
}

void UnitBuilder::build_standalone() {
    Draft draft = begin(0);
    mark_deployable(draft);
    draft.is_installed = installed_fact(0);
    draft.is_installable =
        rules::all_of({categories_.products()[unit_->product].rule, not_superseded()});
    add_packages(draft, "full");
    add_eula(draft);
    drafts_.push_back(std::move(draft));
}

void UnitBuilder::build_driver() {
    Draft draft = begin(0);
    mark_deployable(draft);
    draft.type = UpdateType::kDriver;
    draft.kb.clear();
    draft.wording.subject = std::string(pick(kMakers, unit_->device)) + ' ' +
                            std::string(pick(kDeviceClasses, unit_->device)) + " Model " +
                            std::to_string(unit_->device);
    draft.wording.suffix = " - 10." + std::to_string(unit_->number) + ".1.0";
    add_driver_rules(draft);
    draft.may_restart = unit_->device % 2 == 0;
    draft.files.push_back(
        {next_file_++, "driver-" + std::to_string(unit_->number) + ".cab", false});
    draft.handler = Handler::kDriver;
    drafts_.push_back(std::move(draft));
}

void UnitBuilder::add_driver_rules(Draft& draft) const {
    const std::string whql = std::to_string(kFirstWhqlId + unit_->number);
    const std::string first = hardware_id(unit_->device);
    std::string devices;
    for (std::uint32_t i = 0; i < 1 + unit_->device % 3; ++i) {
        const std::string id = i == 0 ? first : first + "&rev_0" + std::to_string(i);
        devices += rules::key_exists(R"(SYSTEM\CurrentControlSet\Enum\)" + id);
        std::string& out = draft.metadata;
        const auto attribute = [&out](std::string_view name, std::string_view value) {
            out += ' ';
            out += name;
            out += "=\"";
            xml::append_attribute(out, value);
            out += '"';
        };
        out += "<drv:WindowsDriverMetaData";
        attribute("HardwareID", id);
        attribute("WhqlDriverID", whql);
        attribute("Manufacturer", pick(kMakers, unit_->device));
        attribute("Provider", pick(kMakers, unit_->device));
        attribute("DriverVerDate", to_date(unit_->released - std::chrono::days{20}));
        attribute("DriverVerVersion", "10." + std::to_string(unit_->number) + ".1.0");
        attribute("Class", pick(kDeviceClasses, unit_->device));
        attribute("Model", "Model " + std::to_string(unit_->device));
        out += " />";
    }
    draft.is_installed = rules::dword(kInstalledKey, 'D' + whql, "EqualTo", 1);
    draft.is_installable = rules::all_of(
        {categories_.products()[unit_->product].rule, not_superseded(), rules::any_of(devices)});
}

}  // namespace headwater::catalog::sample
