#include "catalog/sample_plan.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace headwater::catalog::sample {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::milliseconds;

constexpr days kHistory{8 * 365 + 2};
constexpr std::uint32_t kDefinitionPercent = 9;  ///< of the revisions; each has a bundle and a leaf
constexpr std::size_t kMaxReissues = 32;

struct CumulativeProduct {
    std::uint32_t product;
    bool arm64;
};

/// Lines of cumulative updates go through this table again and again, so five in eight are for
/// Sample Windows 11.
constexpr std::array<CumulativeProduct, 8> kCumulativeProducts = {{
    {product::kWindows11Version25H2, false},
    {product::kWindows11Version24H2, false},
    {product::kServer2025, false},
    {product::kWindows10, false},
    {product::kWindows11, false},
    {product::kWindows11Version25H2, true},
    {product::kServer2022, false},
    {product::kWindows11Version24H2, true},
}};

struct Share {
    std::uint32_t percent;
    Classification classification;
    Noun noun;
};

constexpr std::array<Share, 9> kSoftwareShares = {{
    {30, Classification::kSecurity, Noun::kSecurity},
    {14, Classification::kCritical, Noun::kUpdate},
    {26, Classification::kUpdates, Noun::kUpdate},
    {8, Classification::kRollups, Noun::kCumulative},
    {6, Classification::kFeaturePacks, Noun::kFeaturePack},
    {5, Classification::kTools, Noun::kUpdate},
    {4, Classification::kServicePacks, Noun::kServicePack},
    {3, Classification::kUpgrades, Noun::kUpdate},
    {4, Classification::kApplications, Noun::kUpdate},
}};

Share share_of(std::uint32_t draw) {
    for (const Share& share : kSoftwareShares) {
        if (draw < share.percent) {
            return share;
        }
        draw -= share.percent;
    }
    return kSoftwareShares.front();
}

std::int32_t month_of(Time time) {
    const std::chrono::year_month_day date{floor<days>(time)};
    return static_cast<int>(date.year()) * 12 +
           static_cast<std::int32_t>(static_cast<unsigned>(date.month()));
}

}  // namespace

std::uint32_t Unit::size() const {
    switch (kind) {
        case Kind::kDriver:
        case Kind::kStandalone:
            return 1;
        case Kind::kCumulative:
            return leaves + (nested ? 2U : 1U);
        case Kind::kDefinition:
        case Kind::kBundled:
        case Kind::kLanguages:
            break;
    }
    return leaves + 1;
}

Guid Unit::id(std::uint64_t seed) const {
    return make_guid(seed, Domain::kIdentity, std::uint64_t{number} << 8U);
}

Plan::Plan(std::uint64_t seed, const Categories& categories, std::uint32_t revisions, Time today)
    : seed_(seed),
      categories_(categories),
      today_(floor<milliseconds>(today)),
      start_(today_ - kHistory),
      definitions_(std::max(2U, revisions * kDefinitionPercent / 100)),
      main_(revisions - 2 * definitions_),
      devices_(std::clamp(main_ / 25, 4U, 8000U)),
      cumulative_lines_(std::clamp(main_ / 150, 1U, 400U)),
      definition_interval_(
          std::min<Microseconds>(hours{6}, (today_ - start_) / (definitions_ + 1))),
      cumulative_(cumulative_lines_),
      series_(categories.products().size()) {
    for (std::size_t i = 0; i < cumulative_.size(); ++i) {
        cumulative_[i].name = "cumulative-" + std::to_string(i + 1);
    }
    for (std::size_t i = 0; i < series_.size(); ++i) {
        series_[i].name = "series-" + std::to_string(i + 1);
    }
}

Time Plan::main_time() const {
    return floor<milliseconds>(start_ + (today_ - start_) / main_ * main_done_);
}

Time Plan::definition_time() const {
    return floor<milliseconds>(today_ - definition_interval_ * (definitions_ - definitions_done_));
}

std::optional<Unit> Plan::next() {
    const bool definitions_left = definitions_done_ < definitions_;
    if (main_done_ == main_ && !definitions_left) {
        return std::nullopt;
    }
    if (definitions_left && (main_done_ == main_ || definition_time() <= main_time())) {
        return definition();
    }
    return main_unit();
}

