#pragma once
// What the sample consists of beside its categories, one unit after the other: a unit is an update
// with all members of its bundle. Draws what, when, for which product, and what it replaces; the
// documents themselves are made from it in sample_units. One thread at a time.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/guid.hpp"
#include "base/time.hpp"
#include "catalog/sample_categories.hpp"
#include "catalog/sample_random.hpp"

namespace headwater::catalog::sample {

enum class Kind : std::uint8_t {
    kCumulative,  ///< bundle, or bundle in bundle, and leaves
    kDefinition,  ///< bundle and leaf
    kDriver,      ///< one document
    kStandalone,  ///< one document with files of its own
    kBundled,     ///< bundle and leaf
    kLanguages,   ///< bundle and a leaf for each language
};

struct Unit {
    Kind kind = Kind::kDriver;
    std::uint32_t number = 0;  ///< of the unit; grows by one
    std::uint32_t revision = 100;
    bool repeated = false;  ///< a later revision of a unit that came before
    bool expired = false;
    Time created;               ///< of this revision
    Time released;              ///< of the first one: its files and its driver are of that time
    std::uint32_t product = 0;  ///< place in Categories::products
    bool arm64 = false;
    Classification classification = Classification::kUpdates;
    Noun noun = Noun::kUpdate;
    std::string subject;
    std::string note;  ///< " Preview", " Version 1.2.3.0"
    std::string line;  ///< what replaces each other; empty: nothing
    std::vector<Guid> superseded;
    std::uint32_t leaves = 0;
    bool nested = false;  ///< leaves are alternatives in a hidden bundle, one more beside it
    bool express = false;
    bool eula = false;
    bool optional = false;
    std::uint32_t device = 0;  ///< for drivers
    std::uint32_t first_file = 0;

    /// Documents that it has.
    [[nodiscard]] std::uint32_t size() const;
    /// The identifier of the document that is deployed.
    [[nodiscard]] Guid id(std::uint64_t seed) const;
};

class Plan {
public:
    /// @param revisions  how many revisions the units have together, at least 40
    Plan(std::uint64_t seed, const Categories& categories, std::uint32_t revisions, Time today);

    /// The next one; nothing after the last. The caller sets first_file of one at its first
    /// revision and hands the unit to remember, so that later revisions have the same files.
    [[nodiscard]] std::optional<Unit> next();
    void remember(const Unit& unit);

    [[nodiscard]] Time start() const { return start_; }

private:
    struct Line {
        std::string name;
        std::vector<Guid> recent;  ///< at most kReplaced, the newest last
        std::int32_t month = -1;
        std::uint32_t in_month = 0;
    };
    struct Reissue {
        Unit unit;
        std::uint32_t due = 0;  ///< unit number
    };
    static constexpr std::size_t kReplaced = 4;

    Unit definition();
    Unit main_unit();
    std::optional<Unit> reissue(std::uint32_t room);
    Unit draw(std::uint32_t room);
    std::optional<Unit> essential();
    Unit started(Kind kind, Random& random);
    Unit cumulative(Random& random, std::uint32_t line, bool nested);
    Unit driver(Random& random);
    Unit software(Random& random, Kind kind);
    void join_series(Unit& unit);
    [[nodiscard]] std::uint32_t draw_product(Random& random) const;
    void replace(Line& line, Unit& unit);
    [[nodiscard]] Time main_time() const;
    [[nodiscard]] Time definition_time() const;

    std::uint64_t seed_;
    const Categories& categories_;
    Time today_;
    Time start_;
    std::uint32_t definitions_;  ///< units in all
    std::uint32_t definitions_done_ = 0;
    std::uint32_t main_;  ///< revisions of the other units in all
    std::uint32_t main_done_ = 0;
    std::uint32_t units_done_ = 0;
    std::size_t essentials_done_ = 0;
    std::uint32_t devices_;
    std::uint32_t cumulative_lines_;
    Microseconds definition_interval_;
    Line definition_line_{"definitions", {}};
    std::vector<Line> cumulative_;
    std::vector<Line> series_;  ///< one a product
    std::deque<Reissue> reissues_;
};

}  // namespace headwater::catalog::sample