Unit Plan::started(Kind kind, Random& random) {
    Unit unit;
    unit.kind = kind;
    unit.number = units_done_++;
    unit.created = main_time();
    unit.released = unit.created;
    unit.expired = random.percent(2);
    unit.revision = (random.percent(40) ? 200U : 100U) + (unit.expired ? 1U : 0U);
    return unit;
}

void Plan::replace(Line& line, Unit& unit) {
    unit.line = line.name;
    unit.superseded = line.recent;
    line.recent.push_back(unit.id(seed_));
    if (line.recent.size() > kReplaced) {
        line.recent.erase(line.recent.begin());
    }
}

Unit Plan::definition() {
    Random random(seed_, Domain::kUnit, units_done_);
    Unit unit = started(Kind::kDefinition, random);
    unit.created = definition_time();
    unit.released = unit.created;
    unit.product = product::kDefender;
    unit.classification = Classification::kDefinition;
    unit.noun = Noun::kDefinition;
    unit.subject = categories_.products()[unit.product].title;
    unit.note = " - Version 1." + std::to_string(400 + definitions_done_ / 100) + '.' +
                std::to_string(definitions_done_ % 100) + ".0";
    unit.leaves = 1;
    unit.express = random.percent(50);
    replace(definition_line_, unit);
    ++definitions_done_;
    return unit;
}

Unit Plan::main_unit() {
    const std::uint32_t room = main_ - main_done_;
    std::optional<Unit> unit = reissue(room);
    if (!unit) {
        unit = essential();
    }
    if (!unit) {
        unit = draw(room);
    }
    main_done_ += unit->size();
    return *std::move(unit);
}

std::optional<Unit> Plan::reissue(std::uint32_t room) {
    if (reissues_.empty() || reissues_.front().due > units_done_ ||
        reissues_.front().unit.size() > room) {
        return std::nullopt;
    }
    Unit unit = std::move(reissues_.front().unit);
    reissues_.pop_front();
    Random random(seed_, Domain::kUnit, (std::uint64_t{1} << 40U) + unit.number);
    ++unit.revision;
    unit.repeated = true;
    unit.expired = random.percent(30);
    unit.created = main_time();
    return unit;
}

void Plan::remember(const Unit& unit) {
    const bool suitable = !unit.expired && unit.kind != Kind::kDefinition;
    // The first update for a driver is always issued twice, so that the smallest catalog has one.
    Random random(seed_, Domain::kUnit, (std::uint64_t{1} << 41U) + unit.number);
    const bool wanted = random.percent(7) || essentials_done_ == 2;
    if (suitable && wanted && reissues_.size() < kMaxReissues) {
        const std::uint32_t wait = random.below(60);
        const std::uint32_t earliest = reissues_.empty() ? 0 : reissues_.back().due;
        reissues_.push_back({unit, std::max(earliest, units_done_ + wait % (main_ / 20 + 1))});
    }
}

/// What every catalog has, however small: one of each, at the beginning.
std::optional<Unit> Plan::essential() {
    Random random(seed_, Domain::kUnit, units_done_);
    std::optional<Unit> unit;
    const std::size_t step = essentials_done_;
    switch (step) {
        case 0:
        case 4:
        case 6:
            unit = cumulative(random, 0, step == 0);
            unit->express = true;
            break;
        case 1:
            unit = driver(random);
            break;
        case 2:
            unit = software(random, Kind::kStandalone);
            unit->eula = true;
            break;
        case 3:
            unit = software(random, Kind::kBundled);
            unit->classification = Classification::kUpdates;
            unit->noun = Noun::kUpdate;
            unit->optional = true;
            break;
        case 5:
            unit = software(random, Kind::kStandalone);
            break;
        case 7:
            unit = software(random, Kind::kStandalone);
            unit->classification = Classification::kServicePacks;
            unit->noun = Noun::kServicePack;
            break;
        case 8:
            unit = software(random, Kind::kLanguages);
            break;
        default:
            return std::nullopt;
    }
    ++essentials_done_;
    unit->expired = step == 5;
    unit->revision = unit->expired ? 101 : 100;
    return unit;
}

Unit Plan::draw(std::uint32_t room) {
    Random random(seed_, Domain::kUnit, units_done_);
    // The largest unit has eight documents; near the end only single ones are sure to fit.
    const std::uint32_t kind = room < 8 ? 99 - random.below(45) : random.below(100);
    if (kind < 28) {
        const bool nested = random.percent(30);
        return cumulative(random, random.below(cumulative_lines_), nested);
    }
    if (kind < 44) {
        return software(random, Kind::kBundled);
    }
    if (kind < 48) {
        return software(random, Kind::kLanguages);
    }
    if (kind < 70) {
        return software(random, Kind::kStandalone);
    }
    return driver(random);
}

Unit Plan::cumulative(Random& random, std::uint32_t number, bool nested) {
    Unit unit = started(Kind::kCumulative, random);
    const CumulativeProduct& of = kCumulativeProducts[number % kCumulativeProducts.size()];
    unit.product = of.product;
    unit.arm64 = of.arm64;
    unit.classification = Classification::kSecurity;
    unit.noun = Noun::kCumulative;
    const auto component = number / static_cast<std::uint32_t>(kCumulativeProducts.size());
    unit.subject =
        component == 0 ? std::string{} : "Sample Component " + std::to_string(component) + " on ";
    unit.subject += categories_.products()[unit.product].title;
    unit.nested = nested;
    unit.leaves = nested ? 3 + random.below(2) : 1 + random.below(2);
    unit.express = random.percent(40);
    Line& line = cumulative_[number];
    const std::int32_t month = month_of(unit.created);
    line.in_month = line.month == month ? line.in_month + 1 : 0;
    line.month = month;
    if (line.in_month > 0) {
        unit.note =
            line.in_month == 1 ? " Preview" : " Out-of-band " + std::to_string(line.in_month);
        unit.classification = Classification::kUpdates;
        unit.optional = line.in_month == 1;
    }
    replace(line, unit);
    return unit;
}

Unit Plan::driver(Random& random) {
    Unit unit = started(Kind::kDriver, random);
    unit.product = random.percent(75) ? product::kWindows11Drivers : product::kWindows10Drivers;
    unit.classification = Classification::kDrivers;
    unit.noun = Noun::kDriver;
    unit.device = random.below(devices_);
    unit.line = "device-" + std::to_string(unit.device);
    unit.optional = random.percent(40);
    return unit;
}

Unit Plan::software(Random& random, Kind kind) {
    Unit unit = started(kind, random);
    const Share share = share_of(random.below(100));
    unit.classification = share.classification;
    unit.noun = share.noun;
    unit.product = kind == Kind::kLanguages ? product::kOffice : draw_product(random);
    unit.subject = categories_.products()[unit.product].title;
    unit.optional = share.classification == Classification::kUpdates ||
                    share.classification == Classification::kFeaturePacks;
    unit.eula = random.percent(4);
    unit.express = kind == Kind::kBundled && random.percent(15);
    if (kind == Kind::kBundled) {
        unit.leaves = 1;
    } else if (kind == Kind::kLanguages) {
        const auto languages = static_cast<std::uint32_t>(categories_.languages().size());
        unit.leaves = std::min(languages, 2 + random.below(5));
    }
    if (random.percent(30)) {
        join_series(unit);
    }
    return unit;
}

/// A third of the software replaces the one before it in its product.
void Plan::join_series(Unit& unit) {
    Line& line = series_[unit.product];
    line.recent.erase(line.recent.begin(),
                      line.recent.empty() ? line.recent.begin() : line.recent.end() - 1);
    replace(line, unit);
}

std::uint32_t Plan::draw_product(Random& random) const {
    const std::uint32_t draw = random.below(100);
    if (draw < 45) {
        return random.below(3);  // Sample Windows 11 and its versions
    }
    if (draw < 60) {
        return product::kWindows10;
    }
    if (draw < 75) {
        return product::kServer2022 + random.below(2);
    }
    const auto count = static_cast<std::uint32_t>(categories_.products().size());
    return product::kOffice + random.below(count - product::kOffice);
}

}  // namespace headwater::catalog::sample
